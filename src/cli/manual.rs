//! The man page and the completions of shells, from the same tables as everything else.

use super::args::Arguments;
use crate::tui::actions::keymap::{EVERYWHERE, Keymap};
use crate::tui::actions::{ACTIONS, Group, docs};
use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use std::io;

/// The page `tandem(1)`: the command line, then the keys of the console.
///
/// # Errors
/// When it cannot be written.
pub fn page(out: &mut dyn io::Write) -> io::Result<()> {
    let man = Man::new(Arguments::command());
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    man.render_subcommands_section(out)?;
    keys().to_writer(out)?;
    files().to_writer(out)?;
    man.render_version_section(out)
}

fn keys() -> Roff {
    let (map, mut page) = (Keymap::default(), Roff::new());
    page.control("SH", ["KEYS"]);
    for group in Group::ALL {
        page.control("SS", [group.title()]);
        for action in ACTIONS.iter().filter(|action| action.group == group) {
            let keys: Vec<String> = map.chords(action).iter().map(ToString::to_string).collect();
            let place = docs::place(action).map(|place| format!(" ({place})")).unwrap_or_default();
            page.control("TP", []);
            page.text([bold(keys.join(", "))]);
            page.text([roman(format!("{}{place}. In the configuration: {}", action.title, action.id))]);
        }
    }
    page.control("SS", ["Everywhere"]);
    for (key, title) in EVERYWHERE {
        page.control("TP", []);
        page.text([bold(key.to_string())]);
        page.text([roman(title)]);
    }
    page
}

fn files() -> Roff {
    let mut page = Roff::new();
    page.control("SH", ["FILES"]);
    for (path, what) in [
        (
            "config.toml",
            "the configuration, here or in $XDG_CONFIG_HOME/tandem, or its text in $TANDEM_CONFIG; config.example.toml has every key",
        ),
        ("$XDG_CONFIG_HOME/tandem/themes/NAME.toml", "themes of your own"),
        ("$XDG_STATE_HOME/tandem/tandem.log", "the log"),
        ("$XDG_STATE_HOME/tandem/STACK-ENVIRONMENT.view.toml", "where you were on the screen"),
    ] {
        page.control("TP", []);
        page.text([bold(path)]);
        page.text([roman(what)]);
    }
    page
}

/// What a shell needs to complete a command line.
pub fn completions(shell: clap_complete::Shell, out: &mut dyn io::Write) {
    clap_complete::generate(shell, &mut Arguments::command(), "tandem", out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn the_page_has_every_verb_and_every_action() {
        let mut page = vec![];
        super::page(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap().replace("\\-", "-");
        for verb in Arguments::command().get_subcommands() {
            assert!(page.contains(&format!("tandem-{}", verb.get_name())), "{}", verb.get_name());
        }
        for action in ACTIONS {
            assert!(page.contains(&format!("In the configuration: {}", action.id)), "{}", action.id);
        }
    }

    #[test]
    fn every_shell_has_completions() {
        for shell in clap_complete::Shell::value_variants() {
            let mut text = vec![];
            completions(*shell, &mut text);
            assert!(String::from_utf8(text).unwrap().contains("endpoint-url"), "{shell}");
        }
    }
}
