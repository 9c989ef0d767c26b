//! Health checks, and what their checkers say.
//!
//! The checks of a Region are found through the record that uses them. GetHealthCheckStatus knows
//! nothing of calculated checks, so their health follows from their children as Route 53 counts it.

use super::super::Aws;
use super::super::edge::{moment, some_text, text};
use super::super::error::call_error;
use super::records::dial_record;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::records::Tree;
use crate::model::snapshot::{CheckView, Records, RegionChecks};
use aws_sdk_route53::types::{HealthCheckConfig, HealthCheckObservation, HealthCheckType};
use std::collections::BTreeMap;

/// More than this share of checkers must say healthy (Developer Guide, "How Amazon Route 53
/// determines whether a health check is healthy").
const QUORUM: f64 = 0.18;

/// What checkers say of each Region.
pub async fn checks(
    aws: &Aws,
    records: &Records,
    tree: &Tree,
    regions: &[String],
) -> Result<BTreeMap<String, RegionChecks>, CallError> {
    let mut all = BTreeMap::new();
    for region in regions {
        let straight = || records.straight.get(region).and_then(|straight| straight.check.as_deref());
        let check = dial_record(&records.sets, tree, region).and_then(|(_, check)| check).or_else(straight);
        let seen = match check {
            Some(id) => region_checks(aws, id, tree, regions).await?,
            None => RegionChecks::default(),
        };
        all.insert(region.clone(), seen);
    }
    Ok(all)
}

async fn region_checks(aws: &Aws, id: &str, tree: &Tree, regions: &[String]) -> Result<RegionChecks, CallError> {
    let mut seen = RegionChecks::default();
    let Some(top) = config(aws, id).await? else { return Ok(seen) };
    if top.r#type() != &HealthCheckType::Calculated {
        let view = look(aws, id, &top).await?;
        seen.endpoint = Some(view.clone());
        seen.health = Some(view);
        return Ok(seen);
    }
    let mut healthy = 0;
    for child in top.child_health_checks() {
        let Some(child_config) = config(aws, child).await? else { continue };
        let view = look(aws, child, &child_config).await?;
        healthy += i32::from(view.healthy);
        match switch_at(&child_config, tree, regions) {
            Some(peer) => drop(seen.switches.insert(peer, view)),
            None => seen.endpoint = Some(view),
        }
    }
    seen.health =
        Some(CheckView { id: text(Some(id)), observers: None, healthy: calculated(&top, healthy), last_report: None });
    Ok(seen)
}

/// The configuration of a check; `None` when it is gone.
async fn config(aws: &Aws, id: &str) -> Result<Option<HealthCheckConfig>, CallError> {
    aws.0.route53_pace.turn().await;
    match aws.0.route53.reads.get_health_check().health_check_id(id).send().await.map_err(call_error) {
        Ok(answer) => Ok(answer.health_check.and_then(|check| check.health_check_config)),
        Err(error) if error.class == ErrorClass::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

async fn look(aws: &Aws, id: &str, config: &HealthCheckConfig) -> Result<CheckView, CallError> {
    status(aws, id, config.inverted().unwrap_or(false), config.disabled().unwrap_or(false)).await
}

/// What the checkers of a check say that has checkers.
///
/// # Errors
/// As the call ends.
pub async fn status(aws: &Aws, id: &str, inverted: bool, disabled: bool) -> Result<CheckView, CallError> {
    aws.0.route53_pace.turn().await;
    let call = aws.0.route53.reads.get_health_check_status().health_check_id(id);
    let answer = call.send().await.map_err(call_error)?;
    Ok(judge(id, inverted, disabled, answer.health_check_observations()))
}

fn judge(id: &str, inverted: bool, disabled: bool, observations: &[HealthCheckObservation]) -> CheckView {
    let mut reports: Vec<(i64, &str)> = observations
        .iter()
        .filter_map(|observation| {
            let report = observation.status_report()?;
            let at = moment(report.checked_time()).map_or(i64::MIN, |at| at.as_second());
            Some((at, report.status()?))
        })
        .collect();
    reports.sort_by_key(|(at, _)| *at);
    let all = u32::try_from(reports.len()).unwrap_or(u32::MAX);
    let good = u32::try_from(reports.iter().filter(|(_, status)| succeeded(status)).count()).unwrap_or(u32::MAX);
    // a check that has no data yet is taken to be healthy, and so is a disabled one
    let up = all == 0 || f64::from(good) > QUORUM * f64::from(all);
    CheckView {
        id: text(Some(id)),
        observers: Some((if inverted { all - good } else { good }, all)),
        healthy: disabled || (up != inverted),
        last_report: some_text(reports.last().map(|(_, status)| *status)),
    }
}

fn succeeded(status: &str) -> bool {
    status.trim_start().get(..7).is_some_and(|word| word.eq_ignore_ascii_case("success"))
}

/// Whether a calculated check with this many healthy children is healthy. A threshold above the
/// number of children is never reached, and 0 always is (API Reference, HealthCheckConfig).
fn calculated(config: &HealthCheckConfig, healthy: i32) -> bool {
    let children = i32::try_from(config.child_health_checks().len()).unwrap_or(i32::MAX);
    let up = healthy >= config.health_threshold().unwrap_or(children);
    config.disabled().unwrap_or(false) || (up != config.inverted().unwrap_or(false))
}

/// For the check of a switch: the peer whose load balancer is asked.
fn switch_at(config: &HealthCheckConfig, tree: &Tree, regions: &[String]) -> Option<String> {
    let searches = config.search_string().is_some_and(|string| string.starts_with("EVACUATE "));
    let asks = config.resource_path().is_some_and(|path| path.starts_with("/.tandem/switch/"));
    if !searches && !asks {
        return None;
    }
    let host = config.fully_qualified_domain_name().or(config.ip_address()).unwrap_or_default();
    let peer = regions.iter().find(|peer| crate::model::records::same_name(&tree.origin(peer), host));
    Some(peer.cloned().unwrap_or_else(|| text(Some(host))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_route53::types::StatusReport;
    use aws_smithy_types::DateTime;

    fn observed(good: usize, bad: usize) -> Vec<HealthCheckObservation> {
        let words = std::iter::repeat_n("Success: HTTP Status Code 200, OK", good)
            .chain(std::iter::repeat_n("Failure: Connection timed out.", bad));
        words
            .enumerate()
            .map(|(place, word)| {
                let report = StatusReport::builder().status(word).checked_time(DateTime::from_secs(place as i64));
                HealthCheckObservation::builder().status_report(report.build()).build()
            })
            .collect()
    }

    #[test]
    fn more_than_eighteen_percent_are_enough() {
        let healthy = |good, bad| judge("hc", false, false, &observed(good, bad)).healthy;
        assert!(healthy(3, 13)); // 18.75 %
        assert!(!healthy(2, 14)); // 12.5 %
        assert!(!healthy(9, 41)); // 18 %, not more
        assert!(healthy(0, 0));
    }

    #[test]
    fn an_inverted_check_is_healthy_while_too_few_find_what_they_look_for() {
        let view = |good, bad| judge("hc", true, false, &observed(good, bad));
        assert!(view(0, 16).healthy);
        assert_eq!(view(0, 16).observers, Some((16, 16)));
        assert!(view(2, 14).healthy);
        assert!(!view(3, 13).healthy);
        assert!(!view(0, 0).healthy);
        assert_eq!(view(3, 13).last_report.as_deref(), Some("Failure: Connection timed out."));
    }

    #[test]
    fn a_calculated_check_needs_its_threshold() {
        let all = |threshold| {
            let config = HealthCheckConfig::builder().r#type(HealthCheckType::Calculated);
            config.child_health_checks("a").child_health_checks("b").health_threshold(threshold).build().unwrap()
        };
        assert!(calculated(&all(2), 2));
        assert!(!calculated(&all(2), 1));
        assert!(calculated(&all(0), 0));
        assert!(!calculated(&all(3), 2));
    }

    #[test]
    fn a_switch_is_known_by_what_it_looks_for_and_named_by_its_peer() {
        let (tree, regions) = (Tree::new("app.example.com"), ["eu-west-1".to_string(), "us-east-1".to_string()]);
        let check = |path: &str, host: &str| {
            let config = HealthCheckConfig::builder().r#type(HealthCheckType::HttpStrMatch);
            config.resource_path(path).fully_qualified_domain_name(host).build().unwrap()
        };
        let switch = check("/.tandem/switch/us-east-1", "origin-eu-west-1.app.example.com");
        assert_eq!(switch_at(&switch, &tree, &regions).as_deref(), Some("eu-west-1"));
        let endpoint = check("/health", "origin-us-east-1.app.example.com");
        assert_eq!(switch_at(&endpoint, &tree, &regions), None);
    }
}
