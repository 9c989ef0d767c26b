//! For tickets.

use super::{Report, text};
use std::fmt::Write;

pub fn render(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "## {}/{}: {}\n", cell(&report.stack), cell(&report.environment), report.verdict);
    let _ = writeln!(
        out,
        "{} of {} Regions serve, seen at {:.0} on {}.\n",
        report.serving_regions,
        report.regions.len(),
        report.at,
        cell(&report.world)
    );
    let _ = writeln!(out, "| Region | Verdict | Part | Seen | Age |\n|---|---|---|---|---|");
    for region in &report.regions {
        for (name, what, age) in text::lines(region) {
            let _ = writeln!(
                out,
                "| {} | {} {} | {name} | {} | {} |",
                cell(&region.name),
                region.symbol,
                region.verdict,
                cell(&what),
                cell(&age)
            );
        }
    }
    if let Some(database) = &report.database {
        let _ = writeln!(out);
        for (what, age) in database.lines() {
            let _ = writeln!(out, "- Database: {} ({})", cell(&what), cell(&age));
        }
    }
    if let Some(users) = &report.users {
        let _ = writeln!(out, "\nUsers: {}/{} places answered.", users.answered, users.tried);
    }
    out
}

/// Text that cannot end its cell.
fn cell(text: &str) -> String {
    text.replace('\\', r"\\").replace('|', r"\|").replace('<', "&lt;").replace('`', r"\`")
}
