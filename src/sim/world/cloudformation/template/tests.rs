use super::*;
use serde_json::json;

/// Resources as the world would tell them: `Name`, `Name.Attribute`, and exports as `export name`.
struct World(BTreeMap<String, Doc>);

impl Answers for World {
    fn resource(&self, logical: &str, attribute: Option<&str>) -> Option<Doc> {
        let key = attribute.map_or_else(|| logical.to_string(), |attribute| format!("{logical}.{attribute}"));
        self.0.get(&key).cloned()
    }

    fn export(&self, name: &str) -> Option<String> {
        self.0.get(&format!("export {name}")).and_then(Doc::as_str).map(str::to_string)
    }
}

fn refused(template: Doc) -> String {
    read(&template.to_string()).expect_err("a refusal")
}

fn vpc(properties: Doc) -> Doc {
    json!({"Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": properties}}})
}

#[test]
fn bad_templates_are_refused_in_the_words_of_cloudformation() {
    let subnet = |properties: Doc| json!({"Type": "AWS::EC2::Subnet", "Properties": properties});
    let cases = [
        (json!({}), "Template format error: At least one Resources member must be defined."),
        (json!({"Resources": {}, "Foo": 1}), "Invalid template property or properties [Foo]"),
        (
            json!({"Resources": {"A": {"Type": "AWS::S3::Bucket"}, "B": {"Type": "AWS::Foo::Bar"}}}),
            "Template format error: Unrecognized resource types: [AWS::Foo::Bar, AWS::S3::Bucket]",
        ),
        (
            json!({"Resources": {"A-B": {"Type": "AWS::EC2::VPC"}}}),
            "Template format error: Resource name A-B is non alphanumeric.",
        ),
        (
            vpc(json!({"CidrBlock": {"Ref": "Lost"}})),
            "Template format error: Unresolved resource dependencies [Lost] in the Resources block of the template",
        ),
        (
            vpc(json!({"CidrBlock": {"Fn::GetAtt": ["Lost", "Arn"]}})),
            "Template error: instance of Fn::GetAtt references undefined resource Lost",
        ),
        (
            json!({"Resources": {
                "Vpc": {"Type": "AWS::EC2::VPC"},
                "Subnet": subnet(json!({"VpcId": {"Fn::GetAtt": ["Vpc", "Arn"]}})),
            }}),
            "Template error: resource Vpc does not support attribute type Arn in Fn::GetAtt",
        ),
        (
            json!({"Resources": {
                "A": {"Type": "AWS::EC2::VPC", "DependsOn": "B"},
                "B": {"Type": "AWS::EC2::VPC", "DependsOn": ["C"]},
                "C": subnet(json!({"VpcId": {"Fn::Sub": "${A}"}})),
                "D": subnet(json!({"VpcId": {"Ref": "A"}})),
                "E": {"Type": "AWS::EC2::VPC"},
            }}),
            "Circular dependency between resources: [A, B, C]",
        ),
        (
            json!({
                "Conditions": {"A": {"Fn::Not": [{"Condition": "B"}]}, "B": {"Condition": "A"}},
                "Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Condition": "A"}},
            }),
            "Template error: Circular dependency between conditions: [A, B]",
        ),
        (
            json!({"Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "DeletionPolicy": "Snapshot"}}}),
            "Template error: resource type AWS::EC2::VPC does not support deletion policy Snapshot",
        ),
    ];
    for (template, words) in cases {
        assert_eq!(refused(template), words);
    }
    assert!(read("Resources:\n  A: {}\n").expect_err("YAML").contains("YAML is not supported"));
    assert!(read("{\"Resources\": ").expect_err("broken").starts_with("Template format error: JSON not well-formed."));
}

fn place() -> Place {
    Place { region: "eu-west-1".into(), stack: "shop".into(), stack_id: "arn:shop".into(), notifications: vec![] }
}

fn worked(properties: Doc, known: &[(&str, Doc)]) -> Result<Doc, String> {
    let template = json!({
        "Parameters": {
            "Env": {"Type": "String", "Default": "prod"},
            "Zones": {"Type": "CommaDelimitedList", "Default": "a, b"},
        },
        "Conditions": {
            "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
            "NotProd": {"Fn::Not": [{"Condition": "Prod"}]},
            "Both": {"Fn::And": [{"Condition": "Prod"}, {"Condition": "NotProd"}]},
        },
        "Mappings": {"Sizes": {"eu-west-1": {"Bits": "8"}}},
        "Resources": {
            "Other": {"Type": "AWS::EC2::VPC"},
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"X": properties}},
        },
    });
    let template = read(&template.to_string())?;
    let values = taken(&template, &BTreeMap::new(), &Values::new())?;
    let answers = World(known.iter().map(|(name, value)| ((*name).to_string(), value.clone())).collect());
    let place = place();
    let scope = Scope { template: &template, values: &values, place: &place, answers: &answers };
    let mut properties = scope.properties(&template.resources["Vpc"].properties)?;
    Ok(properties.remove("X").unwrap_or(Doc::Null))
}

#[test]
fn functions_are_worked_out() {
    let known = [("Other", json!("vpc-1")), ("Other.CidrBlock", json!("10.0.0.0/16")), ("export net", json!("vpc-9"))];
    let cases = [
        (json!({"Ref": "Env"}), json!("prod")),
        (json!({"Ref": "AWS::NoValue"}), Doc::Null),
        (json!({"Ref": "Zones"}), json!(["a", "b"])),
        (
            json!({"Fn::Sub": "${AWS::StackName}-${Env}-${Other.CidrBlock}-${!Env}"}),
            json!("shop-prod-10.0.0.0/16-${Env}"),
        ),
        (json!({"Fn::Sub": ["${A}/${Other}", {"A": {"Ref": "Env"}}]}), json!("prod/vpc-1")),
        (json!({"Fn::Join": ["-", [{"Ref": "AWS::Region"}, "x", 3]]}), json!("eu-west-1-x-3")),
        (json!({"Fn::Select": ["1", {"Fn::GetAZs": ""}]}), json!("eu-west-1b")),
        (json!({"Fn::Select": [0, {"Fn::GetAZs": "us-east-1"}]}), json!("us-east-1a")),
        (
            json!({"Fn::Select": [1, {"Fn::Cidr": [{"Fn::GetAtt": "Other.CidrBlock"}, 2, {"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "Bits"]}]}]}),
            json!("10.0.1.0/24"),
        ),
        (json!({"Fn::Split": ["/", {"Fn::GetAtt": ["Other", "CidrBlock"]}]}), json!(["10.0.0.0", "16"])),
        (json!({"Fn::If": ["Prod", "yes", {"Ref": "AWS::NoValue"}]}), json!("yes")),
        (json!([{"Fn::If": ["Both", "yes", {"Ref": "AWS::NoValue"}]}, "z"]), json!(["z"])),
        (json!({"Fn::ImportValue": {"Fn::Sub": "net"}}), json!("vpc-9")),
    ];
    for (given, expected) in cases {
        assert_eq!(worked(given.clone(), &known), Ok(expected), "{given}");
    }
    let lost = worked(json!({"Fn::ImportValue": "lost"}), &[]);
    assert_eq!(lost, Err("No export named lost found".into()));
    let beyond = worked(json!({"Fn::Select": [7, {"Ref": "Zones"}]}), &[]);
    assert_eq!(beyond, Err("Template error: Fn::Select cannot select nonexistent value at index 7".into()));
    let unmapped = worked(json!({"Fn::FindInMap": ["Sizes", "us-east-1", "Bits"]}), &[]);
    assert_eq!(unmapped, Err("Template error: Unable to get mapping for Sizes::us-east-1::Bits".into()));
}

#[test]
fn what_is_not_known_yet_stays_so_through_functions() {
    let known = [("Other.CidrBlock", json!(UNKNOWN))];
    let cidr = json!({"Fn::Select": [1, {"Fn::Cidr": [{"Fn::GetAtt": ["Other", "CidrBlock"]}, 4, 8]}]});
    assert!(is_unknown(&worked(cidr, &known).expect("worked")));
    let split = json!({"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::GetAtt": ["Other", "CidrBlock"]}]}]});
    assert!(is_unknown(&worked(split, &known).expect("worked")));
}

#[test]
fn parameters_are_checked() {
    let template = json!({
        "Parameters": {
            "Name": {"Type": "String", "AllowedPattern": "[a-z]+", "MaxLength": 4},
            "Size": {"Type": "Number", "Default": 2, "MinValue": 1, "MaxValue": 9},
            "Kind": {"Type": "String", "Default": "a", "AllowedValues": ["a", "b"], "ConstraintDescription": "a or b"},
        },
        "Resources": {"Vpc": {"Type": "AWS::EC2::VPC"}},
    });
    let template = read(&template.to_string()).expect("a template");
    let check = |given: &[(&str, &str)]| {
        let given = given.iter().map(|(k, v)| ((*k).to_string(), Given::Value((*v).to_string()))).collect();
        taken(&template, &given, &Values::new())
    };
    let refused = |given: &[(&str, &str)]| check(given).expect_err("a refusal");
    assert_eq!(check(&[("Name", "abc")]).expect("values")["Size"], "2");
    assert_eq!(refused(&[]), "Parameters: [Name] must have values");
    assert_eq!(refused(&[("Name", "a"), ("Foo", "x")]), "Parameters: [Foo] do not exist in the template");
    assert_eq!(refused(&[("Name", "A1")]), "Parameter 'Name' must match pattern [a-z]+");
    assert_eq!(refused(&[("Name", "abcde")]), "Parameter 'Name' must contain at most 4 characters");
    assert_eq!(refused(&[("Name", "a"), ("Size", "x")]), "Parameter 'Size' must be a number");
    assert_eq!(refused(&[("Name", "a"), ("Size", "0")]), "Parameter 'Size' must be a number not less than 1");
    assert_eq!(refused(&[("Name", "a"), ("Kind", "c")]), "Parameter Kind failed to satisfy constraint: a or b");
    let previous = Values::from([("Name".to_string(), "old".to_string())]);
    let kept = taken(&template, &BTreeMap::from([("Name".to_string(), Given::Previous)]), &previous);
    assert_eq!(kept.expect("values")["Name"], "old");
}

#[test]
fn names_of_iam_need_a_stronger_capability() {
    let role = |properties: Doc| {
        let template = json!({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": properties}}});
        read(&template.to_string()).expect("a template").capability().map(|(name, _)| name)
    };
    assert_eq!(role(json!({})), Some("CAPABILITY_IAM"));
    assert_eq!(role(json!({"RoleName": "shop"})), Some("CAPABILITY_NAMED_IAM"));
    assert_eq!(read(&vpc(json!({})).to_string()).expect("a template").capability(), None);
}
