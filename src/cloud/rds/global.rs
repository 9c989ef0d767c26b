//! The global cluster, as one Region tells it.

use crate::cloud::Aws;
use crate::cloud::edge::{region_of, some_text, text};
use crate::cloud::error::call_error;
use crate::model::database::{GlobalView, MemberView, RoleChange};
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_rds::types::{FailoverState, GlobalCluster, GlobalClusterMember};

/// The global cluster `id`, asked for in `region`.
///
/// # Errors
/// `NotFound` when the Region knows of none; else as the call ends.
pub async fn global(aws: &Aws, region: &str, id: &str) -> Result<GlobalView, CallError> {
    let call = aws.regional(region)?.rds.reads.describe_global_clusters().global_cluster_identifier(id);
    let answer = call.send().await.map_err(call_error)?;
    let found = answer.global_clusters().iter().find(|global| global.global_cluster_identifier() == Some(id));
    found
        .map(global_view)
        .ok_or_else(|| CallError::new(ErrorClass::NotFound, format!("there is no global cluster {id}")))
}

fn global_view(found: &GlobalCluster) -> GlobalView {
    GlobalView {
        id: text(found.global_cluster_identifier()),
        status: text(found.status()),
        engine: some_text(found.engine()),
        engine_version: some_text(found.engine_version()),
        endpoint: some_text(found.endpoint()),
        role_change: found.failover_state().and_then(role_change),
        members: found.global_cluster_members().iter().filter_map(member).collect(),
    }
}

/// The SDK's list of statuses lacks `switching-over`, and a state without a status says that nothing is under
/// way: words are kept as they come.
fn role_change(state: &FailoverState) -> Option<RoleChange> {
    Some(RoleChange {
        status: some_text(state.status().map(|status| status.as_str()))?,
        from: state.from_db_cluster_arn().and_then(region_of),
        to: state.to_db_cluster_arn().and_then(region_of),
        data_loss_allowed: state.is_data_loss_allowed() == Some(true),
    })
}

/// A member without a Region cannot be placed.
fn member(member: &GlobalClusterMember) -> Option<MemberView> {
    let arn = text(member.db_cluster_arn());
    Some(MemberView {
        region: region_of(&arn)?,
        cluster_arn: arn,
        writer: member.is_writer() == Some(true),
        forwarding: some_text(member.global_write_forwarding_status().map(|status| status.as_str())),
        synchronization: some_text(member.synchronization_status().map(|status| status.as_str())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_rds::types::{FailoverStatus, GlobalClusterMemberSynchronizationStatus, WriteForwardingStatus};

    fn arn(region: &str) -> String {
        format!("arn:aws:rds:{region}:123456789012:cluster:shop-db-{region}")
    }

    #[test]
    fn a_status_that_the_sdk_does_not_know_is_kept_as_it_came() {
        let state = FailoverState::builder()
            .status(FailoverStatus::from("switching-over"))
            .from_db_cluster_arn(arn("us-east-1"))
            .to_db_cluster_arn(arn("eu-west-1"))
            .build();
        let change = role_change(&state).unwrap();
        assert_eq!((change.status.as_str(), change.data_loss_allowed), ("switching-over", false));
        assert_eq!((change.from.as_deref(), change.to.as_deref()), (Some("us-east-1"), Some("eu-west-1")));
        assert_eq!(role_change(&FailoverState::builder().build()), None, "an empty state is none");
    }

    #[test]
    fn members_have_the_region_of_their_arn_and_a_writer_forwards_nothing() {
        let writer = GlobalClusterMember::builder().db_cluster_arn(arn("us-east-1")).is_writer(true).build();
        let reader = GlobalClusterMember::builder()
            .db_cluster_arn(arn("eu-west-1"))
            .is_writer(false)
            .global_write_forwarding_status(WriteForwardingStatus::Enabled)
            .synchronization_status(GlobalClusterMemberSynchronizationStatus::PendingResync)
            .build();
        let nowhere = GlobalClusterMember::builder().build();
        let found = GlobalCluster::builder().global_cluster_identifier("shop-db").status("available");
        let members = [writer, reader, nowhere];
        let view = global_view(&found.set_global_cluster_members(Some(members.to_vec())).build());
        assert_eq!((view.writer(), view.members.len()), (Some("us-east-1"), 2));
        assert_eq!(view.members[0].forwarding, None);
        let second = view.member("eu-west-1").unwrap();
        assert_eq!(second.forwarding.as_deref(), Some("enabled"));
        assert_eq!(second.synchronization.as_deref(), Some("pending-resync"));
        assert_eq!(view.role_change, None);
    }
}
