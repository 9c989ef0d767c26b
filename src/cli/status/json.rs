//! For programs.

use super::Report;

pub fn render(report: &Report) -> String {
    serde_json::to_string_pretty(report).map_or_else(|e| format!("{{\"error\":\"{e}\"}}"), |text| text + "\n")
}
