use super::*;
use crate::model::records::Tree;
use proptest::prelude::*;
use serde_json::Value as Json;
use std::collections::BTreeSet;

fn read(template: &Template) -> Json {
    serde_json::from_str(&template.body).unwrap()
}

fn resources(template: &Template) -> BTreeMap<String, Json> {
    serde_json::from_value(read(template)["Resources"].clone()).unwrap()
}

fn of_kind(template: &Template, kind: &str) -> Vec<(String, Json)> {
    let all = resources(template).into_iter();
    all.filter(|(_, resource)| resource["Type"] == kind).map(|(id, r)| (id, r["Properties"].clone())).collect()
}

fn tree() -> Tree {
    Tree::new("app.shop.example")
}

fn watching() -> Vec<(&'static str, Vec<Json>)> {
    let statement = serde_json::json!({
        "Sid": "Tasks", "Effect": "Allow", "Action": ["ecs:UpdateService"],
        "Resource": ["arn:aws:ecs:*:${AWS::AccountId}:service/shop/shop-web"],
    });
    vec![("fly", vec![statement])]
}

#[test]
fn a_watcher_stands_on_nothing_of_the_application() {
    let template = watch(&site(), "us-west-2", watching()).unwrap();
    assert_eq!((template.name.as_str(), template.region.as_str()), ("shop-watch", "us-west-2"));
    assert!(template.parameters.is_empty(), "it takes nothing from other stacks");
    let groups = of_kind(&template, "AWS::EC2::SecurityGroup");
    assert_eq!(groups[0].1["SecurityGroupIngress"], serde_json::json!([]));
    assert_eq!(of_kind(&template, "AWS::EC2::Subnet").len(), 2);
    let roles = of_kind(&template, "AWS::IAM::Role");
    let names: Vec<&Json> = roles.iter().map(|(_, role)| &role["RoleName"]).collect();
    assert_eq!(names, ["shop-us-west-2-watch-execution", "shop-us-west-2-watch-task"]);
    let limits = "arn:aws:iam::123456789012:policy/limits";
    assert!(roles.iter().all(|(_, role)| role["Path"] == "/tandem/" && role["PermissionsBoundary"] == limits));
    let long = Site { stack: "a-stack-of-twenty-eight-long-and-more".into(), ..site() };
    let wrong = watch(&long, "ap-southeast-1", watching()).unwrap_err().to_string();
    assert!(wrong.contains("ap-southeast-1-watch-execution"), "{wrong}");
    assert!(watch(&site(), "Oregon", watching()).is_err());
}

#[test]
fn tasks_read_the_control_table_only_when_something_of_them_confirms_epochs() {
    let policies = |site: &Site| {
        let template = base(site, "us-east-1").unwrap();
        let roles = resources(&template);
        roles["TaskRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"].clone()
    };
    let mut site = site();
    let lease = policies(&site).as_array().unwrap().iter().find(|one| one["Sid"] == "Lease").cloned().unwrap();
    assert_eq!(lease["Action"], serde_json::json!(["dynamodb:GetItem"]));
    site.control.read_by_tasks = false;
    assert!(!policies(&site).to_string().contains("shop-control"));
}

fn all(site: &Site) -> Vec<Template> {
    let regions = || site.regions.iter().map(|region| region.name.as_str());
    let bases = regions().map(|region| base(site, region));
    let peerings = pairs(site).into_iter().map(|(a, b)| peering(site, a, b));
    let certificates = regions().map(|region| certificate(site, region, &tree()));
    let routes = regions().map(|region| routes(site, region));
    let watches = regions().map(|region| watch(site, region, watching()));
    bases.chain(peerings).chain(certificates).chain(routes).chain(watches).map(Result::unwrap).collect()
}

#[test]
fn as_security_reviews_them() {
    insta::assert_snapshot!("base-made", base(&site(), "us-east-1").unwrap().body);
    insta::assert_snapshot!("base-given", base(&site(), "eu-west-1").unwrap().body);
    insta::assert_snapshot!("peering", peering(&site(), "us-east-1", "eu-west-1").unwrap().body);
    insta::assert_snapshot!("certificate", certificate(&site(), "eu-west-1", &tree()).unwrap().body);
    insta::assert_snapshot!("watch", watch(&site(), "us-west-2", watching()).unwrap().body);
    insta::assert_snapshot!("routes", routes(&site(), "eu-west-1").unwrap().body);
}

#[test]
fn what_cloudformation_is_asked_beside_the_body() {
    let template = base(&site(), "us-east-1").unwrap();
    assert_eq!((template.name.as_str(), template.region.as_str()), ("shop-base", "us-east-1"));
    assert_eq!(template.capabilities, ["CAPABILITY_NAMED_IAM"]);
    assert!(template.parameters.is_empty());
    let tags: Vec<_> = template.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(tags, ["tandem:environment=prod", "tandem:stack=shop", "team=checkout"]);

    let mut given = site();
    let role = |name: &str| Some(format!("arn:aws:iam::123456789012:role/{name}-{{region}}"));
    given.roles =
        Roles { boundary: None, execution: role("execution"), task: role("task"), grants: vec![], ..given.roles };
    let template = base(&given, "us-east-1").unwrap();
    assert!(template.capabilities.is_empty() && of_kind(&template, "AWS::IAM::Role").is_empty());
    assert_eq!(read(&template)["Outputs"]["TaskRoleArn"]["Value"], "arn:aws:iam::123456789012:role/task-us-east-1");
}

#[test]
fn parameters_come_from_the_stacks_before() {
    let output = |region: &str, stack: &str, key| Value::Output { region: region.into(), stack: stack.into(), key };
    let template = peering(&site(), "us-east-1", "eu-west-1").unwrap();
    assert_eq!(template, peering(&site(), "eu-west-1", "us-east-1").unwrap());
    assert_eq!((template.name.as_str(), template.region.as_str()), ("shop-peering-eu-west-1-us-east-1", "eu-west-1"));
    assert_eq!(template.parameters["VpcId"], Value::Known("vpc-0123456789abcdef0".into()));
    assert_eq!(template.parameters["PeerVpcId"], output("us-east-1", "shop-base", "VpcId"));

    let connection = output("eu-west-1", "shop-peering-eu-west-1-us-east-1", "PeeringConnectionId");
    let secured = certificate(&site(), "us-east-1", &tree()).unwrap();
    assert_eq!((secured.name.as_str(), secured.region.as_str()), ("shop-certificate", "us-east-1"));
    assert_eq!(secured.parameters["HostedZoneId"], Value::HostedZone);
    let here = routes(&site(), "us-east-1").unwrap();
    assert_eq!(here.parameters["RouteTables"], output("us-east-1", "shop-base", "RouteTables"));
    assert_eq!(here.parameters["PeeringEuWest1"], connection);
    let there = routes(&site(), "eu-west-1").unwrap();
    assert_eq!(there.parameters["RouteTables"], Value::Known("rtb-0000000c,rtb-0000000d".into()));
    assert_eq!(there.parameters["PeeringUsEast1"], connection);
}

#[test]
fn the_order_of_regions_changes_nothing() {
    let mut site = site();
    site.regions.push(new("ap-south-1", "10.2.0.0/16", 3, Nat::One));
    let forward: BTreeSet<_> = all(&site).into_iter().map(|template| template.body).collect();
    site.regions.reverse();
    assert_eq!(forward, all(&site).into_iter().map(|template| template.body).collect());
    assert_eq!(pairs(&site), [("ap-south-1", "eu-west-1"), ("ap-south-1", "us-east-1"), ("eu-west-1", "us-east-1")]);
}

#[test]
fn outputs_are_those_that_are_read() {
    let body = read(&base(&site(), "eu-west-1").unwrap());
    let sample = |key: &str| match key {
        "ExecutionRoleArn" | "TaskRoleArn" | "DbKeyArn" => "arn:aws:x",
        "LogGroup" => "/tandem/shop",
        "DbSubnetGroup" => "shop-db",
        _ => "sg-1",
    };
    let outputs = body["Outputs"].as_object().unwrap().iter();
    let outputs: BTreeMap<_, _> = outputs
        .map(|(key, output)| (key.clone(), output["Value"].as_str().unwrap_or(sample(key)).to_string()))
        .collect();
    let read = BaseOutputs::read(&outputs).unwrap();
    assert_eq!((outputs.len(), read.vpc.as_str()), (12, "vpc-0123456789abcdef0"));
    assert_eq!(read.private_subnets, ["subnet-0000000c", "subnet-0000000d"]);
    assert_eq!(read.route_tables, ["rtb-0000000c", "rtb-0000000d"]);
}

#[test]
fn each_choice_of_nat_has_its_ways_out() {
    let ways = |nat| {
        let mut site = site();
        site.regions[0] = new("us-east-1", "10.0.0.0/16", 3, nat);
        let template = base(&site, "us-east-1").unwrap();
        let routes = of_kind(&template, "AWS::EC2::Route").into_iter();
        let through: Vec<_> =
            routes.filter_map(|(_, route)| Some(route["NatGatewayId"]["Ref"].as_str()?.to_string())).collect();
        let endpoints: BTreeSet<_> =
            of_kind(&template, "AWS::EC2::VPCEndpoint").into_iter().map(|(id, _)| id).collect();
        let groups = of_kind(&template, "AWS::EC2::SecurityGroup").len();
        (of_kind(&template, "AWS::EC2::NatGateway").len(), through.join(" "), endpoints.len(), groups)
    };
    assert_eq!(ways(Nat::PerZone), (3, "NatGateway1 NatGateway2 NatGateway3".into(), 2, 3));
    assert_eq!(ways(Nat::One), (1, "NatGateway1 NatGateway1 NatGateway1".into(), 2, 3));
    assert_eq!(ways(Nat::None), (0, String::new(), 7, 4));
}

#[test]
fn a_given_network_is_left_alone() {
    let mut site = site();
    site.regions[0] = existing("us-east-1", "10.0.0.0/16");
    let kinds: BTreeSet<_> = resources(&base(&site, "us-east-1").unwrap())
        .into_values()
        .map(|resource| resource["Type"].as_str().unwrap().to_string())
        .collect();
    let left = ["AWS::EC2::SecurityGroup", "AWS::IAM::Role", "AWS::KMS::Alias", "AWS::KMS::Key", "AWS::Logs::LogGroup"];
    let left = left.into_iter().chain(["AWS::RDS::DBSubnetGroup"]).map(String::from).collect();
    assert_eq!(kinds, left);
}

#[test]
fn only_who_must_can_speak() {
    let mut site = site();
    site.regions.push(new("ap-south-1", "10.2.0.0/16", 2, Nat::One));
    site.database_port = 3306;
    let who = |listeners| {
        site.listeners = listeners;
        let groups = of_kind(&base(&site, "us-east-1").unwrap(), "AWS::EC2::SecurityGroup");
        let rule = |rule: &Json| {
            let from = rule["CidrIp"].as_str().or(rule["SourceSecurityGroupId"]["Fn::GetAtt"][0].as_str()).unwrap();
            format!("{}-{} {from}", rule["FromPort"], rule["ToPort"])
        };
        let rules =
            |group: &Json| group["SecurityGroupIngress"].as_array().unwrap().iter().map(rule).collect::<Vec<_>>();
        groups.iter().map(|(_, group)| rules(group).join(", ")).collect::<Vec<_>>()
    };
    let mut who = who;
    let database = "3306-3306 AppSecurityGroup, 3306-3306 10.2.0.0/16, 3306-3306 10.1.0.0/16";
    let app = "8080-8080 AlbSecurityGroup";
    assert_eq!(who(Listeners::Both), ["80-80 0.0.0.0/0, 443-443 0.0.0.0/0", app, database]);
    assert_eq!(who(Listeners::Http), ["80-80 0.0.0.0/0", app, database]);
    assert_eq!(who(Listeners::Https), ["443-443 0.0.0.0/0", app, database]);
}

#[test]
fn roles_hold_no_wildcard_but_the_login() {
    for (id, role) in of_kind(&base(&site(), "us-east-1").unwrap(), "AWS::IAM::Role") {
        assert_eq!(role["PermissionsBoundary"], "arn:aws:iam::123456789012:policy/limits");
        assert_eq!(role["Path"], "/tandem/");
        for statement in role["Policies"][0]["PolicyDocument"]["Statement"].as_array().unwrap() {
            let text = |value: &Json| value.as_str().map(String::from).unwrap_or_else(|| value["Fn::Sub"].to_string());
            let actions: Vec<_> = statement["Action"].as_array().unwrap().iter().map(text).collect();
            assert!(actions.iter().all(|action| !action.contains('*')), "{id}: {actions:?}");
            let resources = statement["Resource"].as_array().unwrap();
            assert!(!resources.is_empty() && (statement["Sid"] == "Login" || !resources.contains(&"*".into())), "{id}");
        }
    }
}

/// Every name that a template refers to.
fn references(value: &Json, found: &mut BTreeSet<String>) {
    match value {
        Json::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("Ref" | "DependsOn", Json::String(id)) => drop(found.insert(id.clone())),
                    ("Fn::GetAtt", Json::Array(path)) => drop(found.insert(path[0].as_str().unwrap().into())),
                    _ => references(value, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn any_region(place: u8) -> impl Strategy<Value = Region> {
    let name = ["us-east-1", "eu-west-1", "ap-southeast-2", "us-gov-west-1"][usize::from(place)];
    let nat = prop_oneof![Just(Nat::PerZone), Just(Nat::One), Just(Nat::None)];
    prop_oneof![
        3 => (16u8..=23, 2u32..=3, nat)
            .prop_map(move |(prefix, zones, nat)| new(name, &format!("10.{place}.0.0/{prefix}"), zones, nat)),
        1 => (16u8..=28).prop_map(move |prefix| existing(name, &format!("10.{place}.0.0/{prefix}"))),
    ]
}

fn any_site() -> impl Strategy<Value = Site> {
    let regions = (any_region(0), any_region(1), any_region(2), any_region(3));
    (regions, 2usize..=4).prop_map(|((a, b, c, d), count)| {
        let mut site = site();
        site.regions = [a, b, c, d].into_iter().take(count).collect();
        site
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_checked_becomes_templates_that_hold_together(site in any_site()) {
        prop_assert_eq!(all(&site), all(&site));
        for template in all(&site) {
            let body = read(&template);
            let mut found = BTreeSet::new();
            references(&body["Resources"], &mut found);
            references(&body["Outputs"], &mut found);
            for id in found.iter().filter(|id| !id.starts_with("AWS::")) {
                let known = body["Resources"].get(id).or(body["Parameters"].get(id));
                prop_assert!(known.is_some(), "{}: {id}", template.name);
            }
            let parameters = body["Parameters"].as_object().map(|all| all.keys().cloned().collect::<BTreeSet<_>>());
            let given: BTreeSet<_> = template.parameters.keys().cloned().collect();
            prop_assert!(given.iter().all(|id| found.contains(id)));
            prop_assert_eq!(parameters.unwrap_or_default(), given);

            let roles: Vec<_> = resources(&template).into_values()
                .filter_map(|resource| Some(resource["Properties"]["Tags"].as_array()?[1]["Value"].to_string()))
                .collect();
            prop_assert_eq!(roles.iter().collect::<BTreeSet<_>>().len(), roles.len(), "logical ids: {:?}", roles);
        }
    }

    #[test]
    fn subnets_lie_apart_in_their_vpc_and_stay_when_a_zone_comes(prefix in 16u8..=23, octet in 0u8..=255) {
        let subnets = |zones| {
            let mut site = site();
            let whole = format!("10.{octet}.0.0/{prefix}");
            site.regions = vec![new("us-east-1", &whole, zones, Nat::One), existing("eu-west-1", "172.16.0.0/16")];
            let subnets = of_kind(&base(&site, "us-east-1").unwrap(), "AWS::EC2::Subnet");
            let cidr = |subnet: &Json| Cidr::vpc(subnet["CidrBlock"].as_str().unwrap()).unwrap();
            let subnets: BTreeMap<_, _> = subnets.iter().map(|(id, subnet)| (id.clone(), cidr(subnet))).collect();
            (Cidr::vpc(&whole).unwrap(), subnets)
        };
        let ((whole, two), (_, three)) = (subnets(2), subnets(3));
        prop_assert_eq!((two.len(), three.len()), (4, 6));
        prop_assert!(two.iter().all(|(id, cidr)| three.get(id) == Some(cidr)));
        let cidrs: Vec<_> = three.values().collect();
        for (place, cidr) in cidrs.iter().enumerate() {
            prop_assert!(whole.overlaps(**cidr) && cidr.prefix() > whole.prefix());
            prop_assert!(cidrs[place + 1..].iter().all(|other| !cidr.overlaps(**other)));
        }
    }
}
