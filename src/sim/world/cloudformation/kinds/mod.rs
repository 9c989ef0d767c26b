//! The types of resources that this world makes: what each may be told, what each answers, how long each takes.

mod check;
mod table;

pub use check::{coerced, complaints};
pub use table::KINDS;

/// A type of resource.
#[derive(Debug, PartialEq)]
pub struct Kind {
    /// `AWS::EC2::VPC`.
    pub name: &'static str,
    pub properties: &'static [Property],
    /// What Fn::GetAtt knows.
    pub attributes: &'static [&'static str],
    /// Seconds from its beginning to CREATE_COMPLETE.
    pub making_s: (f64, f64),
    /// Seconds that deleting it takes.
    pub going_s: (f64, f64),
}

/// A property of a type.
#[derive(Debug, PartialEq)]
pub struct Property {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// A change of it makes a new resource (Update requires: Replacement).
    pub replaces: bool,
}

/// What a property holds.
#[derive(Debug, PartialEq)]
pub enum Shape {
    Text,
    Number,
    Flag,
    Texts,
    Tags,
    /// A document of its own, such as a policy.
    Document,
    /// A list of structures.
    Structures(&'static [Property]),
    /// AWS knows it, this world does not: a template that sets it is refused, never half obeyed.
    Unsupported,
}

impl Kind {
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    pub fn taggable(&self) -> bool {
        self.properties.iter().any(|property| property.shape == Shape::Tags)
    }

    /// IAM's control plane is one for all Regions.
    pub fn global(&self) -> bool {
        self.name.starts_with("AWS::IAM::")
    }

    /// The property that gives an IAM resource a name of one's own (CloudFormation User Guide, acknowledging
    /// IAM resources: names need CAPABILITY_NAMED_IAM).
    pub fn iam_name(&self) -> Option<&'static str> {
        match self.name {
            "AWS::IAM::Role" => Some("RoleName"),
            "AWS::IAM::ManagedPolicy" => Some("ManagedPolicyName"),
            _ => None,
        }
    }
}

/// The type of that name, if this world makes it.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}
