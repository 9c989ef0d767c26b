//! Application Auto Scaling.

use super::Aws;
use super::edge::{count, text};
use super::error::call_error;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::snapshot::ScalingView;
use aws_sdk_applicationautoscaling::types::{ScalableDimension, ServiceNamespace};

/// The bounds of a scalable target; `resource` is `service/<cluster>/<service>`.
pub async fn target(aws: &Aws, region: &str, resource: &str) -> Result<ScalingView, CallError> {
    let answer = aws
        .regional(region)?
        .scaling
        .reads
        .describe_scalable_targets()
        .service_namespace(ServiceNamespace::Ecs)
        .resource_ids(resource)
        .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
        .send()
        .await
        .map_err(call_error)?;
    let target = answer.scalable_targets().iter().find(|target| target.resource_id() == resource);
    let target =
        target.ok_or_else(|| CallError::new(ErrorClass::NotFound, format!("{resource} is not a scalable target")))?;
    Ok(ScalingView {
        resource: text(Some(target.resource_id())),
        min: count(target.min_capacity()),
        max: count(target.max_capacity()),
    })
}
