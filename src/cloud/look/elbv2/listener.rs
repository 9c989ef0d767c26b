//! A listener, by the name of its load balancer and its port.

use super::super::known;
use super::words::actions;
use super::{listeners, on_port, tags};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::elbv2::rules;
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_elasticloadbalancingv2::types::{Listener, Rule};
use serde_json::{Value, json};

/// The listener on `port` of the load balancer called `balancer`. It gives `arn`, and `priorities`: those that
/// rules of it have. Also where there is none, `ports` are those on which that load balancer listens.
///
/// # Errors
/// As the calls end.
pub async fn listener(aws: &Aws, region: &str, balancer: &str, port: u16) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.elbv2.reads;
    let all = listeners(client, balancer).await?;
    let ports = all.iter().filter_map(|one| one.port()).map(|port| port.to_string()).collect::<Vec<_>>().join(",");
    let Some(found) = on_port(&all, port) else { return Ok(Seen::absent().giving("ports", ports)) };
    let arn = found.listener_arn().unwrap_or_default();
    let (rules, tags) = tokio::join!(rules(client, arn), tags(client, arn));
    Ok(seen(found, &rules?).tagged(tags?).giving("ports", ports))
}

/// The listener with this ARN. It gives the same.
///
/// # Errors
/// As the calls end.
pub async fn listener_called(aws: &Aws, region: &str, arn: &str) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.elbv2.reads;
    let answer = known(client.describe_listeners().listener_arns(arn).send().await.map_err(call_error))?;
    let found = answer.and_then(|answer| answer.listeners.unwrap_or_default().into_iter().next());
    let Some(found) = found else { return Ok(Seen::absent()) };
    let (rules, tags) = tokio::join!(rules(client, arn), tags(client, arn));
    Ok(seen(&found, &rules?).tagged(tags?))
}

fn seen(found: &Listener, rules: &[Rule]) -> Seen {
    let mut is = json!({
        "LoadBalancerArn": text(found.load_balancer_arn()),
        "Protocol": text(found.protocol().map(|protocol| protocol.as_str())),
        "Port": found.port(),
        "DefaultActions": actions(found.default_actions()),
    });
    if let Some(policy) = found.ssl_policy() {
        is["SslPolicy"] = json!(text(Some(policy)));
    }
    if !found.certificates().is_empty() {
        let certificates =
            found.certificates().iter().map(|one| json!({ "CertificateArn": text(one.certificate_arn()) }));
        is["Certificates"] = certificates.collect::<Value>();
    }
    let numbered = |rule: &&Rule| rule.priority().is_some_and(|text| text.parse::<u32>().is_ok());
    let priorities: Vec<String> = rules.iter().filter(numbered).map(|rule| text(rule.priority())).collect();
    Seen::there("", is).giving("arn", text(found.listener_arn())).giving("priorities", priorities.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_elasticloadbalancingv2::types::Certificate;

    #[test]
    fn http_has_no_certificate_and_the_default_rule_no_number() {
        let rule = |priority: &str| Rule::builder().priority(priority).build();
        let seen = seen(&Listener::builder().port(80).build(), &[rule("1"), rule("7"), rule("default")]);
        assert_eq!(seen.is.get("Certificates"), None);
        assert_eq!((&seen.is["Port"], seen.gift("priorities")), (&json!(80), "1,7"));
    }

    #[test]
    fn https_has_one() {
        let certificate = Certificate::builder().certificate_arn("arn:acm").build();
        let seen = seen(&Listener::builder().port(443).ssl_policy("P").certificates(certificate).build(), &[]);
        assert_eq!(seen.is["Certificates"], json!([{ "CertificateArn": "arn:acm" }]));
        assert_eq!(seen.is["SslPolicy"], "P");
    }
}
