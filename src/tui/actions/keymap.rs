//! Which keys do what: the table's, unless the configuration says otherwise.

use super::{ACTIONS, Action, Context};
use crate::config::Binding;
use crate::tui::keys::{Chord, Code, Key};
use std::collections::BTreeMap;

/// Ctrl-C ends the console from wherever it is.
pub const INTERRUPT: Key = Key::ctrl('c');
/// Ctrl-Z stops it for a shell from wherever it is.
pub const SUSPEND: Key = Key::ctrl('z');
/// The keys that no configuration changes, and what they do.
pub const EVERYWHERE: [(Key, &str); 2] =
    [(INTERRUPT, "quit from wherever you are"), (SUSPEND, "give the terminal to the shell; fg comes back")];

/// A binding that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("[keys] {text}")]
pub struct Mistake {
    /// Of the binding.
    pub line: usize,
    pub text: String,
}

/// The chords of every action, in the order of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Keymap(Vec<Vec<Chord>>);

/// What keys mean that were pressed after one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The place of an action in the table.
    Action(usize),
    /// The beginning of something.
    Prefix,
    Nothing,
}

impl Default for Keymap {
    fn default() -> Self {
        Self(ACTIONS.iter().map(|action| action.keys.iter().filter_map(|keys| keys.parse().ok()).collect()).collect())
    }
}

impl Keymap {
    /// The table's keys, with those of the configuration in their place.
    ///
    /// # Errors
    /// Every binding that is not one: an unknown action, a key that there is not, keys that mean two things.
    pub fn with(bindings: &[Binding]) -> Result<Self, Vec<Mistake>> {
        let (mut map, mut mistakes, mut lines) = (Self::default(), vec![], BTreeMap::new());
        for binding in bindings {
            let mut wrong = |text: String| mistakes.push(Mistake { line: binding.line, text });
            let Some(place) = ACTIONS.iter().position(|action| action.id == binding.action) else {
                wrong(unknown(&binding.action));
                continue;
            };
            let mut chords = vec![];
            for keys in &binding.keys {
                match chord(keys, &ACTIONS[place]) {
                    Ok(chord) => chords.push(chord),
                    Err(why) => wrong(format!("{}: {why}", binding.action)),
                }
            }
            if binding.keys.is_empty() && ACTIONS[place].id != "quit" && !Self::reachable(&ACTIONS[place]) {
                wrong(format!("{}: it needs a key, nothing else leads to it", binding.action));
            }
            map.0[place] = chords;
            lines.insert(place, binding.line);
        }
        mistakes.extend(map.conflicts(&lines));
        if mistakes.is_empty() { Ok(map) } else { Err(mistakes) }
    }

    /// The actions that have other keys than usual, and which.
    pub fn changes(&self) -> Vec<(String, Vec<String>)> {
        let usual = Self::default();
        let changed = ACTIONS.iter().zip(&self.0).zip(&usual.0).filter(|((_, mine), usual)| mine != usual);
        let told = |chords: &Vec<Chord>| chords.iter().map(ToString::to_string).collect();
        changed.map(|((action, mine), _)| (action.id.to_string(), told(mine))).collect()
    }

    /// The usual keys with these changes; what cannot be, of another version of Tandem, is passed over.
    pub fn changed(changes: &[(String, Vec<String>)]) -> Self {
        let bindings: Vec<Binding> = changes
            .iter()
            .map(|(action, keys)| Binding { action: action.clone(), keys: keys.clone(), line: 0 })
            .collect();
        Self::with(&bindings).unwrap_or_default()
    }

    /// Whether the palette or a sign on the screen leads to it without a key.
    fn reachable(action: &Action) -> bool {
        action.contexts.contains(&Context::Main)
    }

    fn conflicts(&self, lines: &BTreeMap<usize, usize>) -> Vec<Mistake> {
        let mut mistakes = vec![];
        for (place, chords) in self.0.iter().enumerate() {
            for (other, others) in self.0.iter().enumerate().skip(place + 1) {
                let Some(context) = ACTIONS[place].contexts.iter().find(|one| ACTIONS[other].contexts.contains(one))
                else {
                    continue;
                };
                let clash = chords.iter().find_map(|a| others.iter().find(|b| a.clashes(b)).map(|b| (a, b)));
                let Some((a, b)) = clash else { continue };
                // the one that was written is the one to change
                let (mine, theirs, key) =
                    if lines.contains_key(&other) { (other, place, b) } else { (place, other, a) };
                let whose = match lines.get(&theirs) {
                    Some(line) => format!("line {line} gives it to {}", ACTIONS[theirs].id),
                    None => format!("it is {}'s key: give that another one as well", ACTIONS[theirs].id),
                };
                mistakes.push(Mistake {
                    line: lines.get(&mine).copied().unwrap_or_default(),
                    text: format!("{}: `{key}` means two things {}: {whose}", ACTIONS[mine].id, context.place()),
                });
            }
        }
        mistakes
    }

    /// The chords of an action, the one that is shown first.
    pub fn chords(&self, action: &Action) -> &[Chord] {
        let place = ACTIONS.iter().position(|one| one.id == action.id);
        place.and_then(|place| self.0.get(place)).map_or(&[], Vec::as_slice)
    }

    /// The key that is shown for an action; the shortest for a screen that has little room.
    pub fn shown(&self, action: &Action) -> String {
        self.chords(action).first().map(ToString::to_string).unwrap_or_default()
    }

    pub fn meaning(&self, context: Context, pressed: &[Key]) -> Meaning {
        let mut prefix = false;
        let here = ACTIONS.iter().enumerate().filter(|(_, action)| action.contexts.contains(&context));
        for (place, _) in here {
            for chord in &self.0[place] {
                if chord.0 == pressed {
                    return Meaning::Action(place);
                }
                prefix |= chord.0.starts_with(pressed);
            }
        }
        if prefix { Meaning::Prefix } else { Meaning::Nothing }
    }

    /// The action that one key means here.
    pub fn action(&self, context: Context, key: Key) -> Option<&'static Action> {
        match self.meaning(context, &[key]) {
            Meaning::Action(place) => ACTIONS.get(place),
            Meaning::Prefix | Meaning::Nothing => None,
        }
    }

    /// What may follow the keys that were pressed.
    pub fn after(&self, context: Context, pressed: &[Key]) -> Vec<(Chord, &'static Action)> {
        let here = ACTIONS.iter().zip(&self.0).filter(|(action, _)| action.contexts.contains(&context));
        let chords = here.flat_map(|(action, chords)| chords.iter().map(move |chord| (chord, action)));
        let longer = chords.filter(|(chord, _)| chord.0.len() > pressed.len() && chord.0.starts_with(pressed));
        longer.map(|(chord, action)| (Chord(chord.0[pressed.len()..].to_vec()), action)).collect()
    }
}

fn unknown(id: &str) -> String {
    let ids: Vec<&str> = ACTIONS.iter().map(|action| action.id).collect();
    match crate::model::text::nearest(id, &ids) {
        Some(near) => format!("there is no action `{id}`: did you mean `{near}`?"),
        None => format!("there is no action `{id}`: `tandem keys` lists them"),
    }
}

fn chord(keys: &str, action: &Action) -> Result<Chord, String> {
    let chord: Chord = keys.parse().map_err(|why| format!("{why}"))?;
    if chord.0.contains(&INTERRUPT) {
        return Err("ctrl-c always quits".into());
    }
    if chord.0.contains(&SUSPEND) {
        return Err("ctrl-z always gives the terminal to the shell".into());
    }
    let typing = action.contexts.iter().find(|context| context.typing());
    let letter = |key: &Key| key.typed().is_some() || matches!(key.code, Code::Backspace | Code::Delete);
    match typing {
        Some(_) if chord.0.len() > 1 => Err(format!("`{keys}`: one key, for the others would be typed")),
        Some(context) if chord.0.iter().any(letter) && !calm(action) => {
            Err(format!("`{keys}` is text {}: use a key like enter or ctrl-y", context.place()))
        }
        _ => Ok(chord),
    }
}

/// Letters move lists, and are text only where the list has a filter: there the other keys work.
fn calm(action: &Action) -> bool {
    action.contexts.iter().any(|context| !context.typing())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn bound(lines: &[(&str, &[&str])]) -> Result<Keymap, Vec<String>> {
        let bindings: Vec<Binding> = lines
            .iter()
            .enumerate()
            .map(|(place, (action, keys))| Binding {
                action: (*action).into(),
                keys: keys.iter().map(ToString::to_string).collect(),
                line: place + 10,
            })
            .collect();
        Keymap::with(&bindings).map_err(|all| all.into_iter().map(|one| format!("{}: {one}", one.line)).collect())
    }

    #[test]
    fn every_action_has_a_key_and_no_key_means_two_things() {
        let ids: BTreeSet<&str> = ACTIONS.iter().map(|action| action.id).collect();
        assert_eq!(ids.len(), ACTIONS.len());
        let map = bound(&[]).unwrap();
        for action in ACTIONS {
            assert_eq!(map.chords(action).len(), action.keys.len(), "{}: a key cannot be read", action.id);
            assert!(!action.keys.is_empty() && !action.contexts.is_empty(), "{}", action.id);
            assert!(!action.hint || !action.short.is_empty(), "{}", action.id);
        }
    }

    #[test]
    fn a_binding_takes_the_place_of_the_usual_keys() {
        let map = bound(&[("drain", &["D", "space x"])]).unwrap();
        assert_eq!(map.action(Context::Main, Key::char('D')).unwrap().id, "drain");
        assert_eq!(map.meaning(Context::Main, &[Key::char('d')]), Meaning::Nothing);
        assert_eq!(map.meaning(Context::Main, &[Key::char(' ')]), Meaning::Prefix);
        let after = map.after(Context::Main, &[Key::char(' ')]);
        assert!(after.iter().any(|(chord, action)| chord.to_string() == "x" && action.id == "drain"));
    }

    #[test]
    fn mistakes_say_what_and_where() {
        for (lines, wanted) in [
            (&[("drian", &["D"][..])][..], "10: [keys] there is no action `drian`: did you mean `drain`?"),
            (
                &[("drain", &["hyper-x"])],
                "10: [keys] drain: `hyper-x` is no key: use one like d, ctrl-d, enter or space d",
            ),
            (
                &[("drain", &["e"])],
                "10: [keys] drain: `e` means two things on the panes: it is evacuate's key: give that another one as well",
            ),
            (
                &[("drain", &["x"]), ("restore", &["x"])],
                "11: [keys] restore: `x` means two things on the panes: line 10 gives it to drain",
            ),
            (
                &[("drain", &["space"])],
                "10: [keys] drain: `space` means two things on the panes: it is operations's key: give that another one as well",
            ),
            (&[("quit", &["ctrl-c"])], "10: [keys] quit: ctrl-c always quits"),
            (&[("confirm", &["y"])], "10: [keys] confirm: `y` is text in a plan: use a key like enter or ctrl-y"),
            (&[("fault.end", &[])], "10: [keys] fault.end: it needs a key, nothing else leads to it"),
        ] {
            assert_eq!(bound(lines).unwrap_err()[0], wanted);
        }
    }
}
