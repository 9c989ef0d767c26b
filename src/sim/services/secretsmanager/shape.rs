//! A secret as answers tell it.

use super::tags::Tag;
use crate::moment::Moment;
use crate::world::World;
use crate::world::secrets::{CopyStatus, Secret};
use serde::Serialize;
use std::collections::BTreeMap;

/// The key that encrypts where no other is named.
const AWS_KEY: &str = "alias/aws/secretsmanager";

/// What DescribeSecret and ListSecrets both tell.
#[derive(Serialize)]
pub struct Told {
    ARN: String,
    Name: String,
    Description: Option<String>,
    KmsKeyId: Option<String>,
    LastChangedDate: Moment,
    LastAccessedDate: Option<Moment>,
    DeletedDate: Option<Moment>,
    Tags: Option<Vec<Tag>>,
    CreatedDate: Moment,
    PrimaryRegion: Option<String>,
}

pub fn told(secret: &Secret) -> Told {
    Told {
        ARN: secret.arn(),
        Name: secret.name.clone(),
        Description: secret.description.clone(),
        KmsKeyId: secret.kms_key.clone(),
        LastChangedDate: secret.changed,
        LastAccessedDate: secret.accessed,
        DeletedDate: secret.deleted.map(|(at, _)| at),
        Tags: (!secret.tags.is_empty())
            .then(|| secret.tags.iter().map(|(key, value)| Tag { Key: key.clone(), Value: value.clone() }).collect()),
        CreatedDate: secret.created,
        PrimaryRegion: secret.primary_region().map(str::to_string),
    }
}

/// The labels of every version that has one.
pub fn stages(secret: &Secret) -> Option<BTreeMap<String, Vec<String>>> {
    let labelled = secret.versions.iter().filter(|(_, version)| !version.stages.is_empty());
    let all: BTreeMap<String, Vec<String>> =
        labelled.map(|(id, version)| (id.clone(), version.stages.iter().cloned().collect())).collect();
    (!all.is_empty()).then_some(all)
}

#[derive(Serialize)]
pub struct Replication {
    Region: String,
    KmsKeyId: String,
    Status: &'static str,
    StatusMessage: Option<String>,
    LastAccessedDate: Option<Moment>,
}

/// How far the replicas of a secret are.
pub fn replication(world: &World, secret: &Secret) -> Vec<Replication> {
    let copies = secret.copies.iter();
    let told = copies.map(|(region, copy)| {
        let (status, message) = match &copy.status {
            CopyStatus::InProgress(_) => ("InProgress", None),
            // (wording recalled)
            CopyStatus::InSync => ("InSync", Some("Replication succeeded".to_string())),
            CopyStatus::Failed(why) => ("Failed", Some(why.clone())),
        };
        let there = world.secrets.all.get(&(region.clone(), secret.name.clone()));
        Replication {
            Region: region.clone(),
            KmsKeyId: copy.kms_key.clone().unwrap_or_else(|| AWS_KEY.into()),
            Status: status,
            StatusMessage: message,
            LastAccessedDate: there.filter(|there| there.primary.is_some()).and_then(|there| there.accessed),
        }
    });
    told.collect()
}
