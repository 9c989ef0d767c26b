use super::*;

/// What is said of a site with one thing changed.
fn told(change: impl FnOnce(&mut Site)) -> String {
    let mut site = site();
    change(&mut site);
    let mistakes = site.check().unwrap_err();
    // Every way in refuses alike.
    assert_eq!(base(&site, "us-east-1"), Err(mistakes.clone()));
    assert_eq!(peering(&site, "us-east-1", "eu-west-1"), Err(mistakes.clone()));
    assert_eq!(routes(&site, "us-east-1"), Err(mistakes.clone()));
    mistakes.to_string()
}

fn first(site: &mut Site, cidr: &str, zones: u32, nat: Nat) {
    site.regions[0] = new("us-east-1", cidr, zones, nat);
}

fn given(site: &mut Site, change: impl FnOnce(&mut Vec<String>, &mut Vec<String>, &mut Vec<String>)) {
    if let Network::Given { public, private, route_tables, .. } = &mut site.regions[1].network {
        change(public, private, route_tables);
    }
}

#[test]
fn regions_and_networks() {
    let all = [
        told(|site| site.regions.truncate(1)),
        told(|site| site.regions[1].name = "us-east-1".into()),
        told(|site| site.regions[1].name = "Ireland".into()),
        told(|site| site.regions[1].name = "eu-west-".into()),
        told(|site| first(site, "10.0.0.1/16", 2, Nat::One)),
        told(|site| first(site, "ten", 2, Nat::One)),
        told(|site| first(site, "10.0.0.0/15", 2, Nat::One)),
        told(|site| first(site, "10.1.128.0/20", 2, Nat::One)),
        told(|site| first(site, "10.0.0.0/24", 2, Nat::One)),
        told(|site| first(site, "10.0.0.0/16", 1, Nat::One)),
        told(|site| first(site, "10.0.0.0/16", 4, Nat::One)),
        told(|site| site.regions[0] = new("cn-north-1", "10.0.0.0/16", 2, Nat::None)),
        told(|site| given(site, |public, _, _| public.truncate(1))),
        told(|site| given(site, |_, private, _| private.clear())),
        told(|site| given(site, |public, private, _| public[0] = private[1].clone())),
        told(|site| given(site, |public, _, _| public[0] = "subnet-XYZ".into())),
        told(|site| given(site, |_, _, tables| tables.clear())),
        told(|site| given(site, |_, _, tables| tables[0] = "subnet-0000000e".into())),
    ];
    insta::assert_snapshot!("regions-and-networks", all.join("\n"));
}

#[test]
fn names_tags_and_ports() {
    let all = [
        told(|site| site.stack = "Shop".into()),
        told(|site| site.stack = "1shop".into()),
        told(|site| site.stack = "a--b".into()),
        told(|site| site.stack = "s".repeat(45)),
        told(|site| site.environment = String::new()),
        told(|site| site.environment = "Größe".into()),
        told(|site| site.sessions_table = "a b".into()),
        told(|site| site.control.table = "ab".into()),
        told(|site| site.control.regions.clear()),
        told(|site| site.app_port = 0),
        told(|site| site.database_port = 0),
        told(|site| site.log_retention_days = 31),
        told(|site| drop(site.tags.insert("aws:owner".into(), "x".into()))),
        told(|site| drop(site.tags.insert("tandem:stack".into(), "x".into()))),
        told(|site| drop(site.tags.insert("a{b".into(), "x".into()))),
        told(|site| drop(site.tags.insert("owner".into(), "x".repeat(257)))),
        told(|site| site.tags = (0..47).map(|n| (format!("t{n}"), String::new())).collect()),
    ];
    insta::assert_snapshot!("names-tags-and-ports", all.join("\n"));
    let mut longest = site();
    longest.stack = "s".repeat(64 - "-us-east-1-execution".len());
    assert_eq!(longest.check(), Ok(()));
    longest.tags = (0..46).map(|n| (format!("t{n}"), String::new())).collect();
    assert_eq!(longest.check(), Ok(()));
}

#[test]
fn permissions() {
    let grant = |actions: &[&str], resources: &[&str]| {
        let texts = |texts: &[&str]| texts.iter().map(|text| text.to_string()).collect();
        vec![Grant { actions: texts(actions), resources: texts(resources) }]
    };
    let role = |name: &str| Some(format!("arn:aws:iam::123456789012:role/{name}"));
    let all = [
        told(|site| site.roles.path = "tandem".into()),
        told(|site| site.roles.boundary = Some("limits".into())),
        told(|site| site.roles.execution = Some("arn:aws:iam::123456789012:policy/x".into())),
        told(|site| site.roles.task = Some("arn:aws:iam::12:role/x".into())),
        told(|site| site.roles.repositories = vec!["shop".into()]),
        told(|site| site.roles.repositories = vec!["arn:aws:ecr:us-east-1:123456789012:repository/shop".into()]),
        told(|site| site.roles.grants = grant(&["*"], &["*"])),
        told(|site| site.roles.grants = grant(&["iam:*"], &["*"])),
        told(|site| site.roles.grants = grant(&["sqs:SendMessage"], &[])),
        told(|site| site.roles.grants = grant(&["sqs:SendMessage"], &["orders"])),
        told(|site| site.roles.grants = grant(&["sqs:SendMessage"; 700], &["*"])),
        told(|site| site.roles.task = role("task")),
        told(|site| {
            site.roles = Roles { execution: role("execution"), task: role("task"), ..site.roles.clone() };
            site.roles.grants.clear();
        }),
        told(|site| site.secrets = vec!["*".into()]),
        told(|site| site.secrets = vec!["shop ".into()]),
    ];
    insta::assert_snapshot!("permissions", all.join("\n"));
}

#[test]
fn all_is_told_at_once() {
    let both = told(|site| {
        site.app_port = 0;
        site.secrets = vec!["*".into()];
    });
    assert_eq!(both.lines().count(), 2, "{both}");
}

#[test]
fn a_region_that_is_not_the_stacks() {
    let site = site();
    let told = base(&site, "us-west-2").unwrap_err().to_string();
    assert_eq!(told, "Region `us-west-2`: not of this stack: its Regions are us-east-1, eu-west-1");
    assert_eq!(routes(&site, "us-west-2").unwrap_err().to_string(), told);
    assert_eq!(peering(&site, "us-west-2", "us-east-1").unwrap_err().to_string(), told);
    let told = peering(&site, "us-east-1", "us-east-1").unwrap_err().to_string();
    assert_eq!(told, "Region us-east-1: cannot be peered with itself: name two Regions");
}

#[test]
fn a_template_that_is_too_large() {
    let mut site = site();
    // Many short resources: the policy's texts are within its limit, the template's layout is not.
    let resources = (0..1500).map(|_| "arn:a".to_string()).collect();
    site.roles.grants = vec![Grant { actions: vec!["sqs:SendMessage".into()], resources }];
    assert_eq!(site.check(), Ok(()));
    let told = base(&site, "us-east-1").unwrap_err().to_string();
    assert!(told.starts_with("template shop-base: ") && told.contains("CloudFormation takes 51200"), "{told}");
}
