//! Carries out a [`Call`]: what is sent is what the call says.

use super::edge::some_text;
use super::error::call_error;
use super::{Aws, control, rdsdata, request, route53};
use crate::model::call::{Act, Call};
use crate::model::outcome::{CallError, Outcome};
use aws_sdk_applicationautoscaling::operation::RequestId;
use aws_sdk_applicationautoscaling::types::{ScalableDimension, ServiceNamespace};
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum, FixedResponseActionConfig};

/// Sends the call and tells how it ended. Dropping the future leaves the outcome unknown.
pub async fn send(aws: &Aws, call: &Call) -> Outcome {
    Outcome::of(sent(aws, call).await)
}

async fn sent(aws: &Aws, call: &Call) -> Result<Option<String>, CallError> {
    match &call.act {
        Act::UpdateService { cluster, service, desired } => {
            let call = aws.regional(&call.region)?.ecs.writes.update_service().cluster(cluster).service(service);
            let answer = call.desired_count(signed(*desired)).send().await.map_err(call_error)?;
            Ok(some_text(answer.request_id()))
        }
        Act::RegisterScalableTarget { resource, min, max } => {
            let call = aws.regional(&call.region)?.scaling.writes.register_scalable_target();
            let answer = call
                .service_namespace(ServiceNamespace::Ecs)
                .resource_id(resource)
                .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
                .min_capacity(signed(*min))
                .max_capacity(signed(*max))
                .send()
                .await
                .map_err(call_error)?;
            Ok(some_text(answer.request_id()))
        }
        Act::ModifyRule { rule_arn, body } => {
            let response = FixedResponseActionConfig::builder()
                .status_code("200")
                .content_type("text/plain")
                .message_body(body)
                .build();
            let action =
                Action::builder().r#type(ActionTypeEnum::FixedResponse).fixed_response_config(response).build();
            let call = aws.regional(&call.region)?.elbv2.writes.modify_rule().rule_arn(rule_arn).actions(action);
            Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
        }
        Act::ChangeResourceRecordSets { zone_id, changes } => {
            route53::change_resource_record_sets(aws, zone_id, changes).await
        }
        Act::SwitchoverGlobalCluster { global, target_arn } => {
            let call = aws.regional(&call.region)?.rds.writes.switchover_global_cluster();
            let call = call.global_cluster_identifier(global).target_db_cluster_identifier(target_arn);
            Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
        }
        Act::FailoverGlobalCluster { global, target_arn } => {
            let call = aws.regional(&call.region)?.rds.writes.failover_global_cluster().allow_data_loss(true);
            let call = call.global_cluster_identifier(global).target_db_cluster_identifier(target_arn);
            Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
        }
        Act::CopyDbClusterSnapshot { source_arn, target_id } => {
            let call = aws.regional(&call.region)?.rds.writes.copy_db_cluster_snapshot();
            let call =
                call.source_db_cluster_snapshot_identifier(source_arn).target_db_cluster_snapshot_identifier(target_id);
            Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
        }
        Act::Heartbeat(beat) => rdsdata::heartbeat(aws, &call.region, beat).await,
        Act::WriteEpoch { table, before, epoch } => {
            control::write_epoch(aws, &call.region, table, *before, epoch).await
        }
        Act::Request(asked) => request::send(aws, &call.region, asked).await,
    }
}

fn signed(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
