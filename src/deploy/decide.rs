//! One step of a resource: from what was seen and is given to what comes next. Pure.

use super::given::{Given, Missing, STACK};
use super::node::Node;
use crate::model::deploy::{Difference, Next, Ready, Seen, differences};

/// Why it must not be touched: it is not ours.
fn foreign(node: &Node, seen: &Seen, given: &Given) -> Option<String> {
    if !node.part.tagged() || !seen.exists {
        return None;
    }
    let name = &node.name;
    match seen.tags.get(STACK) {
        Some(owner) if *owner == given.stack => None,
        Some(owner) => Some(format!("{name} belongs to the stack {owner}: choose another [stack] name")),
        None => Some(format!(
            "{name} exists and is not tagged {STACK}={}: it was made by someone else; remove it, tag it, or choose another [stack] name",
            given.stack
        )),
    }
}

/// Towards what is wanted.
pub fn raise(node: &Node, seen: &Seen, given: &Given) -> Next {
    towards(node, seen, given, false)
}

/// The same when this run has sent a call for it already.
pub fn raise_further(node: &Node, seen: &Seen, given: &Given) -> Next {
    towards(node, seen, given, true)
}

fn towards(node: &Node, seen: &Seen, given: &Given, acted: bool) -> Next {
    if let Some(why) = foreign(node, seen, given).or_else(|| node.part.unavailable(seen)) {
        return Next::Stuck(why);
    }
    let part = &node.part;
    if part.comes_along() {
        return Next::Done;
    }
    let want = match part.want(given) {
        Ok(want) => want,
        Err(missing) => return Next::Wait(missing.to_string()),
    };
    if !seen.exists {
        return part.create(&want, given).map_or_else(|missing| Next::Wait(missing.to_string()), Next::Send);
    }
    if let Some(why) = part.spoilt(seen) {
        // What an earlier run left is cleared away; what this one spoilt would be spoilt again.
        return if acted { Next::Stuck(format!("{} is {why}", node.name)) } else { lower(node, seen, given) };
    }
    let (ready, found) = (part.ready(seen), differences(&want, &seen.is));
    let mends = part.changes_while_busy() && !found.is_empty();
    match &ready {
        Ready::Failed(why) if !mends => return Next::Stuck(format!("{} is {why}", node.name)),
        Ready::NotYet(why) if !part.changes_while_busy() => return Next::Wait(why.clone()),
        _ => {}
    }
    let fixed = fixed(node, &found);
    if !fixed.is_empty() {
        return Next::Replace(fixed);
    }
    match (found.is_empty(), ready) {
        (true, Ready::NotYet(why)) => Next::Wait(why),
        (true, _) => Next::Done,
        (false, _) => part.update(&want, seen, &found, given).unwrap_or_else(|missing| Next::Wait(missing.to_string())),
    }
}

/// Whether others can build on it although it differs.
pub fn stands(node: &Node, seen: &Seen) -> bool {
    seen.exists && node.part.spoilt(seen).is_none() && node.part.ready(seen) == Ready::Yes
}

/// Towards nothing.
pub fn lower(node: &Node, seen: &Seen, given: &Given) -> Next {
    if !seen.exists {
        return Next::Done;
    }
    if let Some(why) = foreign(node, seen, given) {
        return Next::Stuck(why);
    }
    node.part.remove(seen, given).unwrap_or_else(|missing| Next::Stuck(missing.to_string()))
}

/// What a plan says of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Unchanged,
    Create,
    /// It is there, or nearly: what is still to be mended.
    Update(Vec<Difference>),
    Replace(Vec<Difference>),
    /// AWS is busy with it.
    Busy(String),
    /// It is compared when what it needs stands.
    Later(Missing),
    Stuck(String),
}

/// What a plan says of a node that was seen so.
pub fn judge(node: &Node, seen: &Seen, given: &Given) -> Verdict {
    if let Some(why) = foreign(node, seen, given).or_else(|| node.part.unavailable(seen)) {
        return Verdict::Stuck(why);
    }
    if node.part.comes_along() {
        return Verdict::Unchanged;
    }
    if !seen.exists {
        return Verdict::Create;
    }
    let found = match node.part.want(given) {
        Ok(want) => differences(&want, &seen.is),
        Err(missing) => return Verdict::Later(missing),
    };
    let fixed = fixed(node, &found);
    if !fixed.is_empty() {
        return Verdict::Replace(fixed);
    }
    if node.part.spoilt(seen).is_some() {
        return Verdict::Create;
    }
    match node.part.ready(seen) {
        Ready::Failed(why) if !node.part.changes_while_busy() || found.is_empty() => {
            Verdict::Stuck(format!("{} is {why}", node.name))
        }
        _ if !found.is_empty() => Verdict::Update(found),
        Ready::NotYet(why) | Ready::Failed(why) => Verdict::Busy(why),
        Ready::Yes => Verdict::Unchanged,
    }
}

/// The differences that cannot be mended in place.
fn fixed(node: &Node, found: &[Difference]) -> Vec<Difference> {
    let fixed = node.part.immutable();
    let of = |difference: &&Difference| {
        fixed.iter().any(|name| {
            difference.member == *name || difference.member.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
        })
    };
    found.iter().filter(of).cloned().collect()
}
