//! Service Quotas.

use crate::cloud::Aws;
use crate::cloud::error::call_error;
use crate::model::outcome::{CallError, ErrorClass};

/// The value of a quota in the Region: the account's own, else AWS's default (Service Quotas API Reference,
/// GetServiceQuota: an applied value is not there for every quota). `None` when there is neither.
///
/// # Errors
/// As the calls end.
pub async fn quota(aws: &Aws, region: &str, service: &str, code: &str) -> Result<Option<f64>, CallError> {
    let client = &aws.regional(region)?.servicequotas;
    let own = client.get_service_quota().service_code(service).quota_code(code).send().await.map_err(call_error);
    match own {
        Ok(answer) => return Ok(answer.quota().and_then(|quota| quota.value())),
        Err(error) if error.class == ErrorClass::NotFound => {}
        Err(error) => return Err(error),
    }
    let usual = client.get_aws_default_service_quota().service_code(service).quota_code(code);
    match usual.send().await.map_err(call_error) {
        Ok(answer) => Ok(answer.quota().and_then(|quota| quota.value())),
        Err(error) if error.class == ErrorClass::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
