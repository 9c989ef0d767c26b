//! The stacks of CloudFormation: what never moves.

use crate::cloud::{Aws, look};
use crate::deploy::foundation::{self, Mistakes, Site, Template, Value as Source};
use crate::deploy::given::{Given, Missing};
use crate::deploy::node::Node;
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::{self, Spec};
use crate::probe::Boxed;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The outputs of stacks, and what parts ask for them by.
const GIFTS: [(&str, &str); 14] = [
    ("VpcId", "vpc"),
    ("PublicSubnets", "public_subnets"),
    ("PrivateSubnets", "private_subnets"),
    ("RouteTables", "route_tables"),
    ("AlbSecurityGroup", "alb_security_group"),
    ("AppSecurityGroup", "app_security_group"),
    ("DatabaseSecurityGroup", "database_security_group"),
    ("ExecutionRoleArn", "execution_role"),
    ("TaskRoleArn", "task_role"),
    ("LogGroup", "log_group"),
    ("DbSubnetGroup", "db_subnet_group"),
    ("DbKeyArn", "db_key"),
    ("CertificateArn", "certificate"),
    ("WatchSecurityGroup", "watch_security_group"),
];

/// Types that would be made anew, and everything in them, if they changed.
const KEPT: [&str; 2] = ["AWS::EC2::VPC", "AWS::EC2::Subnet"];

pub(super) struct Stack {
    role: String,
    template: Template,
    /// By parameter: the node and the output that it comes from.
    sources: BTreeMap<String, (String, String)>,
}

/// The stacks of every Region, every pair, and every Region again.
///
/// # Errors
/// All that is wrong with networks, names and roles.
pub fn nodes(spec: &Spec) -> Result<Vec<Node>, Mistakes> {
    let site = site(spec);
    site.check()?;
    let mut nodes = vec![];
    let mut of_stack = BTreeMap::new();
    for region in spec.region_names() {
        let template = foundation::base(&site, region)?;
        let id = format!("{region}/base");
        of_stack.insert((region.to_string(), template.name.clone()), id.clone());
        nodes.push(node(id, "base", template, &of_stack));
    }
    let pairs = foundation::pairs(&site);
    for (first, second) in &pairs {
        let template = foundation::peering(&site, first, second)?;
        let id = format!("peering/{first}/{second}");
        of_stack.insert((template.region.clone(), template.name.clone()), id.clone());
        nodes.push(node(id, "peering", template, &of_stack));
    }
    for region in spec.region_names() {
        let template = foundation::routes(&site, region)?;
        nodes.push(node(format!("{region}/routes"), "routes", template, &of_stack));
    }
    Ok(nodes)
}

fn node(id: String, role: &str, template: Template, of_stack: &BTreeMap<(String, String), String>) -> Node {
    Stack::new(role, template, of_stack).node(id, |stack| stack)
}

/// What the foundation is made from.
pub fn site(spec: &Spec) -> Site {
    let region = |site: &spec::Site| foundation::Region { name: site.name.clone(), network: site.network.clone() };
    let stack = &spec.stack;
    Site {
        stack: stack.name.clone(),
        environment: stack.environment.clone(),
        tags: spec.tags.clone(),
        regions: spec.regions.iter().map(region).collect(),
        listeners: if stack.https { foundation::Listeners::Both } else { foundation::Listeners::Http },
        app_port: spec.app.port,
        database_port: 5432,
        roles: foundation::Roles {
            path: spec.roles.path.clone(),
            boundary: spec.roles.boundary.clone(),
            execution: spec.roles.execution.clone(),
            task: spec.roles.task.clone(),
            repositories: spec.roles.repositories.clone(),
            grants: spec.roles.grants.clone(),
        },
        log_retention_days: u16::try_from(spec.app.log_retention_days).unwrap_or(u16::MAX),
        sessions_table: stack.sessions_table(),
        control: foundation::Control {
            table: stack.control_table(),
            regions: spec.control_regions.clone(),
            read_by_tasks: stack.fence.proves(),
        },
        secrets: vec![format!("{}-*", stack.name)],
        given_secrets: spec.app.template.iter().flat_map(|template| template.secrets()).map(String::from).collect(),
        watched: spec.watch.image.is_some(),
    }
}

impl Stack {
    /// `of_stack`: by Region and name, the nodes of stacks whose outputs it may take.
    pub(super) fn new(role: &str, template: Template, of_stack: &BTreeMap<(String, String), String>) -> Self {
        let source = |(name, value): (&String, &Source)| match value {
            Source::Known(_) => None,
            Source::Output { region, stack, key } => {
                let node = of_stack.get(&(region.clone(), stack.clone()))?;
                Some((name.clone(), (node.clone(), (*key).to_string())))
            }
            Source::HostedZone => Some((name.clone(), ("zone".to_string(), "id".to_string()))),
        };
        let sources = template.parameters.iter().filter_map(source).collect();
        Self { role: role.into(), template, sources }
    }

    /// The node of it, or of a part that is made of it.
    pub(super) fn node<P: Part + 'static>(self, id: String, part: impl Fn(Self) -> P) -> Node {
        let needs: Vec<String> = self.sources.values().map(|(node, _)| node.clone()).collect();
        let template = &self.template;
        let (region, name, expected) = (template.region.clone(), template.name.clone(), template.expected);
        Node::new(id, &region, "cloudformation", name, part(self)).needs(needs).takes(expected)
    }

    /// Where it is, and what it is called there.
    pub(super) fn place(&self) -> (&str, &str) {
        (&self.template.region, &self.template.name)
    }

    fn parameters(&self, given: &Given) -> Result<Map<String, Value>, Missing> {
        let value = |(name, value): (&String, &Source)| {
            let text = match (value, self.sources.get(name)) {
                (Source::Known(text), _) => text.clone(),
                (_, Some((node, key))) => given.of(node, key)?.to_string(),
                (Source::Output { stack, key, .. }, None) => {
                    return Err(Missing { node: stack.clone(), gift: (*key).into() });
                }
                (Source::HostedZone, None) => return Err(Missing { node: "zone".into(), gift: "id".into() }),
            };
            Ok((name.clone(), Value::String(text)))
        };
        self.template.parameters.iter().map(value).collect()
    }

    fn ask(&self, want: &Value) -> Value {
        let parameters = want["Parameters"].as_object().cloned().unwrap_or_default();
        let parameter = |(name, value): (String, Value)| json!({ "ParameterKey": name, "ParameterValue": value });
        let tags = self.template.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
        let role = json!({ "Key": crate::deploy::given::LOGICAL_ID, "Value": self.role });
        let hash = json!({ "Key": crate::deploy::given::SPEC_HASH, "Value": crate::deploy::given::spec_hash(want) });
        json!({
            "StackName": self.template.name,
            "TemplateBody": self.template.body,
            "Parameters": parameters.into_iter().map(parameter).collect::<Vec<_>>(),
            "Capabilities": self.template.capabilities,
            "Tags": tags.chain([role, hash]).collect::<Vec<_>>(),
        })
    }
}

/// What of a template cannot change in place.
fn kept(body: &str) -> Value {
    let parsed: Value = serde_json::from_str(body).unwrap_or_default();
    let resources = parsed["Resources"].as_object().cloned().unwrap_or_default();
    let of = |resource: &Value| resource["Type"].as_str().is_some_and(|kind| KEPT.contains(&kind));
    // a VPC that is given is no resource: its id stands where it is used
    let given = resources.get("AlbSecurityGroup").map(|group| group["Properties"]["VpcId"].clone());
    let kept = resources.into_iter().filter(|(_, resource)| of(resource));
    let kept = kept.map(|(id, resource)| (id, resource["Properties"]["CidrBlock"].clone()));
    kept.chain(given.filter(Value::is_string).map(|vpc| ("GivenVpc".into(), vpc))).collect::<Map<_, _>>().into()
}

impl Part for Stack {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let mut seen = look::cloudformation::stack(aws, &self.template.region, &self.template.name).await?;
            let body = seen.is["TemplateBody"].as_str().unwrap_or_default().to_string();
            if seen.exists {
                seen.is["Template"] = Value::String(crate::deploy::given::spec_hash(&Value::String(body.clone())));
                seen.is["Network"] = kept(&body);
            }
            for (output, gift) in GIFTS {
                if let Some(value) = seen.gives.get(output).cloned() {
                    seen = seen.giving(gift, value);
                }
            }
            Ok(seen)
        })
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        Ok(json!({
            "Template": crate::deploy::given::spec_hash(&Value::String(self.template.body.clone())),
            "Network": kept(&self.template.body),
            "Parameters": self.parameters(given)?,
        }))
    }

    fn create(&self, want: &Value, _: &Given) -> Result<Call, Missing> {
        Ok(Call::request(&self.template.region, "cloudformation", "CreateStack", self.ask(want)))
    }

    /// A stack that rolled back while it was made can only be deleted (User Guide, stack status codes).
    fn spoilt(&self, seen: &Seen) -> Option<String> {
        let spoilt = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"].contains(&seen.state.as_str());
        spoilt.then(|| format!("{}: {}", seen.state, seen.gift("reason")))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        match seen.state.as_str() {
            // an update that was taken back left the old template, which differs
            "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE" | "UPDATE_ROLLBACK_COMPLETE" => Ready::Yes,
            state if state.ends_with("_FAILED") => Ready::Failed(format!("{state}: {}", seen.gift("reason"))),
            state => Ready::NotYet(state.into()),
        }
    }

    fn immutable(&self) -> &'static [&'static str] {
        &["Network"]
    }

    fn update(&self, want: &Value, _: &Seen, _: &[Difference], _: &Given) -> Result<Next, Missing> {
        Ok(Next::Send(Call::request(&self.template.region, "cloudformation", "UpdateStack", self.ask(want))))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        let ask = json!({ "StackName": self.template.name });
        Ok(match seen.state.as_str() {
            "DELETE_FAILED" => {
                Next::Stuck(format!("{} cannot be deleted: {}", self.template.name, seen.gift("reason")))
            }
            state if state.ends_with("_IN_PROGRESS") => Next::Wait(state.into()),
            _ => Next::Send(Call::request(&self.template.region, "cloudformation", "DeleteStack", ask)),
        })
    }
}
