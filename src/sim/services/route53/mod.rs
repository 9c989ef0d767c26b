//! Route 53 over restXml.
//!
//! One file a resource. `batch` says whether a change batch is right, as AWS words it; wordings that
//! no public page shows are marked recalled there.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

mod answer;
mod batch;
mod changes;
mod checks;
mod config;
mod records;
mod shape;
mod status;
mod tags;
#[cfg(test)]
mod tests;
mod zones;

use crate::operation::{Answer, Protocol, Refusal, Service};
use crate::operations;

pub const ROUTE53: Service = Service {
    scope: "route53",
    speaks: &[Protocol::RestXml { xmlns: "https://route53.amazonaws.com/doc/2013-04-01/" }],
    items: &[
        ("HostedZones", "HostedZone"),
        ("VPCs", "VPC"),
        ("NameServers", "NameServer"),
        ("Changes", "Change"),
        ("ResourceRecordSets", "ResourceRecordSet"),
        ("ResourceRecords", "ResourceRecord"),
        ("HealthChecks", "HealthCheck"),
        ("ChildHealthChecks", "ChildHealthCheck"),
        ("Regions", "Region"),
        ("Dimensions", "Dimension"),
        ("ResetElements", "ResettableElementName"),
        ("HealthCheckObservations", "HealthCheckObservation"),
        ("AddTags", "Tag"),
        ("RemoveTagKeys", "Key"),
        ("Tags", "Tag"),
        ("ResourceIds", "ResourceId"),
        ("ResourceTagSets", "ResourceTagSet"),
        ("RecordData", "RecordDataEntry"),
    ],
    misshapen: "InvalidInput",
    global: true,
    operations: operations![
        CreateHostedZone => zones::create, "POST" "/2013-04-01/hostedzone" 201;
        GetHostedZone => zones::get, reads, "GET" "/2013-04-01/hostedzone/{Id}" 200;
        ListHostedZones => zones::list, reads, "GET" "/2013-04-01/hostedzone" 200;
        ListHostedZonesByName => zones::list_by_name, reads, "GET" "/2013-04-01/hostedzonesbyname" 200;
        DeleteHostedZone => zones::delete, "DELETE" "/2013-04-01/hostedzone/{Id}" 200;
        ChangeResourceRecordSets => records::change, "POST" "/2013-04-01/hostedzone/{Id}/rrset" 200;
        ListResourceRecordSets => records::list, reads, "GET" "/2013-04-01/hostedzone/{Id}/rrset" 200;
        GetChange => changes::get, reads, "GET" "/2013-04-01/change/{Id}" 200;
        CreateHealthCheck => checks::create, "POST" "/2013-04-01/healthcheck" 201;
        GetHealthCheck => checks::get, reads, "GET" "/2013-04-01/healthcheck/{HealthCheckId}" 200;
        ListHealthChecks => checks::list, reads, "GET" "/2013-04-01/healthcheck" 200;
        UpdateHealthCheck => checks::update, "POST" "/2013-04-01/healthcheck/{HealthCheckId}" 200;
        DeleteHealthCheck => checks::delete, "DELETE" "/2013-04-01/healthcheck/{HealthCheckId}" 200;
        GetHealthCheckStatus => status::now, reads, "GET" "/2013-04-01/healthcheck/{HealthCheckId}/status" 200;
        GetHealthCheckLastFailureReason => status::last_failure, reads,
            "GET" "/2013-04-01/healthcheck/{HealthCheckId}/lastfailurereason" 200;
        ChangeTagsForResource => tags::change, "POST" "/2013-04-01/tags/{ResourceType}/{ResourceId}" 200;
        ListTagsForResource => tags::list, reads, "GET" "/2013-04-01/tags/{ResourceType}/{ResourceId}" 200;
        ListTagsForResources => tags::list_many, reads, "POST" "/2013-04-01/tags/{ResourceType}" 200;
        TestDNSAnswer => answer::test, reads, "GET" "/2013-04-01/testdnsanswer" 200;
    ],
};

/// An id without the `/hostedzone/`, `/change/` or `/healthcheck/` that answers put before it.
fn bare(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidInput", message)
}

fn no_such_zone(id: &str) -> Refusal {
    Refusal::new(404, "NoSuchHostedZone", format!("No hosted zone found with ID: {}", bare(id)))
}

fn no_such_check(id: &str) -> Refusal {
    Refusal::new(404, "NoSuchHealthCheck", format!("A health check with id {} does not exist.", bare(id)))
}

/// How many items a page may have: what was asked, at most `most`.
fn page_size(asked: Option<&str>, most: usize) -> Answer<usize> {
    match asked.map(str::parse::<usize>) {
        None => Ok(most),
        Some(Ok(size)) if size > 0 => Ok(size.min(most)),
        Some(_) => Err(invalid("Invalid parameter: maxitems must be a positive integer.")),
    }
}
