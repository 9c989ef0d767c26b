//! What changed from one JSON value to the next, as a patch (RFC 6902). Lists are aligned first: one more
//! event at the front, or a minute that leaves at the end, is one operation and not a new list.

use json_patch::jsonptr::PointerBuf;
use json_patch::{AddOperation, Patch, PatchOperation, RemoveOperation, ReplaceOperation};
use serde_json::{Map, Value};
use std::ops::Range;

/// Lists whose lengths multiply to more are compared place by place: aligning them would take too long.
const MOST_CELLS: usize = 250_000;

/// The patch that makes `right` of `left`.
pub fn diff(left: &Value, right: &Value) -> Patch {
    let mut work = Work { path: PointerBuf::new(), operations: vec![] };
    work.value(left, right);
    Patch(work.operations)
}

struct Work {
    path: PointerBuf,
    operations: Vec<PatchOperation>,
}

impl Work {
    fn value(&mut self, left: &Value, right: &Value) {
        match (left, right) {
            (Value::Object(left), Value::Object(right)) => self.object(left, right),
            (Value::Array(left), Value::Array(right)) => self.array(left, right),
            _ if left == right => {}
            _ => {
                let replace = ReplaceOperation { path: self.path.clone(), value: right.clone() };
                self.operations.push(PatchOperation::Replace(replace));
            }
        }
    }

    fn object(&mut self, left: &Map<String, Value>, right: &Map<String, Value>) {
        for (key, value) in right {
            self.path.push_back(key);
            match left.get(key) {
                Some(before) => self.value(before, value),
                None => self.add(value),
            }
            self.path.pop_back();
        }
        for key in left.keys().filter(|key| !right.contains_key(*key)) {
            self.path.push_back(key);
            self.remove();
            self.path.pop_back();
        }
    }

    /// What is between those that stay is changed in place, then the rest of it goes or comes.
    fn array(&mut self, left: &[Value], right: &[Value]) {
        let mut begin = (0, 0);
        for (old, new) in stays(left, right).into_iter().chain([(left.len(), right.len())]) {
            self.gap(&left[begin.0..old], &right[begin.1..new], begin.1);
            begin = (old + 1, new + 1);
        }
    }

    fn gap(&mut self, left: &[Value], right: &[Value], place: usize) {
        let both = left.len().min(right.len());
        for (offset, (old, new)) in left.iter().zip(right).enumerate() {
            self.path.push_back(place + offset);
            self.value(old, new);
            self.path.pop_back();
        }
        for _ in both..left.len() {
            self.path.push_back(place + both);
            self.remove();
            self.path.pop_back();
        }
        for (offset, new) in right.iter().enumerate().skip(both) {
            self.path.push_back(place + offset);
            self.add(new);
            self.path.pop_back();
        }
    }

    fn add(&mut self, value: &Value) {
        let add = AddOperation { path: self.path.clone(), value: value.clone() };
        self.operations.push(PatchOperation::Add(add));
    }

    fn remove(&mut self) {
        self.operations.push(PatchOperation::Remove(RemoveOperation { path: self.path.clone() }));
    }
}

/// The places, left and right, of elements that stay: a longest common subsequence.
fn stays(left: &[Value], right: &[Value]) -> Vec<(usize, usize)> {
    let front = left.iter().zip(right).take_while(|(old, new)| old == new).count();
    let (old, new) = (&left[front..], &right[front..]);
    let back = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - back], &new[..new.len() - back]);
    let mut places: Vec<_> = pairs(0..front, 0..front).collect();
    if old.len() * new.len() <= MOST_CELLS {
        places.extend(common(old, new).into_iter().map(|(i, j)| (front + i, front + j)));
    }
    places.extend(pairs(left.len() - back..left.len(), right.len() - back..right.len()));
    places
}

fn pairs(left: Range<usize>, right: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    left.zip(right)
}

fn common(left: &[Value], right: &[Value]) -> Vec<(usize, usize)> {
    let columns = right.len() + 1;
    let mut longest = vec![0_u32; (left.len() + 1) * columns];
    for (i, old) in left.iter().enumerate().rev() {
        for (j, new) in right.iter().enumerate().rev() {
            let (here, below) = (i * columns + j, (i + 1) * columns + j);
            longest[here] = if old == new { longest[below + 1] + 1 } else { longest[below].max(longest[here + 1]) };
        }
    }
    let (mut i, mut j, mut places) = (0, 0, vec![]);
    while i < left.len() && j < right.len() {
        if left[i] == right[j] {
            places.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * columns + j] >= longest[i * columns + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn patched(left: &Value, right: &Value) -> Value {
        let mut value = left.clone();
        json_patch::patch(&mut value, &diff(left, right)).unwrap();
        value
    }

    #[test]
    fn one_more_at_the_front_and_one_less_at_the_end_are_two_operations() {
        let (left, right) = (json!([{"a": 5}, {"a": 4}, {"a": 3}]), json!([{"a": 6}, {"a": 5}, {"a": 4}]));
        assert_eq!(
            serde_json::to_value(diff(&left, &right)).unwrap(),
            json!([{"op": "add", "path": "/0", "value": {"a": 6}}, {"op": "remove", "path": "/3"}])
        );
        assert_eq!(patched(&left, &right), right);
    }

    #[test]
    fn an_element_that_changed_is_changed_in_place() {
        let (left, right) = (json!([{"a": 1, "b": [1, 2]}, 7]), json!([{"a": 1, "b": [1, 3]}, 7]));
        let operations = diff(&left, &right);
        assert_eq!(serde_json::to_value(operations).unwrap(), json!([{"op": "replace", "path": "/0/b/1", "value": 3}]));
    }

    #[test]
    fn what_is_the_same_has_no_patch() {
        let value = json!({"a/b": [1, {"~": null}]});
        assert_eq!(diff(&value, &value), Patch(vec![]));
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..4_u8).prop_map(Value::from),
            "[a/~]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[a/~]{0,2}", inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_patch_makes_one_of_the_other(left in value(), right in value()) {
            prop_assert_eq!(patched(&left, &right), right);
        }
    }
}
