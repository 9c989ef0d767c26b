//! Lists that end early.

use crate::doc::Doc;

/// What the token of a next page is called in the services that are spoken here.
const TOKENS: &[&str] = &[
    "NextToken",
    "nextToken",
    "PaginationToken",
    "NextMarker",
    "LastEvaluatedKey",
    "LastEvaluatedTableName",
    "LastEvaluatedGlobalTableName",
    "NextRecordName",
    "NextRecordType",
    "NextRecordIdentifier",
    "NextHostedZoneId",
    "NextDNSName",
];

/// RDS's token. Where there is a [`NEXT_MARKER`], it only repeats what was asked.
const MARKER: &str = "Marker";
const NEXT_MARKER: &str = "NextMarker";
/// Route 53 says by it whether there is a next page.
const TRUNCATED: &str = "IsTruncated";
/// DynamoDB says by it how many items there are.
const COUNT: &str = "Count";

/// Ends the lists of an answer early: an answer that has a member for the token of its next page, filled
/// or not, loses it and the second half of every list at its top (of one item none). Other answers are
/// left alone.
pub fn end_early(answer: &mut Doc) {
    let Some(members) = answer.as_object_mut() else { return };
    let is_token = |name: &str, echoes: bool| TOKENS.contains(&name) || name == MARKER && !echoes;
    let echoes = members.contains_key(NEXT_MARKER);
    if !members.keys().any(|name| is_token(name, echoes) || name == TRUNCATED) {
        return;
    }
    members.retain(|name, _| !is_token(name, echoes));
    let mut kept = None;
    for list in members.values_mut().filter_map(Doc::as_array_mut) {
        list.truncate(list.len().div_ceil(2));
        kept = Some(list.len());
    }
    if let Some(more) = members.get_mut(TRUNCATED) {
        *more = false.into();
    }
    if let (Some(count), Some(kept)) = (members.get_mut(COUNT), kept) {
        *count = kept.into();
    }
}
