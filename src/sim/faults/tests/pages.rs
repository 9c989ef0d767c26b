//! Lists that end early.

use super::super::pages::end_early;
use crate::doc::Doc;
use proptest::prelude::*;
use serde_json::json;

fn ended(mut answer: Doc) -> Doc {
    end_early(&mut answer);
    answer
}

#[test]
fn a_page_loses_its_second_half_and_its_token() {
    for token in ["NextToken", "nextToken", "NextMarker", "Marker", "PaginationToken", "LastEvaluatedTableName"] {
        let (filled, open) = (json!({"a": [1, 2, 3, 4], token: "t"}), json!({"a": [1, 2, 3, 4], token: null}));
        assert_eq!((ended(filled), ended(open)), (json!({"a": [1, 2]}), json!({"a": [1, 2]})), "{token}");
    }
}

#[test]
fn every_list_at_the_top_is_halved_and_none_below() {
    let answer = json!({"MetricAlarms": [{"Tags": [1, 2]}, 2, 3], "CompositeAlarms": [1], "x": {"y": [1, 2]}, "NextToken": null});
    let kept = json!({"MetricAlarms": [{"Tags": [1, 2]}, 2], "CompositeAlarms": [1], "x": {"y": [1, 2]}});
    assert_eq!(ended(answer), kept);
}

#[test]
fn route_53_says_that_this_was_all() {
    let records = json!({
        "ResourceRecordSets": [1, 2, 3, 4], "IsTruncated": true, "MaxItems": "4",
        "NextRecordName": "a.", "NextRecordType": "A", "NextRecordIdentifier": "eu",
    });
    assert_eq!(ended(records), json!({"ResourceRecordSets": [1, 2], "IsTruncated": false, "MaxItems": "4"}));
    let zones = json!({"HostedZones": [1, 2], "Marker": "asked", "IsTruncated": true, "NextMarker": "b"});
    assert_eq!(ended(zones), json!({"HostedZones": [1], "Marker": "asked", "IsTruncated": false}), "an echo stays");
}

#[test]
fn dynamodb_counts_what_is_left() {
    let answer = json!({"Items": [1, 2, 3, 4], "Count": 4, "ScannedCount": 9, "LastEvaluatedKey": {"id": {"S": "d"}}});
    assert_eq!(ended(answer), json!({"Items": [1, 2], "Count": 2, "ScannedCount": 9}));
}

#[test]
fn what_does_not_page_is_left_alone() {
    for answer in [json!({"tasks": [1, 2], "failures": []}), json!([1, 2]), json!({}), Doc::Null, json!("NextToken")] {
        assert_eq!(ended(answer.clone()), answer);
    }
}

proptest! {
    #[test]
    fn what_is_left_is_the_beginning(items: Vec<u8>, token: Option<String>) {
        let left = ended(json!({"Items": items, "NextToken": token}));
        prop_assert_eq!(left, json!({"Items": items[..items.len().div_ceil(2)]}));
    }
}
