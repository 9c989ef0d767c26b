//! Health checks, as Route 53 lists them.

use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::cloud::route53;
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_route53::types::{HealthCheck, HealthCheckConfig, TagResourceType};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Pages that are read before a list is taken to be endless.
const MOST_PAGES: usize = 100;

/// A health check.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    pub id: String,
    /// What its maker called it.
    pub reference: String,
    /// Whoever changes it must name it.
    pub version: i64,
    /// By AWS's names; children are sorted.
    pub config: Value,
}

impl Check {
    /// Whether it needs this other check to be healthy.
    pub fn counts(&self, child: &str) -> bool {
        self.config["ChildHealthChecks"].as_array().is_some_and(|children| children.iter().any(|one| one == child))
    }
}

/// Every health check of the account.
///
/// # Errors
/// As the calls end.
pub async fn checks(aws: &Aws) -> Result<Vec<Check>, CallError> {
    let (mut all, mut marker) = (vec![], None);
    for _ in 0..MOST_PAGES {
        aws.0.route53_pace.turn().await;
        let call = aws.0.route53.reads.list_health_checks().set_marker(marker);
        let answer = call.send().await.map_err(call_error)?;
        all.extend(answer.health_checks().iter().map(read));
        marker = answer.next_marker().filter(|_| answer.is_truncated()).map(String::from);
        if marker.is_none() {
            break;
        }
    }
    Ok(all)
}

fn read(check: &HealthCheck) -> Check {
    Check {
        id: text(Some(check.id())),
        reference: text(Some(check.caller_reference())),
        version: check.health_check_version(),
        config: check.health_check_config().map_or(Value::Null, config),
    }
}

fn config(config: &HealthCheckConfig) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            members.insert(name.into(), value);
        }
    };
    let some = |remote: Option<&str>| remote.map(|remote| json!(text(Some(remote))));
    put("Type", some(Some(config.r#type().as_str())));
    put("IPAddress", some(config.ip_address()));
    put("FullyQualifiedDomainName", some(config.fully_qualified_domain_name()));
    put("Port", config.port().map(Value::from));
    put("ResourcePath", some(config.resource_path()));
    put("SearchString", some(config.search_string()));
    put("RequestInterval", config.request_interval().map(Value::from));
    put("FailureThreshold", config.failure_threshold().map(Value::from));
    put("MeasureLatency", config.measure_latency().map(Value::from));
    put("Inverted", config.inverted().map(Value::from));
    put("Disabled", config.disabled().map(Value::from));
    put("EnableSNI", config.enable_sni().map(Value::from));
    put("HealthThreshold", config.health_threshold().map(Value::from));
    let mut children: Vec<String> = config.child_health_checks().iter().map(|child| text(Some(child))).collect();
    children.sort();
    put("ChildHealthChecks", (!children.is_empty()).then(|| json!(children)));
    Value::Object(members)
}

/// # Errors
/// As the call ends.
pub async fn tags(aws: &Aws, check: &str) -> Result<BTreeMap<String, String>, CallError> {
    aws.0.route53_pace.turn().await;
    let call = aws.0.route53.reads.list_tags_for_resource().resource_type(TagResourceType::Healthcheck);
    let answer = call.resource_id(check).send().await.map_err(call_error)?;
    let tags = answer.resource_tag_set().map(|set| set.tags()).unwrap_or_default();
    Ok(tags.iter().map(|tag| (text(tag.key()), text(tag.value()))).collect())
}

/// What the checkers of a check saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    Healthy,
    /// What one of them said last.
    Unhealthy(String),
    /// None of them has asked yet.
    Unseen,
    /// They cannot be asked: why.
    Unreadable(String),
}

/// # Errors
/// As the call ends; that one may not ask, or that there is no such call, is no error.
pub async fn report(aws: &Aws, check: &Check) -> Result<Report, CallError> {
    let flag = |name: &str| check.config[name] == true;
    match route53::status(aws, &check.id, flag("Inverted"), flag("Disabled")).await {
        Ok(view) if view.observers.is_none_or(|(_, all)| all == 0) => Ok(Report::Unseen),
        Ok(view) if view.healthy => Ok(Report::Healthy),
        Ok(view) => Ok(Report::Unhealthy(view.last_report.unwrap_or_default())),
        Err(error) if matches!(error.class, ErrorClass::Denied | ErrorClass::Invalid) => {
            Ok(Report::Unreadable(error.to_string()))
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_route53::types::HealthCheckType;

    #[test]
    fn a_check_is_told_by_the_names_of_the_call_that_makes_it() {
        let told = HealthCheckConfig::builder()
            .r#type(HealthCheckType::Calculated)
            .health_threshold(2)
            .child_health_checks("b")
            .child_health_checks("a")
            .inverted(false)
            .build()
            .unwrap();
        let check = HealthCheck::builder().id("hc").caller_reference("shop-health-us-east-1-0123abcd");
        let check = read(&check.health_check_version(3).health_check_config(told).build().unwrap());
        let wanted =
            json!({ "Type": "CALCULATED", "HealthThreshold": 2, "ChildHealthChecks": ["a", "b"], "Inverted": false });
        assert_eq!(check.config, wanted);
        assert!(check.counts("a") && !check.counts("c"));
        assert_eq!((check.id.as_str(), check.version), ("hc", 3));
    }
}
