//! Attributes of load balancers and target groups with AWS's defaults and ranges
//! (API reference, LoadBalancerAttribute and TargetGroupAttribute).

use std::collections::BTreeMap;

/// What values an attribute takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    Flag,
    Whole(u64, u64),
    /// `off` or a whole number.
    OffOr(u64, u64),
    /// 0 or a whole number in this range.
    ZeroOr(u64, u64),
    OneOf(&'static [&'static str]),
    Text,
}

impl Takes {
    pub fn accepts(self, value: &str) -> bool {
        let within = |low, high| value.parse::<u64>().is_ok_and(|n| (low..=high).contains(&n));
        match self {
            Takes::Flag => matches!(value, "true" | "false"),
            Takes::Whole(low, high) => within(low, high),
            Takes::OffOr(low, high) => value == "off" || within(low, high),
            Takes::ZeroOr(low, high) => value == "0" || within(low, high),
            Takes::OneOf(values) => values.contains(&value),
            Takes::Text => value.len() <= 1024,
        }
    }
}

/// Name, default and accepted values.
pub type Attribute = (&'static str, &'static str, Takes);

/// Of an Application Load Balancer.
pub const LOAD_BALANCER: &[Attribute] = &[
    ("access_logs.s3.bucket", "", Takes::Text),
    ("access_logs.s3.enabled", "false", Takes::Flag),
    ("access_logs.s3.prefix", "", Takes::Text),
    ("client_keep_alive.seconds", "3600", Takes::Whole(60, 604_800)),
    ("connection_logs.s3.bucket", "", Takes::Text),
    ("connection_logs.s3.enabled", "false", Takes::Flag),
    ("connection_logs.s3.prefix", "", Takes::Text),
    ("deletion_protection.enabled", "false", Takes::Flag),
    ("health_check_logs.s3.bucket", "", Takes::Text),
    ("health_check_logs.s3.enabled", "false", Takes::Flag),
    ("health_check_logs.s3.prefix", "", Takes::Text),
    ("idle_timeout.timeout_seconds", "60", Takes::Whole(1, 4000)),
    ("ipv6.deny_all_igw_traffic", "false", Takes::Flag),
    ("load_balancing.cross_zone.enabled", "true", Takes::OneOf(&["true"])),
    ("routing.http.desync_mitigation_mode", "defensive", Takes::OneOf(&["monitor", "defensive", "strictest"])),
    ("routing.http.drop_invalid_header_fields.enabled", "false", Takes::Flag),
    ("routing.http.preserve_host_header.enabled", "false", Takes::Flag),
    ("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false", Takes::Flag),
    ("routing.http.xff_client_port.enabled", "false", Takes::Flag),
    ("routing.http.xff_header_processing.mode", "append", Takes::OneOf(&["append", "preserve", "remove"])),
    ("routing.http2.enabled", "true", Takes::Flag),
    ("waf.fail_open.enabled", "false", Takes::Flag),
    ("zonal_shift.config.enabled", "false", Takes::Flag),
];

/// Seconds that a leaving target drains.
pub const DEREGISTRATION_DELAY: &str = "deregistration_delay.timeout_seconds";
pub const DNS_COUNT: &str = "target_group_health.dns_failover.minimum_healthy_targets.count";
pub const DNS_PERCENT: &str = "target_group_health.dns_failover.minimum_healthy_targets.percentage";
pub const ROUTING_COUNT: &str = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count";
pub const ROUTING_PERCENT: &str = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage";
pub const DELETION_PROTECTION: &str = "deletion_protection.enabled";
pub const IDLE_TIMEOUT: &str = "idle_timeout.timeout_seconds";

/// Of a target group of an Application Load Balancer.
pub const TARGET_GROUP: &[Attribute] = &[
    (DEREGISTRATION_DELAY, "300", Takes::Whole(0, 3600)),
    ("load_balancing.algorithm.anomaly_mitigation", "off", Takes::OneOf(&["on", "off"])),
    (
        "load_balancing.algorithm.type",
        "round_robin",
        Takes::OneOf(&["round_robin", "least_outstanding_requests", "weighted_random"]),
    ),
    (
        "load_balancing.cross_zone.enabled",
        "use_load_balancer_configuration",
        Takes::OneOf(&["true", "use_load_balancer_configuration"]),
    ),
    ("slow_start.duration_seconds", "0", Takes::ZeroOr(30, 900)),
    ("stickiness.app_cookie.cookie_name", "", Takes::Text),
    ("stickiness.app_cookie.duration_seconds", "86400", Takes::Whole(1, 604_800)),
    ("stickiness.enabled", "false", Takes::Flag),
    ("stickiness.lb_cookie.duration_seconds", "86400", Takes::Whole(1, 604_800)),
    ("stickiness.type", "lb_cookie", Takes::OneOf(&["lb_cookie", "app_cookie"])),
    (DNS_COUNT, "1", Takes::OffOr(1, 1000)),
    (DNS_PERCENT, "off", Takes::OffOr(1, 100)),
    (ROUTING_COUNT, "1", Takes::Whole(1, 1000)),
    (ROUTING_PERCENT, "off", Takes::OffOr(1, 100)),
];

/// Every attribute at its default.
pub fn defaults(table: &[Attribute]) -> BTreeMap<String, String> {
    table.iter().map(|(name, value, _)| (name.to_string(), value.to_string())).collect()
}

/// How many of `all` targets have to be healthy by this pair of attributes.
pub fn needed(attributes: &BTreeMap<String, String>, count: &str, percent: &str, all: usize) -> usize {
    let number = |name| attributes.get(name).and_then(|value: &String| value.parse::<usize>().ok());
    let share = number(percent).map_or(0, |percent| (all * percent).div_ceil(100));
    number(count).unwrap_or(0).max(share)
}
