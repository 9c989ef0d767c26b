//! AWS Secrets Manager: a secret at home, and its replicas. What is in it is not read.

use super::{known, missing};
use crate::cloud::Aws;
use crate::cloud::edge::{some_text, text};
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::types::StatusType;
use serde_json::{Value, json};

/// A secret that somebody has scheduled for deletion.
pub const PENDING_DELETION: &str = "pending deletion";
/// How a replica is (API Reference, ReplicationStatusType); a primary is in step with itself.
pub const IN_SYNC: &str = "InSync";
pub const FAILED: &str = "Failed";
const IN_PROGRESS: &str = "InProgress";

/// What is looked for.
#[derive(Debug, Clone)]
pub struct SecretOf {
    pub name: String,
    /// The first is its home.
    pub regions: Vec<String>,
    /// The global cluster that it opens.
    pub global: String,
}

/// The secret as its home has it, wherever its primary is. The other Regions are asked when the home has none of it or
/// does not answer; who is silent then may have it only when the database that it opens stands.
///
/// It gives `primary` (a Region), `replicas` (Regions, with commas between), `arn` (at home, when the home has it) and
/// `foreign` when another secret has its name at home.
///
/// # Errors
/// As the calls end.
pub async fn secret(aws: &Aws, of: &SecretOf) -> Result<Seen, CallError> {
    let Some(home) = of.regions.first() else { return Ok(Seen::absent()) };
    let (mut found, mut failed, mut lacking) = (None, None, vec![]);
    for region in &of.regions {
        match describe(aws, region, &of.name).await {
            Ok(Some(secret)) => {
                found = Some((region.clone(), secret));
                break;
            }
            Ok(None) => lacking.push(region.as_str()),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    let Some((region, secret)) = found else { return missing(aws, home, &lacking, failed, &of.global).await };
    let Some(primary) = elsewhere(&secret, &region) else { return told(aws, &region, &secret, home, &of.name).await };
    match describe(aws, &primary, &of.name).await {
        Ok(Some(first)) => told(aws, &primary, &first, home, &of.name).await,
        Ok(None) => Ok(Seen::absent()),
        // what the home itself has needs no other Region's word
        Err(_) if region == *home => Ok(held(&secret, home).giving("primary", primary)),
        Err(error) => Err(error),
    }
}

/// The replica of `region`, as the primary tells it; where that does not answer, as the Region itself does. Its state
/// is `InSync`, `InProgress` or `Failed`.
///
/// It gives `primary`, `arn` when the Region has it and `foreign` when another secret has its name there.
///
/// # Errors
/// As the calls end.
pub async fn replica(aws: &Aws, primary: Option<&str>, region: &str, name: &str) -> Result<Seen, CallError> {
    let first = match primary {
        Some(primary) => describe(aws, primary, name).await,
        None => Ok(None),
    };
    match (first, primary) {
        (Ok(Some(first)), Some(primary)) if elsewhere(&first, primary).is_none() => {
            let known = region == primary || first.replication_status().iter().any(|one| one.region() == Some(region));
            if known { told(aws, primary, &first, region, name).await } else { Ok(Seen::absent()) }
        }
        (Ok(_), _) => Ok(match describe(aws, region, name).await? {
            Some(own) => match elsewhere(&own, region) {
                Some(primary) => held(&own, region).giving("primary", primary),
                None => strange(&own),
            },
            None => Seen::absent(),
        }),
        (Err(error), primary) => match describe(aws, region, name).await {
            Ok(Some(own)) if elsewhere(&own, region).as_deref() == primary => {
                Ok(held(&own, region).giving("primary", primary.unwrap_or_default()))
            }
            _ => Err(error),
        },
    }
}

/// The Region of its primary, when `region` has a replica.
fn elsewhere(secret: &DescribeSecretOutput, region: &str) -> Option<String> {
    some_text(secret.primary_region()).filter(|primary| primary != region)
}

async fn describe(aws: &Aws, region: &str, name: &str) -> Result<Option<DescribeSecretOutput>, CallError> {
    let call = aws.regional(region)?.secretsmanager.reads.describe_secret().secret_id(name);
    known(call.send().await.map_err(call_error))
}

/// What the primary tells of `region`, and what else stands there when it says that it could not come.
async fn told(
    aws: &Aws,
    primary: &str,
    secret: &DescribeSecretOutput,
    region: &str,
    name: &str,
) -> Result<Seen, CallError> {
    let mut seen = seen(primary, secret, region);
    if seen.state == FAILED {
        let there = describe(aws, region, name).await?;
        if there.is_some_and(|there| there.primary_region() != Some(primary)) {
            seen.gives.insert("foreign".into(), "yes".into());
        }
    }
    Ok(seen)
}

fn seen(primary: &str, secret: &DescribeSecretOutput, region: &str) -> Seen {
    let replicas: Vec<String> = secret.replication_status().iter().map(|replica| text(replica.region())).collect();
    let own = secret.replication_status().iter().find(|replica| replica.region() == Some(region));
    let status = own.and_then(|replica| replica.status());
    let (state, has) = match status {
        _ if secret.deleted_date().is_some() => (PENDING_DELETION, false),
        _ if region == primary => (IN_SYNC, true),
        Some(StatusType::Failed) => (FAILED, false),
        Some(StatusType::InProgress) => (IN_PROGRESS, true),
        Some(_) => (IN_SYNC, true),
        None => (IN_SYNC, false),
    };
    let mut seen = Seen { state: state.into(), ..held(secret, region) };
    if !has {
        seen.is["Region"] = Value::Null;
        seen.gives.remove("arn");
    }
    seen.giving("primary", primary).giving("replicas", replicas.join(","))
}

/// A secret that `region` has.
fn held(secret: &DescribeSecretOutput, region: &str) -> Seen {
    let is = json!({ "Name": text(secret.name()), "Region": region });
    Seen::there(IN_SYNC, is)
        .giving("arn", in_region(&text(secret.arn()), region))
        .tagged(secret.tags().iter().map(|tag| (text(tag.key()), text(tag.value()))).collect())
}

/// A secret of its own where a replica should be.
fn strange(secret: &DescribeSecretOutput) -> Seen {
    let mut seen = held(secret, "");
    seen.is["Region"] = Value::Null;
    seen.gives.remove("arn");
    Seen { state: FAILED.into(), ..seen }.giving("foreign", "yes")
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
    fn each_region_is_told_by_the_primary() {
        let found = secret()
            .replication_status(replica("eu-west-1", StatusType::InSync))
            .replication_status(replica("ap-northeast-1", StatusType::InProgress))
            .build();
        let at = |region| seen("us-east-1", &found, region);
        assert_eq!((at("us-east-1").state.as_str(), at("ap-northeast-1").state.as_str()), (IN_SYNC, IN_PROGRESS));
        let there = at("eu-west-1");
        assert_eq!(there.gift("arn"), "arn:aws:secretsmanager:eu-west-1:1:secret:shop-master-a1b2c3");
        assert_eq!((&there.is["Region"], there.tags["tandem:stack"].as_str()), (&json!("eu-west-1"), "shop"));
        assert_eq!(at("us-east-1").gift("replicas"), "eu-west-1,ap-northeast-1");
        let lacking = at("eu-north-1");
        assert_eq!((&lacking.is["Region"], lacking.gift("arn")), (&Value::Null, ""));
    }

    #[test]
    fn a_failed_replica_is_none() {
        let found = secret().replication_status(replica("eu-west-1", StatusType::Failed)).build();
        let seen = seen("us-east-1", &found, "eu-west-1");
        assert_eq!((seen.state.as_str(), &seen.is["Region"], seen.gift("arn")), (FAILED, &Value::Null, ""));
    }

    #[test]
    fn a_deletion_to_come_is_a_difference() {
        let going = secret().deleted_date(DateTime::from_secs(1)).build();
        let going = seen("us-east-1", &going, "us-east-1");
        assert_eq!((going.state.as_str(), &going.is["Region"]), (PENDING_DELETION, &Value::Null));
    }

    #[test]
    fn a_replica_names_its_primary() {
        let of =
            |primary: Option<&str>| elsewhere(&secret().set_primary_region(primary.map(String::from)).build(), "a");
        assert_eq!((of(None), of(Some("a")), of(Some("b"))), (None, None, Some("b".into())));
        let strange = strange(&secret().build());
        assert_eq!((strange.gift("foreign"), &strange.is["Region"]), ("yes", &Value::Null));
    }
}
