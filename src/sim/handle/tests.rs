//! The door as a client meets it.

use super::*;
use crate::operations;
use serde::{Deserialize, Serialize};

/// What only these tests speak to.
pub(super) const SERVICES: &[&Service] = &[&PROBE];

/// A service that changes something and says how often, in both kinds of protocol.
static PROBE: Service = Service {
    scope: "probe",
    speaks: &[
        Protocol::Cbor,
        Protocol::Json { target: "Probe", version: "1.1" },
        Protocol::Query { xmlns: "https://probe.amazonaws.com/doc/2020-01-01/" },
    ],
    items: &[],
    misshapen: "InvalidParameterValue",
    global: false,
    operations: operations![Count => count; Look => look, reads],
};

#[derive(Deserialize)]
#[allow(non_snake_case, reason = "members are spelt as AWS spells them")]
struct By {
    By: Option<u64>,
}

#[derive(Serialize)]
#[allow(non_snake_case, reason = "members are spelt as AWS spells them")]
struct Counted {
    Made: u64,
    Region: String,
}

fn count(world: &mut World, caller: &Caller, by: By) -> Answer<Counted> {
    world.made += by.By.unwrap_or(1);
    Ok(Counted { Made: world.made, Region: caller.region.clone() })
}

fn look(world: &mut World, caller: &Caller, _: By) -> Answer<Counted> {
    Ok(Counted { Made: world.made, Region: caller.region.clone() })
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const LOOK: (&str, &str) = ("x-amz-target", "Probe.Look");
const COUNT: (&str, &str) = ("x-amz-target", "Probe.Count");

fn unsigned(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Request {
    let mut request = http::Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.into()).expect("the test's own request is well formed")
}

fn signed(service: &str, region: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Request {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=AKIDTEST/20260105/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
    );
    unsigned("POST", "/", &[&[("authorization", authorization.as_str())], headers].concat(), body)
}

fn send(world: &mut World, request: &Request) -> (Duration, Response) {
    match handle(world, world.now, request) {
        Reply::After(delay, response) => (delay, response),
        other => panic!("an answer was expected, not {other:?}"),
    }
}

fn text(response: &Response) -> String {
    String::from_utf8_lossy(response.body()).into_owned()
}

fn start(world: &mut World, spec: &str) {
    let (_, response) = send(world, &unsigned("POST", "/_sim/faults", &[], spec));
    assert_eq!(response.status(), 201, "{}", text(&response));
}

fn probe(region: &str, operation: (&str, &str)) -> Request {
    signed("probe", region, &[operation], "{}")
}

/// Status and code of a refusal in JSON.
fn refusal(world: &mut World, request: &Request) -> (u16, String) {
    let (_, response) = send(world, request);
    let code = response.headers().get("x-amzn-errortype").and_then(|code| code.to_str().ok()).unwrap_or_default();
    (response.status().as_u16(), code.to_string())
}

#[test]
fn sts_says_who_asks() {
    let mut world = World::empty(1);
    let ask = signed("sts", "eu-west-1", &[FORM], "Action=GetCallerIdentity&Version=2011-06-15");
    let (latency, response) = send(&mut world, &ask);
    assert_eq!(response.status(), 200);
    assert!(latency >= Duration::from_millis(15) && latency < Duration::from_millis(60));
    assert_eq!(response.headers()["content-type"], "text/xml");
    let id = response.headers()["x-amzn-requestid"].to_str().expect("an id is text").to_string();
    let body = text(&response);
    let begin = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
                 <GetCallerIdentityResult>\
                 <Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/operator</Arn><UserId>AIDA";
    assert!(body.starts_with(begin), "{body}");
    assert!(body.ends_with(&format!(
        "</UserId></GetCallerIdentityResult><ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata>\
         </GetCallerIdentityResponse>"
    )));
    let call = world.calls.last().expect("the call is recorded");
    assert_eq!((call.region, call.service, call.operation), ("eu-west-1", "sts", "GetCallerIdentity"));
    assert_eq!((call.outcome, call.attempt), (Outcome::Done, 1));
    assert!(world.truth.events().is_empty(), "reads are no events");
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let run = |seed| {
        let mut world = World::empty(seed);
        let replies: Vec<String> =
            (0..5).map(|_| format!("{:?}", send(&mut world, &probe("us-east-1", COUNT)))).collect();
        (replies, world.truth.digest())
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7).0, run(8).0);
}

#[test]
fn unsigned_requests_are_refused_in_their_own_form() {
    let mut world = World::empty(1);
    let json = unsigned("POST", "/", &[LOOK, ("content-type", "application/x-amz-json-1.1")], "{}");
    assert_eq!(refusal(&mut world, &json), (403, "MissingAuthenticationTokenException".into()));
    let (_, query) = send(&mut world, &unsigned("POST", "/", &[FORM], "Action=GetCallerIdentity"));
    assert_eq!(query.status(), 403);
    assert!(text(&query).contains("<Error><Type>Sender</Type><Code>MissingAuthenticationToken</Code>"));
    let (_, rest) = send(&mut world, &unsigned("GET", "/2013-04-01/hostedzone", &[], ""));
    assert!(text(&rest).contains("<Code>MissingAuthenticationToken</Code>"));
    let (_, cbor) = send(&mut world, &unsigned("POST", "/", &[("smithy-protocol", "rpc-v2-cbor")], ""));
    assert_eq!(cbor.headers()["content-type"], "application/cbor");
    assert_eq!(cbor.headers()["smithy-protocol"], "rpc-v2-cbor");
    assert_eq!(world.log.count(), 4);
    assert!(world.calls.last().is_none());
}

#[test]
fn wrong_scopes_are_refused() {
    let mut world = World::empty(1);
    let elsewhere = signed("sqs", "us-east-1", &[FORM], "Action=ListQueues");
    let (_, response) = send(&mut world, &elsewhere);
    assert_eq!(response.status(), 403);
    assert!(text(&response).contains("<Code>SignatureDoesNotMatch</Code>"), "{}", text(&response));
    assert_eq!(refusal(&mut world, &probe("xx-moon-1", LOOK)), (403, "InvalidSignatureException".into()));
    let basic = unsigned("POST", "/", &[("authorization", "Basic eDp5"), LOOK], "{}");
    assert_eq!(refusal(&mut world, &basic), (400, "IncompleteSignatureException".into()));
}

#[test]
fn unknown_operations_are_refused_as_each_protocol_does() {
    let mut world = World::empty(1);
    let json = signed("ecs", "us-east-1", &[("x-amz-target", "AmazonEC2ContainerServiceV20141113.Nope")], "{}");
    assert_eq!(refusal(&mut world, &json), (400, "UnknownOperationException".into()));
    let (_, query) = send(&mut world, &signed("sts", "us-east-1", &[FORM], "Action=Nope&Version=2011-06-15"));
    assert!(text(&query).contains("<Code>InvalidAction</Code>"));
    assert!(text(&query).contains("Could not find operation Nope for version 2011-06-15"));
    let (_, rest) = send(&mut world, &signed("route53", "eu-west-1", &[], ""));
    assert_eq!(rest.status(), 404);
    assert_eq!(world.calls.last().map(|call| call.region), Some("us-east-1"), "Route 53 is global");
}

#[test]
fn bad_bodies_are_refused_and_logged() {
    let mut world = World::empty(1);
    let utf8 = signed("probe", "us-east-1", &[LOOK], b"{\"By\":\"\xff\"}".to_vec());
    assert_eq!(refusal(&mut world, &utf8), (400, "SerializationException".into()));
    let shape = signed("probe", "us-east-1", &[LOOK], "{\"By\":\"many\\u001b[31m\"}");
    assert_eq!(refusal(&mut world, &shape), (400, "InvalidParameterValueException".into()));
    let large = signed("probe", "us-east-1", &[LOOK], vec![b' '; wire::MAX_BODY + 1]);
    assert_eq!(refusal(&mut world, &large), (413, "RequestEntityTooLarge".into()));
    let (_, form) = send(&mut world, &signed("sts", "us-east-1", &[FORM], "Action=GetCallerIdentity&A=%ff"));
    assert!(text(&form).contains("<Code>MalformedQueryString</Code>"));
    assert_eq!(world.log.count(), 4);
    assert!(world.log.iter().all(|line| !line.contains('\u{1b}') && !line.contains('\n')));
}

#[test]
fn query_mode_gets_the_old_code() {
    let mut world = World::empty(1);
    let headers = [LOOK, ("x-amzn-query-mode", "true")];
    let (_, response) = send(&mut world, &signed("probe", "us-east-1", &headers, "{\"By\":-1}"));
    assert_eq!(response.headers()["x-amzn-query-error"], "InvalidParameterValue;Sender");
    assert_eq!(response.headers()["x-amzn-errortype"], "InvalidParameterValueException");
}

#[test]
fn attempts_of_one_call_are_told_apart() {
    let mut world = World::empty(1);
    for attempt in ["attempt=1", "attempt=2; max=3"] {
        let headers = [COUNT, ("amz-sdk-invocation-id", "i-1"), ("amz-sdk-request", attempt)];
        send(&mut world, &signed("probe", "us-east-1", &headers, "{}"));
    }
    let attempts: Vec<(&str, u32)> = world.calls.iter().map(|call| (call.invocation.as_str(), call.attempt)).collect();
    assert_eq!(attempts, [("i-1", 1), ("i-1", 2)]);
    assert_eq!(world.truth.kinds().get("api.call"), Some(&2));
}

#[test]
fn a_hanging_region_is_silent_and_the_others_are_not() {
    let mut world = World::empty(1);
    start(&mut world, r#"{"kind":"apis-hang","region":"eu-west-1","duration_s":60}"#);
    assert!(matches!(handle(&mut world, Moment::START, &probe("eu-west-1", COUNT)), Reply::Never));
    let broken = signed("probe", "eu-west-1", &[COUNT], "{");
    assert!(matches!(handle(&mut world, Moment::START, &broken), Reply::Never));
    assert_eq!(world.made, 0, "nothing is done");
    assert_eq!(send(&mut world, &probe("us-east-1", COUNT)).1.status(), 200);
    let later = Moment::START + Duration::from_secs(60);
    assert!(matches!(handle(&mut world, later, &probe("eu-west-1", COUNT)), Reply::After(..)));
    assert!(world.faults.list().is_empty(), "it ended by itself");
    assert_eq!(world.truth.kinds().get("fault.ended"), Some(&1));
}

#[test]
fn a_slow_region_answers_late() {
    let mut world = World::empty(1);
    start(&mut world, r#"{"kind":"F2","delay_s":7.5}"#);
    let (latency, response) = send(&mut world, &probe("us-east-1", COUNT));
    assert!(latency > Duration::from_millis(7500) && response.status() == 200);
    assert_eq!(world.made, 1);
}

#[test]
fn a_lost_answer_is_of_a_call_that_was_carried_out() {
    let mut world = World::empty(1);
    start(&mut world, r#"{"kind":"F5","rate":1,"operation":"Count"}"#);
    assert!(matches!(handle(&mut world, Moment::START, &probe("us-east-1", COUNT)), Reply::Reset(_)));
    assert_eq!((world.made, world.calls.last().map(|call| call.outcome)), (1, Some(Outcome::AnswerLost)));
    let (_, whole) = send(&mut world, &probe("us-east-1", LOOK));
    start(&mut world, r#"{"kind":"F6","rate":1}"#);
    let (_, half) = send(&mut world, &probe("us-east-1", LOOK));
    assert_eq!(half.status(), 200);
    assert_eq!(half.body().as_slice(), &whole.body()[..whole.body().len() / 2]);
    assert_eq!(half.headers()["content-length"], whole.body().len().to_string());
}

#[test]
fn refusing_faults_refuse_in_the_words_of_the_protocol() {
    for (kind, json, query) in [
        ("F4", (400, "ThrottlingException"), "<Code>Throttling</Code>"),
        ("F11", (400, "ExpiredTokenException"), "<Code>ExpiredToken</Code>"),
        ("F12", (400, "InvalidSignatureException"), "<Code>SignatureDoesNotMatch</Code>"),
    ] {
        let mut world = World::empty(1);
        start(&mut world, &format!("{{\"kind\":\"{kind}\",\"rate\":1}}"));
        assert_eq!(refusal(&mut world, &probe("us-east-1", COUNT)), (json.0, json.1.to_string()));
        let (_, response) = send(&mut world, &signed("sts", "us-east-1", &[FORM], "Action=GetCallerIdentity"));
        assert!(text(&response).contains(query), "{}", text(&response));
        assert_eq!(world.made, 0);
        assert_eq!(world.truth.kinds().get("api.refused"), Some(&1));
    }
}

#[test]
fn failing_calls_fail_at_the_rate_that_was_asked_for() {
    let mut world = World::empty(1);
    start(&mut world, r#"{"kind":"F3","rate":0.25,"service":"sts"}"#);
    let ask = signed("sts", "us-east-1", &[FORM], "Action=GetCallerIdentity");
    let failed = (0..400).filter(|_| send(&mut world, &ask).1.status().is_server_error()).count();
    assert!((60..140).contains(&failed), "{failed} of 400");
    assert_eq!(send(&mut world, &probe("us-east-1", LOOK)).1.status(), 200);
}

#[test]
fn the_skewed_clock_is_told_in_aws_words() {
    let mut world = World::empty(1);
    start(&mut world, r#"{"kind":"F12","delay_s":900}"#);
    let (_, response) = send(&mut world, &probe("us-east-1", LOOK));
    let expected =
        "Signature expired: 20260105T134500Z is now earlier than 20260105T135500Z (20260105T140000Z - 5 min.)";
    assert!(text(&response).contains(expected), "{}", text(&response));
}

mod bent;

mod bytes {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_request_panics(
            service in "sts|ecs|elasticloadbalancing|route53|monitoring|application-autoscaling|probe|\\PC{0,5}",
            region in "us-east-1|\\PC{0,5}",
            kind in 0_usize..5,
            path in "(/[a-zA-Z0-9%_.{}-]{0,10}){1,4}(\\?[A-Za-z0-9=&%.]{0,20})?",
            body: Vec<u8>,
        ) {
            let kinds =
                [LOOK, FORM, ("smithy-protocol", "rpc-v2-cbor"), ("content-encoding", "gzip"), ("accept", "*/*")];
            let mut request = signed("x", "y", &kinds[kind..=kind], body);
            let credential = format!("Credential=a/b/{region}/{service}/aws4_request, SignedHeaders=a, Signature=b");
            let credential = format!("AWS4-HMAC-SHA256 {credential}");
            if let (Ok(value), Ok(uri)) = (http::HeaderValue::from_bytes(credential.as_bytes()), path.parse()) {
                request.headers_mut().insert("authorization", value);
                *request.uri_mut() = uri;
            }
            let mut world = World::empty(1);
            prop_assert!(matches!(handle(&mut world, Moment::START, &request), Reply::After(..)));
        }

        #[test]
        fn no_control_request_panics(
            path in "/_sim/(clock|faults|truth|faults/x|)(\\?[a-z=&0-9]{0,12})?",
            post: bool,
            body: Vec<u8>,
        ) {
            let method = if post { "POST" } else { "GET" };
            let mut world = World::empty(1);
            let reply = handle(&mut world, Moment::START, &unsigned(method, &path, &[], body));
            prop_assert!(matches!(reply, Reply::After(..)));
        }
    }
}
