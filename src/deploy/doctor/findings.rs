//! Everything that is looked at, at once. A Region that hangs spoils only its own answers.

use super::super::graph::Graph;
use super::super::orphans::{self, Orphans};
use super::super::parts::database::secret::User;
use super::Patient;
use super::image;
use super::quotas::{HEALTH_CHECKS, OUTSIDE, QUOTAS, Quota};
use super::together::together;
use crate::cloud::checkup::{self, ACCESS, Caller, EcrImage, Global, Held, Offers, Zone};
use crate::cloud::discover::{self, Wanted};
use crate::cloud::look::dynamodb::{self, Found, Ttl};
use crate::cloud::look::route53::{self as checks, Check};
use crate::cloud::look::{autoscaling, rds, secretsmanager};
use crate::cloud::{self, Aws};
use crate::host::Clock;
use crate::model::call::ROUTE53_HOME;
use crate::model::deploy::Seen;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::snapshot::{BalancerView, ServiceView, SwitchView};
use crate::model::spec::Spec;
use crate::probe::{Boxed, Fetched, ProbeError, Url};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long anything may take before it could not be told, by the stack's clock.
pub const LIMIT: Duration = Duration::from_secs(20);

pub type Looked<T> = Result<T, CallError>;

/// What was found.
#[derive(Debug, Clone)]
pub struct Findings {
    pub now: Timestamp,
    /// When the credentials run out.
    pub expires: Option<Timestamp>,
    /// What is typed to sign in again.
    pub login: String,
    pub dated: bool,
    /// In the order of the file.
    pub regions: Vec<Region>,
    pub outside: Option<Outside>,
    pub control: BTreeMap<String, Looked<Option<Table>>>,
    pub health_checks_quota: Looked<Option<f64>>,
    /// Public zones with the name.
    pub zones: Looked<Vec<String>>,
    pub zone: Looked<Option<Zone>>,
    pub delegation: Result<Vec<String>, ProbeError>,
    pub route53: Looked<()>,
    pub checks: Looked<Vec<Check>>,
    /// What the checkers say of the stack's, by id.
    pub reports: BTreeMap<String, Looked<checks::Report>>,
    /// What the stack's health checks are called, and for which Region each is.
    pub check_names: Vec<(String, String)>,
    pub orphans: Orphans,
}

/// A Region of the stack.
#[derive(Debug, Clone)]
pub struct Region {
    pub name: String,
    pub caller: Looked<Caller>,
    /// By service.
    pub access: BTreeMap<&'static str, Looked<()>>,
    /// By code.
    pub quotas: BTreeMap<&'static str, Looked<Option<f64>>>,
    pub held: Looked<Held>,
    /// Whether its registry has them: those of ECR, by name.
    pub images: BTreeMap<String, Looked<bool>>,
    pub offers: Looked<Offers>,
    pub global: Looked<Option<Global>>,
    pub cluster: Looked<Seen>,
    pub sessions: Looked<Option<Table>>,
    /// By name.
    pub secrets: BTreeMap<String, Looked<Seen>>,
    /// `None`: there is no such service.
    pub service: Looked<Option<ServiceView>>,
    pub scaling: Looked<Seen>,
    pub balancer: Looked<Option<Balancer>>,
    /// The health path at the Region's own name.
    pub health: Result<Fetched, ProbeError>,
}

impl Region {
    fn troubles(&self) -> Vec<&CallError> {
        let single = [
            self.caller.as_ref().err(),
            self.held.as_ref().err(),
            self.offers.as_ref().err(),
            self.global.as_ref().err(),
            self.cluster.as_ref().err(),
            self.sessions.as_ref().err(),
            self.service.as_ref().err(),
            self.scaling.as_ref().err(),
            self.balancer.as_ref().err(),
        ];
        let access = self.access.values().filter_map(|looked| looked.as_ref().err());
        let quotas = self.quotas.values().filter_map(|looked| looked.as_ref().err());
        let secrets = self.secrets.values().filter_map(|looked| looked.as_ref().err());
        let images = self.images.values().filter_map(|looked| looked.as_ref().err());
        single.into_iter().flatten().chain(access).chain(quotas).chain(secrets).chain(images).collect()
    }
}

/// The Region that has a watcher and nothing else of the stack.
#[derive(Debug, Clone)]
pub struct Outside {
    pub name: String,
    /// By code.
    pub quotas: BTreeMap<&'static str, Looked<Option<f64>>>,
    pub images: BTreeMap<String, Looked<bool>>,
}

/// A table in a Region.
#[derive(Debug, Clone)]
pub struct Table {
    pub found: Found,
    pub ttl: Ttl,
    pub recovery: bool,
}

#[derive(Debug, Clone)]
pub struct Balancer {
    pub view: BalancerView,
    pub switches: BTreeMap<String, SwitchView>,
}

impl Findings {
    pub fn region(&self, name: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.name == name)
    }

    /// Whether anything of the stack stands; `None` where nothing was seen, and not everything answered.
    pub fn stands(&self) -> Option<bool> {
        let parts = self.regions.iter().flat_map(|region| {
            [
                region.global.as_ref().map(Option::is_some),
                region.balancer.as_ref().map(Option::is_some),
                region.sessions.as_ref().map(Option::is_some),
            ]
        });
        let all: Vec<_> = parts.chain(self.control.values().map(|table| table.as_ref().map(Option::is_some))).collect();
        if all.contains(&Ok(true)) {
            return Some(true);
        }
        all.iter().all(Result::is_ok).then_some(false)
    }

    /// What went wrong anywhere, and where; Route 53 is in no Region.
    pub fn troubles(&self) -> Vec<(&str, &CallError)> {
        fn of(region: &Region) -> Vec<(&str, &CallError)> {
            region.troubles().into_iter().map(|error| (region.name.as_str(), error)).collect()
        }
        let mut all: Vec<(&str, &CallError)> = self.regions.iter().flat_map(of).collect();
        if let Some(outside) = &self.outside {
            let quotas = outside.quotas.values().filter_map(|looked| looked.as_ref().err());
            let images = outside.images.values().filter_map(|looked| looked.as_ref().err());
            all.extend(quotas.chain(images).map(|error| (outside.name.as_str(), error)));
        }
        all.extend(self.control.iter().filter_map(|(region, table)| Some((region.as_str(), table.as_ref().err()?))));
        let global = [
            self.health_checks_quota.as_ref().err(),
            self.zones.as_ref().err(),
            self.zone.as_ref().err(),
            self.route53.as_ref().err(),
            self.checks.as_ref().err(),
        ];
        all.extend(global.into_iter().flatten().map(|error| ("", error)));
        all.extend(self.reports.values().filter_map(|report| Some(("", report.as_ref().err()?))));
        all
    }
}

/// Looks at everything.
pub async fn look(patient: &Patient<'_>, graph: &Graph) -> Findings {
    let Patient { aws, clock, spec, .. } = *patient;
    let check = |node: &super::super::node::Node| {
        let (region, what) = node.id.split_once('/')?;
        let check = node.service == "route53" && (what == "health" || what.starts_with("check-"));
        check.then(|| (region.to_string(), node.name.clone()))
    };
    let check_names: Vec<(String, String)> = graph.nodes().iter().filter_map(check).collect();
    let regions = spec.regions.iter().map(|site| -> Boxed<'_, Region> { Box::pin(region(patient, &site.name)) });
    let tables = spec.control_regions.iter().map(|region| -> Boxed<'_, (String, Looked<Option<Table>>)> {
        let table = spec.stack.control_table();
        Box::pin(async move { (region.clone(), within(clock, Box::pin(self::table(aws, region, &table))).await) })
    });
    let orphans = async {
        tokio::select! {
            biased;
            found = Box::pin(orphans::search(aws, spec, graph)) => found,
            () = clock.sleep(LIMIT) => Orphans { found: vec![], unseen: vec!["no answer in time".into()] },
        }
    };
    let quota = within(clock, Box::pin(checkup::quota(aws, ROUTE53_HOME, HEALTH_CHECKS.service, HEALTH_CHECKS.code)));
    let (regions, outside, tables, names, checked, orphans, quota) = tokio::join!(
        together(regions.collect()),
        Box::pin(outside(patient)),
        together(tables.collect()),
        Box::pin(names(patient)),
        Box::pin(checks_of(patient, &check_names)),
        Box::pin(orphans),
        Box::pin(quota)
    );
    let ((zones, zone, delegation), (checks, reports)) = (names, checked);
    let route53 = zones.as_ref().map(drop).map_err(Clone::clone);
    Findings {
        now: clock.now(),
        expires: aws.expires(),
        login: aws.login(),
        dated: patient.dated,
        regions,
        outside,
        control: tables.into_iter().collect(),
        health_checks_quota: quota,
        zones,
        zone,
        delegation,
        route53,
        checks,
        reports,
        check_names,
        orphans,
    }
}

/// On the heap: a look is large, and there are many of them at once.
async fn within<'a, T>(clock: &Clock, look: Boxed<'a, Looked<T>>) -> Looked<T> {
    tokio::select! {
        biased;
        looked = look => looked,
        () = clock.sleep(LIMIT) => Err(CallError::new(ErrorClass::Timeout, "")),
    }
}

async fn region(patient: &Patient<'_>, name: &str) -> Region {
    let Patient { aws, clock, spec, .. } = *patient;
    let database = &spec.database;
    let (resource, cluster) = (spec.stack.scaling_resource(name), spec.cluster(name));
    let (global, sessions) = (spec.stack.global_cluster(), spec.stack.sessions_table());
    let access = (0..ACCESS.len()).map(|place| -> Boxed<'_, (&'static str, Looked<()>)> {
        Box::pin(async move { (ACCESS[place].0, within(clock, Box::pin(checkup::access(aws, name, place))).await) })
    });
    let secrets = User::ALL.map(|user| -> Boxed<'_, (String, Looked<Seen>)> {
        let secret = user.secret(spec);
        Box::pin(async move {
            let seen = within(clock, Box::pin(secretsmanager::replica(aws, Some(spec.home()), name, &secret))).await;
            (secret, seen)
        })
    });
    let first = async {
        tokio::join!(
            within(clock, Box::pin(checkup::caller(aws, name))),
            together(access.collect()),
            Box::pin(quotas(patient, name, QUOTAS.iter())),
            within(clock, Box::pin(checkup::held(aws, name))),
            Box::pin(images(patient, name)),
            within(
                clock,
                Box::pin(checkup::offers(aws, name, "aurora-postgresql", &database.version, &database.class))
            ),
        )
    };
    let second = async {
        tokio::join!(
            within(clock, Box::pin(checkup::global(aws, name, &global))),
            within(clock, Box::pin(rds::cluster(aws, name, &cluster, &global))),
            within(clock, Box::pin(table(aws, name, &sessions))),
            together(secrets.into_iter().collect()),
            within(clock, Box::pin(service(aws, spec, name))),
            within(clock, Box::pin(autoscaling::scalable_target(aws, name, &resource))),
            within(clock, Box::pin(balancer(aws, spec, name))),
            Box::pin(health(patient, name)),
        )
    };
    let (first, second) = tokio::join!(first, second);
    let (caller, access, quotas, held, images, offers) = first;
    let (global, cluster, sessions, secrets, service, scaling, balancer, health) = second;
    Region {
        name: name.into(),
        caller,
        access: access.into_iter().collect(),
        quotas,
        held,
        images,
        offers,
        global,
        cluster,
        sessions,
        secrets: secrets.into_iter().collect(),
        service,
        scaling,
        balancer,
        health,
    }
}

async fn outside(patient: &Patient<'_>) -> Option<Outside> {
    let spec = patient.spec;
    let name = spec.watch_regions().into_iter().find(|region| spec.region_names().all(|own| own != *region))?;
    let needed = QUOTAS.iter().filter(|quota| OUTSIDE.iter().any(|(code, _)| *code == quota.code));
    let (quotas, images) = tokio::join!(quotas(patient, name, needed), images(patient, name));
    Some(Outside { name: name.into(), quotas, images })
}

async fn quotas(
    patient: &Patient<'_>,
    region: &str,
    of: impl Iterator<Item = &'static Quota>,
) -> BTreeMap<&'static str, Looked<Option<f64>>> {
    let Patient { aws, clock, .. } = *patient;
    let quota = |quota: &'static Quota| -> Boxed<'_, (&'static str, Looked<Option<f64>>)> {
        Box::pin(async move {
            (quota.code, within(clock, Box::pin(checkup::quota(aws, region, quota.service, quota.code))).await)
        })
    };
    together(of.map(quota).collect()).await.into_iter().collect()
}

/// Those that tasks in a Region start with, of the application and of Tandem.
async fn images(patient: &Patient<'_>, region: &str) -> BTreeMap<String, Looked<bool>> {
    let Patient { aws, clock, spec, .. } = *patient;
    let names = image::all(spec, region).into_iter().filter_map(|name| Some((EcrImage::read(&name)?, name)));
    let look = |(image, name): (EcrImage, String)| -> Boxed<'_, (String, Looked<bool>)> {
        Box::pin(async move { (name, within(clock, Box::pin(checkup::image(aws, region, &image))).await) })
    };
    together(names.map(look).collect()).await.into_iter().collect()
}

async fn table(aws: &Aws, region: &str, name: &str) -> Looked<Option<Table>> {
    let found = dynamodb::table(aws, region, name);
    let (found, ttl, recovery) =
        tokio::join!(found, dynamodb::ttl(aws, region, name), dynamodb::recovery(aws, region, name));
    let Some(found) = found? else { return Ok(None) };
    Ok(Some(Table { found, ttl: ttl?, recovery: recovery? }))
}

async fn service(aws: &Aws, spec: &Spec, region: &str) -> Looked<Option<ServiceView>> {
    match cloud::ecs::service(aws, region, &spec.stack.cluster(region), &spec.stack.service(region)).await {
        Ok(service) => Ok(Some(service)),
        Err(error) if error.class == ErrorClass::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

async fn balancer(aws: &Aws, spec: &Spec, region: &str) -> Looked<Option<Balancer>> {
    let (balancer, group) = (spec.stack.balancer(region), spec.stack.target_group(region));
    let listener = spec.stack.listener(region);
    let wanted = Wanted { stack: &spec.stack.name, balancer: &balancer, target_group: &group, listener };
    let view = match discover::balancer(aws, region, wanted).await {
        Err(error) if error.class == ErrorClass::NotFound => return Ok(None),
        view => view?,
    };
    let switches = match &view.listener_arn {
        Some(listener) => cloud::elbv2::switches(aws, region, listener).await?,
        None => BTreeMap::new(),
    };
    Ok(Some(Balancer { view, switches }))
}

/// One visit to the health path at the name that is the Region's own.
async fn health(patient: &Patient<'_>, region: &str) -> Result<Fetched, ProbeError> {
    let stack = &patient.spec.stack;
    let origin = stack.tree().origin(region);
    let Some(place) = patient.vantage.places().into_iter().next() else {
        return Err(ProbeError::Other("there is no place to ask from".into()));
    };
    let visit = async {
        let addresses = patient.vantage.resolve(&origin, &place).await?;
        let Some(address) = addresses.first() else {
            return Err(ProbeError::Dns(format!("{origin} has no address")));
        };
        let url = Url { https: stack.https, host: origin.clone(), path: stack.health_path.clone() };
        patient.vantage.fetch(&url, *address, &place).await
    };
    tokio::select! {
        biased;
        visited = visit => visited,
        () = patient.clock.sleep(LIMIT) => Err(ProbeError::TimedOut),
    }
}

type Names = (Looked<Vec<String>>, Looked<Option<Zone>>, Result<Vec<String>, ProbeError>);

async fn names(patient: &Patient<'_>) -> Names {
    let Patient { aws, clock, spec, .. } = *patient;
    let zone = async {
        let zones = within(clock, Box::pin(cloud::route53::zones(aws, &spec.stack.zone))).await;
        let zone = match zones.as_ref().map(Vec::as_slice) {
            Ok([only]) => within(clock, Box::pin(checkup::zone(aws, only))).await.map(Some),
            Ok(_) => Ok(None),
            Err(error) => Err(error.clone()),
        };
        (zones, zone)
    };
    let delegation = async {
        tokio::select! {
            biased;
            told = patient.vantage.name_servers(&spec.stack.zone) => told,
            () = clock.sleep(LIMIT) => Err(ProbeError::TimedOut),
        }
    };
    let ((zones, zone), delegation) = tokio::join!(zone, delegation);
    (zones, zone, delegation)
}

type Checked = (Looked<Vec<Check>>, BTreeMap<String, Looked<checks::Report>>);

/// The health checks of the stack, and what their checkers say. A calculated one has none.
async fn checks_of(patient: &Patient<'_>, names: &[(String, String)]) -> Checked {
    let Patient { aws, clock, .. } = *patient;
    let all = within(clock, Box::pin(checks::checks(aws))).await;
    let ours =
        |check: &&Check| names.iter().any(|(_, name)| super::super::parts::names::is_reference(&check.reference, name));
    let asked: Vec<&Check> =
        all.iter().flatten().filter(ours).filter(|check| check.config["Type"] != "CALCULATED").collect();
    let reports = asked.into_iter().map(|check| -> Boxed<'_, (String, Looked<checks::Report>)> {
        Box::pin(async move { (check.id.clone(), within(clock, Box::pin(checks::report(aws, check))).await) })
    });
    let reports = together(reports.collect()).await.into_iter().collect();
    (all, reports)
}
