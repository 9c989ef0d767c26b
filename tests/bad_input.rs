//! What no SDK would send, over real sockets: whatever is HTTP is refused in AWS's form, each refusal is
//! one line of the log, and the server goes on.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;
use support::served::Served;

/// Enough for any answer; met only when a test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends these bytes and tells all that came back until the server hung up.
fn exchange(port: u16, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = vec![];
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A request with a true `Content-Length`.
fn request(line: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{line} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n").into_bytes();
    for header in headers {
        bytes.extend(format!("{header}\r\n").bytes());
    }
    bytes.extend(format!("content-length: {}\r\n\r\n", body.len()).bytes());
    bytes.extend(body);
    bytes
}

fn signed(service: &str) -> String {
    format!(
        "authorization: AWS4-HMAC-SHA256 Credential=AKIDBAD/20260105/us-east-1/{service}/aws4_request, \
         SignedHeaders=host, Signature=00"
    )
}

/// A signed request of a service, in the protocol that its clients speak.
fn ecs(operation: &str, body: &[u8]) -> Vec<u8> {
    let target = format!("x-amz-target: AmazonEC2ContainerServiceV20141113.{operation}");
    request("POST /", &[&signed("ecs"), "content-type: application/x-amz-json-1.1", &target], body)
}

fn elbv2(body: &[u8]) -> Vec<u8> {
    let form = "content-type: application/x-www-form-urlencoded; charset=utf-8";
    request("POST /", &[&signed("elasticloadbalancing"), form], body)
}

fn route53(line: &str, body: &[u8]) -> Vec<u8> {
    request(line, &[&signed("route53"), "content-type: application/xml"], body)
}

fn cloudwatch(operation: &str, more: &[&str], body: &[u8]) -> Vec<u8> {
    let line = format!("POST /service/GraniteServiceVersion20100801/operation/{operation}");
    let signed = signed("monitoring");
    let headers = [&[signed.as_str(), "content-type: application/cbor", "smithy-protocol: rpc-v2-cbor"], more].concat();
    request(&line, &headers, body)
}

/// How a protocol words the code of an error.
enum Form {
    Json,
    Xml,
    Cbor,
}

struct Case {
    what: &'static str,
    bytes: Vec<u8>,
    status: u16,
    form: Form,
    code: &'static str,
}

fn refused() -> Vec<Case> {
    use Form::{Cbor, Json, Xml};
    let case = |what, bytes, status, form, code| Case { what, bytes, status, form, code };
    let large = |begin: &[u8]| [begin, &vec![b'a'; 3 << 20]].concat();
    let batch = "POST /2013-04-01/hostedzone/Z1/rrset";
    let target = "x-amz-target: AmazonEC2ContainerServiceV20141113.ListClusters";
    let form = "content-type: application/x-www-form-urlencoded";
    let deep = [b"{\"a\":".repeat(5000), b"1".to_vec(), b"}".repeat(5000)].concat();
    vec![
        case("unsigned JSON", request("POST /", &[target], b"{}"), 403, Json, "MissingAuthenticationTokenException"),
        case("an unsigned form", request("POST /", &[form], b"Action=X"), 403, Xml, "MissingAuthenticationToken"),
        case("an unsigned page", request("GET /", &[], b""), 403, Xml, "MissingAuthenticationToken"),
        case(
            "another signature",
            request("GET /", &["authorization: Basic eDp5"], b""),
            400,
            Xml,
            "IncompleteSignature",
        ),
        case(
            "half a signature",
            request("POST /", &["authorization: AWS4-HMAC-SHA256 Credential=AKID", target], b"{}"),
            400,
            Json,
            "IncompleteSignatureException",
        ),
        case(
            "an unknown service",
            request("POST /", &[&signed("sqs"), "x-amz-target: AmazonSQS.SendMessage"], b"{}"),
            403,
            Json,
            "InvalidSignatureException",
        ),
        case("an unknown JSON operation", ecs("NoSuchThing", b"{}"), 400, Json, "UnknownOperationException"),
        case("an unknown action", elbv2(b"Action=NoSuchThing&Version=2015-12-01"), 400, Xml, "InvalidAction"),
        case("no action", elbv2(b"Version=2015-12-01"), 400, Xml, "MissingAction"),
        case("an unknown page", route53("GET /2013-04-01/nothing", b""), 404, Xml, "UnknownOperationException"),
        case(
            "an unknown CBOR operation",
            cloudwatch("NoSuchThing", &[], b"\xa0"),
            400,
            Cbor,
            "UnknownOperationException",
        ),
        case("malformed JSON", ecs("ListClusters", b"{\"a\":"), 400, Json, "SerializationException"),
        case("JSON that is no object", ecs("ListClusters", b"[1]"), 400, Json, "SerializationException"),
        case(
            "JSON that is no UTF-8",
            ecs("ListClusters", b"{\"a\":\"\xff\xfe\"}"),
            400,
            Json,
            "SerializationException",
        ),
        case("JSON without an end of depth", ecs("ListClusters", &deep), 400, Json, "SerializationException"),
        case(
            "JSON of the wrong kind",
            ecs("DescribeServices", b"{\"services\":7}"),
            400,
            Json,
            "InvalidParameterException",
        ),
        case("malformed XML", route53(batch, b"<A><B></A>"), 400, Xml, "InvalidInput"),
        case("XML that is no UTF-8", route53(batch, b"<A>\xff</A>"), 400, Xml, "InvalidInput"),
        case(
            "XML with an entity",
            route53(batch, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
            400,
            Xml,
            "InvalidInput",
        ),
        case("a form that is no UTF-8", elbv2(b"Action=%ff"), 400, Xml, "MalformedQueryString"),
        case(
            "a form that contradicts itself",
            elbv2(b"Action=DescribeTags&A.member.1=x&A=y"),
            400,
            Xml,
            "MalformedInput",
        ),
        case("a form without a name", elbv2(b"Action=CreateLoadBalancer"), 400, Xml, "ValidationError"),
        case("malformed CBOR", cloudwatch("ListMetrics", &[], b"\xbf\x61"), 400, Cbor, "SerializationException"),
        case(
            "CBOR that is no UTF-8",
            cloudwatch("ListMetrics", &[], b"\xa1\x61\xff\x01"),
            400,
            Cbor,
            "SerializationException",
        ),
        case(
            "no gzip",
            cloudwatch("PutMetricData", &["content-encoding: gzip"], b"plain"),
            400,
            Cbor,
            "SerializationException",
        ),
        case("too much JSON", ecs("ListClusters", &large(b"{")), 413, Json, "RequestEntityTooLarge"),
        case("too long a form", elbv2(&large(b"Action=")), 413, Xml, "RequestEntityTooLarge"),
        case("too much CBOR", cloudwatch("PutMetricData", &[], &large(b"\xbf")), 413, Cbor, "RequestEntityTooLarge"),
    ]
}

/// The lines of the log, once there are `wanted` of them or patience is at its end.
fn log(served: &Served, wanted: usize) -> Vec<String> {
    let pause = Duration::from_millis(5);
    let mut lines = vec![];
    for _ in 0..PATIENCE.as_millis() / pause.as_millis() {
        lines = served.log().into_iter().filter(|line| line.contains(" WARN ")).collect();
        if lines.len() >= wanted {
            break;
        }
        std::thread::sleep(pause);
    }
    lines
}

fn assert_alive(served: &Served) {
    let answer = exchange(served.port, &ecs("ListClusters", b"{}"));
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(r#"{"clusterArns":[]}"#), "{answer}");
}

#[test]
fn what_is_http_is_refused_in_the_form_of_its_protocol() {
    let served = Served::start(&["--empty", "--speed", "10"]);
    let mut lines = 0;
    for Case { what, bytes, status, form, code } in refused() {
        let answer = exchange(served.port, &bytes);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{what}: {answer:?}"));
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{what}: {answer}");
        assert!(head.contains("\r\nx-amzn-requestid: ") && head.contains("\r\ndate: "), "{what}: {answer}");
        let (media, worded) = match form {
            Form::Json => ("application/x-amz-json-1.", format!("{{\"__type\":\"{code}\",\"message\":\"")),
            Form::Xml => ("text/xml", format!("<Code>{code}</Code><Message>")),
            Form::Cbor => ("application/cbor", code.to_string()),
        };
        assert!(head.contains(&format!("\r\ncontent-type: {media}")), "{what}: {answer}");
        assert!(body.contains(&worded), "{what}: {answer:?}");
        lines += 1;
        let log = log(&served, lines);
        assert_eq!(log.len(), lines, "{what}: {log:#?}");
        assert!(log[lines - 1].contains(code), "{what}: {}", log[lines - 1]);
        assert!(log[lines - 1].len() < 1000, "{what}: {}", log[lines - 1]);
    }
    let missing = "ValidationError: 1 validation error detected: Value null at 'name' failed to satisfy constraint: \
                   Member must not be null";
    assert!(served.log().iter().any(|line| line.contains(missing)), "{:#?}", served.log());
    assert_alive(&served);
}

#[test]
fn what_is_no_http_or_breaks_off_is_logged_and_dropped() {
    let served = Served::start(&["--empty", "--speed", "10"]);
    let whole = ecs("ListClusters", b"{}");
    let text = String::from_utf8(whole.clone()).unwrap();
    let long = text.replace("content-length: 2", "content-length: 200");
    let short = text.replace("content-length: 2", "content-length: 1").replace("connection: close\r\n", "");
    let none = text.replace("content-length: 2", "content-length: -2");
    let two = text.replace("content-length: 2", "content-length: 2\r\ncontent-length: 3");
    // what is sent, and how the answer begins: empty where there is nobody to answer
    let cases: [(&str, &[u8], &str); 9] = [
        ("another protocol", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "HTTP/1.1 400 "),
        ("garbage", b"\x00\x01garbage\r\n\r\n", "HTTP/1.1 400 "),
        ("a broken header", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", "HTTP/1.1 400 "),
        ("a head without end", &[b'a'; 1 << 20], "HTTP/1.1 4"),
        ("half a head", &whole[..60], ""),
        ("less than it says", long.as_bytes(), ""),
        ("more than it says", short.as_bytes(), "HTTP/1.1 400 "),
        ("no length", none.as_bytes(), "HTTP/1.1 400 "),
        ("two lengths", two.as_bytes(), "HTTP/1.1 400 "),
    ];
    let mut lines = 0;
    for (what, bytes, begins) in cases {
        let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // the server may hang up before all of it is sent
        let _ = stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write));
        let mut answer = vec![];
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with(begins) && answer.is_empty() == begins.is_empty(), "{what}: {answer:?}");
        lines += if what == "more than it says" { 2 } else { 1 };
        let log = log(&served, lines);
        assert_eq!(log.len(), lines, "{what}: {log:#?}");
        assert_alive(&served);
    }
}
