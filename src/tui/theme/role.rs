//! What a style means. Views ask for a role, never for a colour.

/// A meaning that a theme gives a style. A role that a theme leaves out takes the style of its fallback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Background,
    Text,
    Muted,
    Title,
    Border,
    FocusBorder,
    FocusTitle,
    Selection,
    Accent,
    Key,
    Ok,
    Warn,
    Bad,
    Unknown,
    /// A value that is no longer current.
    Stale,
    Danger,
    BadgeWrite,
    BadgeRead,
    BadgeSimulated,
    /// The name of an environment that users live in.
    Prod,
    /// What has the keys, there.
    ProdBorder,
    /// The name of any other environment.
    OtherEnvironment,
    BarA,
    BarB,
    BarC,
    BarD,
    BarRest,
    Spark,
}

use Role as R;

/// Every role, its name in a theme file, and the role that stands in for it.
pub const ROLES: &[(Role, &str, Option<Role>)] = &[
    (R::Background, "background", None),
    (R::Text, "text", None),
    (R::Muted, "muted", Some(R::Text)),
    (R::Title, "title", Some(R::Text)),
    (R::Border, "border", Some(R::Muted)),
    (R::FocusBorder, "focus.border", Some(R::Accent)),
    (R::FocusTitle, "focus.title", Some(R::Selection)),
    (R::Selection, "selection", Some(R::Title)),
    (R::Accent, "accent", Some(R::Title)),
    (R::Key, "key", Some(R::Accent)),
    (R::Ok, "ok", Some(R::Text)),
    (R::Warn, "warn", Some(R::Text)),
    (R::Bad, "bad", Some(R::Warn)),
    (R::Unknown, "unknown", Some(R::Warn)),
    (R::Stale, "stale", Some(R::Muted)),
    (R::Danger, "danger", Some(R::Bad)),
    (R::BadgeWrite, "badge.write", Some(R::Danger)),
    (R::BadgeRead, "badge.read", Some(R::Muted)),
    (R::BadgeSimulated, "badge.simulated", Some(R::Accent)),
    (R::Prod, "environment.prod", Some(R::Danger)),
    (R::ProdBorder, "environment.prod.border", Some(R::FocusBorder)),
    (R::OtherEnvironment, "environment.other", Some(R::Title)),
    (R::BarA, "bar.a", Some(R::Accent)),
    (R::BarB, "bar.b", Some(R::BarA)),
    (R::BarC, "bar.c", Some(R::BarA)),
    (R::BarD, "bar.d", Some(R::BarB)),
    (R::BarRest, "bar.rest", Some(R::Border)),
    (R::Spark, "spark", Some(R::BarA)),
];

impl Role {
    /// The role with this name in a theme file.
    pub fn named(name: &str) -> Option<Self> {
        ROLES.iter().find(|(_, known, _)| *known == name).map(|(role, ..)| *role)
    }

    /// The role whose style it takes when it has none of its own.
    pub fn fallback(self) -> Option<Self> {
        ROLES.iter().find(|(role, ..)| *role == self).and_then(|(.., fallback)| *fallback)
    }

    /// The role's name in a theme file.
    pub fn name(self) -> &'static str {
        ROLES.iter().find(|(role, ..)| *role == self).map_or("", |(_, name, _)| name)
    }

    /// The role of an environment's name.
    pub fn environment(name: &str) -> Self {
        if in_production(name) { R::Prod } else { R::OtherEnvironment }
    }

    /// The border of what has the keys, in this environment.
    pub fn focus(environment: &str) -> Self {
        if in_production(environment) { R::ProdBorder } else { R::FocusBorder }
    }

    /// The bar of the Region in this column.
    pub fn bar(column: usize) -> Self {
        [R::BarA, R::BarB, R::BarC, R::BarD][column % 4]
    }
}

/// Whether users live there.
fn in_production(environment: &str) -> bool {
    ["prod", "production"].iter().any(|name| environment.eq_ignore_ascii_case(name))
}
