//! Every kind of fault, as data: whoever offers faults to a user reads them here.

use serde::Serialize;

/// A kind of fault.
#[derive(Debug, PartialEq, Serialize)]
pub struct Kind {
    /// `F16`.
    pub id: &'static str,
    /// `apis-hang`.
    pub name: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub parameters: &'static [Parameter],
}

impl Kind {
    /// Whether it can be told this.
    pub fn takes(&self, name: &str) -> bool {
        self.parameters.iter().any(|parameter| parameter.name == name)
    }
}

/// What a kind can be told.
#[derive(Debug, PartialEq, Serialize)]
pub struct Parameter {
    pub name: &'static str,
    pub description: &'static str,
    /// Must be given.
    pub required: bool,
    /// What is taken when it is not given; `None` with `required: false` means everything.
    pub default: Option<f64>,
}

const fn required(name: &'static str, description: &'static str) -> Parameter {
    Parameter { name, description, required: true, default: None }
}

const fn optional(name: &'static str, description: &'static str) -> Parameter {
    Parameter { name, description, required: false, default: None }
}

const fn number(name: &'static str, description: &'static str, default: f64) -> Parameter {
    Parameter { name, description, required: false, default: Some(default) }
}

/// How long a fault lasts unless told otherwise, seconds (assumed).
pub const DURATION_S: f64 = 600.0;
/// The zone that is lost unless told otherwise (assumed).
pub const ZONE: &str = "a";
/// Who is cut off unless told otherwise: a continent (assumed).
pub const FROM: &str = "NA";
/// No fault lasts longer, seconds: a week (assumed).
pub const LONGEST_S: f64 = 604_800.0;

/// What a quota can be told to be, at most.
pub const MOST_OF_A_QUOTA: f64 = 100_000.0;

const DURATION: Parameter = number("duration_s", "how long it lasts, seconds", DURATION_S);
const START: Parameter = number("start_s", "how long until it begins, seconds", 0.0);
const ANY_REGION: Parameter = optional("region", "the Region whose APIs are hit; all when absent");
const REGION: Parameter = required("region", "the Region that is hit");
const SERVICE: Parameter = optional("service", "the service that is hit, by signing name; all when absent");
const OPERATION: Parameter = optional("operation", "the operation that is hit; all when absent");

const fn rate(default: f64) -> Parameter {
    number("rate", "the share of calls that is hit, 0 to 1", default)
}

const fn rate_of_growth(default: f64) -> Parameter {
    number("rate", "seconds of lag that a second adds, 0 to 1", default)
}

macro_rules! calls {
    ($($more:expr),*) => {
        &[ANY_REGION, SERVICE, OPERATION, $($more,)* DURATION, START]
    };
}

/// What can be started. Rates, delays and periods are assumed; each can be told otherwise.
pub const CATALOGUE: &[Kind] = &[
    Kind {
        id: "F1",
        name: "hang",
        title: "API calls hang",
        description: "Calls get no answer and are not carried out.",
        parameters: calls![rate(1.0)],
    },
    Kind {
        id: "F2",
        name: "slow",
        title: "API calls are slow",
        description: "Calls are carried out and answered late.",
        parameters: calls![rate(1.0), number("delay_s", "how late, seconds, up to 300", 20.0)],
    },
    Kind {
        id: "F3",
        name: "errors",
        title: "API calls fail with 5xx",
        description: "Calls are refused with 500 or 503 and not carried out.",
        parameters: calls![rate(0.5)],
    },
    Kind {
        id: "F4",
        name: "throttle",
        title: "API calls are throttled",
        description: "Calls are refused with the service's throttling error.",
        parameters: calls![rate(0.5)],
    },
    Kind {
        id: "F5",
        name: "reset-after-applied",
        title: "Connections are reset after the call was carried out",
        description: "Calls are carried out; the connection is closed without an answer.",
        parameters: calls![rate(0.3)],
    },
    Kind {
        id: "F6",
        name: "body-lost",
        title: "Answers are cut off",
        description: "Calls are carried out and answered 200, but half of the body is lost.",
        parameters: calls![rate(0.3)],
    },
    Kind {
        id: "F7",
        name: "body-malformed",
        title: "Answers do not parse",
        description: "Calls are carried out and answered 200, but the body is the broken HTML of a proxy.",
        parameters: calls![rate(0.3)],
    },
    Kind {
        id: "F8",
        name: "pages-end-early",
        title: "Lists end early",
        description: "Answers that have a place for the token of a next page, filled or not, lose it and the second half \
                      of each of their lists; other answers are left alone.",
        parameters: calls![rate(1.0)],
    },
    Kind {
        id: "F9",
        name: "stale-reads",
        title: "Reads are stale",
        description: "Reads are answered from the past; DynamoDB's strongly consistent ones are not.",
        parameters: calls![rate(1.0), number("delay_s", "how far in the past at most, seconds, up to 120", 20.0)],
    },
    Kind {
        id: "F10",
        name: "delivered-twice",
        title: "Changes are delivered twice",
        description: "Calls that change something are carried out a second time; the answer is the first one's.",
        parameters: calls![rate(0.3)],
    },
    Kind {
        id: "F11",
        name: "token-expired",
        title: "The security token has expired",
        description: "Calls are refused as those of expired credentials are.",
        parameters: calls![rate(1.0)],
    },
    Kind {
        id: "F12",
        name: "clock-skew",
        title: "The caller's clock is behind",
        description: "Signatures are refused as expired.",
        parameters: calls![rate(1.0), number("delay_s", "how far the clock is behind, seconds", 900.0)],
    },
    Kind {
        id: "F13",
        name: "permission-revoked",
        title: "A permission is revoked",
        description: "Calls are refused as those of a user without permission are; GetCallerIdentity needs none.",
        parameters: calls![],
    },
    Kind {
        id: "F14",
        name: "sts-down",
        title: "STS of a Region is down",
        description: "STS of the Region refuses with 503; its other APIs take the credentials that there are.",
        parameters: &[REGION, DURATION, START],
    },
    Kind {
        id: "F15",
        name: "data-plane-down",
        title: "A Region's data plane is down",
        description: "No user, checker or other Region reaches the Region; its APIs answer.",
        parameters: &[REGION, DURATION, START],
    },
    Kind {
        id: "F16",
        name: "apis-hang",
        title: "A Region's APIs hang",
        description: "No API of the Region answers; its users notice nothing.",
        parameters: &[REGION, DURATION, START],
    },
    Kind {
        id: "F17",
        name: "region-down",
        title: "A Region is gone",
        description: "No packet reaches the Region and none of its APIs answers.",
        parameters: &[REGION, DURATION, START],
    },
    Kind {
        id: "F18",
        name: "zone-down",
        title: "An availability zone is unreachable",
        description: "No packet reaches one zone of a Region.",
        parameters: &[REGION, optional("zone", "the zone, as eu-west-1a or as a; a when absent"), DURATION, START],
    },
    Kind {
        id: "F19",
        name: "partition",
        title: "Some cannot reach a Region, others can",
        description: "Packets from one continent, place or Region do not reach the Region.",
        parameters: &[
            REGION,
            optional("from", "who is cut off: a continent (AF AN AS EU NA OC SA), a place or a Region; NA when absent"),
            DURATION,
            START,
        ],
    },
    Kind {
        id: "F20",
        name: "flapping",
        title: "A Region's data plane goes down and comes back, again and again",
        description: "In every period the Region is unreachable for the first half and reachable for the second.",
        parameters: &[REGION, number("period_s", "the length of one period, seconds", 120.0), DURATION, START],
    },
    Kind {
        id: "F21",
        name: "global-control-planes-down",
        title: "The global control planes in us-east-1 are down",
        description: "Route 53's API and its metrics are gone and pending changes are lost; DNS and checkers go on.",
        parameters: &[DURATION, START],
    },
    Kind {
        id: "F22",
        name: "lag-ramp",
        title: "A secondary of the database falls behind",
        description: "The lag of the Region's member grows by as much a second, up to as long as it lasts.",
        parameters: &[REGION, rate_of_growth(0.5), DURATION, START],
    },
    Kind {
        id: "F23",
        name: "lag-metric-frozen",
        title: "The metric of the database's lag is frozen at a good value",
        description: "CloudWatch goes on telling the last lag of the Region, whatever the lag is.",
        parameters: &[REGION, DURATION, START],
    },
    Kind {
        id: "F24",
        name: "fence-times-out",
        title: "The old writer cannot be fenced",
        description: "A failover cannot stop the writes of the old writer (RDS-EVENT-0391).",
        parameters: &[DURATION, START],
    },
    Kind {
        id: "F25",
        name: "promotion-stuck",
        title: "A promotion does not come to an end",
        description: "A switchover or failover of the database stays under way while this lasts.",
        parameters: &[DURATION, START],
    },
    Kind {
        id: "F26",
        name: "writes-fail",
        title: "The database is promoted, but writes fail",
        description: "Every status of the Region's writer is good; no write is committed.",
        parameters: &[REGION, DURATION, START],
    },
    Kind {
        id: "F27",
        name: "engine-mismatch",
        title: "A member of the database has another engine version",
        description: "The Region's member tells an older patch level; a managed switchover is refused.",
        parameters: &[REGION, DURATION, START],
    },
    Kind {
        id: "F31",
        name: "replication-paused",
        title: "Sessions are no longer replicated to and from a Region",
        description: "Writes of a global table are held on both sides and delivered when this ends.",
        parameters: &[REGION, DURATION, START],
    },
    Kind {
        id: "F32",
        name: "quota-low",
        title: "A quota is low",
        description: "Service Quotas tells so little of the quota; nothing is refused because of it.",
        parameters: &[
            ANY_REGION,
            optional("quota", "the quota's code, e.g. L-3032A538; all when absent"),
            number("value", "what the quota is, 0 to 100000", 0.0),
            DURATION,
            START,
        ],
    },
    Kind {
        id: "F33",
        name: "image-missing",
        title: "A Region's registry lacks the image",
        description: "ECR of the Region tells of no image; tasks that run go on.",
        parameters: &[REGION, DURATION, START],
    },
    Kind {
        id: "F34",
        name: "region-off",
        title: "The account has not opted in to a Region",
        description: "Every call there is refused as that of a wrong key; what stands goes on.",
        parameters: &[REGION, DURATION, START],
    },
    Kind {
        id: "F35",
        name: "delegated-elsewhere",
        title: "The domain's registrar names other name servers",
        description: "Whoever asks anew is told foreign name servers of every zone; users still have the old ones cached.",
        parameters: &[DURATION, START],
    },
    Kind {
        id: "F36",
        name: "health-needs-writer",
        title: "The application's health path touches the database's writer",
        description: "Health paths say so, and answer 503 in every Region while no writer takes writes.",
        parameters: &[DURATION, START],
    },
];

/// The kind with this id or name, in any case.
pub fn kind(name: &str) -> Option<&'static Kind> {
    CATALOGUE.iter().find(|kind| kind.id.eq_ignore_ascii_case(name) || kind.name.eq_ignore_ascii_case(name))
}
