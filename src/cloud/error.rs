//! What an error of the SDK means.

use super::edge::{some_text, text};
use crate::model::outcome::{CallError, ErrorClass};
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ecs::error::ProvideErrorMetadata;
use aws_sdk_ecs::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use std::error::Error;

/// What became of the call.
pub fn call_error<E>(error: SdkError<E, HttpResponse>) -> CallError
where
    E: Error + ProvideErrorMetadata + 'static,
{
    if let Some(error) = credentials(&error) {
        return error;
    }
    let request_id = some_text(error.request_id());
    let (class, code, message) = match &error {
        SdkError::ServiceError(service) => {
            let meta = service.err().meta();
            let (code, message) = (some_text(meta.code()), text(meta.message()));
            let status = service.raw().status().as_u16();
            (classify(code.as_deref().unwrap_or_default(), &message, status), code, message)
        }
        SdkError::TimeoutError(_) => (ErrorClass::Timeout, None, String::new()),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => (ErrorClass::Timeout, None, String::new()),
        SdkError::DispatchFailure(failure) => {
            let why = failure.as_connector_error().map(|error| root(error)).unwrap_or_default();
            (ErrorClass::Unreachable, None, why)
        }
        SdkError::ResponseError(response) => {
            let status = response.raw().status().as_u16();
            let message = format!("status {status}, and an answer that cannot be read");
            let class = if status == 429 { ErrorClass::Throttled } else { ErrorClass::Service };
            (class, None, message)
        }
        SdkError::ConstructionFailure(_) => (ErrorClass::Invalid, None, root(&error)),
        _ => (ErrorClass::Service, None, root(&error)),
    };
    CallError { class, code, message, request_id }
}

/// An input that the SDK would not even build.
pub fn unbuildable(error: &dyn Error) -> CallError {
    CallError::new(ErrorClass::Invalid, root(error))
}

/// Nothing was sent because there are no credentials to sign with.
fn credentials(error: &(dyn Error + 'static)) -> Option<CallError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(credentials) = error.downcast_ref::<CredentialsError>() {
            let message = root(credentials);
            let expired = message.to_ascii_lowercase().contains("expired") || message.contains("sso login");
            let class = if expired { ErrorClass::Expired } else { ErrorClass::Denied };
            return Some(CallError { class, code: None, message, request_id: None });
        }
        next = error.source();
    }
    None
}

/// The innermost cause, which says most.
fn root(error: &dyn Error) -> String {
    let (mut told, mut next) = (error.to_string(), error.source());
    while let Some(cause) = next {
        let said = cause.to_string();
        if !said.is_empty() {
            told = said;
        }
        next = cause.source();
    }
    text(Some(&told))
}

/// The class of an error that AWS answered.
fn classify(code: &str, message: &str, status: u16) -> ErrorClass {
    let has = |parts: &[&str]| parts.iter().any(|part| code.contains(part));
    if has(&["Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown", "BandwidthLimit", "RateExceeded"])
        || code.contains("ThroughputExceeded")
    {
        return ErrorClass::Throttled;
    }
    if has(&["ExpiredToken", "RequestExpired", "TokenRefreshRequired"]) {
        return ErrorClass::Expired;
    }
    if has(&[
        "AccessDenied",
        "Unauthorized",
        "NotAuthorized",
        "AuthFailure",
        "OptInRequired",
        "UnrecognizedClient",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "IncompleteSignature",
        "MissingAuthenticationToken",
    ]) {
        return ErrorClass::Denied;
    }
    if has(&["NotFound", "NoSuch"]) {
        return ErrorClass::NotFound;
    }
    match code {
        "InvalidChangeBatch" => return change_batch(message),
        "DatabaseErrorException" => return database_error(message),
        // The Data API gave up waiting: a commit may still have gone through.
        "StatementTimeoutException" => return ErrorClass::Timeout,
        _ => {}
    }
    let wrong_state = code.starts_with("Invalid") && code.contains("State");
    if status == 409
        || wrong_state
        || has(&[
            "Conflict",
            "InUse",
            "PriorRequestNotComplete",
            "VersionMismatch",
            "ConcurrentUpdate",
            "NotActive",
            "UpdateInProgress",
            "OperationNotPermitted",
            "AlreadyExists",
            "ConditionalCheckFailed",
            "HttpEndpointNotEnabled",
            "DatabaseResuming",
        ])
    {
        return ErrorClass::Conflict;
    }
    if has(&["Validation", "Invalid", "Malformed", "MissingParameter", "ClientException", "Unsupported"]) {
        return ErrorClass::Invalid;
    }
    match status {
        401 | 403 => ErrorClass::Denied,
        404 => ErrorClass::NotFound,
        408 | 500.. => ErrorClass::Service,
        429 => ErrorClass::Throttled,
        400..=499 => ErrorClass::Invalid,
        _ => ErrorClass::Service,
    }
}

/// What a database that failed a statement says, by the class of its SQLSTATE (PostgreSQL, Appendix A): a
/// connection that was lost or a server that is going down may have committed.
fn database_error(message: &str) -> ErrorClass {
    let state = message.to_ascii_uppercase();
    let state = state.split_once("SQLSTATE").map(|(_, rest)| rest.trim_start_matches([':', ' ', '[', '=']));
    match state.and_then(|state| state.get(..2)) {
        None | Some("08" | "53" | "57" | "58" | "XX") => ErrorClass::Service,
        // read only, or rolled back
        Some("25" | "40") => ErrorClass::Conflict,
        Some("28") => ErrorClass::Denied,
        Some(_) => ErrorClass::Invalid,
    }
}

/// Route 53 refuses a batch because the records are not as it says (someone else was faster), or
/// because it makes no sense.
fn change_batch(message: &str) -> ErrorClass {
    let message = message.to_ascii_lowercase();
    let raced = ["not found", "already exists", "do not match", "does not match", "don't match"];
    if raced.iter().any(|words| message.contains(words)) { ErrorClass::Conflict } else { ErrorClass::Invalid }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_of_every_service_have_their_class() {
        use ErrorClass::*;
        for (code, status, class) in [
            ("ClusterNotFoundException", 400, NotFound),
            ("ServiceNotFoundException", 400, NotFound),
            ("RuleNotFound", 400, NotFound),
            ("ObjectNotFoundException", 400, NotFound),
            ("NoSuchHostedZone", 404, NotFound),
            ("AccessDeniedException", 400, Denied),
            ("AccessDenied", 403, Denied),
            ("UnauthorizedOperation", 403, Denied),
            ("UnrecognizedClientException", 400, Denied),
            ("InvalidClientTokenId", 403, Denied),
            ("ThrottlingException", 400, Throttled),
            ("Throttling", 400, Throttled),
            ("ExpiredToken", 403, Expired),
            ("ExpiredTokenException", 400, Expired),
            ("PriorRequestNotComplete", 400, Conflict),
            ("PriorityInUse", 400, Conflict),
            ("ConcurrentUpdateException", 400, Conflict),
            ("ServiceNotActiveException", 400, Conflict),
            ("ValidationException", 400, Invalid),
            ("InvalidParameterException", 400, Invalid),
            ("ClientException", 400, Invalid),
            ("InvalidInput", 400, Invalid),
            ("ServerException", 500, Service),
            ("InternalFailure", 500, Service),
            ("ServiceUnavailable", 503, Service),
            ("DBClusterNotFoundFault", 404, NotFound),
            ("GlobalClusterNotFoundFault", 404, NotFound),
            ("DBClusterSnapshotNotFoundFault", 404, NotFound),
            ("ResourceNotFoundException", 400, NotFound),
            ("DatabaseNotFoundException", 404, NotFound),
            ("TransactionNotFoundException", 404, NotFound),
            ("InvalidDBClusterStateFault", 400, Conflict),
            ("InvalidGlobalClusterStateFault", 400, Conflict),
            ("InvalidDBInstanceState", 400, Conflict),
            ("InvalidResourceStateException", 400, Conflict),
            ("DBClusterSnapshotAlreadyExistsFault", 400, Conflict),
            ("ConditionalCheckFailedException", 400, Conflict),
            ("ReplicatedWriteConflictException", 400, Conflict),
            ("TransactionConflictException", 400, Conflict),
            ("ResourceInUseException", 400, Conflict),
            ("HttpEndpointNotEnabledException", 400, Conflict),
            ("DatabaseResumingException", 400, Conflict),
            ("ProvisionedThroughputExceededException", 400, Throttled),
            ("RequestLimitExceeded", 400, Throttled),
            ("BadRequestException", 400, Invalid),
            ("InvalidSecretException", 400, Invalid),
            ("InvalidParameterCombination", 400, Invalid),
            ("SnapshotQuotaExceeded", 400, Invalid),
            ("ForbiddenException", 403, Denied),
            ("StatementTimeoutException", 400, Timeout),
            ("DatabaseUnavailableException", 504, Service),
            ("InternalServerError", 500, Service),
            ("", 502, Service),
            ("", 403, Denied),
        ] {
            assert_eq!(classify(code, "", status), class, "{code} {status}");
        }
    }

    #[test]
    fn a_lost_race_for_a_record_is_a_conflict_and_nonsense_is_not() {
        let lost = "Tried to delete resource record set [name='a', type='A'] but the values provided do not match the current values";
        assert_eq!(classify("InvalidChangeBatch", lost, 400), ErrorClass::Conflict);
        let taken = "Tried to create resource record set [name='a', type='A'] but it already exists";
        assert_eq!(classify("InvalidChangeBatch", taken, 400), ErrorClass::Conflict);
        assert_eq!(classify("InvalidChangeBatch", "FATAL problem: InvalidCharacterString", 400), ErrorClass::Invalid);
    }

    #[test]
    fn a_statement_that_failed_is_known_only_when_the_database_says_why() {
        let class = |message: &str| classify("DatabaseErrorException", message, 400);
        let missing = r#"ERROR: relation "tandem_heartbeat" does not exist; SQLState: 42P01"#;
        assert_eq!(class(missing), ErrorClass::Invalid);
        let reader = "ERROR: cannot execute INSERT in a read-only transaction; SQLState: 25006";
        assert_eq!(class(reader), ErrorClass::Conflict);
        assert_eq!(class("ERROR: permission denied; SQLState: 42501"), ErrorClass::Invalid);
        let going = "FATAL: terminating connection due to administrator command; SQLState: 57P01";
        assert!(class(going).may_have_happened());
        assert!(class("An I/O error occurred while sending to the backend.").may_have_happened());
    }

    #[test]
    fn without_credentials_nothing_is_sent() {
        let missing: SdkError<aws_sdk_ecs::Error, HttpResponse> =
            SdkError::construction_failure(CredentialsError::not_loaded("no providers in chain provided credentials"));
        let error = call_error(missing);
        assert_eq!(error.class, ErrorClass::Denied);
        assert!(!error.class.may_have_happened());
    }

    proptest! {
        #[test]
        fn any_code_has_a_class(code in any::<String>(), message in any::<String>(), status in 0_u16..1000) {
            let _ = classify(&code, &message, status);
        }
    }
}
