#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::super::value::{self, Item, Value};
use super::*;
use proptest::prelude::*;
use serde_json::{Value as Doc, json};

fn item() -> Item {
    value::read(&json!({
        "pk": {"S": "p"}, "n": {"N": "5"}, "text": {"S": "hello"}, "tags": {"SS": ["a", "b"]},
        "lines": {"L": [{"N": "1"}, {"S": "x"}]}, "m": {"M": {"k": {"S": "v"}}}, "yes": {"BOOL": true},
    }))
    .unwrap()
}

fn words() -> Words {
    let values = json!({":n": {"N": "5"}, ":more": {"N": "7"}, ":s": {"S": "he"}, ":a": {"S": "a"}, ":ss": {"SS": ["a"]},
        ":l": {"L": [{"N": "9"}]}, ":t": {"S": "N"}, ":yes": {"BOOL": true}});
    let names = [("#n".to_string(), "n".to_string()), ("#name".to_string(), "name".to_string())].into();
    Words::new(names, value::read(&values).unwrap())
}

fn holds(text: &str) -> bool {
    Condition::parse(text, &mut words()).unwrap_or_else(|why| panic!("{text}: {why}")).holds(&item())
}

#[test]
fn conditions_hold_or_do_not() {
    for text in [
        "n = :n",
        "#n < :more AND n <> :more",
        "n BETWEEN :n AND :more",
        "n IN (:more, :n)",
        "NOT n > :n",
        "attribute_exists(m.k)",
        "attribute_not_exists(m.none)",
        "attribute_type(n, :t)",
        "begins_with(text, :s)",
        "contains(tags, :a)",
        "contains(text, :s)",
        "size(lines) < :n",
        "(n = :more OR yes = :yes) AND lines[0] < :n",
        "absent <> :n",
        "m.k > :a",
    ] {
        assert!(holds(text), "{text}");
    }
    for text in ["n = :more", "absent = :n", "attribute_exists(lines[7])", "text < :n", "begins_with(n, :s)"] {
        assert!(!holds(text), "{text}");
    }
}

#[test]
fn wrong_conditions_are_refused_with_what_is_wrong() {
    for (text, why) in [
        ("", "empty"),
        ("n ==", "Syntax error; token: \"=\""),
        ("n = :none", "attribute value used in expression is not defined; attribute value: :none"),
        ("#none = :n", "attribute name: #none"),
        ("name = :n", "reserved keyword: name"),
        ("n = :n)", "Syntax error; token: \")\""),
        ("nonsense(n)", "Invalid function name; function: nonsense"),
        ("n ? :n", "Syntax error; token: \"?\""),
    ] {
        let told = Condition::parse(text, &mut words()).unwrap_err();
        assert!(told.contains(why), "{text}: {told}");
    }
    let deep = format!("{}n = :n{}", "(".repeat(500), ")".repeat(500));
    assert!(Condition::parse(&deep, &mut words()).unwrap_err().contains("deeply"));
}

fn updated(text: &str) -> Result<Doc, String> {
    let update = Update::parse(text, &mut words())?;
    update.apply(&item(), &["pk".into()]).map(|item| value::write(&item))
}

#[test]
fn updates_read_the_item_as_it_was() {
    let new =
        updated("SET n = n + :n, old = n, m.k = :s, lines[5] = :a REMOVE yes ADD tags :ss, hits :n DELETE tags2 :ss")
            .unwrap();
    assert_eq!(new["n"], json!({"N": "10"}));
    assert_eq!(new["old"], json!({"N": "5"}));
    assert_eq!(new["m"], json!({"M": {"k": {"S": "he"}}}));
    assert_eq!(new["lines"]["L"].as_array().unwrap().len(), 3, "behind the end is the end");
    assert_eq!((&new["hits"], new.get("yes")), (&json!({"N": "5"}), None));
    assert_eq!(
        updated("SET lines = list_append(lines, :l), x = if_not_exists(x, :n)").unwrap()["x"],
        json!({"N": "5"})
    );
    assert_eq!(updated("DELETE tags :ss").unwrap()["tags"], json!({"SS": ["b"]}));
    assert_eq!(updated("REMOVE lines[0], lines[1]").unwrap()["lines"], json!({"L": []}));
}

/// A list of twelve, each of them its place; `deep` holds lists and maps.
fn listed() -> Item {
    let list: Vec<Doc> = (0..12).map(|place| json!({"N": place.to_string()})).collect();
    value::read(&json!({
        "l": {"L": list}, "text": {"S": "hello"},
        "deep": {"L": [{"M": {"a": {"S": "x"}, "b": {"S": "y"}, "c": {"S": "z"}}}, {"L": [{"N": "1"}, {"N": "2"}]}]},
    }))
    .unwrap()
}

fn places(item: &Item) -> Vec<String> {
    let Value::L(list) = &item["l"] else { panic!("no list") };
    list.iter()
        .map(|one| value::write(&[("x".into(), one.clone())].into())["x"]["N"].as_str().unwrap().into())
        .collect()
}

#[test]
fn elements_go_by_their_places_and_come_in_their_order() {
    let after = |text: &str| {
        Update::parse(text, &mut words()).unwrap().apply(&listed(), &[]).unwrap_or_else(|why| panic!("{text}: {why}"))
    };
    for text in ["REMOVE l[9], l[10]", "REMOVE l[10], l[9]"] {
        assert_eq!(places(&after(text)), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "11"], "{text}");
    }
    assert_eq!(places(&after("REMOVE l[1], l[10], l[2], l[11], l[9]")), ["0", "3", "4", "5", "6", "7", "8"]);
    let added = places(&after("SET l[30] = :more, l[20] = :n"));
    assert_eq!(added[12..], ["5", "7"], "the lower place first");
    let deep = after("REMOVE deep[1][1], deep[0].b, deep[1][0]");
    let deep = value::write(&deep)["deep"].clone();
    assert_eq!(deep, json!({"L": [{"M": {"a": {"S": "x"}, "c": {"S": "z"}}}, {"L": []}]}));
}

#[test]
fn wrong_updates_are_refused() {
    for (text, why) in [
        ("SET pk = :s", "part of the key"),
        ("SET n = none", "does not exist in the item"),
        (
            "SET n = :n, n = :more",
            "overlap with each other; must remove or rewrite one of these paths; path one: [n], path two: [n]",
        ),
        ("SET m.k = :n REMOVE m", "path one: [m, k], path two: [m]"),
        (
            "SET m.k = :n, m[1] = :n",
            "conflict with each other; must remove or rewrite one of these paths; path one: [m, k], path two: [m, [1]]",
        ),
        ("SET n = :n SET m = :n", "only be used once"),
        ("SET text = text + :n", "incorrect data type"),
        ("SET none.x = :n", "invalid for update"),
        ("FETCH n", "Syntax error"),
    ] {
        let told = updated(text).unwrap_err();
        assert!(told.contains(why), "{text}: {told}");
    }
}

#[test]
fn keys_are_asked_for_by_their_schema() {
    let parse = |text: &str| KeyCondition::parse(text, &mut words(), "pk", Some("n"));
    let found = parse("pk = :s AND n BETWEEN :n AND :more").unwrap();
    assert_eq!(found.hash, Value::S("he".into()));
    assert!(found.range.unwrap().holds(&Value::N(super::super::number::Number::from(6))));
    for (text, why) in [
        ("n = :n", "missed key schema element: pk"),
        ("pk = :s AND text = :s", "missed key schema element: n"),
        ("pk > :s", "not supported"),
        ("pk = :s AND pk = :a", "KeyConditionExpressions must only contain one condition per key"),
        ("pk = :s AND n > :n AND n < :more", "KeyConditionExpressions must only contain one condition per key"),
        ("pk = :s OR n = :n", "OR"),
    ] {
        let told = parse(text).unwrap_err();
        assert!(told.contains(why), "{text}: {told}");
    }
}

#[test]
fn a_projection_keeps_the_shape() {
    let picked = Projection::parse("m.k, lines[1], none, text", &mut words()).unwrap().pick(&item());
    let expected = json!({"m": {"M": {"k": {"S": "v"}}}, "lines": {"L": [{"S": "x"}]}, "text": {"S": "hello"}});
    assert_eq!(value::write(&picked), expected);
}

#[test]
fn elements_of_one_list_are_picked_together() {
    let pick = |text: &str| value::write(&Projection::parse(text, &mut words()).unwrap().pick(&listed()));
    assert_eq!(pick("l[10], l[2], l[9]"), json!({"l": {"L": [{"N": "2"}, {"N": "9"}, {"N": "10"}]}}));
    assert_eq!(
        pick("deep[0].a, deep[1][1], deep[0].c, deep[7].a"),
        json!({"deep": {"L": [{"M": {"a": {"S": "x"}, "c": {"S": "z"}}}, {"L": [{"N": "2"}]}]}})
    );
    assert_eq!(pick("deep[0].none, text.a, l[99]"), json!({}), "what is not there leaves nothing");
    for (text, why) in [("l, l[1]", "overlap"), ("l[1], l.a", "conflict")] {
        assert!(Projection::parse(text, &mut words()).unwrap_err().contains(why), "{text}");
    }
}

#[test]
fn what_is_given_must_be_used() {
    let mut words = words();
    Condition::parse("n = :n", &mut words).unwrap();
    let told = words.all_used().unwrap_err();
    assert!(told.starts_with("Value provided in ExpressionAttributeNames unused"), "{told}");
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "[a-z#: .,=<>()\\[\\]0-9+\\-ANDORTSEé]{0,80}") {
        let _ = Condition::parse(&text, &mut words());
        let _ = Projection::parse(&text, &mut words()).map(|found| found.pick(&item()));
        if let Ok(update) = Update::parse(&text, &mut words()) {
            let _ = update.apply(&item(), &["pk".into()]);
        }
    }
}
