//! Where logs go, where the database's instances stand, and the key of its storage.

use super::network::Parts;
use super::site::Site;
use super::template::{Document, reference, sub, tags};
use serde_json::json;

/// The shortest that KMS takes (AWS KMS API Reference, ScheduleKeyDeletion).
const KEY_WAITS_DAYS: u8 = 7;

pub(super) fn add(document: &mut Document, site: &Site, parts: &Parts) {
    document.add(
        "LogGroup",
        "AWS::Logs::LogGroup",
        json!({
            "LogGroupName": site.log_group(),
            "RetentionInDays": site.log_retention_days,
            "Tags": tags(site, "logs"),
        }),
    );
    document.add(
        "DbSubnetGroup",
        "AWS::RDS::DBSubnetGroup",
        json!({
            "DBSubnetGroupName": site.subnet_group(),
            "DBSubnetGroupDescription": "Private subnets",
            "SubnetIds": parts.private,
            "Tags": tags(site, "db-subnets"),
        }),
    );
    document.with(
        "DbKey",
        "AWS::KMS::Key",
        json!({
            "Description": format!("Database storage of {}", site.stack),
            "EnableKeyRotation": true,
            "PendingWindowInDays": KEY_WAITS_DAYS,
            // The account decides by its policies who uses the key, as with a key that the console makes.
            "KeyPolicy": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Sid": "Account",
                    "Effect": "Allow",
                    "Principal": { "AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") },
                    "Action": "kms:*",
                    "Resource": "*",
                }],
            },
            "Tags": tags(site, "db-key"),
        }),
        json!({ "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete" }),
    );
    document.add(
        "DbKeyAlias",
        "AWS::KMS::Alias",
        json!({ "AliasName": site.key_alias(), "TargetKeyId": reference("DbKey") }),
    );
}
