//! What makes a theme fit to be read at three in the morning, by everyone: each rule with its number.

use super::contrast::{contrast, luminance};
use super::difference::difference;
use super::vision::Vision;
use super::{Depth, Kind, Role, Theme, Warning, role};
use ratatui::style::{Color, Modifier, Style};

/// WCAG 2.2, 1.4.3: text on the ground it stands on.
pub const TEXT_CONTRAST: f64 = 4.5;
/// WCAG 2.2, 1.4.11: what is drawn, such as borders and bars.
pub const DRAWN_CONTRAST: f64 = 3.0;
/// CIEDE2000 between two states: ten times what can just be told apart side by side.
pub const STATES_APART: f64 = 10.0;

/// States that must never be taken for one another.
const STATES: [Role; 4] = [Role::Ok, Role::Warn, Role::Bad, Role::Unknown];
/// What must stand out as a block of its own.
const BLOCKS: [Role; 5] = [Role::Selection, Role::FocusTitle, Role::Danger, Role::BadgeWrite, Role::Prod];

/// What is wrong with a theme, besides what was passed over when it was read.
pub fn check(theme: &Theme) -> Vec<Warning> {
    let mut found = Findings { theme, list: vec![] };
    resolved(&mut found);
    blocks(&mut found);
    match theme.kind {
        Kind::Dark | Kind::Light => {
            background(&mut found);
            contrasts(&mut found);
            states(&mut found);
            states_in_256_colours(&mut found);
        }
        Kind::Terminal | Kind::Mono => states_by_name(&mut found),
    }
    found.list
}

struct Findings<'a> {
    theme: &'a Theme,
    list: Vec<Warning>,
}

impl Findings<'_> {
    fn say(&mut self, role: Role, text: &str) {
        let text = format!("role {} {text}", role.name());
        let Theme { name, file, .. } = self.theme;
        self.list.push(Warning::new(name, file.as_deref(), self.theme.line(role), &text));
    }

    fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// What a role is drawn with and on, when both can be measured.
    fn pair(&self, role: Role) -> Option<([u8; 3], [u8; 3])> {
        let (style, base) = (self.style(role), self.style(Role::Background));
        Some((rgb(style.fg)?, rgb(style.bg.or(base.bg))?))
    }
}

fn rgb(colour: Option<Color>) -> Option<[u8; 3]> {
    match colour {
        Some(Color::Rgb(r, g, b)) => Some([r, g, b]),
        _ => None,
    }
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Every role has what its kind of theme may have.
fn resolved(found: &mut Findings<'_>) {
    for (role, ..) in role::ROLES {
        let style = found.style(*role);
        let colours = [style.fg, style.bg];
        match found.theme.kind {
            Kind::Dark | Kind::Light => {
                if style.fg.is_none() || (*role == Role::Background && style.bg.is_none()) {
                    found.say(*role, "is left to the terminal: give it a colour, or the theme another kind");
                } else if colours.iter().flatten().any(|colour| rgb(Some(*colour)).is_none()) {
                    found.say(*role, "has a colour by name, which looks different in every terminal: write #rrggbb");
                }
            }
            Kind::Terminal => {
                if colours.iter().any(|colour| rgb(*colour).is_some()) {
                    found.say(*role, "has a colour by number, but the theme's kind is terminal");
                }
            }
            Kind::Mono => {
                if colours.iter().any(Option::is_some) {
                    found.say(*role, "has a colour, but the theme's kind is mono");
                }
            }
        }
    }
}

fn blocks(found: &mut Findings<'_>) {
    let base = found.style(Role::Background);
    for role in BLOCKS {
        let style = found.style(role);
        let ground = style.bg.is_some() && style.bg != base.bg;
        if !ground && !style.add_modifier.contains(Modifier::REVERSED) {
            found.say(role, "must stand out: give it a background of its own, or reversed");
        }
    }
}

fn background(found: &mut Findings<'_>) {
    let Some(base) = rgb(found.style(Role::Background).bg) else { return };
    // The luminance that black and white contrast with alike.
    let light = luminance(base) > 0.179;
    if light != (found.theme.kind == Kind::Light) {
        let said = format!("is {}, but the theme's kind is {}", hex(base), found.theme.kind.word());
        found.say(Role::Background, &said);
    }
}

fn contrasts(found: &mut Findings<'_>) {
    for (role, ..) in role::ROLES {
        let Some((front, ground)) = found.pair(*role) else { continue };
        let least = if drawn(*role) { DRAWN_CONTRAST } else { TEXT_CONTRAST };
        let seen = contrast(front, ground);
        if seen < least {
            // Never rounded up to the limit.
            let seen = (seen * 100.0).floor() / 100.0;
            let said = format!("has contrast {seen:.2} ({} on {}), at least {least}", hex(front), hex(ground));
            found.say(*role, &said);
        }
    }
}

/// Drawn as lines and blocks only, never as letters.
fn drawn(role: Role) -> bool {
    use Role as R;
    matches!(
        role,
        R::Border | R::FocusBorder | R::ProdBorder | R::BarA | R::BarB | R::BarC | R::BarD | R::BarRest | R::Spark
    )
}

/// Each two of the states, the later one first: it is the one that is said to be too near.
fn pairs() -> impl Iterator<Item = (Role, Role)> {
    STATES.iter().enumerate().flat_map(|(place, one)| STATES[..place].iter().map(move |other| (*one, *other)))
}

fn states(found: &mut Findings<'_>) {
    for (one, other) in pairs() {
        let (style, against) = (found.style(one), found.style(other));
        let (Some(front), Some(back)) = (rgb(style.fg), rgb(against.fg)) else { continue };
        if style.add_modifier != against.add_modifier {
            continue;
        }
        let apart = Vision::ALL.map(|vision| (difference(vision.sees(front), vision.sees(back)), vision));
        let Some((least, vision)) = apart.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
        if least < STATES_APART {
            let seen = (least * 10.0).floor() / 10.0;
            let (other, vision) = (other.name(), vision.words());
            found
                .say(one, &format!("is {seen:.1} from {other} {vision}, at least {STATES_APART}, or another modifier"));
        }
    }
}

fn states_in_256_colours(found: &mut Findings<'_>) {
    let coarse = found.theme.at_depth(Depth::Indexed);
    let against_text = STATES.iter().map(|state| (*state, Role::Text));
    for (one, other) in pairs().chain(against_text) {
        if coarse.style(one).fg == coarse.style(other).fg {
            found.say(one, &format!("has the colour of {} in 256 colours", other.name()));
        }
    }
}

/// Colours that cannot be measured, or none: the styles must differ. A state may look like text where
/// there is no colour, for it has a symbol and a word.
fn states_by_name(found: &mut Findings<'_>) {
    for (one, other) in pairs() {
        if found.style(one) == found.style(other) {
            found.say(one, &format!("looks like {}", other.name()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::{Source, Themes};

    /// What the check finds in a theme of this text.
    fn found(text: &str) -> Vec<String> {
        let source = Source { name: "own".into(), text: text.into(), file: None };
        let themes = Themes::with(vec![source]);
        assert_eq!(themes.warnings, []);
        check(&themes.named("own")).iter().map(ToString::to_string).collect()
    }

    fn of_dark(roles: &str) -> Vec<String> {
        found(&format!("inherits = \"dark\"\n[roles]\n{roles}"))
    }

    #[test]
    fn a_theme_that_changes_nothing_passes() {
        assert_eq!(of_dark(""), Vec::<String>::new());
    }

    #[test]
    fn each_rule_bites() {
        for (roles, said) in [
            ("muted = \"#444444\"", "line 3: role muted has contrast 1.86 (#444444 on #12161d), at least 4.5"),
            ("border = \"#333333\"", "line 3: role border has contrast 1.43 (#333333 on #12161d), at least 3"),
            ("spark = \"#333333\"", "line 3: role spark has contrast 1.43"),
            ("danger = \"#ffffff on #ff7777 bold\"", "line 3: role danger has contrast 2.5"),
            ("key = \"cyan\"", "line 3: role key has a colour by name"),
            ("stale = \"italic\"", "line 3: role stale is left to the terminal"),
            ("background = \"#ccd4e0\"", "line 3: role background is left to the terminal"),
            ("background = \"#1d2530 on #fbfaf6\"", "line 3: role background is #fbfaf6, but the theme's kind is dark"),
            ("selection = \"bright bold\"", "line 3: role selection must stand out"),
            ("\"environment.prod\" = \"prod bold\"", "line 3: role environment.prod must stand out"),
            ("warn = \"#9be0a0\"", "line 3: role warn is 1.8 from ok in protanopia, at least 10, or another modifier"),
            ("unknown = \"#f0726c bold\"", "line 3: role unknown is "),
            ("unknown = \"#f0726c bold\"", "line 3: role unknown has the colour of bad in 256 colours"),
            ("ok = \"#cbd3df\"", "line 3: role ok has the colour of text in 256 colours"),
        ] {
            let found = of_dark(roles);
            let wanted = format!("theme own, {said}");
            assert!(found.iter().any(|one| one.starts_with(&wanted)), "{roles}: {wanted}: {found:#?}");
        }
    }

    #[test]
    fn each_eye_has_its_say() {
        // Pairs that all but one can tell apart, by 20 or more; both plain, so that colour alone counts.
        for (ok, warn, vision) in [
            ("#e93d8d", "#48bd95", "in deuteranopia"),
            ("#60b2b1", "#f4a0a8", "in protanopia"),
            ("#40ccf5", "#5ee95a", "in tritanopia"),
        ] {
            let found = of_dark(&format!("ok = \"{ok}\"\nwarn = \"{warn}\""));
            let said = |one: &String| one.contains("role warn is ") && one.contains(vision);
            assert!(found.iter().any(said), "{vision}: {found:#?}");
            let bold = of_dark(&format!("ok = \"{ok}\"\nwarn = \"{warn} underlined\""));
            assert!(!bold.iter().any(|one| one.contains("role warn is ")), "a modifier tells them apart: {bold:#?}");
        }
    }

    #[test]
    fn the_colour_blind_themes_need_no_modifiers() {
        for name in ["colour-blind", "colour-blind-light"] {
            let theme = Themes::built_in().named(name);
            for (one, other) in pairs() {
                let [one, other] = [one, other].map(|role| rgb(theme.style(role).fg).unwrap());
                for vision in Vision::ALL {
                    let apart = difference(vision.sees(one), vision.sees(other));
                    assert!(apart >= 15.0, "{name}: {} and {} {}: {apart:.1}", hex(one), hex(other), vision.words());
                }
            }
        }
    }

    #[test]
    fn high_contrast_is_seven_to_one() {
        for name in ["high-contrast", "high-contrast-light"] {
            let theme = Themes::built_in().named(name);
            let held = Findings { theme: &theme, list: vec![] };
            for (role, said, _) in role::ROLES.iter().filter(|(role, ..)| !drawn(*role)) {
                let (front, ground) = held.pair(*role).unwrap();
                assert!(contrast(front, ground) >= 7.0, "{name}: {said}");
            }
        }
    }

    #[test]
    fn themes_without_measured_colours_are_held_to_their_kind() {
        let mono = |roles: &str| found(&format!("inherits = \"mono\"\n[roles]\n{roles}"));
        assert_eq!(mono(""), Vec::<String>::new());
        assert_eq!(mono("ok = \"green\""), ["theme own, line 3: role ok has a colour, but the theme's kind is mono"]);
        assert_eq!(mono("bad = \"bold\""), ["theme own, line 3: role bad looks like warn"]);
        assert_eq!(mono("danger = \"bold\"").len(), 1);
        let terminal = found("inherits = \"ansi16\"\n[roles]\nok = \"#00ff00\"");
        assert_eq!(terminal, ["theme own, line 3: role ok has a colour by number, but the theme's kind is terminal"]);
    }
}
