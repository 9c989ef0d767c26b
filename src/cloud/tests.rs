//! The clients against a server that answers, breaks or says nothing, under a paused clock.

use super::*;
use crate::model::call::{Act, Call};
use crate::model::outcome::{ErrorClass, Outcome};
use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use std::sync::Mutex;
use tokio::time::Instant;

type Script = dyn Fn(&str, usize) -> Reaction + Send + Sync;

/// What the scripted server does.
pub(super) enum Reaction {
    Answer(u16, &'static str),
    Reset,
    Silence,
}

#[derive(Clone)]
pub(super) struct Scripted {
    script: Arc<Script>,
    /// Region and invocation id of every request.
    pub(super) seen: Arc<Mutex<Vec<(String, String)>>>,
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scripted")
    }
}

impl HttpConnector for Scripted {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let header = |name: &str| request.headers().get(name).unwrap_or_default().to_string();
        let scope = header("authorization");
        let region = scope.split('/').nth(2).unwrap_or_default().to_string();
        let place = {
            let mut seen = self.seen.lock().unwrap();
            seen.push((region.clone(), header("amz-sdk-invocation-id")));
            seen.len()
        };
        let act = (self.script)(&region, place);
        HttpConnectorFuture::new(async move {
            match act {
                Reaction::Answer(status, body) => {
                    let response = http::Response::builder().status(status).body(SdkBody::from(body)).unwrap();
                    Ok(HttpResponse::try_from(response).unwrap())
                }
                Reaction::Reset => Err(ConnectorError::io("connection reset".into())),
                Reaction::Silence => std::future::pending().await,
            }
        })
    }
}

impl HttpClient for Scripted {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

pub(super) fn aws(
    partition: &str,
    script: impl Fn(&str, usize) -> Reaction + Send + Sync + 'static,
) -> (Aws, Scripted) {
    let keys = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    signed(SharedCredentialsProvider::new(keys), partition, script)
}

fn signed(
    credentials: SharedCredentialsProvider,
    partition: &str,
    script: impl Fn(&str, usize) -> Reaction + Send + Sync + 'static,
) -> (Aws, Scripted) {
    let server = Scripted { script: Arc::new(script), seen: Arc::default() };
    let aws = Aws::new(Setup {
        http_client: SharedHttpClient::new(server.clone()),
        credentials,
        profile: None,
        clock: Clock::scaled("2026-01-05T14:00:00Z".parse().unwrap(), 1.0),
        endpoint_url: None,
        regions: vec!["us-east-1".into(), "eu-west-1".into()],
        partition: partition.into(),
        seed: Some(7),
        base: None,
    });
    (aws, server)
}

fn scale() -> Call {
    let act = Act::UpdateService { cluster: "shop".into(), service: "shop-web".into(), desired: 6 };
    Call::new("eu-west-1", act)
}

fn swap() -> Call {
    let act = Act::ChangeResourceRecordSets {
        zone_id: "Z1".into(),
        changes: vec![crate::model::call::Change {
            action: crate::model::call::ChangeAction::Create,
            set: crate::model::records::RecordSet {
                name: "a.example.com".into(),
                kind: "A".into(),
                set_identifier: None,
                routing: crate::model::records::Routing::Simple,
                alias: None,
                ttl_s: Some(60),
                values: vec!["192.0.2.1".into()],
                health_check: None,
            },
        }],
    };
    Call::new(ROUTE53_HOME, act)
}

const SERVICE: &str = r#"{"services":[{"serviceName":"shop-web","desiredCount":4,"runningCount":4}]}"#;
const BUSY: &str = r#"<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"#;

#[tokio::test(start_paused = true)]
async fn silence_ends_in_time_and_is_not_known_for_a_mutation() {
    let (aws, server) = aws("silence", |_, _| Reaction::Silence);
    let start = Instant::now();
    let error = ecs::service(&aws, "eu-west-1", "shop", "shop-web").await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Timeout);
    assert!(start.elapsed() <= Duration::from_secs(12), "{:?}", start.elapsed());
    assert_eq!(server.seen.lock().unwrap().len(), 2);
    assert!(matches!(send(&aws, &scale()).await, Outcome::Unknown(error) if error.class == ErrorClass::Timeout));
}

#[tokio::test(start_paused = true)]
async fn a_silent_region_does_not_delay_another() {
    let (aws, _) =
        aws(
            "neighbour",
            |region, _| {
                if region == "eu-west-1" { Reaction::Silence } else { Reaction::Answer(200, SERVICE) }
            },
        );
    let slow = tokio::spawn({
        let aws = aws.clone();
        async move { ecs::service(&aws, "eu-west-1", "shop", "shop-web").await }
    });
    tokio::task::yield_now().await;
    let start = Instant::now();
    let view = ecs::service(&aws, "us-east-1", "shop", "shop-web").await.unwrap();
    assert_eq!((view.desired, view.running, view.pending), (4, 4, 0));
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert!(slow.await.unwrap().is_err());
}

#[tokio::test(start_paused = true)]
async fn reads_that_fail_leave_mutations_their_retries() {
    let (aws, server) = aws("quota", |_, _| Reaction::Silence);
    for _ in 0..60 {
        let _ = ecs::service(&aws, "eu-west-1", "shop", "shop-web").await;
    }
    server.seen.lock().unwrap().clear();
    let _ = send(&aws, &scale()).await;
    assert_eq!(server.seen.lock().unwrap().len(), 3);
    let (other, server) = self::aws("quota of another", |_, _| Reaction::Silence);
    let _ = ecs::service(&other, "eu-west-1", "shop", "shop-web").await;
    assert_eq!(server.seen.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_swap_whose_answer_was_lost_is_not_sent_again() {
    let (aws, server) = aws("swap", |_, _| Reaction::Reset);
    let outcome = send(&aws, &swap()).await;
    assert!(matches!(outcome, Outcome::Unknown(error) if error.class == ErrorClass::Unreachable));
    assert_eq!(server.seen.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_swap_that_was_throttled_is_sent_again() {
    const DONE: &str = r#"<ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status><SubmittedAt>2026-01-05T14:00:00Z</SubmittedAt></ChangeInfo></ChangeResourceRecordSetsResponse>"#;
    let (aws, _) =
        aws("busy", |_, place| if place < 3 { Reaction::Answer(400, BUSY) } else { Reaction::Answer(200, DONE) });
    let start = Instant::now();
    assert!(matches!(send(&aws, &swap()).await, Outcome::Done { .. }));
    assert_eq!(start.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn errors_have_their_class_code_and_clean_words() {
    let cases: [(u16, &'static str, ErrorClass, Option<&str>); 4] = [
        (
            400,
            r#"{"__type":"com.amazonaws.ecs#ServiceNotFoundException","message":"gone\u001b[2J"}"#,
            ErrorClass::NotFound,
            Some("ServiceNotFoundException"),
        ),
        (
            400,
            r#"{"__type":"AccessDeniedException","message":"no"}"#,
            ErrorClass::Denied,
            Some("AccessDeniedException"),
        ),
        (200, "<html>not json</html>", ErrorClass::Service, None),
        (502, "", ErrorClass::Service, None),
    ];
    for (place, (status, body, class, code)) in cases.into_iter().enumerate() {
        let (aws, _) = aws(&format!("error {place}"), move |_, _| Reaction::Answer(status, body));
        let error = ecs::service(&aws, "eu-west-1", "shop", "shop-web").await.unwrap_err();
        assert_eq!((error.class, error.code.as_deref()), (class, code), "{error:?}");
        assert!(error.message.chars().all(|c| !c.is_control()), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_of_another_stack_is_refused_before_anything_is_sent() {
    let (aws, server) = aws("elsewhere", |_, _| Reaction::Silence);
    let error = ecs::service(&aws, "ap-south-1", "shop", "shop-web").await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Invalid);
    assert!(server.seen.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn equal_seeds_name_their_calls_alike() {
    let mut runs = vec![];
    for run in 0..2 {
        let (aws, server) = aws(&format!("run {run}"), |_, _| Reaction::Answer(200, SERVICE));
        for region in ["us-east-1", "eu-west-1", "us-east-1"] {
            ecs::service(&aws, region, "shop", "shop-web").await.unwrap();
        }
        runs.push(server.seen.lock().unwrap().clone());
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0][0].1, runs[0][1].1);
    assert_ne!(runs[0][0].1, runs[0][2].1);
}

const WHO: &str = r#"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:sts::123456789012:assumed-role/ops/alice</Arn><UserId>A:alice</UserId><Account>123456789012</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"#;

#[tokio::test(start_paused = true)]
async fn who_we_are_tells_when_the_credentials_run_out() {
    let expires: jiff::Timestamp = "2026-01-05T14:41:00Z".parse().unwrap();
    let until = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(expires.as_second() as u64);
    let role = Credentials::new("ASIAEXAMPLE", "secret", Some("token".into()), Some(until), "role");
    let (aws, _) = signed(SharedCredentialsProvider::new(role), "expiring", |_, _| Reaction::Answer(200, WHO));
    assert_eq!(aws.expires(), None, "nothing was signed yet");
    assert_eq!(sts::identity(&aws, "us-east-1").await.unwrap().expires, Some(expires));

    let (aws, _) = self::aws("lasting", |_, _| Reaction::Answer(200, WHO));
    assert_eq!(sts::identity(&aws, "us-east-1").await.unwrap().expires, None);
}

/// What `aws sso login` is the answer to.
#[derive(Debug)]
struct SignedOut;

impl aws_credential_types::provider::ProvideCredentials for SignedOut {
    fn provide_credentials<'a>(&'a self) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        use aws_credential_types::provider::{error::CredentialsError, future::ProvideCredentials};
        let why = "the SSO token has expired and cannot be refreshed: run `aws sso login`";
        ProvideCredentials::ready(Err(CredentialsError::provider_error(why)))
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_has_run_out_sends_nothing_and_says_so() {
    let (aws, server) = signed(SharedCredentialsProvider::new(SignedOut), "signed out", |_, _| Reaction::Silence);
    assert_eq!(sts::identity(&aws, "us-east-1").await.unwrap_err().class, ErrorClass::Expired);
    assert!(matches!(send(&aws, &scale()).await, Outcome::Refused(error) if error.class == ErrorClass::Expired));
    assert_eq!(server.seen.lock().unwrap().len(), 0);
}
