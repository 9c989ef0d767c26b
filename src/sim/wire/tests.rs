//! Round trips through every codec, and bytes that are no documents.

use super::*;
use crate::operation::{Caller, Empty};
use crate::operations;
use crate::world::World;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;
use std::io::Write;

const NS: &str = "https://example.amazonaws.com/doc/2020-01-01/";

#[derive(Deserialize)]
struct Nothing {}

fn nothing(_: &mut World, _: &Caller, _: Nothing) -> Answer<Empty> {
    Ok(Empty {})
}

static CBOR: Service = Service {
    scope: "cbor",
    speaks: &[Protocol::Cbor, Protocol::Json { target: "Target_1", version: "1.0" }, Protocol::Query { xmlns: NS }],
    items: &[],
    misshapen: "InvalidParameterValue",
    global: false,
    operations: operations![Put => nothing],
};

static REST: Service = Service {
    scope: "rest",
    speaks: &[Protocol::RestXml { xmlns: NS }],
    items: &[("Zones", "Zone"), ("Flat", "")],
    misshapen: "InvalidInput",
    global: true,
    operations: operations![
        CreateZone => nothing, "POST" "/2020-01-01/zone" 201;
        GetZone => nothing, reads, "GET" "/2020-01-01/zone/{Id}" 200;
        CountZones => nothing, reads, "GET" "/2020-01-01/zone/count" 200;
        ChangeZone => nothing, "POST" "/2020-01-01/zone/{Id}/change/" 200;
    ],
};

static REST_JSON: Service = Service {
    scope: "restjson",
    speaks: &[Protocol::RestJson],
    items: &[],
    misshapen: "ValidationException",
    global: false,
    operations: operations![PutThing => nothing, "PUT" "/thing/{Name}" 202],
};

fn request(method: &str, address: &str, headers: &[(&'static str, &str)], body: impl Into<Vec<u8>>) -> Request {
    let mut request = http::Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.into()).expect("the test's own request is well formed")
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn form(body: &str) -> Request {
    request("POST", "/", &[FORM], body)
}

fn tree(service: &'static Service, request: &Request) -> Doc {
    match decode(service, request).expect("the request is well formed").input {
        Input::Typed(doc) | Input::Text(doc) => doc,
    }
}

fn code(service: &'static Service, request: &Request) -> (u16, &'static str) {
    let refusal = decode(service, request).expect_err("the request is not acceptable");
    (refusal.status, refusal.code)
}

#[test]
fn each_protocol_is_known_by_its_marks() {
    let is = |request: &Request| protocol(&CBOR, request);
    assert_eq!(is(&request("POST", "/", &[("smithy-protocol", "rpc-v2-cbor")], "")), Protocol::Cbor);
    assert!(matches!(is(&request("POST", "/", &[("x-amz-target", "Target_1.Put")], "")), Protocol::Json { .. }));
    assert!(matches!(is(&form("Action=Put")), Protocol::Query { .. }));
    assert!(matches!(is(&request("GET", "/?Action=Put", &[], "")), Protocol::Query { .. }));
    assert_eq!(protocol(&REST, &form("Action=Put")), Protocol::RestXml { xmlns: NS });
}

#[test]
fn forms_spell_lists_and_maps() {
    let body = "Action=Put&Version=2020-01-01&Names.member.2=b&Names.member.1=a%26+%C3%A9&Names.member.10=c\
                &Flat.1.Key=k&Flat.1.Values.member.1=v&Tags.entry.1.key=x&Tags.entry.1.value=1&Deep.Inner=yes&Empty=";
    assert_eq!(
        tree(&CBOR, &form(body)),
        json!({
            "Names": ["a& é", "b", "c"],
            "Flat": [{ "Key": "k", "Values": ["v"] }],
            "Tags": { "x": "1" },
            "Deep": { "Inner": "yes" },
            "Empty": "",
        })
    );
    assert_eq!(tree(&CBOR, &request("GET", "/?Action=Put&A=1&X-Amz-Credential=k", &[], "")), json!({ "A": "1" }));
}

#[test]
fn forms_that_are_none_are_refused() {
    assert_eq!(code(&CBOR, &form("Action=Put&A=%ff")), (400, "MalformedQueryString"));
    assert_eq!(code(&CBOR, &form("Action=Put&A=1&A.B=2")), (400, "MalformedInput"));
    assert_eq!(code(&CBOR, &form("Action=Put&A.B=2&A=1")), (400, "MalformedInput"));
    assert_eq!(code(&CBOR, &form(&format!("Action=Put&{}A=1", "A.".repeat(9000)))), (400, "MalformedInput"));
    assert_eq!(code(&CBOR, &form("Version=1")), (400, "MissingAction"));
    let unknown = decode(&CBOR, &form("Action=Nope")).expect_err("there is no Nope");
    assert_eq!(unknown.message, "Could not find operation Nope for version 2020-01-01");
    assert_eq!(unknown.code, "InvalidAction");
}

#[test]
fn xml_keeps_entities_cdata_and_inner_whitespace() {
    let body = "<?xml version=\"1.0\"?>\n<CreateZoneRequest xmlns=\"x\">\n\
                <Name> a &amp;&#x41; <![CDATA[<b>]]> </Name>\
                <Tags><Tag><Key>k</Key></Tag><Tag/></Tags><!-- note --></CreateZoneRequest>";
    assert_eq!(
        tree(&REST, &request("POST", "/2020-01-01/zone/", &[], body)),
        json!({ "Name": " a &A <b> ", "Tags": { "Tag": [{ "Key": "k" }, ""] } })
    );
}

#[test]
fn xml_that_is_none_is_refused() {
    let deep = "<a>".repeat(100_000);
    for body in ["<a>", "<a></b>", "<a>&nope;</a>", "text", "<a/><b/>", "<!DOCTYPE a []><a/>", "</a>", &deep] {
        assert_eq!(code(&REST, &request("POST", "/2020-01-01/zone", &[], body)), (400, MISSHAPEN), "{body:.40}");
    }
    assert_eq!(code(&REST, &request("POST", "/2020-01-01/zone", &[], vec![b'<', 0xff])), (400, MISSHAPEN));
}

#[test]
fn routes_capture_and_prefer_the_literal() {
    let name = |method: &str, path: &str| {
        decode(&REST, &request(method, path, &[], "")).map(|decoded| decoded.operation.name).map_err(|r| r.status)
    };
    assert_eq!(name("GET", "/2020-01-01/zone/count"), Ok("CountZones"));
    assert_eq!(name("GET", "/2020-01-01/zone/Z1"), Ok("GetZone"));
    assert_eq!(name("POST", "/2020-01-01/zone/Z1/change"), Ok("ChangeZone"));
    assert_eq!(name("POST", "/2020-01-01/zone/Z1/change/"), Ok("ChangeZone"));
    assert_eq!(name("DELETE", "/2020-01-01/zone/Z1"), Err(404));
    assert_eq!(name("GET", "/2020-01-01/zone//"), Err(404));
    let asked = request("GET", "/2020-01-01/zone/a%2Fb%20c?marker=x+y&type=A&type=B&flag", &[], "");
    assert_eq!(tree(&REST, &asked), json!({ "Id": "a/b c", "marker": "x y", "type": ["A", "B"], "flag": "" }));
    assert_eq!(code(&REST, &request("GET", "/2020-01-01/zone/%ff", &[], "")), (400, MISSHAPEN));
}

#[test]
fn the_address_outweighs_the_body() {
    let put = request("PUT", "/thing/n1", &[], r#"{"Name":"other","Size":3}"#);
    assert_eq!(tree(&REST_JSON, &put), json!({ "Name": "n1", "Size": 3 }));
}

#[test]
fn rest_xml_answers_carry_location_and_status() {
    let answer = json!({ "Location": "https://x/1", "Zones": [{ "N": 1 }], "Flat": ["a", "b"], "None": null, "E": [] });
    let response = encode(&REST, REST.speaks[0], REST.operations.first(), Ok(answer), "id-1");
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["location"], "https://x/1");
    assert_eq!(response.headers()["content-type"], "text/xml");
    assert_eq!(response.headers()["x-amzn-requestid"], "id-1");
    assert_eq!(
        String::from_utf8_lossy(response.body()),
        format!(
            "<?xml version=\"1.0\"?>\n<CreateZoneResponse xmlns=\"{NS}\"><E></E><Flat>a</Flat><Flat>b</Flat>\
             <Zones><Zone><N>1</N></Zone></Zones></CreateZoneResponse>"
        )
    );
}

#[test]
fn query_answers_put_the_result_first() {
    let answer = json!({ "Z": ["<1>"], "At": { MARK: 1_767_621_600_123_u64 } });
    let response = encode(&CBOR, CBOR.speaks[2], CBOR.operations.first(), Ok(answer), "id-2");
    assert_eq!(
        String::from_utf8_lossy(response.body()),
        format!(
            "<PutResponse xmlns=\"{NS}\"><PutResult><At>2026-01-05T14:00:00.123Z</At><Z><member>&lt;1&gt;</member></Z>\
             </PutResult><ResponseMetadata><RequestId>id-2</RequestId></ResponseMetadata></PutResponse>"
        )
    );
}

#[test]
fn refusals_take_the_form_of_their_protocol() {
    let refusal = Refusal::new(400, MISSHAPEN, "a < b");
    let say = |service: &'static Service, place: usize| {
        let response = encode(service, service.speaks[place], None, Err(refusal.clone()), "id-3");
        assert_eq!(response.status(), 400);
        response
    };
    let xml = format!(
        "<ErrorResponse xmlns=\"{NS}\"><Error><Type>Sender</Type><Code>InvalidInput</Code><Message>a &lt; b</Message>\
         </Error><RequestId>id-3</RequestId></ErrorResponse>"
    );
    assert_eq!(String::from_utf8_lossy(say(&REST, 0).body()), xml);
    assert_eq!(String::from_utf8_lossy(say(&CBOR, 2).body()), xml.replace("InvalidInput", "InvalidParameterValue"));
    let json = say(&CBOR, 1);
    assert_eq!(json.headers()["x-amzn-errortype"], "InvalidParameterValueException");
    assert_eq!(json.headers()["content-type"], "application/x-amz-json-1.0");
    let expected = json!({ "__type": "InvalidParameterValueException", "message": "a < b" });
    assert_eq!(json::read(json.body()), Ok(expected.clone()));
    let mut cbor = say(&CBOR, 0);
    assert_eq!(cbor.headers()["smithy-protocol"], "rpc-v2-cbor");
    assert_eq!(cbor::read(cbor.body()), Ok(expected));
    error::note_query_code(&request("POST", "/", &[], ""), &CBOR, &refusal, &mut cbor);
    assert!(!cbor.headers().contains_key("x-amzn-query-error"));
    error::note_query_code(&request("POST", "/", &[("x-amzn-query-mode", "true")], ""), &CBOR, &refusal, &mut cbor);
    assert_eq!(cbor.headers()["x-amzn-query-error"], "InvalidParameterValue;Sender");
}

const CBOR_PATH: &str = "/service/GraniteServiceVersion20100801/operation/Put";

#[test]
fn cbor_of_indefinite_length_is_read() {
    // {_ "At": 1(1767621600.5), "L": [_ 1, -2, 1.5 as a half], "S": (_ "a", "b"), "N": null }
    let mut bytes = vec![0xbf, 0x62, b'A', b't', 0xc1, 0xfb];
    bytes.extend(1_767_621_600.5_f64.to_be_bytes());
    bytes.extend([0x61, b'L', 0x9f, 0x01, 0x21, 0xf9, 0x3e, 0x00, 0xff]);
    bytes.extend([0x61, b'S', 0x7f, 0x61, b'a', 0x61, b'b', 0xff, 0x61, b'N', 0xf6, 0xff]);
    let sent = request("POST", CBOR_PATH, &[("smithy-protocol", "rpc-v2-cbor")], bytes);
    let expected = json!({ "At": { MARK: 1_767_621_600_500_u64 }, "L": [1, -2, 1.5], "S": "ab" });
    assert_eq!(tree(&CBOR, &sent), expected);
}

#[test]
fn cbor_that_is_none_is_refused() {
    let depth = [vec![0x81; 100_000], vec![0x01]].concat();
    for bytes in [vec![0x01], vec![0xa1], vec![0xbf], vec![0xa1, 0x61, 0xff, 0x01], vec![0xa0, 0x00], vec![0xff], depth]
    {
        let sent = request("POST", CBOR_PATH, &[("smithy-protocol", "rpc-v2-cbor")], bytes);
        assert_eq!(code(&CBOR, &sent), (400, "SerializationException"));
    }
    let elsewhere = request("POST", "/service/x/operation/No", &[("smithy-protocol", "rpc-v2-cbor")], "");
    assert_eq!(code(&CBOR, &elsewhere), (400, "UnknownOperationException"));
}

#[test]
fn whole_and_broken_numbers_stay_what_they_are() {
    let doc = json!({ "Whole": 3, "Float": 3.0, "Small": -7, "Big": u64::MAX });
    let back = cbor::read(&cbor::write(&doc)).expect("our own bytes");
    assert_eq!(back, doc);
    assert!(back["Float"].is_f64() && back["Whole"].is_u64());
}

#[test]
fn json_moments_are_epoch_seconds() {
    let doc = json!({ "A": { MARK: 2000 }, "B": { MARK: 2500 }, "C": null });
    assert_eq!(String::from_utf8_lossy(&json::write(&doc)), r#"{"A":2,"B":2.5}"#);
}

#[test]
fn json_that_is_none_is_refused() {
    let target = [("x-amz-target", "Target_1.Put")];
    let deep = "[".repeat(100_000);
    for body in ["", "{", "[]", "{}{}", "{\"a\":1e999}", &deep] {
        assert_eq!(code(&CBOR, &request("POST", "/", &target, body)), (400, "SerializationException"));
    }
    let utf8 = request("POST", "/", &target, b"{\"a\":\"\xff\"}".to_vec());
    assert_eq!(code(&CBOR, &utf8), (400, "SerializationException"));
    let other = request("POST", "/", &[("x-amz-target", "Other.Put")], "{}");
    assert_eq!(code(&CBOR, &other), (400, "UnknownOperationException"));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("a vector takes every byte")
}

#[test]
fn bodies_are_inflated_within_a_bound() {
    let headers = [("x-amz-target", "Target_1.Put"), ("content-encoding", "gzip")];
    let sent = request("POST", "/", &headers, gzip(br#"{"A":[1]}"#));
    assert_eq!(tree(&CBOR, &sent), json!({ "A": [1] }));
    let bomb = gzip(&vec![b' '; MAX_BODY + 1]);
    assert!(bomb.len() < 100_000);
    assert_eq!(code(&CBOR, &request("POST", "/", &headers, bomb)), (413, "RequestEntityTooLarge"));
    assert_eq!(code(&CBOR, &request("POST", "/", &headers, "no gzip")), (400, "SerializationException"));
    let large = request("POST", "/", &headers[..1], vec![b' '; MAX_BODY + 1]);
    assert_eq!(code(&CBOR, &large), (413, "RequestEntityTooLarge"));
    let odd = request("POST", "/", &[("x-amz-target", "Target_1.Put"), ("content-encoding", "br")], "{}");
    assert_eq!(code(&CBOR, &odd), (415, "UnsupportedMediaType"));
}

#[test]
fn the_scope_is_read_from_header_and_address() {
    let expected = scope::Scope {
        access_key: "AKID".into(),
        date: "20260105".into(),
        region: "eu-west-1".into(),
        service: "ecs".into(),
        signed_headers: vec!["host".into(), "x-amz-date".into()],
    };
    let header = "AWS4-HMAC-SHA256 Credential=AKID/20260105/eu-west-1/ecs/aws4_request, \
                  SignedHeaders=host;x-amz-date, Signature=abc";
    let signed = request("POST", "/", &[("authorization", header)], "");
    assert_eq!(scope::read(&signed), scope::Signing::Signed(expected.clone()));
    let address =
        "/?X-Amz-Credential=AKID%2F20260105%2Feu-west-1%2Fecs%2Faws4_request&X-Amz-SignedHeaders=host%3Bx-amz-date";
    assert_eq!(scope::read(&request("GET", address, &[], "")), scope::Signing::Signed(expected));
    assert_eq!(scope::read(&request("GET", "/", &[], "")), scope::Signing::Unsigned);
    for bad in ["Basic abc", "AWS4-HMAC-SHA256 Credential=a/b/c", "AWS4-HMAC-SHA256"] {
        let read = scope::read(&request("GET", "/", &[("authorization", bad)], ""));
        assert!(matches!(read, scope::Signing::Malformed(_)), "{bad}");
    }
}

/// Trees as JSON and CBOR have them: no null members.
fn trees() -> impl Strategy<Value = Doc> {
    let scalar = prop_oneof![
        any::<bool>().prop_map(Doc::from),
        any::<i64>().prop_map(Doc::from),
        any::<u64>().prop_map(Doc::from),
        any::<i32>().prop_map(|n| Doc::from(f64::from(n) / 1024.0)),
        any::<String>().prop_map(Doc::from),
    ];
    let inner = scalar.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Doc::from),
            proptest::collection::btree_map("[A-Za-z]{1,8}", inner, 0..6)
                .prop_map(|members| Doc::Object(members.into_iter().collect())),
        ]
    });
    proptest::collection::btree_map("\\PC{0,8}", inner, 0..6)
        .prop_map(|members| Doc::Object(members.into_iter().collect()))
}

/// Trees as XML and forms have them: text in structures and lists, nothing empty.
fn text_trees() -> impl Strategy<Value = Doc> {
    let text = "[ -~\\t\\né€😀]{0,12}".prop_map(Doc::from);
    let inner = text.prop_recursive(3, 30, 5, |inner| {
        prop_oneof![proptest::collection::vec(inner.clone(), 1..5).prop_map(Doc::from), structure(inner),]
    });
    structure(inner)
}

fn structure(member: impl Strategy<Value = Doc>) -> impl Strategy<Value = Doc> {
    // Names in -B so that none is `member` or `entry`.
    proptest::collection::btree_map("[A-Z][a-z]{0,6}B", member, 1..5)
        .prop_map(|members| Doc::Object(members.into_iter().collect()))
}

/// What a reader that cannot know lists makes of them: `{"member": [..]}`, or the one item alone.
fn as_xml_reads(doc: &Doc) -> Doc {
    match doc {
        Doc::Array(items) if items.len() == 1 => json!({ "member": as_xml_reads(&items[0]) }),
        Doc::Array(items) => json!({ "member": items.iter().map(as_xml_reads).collect::<Vec<_>>() }),
        Doc::Object(members) => {
            Doc::Object(members.iter().map(|(name, member)| (name.clone(), as_xml_reads(member))).collect())
        }
        other => other.clone(),
    }
}

fn as_form(path: &str, doc: &Doc, out: &mut Vec<(String, String)>, flat: bool) {
    match doc {
        Doc::Array(items) => {
            let wrap = if flat { "" } else { ".member" };
            items.iter().enumerate().for_each(|(i, item)| as_form(&format!("{path}{wrap}.{}", i + 1), item, out, flat));
        }
        Doc::Object(members) => members.iter().for_each(|(name, member)| {
            let dot = if path.is_empty() { "" } else { "." };
            as_form(&format!("{path}{dot}{name}"), member, out, flat);
        }),
        Doc::String(text) => out.push((path.to_string(), text.clone())),
        _ => unreachable!("text trees hold text"),
    }
}

proptest! {
    #[test]
    fn any_tree_survives_json(doc in trees()) {
        prop_assert_eq!(json::read(&json::write(&doc)), Ok(doc));
    }

    #[test]
    fn any_tree_survives_cbor(doc in trees()) {
        prop_assert_eq!(cbor::read(&cbor::write(&doc)), Ok(doc));
    }

    #[test]
    fn any_moment_survives_cbor(millis in 0_u64..4_000_000_000_000) {
        let doc = json!({ "At": { MARK: millis } });
        prop_assert_eq!(cbor::read(&cbor::write(&doc)), Ok(doc));
    }

    #[test]
    fn any_text_tree_survives_xml(doc in text_trees()) {
        prop_assert_eq!(xml::read(&xml::rest_answer(&[], "Op", NS, &doc)), Ok(as_xml_reads(&doc)));
    }

    #[test]
    fn any_text_tree_survives_a_form(doc in text_trees(), flat: bool) {
        let mut pairs = vec![("Action".to_string(), "Put".to_string())];
        as_form("", &doc, &mut pairs, flat);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        prop_assert_eq!(tree(&CBOR, &form(&body)), doc);
    }

    #[test]
    fn any_text_survives_xml(text in "\\PC*[\\r\\n\\t]?\\PC*") {
        let doc = json!({ "T": text });
        prop_assert_eq!(xml::read(&xml::rest_answer(&[], "Op", NS, &doc)), Ok(doc));
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, gzipped: bool) {
        let encoding = if gzipped { "gzip" } else { "identity" };
        for kind in [("smithy-protocol", "rpc-v2-cbor"), ("x-amz-target", "Target_1.Put"), FORM] {
            let headers = [kind, ("content-encoding", encoding)];
            let _ = decode(&CBOR, &request("POST", CBOR_PATH, &headers, bytes.clone()));
        }
        let _ = decode(&REST, &request("POST", "/2020-01-01/zone", &[("content-encoding", encoding)], bytes.clone()));
        let _ = decode(&REST_JSON, &request("PUT", "/thing/x", &[], bytes));
    }

    #[test]
    fn nearly_documents_never_panic(doc in trees(), cut in 0_usize..200, byte: u8) {
        for written in [json::write(&doc), cbor::write(&doc), xml::rest_answer(&[], "Op", NS, &doc)] {
            let mut bytes = written;
            if !bytes.is_empty() {
                let place = cut % bytes.len();
                bytes[place] = byte;
            }
            let _ = (json::read(&bytes), cbor::read(&bytes), xml::read(&bytes));
            let _ = decode(&CBOR, &request("POST", "/?Action=Put", &[FORM], bytes));
        }
    }
}
