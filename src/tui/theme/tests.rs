use super::*;
use crate::host::Disk;
use ratatui::style::Color;
use std::path::Path;

fn own(files: &[(&str, &str)]) -> Vec<Source> {
    let source = |(name, text): &(&str, &str)| Source { name: (*name).into(), text: (*text).into(), file: None };
    files.iter().map(source).collect()
}

#[test]
fn the_built_in_themes_are_sound_and_can_be_read() {
    let themes = Themes::built_in();
    assert_eq!(themes.warnings, []);
    for theme in themes.list() {
        assert_eq!(check::check(theme), [], "{}", theme.name);
        assert!(!theme.about.is_empty(), "{}", theme.name);
    }
    assert!(themes.list().len() >= 12);
}

#[test]
fn the_light_theme_takes_the_roles_of_dark_with_its_own_palette() {
    let themes = Themes::built_in();
    let (dark, light) = (themes.named("dark"), themes.named("light"));
    assert_ne!(dark.style(Role::Ok).fg, light.style(Role::Ok).fg);
    assert_eq!(dark.style(Role::Danger).add_modifier, light.style(Role::Danger).add_modifier);
}

#[test]
fn a_bad_theme_is_warned_of_by_line_and_the_rest_counts() {
    let text = "inherits = \"dark\"\n[palette]\nbase = \"#12\"\n[roles]\nok = \"gren\"\nwarn = \"#fff bold\"\nsmell = \"red\"\n";
    let themes = Themes::with(own(&[("own", text)]));
    let seen: Vec<String> = themes.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        seen,
        [
            "theme own, line 3: `base` is no colour like \"#1a2b3c\"",
            "theme own, line 7: unknown role `smell`",
            "theme own, line 5: `gren` is neither in the palette nor a colour nor a modifier",
        ]
    );
    let own = themes.named("own");
    assert_eq!(own.style(Role::Warn).fg, Some(Color::Rgb(255, 255, 255)));
    assert_eq!(own.style(Role::Muted), themes.named("dark").style(Role::Muted));
}

#[test]
fn text_that_is_no_toml_or_goes_round_in_circles_still_gives_a_theme() {
    let files = [
        ("broken", "[palette\n"),
        ("nord", "kind = 3"),
        ("round", "inherits = \"about\""),
        ("about", "# back\ninherits = \"round\""),
        ("lost", "inherits = \"drak\"\nkind = \"dusk\""),
    ];
    let themes = Themes::with(own(&files));
    let seen: Vec<String> = themes.warnings.iter().map(ToString::to_string).collect();
    for (line, text) in [
        ("theme broken, line 1: ", "unclosed table"),
        ("theme nord, line 1: ", "expected a string"),
        ("theme lost, line 2: ", "kind `dusk` is none of dark, light, terminal, mono"),
        ("theme about, line 2: ", "cannot inherit from `round`: that goes round in circles"),
        ("theme round, line 1: ", "cannot inherit from `about`: that goes round in circles"),
        ("theme lost, line 1: ", "cannot inherit from `drak`: there is no such theme"),
    ] {
        assert!(seen.iter().any(|one| one.starts_with(line) && one.contains(text)), "{line}{text}: {seen:#?}");
    }
    assert_eq!(seen.len(), 6, "{seen:#?}");
    let dark = themes.named("dark");
    assert_eq!(themes.named("broken").style(Role::Ok), dark.style(Role::Ok), "it looks like the first");
    assert_eq!(themes.named("nord"), Themes::built_in().named("nord"), "it replaces nothing");
    assert_eq!(themes.named("no such").name, "dark");
}

#[test]
fn a_theme_of_the_users_replaces_a_built_in_one_and_may_inherit_from_it() {
    let themes = Themes::with(own(&[("dark", "inherits = \"dark\"\n[palette]\ngreen = \"#00ff00\"")]));
    assert_eq!(themes.warnings, []);
    assert_eq!(themes.names(), Themes::built_in().names());
    assert_eq!(themes.named("dark").style(Role::Ok).fg, Some(Color::Rgb(0, 255, 0)));
    assert_eq!(themes.named("dark").style(Role::Bad), Themes::built_in().named("dark").style(Role::Bad));
    let poor = Themes::with(own(&[("dark", "[roles]\ntext = \"#fff\"")]));
    assert_eq!(poor.named("nord"), Themes::built_in().named("nord"), "others are not touched");
}

/// A folder with these files; what is `None` cannot be read.
struct Folder(&'static [(&'static str, Option<&'static str>)]);

impl Disk for Folder {
    fn read(&self, path: &Path) -> std::io::Result<String> {
        let found = self.0.iter().find(|(name, _)| Path::new("/themes").join(name) == path);
        found.and_then(|(_, text)| *text).map(Into::into).ok_or(std::io::ErrorKind::InvalidData.into())
    }

    fn list(&self, folder: &Path) -> std::io::Result<Vec<std::path::PathBuf>> {
        Ok(self.0.iter().map(|(name, _)| folder.join(name)).collect())
    }
}

#[test]
fn the_users_folder_is_read_and_what_is_wrong_in_it_names_its_file() {
    let folder = Folder(&[
        ("sea.toml", Some("inherits = \"nord\"\n[roles]\nok = \"\\u001b[31m\"")),
        ("blob.toml", None),
        ("README.md", None),
    ]);
    let themes = Themes::of(&folder, Path::new("/themes"));
    let seen: Vec<String> = themes.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(seen[0].starts_with("theme blob (/themes/blob.toml), line 1: cannot be read"), "{seen:?}");
    assert!(seen[1].starts_with("theme sea (/themes/sea.toml), line 3: `"), "{seen:?}");
    assert!(!seen[1].contains('\u{1b}'), "{seen:?}");
    assert_eq!(themes.named("sea").style(Role::Bad), themes.named("nord").style(Role::Bad));
    assert_eq!(Themes::of(&crate::host::disk::RealDisk, Path::new("/no/such/folder")), Themes::built_in());
}

#[test]
fn a_missing_role_takes_its_fallback() {
    let themes = Themes::with(own(&[("bare", "[roles]\naccent = \"#0a0b0c\"")]));
    assert_eq!(themes.named("bare").style(Role::BarD).fg, Some(Color::Rgb(10, 11, 12)));
}

#[test]
fn without_colour_modifiers_stay_and_backgrounds_are_reversed() {
    let dark = Themes::built_in().named("dark").at_depth(Depth::None);
    for (role, ..) in role::ROLES {
        assert_eq!((dark.style(*role).fg, dark.style(*role).bg), (None, None));
    }
    assert!(dark.style(Role::Selection).add_modifier.contains(Modifier::REVERSED | Modifier::BOLD));
    assert!(dark.style(Role::Bad).add_modifier.contains(Modifier::BOLD));
    assert!(!dark.style(Role::Background).add_modifier.contains(Modifier::REVERSED));
}

#[test]
fn production_has_a_look_of_its_own_in_every_theme() {
    assert_eq!((Role::environment("prod"), Role::environment("Production")), (Role::Prod, Role::Prod));
    assert_eq!((Role::environment("staging"), Role::focus("staging")), (Role::OtherEnvironment, Role::FocusBorder));
    for theme in Themes::built_in().list() {
        assert_ne!(theme.style(Role::Prod), theme.style(Role::OtherEnvironment), "{}", theme.name);
    }
}

#[test]
fn the_docs_name_every_theme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let themes = Themes::built_in();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let (_, section) = readme.split_once("## Themes").unwrap();
    let rows: Vec<&str> = section.lines().skip_while(|line| !line.starts_with("|---")).skip(1).collect();
    let rows: Vec<&str> = rows.into_iter().take_while(|line| line.starts_with('|')).collect();
    let wanted: Vec<String> = themes
        .list()
        .iter()
        .map(|Theme { name, kind, about, .. }| format!("| `{name}` | {} | {about} |", kind.word()))
        .collect();
    assert_eq!(rows, wanted);
    let example = std::fs::read_to_string(root.join("config.example.toml")).unwrap();
    let (_, section) = example.split_once("[ui]").unwrap();
    let named: Vec<&str> =
        section.lines().filter_map(|line| line.strip_prefix("#   ")).flat_map(|line| line.split(", ")).collect();
    assert_eq!(named.iter().map(|name| name.trim_end_matches(',')).collect::<Vec<_>>(), themes.names());
}
