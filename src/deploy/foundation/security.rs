//! Security groups: who may speak to whom.

use super::check::{Checked, Place};
use super::network::Parts;
use super::template::{Document, attribute, tags};
use crate::model::spec::{Nat, Network};
use serde_json::{Value as Json, json};

const ANYWHERE: &str = "0.0.0.0/0";

pub(super) fn add(document: &mut Document, checked: &Checked<'_>, place: Place<'_>, parts: &Parts) {
    let site = checked.site;
    // A new description or name would replace the group: they say nothing that may change.
    let mut group = |role: &str, id: &str, description: &str, ingress: Vec<Json>, egress: Json| {
        document.add(
            id,
            "AWS::EC2::SecurityGroup",
            json!({
                "GroupName": site.group(role),
                "GroupDescription": description,
                "VpcId": parts.vpc,
                "SecurityGroupIngress": ingress,
                "SecurityGroupEgress": [egress],
                "Tags": tags(site, role),
            }),
        );
    };

    // Route 53 asks from addresses of its own in all the world: a narrower group would make every check fail.
    let from_all = |port: &u16| network_rule(*port, ANYWHERE, "users and health checkers of Route 53");
    group(
        "alb",
        "AlbSecurityGroup",
        "Load balancer",
        site.listeners.ports().iter().map(from_all).collect(),
        network_rule(site.app_port, &place.cidr.to_string(), "tasks"),
    );
    group(
        "app",
        "AppSecurityGroup",
        "Tasks",
        vec![group_rule(site.app_port, "AlbSecurityGroup", "load balancer")],
        json!({ "IpProtocol": "-1", "CidrIp": ANYWHERE, "Description": "all that tasks call" }),
    );

    // A rule cannot name a group of another Region, whether its VPC is peered or not.
    let peers = checked
        .peers(place.region)
        .into_iter()
        .map(|peer| network_rule(site.database_port, &peer.cidr.to_string(), &format!("VPC in {}", peer.region)));
    let tasks = group_rule(site.database_port, "AppSecurityGroup", "tasks");
    // Without a rule AWS adds one that lets everything out.
    let nowhere = json!({ "IpProtocol": "-1", "CidrIp": "127.0.0.1/32", "Description": "nothing" });
    group("database", "DatabaseSecurityGroup", "Database", [tasks].into_iter().chain(peers).collect(), nowhere.clone());

    if matches!(place.network, Network::Made { nat: Nat::None, .. }) {
        let tasks = group_rule(443, "AppSecurityGroup", "tasks");
        group("endpoints", "EndpointsSecurityGroup", "Interface endpoints", vec![tasks], nowhere);
    }
}

fn network_rule(port: u16, cidr: &str, whom: &str) -> Json {
    json!({ "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": cidr, "Description": whom })
}

fn group_rule(port: u16, group: &str, whom: &str) -> Json {
    json!({
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "SourceSecurityGroupId": attribute(group, "GroupId"),
        "Description": whom,
    })
}
