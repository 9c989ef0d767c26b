//! The table of actions as text: for the README, the man page and `tandem keys`.

use super::keymap::{EVERYWHERE, Keymap};
use super::{ACTIONS, Action, Context, Group};

/// Where an action is possible, when that is not on the panes.
pub fn place(action: &Action) -> Option<&'static str> {
    if action.contexts.contains(&Context::Main) || action.contexts.len() > 3 {
        return None;
    }
    action.contexts.first().map(|context| context.place())
}

fn keys(map: &Keymap, action: &Action) -> String {
    map.chords(action).iter().map(|chord| format!("`{chord}`")).collect::<Vec<_>>().join(" ")
}

fn title(action: &Action) -> String {
    place(action).map_or_else(|| action.title.to_string(), |place| format!("{} ({place})", action.title))
}

/// A table in Markdown, with the id that the configuration knows an action by.
pub fn markdown(map: &Keymap) -> String {
    let mut text = String::from("| key | what it does | `[keys]` |\n|---|---|---|\n");
    for group in Group::ALL {
        for action in ACTIONS.iter().filter(|action| action.group == group) {
            text.push_str(&format!("| {} | {} | `{}` |\n", keys(map, action), title(action), action.id));
        }
    }
    for (key, title) in EVERYWHERE {
        text.push_str(&format!("| `{key}` | {title} | |\n"));
    }
    text
}

/// Groups, each with its keys and what they do, in columns.
pub fn plain(map: &Keymap) -> String {
    let mut text = String::new();
    for group in Group::ALL {
        text.push_str(&format!("{}\n", group.title()));
        for action in ACTIONS.iter().filter(|action| action.group == group) {
            let keys: Vec<String> = map.chords(action).iter().map(ToString::to_string).collect();
            text.push_str(&format!("  {:<20} {:<18} {}\n", keys.join(", "), action.id, title(action)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_has_the_table() {
        let readme = include_str!("../../../README.md");
        let table = markdown(&Keymap::default());
        assert!(readme.contains(&table), "README's table of keys should be:\n{table}");
    }
}
