//! Who we are.

use super::Aws;
use super::edge::text;
use super::error::call_error;
use crate::model::outcome::CallError;
use crate::model::snapshot::Identity;

/// The account and the principal that the credentials belong to, and when they run out.
pub async fn identity(aws: &Aws, region: &str) -> Result<Identity, CallError> {
    let answer = aws.regional(region)?.sts.get_caller_identity().send().await.map_err(call_error)?;
    Ok(Identity { account: text(answer.account()), arn: text(answer.arn()), expires: aws.expires() })
}
