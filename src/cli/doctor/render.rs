//! The report for people, and for programs.

use crate::deploy::doctor::report::{Group, Line, Report, State};
use crate::model::stack::Stack;
use serde_json::json;
use std::fmt::Write;

fn verdict(report: &Report) -> &'static str {
    match report.exit_code() {
        0 => "healthy",
        1 => "ill",
        _ => "unknown",
    }
}

pub fn json(report: &Report, stack: &Stack, world: &str) -> String {
    let document = json!({
        "stack": stack.name,
        "environment": stack.environment,
        "world": world,
        "verdict": verdict(report),
        "ills": report.count(State::Ill),
        "could_not_tell": report.count(State::Unknown),
        "lines": report.lines,
    });
    format!("{document:#}\n")
}

pub fn text(report: &Report, stack: &Stack, world: &str) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}/{} on {world}: {}", stack.name, stack.environment, words(report));
    for group in Group::ALL {
        let lines: Vec<&Line> =
            report.lines.iter().filter(|line| line.group == group && !merged(report, line)).collect();
        if lines.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n{}", group.title());
        for line in lines {
            let place = if line.region.is_empty() { String::new() } else { format!("{}: ", line.region) };
            let lead = if line.state == State::Unknown { "could not tell: " } else { "" };
            let _ = writeln!(out, "  {} {:<12} {place}{lead}{}", line.state.mark(), line.check, line.what);
            if let Some(todo) = &line.todo {
                let _ = writeln!(out, "    {:<12} → {todo}", "");
            }
        }
    }
    let silences = silences(report);
    if !silences.is_empty() {
        let _ = writeln!(out, "\nCould not tell");
        for (region, what, checks) in silences {
            let place = if region.is_empty() { "everywhere" } else { region };
            let _ = writeln!(out, "  {} {place}: {}: {what}", State::Unknown.mark(), checks.join(", "));
        }
    }
    out
}

fn words(report: &Report) -> String {
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let (ills, unknown) = (report.count(State::Ill), report.count(State::Unknown));
    let unknown_words = format!("{} could not be told", count(unknown, "thing", "things"));
    match (ills, unknown) {
        (0, 0) => "HEALTHY".into(),
        (0, _) => format!("COULD NOT TELL ({unknown_words})"),
        (_, 0) => format!("ILL ({})", count(ills, "ill", "ills")),
        _ => format!("ILL ({}; {unknown_words})", count(ills, "ill", "ills")),
    }
}

/// Whether the line is told with others that say the same of the same Region.
fn merged(report: &Report, line: &Line) -> bool {
    silences(report)
        .iter()
        .any(|(region, what, _)| line.state == State::Unknown && *region == line.region && *what == line.what)
}

/// What could not be told for one and the same reason by several checks: a Region that is silent is one line.
fn silences(report: &Report) -> Vec<(&str, &str, Vec<&str>)> {
    let mut found: Vec<(&str, &str, Vec<&str>)> = vec![];
    for line in report.lines.iter().filter(|line| line.state == State::Unknown) {
        match found.iter_mut().find(|(region, what, _)| *region == line.region && *what == line.what) {
            Some((_, _, checks)) if !checks.contains(&line.check) => checks.push(line.check),
            Some(_) => {}
            None => found.push((&line.region, &line.what, vec![line.check])),
        }
    }
    found.retain(|(_, _, checks)| checks.len() > 1);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::simulated;
    use crate::deploy::doctor::report::Finding;

    fn told(check: &'static str, tell: impl FnOnce(&mut Finding)) -> (Group, &'static str, Finding) {
        let mut finding = Finding::fine("all is well");
        tell(&mut finding);
        (Group::Stack, check, finding)
    }

    #[test]
    fn a_silent_region_is_one_line_and_an_ill_says_what_to_do() {
        let mut report = Report::default();
        for (group, check, finding) in [
            told("parity", |finding| finding.unknown("eu-west-1", "no answer")),
            told("ttl", |finding| finding.unknown("eu-west-1", "no answer")),
            told("scaling", |finding| finding.ill("us-east-1", "it is suspended", "resume it")),
            told("checks", |_| {}),
        ] {
            report.add(group, check, finding);
        }
        let said = text(&report, &simulated(), "simulator");
        let wanted = "shop/sim on simulator: ILL (1 ill; 2 things could not be told)\n\nStack\n  ✘ scaling      us-east-1: it is suspended\n                 → resume it\n  ✔ checks       all is well\n\nCould not tell\n  · eu-west-1: parity, ttl: no answer\n";
        assert_eq!(said, wanted);
        let document: serde_json::Value = serde_json::from_str(&json(&report, &simulated(), "aws")).unwrap();
        assert_eq!((&document["verdict"], &document["ills"]), (&json!("ill"), &json!(1)));
        assert_eq!(document["lines"][2]["todo"], "resume it");
    }
}
