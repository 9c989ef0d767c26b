//! The operations and their refusals.

use super::*;

fn refusal(answer: Answer<Doc>) -> (&'static str, String) {
    answer.err().map(|refusal| (refusal.code, refusal.message)).unwrap_or_default()
}

fn names(listed: &Doc) -> Vec<String> {
    let sets = listed["ResourceRecordSets"].as_array().cloned().unwrap_or_default();
    sets.iter().map(|set| format!("{} {}", text(set, "/Name"), text(set, "/Type"))).collect()
}

#[test]
fn a_zone_is_made_listed_and_deleted() {
    let mut world = world();
    let made = call(&mut world, "CreateHostedZone", json!({"Name": "Example.com", "CallerReference": "one"}));
    let made = made.expect("a zone");
    let id = text(&made, "/HostedZone/Id");
    assert_eq!(text(&made, "/HostedZone/Name"), "example.com.");
    assert_eq!(text(&made, "/ChangeInfo/Status"), "PENDING");
    assert!(text(&made, "/Location").ends_with(&id));
    assert_eq!(made["DelegationSet"]["NameServers"].as_array().map(Vec::len), Some(4));
    let again = call(&mut world, "CreateHostedZone", json!({"Name": "other.com", "CallerReference": "one"}));
    assert_eq!(refusal(again).0, "HostedZoneAlreadyExists");
    call(&mut world, "CreateHostedZone", json!({"Name": "a.com", "CallerReference": "two"})).expect("another");
    let named = call(&mut world, "ListHostedZonesByName", json!({"maxitems": "1"})).expect("a list");
    assert_eq!(text(&named, "/HostedZones/0/Name"), "a.com.");
    assert_eq!((text(&named, "/NextDNSName"), named["IsTruncated"] == true), ("example.com.".into(), true));
    let rest = json!({"dnsname": "example.com", "maxitems": "5"});
    let rest = call(&mut world, "ListHostedZonesByName", rest).expect("the rest");
    assert_eq!(text(&rest, "/HostedZones/0/Id"), id);
    let first = call(&mut world, "ListHostedZones", json!({"maxitems": "1"})).expect("a page");
    let marker = json!({"marker": text(&first, "/NextMarker"), "maxitems": "1"});
    let second = call(&mut world, "ListHostedZones", marker).expect("a page");
    assert_ne!(text(&first, "/HostedZones/0/Id"), text(&second, "/HostedZones/0/Id"));
    assert_eq!((text(&first, "/Marker"), second["IsTruncated"] == false), (String::new(), true));
    pass(&mut world, 61);
    let soa = dns::resolve(&world, "example.com", RecordType::Soa, place("paris"), 0.0);
    assert_eq!(soa.records.len(), 1);
    create(&mut world, &id, &[plain("www.example.com", US)]);
    assert_eq!(refusal(call(&mut world, "DeleteHostedZone", json!({"Id": id}))).0, "HostedZoneNotEmpty");
    batch(&mut world, &id, &[("DELETE", plain("WWW.example.com.", US))]).expect("an exact delete");
    call(&mut world, "DeleteHostedZone", json!({"Id": id})).expect("an empty zone");
    assert_eq!(refusal(call(&mut world, "GetHostedZone", json!({"Id": id}))).0, "NoSuchHostedZone");
    pass(&mut world, 61);
    assert_eq!(resolve(&world, "www.example.com", "paris", 0.0).code, dns::ResponseCode::Refused);
}

#[test]
fn a_wrong_batch_is_refused_whole() {
    let mut world = world();
    let zone = zone(&mut world);
    let weighted = |name: &str, id: &str| with(plain(name, US), json!({"SetIdentifier": id, "Weight": "1"}));
    create(&mut world, &zone, &[plain("a.example.com", US), weighted("w.example.com", "one")]);
    let cases = [
        (
            vec![("CREATE", plain("b.example.com", US)), ("CREATE", plain("a.example.com", EU))],
            "[Tried to create resource record set [name='a.example.com.', type='A'] but it already exists]",
        ),
        (
            vec![("CREATE", weighted("w.example.com", "one"))],
            "[Tried to create resource record set [name='w.example.com.', type='A', set-identifier='one'] but it already exists]",
        ),
        (
            vec![("DELETE", plain("c.example.com", US))],
            "[Tried to delete resource record set [name='c.example.com.', type='A'] but it was not found]",
        ),
        (
            vec![("DELETE", plain("a.example.com", EU))],
            "[Tried to delete resource record set [name='a.example.com.', type='A'] but the values provided do not match the current values]",
        ),
        (
            vec![("CREATE", with(plain("a.example.com", US), json!({"Type": "CNAME"})))],
            "[RRSet of type CNAME with DNS name a.example.com. is not permitted as it conflicts with other records with the same DNS name in zone example.com.]",
        ),
        (
            vec![("CREATE", plain("w.example.com", US))],
            "[RRSet with DNS name w.example.com., type A cannot be created as other RRSets exist with the same name and type.]",
        ),
        (
            vec![("CREATE", plain("a.example.org", US))],
            "[RRSet with DNS name a.example.org. is not permitted in zone example.com.]",
        ),
        (
            vec![("CREATE", alias("x.example.com", US_ALB, "Z32O12XQLNTSW2"))],
            "[Tried to create an alias that targets us-1.us-east-1.elb.amazonaws.com., type A in zone Z32O12XQLNTSW2, but the alias target name does not lie within the target zone, Tried to create an alias that targets us-1.us-east-1.elb.amazonaws.com., type A in zone Z32O12XQLNTSW2, but that target was not found]",
        ),
    ];
    for (changes, message) in cases {
        assert_eq!(refusal(batch(&mut world, &zone, &changes)), ("InvalidChangeBatch", message.to_string()));
    }
    let shapes = [
        (with(weighted("w.example.com", "two"), json!({"Weight": "256"})), "less than or equal to 255"),
        (
            with(plain("d.example.com", US), json!({"SetIdentifier": "x"})),
            "but found none in Change with [Action=CREATE",
        ),
        (with(weighted("e.example.com", "x"), json!({"Region": "us-east-1"})), "but found more than one"),
        (with(plain("f.example.com", US), json!({"TTL": null})), "Missing field 'TTL'"),
        (with(plain("g.example.com", US), json!({"CidrRoutingConfig": {"LocationName": "x"}})), "CidrRoutingConfig"),
    ];
    for (set, part) in shapes {
        let (code, message) = refusal(batch(&mut world, &zone, &[("CREATE", set)]));
        assert_eq!(code, "InvalidInput");
        assert!(message.contains(part), "{message}");
    }
    let listed = call(&mut world, "ListResourceRecordSets", json!({"Id": zone})).expect("a list");
    assert_eq!(listed["ResourceRecordSets"].as_array().map(Vec::len), Some(4), "nothing of it was done");
    let slower = |id: &str| ("UPSERT", with(weighted("w.example.com", id), json!({"TTL": "90"})));
    batch(&mut world, &zone, &[("CREATE", weighted("w.example.com", "two"))]).expect("a second one");
    let (_, message) = refusal(batch(&mut world, &zone, &[slower("one")]));
    assert!(message.contains("same TTL"), "{message}");
    batch(&mut world, &zone, &[slower("one"), slower("two")]).expect("both together");
}

#[test]
fn records_are_listed_by_reversed_labels_in_pages() {
    let mut world = world();
    let zone = zone(&mut world);
    let set = |name: &str, id: &str| with(plain(name, US), json!({"SetIdentifier": id, "Weight": "1"}));
    let sets = [
        plain("b.example.com", US),
        set("a.example.com", "2"),
        set("a.example.com", "1"),
        plain("z.a.example.com", US),
    ];
    create(&mut world, &zone, &sets);
    let (mut seen, mut from) = (vec![], json!({}));
    loop {
        let ask = with(json!({"Id": zone, "maxitems": "2"}), from);
        let page = call(&mut world, "ListResourceRecordSets", ask).expect("a page");
        seen.extend(names(&page));
        if page["IsTruncated"] == false {
            break;
        }
        from = json!({"name": page["NextRecordName"], "type": page["NextRecordType"], "identifier": page["NextRecordIdentifier"]});
    }
    let wanted = ["example.com. NS", "example.com. SOA", "a.example.com. A", "a.example.com. A", "z.a.example.com. A"];
    assert_eq!(seen[..5], wanted);
    assert_eq!(seen.len(), 6);
    let (code, _) = refusal(call(&mut world, "ListResourceRecordSets", json!({"Id": zone, "type": "A"})));
    assert_eq!(code, "InvalidInput");
}

#[test]
fn the_api_sees_a_change_before_the_name_servers() {
    let mut world = world();
    let zone = zone(&mut world);
    batch(&mut world, &zone, &[("CREATE", plain("now.example.com", US))]).expect("a change");
    let listed = call(&mut world, "ListResourceRecordSets", json!({"Id": zone, "name": "now.example.com"}));
    assert_eq!(names(&listed.expect("a list")), ["now.example.com. A"]);
    pass(&mut world, 4);
    assert_eq!(resolve(&world, "now.example.com", "paris", 0.0).code, dns::ResponseCode::NxDomain);
    pass(&mut world, 57);
    assert_eq!(ips(&resolve(&world, "now.example.com", "paris", 0.0)), [US]);
    let missing = call(&mut world, "GetChange", json!({"Id": "/change/C000"}));
    assert_eq!(refusal(missing).0, "NoSuchChange");
}

#[test]
fn a_check_keeps_its_version_and_its_caller_reference() {
    let mut world = world();
    let id = endpoint(&mut world, "ref", US);
    assert_eq!(endpoint(&mut world, "ref", US), id, "the same request again");
    let other = json!({"CallerReference": "ref", "HealthCheckConfig": {"Type": "HTTP", "IPAddress": EU.to_string()}});
    assert_eq!(refusal(call(&mut world, "CreateHealthCheck", other.clone())).0, "HealthCheckAlreadyExists");
    update(&mut world, &id, json!({"HealthCheckVersion": "1", "ResourcePath": "/other"}));
    let stale = json!({"HealthCheckId": id, "HealthCheckVersion": "1", "Inverted": "true"});
    let stale = call(&mut world, "UpdateHealthCheck", stale);
    assert_eq!(stale.err().map(|refusal| (refusal.status, refusal.code)), Some((409, "HealthCheckVersionMismatch")));
    let parent = json!({"Type": "CALCULATED", "HealthThreshold": "1", "ChildHealthChecks": {"ChildHealthCheck": id}});
    let parent = check(&mut world, "parent", parent);
    let (code, message) = refusal(call(&mut world, "DeleteHealthCheck", json!({"HealthCheckId": id})));
    assert_eq!(code, "InvalidInput");
    assert_eq!(message, format!("Health check {id} is still referenced from parent health check(s): {parent}"));
    call(&mut world, "DeleteHealthCheck", json!({"HealthCheckId": parent})).expect("no parent of its own");
    call(&mut world, "DeleteHealthCheck", json!({"HealthCheckId": id})).expect("no parent any more");
    assert_eq!(refusal(call(&mut world, "CreateHealthCheck", other)).0, "HealthCheckAlreadyExists");
    let listed = call(&mut world, "ListHealthChecks", json!({})).expect("a list");
    assert_eq!((listed["IsTruncated"] == false, text(&listed, "/MaxItems")), (true, "100".into()));
    let recovery = json!({"CallerReference": "arc", "HealthCheckConfig": {"Type": "RECOVERY_CONTROL"}});
    assert_eq!(refusal(call(&mut world, "CreateHealthCheck", recovery)).0, "InvalidInput");
}

#[test]
fn checkers_report_what_they_saw() {
    let mut world = world();
    let zone = zone(&mut world);
    create(&mut world, &zone, &[plain("origin.example.com", US)]);
    let config = json!({"Type": "HTTP", "FullyQualifiedDomainName": "origin.example.com", "ResourcePath": "/health"});
    let id = check(&mut world, "named", config);
    pass(&mut world, 11);
    let seen = call(&mut world, "GetHealthCheckStatus", json!({"HealthCheckId": id})).expect("observations");
    assert_eq!(seen["HealthCheckObservations"].as_array().map(Vec::len), Some(16));
    let first = "/HealthCheckObservations/0/StatusReport/Status";
    assert_eq!(text(&seen, first), "Success: HTTP Status Code 200, OK. Resolved IP: 203.0.113.1");
    answers(&mut world, &[(US, "*", 503, "")]);
    pass(&mut world, 40);
    let seen = call(&mut world, "GetHealthCheckLastFailureReason", json!({"HealthCheckId": id})).expect("failures");
    assert!(text(&seen, first).starts_with("Failure: HTTP Status Code 503, Service Temporarily Unavailable"));
    let status = dns::check_status(&world, &id).expect("a status");
    assert_eq!((status.healthy, status.observers_ok, status.observers), (false, 0, 16));
    assert_eq!(world.truth.kinds().get("check.unhealthy"), Some(&1));
}

#[test]
fn tags_are_kept_and_answers_can_be_tried() {
    let mut world = world();
    let zone = zone(&mut world);
    let add = json!({
        "ResourceType": "hostedzone", "ResourceId": zone,
        "AddTags": {"Tag": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]},
    });
    call(&mut world, "ChangeTagsForResource", add).expect("tags");
    let remove = json!({"ResourceType": "hostedzone", "ResourceId": zone, "RemoveTagKeys": {"Key": "a"}});
    call(&mut world, "ChangeTagsForResource", remove).expect("no tag");
    let bare = zone.trim_start_matches("/hostedzone/");
    let many = json!({"ResourceType": "hostedzone", "ResourceIds": {"ResourceId": [bare]}});
    let many = call(&mut world, "ListTagsForResources", many).expect("tags");
    assert_eq!(many["ResourceTagSets"][0]["Tags"], json!([{"Key": "b", "Value": "2"}]));
    two_regions(&mut world, &zone, [None, None]);
    let london = json!({
        "hostedzoneid": zone, "recordname": "app.example.com", "recordtype": "A",
        "edns0clientsubnetip": place("london").subnet.to_string(),
    });
    let tried = call(&mut world, "TestDNSAnswer", london).expect("an answer");
    assert_eq!(
        (tried["RecordData"].clone(), text(&tried, "/ResponseCode")),
        (json!([EU.to_string()]), "NOERROR".into())
    );
}
