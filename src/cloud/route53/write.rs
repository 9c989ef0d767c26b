//! Changes of records.

use super::super::Aws;
use super::super::edge::text;
use super::super::error::{call_error, unbuildable};
use crate::model::call::{Change, ChangeAction};
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::records::{RecordSet, Routing};
use aws_sdk_route53::operation::RequestId;
use aws_sdk_route53::operation::change_resource_record_sets::ChangeResourceRecordSetsError;
use aws_sdk_route53::types::{
    AliasTarget, Change as SdkChange, ChangeAction as SdkAction, ChangeBatch, GeoLocation, ResourceRecord,
    ResourceRecordSet, ResourceRecordSetRegion, RrType,
};
use aws_smithy_types::retry::RetryConfig;
use std::time::Duration;

/// How often a batch is tried that Route 53 refused for now.
const TRIES: u32 = 4;
/// The wait before the second try; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// One atomic batch. It is sent again only when it was certainly not carried out: the second sending
/// of a swap that took effect would be refused, and look like a race that someone else won.
pub async fn change_resource_record_sets(
    aws: &Aws,
    zone_id: &str,
    changes: &[Change],
) -> Result<Option<String>, CallError> {
    let changes = changes.iter().map(change).collect::<Result<Vec<_>, _>>()?;
    let batch = ChangeBatch::builder().set_changes(Some(changes)).build().map_err(|e| unbuildable(&e))?;
    let mut wait = FIRST_WAIT;
    for left in (0..TRIES).rev() {
        let once = aws_sdk_route53::config::Config::builder().retry_config(RetryConfig::disabled());
        let sent = aws
            .0
            .route53
            .writes
            .change_resource_record_sets()
            .hosted_zone_id(zone_id)
            .change_batch(batch.clone())
            .customize()
            .config_override(once)
            .send()
            .await;
        let error = match sent {
            Ok(answer) => return Ok(answer.request_id().map(|id| text(Some(id)))),
            Err(error) => {
                let told = reasons(error.as_service_error());
                let error = call_error(error);
                if error.message.is_empty() { CallError { message: told, ..error } } else { error }
            }
        };
        let busy = error.class == ErrorClass::Throttled || error.code.as_deref() == Some("PriorRequestNotComplete");
        if left == 0 || !busy {
            return Err(error);
        }
        aws.0.clock.sleep(wait).await;
        wait *= 2;
    }
    Err(CallError::new(ErrorClass::Throttled, "Route 53 is busy"))
}

/// An InvalidChangeBatch may hold a list of messages and no message.
fn reasons(error: Option<&ChangeResourceRecordSetsError>) -> String {
    match error {
        Some(ChangeResourceRecordSetsError::InvalidChangeBatch(batch)) => text(Some(&batch.messages().join(" "))),
        _ => String::new(),
    }
}

fn change(change: &Change) -> Result<SdkChange, CallError> {
    let action = match change.action {
        ChangeAction::Create => SdkAction::Create,
        ChangeAction::Delete => SdkAction::Delete,
    };
    let set = record(&change.set)?;
    SdkChange::builder().action(action).resource_record_set(set).build().map_err(|e| unbuildable(&e))
}

fn record(set: &RecordSet) -> Result<ResourceRecordSet, CallError> {
    let mut record = ResourceRecordSet::builder()
        .name(&set.name)
        .r#type(RrType::from(set.kind.as_str()))
        .set_set_identifier(set.set_identifier.clone())
        .set_health_check_id(set.health_check.clone());
    match &set.routing {
        Routing::Simple => {}
        Routing::Weighted(weight) => record = record.weight(*weight),
        Routing::Latency(region) => record = record.region(ResourceRecordSetRegion::from(region.as_str())),
        Routing::Geolocation { continent, country } => {
            let place = GeoLocation::builder();
            let place = place.set_continent_code(continent.clone()).set_country_code(country.clone()).build();
            record = record.geo_location(place);
        }
        Routing::Other => {
            let message = format!("{} has a routing policy that is not written here", set.name);
            return Err(CallError::new(ErrorClass::Invalid, message));
        }
    }
    if let Some(alias) = &set.alias {
        let target = AliasTarget::builder()
            .hosted_zone_id(&alias.zone_id)
            .dns_name(&alias.dns_name)
            .evaluate_target_health(alias.evaluate_target_health)
            .build()
            .map_err(|e| unbuildable(&e))?;
        record = record.alias_target(target);
    }
    if let Some(ttl) = set.ttl_s {
        let values = set.values.iter().map(|value| ResourceRecord::builder().value(value).build());
        let values = values.collect::<Result<Vec<_>, _>>().map_err(|e| unbuildable(&e))?;
        record = record.ttl(ttl).set_resource_records(Some(values));
    }
    record.build().map_err(|e| unbuildable(&e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::records::Alias;

    #[test]
    fn a_record_keeps_every_member() {
        let set = RecordSet {
            name: "eu-west-1.app.example.com".into(),
            kind: "A".into(),
            set_identifier: Some("eu-west-1".into()),
            routing: Routing::Weighted(25),
            alias: Some(Alias {
                dns_name: "alb.".into(),
                zone_id: "Z32O12XQLNTSW2".into(),
                evaluate_target_health: true,
            }),
            ttl_s: None,
            values: vec![],
            health_check: Some("hc".into()),
        };
        let record = record(&set).unwrap();
        assert_eq!(
            (record.name(), record.weight(), record.health_check_id()),
            ("eu-west-1.app.example.com", Some(25), Some("hc"))
        );
        assert!(record.alias_target().is_some_and(|alias| alias.evaluate_target_health()));
        assert!(super::record(&RecordSet { routing: Routing::Other, ..set }).is_err());
    }
}
