//! The themes that come with the console. The first stands in for one that is not known.

macro_rules! themes {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../themes/", $name, ".toml")))),*]
    };
}

/// Names and texts, in the order of the picker.
pub(super) const BUILT_IN: &[(&str, &str)] = themes![
    "dark" "light" "high-contrast" "high-contrast-light" "colour-blind" "colour-blind-light" "mono" "ansi16"
    "catppuccin-latte" "catppuccin-mocha" "dracula" "gruvbox-dark" "gruvbox-light" "nord" "one-dark" "rose-pine"
    "solarized-dark" "solarized-light" "tokyo-night"
];
