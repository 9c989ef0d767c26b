//! What is asked: a field each, with what it means.

use super::answers::Answers;
use super::pages::Page;

/// Regions that the wizard asks for at most; a file may name more.
pub const MOST_REGIONS: usize = 3;

/// Something that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// `app.image`, `regions.1.name`.
    pub id: String,
    pub page: Page,
    pub label: &'static str,
    pub kind: Kind,
    /// What is taken when nothing is answered.
    pub usual: String,
    /// What it means and what comes of it.
    pub means: &'static str,
}

/// How it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A whole number.
    Number,
    Decimal,
    /// Whole numbers with commas between.
    Numbers,
    /// Texts with commas between.
    Texts,
    /// `KEY=value` with commas between.
    Pairs,
    /// One of a few words, each with what it stands for.
    Choice(&'static [(&'static str, &'static str)]),
    /// One of many, or what is typed.
    Pick(List),
}

/// What is picked from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Regions,
    /// Those of the account.
    Zones,
    Versions,
    Classes,
}

pub const YES_NO: &[(&str, &str)] = &[("yes", "yes"), ("no", "no")];
const NETWORK: &[(&str, &str)] = &[("made", "a new VPC is made"), ("given", "a VPC that stands is used")];
const NAT: &[(&str, &str)] =
    &[("per-zone", "a NAT gateway a zone"), ("one", "one NAT gateway, cheaper"), ("none", "no way out but AWS")];
const ROUTING: &[(&str, &str)] = &[("latency", "the nearest Region"), ("geolocation", "by continent")];
const FAILOVER: &[(&str, &str)] =
    &[("human", "a human, by a key"), ("watcher", "a watcher too"), ("nobody", "nobody: Tandem refuses to")];
const FENCE: &[(&str, &str)] = &[
    ("aurora", "Aurora, as best it can"),
    ("guard", "a guard in every task"),
    ("app-lease", "the application's own lease"),
];
const HTTPS: &[(&str, &str)] =
    &[("none", "HTTP alone"), ("made", "certificates are made"), ("given", "certificates that stand")];

/// Every field, in the order of the pages.
pub fn all() -> Vec<Field> {
    let mut fields = account();
    (1..=MOST_REGIONS).for_each(|number| fields.extend(region(number)));
    fields.extend(app());
    fields.extend(data());
    fields.extend(dns());
    fields.extend(safety());
    fields
}

/// Whether it is asked, after what was answered to others.
pub fn is_asked(field: &Field, answers: &Answers) -> bool {
    let is = |id: &str, usual: &str, wanted: &str| answers.own(id).unwrap_or(usual) == wanted;
    if let Some((number, key)) = field.id.strip_prefix("regions.").and_then(|rest| rest.split_once('.')) {
        let there = number != "3" || !answers.own("regions.3.name").unwrap_or("").trim().is_empty();
        let given = is(&format!("regions.{number}.network"), "made", "given");
        return match key {
            "name" => true,
            "certificate" => there && is("dns.https", "none", "given"),
            "zones" | "nat" => there && !given,
            "vpc" | "public_subnets" | "private_subnets" | "route_tables" => there && given,
            _ => there,
        };
    }
    match field.id.as_str() {
        "app.min" | "app.max" | "app.cpu_target" => is("app.autoscaling", "yes", "yes"),
        "failover.guard_image" => is("failover.fence", "aurora", "guard"),
        "failover.accept_unproven_fence" => {
            is("failover.by", "human", "watcher") && is("failover.fence", "aurora", "aurora")
        }
        _ => true,
    }
}

fn field(
    page: Page,
    id: impl Into<String>,
    label: &'static str,
    kind: Kind,
    usual: &str,
    means: &'static str,
) -> Field {
    Field { id: id.into(), page, label, kind, usual: usual.into(), means }
}

fn account() -> Vec<Field> {
    let on = |id: &str, label, kind, usual: &str, means| field(Page::Account, id, label, kind, usual, means);
    vec![
        on(
            "stack.name",
            "stack",
            Kind::Text,
            "shop",
            "Names every resource: cluster `shop`, load balancers `shop-web`, tables `shop-sessions`. It cannot be changed later.",
        ),
        on(
            "stack.environment",
            "environment",
            Kind::Text,
            "prod",
            "Stands in the console's first line; `prod` and `production` are drawn in the colour of danger.",
        ),
        on(
            "stack.tags",
            "tags",
            Kind::Pairs,
            "",
            "On every resource, beside Tandem's own: `team=shop, cost-centre=1234`.",
        ),
    ]
}

fn region(number: usize) -> Vec<Field> {
    let labels: [&'static str; 3] = ["first Region", "second Region", "third Region"];
    let (label, usual) = (labels[(number - 1).min(2)], ["us-east-1", "eu-west-1", ""][(number - 1).min(2)]);
    let on = |key: &str, label, kind, usual: &str, means| {
        field(Page::Regions, format!("regions.{number}.{key}"), label, kind, usual, means)
    };
    let means = match number {
        1 => {
            "The home of what needs one: the database is first made there. Which Region writes later is decided by failovers."
        }
        2 => "Far enough away not to share a disaster, near enough for the lag that you can bear.",
        _ => {
            "May be left empty. With three Regions the loss of one leaves two, and data rules of a continent can be kept."
        }
    };
    vec![
        on("name", label, Kind::Pick(List::Regions), usual, means),
        on(
            "network",
            "  network",
            Kind::Choice(NETWORK),
            "made",
            "Tandem makes a VPC with subnets in each zone, or uses one that stands: then only security groups and routes are added.",
        ),
        on(
            "vpc_cidr",
            "  addresses",
            Kind::Text,
            &format!("10.{}.0.0/16", number - 1),
            "The range of the VPC. It must overlap none of the others, for they are peered, and cannot be changed later.",
        ),
        on("zones", "  zones", Kind::Number, "3", "Availability Zones that the network spans: 2 or 3."),
        on(
            "nat",
            "  way out",
            Kind::Choice(NAT),
            "per-zone",
            "How tasks reach the world. One gateway is cheaper and takes all zones along when its own is lost; without any, tasks reach only the services of AWS.",
        ),
        on("vpc", "  VPC", Kind::Text, "", "The id of the VPC, like vpc-0123456789abcdef0."),
        on(
            "public_subnets",
            "  public",
            Kind::Texts,
            "",
            "The subnets of the load balancer, with commas between; two zones at least.",
        ),
        on(
            "private_subnets",
            "  private",
            Kind::Texts,
            "",
            "The subnets of tasks and database, with commas between; two zones at least.",
        ),
        on(
            "route_tables",
            "  routes",
            Kind::Texts,
            "",
            "The route tables of the private subnets: they get the routes to the other Regions.",
        ),
    ]
}

fn app() -> Vec<Field> {
    let on =
        |id: &str, label, kind, usual: &str, means| field(Page::App, format!("app.{id}"), label, kind, usual, means);
    vec![
        on(
            "image",
            "image",
            Kind::Text,
            "",
            "What tasks run. Write {region} where the registry has the Region, as in 123456789012.dkr.ecr.{region}.amazonaws.com/shop-web:1.0: an image that is kept in one Region alone is lost with it.",
        ),
        on("port", "port", Kind::Number, "8080", "What the container listens on."),
        on(
            "health_path",
            "health path",
            Kind::Text,
            "/health",
            "What Route 53 and the load balancers ask. It must not touch the database's writer: a writer that is down would fail every Region at once.",
        ),
        on(
            "cpu",
            "CPU units",
            Kind::Number,
            "1024",
            "Of a task; 1024 are one vCPU. Fargate knows 256, 512, 1024, 2048, 4096, 8192 and 16384.",
        ),
        on("memory", "memory, MiB", Kind::Number, "2048", "Of a task, as Fargate pairs it with the CPU units."),
        on(
            "desired",
            "tasks a Region",
            Kind::Number,
            "3",
            "When it is made; afterwards autoscaling and operations decide. Each Region should carry all users alone.",
        ),
        on(
            "autoscaling",
            "autoscaling",
            Kind::Choice(YES_NO),
            "yes",
            "Whether Application Auto Scaling keeps the count between a least and a most.",
        ),
        on("min", "  at least", Kind::Number, "3", "Tasks that autoscaling never goes below."),
        on(
            "max",
            "  at most",
            Kind::Number,
            "12",
            "Tasks that autoscaling never goes above: room for the load of a lost Region.",
        ),
        on("cpu_target", "  aims at, % CPU", Kind::Number, "60", "The use of CPU that autoscaling aims at."),
        on(
            "environment",
            "environment",
            Kind::Pairs,
            "",
            "What tasks are told beside DB_HOST, DB_WRITER_HOST and SESSIONS_TABLE: `LOG_LEVEL=info, MODE=web`. No secrets: everyone can read it.",
        ),
        on(
            "task_definition",
            "task definition",
            Kind::Text,
            "",
            "A file beside the configuration, in the form of `aws ecs register-task-definition --cli-input-json`: what else the container has, and others that run beside it. May be left empty.",
        ),
        on(
            "log_retention_days",
            "logs, days",
            Kind::Number,
            "30",
            "How long logs are kept: one of the periods that CloudWatch Logs knows.",
        ),
    ]
}

fn data() -> Vec<Field> {
    let on = |id: &str, label, kind, usual: &str, means| {
        field(Page::Database, format!("database.{id}"), label, kind, usual, means)
    };
    vec![
        on(
            "version",
            "version",
            Kind::Pick(List::Versions),
            "16.6",
            "Of Aurora PostgreSQL: one that forwards writes within a Region and between Regions (14.13, 15.8, 16.4 and later).",
        ),
        on(
            "class",
            "instance class",
            Kind::Pick(List::Classes),
            "db.r6g.large",
            "Memory-optimised: a global database takes no burstable instances.",
        ),
        on(
            "instances",
            "instances a Region",
            Kind::Number,
            "2",
            "With one, the loss of a zone is the loss of the Region's database.",
        ),
        on("backup_days", "backups, days", Kind::Number, "7", "How long automatic backups are kept."),
        field(
            Page::Sessions,
            "sessions.ttl_attribute",
            "end of a session",
            Kind::Text,
            "expires_at",
            "The attribute of a session with the moment of its end, in seconds since 1970: DynamoDB then deletes it.",
        ),
    ]
}

fn dns() -> Vec<Field> {
    let on =
        |id: &str, label, kind, usual: &str, means| field(Page::Dns, format!("dns.{id}"), label, kind, usual, means);
    let mut fields = vec![
        on(
            "zone",
            "hosted zone",
            Kind::Pick(List::Zones),
            "",
            "A public hosted zone of this account: everything that Tandem makes in Route 53 lies below it.",
        ),
        on("name", "users ask for", Kind::Text, "", "A name below the zone; left empty it is `app.` and the zone."),
        on(
            "routing",
            "routing",
            Kind::Choice(ROUTING),
            "latency",
            "Which Region a user is sent to: the one with the least latency, or by continent, the first Region for whoever is on none.",
        ),
        on(
            "https",
            "HTTPS",
            Kind::Choice(HTTPS),
            "none",
            "With certificates users and health checks speak HTTPS, and HTTP is redirected. They are made, free and proven by records in the zone, or stand in each Region and name the users' name and both of the Region's.",
        ),
    ];
    fields.extend((1..=MOST_REGIONS).map(|number| {
        let label = ["  first's ARN", "  second's ARN", "  third's ARN"][number - 1];
        let means = "The ARN of the certificate of this Region's load balancer, from ACM in the same Region.";
        field(Page::Dns, format!("regions.{number}.certificate"), label, Kind::Text, "", means)
    }));
    fields
}

fn safety() -> Vec<Field> {
    let on = |id: &str, label, kind, usual: &str, means| field(Page::Safety, id, label, kind, usual, means);
    vec![
        on(
            "failover.by",
            "fails over",
            Kind::Choice(FAILOVER),
            "human",
            "Who moves the database's writer. Users leave a sick Region by themselves, by health checks. A watcher moves the writer only when its Region is lost beyond doubt, once, and never back.",
        ),
        on(
            "watch.image",
            "watchers' image",
            Kind::Text,
            "",
            "Tandem's own image, made of the Dockerfile of its repository; {region} stands for the Region. With it a watcher runs in every Region and in one outside of them, and evacuates a Region that does not serve. Left empty: nothing watches.",
        ),
        on(
            "failover.fence",
            "old writer's fence",
            Kind::Choice(FENCE),
            "aurora",
            "What keeps the tasks of a lost Region from writing to the old writer when another is promoted. Aurora's own fence proves nothing beforehand. A guard or a lease of the application ends within 150 s: a failover waits for it.",
        ),
        on(
            "failover.guard_image",
            "  guard's image",
            Kind::Text,
            "",
            "Tandem's own image, as a second container of every task: it ends the task when its Region was deposed or is cut off.",
        ),
        on(
            "failover.accept_unproven_fence",
            "  unproven is fine",
            Kind::Choice(YES_NO),
            "no",
            "Whether a watcher may promote where nothing proves that the old writer takes no writes any more. Writes that it took are lost then.",
        ),
        on(
            "failover.max_data_loss_s",
            "loss allowed, s",
            Kind::Number,
            "60",
            "What a failover of the database may lose, in seconds of writes, before its plan warns. A watcher loses no more than that, and needs 300: it is sure after minutes only.",
        ),
        on(
            "guardrails.floor_regions",
            "Regions that serve",
            Kind::Number,
            "1",
            "Regions that must go on serving, whatever is drained. It must leave one to spare.",
        ),
        on(
            "guardrails.capacity_headroom",
            "headroom",
            Kind::Decimal,
            "1.25",
            "Receivers should carry the load that moves to them this many times over.",
        ),
        on(
            "operations.ramp",
            "a drain's steps",
            Kind::Numbers,
            "75, 50, 25, 0",
            "Percent of a Region's users at each step of a planned drain; a restore goes the other way.",
        ),
        on(
            "control.regions",
            "control table",
            Kind::Texts,
            "",
            "Three Regions of one set, forever: leases and the journal are kept there, and two of them must be reachable for anyone to begin an apply. Left empty: the first Region of the stack that is in a set, and two of that set. Sets: us-east-1, us-east-2, us-west-2; eu-west-1, eu-west-2, eu-west-3, eu-central-1; ap-northeast-1, -2, -3.",
        ),
        on(
            "alerts.topics",
            "alarms tell",
            Kind::Texts,
            "",
            "SNS topics by ARN, one a Region, with commas between; alarms of Route 53 tell the one in us-east-1.",
        ),
        on(
            "roles.permissions_boundary",
            "roles' boundary",
            Kind::Text,
            "",
            "The ARN of a policy that roles which are made cannot exceed; may be left empty.",
        ),
    ]
}
