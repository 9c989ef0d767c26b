//! Whether the account may have what the file asks for.

use super::super::parts::watchers;
use super::findings::{Findings, Region};
use super::report::Finding;
use crate::cloud::checkup::Held;
use crate::model::call::ROUTE53_HOME;
use crate::model::spec::{Nat, Network, Site, Spec};

/// A quota (AWS General Reference, service endpoints and quotas).
#[derive(Debug)]
pub struct Quota {
    /// As Service Quotas calls it.
    pub service: &'static str,
    pub code: &'static str,
    pub name: &'static str,
    /// What the file needs in a Region.
    need: fn(&Spec, &Site) -> f64,
    /// What of that others hold there; 0 where it cannot be counted.
    others: fn(&Spec, &Site, &Held) -> usize,
}

const fn quota(
    service: &'static str,
    code: &'static str,
    name: &'static str,
    need: fn(&Spec, &Site) -> f64,
    others: fn(&Spec, &Site, &Held) -> usize,
) -> Quota {
    Quota { service, code, name, need, others }
}

/// The Regional ones. VPCs, addresses and gateways are EC2's, which Tandem does not call: what others hold of them is
/// not counted.
pub const QUOTAS: [Quota; 9] = [
    quota("fargate", FARGATE, "Fargate On-Demand vCPU resource count", vcpus, |_, _, _| 0),
    quota(
        "elasticloadbalancing",
        "L-53DA6B97",
        "Application Load Balancers per Region",
        |_, _| 1.0,
        |spec, site, held| strangers(&held.balancers, |name| *name == spec.stack.balancer(&site.name)),
    ),
    quota(
        "elasticloadbalancing",
        "L-B22855CB",
        "Target Groups per Region",
        |_, _| 1.0,
        |spec, site, held| strangers(&held.target_groups, |name| *name == spec.stack.target_group(&site.name)),
    ),
    quota("vpc", VPCS, "VPCs per Region", |spec, site| made(site).map_or(0.0, |_| 1.0) + watchers(spec), |_, _, _| 0),
    quota("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", |_, site| gateways(site), |_, _, _| 0),
    quota(
        "vpc",
        "L-FE5A380F",
        "NAT gateways per Availability Zone",
        |_, site| if gateways(site) > 0.0 { 1.0 } else { 0.0 },
        |_, _, _| 0,
    ),
    quota(
        "rds",
        "L-952B80B8",
        "DB clusters",
        |_, _| 1.0,
        |spec, site, held| strangers(&held.clusters, |name| *name == spec.cluster(&site.name)),
    ),
    quota(
        "rds",
        "L-7B6409FD",
        "DB instances",
        |spec, _| f64::from(spec.database.instances),
        |spec, site, held| {
            let ours = format!("{}-", spec.cluster(&site.name));
            strangers(&held.instances, |name| name.starts_with(&ours))
        },
    ),
    quota(
        "cloudformation",
        STACKS,
        "Stack count",
        |spec, _| stacks(spec),
        |spec, _, held| {
            let ours = format!("{}-", spec.stack.name);
            strangers(&held.stacks, |name| name.starts_with(&ours))
        },
    ),
];

const FARGATE: &str = "L-3032A538";
const VPCS: &str = "L-F678F1CE";
const STACKS: &str = "L-0485CB21";

/// What a watcher needs where nothing else of the stack is: codes, and how much.
pub const OUTSIDE: [(&str, f64); 3] = [(FARGATE, WATCHER_VCPUS), (VPCS, 1.0), (STACKS, 1.0)];

const WATCHER_VCPUS: f64 = watchers::CPU as f64 / 1024.0;

/// Of the account, and told in us-east-1 alone.
pub const HEALTH_CHECKS: Quota = quota("route53", "L-ACB674F3", "Health checks", |spec, _| checks(spec), |_, _, _| 0);

pub fn judge(findings: &Findings, spec: &Spec) -> Finding {
    let mut finding = Finding::fine("what the file asks for fits");
    for site in &spec.regions {
        let Some(region) = findings.region(&site.name) else { continue };
        for quota in &QUOTAS {
            regional(&mut finding, spec, site, region, quota);
        }
    }
    if let Some(outside) = &findings.outside {
        for (code, need) in OUTSIDE {
            let quota = QUOTAS.iter().find(|quota| quota.code == code);
            let (Some(quota), Some(looked)) = (quota, outside.quotas.get(code)) else { continue };
            if let Some(Some(value)) = finding.seen(&outside.name, looked) {
                compare(&mut finding, &outside.name, quota, need, 0, *value);
            }
        }
    }
    let others = findings.checks.as_ref().map_or(0, |all| {
        let ours = format!("{}-", spec.stack.name);
        all.iter().filter(|check| !check.reference.starts_with(&ours)).count()
    });
    if let Some(Some(value)) = finding.seen(ROUTE53_HOME, &findings.health_checks_quota) {
        compare(&mut finding, ROUTE53_HOME, &HEALTH_CHECKS, checks(spec), others, *value);
    }
    finding
}

fn regional(finding: &mut Finding, spec: &Spec, site: &Site, region: &Region, quota: &Quota) {
    let Some(looked) = region.quotas.get(quota.code) else { return };
    let need = (quota.need)(spec, site);
    let Some(Some(value)) = finding.seen(&site.name, looked).filter(|_| need > 0.0) else { return };
    let others = region.held.as_ref().map_or(0, |held| (quota.others)(spec, site, held));
    compare(finding, &site.name, quota, need, others, *value);
}

fn compare(finding: &mut Finding, region: &str, quota: &Quota, need: f64, others: usize, value: f64) {
    let all = need + others as f64;
    if all <= value {
        return;
    }
    let Quota { service, code, name, .. } = quota;
    let also = if others > 0 { format!(", and others hold {others}") } else { String::new() };
    let what = format!("the quota \"{name}\" is {value}: the stack needs up to {need}{also}, and the rest is refused");
    let todo = format!(
        "Ask for more: aws service-quotas request-service-quota-increase --region {region} --service-code {service} --quota-code {code} --desired-value {}",
        (all * 2.0).ceil()
    );
    finding.ill(region, what, todo);
}

fn strangers(names: &[String], ours: impl Fn(&String) -> bool) -> usize {
    names.iter().filter(|name| !ours(name)).count()
}

/// In a Region.
fn watchers(spec: &Spec) -> f64 {
    f64::from(u8::from(spec.watch.image.is_some()))
}

/// Of the most tasks that a Region may run.
fn vcpus(spec: &Spec, _: &Site) -> f64 {
    let tasks = spec.app.autoscaling.as_ref().map_or(spec.app.desired, |scaling| scaling.max);
    f64::from(tasks) * f64::from(spec.app.cpu) / 1024.0 + watchers(spec) * WATCHER_VCPUS
}

/// Zones and gateways of a network that is made.
fn made(site: &Site) -> Option<(u32, Nat)> {
    match site.network {
        Network::Made { zones, nat, .. } => Some((zones, nat)),
        Network::Given { .. } => None,
    }
}

/// Each has an address.
fn gateways(site: &Site) -> f64 {
    match made(site) {
        Some((zones, Nat::PerZone)) => f64::from(zones),
        Some((_, Nat::One)) => 1.0,
        Some((_, Nat::None)) | None => 0.0,
    }
}

/// A Region has a base, what a watcher stands on and, for each other Region, at most a peering and routes.
fn stacks(spec: &Spec) -> f64 {
    1.0 + 2.0 * spec.regions.len().saturating_sub(1) as f64 + watchers(spec)
}

/// For each Region one that counts, one of its endpoint and one for each switch on another's load balancer.
fn checks(spec: &Spec) -> f64 {
    let regions = spec.regions.len() as f64;
    regions * (regions + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::simulated_spec;

    #[test]
    fn the_file_tells_what_is_needed() {
        let mut spec = simulated_spec();
        let need = |spec: &Spec, code: &str| {
            let quota = QUOTAS.iter().find(|quota| quota.code == code).unwrap();
            (quota.need)(spec, &spec.regions[0])
        };
        assert_eq!([FARGATE, "L-0263D0A3", "L-FE5A380F"].map(|code| need(&spec, code)), [12.0, 3.0, 1.0]);
        assert_eq!((need(&spec, "L-7B6409FD"), checks(&spec)), (2.0, 6.0));
        spec.watch.image = Some("tandem:1".into());
        assert_eq!([FARGATE, VPCS, STACKS].map(|code| need(&spec, code)), [12.25, 2.0, 4.0]);
        assert!(OUTSIDE.iter().all(|(code, _)| QUOTAS.iter().any(|quota| quota.code == *code)));
    }

    #[test]
    fn what_others_hold_counts_too() {
        let judged = |others, value| {
            let mut finding = Finding::fine("");
            compare(&mut finding, "eu-west-1", &QUOTAS[1], 1.0, others, value);
            finding
        };
        assert_eq!(judged(49, 50.0), Finding::fine(""));
        let full = format!("{:?}", judged(50, 50.0));
        assert!(full.contains("others hold 50") && full.contains("--desired-value 102"), "{full}");
    }
}
