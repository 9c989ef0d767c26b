//! What the palette offers: actions, Regions, themes, and everything that has a name in the stack.

use super::actions::{ACTIONS, Act, Action, Context, Group, Now, context_of};
use super::model::{Model, Overlay, Tab};
use super::pages::filter::best;
use crate::model::snapshot::{RegionView, Snapshot};

/// Something that can be done, or a place to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the history knows it by.
    pub id: String,
    pub text: String,
    /// What is said at its right: a key, or where it is.
    pub detail: String,
    /// Why it cannot be done now.
    pub refused: Option<&'static str>,
    pub goal: Goal,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    Action(&'static str),
    Region(String),
    /// A row of a page, of a Region where the page is a Region's.
    Row {
        tab: Tab,
        region: Option<String>,
        id: String,
    },
    Theme(String),
}

/// Everything, in an order that depends on nothing that was typed.
pub fn entries(model: &Model) -> Vec<Entry> {
    let (below, now) = (below(model), Now::of(model));
    let mut entries: Vec<Entry> =
        ACTIONS.iter().filter(|action| offered(action, below)).map(|action| of_action(model, &now, action)).collect();
    for name in &model.regions {
        let goal = Goal::Region(name.clone());
        entries.push(Entry { id: name.clone(), text: name.clone(), detail: "Region".into(), refused: None, goal });
    }
    if let Some(snapshot) = &model.snapshot {
        for view in &snapshot.regions {
            of_region(&mut entries, view);
        }
        of_dns(&mut entries, snapshot);
    }
    for name in &model.themes {
        entries.push(Entry {
            id: format!("theme {name}"),
            text: format!("theme {name}"),
            detail: "theme".into(),
            refused: None,
            goal: Goal::Theme(name.clone()),
        });
    }
    entries
}

/// Who has the keys below the palette.
fn below(model: &Model) -> Context {
    match model.overlays.as_slice() {
        [below @ .., Overlay::Palette(_)] => context_of(below),
        all => context_of(all),
    }
}

fn offered(action: &Action, below: Context) -> bool {
    let here = action.contexts.contains(&below) || action.contexts.contains(&Context::Main);
    here && action.group != Group::Move && !matches!(action.act, Act::Palette | Act::Back | Act::Confirm)
}

fn of_action(model: &Model, now: &Now<'_>, action: &'static Action) -> Entry {
    Entry {
        id: action.id.into(),
        text: action.title.into(),
        detail: model.keymap.shown(action),
        refused: (action.when)(now).err().filter(|_| action.contexts.contains(&Context::Main)),
        goal: Goal::Action(action.id),
    }
}

fn of_region(entries: &mut Vec<Entry>, view: &RegionView) {
    let mut add = |tab: Tab, text: &str, id: &str, kind: &str| {
        entries.push(Entry {
            id: id.into(),
            text: text.into(),
            detail: format!("{kind}, {}", view.name),
            refused: None,
            goal: Goal::Row { tab, region: Some(view.name.clone()), id: id.into() },
        });
    };
    for task in view.tasks.value.iter().flatten() {
        add(Tab::Tasks, task.short_id(), &task.arn, "task");
    }
    for target in view.targets.value.iter().flatten() {
        let address = target.address();
        add(Tab::Targets, &address, &address, "target");
    }
    if let Some(cluster) = &view.cluster.value {
        add(Tab::Database, &cluster.id, &cluster.arn, "database cluster");
        for instance in &cluster.instances {
            add(Tab::Database, &instance.id, &format!("{}/{}", view.name, instance.id), "database instance");
        }
    }
    if let Some(table) = &view.table.value {
        add(Tab::Sessions, &table.name, &format!("replica/{}", view.name), "session table");
    }
}

fn of_dns(entries: &mut Vec<Entry>, snapshot: &Snapshot) {
    let mut add = |text: &str, id: String, detail: String| {
        entries.push(Entry {
            id: id.clone(),
            text: text.into(),
            detail,
            refused: None,
            goal: Goal::Row { tab: Tab::Dns, region: None, id },
        });
    };
    for (region, checks) in snapshot.checks.value.iter().flatten() {
        for check in checks.health.iter().chain(&checks.endpoint).chain(checks.switches.values()) {
            add(&check.id, format!("check/{region}/{}", check.id), format!("health check of {region}"));
        }
    }
}

/// The places of the entries that fit what was typed: the best first, or what was done last.
pub fn found(entries: &[Entry], typed: &str, history: &[String]) -> Vec<usize> {
    if !typed.trim().is_empty() {
        return best(typed, entries.iter().map(|entry| entry.text.as_str()));
    }
    let age = |entry: &Entry| history.iter().position(|id| *id == entry.id).unwrap_or(usize::MAX);
    let mut places: Vec<usize> = (0..entries.len()).collect();
    places.sort_by_key(|place| age(&entries[*place]));
    places
}
