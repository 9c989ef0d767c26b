//! The templates of the foundation, judged by cfn-lint, which nobody here wrote. Where it is not
//! installed the test says SKIPPED.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use support::folder::Folder;
use support::python::python;
use tandem::deploy::foundation::{
    Control, Listeners, Nat, Network, Region, Roles, Site, Template, base, certificate, pairs, peering, routes, watch,
};
use tandem::deploy::policy;
use tandem::model::records::Tree;
use tandem::model::spec::Grant;

fn new(region: &str, cidr: &str, zones: u32, nat: Nat) -> Region {
    Region { name: region.into(), network: Network::Made { cidr: cidr.into(), zones, nat } }
}

fn existing(region: &str, cidr: &str) -> Region {
    let ids =
        |prefix: &str, count: u8| (1..=count).map(|place| format!("{prefix}-0123456789abcde{place:02}")).collect();
    Region {
        name: region.into(),
        network: Network::Given {
            vpc: "vpc-0123456789abcdef0".into(),
            cidr: cidr.into(),
            public: ids("subnet", 2),
            private: vec!["subnet-0123456789abcdea1".into(), "subnet-0123456789abcdea2".into()],
            route_tables: ids("rtb", 3),
        },
    }
}

fn site(stack: &str, regions: Vec<Region>) -> Site {
    Site {
        stack: stack.into(),
        environment: "prod".into(),
        tags: BTreeMap::from([("team".into(), "checkout".into())]),
        regions,
        listeners: Listeners::Both,
        app_port: 8080,
        database_port: 5432,
        roles: Roles {
            path: "/".into(),
            boundary: None,
            execution: None,
            task: None,
            repositories: vec![],
            grants: vec![],
        },
        log_retention_days: 30,
        sessions_table: format!("{stack}-sessions"),
        control: Control {
            table: format!("{stack}-control"),
            regions: vec!["us-east-1".into(), "us-east-2".into(), "us-west-2".into()],
            read_by_tasks: true,
        },
        given_secrets: vec!["arn:aws:ssm:{region}:123456789012:parameter/shop/key".into()],
        secrets: vec![format!("{stack}/*")],
        watched: true,
    }
}

fn sites() -> Vec<Site> {
    let mut bare = site(
        "bare",
        vec![new("us-east-1", "10.0.0.0/16", 2, Nat::None), new("eu-west-1", "10.1.0.0/23", 3, Nat::None)],
    );
    bare.listeners = Listeners::Http;
    bare.secrets = vec![];
    bare.tags = BTreeMap::new();

    let mut limited = site(
        "limited",
        vec![new("us-west-2", "172.16.0.0/16", 3, Nat::One), new("us-east-1", "172.20.0.0/20", 2, Nat::One)],
    );
    limited.listeners = Listeners::Https;
    limited.roles = Roles {
        path: "/tandem/".into(),
        boundary: Some("arn:aws:iam::123456789012:policy/limits".into()),
        repositories: vec!["arn:aws:ecr:{region}:210987654321:repository/limited/*".into()],
        grants: vec![
            Grant {
                actions: vec!["sqs:SendMessage".into(), "sqs:GetQueueUrl".into()],
                resources: vec!["arn:aws:sqs:{region}:123456789012:orders".into()],
            },
            Grant { actions: vec!["cloudwatch:PutMetricData".into()], resources: vec!["*".into()] },
        ],
        ..limited.roles
    };
    limited.secrets = vec!["limited/db".into(), "shared/*".into()];

    let mut given =
        site("given", vec![existing("us-east-1", "10.0.0.0/16"), existing("ap-southeast-2", "10.1.0.0/16")]);
    given.roles.execution = Some("arn:aws:iam::123456789012:role/execution".into());
    given.roles.task = Some("arn:aws:iam::123456789012:role/app/task-{region}".into());

    let wide = ["us-east-1", "us-west-2", "eu-west-1", "ap-southeast-2"];
    let wide = wide.iter().zip(0..).map(|(region, place)| new(region, &format!("10.{place}.0.0/16"), 3, Nat::PerZone));
    vec![
        site(
            "shop",
            vec![new("us-east-1", "10.0.0.0/16", 3, Nat::PerZone), new("eu-west-1", "10.1.0.0/16", 2, Nat::PerZone)],
        ),
        site("mixed", vec![existing("us-east-1", "10.0.0.0/24"), new("eu-west-1", "10.1.0.0/16", 2, Nat::None)]),
        site("wide", wide.collect()),
        bare,
        limited,
        given,
    ]
}

/// What a watcher of a stack of this name may do.
fn watcher(site: &Site) -> Vec<(&'static str, Vec<serde_json::Value>)> {
    let mut spec = tandem::config::simulated_spec();
    spec.stack.name = site.stack.clone();
    spec.watch.image = Some("tandem:1".into());
    policy::watcher(&spec, "${AWS::AccountId}")
}

fn templates(site: &Site) -> Vec<Template> {
    let regions = || site.regions.iter().map(|region| region.name.as_str());
    let bases = regions().map(|region| base(site, region));
    let peerings = pairs(site).into_iter().map(|(a, b)| peering(site, a, b));
    let tree = Tree::new("app.example.com");
    let certificates = regions().map(|region| certificate(site, region, &tree));
    let routes = regions().map(|region| routes(site, region));
    // watchers run in a Region of the control table, too
    let watched: BTreeSet<&str> = regions().chain(site.control.regions.iter().map(String::as_str)).collect();
    let watches = watched.into_iter().map(|region| watch(site, region, watcher(site)));
    bases.chain(peerings).chain(certificates).chain(routes).chain(watches).map(Result::unwrap).collect()
}

fn lint(python: &str, region: &str, files: &BTreeSet<PathBuf>) -> (bool, String) {
    let run = Command::new(python)
        .args(["-c", "from cfnlint.runner import main; main()", "--regions", region, "--format", "parseable", "--"])
        .args(files)
        .output()
        .unwrap();
    (run.status.success(), String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned())
}

#[test]
fn cfn_lint_has_nothing_to_say() {
    let Some(python) = python(&["cfnlint"]) else { return };
    let folder = Folder::new("foundation");
    let mut by_region = BTreeMap::<String, BTreeSet<PathBuf>>::new();
    for template in sites().iter().flat_map(templates) {
        let file = folder.0.join(format!("{}-{}.json", template.name, template.region));
        std::fs::write(&file, &template.body).unwrap();
        assert!(by_region.entry(template.region).or_default().insert(file), "one file a stack and Region");
    }
    std::thread::scope(|scope| {
        let judged: Vec<_> =
            by_region.iter().map(|(region, files)| (region, scope.spawn(|| lint(&python, region, files)))).collect();
        for (region, judged) in judged {
            let (clean, said) = judged.join().unwrap();
            assert!(clean && said.is_empty(), "{region}:\n{said}");
        }
    });

    // It does judge: a rule that names what is not there is an error.
    let broken = folder.0.join("broken.json");
    let body = templates(&sites()[0])[0].body.replace("\"Ref\": \"Vpc\"", "\"Ref\": \"Vcp\"");
    std::fs::write(&broken, body).unwrap();
    let (clean, said) = lint(&python, "us-east-1", &BTreeSet::from([broken]));
    assert!(!clean && said.contains("Vcp"), "{said}");
}

#[test]
fn a_template_is_what_cloudformation_takes() {
    for site in sites() {
        for template in templates(&site) {
            assert!(template.body.len() < 51_200, "{}: {} bytes", template.name, template.body.len());
            let mut name = template.name.chars();
            assert!(name.next().is_some_and(|c| c.is_ascii_alphabetic()) && template.name.len() <= 128);
            assert!(name.all(|c| c.is_ascii_alphanumeric() || c == '-'), "{}", template.name);
            let body: serde_json::Value = serde_json::from_str(&template.body).unwrap();
            let asked: BTreeSet<_> =
                body["Parameters"].as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
            let given: BTreeSet<_> = template.parameters.keys().cloned().collect();
            assert_eq!(asked, given, "{}: parameters", template.name);
            let id = |id: &String| (1..=255).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric());
            assert!(body["Resources"].as_object().unwrap().keys().all(id), "{}", template.name);
        }
    }
}
