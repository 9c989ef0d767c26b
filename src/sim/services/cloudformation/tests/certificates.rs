//! Certificates that prove themselves by records, and records that stay behind.

use super::*;

fn zone(world: &mut World, name: &str) -> String {
    let made = ask(world, "route53", "CreateHostedZone", json!({"Name": name, "CallerReference": name}));
    pass(world, 61);
    text(&made.expect("a zone")["HostedZone"]["Id"]).trim_start_matches("/hostedzone/").to_string()
}

fn template(zone: &str) -> Value {
    let names = ["app.shop.example", "eu-west-1.app.shop.example"];
    only(json!({"Certificate": {"Type": "AWS::CertificateManager::Certificate", "Properties": {
        "DomainName": names[0], "SubjectAlternativeNames": [names[1]], "ValidationMethod": "DNS",
        "DomainValidationOptions": names.map(|name| json!({"DomainName": name, "HostedZoneId": zone})),
    }}}))
}

/// The records of proof: name and value.
fn proofs(world: &mut World, zone: &str) -> Vec<(String, String)> {
    let listed = ask(world, "route53", "ListResourceRecordSets", json!({"Id": zone})).expect("records");
    let sets = listed["ResourceRecordSets"].as_array().cloned().unwrap_or_default();
    let proofs = sets.iter().filter(|set| set["Type"] == "CNAME");
    proofs.map(|set| (text(&set["Name"]), text(&set["ResourceRecords"][0]["Value"]))).collect()
}

#[test]
fn it_is_issued_when_its_records_are_found_and_leaves_them() {
    let mut world = World::empty(1);
    let zone = zone(&mut world, "shop.example");
    let began = world.now;
    create(&mut world, "shop", &template(&zone));
    assert_eq!(settle(&mut world, "shop"), "CREATE_COMPLETE");
    let took = world.now.since(began).as_secs();
    assert!((60..=130).contains(&took), "{took} s");
    let arn = physical(&mut world, "shop", "Certificate");
    assert!(arn.starts_with("arn:aws:acm:eu-west-1:123456789012:certificate/"), "{arn}");
    let proofs = |world: &mut World| proofs(world, &zone);
    let made = proofs(&mut world);
    let names: Vec<&str> = made.iter().filter_map(|(name, _)| name.split_once('.')).map(|(_, rest)| rest).collect();
    assert_eq!(names, ["app.shop.example.", "eu-west-1.app.shop.example."]);
    assert!(made.iter().all(|(name, value)| name.starts_with('_') && value.ends_with(".acm-validations.aws.")));
    // another Region proves the same name by the same record
    let input = json!({"StackName": "shop", "TemplateBody": template(&zone).to_string()});
    call_in(&mut world, "us-east-1", "CreateStack", input).expect("created");
    pass(&mut world, 200);
    assert_eq!(proofs(&mut world), made);
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("begun");
    pass(&mut world, 60);
    assert_eq!(proofs(&mut world), made, "they are nobody's to delete");
}

#[test]
fn where_the_world_asks_another_zone_it_waits_and_says_for_what() {
    let mut world = World::empty(1);
    let asked = zone(&mut world, "app.shop.example");
    let named = zone(&mut world, "shop.example");
    create(&mut world, "shop", &template(&named));
    pass(&mut world, 3_600);
    assert_eq!(status(&mut world, "shop"), "CREATE_IN_PROGRESS");
    let told = events(&mut world, "shop");
    let waits = told.iter().filter(|(.., why)| why.starts_with("Content of DNS Record is: {Name: _")).count();
    assert_eq!(waits, 2, "{told:?}");
    let records = proofs(&mut world, &named);
    let change = |(name, value): &(String, String)| {
        json!({"Action": "CREATE", "ResourceRecordSet": {
            "Name": name, "Type": "CNAME", "TTL": "60", "ResourceRecords": {"ResourceRecord": [{"Value": value}]},
        }})
    };
    let changes: Vec<Value> = records.iter().map(change).collect();
    let batch = json!({"Id": asked, "ChangeBatch": {"Changes": {"Change": changes}}});
    ask(&mut world, "route53", "ChangeResourceRecordSets", batch).expect("right records");
    assert_eq!(settle(&mut world, "shop"), "CREATE_COMPLETE");
}

#[test]
fn a_zone_must_be_there_and_hold_the_names() {
    let mut world = World::empty(1);
    create(&mut world, "shop", &template("Z00000000000000000000"));
    assert_eq!(settle(&mut world, "shop"), "ROLLBACK_COMPLETE");
    let why = reason(&mut world, "shop", "Certificate");
    assert!(why.contains("No hosted zone found with ID: Z00000000000000000000 (Service: Route53"), "{why}");
    let other = zone(&mut world, "other.example");
    create(&mut world, "other", &template(&other));
    assert_eq!(settle(&mut world, "other"), "ROLLBACK_COMPLETE");
    let why = reason(&mut world, "other", "Certificate");
    assert!(why.contains("is not permitted in zone other.example."), "{why}");
}

#[test]
fn while_a_listener_has_it_it_stays_and_when_it_is_gone_none_takes_it() {
    let mut world = World::empty(1);
    let zone = zone(&mut world, "shop.example");
    create(&mut world, "shop", &template(&zone));
    settle(&mut world, "shop");
    let arn = physical(&mut world, "shop", "Certificate");
    let subnets = json!({"member": ["subnet-1a", "subnet-1b"]});
    let made =
        ask(&mut world, "elasticloadbalancing", "CreateLoadBalancer", json!({"Name": "web", "Subnets": subnets}));
    let balancer = made.expect("a load balancer")["LoadBalancers"][0]["LoadBalancerArn"].clone();
    let says = json!({"StatusCode": "200", "ContentType": "text/plain", "MessageBody": "fine"});
    let input = json!({
        "LoadBalancerArn": balancer, "Protocol": "HTTPS", "Port": "443",
        "Certificates": {"member": [{"CertificateArn": arn}]},
        "DefaultActions": {"member": [{"Type": "fixed-response", "FixedResponseConfig": says}]},
    });
    let listen = |world: &mut World| ask(world, "elasticloadbalancing", "CreateListener", input.clone());
    let listener = listen(&mut world).expect("a listener")["Listeners"][0]["ListenerArn"].clone();
    let delete = |world: &mut World| {
        call(world, "DeleteStack", json!({"StackName": "shop"})).expect("begun");
        pass(world, 600);
    };
    delete(&mut world);
    assert_eq!(status(&mut world, "shop"), "DELETE_FAILED");
    let why = reason(&mut world, "shop", "Certificate");
    assert!(why.contains(&format!("Certificate {arn} in account 123456789012 is in use. (Service: Acm")), "{why}");
    ask(&mut world, "elasticloadbalancing", "DeleteListener", json!({"ListenerArn": listener})).expect("deleted");
    delete(&mut world);
    assert!(refused(call(&mut world, "DescribeStacks", json!({"StackName": "shop"}))).contains("does not exist"));
    assert!(refused(listen(&mut world)).contains("not found"));
}
