//! The metrics of a load balancer and a service.

use super::{batch, query};
use crate::cloud::Aws;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::snapshot::{TrafficMinute, TrafficView};
use aws_sdk_cloudwatch::types::MetricDataQuery;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Whose traffic is read.
#[derive(Debug, Clone, Copy)]
pub struct TrafficOf<'a> {
    pub balancer_arn: &'a str,
    pub target_group_arn: &'a str,
    pub cluster: &'a str,
    pub service: &'a str,
}

/// The minutes between two moments. A minute without a metric has none: absent is not zero.
pub async fn traffic(
    aws: &Aws,
    region: &str,
    of: TrafficOf<'_>,
    from: Timestamp,
    to: Timestamp,
) -> Result<TrafficView, CallError> {
    let mut minutes = BTreeMap::new();
    batch(aws, region, &queries(of)?, (from, to), |id, at, value| put(&mut minutes, id, at, value)).await?;
    Ok(TrafficView { minutes: minutes.into_iter().collect() })
}

fn put(minutes: &mut BTreeMap<Timestamp, TrafficMinute>, id: &str, at: Timestamp, value: f64) {
    let minute = minutes.entry(at).or_default();
    match id {
        "requests" => minute.requests = Some(value),
        "target_5xx" => minute.target_5xx = Some(value),
        "elb_5xx" => minute.elb_5xx = Some(value),
        "p99" => minute.p99_ms = Some(value * 1000.0),
        "cpu" => minute.cpu_percent = Some(value),
        _ => {}
    }
}

fn queries(of: TrafficOf<'_>) -> Result<Vec<MetricDataQuery>, CallError> {
    let balancer = dimension_value(of.balancer_arn, "loadbalancer/")?;
    let group = format!("targetgroup/{}", dimension_value(of.target_group_arn, "targetgroup/")?);
    let behind = [("TargetGroup", group.as_str()), ("LoadBalancer", balancer)];
    let own = [("LoadBalancer", balancer)];
    let tasks = [("ClusterName", of.cluster), ("ServiceName", of.service)];
    const ALB: &str = "AWS/ApplicationELB";
    Ok(vec![
        query("requests", ALB, "RequestCount", &behind, "Sum"),
        query("target_5xx", ALB, "HTTPCode_Target_5XX_Count", &behind, "Sum"),
        query("elb_5xx", ALB, "HTTPCode_ELB_5XX_Count", &own, "Sum"),
        query("p99", ALB, "TargetResponseTime", &behind, "p99"),
        query("cpu", "AWS/ECS", "CPUUtilization", &tasks, "Average"),
    ])
}

/// What CloudWatch calls a load balancer (`app/name/id`) or a target group: the end of its ARN.
fn dimension_value<'a>(arn: &'a str, kind: &str) -> Result<&'a str, CallError> {
    let found = arn.split_once(kind).map(|(_, rest)| rest).filter(|rest| !rest.is_empty());
    found.ok_or_else(|| CallError::new(ErrorClass::Invalid, format!("{arn} is not the ARN of a {kind}")))
}

#[cfg(test)]
mod tests {
    use super::super::{result, values};
    use super::*;

    #[test]
    fn a_minute_without_errors_has_none_rather_than_zero() {
        let mut minutes = BTreeMap::new();
        let points = [("requests", 1200.0), ("p99", 0.084), ("cpu", f64::NAN)];
        for (id, value) in points {
            values(&result(id, &[(60, value)]), &mut |id, at, value| put(&mut minutes, id, at, value));
        }
        let minute = minutes[&Timestamp::from_second(60).unwrap()];
        assert_eq!((minute.requests, minute.p99_ms), (Some(1200.0), Some(84.0)));
        assert_eq!((minute.elb_5xx, minute.cpu_percent), (None, None));
    }

    #[test]
    fn dimensions_are_the_ends_of_arns() {
        let of = TrafficOf {
            balancer_arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop-web/50dc6c495c0c9188",
            target_group_arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop-web/73e2d6bc24d8a067",
            cluster: "shop",
            service: "shop-web",
        };
        let queries = queries(of).unwrap();
        let metric = queries[0].metric_stat().and_then(|stat| stat.metric()).unwrap();
        let values: Vec<&str> = metric.dimensions().iter().filter_map(|dimension| dimension.value()).collect();
        assert_eq!(values, ["targetgroup/shop-web/73e2d6bc24d8a067", "app/shop-web/50dc6c495c0c9188"]);
        assert!(super::queries(TrafficOf { balancer_arn: "nonsense", ..of }).is_err());
    }
}
