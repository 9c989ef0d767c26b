use super::*;
use crate::model::spec::{Certificate, Site};

const GOOD: &str = r#"
[stack]
name = "shop"
[[regions]]
name = "us-east-1"
[[regions]]
name = "eu-west-1"
[dns]
zone = "example.com"
"#;

fn mistakes(text: &str) -> String {
    parse(Path::new("config.toml"), text).map_or_else(|e| e.to_string(), |config| format!("accepted {config:?}"))
}

#[test]
fn the_shortest_file_has_defaults() {
    let stack = parse(Path::new("config.toml"), GOOD).unwrap().stack;
    assert_eq!((stack.policy.as_str(), stack.ramp.as_slice()), ("app.example.com", [75, 50, 25, 0].as_slice()));
}

#[test]
fn the_example_shows_the_defaults() {
    let text = include_str!("../../config.example.toml");
    let uncommented =
        ["cpu", "memory", "desired", "min", "max", "cpu_target", "log_retention_days", "version", "class"]
            .into_iter()
            .chain([
                "instances",
                "backup_days",
                "ttl_attribute",
                "routing",
                "port",
                "autoscaling",
                "container_insights",
            ])
            .chain(["zones", "nat", "vpc_cidr"])
            .fold(text.to_string(), |text, key| text.replacen(&format!("\n# {key} ="), &format!("\n{key} ="), 1));
    assert_ne!(uncommented, text);
    let load = |text| parse(Path::new("config.example.toml"), text).unwrap().spec;
    assert_eq!(load(&uncommented), load(text));
}

#[test]
fn networks_that_overlap_are_said_where_they_are_written() {
    let with = |first: &str, second: &str| {
        let text = GOOD.replace("name = \"us-east-1\"", &format!("name = \"us-east-1\"\n{first}"));
        mistakes(&text.replace("name = \"eu-west-1\"", &format!("name = \"eu-west-1\"\n{second}")))
    };
    assert_eq!(
        with("vpc_cidr = \"10.0.0.0/16\"", "vpc_cidr = \"10.0.128.0/20\""),
        "config.toml:9: [[regions]] vpc_cidr: `10.0.128.0/20` overlaps `10.0.0.0/16` of us-east-1, and peered networks \
         must not: use one like `10.1.0.0/16`"
    );
    assert_eq!(
        with("vpc_cidr = \"10.1.0.0/16\"", ""),
        "config.toml:6: [[regions]] vpc_cidr: `10.1.0.0/16` overlaps `10.1.0.0/16` of eu-west-1, the default, and peered \
         networks must not: use one like `10.0.0.0/16`"
    );
    assert!(with("vpc_cidr = \"172.16.0.0/16\"", "vpc_cidr = \"172.17.0.0/16\"").starts_with("accepted"));
}

/// A network that stands, in the second Region.
const GIVEN: &str = r#"
vpc = "vpc-0123456789abcdef0"
vpc_cidr = "10.9.0.0/16"
public_subnets = ["subnet-00000001", "subnet-00000002"]
private_subnets = ["subnet-00000003", "subnet-00000004"]
route_tables = ["rtb-00000001"]"#;

#[test]
fn a_network_that_stands_is_given_whole() {
    let with = |given: &str| GOOD.replace("name = \"eu-west-1\"", &format!("name = \"eu-west-1\"{given}"));
    let spec = parse(Path::new("config.toml"), &with(GIVEN)).unwrap().spec;
    let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let network = Network::Given {
        vpc: "vpc-0123456789abcdef0".into(),
        cidr: "10.9.0.0/16".into(),
        public: ids(&["subnet-00000001", "subnet-00000002"]),
        private: ids(&["subnet-00000003", "subnet-00000004"]),
        route_tables: ids(&["rtb-00000001"]),
    };
    assert_eq!(spec.regions[1].network, network);
    let edit = |from: &str, to: &str| mistakes(&with(&GIVEN.replace(from, to)));
    for (said, expected) in [
        (
            edit("\"vpc-0123456789abcdef0\"", "\"vpc-X\""),
            ":8: [[regions]] vpc: `vpc-X` is no id: use one like `vpc-0123456789abcdef0`",
        ),
        (edit("vpc_cidr = \"10.9.0.0/16\"\n", ""), ":8: [[regions]] vpc: a network that stands needs vpc_cidr as well"),
        (
            edit("route_tables = [\"rtb-00000001\"]", "zones = 2"),
            ":8: [[regions]] vpc: a network that stands needs route_tables as well\nconfig.toml:12: [[regions]] zones: \
             a network that stands has its own: remove this line",
        ),
        (
            edit("vpc = \"vpc-0123456789abcdef0\"\nvpc_cidr = \"10.9.0.0/16\"\npublic", "public"),
            ":8: [[regions]] public_subnets: is of a network that stands: give its `vpc` as well",
        ),
        (
            edit(", \"subnet-00000002\"", ""),
            ":10: [[regions]] public_subnets: 1 given: load balancers and databases need two zones: name at least 2",
        ),
        (
            edit("\"subnet-00000003\"", "\"subnet-00000001\""),
            ":11: [[regions]] private_subnets: `subnet-00000001` stands twice: a subnet is either public or private",
        ),
    ] {
        assert!(said.starts_with(&format!("config.toml{expected}")), "{said}\n{expected}");
    }
}

#[test]
fn roles_that_stand_are_given_by_their_arns() {
    let with = |lines: &str| format!("{GOOD}[roles]\n{lines}\n");
    let given = with(
        "path = \"/shop/\"\npermissions_boundary = \"arn:aws:iam::aws:policy/PowerUserAccess\"\n\
         task = \"arn:aws:iam::123456789012:role/shop/task\"",
    );
    let roles = parse(Path::new("config.toml"), &given).unwrap().spec.roles;
    assert_eq!((roles.path.as_str(), roles.execution), ("/shop/", None));
    assert_eq!(roles.task.as_deref(), Some("arn:aws:iam::123456789012:role/shop/task"));
    let both =
        "task = \"arn:aws:iam::123456789012:role/t\"\nexecution = \"arn:aws:iam::123456789012:role/e\"\npath = \"/x/\"";
    assert_eq!(
        mistakes(&with(both)),
        "config.toml:13: [roles] path: both roles are given, so none is made that would have it: remove it"
    );
    for (line, expected) in [
        ("path = \"shop\"", "[roles] path: `shop` must begin and end with a slash, like `/tandem/`"),
        (
            "task = \"shop-task\"",
            "[roles] task: `shop-task` is no ARN of a role: use one like `arn:aws:iam::123456789012:role/NAME`",
        ),
        (
            "permissions_boundary = \"arn:aws:iam::123456789012:role/x\"",
            "[roles] permissions_boundary: `arn:aws:iam::123456789012:role/x` is no ARN of a policy: use one like \
             `arn:aws:iam::123456789012:policy/NAME`",
        ),
    ] {
        assert_eq!(mistakes(&with(line)), format!("config.toml:11: {expected}"));
    }
}

#[test]
fn what_a_deployment_makes_has_defaults() {
    let config = parse(Path::new("config.toml"), GOOD).unwrap();
    let usual = simulated_spec();
    let Spec { stack, app, regions, database, control_regions, .. } = config.spec;
    assert_eq!(stack, config.stack);
    assert_eq!(app, App { image: String::new(), ..usual.app }, "an image is only asked for when it is needed");
    assert_eq!((regions, database, control_regions), (usual.regions, usual.database, usual.control_regions));
}

#[test]
fn the_control_table_is_near_the_first_region_that_can_have_it() {
    let control = |regions: [&str; 2]| {
        let text = GOOD.replace("us-east-1", regions[0]).replace("eu-west-1", regions[1]);
        parse(Path::new("config.toml"), &text).unwrap().spec.control_regions.join(" ")
    };
    assert_eq!(control(["sa-east-1", "eu-central-1"]), "eu-central-1 eu-west-1 eu-west-2");
    assert_eq!(control(["ap-northeast-2", "eu-west-2"]), "ap-northeast-2 ap-northeast-1 ap-northeast-3");
    assert_eq!(control(["sa-east-1", "ca-central-1"]), "us-east-1 us-east-2 us-west-2");
}

/// A folder with these files.
struct Folder(Vec<(&'static str, String)>);

impl Disk for Folder {
    fn read(&self, path: &Path) -> std::io::Result<String> {
        let found = self.0.iter().find(|(name, _)| Path::new(name) == path);
        found.map(|(_, text)| text.clone()).ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))
    }
}

#[test]
fn what_else_tasks_have_stands_in_a_file_beside_this_one() {
    let text = format!("{GOOD}[app]\ntask_definition = \"task.json\"\n");
    let folder =
        |task: &str| Folder(vec![("/etc/shop/config.toml", text.clone()), ("/etc/shop/task.json", task.into())]);
    let read = |folder: Folder| load(&folder, Path::new("/etc/shop/config.toml"));
    let task = r#"{ "containerDefinitions": [{ "name": "shop", "image": "shop:2", "user": "app" }] }"#;
    let app = read(folder(task)).unwrap().spec.app;
    assert_eq!((app.image.as_str(), app.container()), ("shop:2", "shop"));
    assert_eq!(
        read(Folder(vec![("/etc/shop/config.toml", text.clone())])).unwrap_err().to_string(),
        "/etc/shop/config.toml:11: [app] task_definition: task.json cannot be read: entity not found"
    );
    assert_eq!(
        read(folder("{}")).unwrap_err().to_string(),
        "/etc/shop/config.toml:11: [app] task_definition: task.json has no containerDefinitions: it is what `aws ecs \
         register-task-definition` takes"
    );
    let named = parse(Path::new("config.toml"), &text).unwrap();
    assert_eq!((named.spec.app.template, named.task_definition.unwrap().line), (None, 11));
}

#[test]
fn what_is_written_is_what_is_made() {
    let text = r#"
[stack]
name = "shop"
tags = { team = "a b" }
[app]
image = "1.dkr.ecr.{region}.amazonaws.com/shop:1"
cpu = 256
memory = 512
autoscaling = false
desired = 1
environment = { LOG_LEVEL = "debug" }
[[regions]]
name = "us-east-1"
nat = "none"
zones = 2
vpc_cidr = "172.16.0.0/20"
[[regions]]
name = "eu-west-1"
[database]
version = "17.4"
class = "db.x2g.large"
[dns]
zone = "example.com"
routing = "geolocation"
[control]
regions = ["eu-west-3", "eu-central-1", "eu-west-1"]
[alerts.topics]
us-east-1 = "arn:aws:sns:us-east-1:123456789012:ops"
"#;
    let spec = parse(Path::new("config.toml"), text).unwrap().spec;
    assert_eq!((spec.app.cpu, spec.app.memory, spec.app.desired, spec.app.autoscaling), (256, 512, 1, None));
    assert_eq!(spec.tags["team"], "a b");
    let made = |cidr: &str, zones, nat| Network::Made { cidr: cidr.into(), zones, nat };
    assert_eq!(spec.regions[0].network, made("172.16.0.0/20", 2, Nat::None));
    assert_eq!(spec.regions[1].network, made("10.1.0.0/16", 3, Nat::PerZone));
    assert_eq!(spec.routing, Routing::Geolocation);
    assert_eq!(spec.database.version, "17.4");
    assert_eq!(spec.control_regions, ["eu-west-3", "eu-central-1", "eu-west-1"]);
    assert_eq!(spec.alerts.topics.len(), 1);
}

#[test]
fn who_fails_over_needs_something_to_do_it_with() {
    let added = |sections: &str| parse(Path::new("config.toml"), &format!("{GOOD}{sections}\n"));
    let said = |sections: &str| mistakes(&format!("{GOOD}{sections}\n")).replace("config.toml:", "");
    assert_eq!(
        said("[failover]\nby = \"watcher\""),
        "11: [failover] by: nothing watches this stack: set [watch] image\n\
         11: [failover] by: nothing proves that the old writer takes no writes when a watcher promotes another: set \
         [failover] guard_image, or write accept_unproven_fence = true"
    );
    assert_eq!(
        said("[failover]\nfence = \"guard\""),
        "11: [failover] fence: \"guard\" needs a guard in every task: set [failover] guard_image"
    );
    assert_eq!(
        said("[failover]\nguard_image = \"tandem:1\"\nfence = \"aurora\""),
        "11: [failover] guard_image: the fence is another: remove it, or write fence = \"guard\""
    );
    assert!(
        said("[watch]\nimage = \"1.dkr.ecr.us-east-1.amazonaws.com/t:1\"").starts_with("11: [watch] image: is kept")
    );
    let image = "1.dkr.ecr.{region}.amazonaws.com/tandem:1";
    let guarded =
        added(&format!("[watch]\nimage = \"{image}\"\n[failover]\nby = \"watcher\"\nguard_image = \"{image}\""));
    let spec = guarded.unwrap().spec;
    assert_eq!((spec.stack.fails_over, spec.stack.fence), (FailsOver::Watcher, Fence::Guard));
    assert_eq!(spec.watch_regions(), ["us-east-1", "eu-west-1", "us-east-2"]);
    assert!(spec.watch.file.contains("by = \"watcher\""), "watchers are told what is written");
    let trusting = "[watch]\nimage = \"t:1\"\n[failover]\nby = \"watcher\"\naccept_unproven_fence = true";
    assert!(added(trusting).is_ok());
    assert_eq!(added(trusting).unwrap().stack.max_data_loss.as_secs(), 300);
    let hasty = said(&format!("{trusting}\nmax_data_loss_s = 60"));
    assert!(hasty.starts_with("15: [failover] max_data_loss_s: 60 allows no failover of a watcher"), "{hasty}");
    assert!(added("[failover]\nfence = \"app-lease\"").is_ok());
}

#[test]
fn watchers_have_roles_and_a_topic_where_nothing_else_is() {
    let added = |sections: &str| parse(Path::new("config.toml"), &format!("{GOOD}{sections}\n"));
    let topic = "[alerts.topics]\nus-east-2 = \"arn:aws:sns:us-east-2:123456789012:ops\"\n";
    let watch = "[watch]\nimage = \"t:1\"\n";
    assert!(added(topic).is_err());
    assert_eq!(added(&format!("{topic}{watch}")).unwrap().spec.alerts.topics.len(), 1);
    assert!(
        added(&format!("{}{watch}", topic.replace("us-east-2", "us-west-2"))).is_err(),
        "nobody watches from there"
    );
    let roles = "[roles]\ntask = \"arn:aws:iam::123456789012:role/t\"\n\
                 execution = \"arn:aws:iam::123456789012:role/e\"\npath = \"/x/\"\n";
    assert!(added(roles).is_err());
    assert_eq!(added(&format!("{roles}{watch}")).unwrap().spec.roles.path, "/x/");
}

#[test]
fn watchers_are_told_what_has_to_do_with_them_and_no_more() {
    let added = |sections: &str| parse(Path::new("config.toml"), &format!("{GOOD}{sections}\n")).unwrap();
    let watch = "[watch]\nimage = \"t:1\"\n[failover]\nguard_image = \"t:1\"\n[guardrails]\ncapacity_headroom = 2.0\n";
    let all = added(watch);
    let told = parse(Path::new("TANDEM_CONFIG"), &all.spec.watch.file).unwrap();
    assert_eq!((&told.stack, &told.spec.control_regions), (&all.stack, &all.spec.control_regions));
    assert_eq!(told.spec.watch_regions(), all.spec.watch_regions());
    assert_eq!(told.spec.watch.file, all.spec.watch.file, "and they tell the same");
    let other = added(&format!("{watch}[database]\nclass = \"db.r7g.large\"\n[ui]\nmouse = false\n"));
    assert_eq!(other.spec.watch.file, all.spec.watch.file, "nothing of it is a watcher's");
}

#[test]
fn a_guard_needs_a_way_to_the_control_table() {
    let closed = GOOD.replace("\"eu-west-1\"", "\"eu-west-1\"\nnat = \"none\"");
    let with = |sections: &str| parse(Path::new("config.toml"), &format!("{closed}{sections}\n"));
    assert!(with("").is_ok());
    let guard = "[failover]\nguard_image = \"t:1\"\n";
    let said = with(guard).unwrap_err().to_string();
    assert!(said.contains("12: [failover] guard_image: no task of eu-west-1 would begin"), "{said}");
    let control = "[control]\nregions = [\"eu-west-1\", \"eu-west-2\", \"eu-central-1\"]\n";
    assert!(with(&format!("{control}{guard}")).is_ok());
}

#[test]
fn mistakes_of_a_deployment_say_what_would_be_right() {
    let added = |section: &str| mistakes(&format!("{GOOD}{section}\n"));
    let region = |key: &str| mistakes(&GOOD.replace("\"eu-west-1\"", &format!("\"eu-west-1\"\n{key}")));
    let cases = [
        (
            added("[app]\nimage = \"1.dkr.ecr.us-east-1.amazonaws.com/shop:1\""),
            "11: [app] image: is kept in us-east-1 alone, it would be lost with its Region: replicate it and write \
             `{region}` for us-east-1",
        ),
        (
            added("[app]\nimage = \"1.dkr.ecr.{regoin}.amazonaws.com/shop:1\""),
            "11: [app] image: `{regoin}` stands for nothing: did you mean `{region}`?",
        ),
        (
            added("[app]\ncpu = 1000"),
            "11: [app] cpu: 1000 is none of 256, 512, 1024, 2048, 4096, 8192, 16384: the nearest is 1024",
        ),
        (
            added("[app]\nmemory = 9000"),
            "11: [app] memory: 9000 MiB with cpu 1024: Fargate takes 2048 to 8192 MiB by 1024: the nearest is 8192",
        ),
        (
            added("[app]\ncpu = 256\nmemory = 1536"),
            "12: [app] memory: 1536 MiB with cpu 256: Fargate takes 512, 1024 or 2048 MiB: the nearest is 1024",
        ),
        (
            added("[app]\ncpu = 4096"),
            "11: [app] memory: 2048 MiB with cpu 4096: Fargate takes 8192 to 30720 MiB by 1024: the nearest is 8192",
        ),
        (
            added("[app]\nautoscaling = false\nmin = 2"),
            "12: [app] min: has no effect with autoscaling = false: remove one of them",
        ),
        (added("[app]\nmin = 20"), "11: [app] min: 20 is more than max 12: lower min or raise max"),
        (added("[app]\ndesired = 20"), "11: [app] desired: 20 is not between min 3 and max 12: change one of them"),
        (added("[app]\nport = 0"), "11: [app] port: must be from 1 to 65535, like 8080"),
        (
            added("[app]\nlog_retention_days = 31"),
            "11: [app] log_retention_days: 31 is none of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, \
             731, 1096, 1827, 2192, 2557, 2922, 3288, 3653: the nearest is 30",
        ),
        (
            added("[app]\nenvironment = { DB_HOST = \"x\" }"),
            "11: [app] environment: DB_HOST is told by the deployment: remove it",
        ),
        (
            added("[app]\ncontainer_insight = true"),
            "11: [app] unknown key `container_insight`: did you mean `container_insights`?",
        ),
        (region("nat = \"per-zones\""), "8: [[regions]] nat: no \"per-zones\": did you mean \"per-zone\"?"),
        (region("zones = 4"), "8: [[regions]] zones: must be from 2 to 3, like 3"),
        (
            region("vpc_cidr = \"10.1.2.0/16\""),
            "8: [[regions]] vpc_cidr: `10.1.2.0/16` is an address within a network: use `10.1.0.0/16`",
        ),
        (
            region("vpc_cidr = \"10.9.0.0/26\""),
            "8: [[regions]] vpc_cidr: `10.9.0.0/26` is too small for the subnets that are made: use /23 or more",
        ),
        (
            region("vpc_cidr = \"10.0.0.0/8\""),
            "8: [[regions]] vpc_cidr: `10.0.0.0/8`: AWS takes networks from /16 to /28: use one like `10.0.0.0/16`",
        ),
        (
            added("[database]\nclass = \"db.t4g.medium\""),
            "11: [database] class: `db.t4g.medium`: a global database takes no burstable instances: use one like \
             `db.r6g.large`",
        ),
        (
            added("[database]\nclass = \"r6g.large\""),
            "11: [database] class: `r6g.large` is no memory-optimised class, as a global database takes them: did you \
             mean `db.r6g.large`?",
        ),
        (
            added("[database]\nversion = \"15.4\""),
            "11: [database] version: 15.4 cannot forward writes both within a Region and between Regions: use 15.8 or \
             later",
        ),
        (
            added("[database]\nversion = \"16\""),
            "11: [database] version: `16` is no version of Aurora PostgreSQL: use one like `16.6`",
        ),
        (added("[database]\ninstances = 16"), "11: [database] instances: must be from 1 to 15, like 2"),
        (
            added("[control]\nregions = [\"us-east-1\", \"us-east-2\", \"eu-west-1\"]"),
            "11: [control] regions: a strongly consistent table has three Regions of one set: choose three of \
             us-east-1, us-east-2, us-west-2; eu-west-1, eu-west-2, eu-west-3, eu-central-1; ap-northeast-1, \
             ap-northeast-2, ap-northeast-3",
        ),
        (
            added("[control]\nregions = [\"us-east-1\", \"us-east-3\", \"us-west-2\"]"),
            "11: [control] regions: `us-east-3` is no Region: did you mean `us-east-1`?",
        ),
        (
            mistakes(&GOOD.replace("zone = \"example.com\"", "zone = \"example.com\"\nrouting = \"latent\"")),
            "10: [dns] routing: no \"latent\": did you mean \"latency\"?",
        ),
        (
            added("[alerts.topics]\neu-west-1 = \"arn:aws:sns:us-east-1:123456789012:ops\""),
            "11: [alerts] topics: `arn:aws:sns:us-east-1:123456789012:ops` is no topic of eu-west-1: use one like \
             `arn:aws:sns:eu-west-1:123456789012:ops`",
        ),
        (
            mistakes(&GOOD.replace("\"shop\"", "\"shop\"\ntags = { Name = \"x\" }")),
            "4: [stack] tags: `Name`: `aws:`, `tandem:` and `Name` are taken: use another key",
        ),
        (
            mistakes(&GOOD.replace("zone = \"example.com\"", "zone = \"example.com\"\ncertificates = \"yes\"")),
            "10: [dns] invalid type: string \"yes\", expected a boolean",
        ),
        (
            mistakes(&GOOD.replace(
                "zone = \"example.com\"",
                &format!("zone = \"example.com\"\ncertificates = true\nname = \"{}.example.com\"", "a".repeat(53)),
            )),
            "11: [dns] name: 65 characters: certificates that are made take at most 64: use a shorter one",
        ),
        (
            region("certificate = \"arn:aws:acm:eu-west-1:1:certificate/x\""),
            "5: [[regions]] certificate: some Regions have one: every Region needs its own: give it, or let it be made \
             with [dns] certificates = true",
        ),
        (
            region("certificate = \"arn:aws:acm:us-east-1:1:certificate/x\"").lines().last().unwrap_or("").into(),
            "8: [[regions]] certificate: is one of us-east-1: load balancers of eu-west-1 take those of eu-west-1 \
             only: request one there",
        ),
    ];
    for (said, expected) in cases {
        assert_eq!(said, format!("config.toml:{expected}"));
    }
}

#[test]
fn certificates_are_made_where_none_is_given() {
    let spec = |text: &str| parse(Path::new("config.toml"), text).unwrap().spec;
    let plain = spec(&GOOD.replace("[dns]\n", "[dns]\ncertificates = false\n"));
    assert!(!plain.stack.https && plain.regions.iter().all(|site| site.certificate.is_none()));
    let made = GOOD.replace("[dns]\n", "[dns]\ncertificates = true\n");
    let all = spec(&made);
    assert!(all.stack.https && all.regions.iter().all(Site::makes_certificate));
    let arn = "arn:aws:acm:eu-west-1:123456789012:certificate/x";
    let mixed = spec(&made.replace("\"eu-west-1\"\n", &format!("\"eu-west-1\"\ncertificate = \"{arn}\"\n")));
    let certificates: Vec<_> = mixed.regions.iter().filter_map(|site| site.certificate.clone()).collect();
    assert_eq!(certificates, [Certificate::Made, Certificate::Given(arn.into())]);
    assert!(mixed.stack.https);
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert!(parse(Path::new("config.toml"), &format!("\u{feff}{GOOD}")).is_ok());
}

#[test]
fn the_example_is_valid_and_names_every_key() {
    let text = include_str!("../../config.example.toml");
    parse(Path::new("config.example.toml"), text).unwrap();
    let keys = "name environment tags image port health_path cpu memory desired autoscaling min max cpu_target \
        container_insights log_retention_days task_definition certificate vpc_cidr zones nat vpc public_subnets private_subnets \
        route_tables path permissions_boundary execution task repositories grants version class instances backup_days \
        ttl_attribute zone routing certificates regions topics ramp floor_regions capacity_headroom by max_data_loss_s \
        fence guard_image accept_unproven_fence theme mouse \
        global_cluster sessions_table heartbeat_secret heartbeat_database service load_balancer target_group listener \
        database_cluster";
    for key in keys.split_whitespace() {
        assert!(text.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{key} ="))), "{key}");
    }
}

#[test]
fn mistakes_name_file_line_key_and_the_way_out() {
    let edit = |from: &str, to: &str| mistakes(&GOOD.replace(from, to));
    let cases = [
        (edit("zone =", "zome ="), "config.toml:9: [dns] unknown key `zome`: did you mean `zone`?"),
        (edit("[dns]", "[dms]"), "config.toml:8: [dms] unknown key `dms`: did you mean `dns`?"),
        (
            edit("eu-west-1", "eu-wset-1"),
            "config.toml:7: [[regions]] name: `eu-wset-1` is no Region: did you mean `eu-west-1`?",
        ),
        (edit("eu-west-1", "us-east-1"), "config.toml:7: [[regions]] name: `us-east-1` stands twice: remove one"),
        (
            edit("\"shop\"", "\"Shop!\""),
            "config.toml:3: [stack] name: use lower-case letters, digits and single inner hyphens, a letter first, like `shop`",
        ),
        (edit("\"shop\"", "7"), "config.toml:3: [stack] invalid type: integer `7`, expected a string"),
        (
            edit("\"example.com\"", "\"nodots\""),
            "config.toml:9: [dns] zone: `nodots` is no DNS name: use one like `example.com`",
        ),
        (
            edit("name = \"shop\"", ""),
            "config.toml:2: [stack] key `name` is missing: add it, config.example.toml shows how",
        ),
        (
            mistakes(&format!("{GOOD}[operations]\nramp = [50, 75, 0]\n")),
            "config.toml:11: [operations] ramp: must fall from below 100 to 0, like [75, 50, 25, 0]",
        ),
        (
            mistakes(&format!("{GOOD}[failover]\nby = \"humans\"\n")),
            "config.toml:11: [failover] by: no \"humans\": did you mean \"human\"?",
        ),
        (
            mistakes(&format!("{GOOD}[guardrails]\ncapacity_headroom = nan\n")),
            "config.toml:11: [guardrails] capacity_headroom: must be a number from 1.0 to 10.0, like 1.25",
        ),
        (
            mistakes(&format!("{GOOD}[guardrails]\nfloor_regions = 2\n")),
            "config.toml:11: [guardrails] floor_regions: 2 with 2 Regions: must be at least 1 and leave one to spare",
        ),
    ];
    for (said, expected) in cases {
        assert_eq!(said, expected);
    }
}

#[test]
fn keys_are_one_or_several_and_keep_their_line() {
    let text = format!("{GOOD}[keys]\ndrain = \"D\"\n\"tab.dns\" = [\"n\", \"space n\"]\n[ui]\nmouse = false\n");
    let config = parse(Path::new("config.toml"), &text).unwrap();
    let told: Vec<(&str, usize, usize)> =
        config.keys.iter().map(|one| (one.action.as_str(), one.keys.len(), one.line)).collect();
    assert_eq!(told, [("drain", 1, 11), ("tab.dns", 2, 12)]);
    assert!(!config.ui.mouse);
    let wrong = mistakes(&format!("{GOOD}[keys]\ndrain = 7\n"));
    assert_eq!(wrong, "config.toml:11: [keys] expected a key like \"d\", or a list of keys");
}

#[test]
fn several_mistakes_are_told_at_once() {
    let said = mistakes(&GOOD.replace("eu-west-1", "us-east-1").replace("\"shop\"", "\"-\""));
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn a_broken_file_is_an_error_with_a_line() {
    assert!(mistakes("[stack\nname = 1").starts_with("config.toml:1: "));
    assert!(mistakes(&"#".repeat(2 << 20)).contains("larger than 1 MiB"));
}

#[test]
fn a_named_file_must_exist() {
    let missing = find(&crate::host::disk::RealDisk, Some(Path::new("/nonexistent/x.toml")), None);
    assert!(missing.unwrap_err().to_string().starts_with("/nonexistent/x.toml: cannot be read"));
}
