//! AWS Secrets Manager: a secret with its replicas. What is in it is not read.

use super::known;
use crate::cloud::Aws;
use crate::cloud::edge::{some_text, text};
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::types::StatusType;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A secret that somebody has scheduled for deletion.
pub const PENDING_DELETION: &str = "pending deletion";

/// The secret called `name`, wherever its primary is; the first of `regions` is its home. Its state is that of the
/// replica that is furthest behind, or [`PENDING_DELETION`].
///
/// It gives `primary` (a Region), `replicas` (Regions, with commas between), `arn.<Region>` for each of `regions` that
/// has it, `failed.<Region>` (why) and `foreign.<Region>` where another secret has its name.
///
/// # Errors
/// As the calls end.
pub async fn secret(aws: &Aws, regions: &[String], name: &str) -> Result<Seen, CallError> {
    let (mut found, mut failed) = (None, None);
    for region in regions {
        match describe(aws, region, name).await {
            Ok(Some(secret)) => {
                found = Some((region.clone(), secret));
                break;
            }
            Ok(None) => {}
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    let Some((mut primary, mut secret)) = found else { return failed.map_or(Ok(Seen::absent()), Err) };
    if let Some(other) = some_text(secret.primary_region()).filter(|other| *other != primary) {
        let Some(first) = describe(aws, &other, name).await? else { return Ok(Seen::absent()) };
        (primary, secret) = (other, first);
    }
    let mut seen = seen(&primary, regions, &secret);
    for region in regions {
        if seen.gift(&format!("failed.{region}")).is_empty() {
            continue;
        }
        let there = describe(aws, region, name).await?;
        if there.is_some_and(|there| there.primary_region() != Some(&primary)) {
            seen.gives.insert(format!("foreign.{region}"), "yes".into());
        }
    }
    Ok(seen)
}

async fn describe(aws: &Aws, region: &str, name: &str) -> Result<Option<DescribeSecretOutput>, CallError> {
    let call = aws.regional(region)?.secretsmanager.reads.describe_secret().secret_id(name);
    known(call.send().await.map_err(call_error))
}

fn seen(primary: &str, regions: &[String], secret: &DescribeSecretOutput) -> Seen {
    let arn = text(secret.arn());
    let mut seen = Seen::there("InSync", Value::Null).giving("primary", primary);
    let mut holders = BTreeSet::from([primary.to_string()]);
    let (mut replicas, mut failed) = (vec![], false);
    for replica in secret.replication_status() {
        let region = text(replica.region());
        if replica.status() == Some(&StatusType::Failed) {
            failed = true;
            seen.gives.insert(format!("failed.{region}"), text(replica.status_message().or(Some("no reason is told"))));
        } else {
            holders.insert(region.clone());
        }
        if replica.status() == Some(&StatusType::InProgress) {
            seen.state = "InProgress".into();
        }
        replicas.push(region);
    }
    if failed && seen.state == "InSync" {
        seen.state = "Failed".into();
    }
    if secret.deleted_date().is_some() {
        seen.state = PENDING_DELETION.into();
    }
    for region in regions.iter().filter(|region| holders.contains(*region)) {
        seen.gives.insert(format!("arn.{region}"), in_region(&arn, region));
    }
    seen.gives.insert("replicas".into(), replicas.join(","));
    let home = regions.first().filter(|home| holders.contains(*home) && secret.deleted_date().is_none());
    let others = home.map(|home| {
        let others = regions.iter().filter(|region| *region != home && holders.contains(*region));
        let others: BTreeSet<&String> = others.collect();
        others.into_iter().map(|region| json!({ "Region": region })).collect::<Value>()
    });
    seen.is = json!({ "Name": text(secret.name()), "AddReplicaRegions": others });
    seen.tagged(secret.tags().iter().map(|tag| (text(tag.key()), text(tag.value()))).collect())
}

/// A replica has the primary's ARN but for the Region (User Guide, replicate a secret).
fn in_region(arn: &str, region: &str) -> String {
    let parts: Vec<&str> = arn.split(':').collect();
    parts.iter().enumerate().map(|(place, part)| if place == 3 { region } else { part }).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_secretsmanager::types::{ReplicationStatusType, Tag};
    use aws_smithy_types::DateTime;

    fn regions() -> Vec<String> {
        ["us-east-1", "eu-west-1", "ap-northeast-1"].map(String::from).into()
    }

    fn replica(region: &str, status: StatusType) -> ReplicationStatusType {
        ReplicationStatusType::builder().region(region).status(status).status_message("why").build()
    }

    fn secret() -> aws_sdk_secretsmanager::operation::describe_secret::builders::DescribeSecretOutputBuilder {
        DescribeSecretOutput::builder()
            .arn("arn:aws:secretsmanager:us-east-1:1:secret:shop-master-a1b2c3")
            .name("shop-master")
            .tags(Tag::builder().key("tandem:stack").value("shop").build())
    }

    #[test]
    fn every_region_that_has_it_is_told_with_its_arn() {
        let found = secret()
            .replication_status(replica("eu-west-1", StatusType::InSync))
            .replication_status(replica("ap-northeast-1", StatusType::InProgress))
            .build();
        let seen = seen("us-east-1", &regions(), &found);
        assert_eq!(seen.state, "InProgress");
        assert_eq!(seen.is["AddReplicaRegions"], json!([{ "Region": "ap-northeast-1" }, { "Region": "eu-west-1" }]));
        assert_eq!(seen.gift("arn.eu-west-1"), "arn:aws:secretsmanager:eu-west-1:1:secret:shop-master-a1b2c3");
        assert_eq!(seen.tags["tandem:stack"], "shop");
    }

    #[test]
    fn a_failed_replica_is_none_and_says_why() {
        let found = secret().replication_status(replica("eu-west-1", StatusType::Failed)).build();
        let seen = seen("us-east-1", &regions(), &found);
        assert_eq!((seen.state.as_str(), seen.gift("failed.eu-west-1")), ("Failed", "why"));
        assert_eq!((seen.is["AddReplicaRegions"].clone(), seen.gift("arn.eu-west-1")), (json!([]), ""));
        assert_eq!(seen.gift("replicas"), "eu-west-1");
    }

    #[test]
    fn a_home_without_it_and_a_deletion_to_come_are_differences() {
        let found = secret().replication_status(replica("eu-west-1", StatusType::InSync)).build();
        let elsewhere = seen("ap-northeast-1", &regions(), &found);
        assert_eq!(elsewhere.is["AddReplicaRegions"], Value::Null);
        let going = secret().deleted_date(DateTime::from_secs(1)).build();
        let going = seen("us-east-1", &regions(), &going);
        assert_eq!((going.state.as_str(), &going.is["AddReplicaRegions"]), (PENDING_DELETION, &Value::Null));
    }
}
