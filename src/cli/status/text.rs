//! For people in a shell.

use super::Report;
use super::report::RegionReport;
use super::stateful;
use std::fmt::Write;

pub fn render(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{}/{} on {}: {} ({} of {} Regions serve)  {:.0}",
        report.stack,
        report.environment,
        report.world,
        report.verdict.to_uppercase(),
        report.serving_regions,
        report.regions.len(),
        report.at
    );
    for region in &report.regions {
        let _ = writeln!(out, "\n{} {:<16} {}", region.symbol, region.name, region.verdict);
        for (name, what, age) in lines(region) {
            let _ = writeln!(out, "    {name:<8} {what:<46} {age}");
        }
    }
    if let Some(database) = &report.database {
        let _ = writeln!(out, "\nDatabase");
        for (what, age) in database.lines() {
            let _ = writeln!(out, "    {what:<55} {age}");
        }
    }
    if let Some(users) = &report.users {
        let places: Vec<String> = users.places.iter().map(|(region, n)| format!("{region} {n}")).collect();
        let _ =
            writeln!(out, "\nUsers: {}/{} places answered; sent to {}", users.answered, users.tried, places.join(", "));
    }
    out
}

/// What steers users: where it is known that something is not there, that is said.
fn dns(region: &RegionReport, switches: &[String]) -> String {
    let switch = match switches {
        [] if region.switches_told => "no switch".into(),
        [] => "no switch seen".into(),
        some => format!("switch {}", some.join(", ")),
    };
    match (region.dial.value, &region.straight) {
        (Some(dial), _) => format!("dial {dial}, {switch}"),
        (None, Some(way)) => format!("{way}, no dial, {switch}"),
        (None, None) if region.dial.state == "fresh" => format!("no dial, {switch}"),
        (None, None) => "-".into(),
    }
}

/// Name, content and age of each part.
pub fn lines(region: &RegionReport) -> Vec<(&'static str, String, String)> {
    let unknown = || "-".to_string();
    let number = |n: Option<f64>, unit: &str, digits: usize| n.map_or_else(unknown, |n| format!("{n:.digits$}{unit}"));
    let tasks = region.tasks.value.as_ref();
    let targets = region.targets.value.as_ref();
    let traffic = region.traffic.value.as_ref();
    let switches: Vec<String> = region.switches.iter().map(|(peer, word)| format!("{word} at {peer}")).collect();
    let mut lines = vec![
        (
            "Tasks",
            tasks.map_or_else(unknown, |t| format!("{}/{} running, {} pending", t.running, t.desired, t.pending)),
            region.tasks.age_words(),
        ),
        (
            "ALB",
            targets.map_or_else(unknown, |t| format!("{}/{} targets healthy", t.healthy, t.registered)),
            region.targets.age_words(),
        ),
        (
            "Traffic",
            traffic.map_or_else(unknown, |t| {
                format!(
                    "{}, 5xx {}, p99 {}",
                    number(t.requests_per_s, " rps", 0),
                    number(t.error_share.map(|share| share * 100.0), " %", 2),
                    number(t.p99_ms, " ms", 0)
                )
            }),
            region.traffic.age_words(),
        ),
        ("DNS", dns(region, &switches), region.dial.age_words()),
    ];
    if let Some(member) = &region.database {
        let (what, age) = stateful::member_line(member, region.lag.as_ref());
        lines.push(("Aurora", what, age));
    }
    if let Some(table) = &region.sessions {
        let (what, age) = stateful::sessions_line(table, &region.arriving);
        lines.push(("Sessions", what, age));
    }
    lines
}
