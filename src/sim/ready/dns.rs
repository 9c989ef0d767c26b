//! The names of the stack: zone, origins, health checks, the proof of every switch, and only then
//! the records that users follow.
//!
//! ```text
//! app                 policy  latency aliases, one per Region R -> R.app
//!  R.app              dial    weighted: ALB R (100, hc(R)) and rest-R.app (0)
//!   rest-R.app        latency aliases to the ALBs of the peers P, each with hc(P)
//! origin-R.app        ALB R, without a check
//! hc(R)               all of: endpoint(R); switch(R) at every peer, inverted
//! ```

use super::deployer::{Deployer, ReadyError, text};
use super::region::Site;
use super::shape::{Shape, switch_path, switch_says};
use crate::doc::Doc;
use crate::world::dns::check_status;
use crate::world::hex_id;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

/// Where calls to the global services are signed for.
const GLOBAL: &str = "us-east-1";

/// For records to be everywhere; AWS says 60 seconds.
const INSYNC: Duration = Duration::from_secs(180);

/// For checks to see what is so.
const OBSERVED: Duration = Duration::from_secs(180);

/// The health checks of the stack, by what they say.
struct Checks {
    endpoints: BTreeMap<String, String>,
    /// (Region, peer whose switch is read) -> check.
    switches: BTreeMap<(String, String), String>,
}

/// Makes all names, proving each switch before anything depends on it.
pub fn names(deployer: &mut Deployer<'_>, shape: &Shape, sites: &[Site]) -> Result<(), ReadyError> {
    let zone = zone(deployer, shape)?;
    let origins =
        sites.iter().map(|site| record(&shape.origin(&site.region), json!({}), &site.alb_zone, &site.dns_name));
    change(deployer, &zone, origins.collect())?;
    let checks = checks(deployer, shape, sites)?;
    prove(deployer, shape, sites, &checks)?;
    let healths = healths(deployer, shape, sites, &checks)?;
    let mut records = vec![];
    for site in sites {
        records.extend(rest(shape, site, sites, &healths));
    }
    for site in sites {
        records.extend(dial(shape, site, &zone, &healths));
    }
    for site in sites {
        let policy = json!({"SetIdentifier": site.region, "Region": site.region});
        records.push(record(&shape.host(), policy, &zone, &shape.dial(&site.region)));
    }
    change(deployer, &zone, records)
}

fn zone(deployer: &mut Deployer<'_>, shape: &Shape) -> Result<String, ReadyError> {
    let spec = json!({
        "Name": shape.zone,
        "CallerReference": shape.named("zone"),
        "HostedZoneConfig": {"Comment": format!("{} in every Region", shape.stack), "PrivateZone": false},
    });
    let made = deployer.call("route53", "CreateHostedZone", GLOBAL, spec.clone())?;
    let id = text(&made, "/HostedZone/Id")?.trim_start_matches("/hostedzone/").to_string();
    tag(deployer, shape, "hostedzone", &id, "zone", &spec)?;
    Ok(id)
}

fn tag(
    deployer: &mut Deployer<'_>,
    shape: &Shape,
    kind: &str,
    id: &str,
    role: &str,
    spec: &Doc,
) -> Result<(), ReadyError> {
    let ask = json!({"ResourceType": kind, "ResourceId": id, "AddTags": shape.tag_list(role, spec)});
    deployer.call("route53", "ChangeTagsForResource", GLOBAL, ask)?;
    Ok(())
}

/// An alias that evaluates its target's health.
fn record(name: &str, routing: Doc, zone: &str, target: &str) -> Doc {
    let mut record = json!({
        "Name": name,
        "Type": "A",
        "AliasTarget": {"HostedZoneId": zone, "DNSName": target, "EvaluateTargetHealth": true},
    });
    if let (Some(record), Doc::Object(routing)) = (record.as_object_mut(), routing) {
        record.extend(routing);
    }
    record
}

fn rest(shape: &Shape, site: &Site, sites: &[Site], healths: &BTreeMap<String, String>) -> Vec<Doc> {
    let of = |peer: &Site| {
        let routing = json!({
            "SetIdentifier": peer.region,
            "Region": peer.region,
            "HealthCheckId": healths.get(&peer.region),
        });
        record(&shape.rest(&site.region), routing, &peer.alb_zone, &peer.dns_name)
    };
    sites.iter().filter(|peer| peer.region != site.region).map(of).collect()
}

fn dial(shape: &Shape, site: &Site, zone: &str, healths: &BTreeMap<String, String>) -> Vec<Doc> {
    let name = shape.dial(&site.region);
    let own = json!({
        "SetIdentifier": site.region,
        "Weight": 100,
        "HealthCheckId": healths.get(&site.region),
    });
    let mut records = vec![record(&name, own, &site.alb_zone, &site.dns_name)];
    if shape.regions.len() > 1 {
        let others = json!({"SetIdentifier": format!("rest-{}", site.region), "Weight": 0});
        records.push(record(&name, others, zone, &shape.rest(&site.region)));
    }
    records
}

/// Creates the records in one batch and waits until they are everywhere.
fn change(deployer: &mut Deployer<'_>, zone: &str, records: Vec<Doc>) -> Result<(), ReadyError> {
    let changes: Vec<Doc> =
        records.into_iter().map(|record| json!({"Action": "CREATE", "ResourceRecordSet": record})).collect();
    let ask = json!({"Id": zone, "HostedZoneId": zone, "ChangeBatch": {"Changes": changes}});
    let made = deployer.call("route53", "ChangeResourceRecordSets", GLOBAL, ask)?;
    let id = text(&made, "/ChangeInfo/Id")?.trim_start_matches("/change/").to_string();
    deployer.wait("INSYNC", INSYNC, |deployer| {
        let answer = deployer.call("route53", "GetChange", GLOBAL, json!({"Id": id}))?;
        Ok(text(&answer, "/ChangeInfo/Status")? == "INSYNC")
    })
}

fn checks(deployer: &mut Deployer<'_>, shape: &Shape, sites: &[Site]) -> Result<Checks, ReadyError> {
    let mut checks = Checks { endpoints: BTreeMap::new(), switches: BTreeMap::new() };
    for site in sites {
        let region = &site.region;
        let config = json!({
            "Type": "HTTP",
            "FullyQualifiedDomainName": shape.origin(region),
            "Port": 80,
            "ResourcePath": shape.health_path,
            "RequestInterval": 10,
            "FailureThreshold": 3,
            "MeasureLatency": false,
        });
        checks.endpoints.insert(region.clone(), check(deployer, shape, &format!("endpoint-{region}"), config)?);
        for peer in shape.peers(region) {
            let config = json!({
                "Type": "HTTP_STR_MATCH",
                "FullyQualifiedDomainName": shape.origin(&peer.name),
                "Port": 80,
                "ResourcePath": switch_path(region),
                "SearchString": format!("EVACUATE {region}"),
                "RequestInterval": 10,
                "FailureThreshold": 1,
                "MeasureLatency": false,
                "Inverted": true,
            });
            let id = check(deployer, shape, &format!("switch-{region}-at-{}", peer.name), config)?;
            checks.switches.insert((region.clone(), peer.name.clone()), id);
        }
    }
    Ok(checks)
}

fn healths(
    deployer: &mut Deployer<'_>,
    shape: &Shape,
    sites: &[Site],
    checks: &Checks,
) -> Result<BTreeMap<String, String>, ReadyError> {
    let mut healths = BTreeMap::new();
    for site in sites {
        let switches = checks.switches.iter().filter(|((region, _), _)| *region == site.region).map(|(_, id)| id);
        let children: Vec<&String> = checks.endpoints.get(&site.region).into_iter().chain(switches).collect();
        let config = json!({
            "Type": "CALCULATED",
            "HealthThreshold": children.len(),
            "ChildHealthChecks": children,
        });
        let id = check(deployer, shape, &format!("health-{}", site.region), config)?;
        healths.insert(site.region.clone(), id);
    }
    Ok(healths)
}

fn check(deployer: &mut Deployer<'_>, shape: &Shape, role: &str, config: Doc) -> Result<String, ReadyError> {
    // a reference can never be used again for another check, so what is asked is part of it
    let reference = format!("{}-{}", shape.named(role), hex_id(&[&config.to_string()], 8));
    let ask = json!({"CallerReference": reference, "HealthCheckConfig": config});
    let made = deployer.call("route53", "CreateHealthCheck", GLOBAL, ask)?;
    let id = text(&made, "/HealthCheck/Id")?;
    tag(deployer, shape, "healthcheck", &id, role, &config)?;
    Ok(id)
}

/// Flips every switch once: a check that never saw its string would hold an evacuation for ever.
fn prove(deployer: &mut Deployer<'_>, shape: &Shape, sites: &[Site], checks: &Checks) -> Result<(), ReadyError> {
    let all = |deployer: &mut Deployer<'_>, ids: Vec<&String>, healthy: bool| {
        for id in ids {
            if check_status(deployer.world, id).is_none_or(|status| status.healthy != healthy) {
                return Ok(false);
            }
        }
        Ok(true)
    };
    let every = || checks.endpoints.values().chain(checks.switches.values()).collect::<Vec<_>>();
    deployer.wait("health of every check", OBSERVED, |deployer| all(deployer, every(), true))?;
    flip(deployer, sites, "EVACUATE", 2)?;
    let switches = || checks.switches.values().collect::<Vec<_>>();
    deployer.wait("every switch at EVACUATE", OBSERVED, |deployer| all(deployer, switches(), false))?;
    flip(deployer, sites, "SERVE", 3)?;
    deployer.wait("every switch at SERVE", OBSERVED, |deployer| all(deployer, every(), true))?;
    debug_assert_eq!(checks.endpoints.len(), shape.regions.len());
    Ok(())
}

fn flip(deployer: &mut Deployer<'_>, sites: &[Site], word: &str, epoch: u64) -> Result<(), ReadyError> {
    for site in sites {
        for (peer, rule) in &site.switches {
            let ask = json!({"RuleArn": rule, "Actions": switch_says(word, peer, epoch)});
            deployer.call("elasticloadbalancing", "ModifyRule", &site.region, ask)?;
        }
    }
    Ok(())
}
