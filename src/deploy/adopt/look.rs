//! Reads what is named. Nothing is changed.

use super::item::{Item, Kind, items, secret_name};
use super::judge::{Survey, row};
use crate::cloud::look::secretsmanager::SecretOf;
use crate::cloud::{Aws, look, route53};
use crate::model::deploy::Seen;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::resources::{Named, in_region, name_of};
use crate::model::spec::Spec;
use crate::model::steering::{self, Way};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Looks at everything that the stack names.
pub async fn survey(aws: &Aws, spec: &Spec) -> Survey {
    let mut survey = Survey::default();
    for item in items(&spec.stack) {
        let looked = look_at(aws, &item, spec).await;
        survey.rows.push(row(item, looked, spec));
    }
    survey
}

async fn look_at(aws: &Aws, item: &Item, spec: &Spec) -> Result<Seen, CallError> {
    let (region, stack) = (item.region.as_str(), &spec.stack);
    match item.kind {
        Kind::Global => look::rds::global_cluster_alone(aws, &stack.regions, name_of(&item.name)).await,
        Kind::Cluster => look::rds::cluster(aws, region, name_of(&item.name), &stack.global_cluster()).await,
        Kind::Table => table(aws, region, &item.name).await,
        Kind::Secret => secret(aws, item, &stack.global_cluster()).await,
        Kind::Balancer => look::elbv2::load_balancer(aws, region, &item.name).await,
        Kind::TargetGroup => look::elbv2::target_group(aws, region, &item.name).await,
        Kind::Listener => look::elbv2::listener_called(aws, region, &item.name).await,
        Kind::Service => service(aws, region, spec).await,
        Kind::Names => names(aws, spec).await,
    }
}

async fn table(aws: &Aws, region: &str, name: &str) -> Result<Seen, CallError> {
    let Some(found) = look::dynamodb::table(aws, region, name).await? else { return Ok(Seen::absent()) };
    let (ttl, recovery) =
        (look::dynamodb::ttl(aws, region, name).await?, look::dynamodb::recovery(aws, region, name).await?);
    let is = json!({
        "TimeToLiveSpecification": {
            "Enabled": matches!(ttl.status.as_str(), "ENABLED" | "ENABLING"), "AttributeName": ttl.attribute,
        },
        "DeletionProtectionEnabled": found.protected,
        "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": recovery },
        "Replicas": found.replicas,
    });
    Ok(Seen::there(found.state(), is).giving("arn", &found.arn).tagged(found.tags.clone().unwrap_or_default()))
}

/// By its name, since a replica has another ARN than its primary; one that only has the same name is none.
async fn secret(aws: &Aws, item: &Item, global: &str) -> Result<Seen, CallError> {
    let of =
        SecretOf { name: secret_name(&item.name).into(), regions: vec![item.region.clone()], global: global.into() };
    let mut seen = look::secretsmanager::secret(aws, &of).await?;
    if in_region(seen.gift("arn"), &item.region) != item.name {
        return Ok(Seen::absent());
    }
    let regions: Map<String, Value> = [seen.gift("primary")]
        .into_iter()
        .chain(seen.gift("replicas").split(','))
        .map(|region| (region.to_string(), json!(true)))
        .collect();
    seen.is["Regions"] = Value::Object(regions);
    Ok(seen)
}

/// With its scalable target, if it has one.
async fn service(aws: &Aws, region: &str, spec: &Spec) -> Result<Seen, CallError> {
    let named = spec.stack.resources.named(region).and_then(Named::cluster_and_service);
    let Some((cluster, name)) = named else { return Ok(Seen::absent()) };
    let mut seen = look::ecs::service(aws, region, cluster, name).await?;
    if seen.exists {
        let target = look::autoscaling::scalable_target(aws, region, &spec.stack.scaling_resource(region)).await?;
        seen.is["ScalableTarget"] = if target.exists { json!("registered") } else { Value::Null };
    }
    Ok(seen)
}

/// How the stack's name leads to each Region.
async fn names(aws: &Aws, spec: &Spec) -> Result<Seen, CallError> {
    let stack = &spec.stack;
    let zone = match route53::zone(aws, &stack.zone).await {
        Err(error) if error.class == ErrorClass::NotFound => return Ok(Seen::absent()),
        found => found?,
    };
    let records = route53::records(aws, &zone, &stack.tree(), &stack.regions).await?;
    let mut balancers = BTreeMap::new();
    for region in &stack.regions {
        let found = look::elbv2::load_balancer(aws, region, &stack.balancer(region)).await?;
        balancers.insert(region.clone(), found.gift("dns_name").to_string());
    }
    let straight = steering::straight(&records.sets, &stack.policy, &balancers);
    let way = |region: &String| {
        let said = match (records.dials.get(region), straight.get(region).map(|straight| straight.way)) {
            (Some(_), _) | (None, Some(Way::Weight { .. })) => json!("a weighted alias"),
            (None, Some(way)) => json!(way.words()),
            (None, None) => Value::Null,
        };
        (region.clone(), said)
    };
    let ways: Map<String, Value> = stack.regions.iter().map(way).collect();
    Ok(Seen::there("", json!({ "Records": ways })))
}
