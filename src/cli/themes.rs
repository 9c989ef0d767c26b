//! `tandem themes`: which there are and where each comes from, and whether they can be read.

use super::args::{ThemesArguments, ThemesVerb};
use crate::host::disk::RealDisk;
use crate::model::text::clean;
use crate::tui::theme::check::check;
use crate::tui::theme::{Theme, Themes, folder};
use etcetera::BaseStrategy;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What a run of the verb says and exits with.
pub struct Said {
    pub text: String,
    pub sound: bool,
}

/// A name that no theme has.
#[derive(Debug, thiserror::Error)]
#[error("no theme is called {name}: there are {there}")]
pub struct UnknownTheme {
    name: String,
    there: String,
}

/// The user's folder of themes, if there is a home for it.
pub fn home() -> Option<PathBuf> {
    etcetera::choose_base_strategy().ok().map(|strategy| strategy.config_dir().join("tandem").join("themes"))
}

/// The built-in themes and the user's.
pub fn all(home: Option<&Path>) -> Themes {
    home.map_or_else(Themes::built_in, |folder| Themes::of(&RealDisk, folder))
}

/// # Errors
/// When a theme to check is not known.
pub fn run(arguments: &ThemesArguments, home: Option<&Path>) -> Result<Said, UnknownTheme> {
    match &arguments.verb {
        None => Ok(list(&all(home))),
        Some(ThemesVerb::Check { which }) => examine(which, home),
    }
}

fn list(themes: &Themes) -> Said {
    let mut text = String::new();
    let width = themes.list().iter().map(|theme| theme.name.chars().count()).max().unwrap_or(0);
    for Theme { name, kind, about, file, .. } in themes.list() {
        let from = file.as_ref().map_or_else(|| "built in".into(), |file| clean(&file.display().to_string()));
        let about = if about.is_empty() { String::new() } else { format!("  {about}") };
        let _ = writeln!(text, "{name:<width$}  {:<8}  {from}{about}", kind.word());
    }
    for warning in &themes.warnings {
        let _ = writeln!(text, "{warning}");
    }
    Said { text, sound: true }
}

/// Checks these themes and files, or all there are.
fn examine(which: &[String], home: Option<&Path>) -> Result<Said, UnknownTheme> {
    let is_file = |word: &str| word.contains(std::path::MAIN_SEPARATOR) || word.ends_with(".toml");
    let (mut own, mut warnings) = home.map_or_else(Default::default, |home| folder::read(&RealDisk, home));
    let (mut names, mut unread) = (vec![], vec![]);
    for word in which {
        if !is_file(word) {
            names.push(word.clone());
            continue;
        }
        match folder::file(&RealDisk, Path::new(word)) {
            Ok(source) => {
                names.push(source.name.clone());
                own.push(source);
            }
            Err(warning) => unread.push(warning),
        }
    }
    let themes = Themes::with(own);
    let there = || themes.names().join(", ");
    if let Some(name) = names.iter().find(|name| themes.find(name).is_none()) {
        return Err(UnknownTheme { name: clean(name), there: there() });
    }
    let asked = |name: &str| which.is_empty() || names.iter().any(|one| one == name);
    warnings.extend(themes.warnings.iter().cloned());
    warnings.retain(|warning| asked(&warning.theme));
    warnings.extend(unread);
    let mut checked = 0;
    for theme in themes.list().iter().filter(|theme| asked(&theme.name)) {
        warnings.extend(check(theme));
        checked += 1;
    }
    let mut text = String::new();
    for warning in &warnings {
        let _ = writeln!(text, "{warning}");
    }
    let _ = match warnings.len() {
        0 => writeln!(text, "{checked} themes checked: all can be read"),
        found => writeln!(text, "{checked} themes checked: {found} findings"),
    };
    Ok(Said { text, sound: warnings.is_empty() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_these(which: &[&str], home: Option<&Path>) -> Result<Said, UnknownTheme> {
        let which = which.iter().map(ToString::to_string).collect();
        run(&ThemesArguments { verb: Some(ThemesVerb::Check { which }) }, home)
    }

    fn folder_of(test: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("tandem-themes-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn the_built_in_themes_pass() {
        let said = check_these(&[], None).unwrap();
        assert!(said.sound, "{}", said.text);
        assert!(check_these(&["nord", "mono"], None).unwrap().text.starts_with("2 themes checked"));
    }

    #[test]
    fn a_theme_of_the_users_is_listed_and_checked_by_name_and_by_file() {
        let grey = "inherits = \"dark\"\n[palette]\nsoft = \"#444444\"\n";
        let folder = folder_of("own", &[("grey.toml", grey), ("notes.txt", "no theme")]);
        let listed = run(&ThemesArguments { verb: None }, Some(&folder)).unwrap().text;
        let file = folder.join("grey.toml").display().to_string();
        assert!(listed.lines().any(|line| line.starts_with("grey ") && line.contains(&file)), "{listed}");
        assert!(listed.contains("nord") && !listed.contains("notes"), "{listed}");
        for (word, home) in [("grey", Some(folder.as_path())), (file.as_str(), None)] {
            let said = check_these(&[word], home).unwrap();
            assert!(!said.sound);
            let wanted =
                format!("theme grey ({file}), line 3: role muted has contrast 1.86 (#444444 on #12161d), at least 4.5");
            assert!(said.text.contains(&wanted), "{}", said.text);
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_not_there_is_said() {
        let error = check_these(&["nrod"], None).err().unwrap().to_string();
        assert!(error.starts_with("no theme is called nrod: there are dark, light"), "{error}");
        let said = check_these(&["./no/such.toml"], None).unwrap();
        assert!(
            !said.sound && said.text.contains("theme such (./no/such.toml), line 1: cannot be read"),
            "{}",
            said.text
        );
    }
}
