//! A stack in networks that stand.

use crate::yard::{Verb, Yard, told};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tandem::cloud;
use tandem::deploy::plan::Action;
use tandem::model::call::Call;
use tandem::model::outcome::Outcome;
use tandem::model::spec::{Network, Roles};

/// What the platform team made, with two zones.
fn template(cidr: &str) -> Value {
    let subnet = |number: usize, table: &str| {
        json!({
            format!("S{number}"): { "Type": "AWS::EC2::Subnet", "Properties": {
                "VpcId": { "Ref": "Vpc" },
                "CidrBlock": { "Fn::Select": [number, { "Fn::Cidr": [cidr, 4, 8] }] },
                "AvailabilityZone": { "Fn::Select": [number % 2, { "Fn::GetAZs": "" }] },
            } },
            format!("A{number}"): { "Type": "AWS::EC2::SubnetRouteTableAssociation", "Properties": {
                "SubnetId": { "Ref": format!("S{number}") }, "RouteTableId": { "Ref": table },
            } },
        })
    };
    let table = json!({ "Type": "AWS::EC2::RouteTable", "Properties": { "VpcId": { "Ref": "Vpc" } } });
    let mut resources = json!({
        "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": cidr, "EnableDnsHostnames": true } },
        "Public": table, "Private": table,
    });
    for (number, table) in ["Public", "Public", "Private", "Private"].iter().enumerate() {
        if let (Value::Object(all), Value::Object(more)) = (&mut resources, subnet(number, table)) {
            all.extend(more);
        }
    }
    let outputs = ["Vpc", "S0", "S1", "S2", "S3", "Private"].map(|name| (name, json!({ "Value": { "Ref": name } })));
    json!({ "Resources": resources, "Outputs": BTreeMap::from(outputs) })
}

/// Makes it, and tells how it is given.
async fn network(yard: &Yard, region: &str, cidr: &str) -> Network {
    let input = json!({ "StackName": "platform", "TemplateBody": template(cidr).to_string() });
    let made = cloud::send(&yard.stage.aws, &Call::request(region, "cloudformation", "CreateStack", input)).await;
    assert!(matches!(made, Outcome::Done { .. }), "{made:?}");
    yard.stage.clock.sleep(Duration::from_secs(600)).await;
    let seen = cloud::look::cloudformation::stack(&yard.stage.aws, region, "platform").await.unwrap();
    assert_eq!(seen.state, "CREATE_COMPLETE", "{seen:?}");
    let id = |name: &str| seen.gift(name).to_string();
    Network::Given {
        vpc: id("Vpc"),
        cidr: cidr.into(),
        public: vec![id("S0"), id("S1")],
        private: vec![id("S2"), id("S3")],
        route_tables: vec![id("Private")],
    }
}

#[tokio::test(start_paused = true)]
async fn networks_that_stand_are_used_and_left_as_they_were() {
    let mut yard = Yard::empty(51);
    for place in 0..2 {
        let region = yard.spec.regions[place].name.clone();
        yard.spec.regions[place].network = network(&yard, &region, &format!("10.{}.0.0/20", 20 + place)).await;
    }
    yard.spec.roles = Roles { path: "/shop/".into(), ..Roles::default() };
    let before = yard.inventory();
    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    let Network::Given { public, .. } = yard.spec.regions[0].network.clone() else { panic!("it is not given") };
    let region = &yard.spec.regions[0].name;
    let balancer = cloud::look::elbv2::load_balancer(&yard.stage.aws, region, "shop-web").await.unwrap();
    let subnets = balancer.is.to_string();
    assert!(public.iter().all(|subnet| subnets.contains(subnet)), "{public:?} are not in {subnets}");
    let mut elsewhere = Yard::on(yard.simulator.clone(), yard.spec.clone());
    if let Network::Given { vpc, .. } = &mut elsewhere.spec.regions[0].network {
        *vpc = "vpc-0123456789abcdef0".into();
    }
    let base = elsewhere.plan().await.rows.into_iter().find(|row| row.id == format!("{region}/base")).unwrap();
    assert!(matches!(base.action, Action::Replace(_)), "a stack that stands cannot move: {:?}", base.action);
    yard.run(Verb::Destroy).await;
    assert_eq!(yard.inventory(), before);
}
