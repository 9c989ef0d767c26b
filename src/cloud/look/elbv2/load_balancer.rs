//! A load balancer with its attributes.

use super::super::sorted;
use super::{named, tags};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_elasticloadbalancingv2::types::{LoadBalancer, LoadBalancerAttribute};
use serde_json::{Map, Value, json};

/// The load balancer called `name`, or with this ARN. It gives `arn`, `dns_name` and `zone`, the hosted zone of its names.
///
/// # Errors
/// As the calls end.
pub async fn load_balancer(aws: &Aws, region: &str, name: &str) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.elbv2.reads;
    let Some(found) = named(client, name).await? else { return Ok(Seen::absent()) };
    let arn = found.load_balancer_arn().unwrap_or_default();
    let (attributes, tags) =
        tokio::join!(client.describe_load_balancer_attributes().load_balancer_arn(arn).send(), tags(client, arn));
    let attributes = attributes.map_err(call_error)?;
    Ok(seen(&found, attributes.attributes()).tagged(tags?))
}

fn seen(found: &LoadBalancer, attributes: &[LoadBalancerAttribute]) -> Seen {
    let attributes: Map<String, Value> =
        attributes.iter().map(|one| (text(one.key()), json!(text(one.value())))).collect();
    let is = json!({
        "Name": text(found.load_balancer_name()),
        "Subnets": sorted(found.availability_zones().iter().filter_map(|zone| zone.subnet_id())),
        "SecurityGroups": sorted(found.security_groups()),
        "Scheme": text(found.scheme().map(|scheme| scheme.as_str())),
        "Type": text(found.r#type().map(|kind| kind.as_str())),
        "Attributes": attributes,
    });
    Seen::there(text(found.state().and_then(|state| state.code()).map(|code| code.as_str())), is)
        .giving("arn", text(found.load_balancer_arn()))
        .giving("dns_name", text(found.dns_name()))
        .giving("zone", text(found.canonical_hosted_zone_id()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_elasticloadbalancingv2::types::{AvailabilityZone, LoadBalancerState, LoadBalancerStateEnum};

    #[test]
    fn lists_have_one_order_and_attributes_are_members() {
        let zone = |subnet: &str| AvailabilityZone::builder().subnet_id(subnet).build();
        let found = LoadBalancer::builder()
            .load_balancer_arn("arn:lb")
            .availability_zones(zone("subnet-b"))
            .availability_zones(zone("subnet-a"))
            .state(LoadBalancerState::builder().code(LoadBalancerStateEnum::Provisioning).build())
            .build();
        let attribute = LoadBalancerAttribute::builder().key("client_keep_alive.seconds").value("3600").build();
        let seen = seen(&found, &[attribute]);
        assert_eq!(seen.is["Subnets"], json!(["subnet-a", "subnet-b"]));
        assert_eq!(seen.is["Attributes"]["client_keep_alive.seconds"], "3600");
        assert_eq!((seen.state.as_str(), seen.gift("arn")), ("provisioning", "arn:lb"));
    }
}
