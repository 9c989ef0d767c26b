//! A plan, for people and for programs.

use crate::deploy::hints::hint;
use crate::deploy::orphans::Orphans;
use crate::deploy::plan::{Action, Plan, Row, span};
use crate::model::call::Call;
use crate::model::deploy::Stray;
use crate::model::text::clean;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What is left over, with the lines that take it away, and what could not be asked for.
pub fn orphans(orphans: &Orphans) -> String {
    let mut lines = vec![];
    let width = orphans.found.iter().map(|one| one.region.len()).max().unwrap_or(0);
    for one in &orphans.found {
        let what = one.logical_id.as_deref().map(|id| format!("  ({})", clean(id))).unwrap_or_default();
        lines.push(format!("  ! orphan   {:<width$}  {} {}{what}", one.region, one.service, clean(&one.name)));
        lines.extend(one.remove.iter().map(|call| format!("      {}", clean(&call.cli()))));
    }
    if !orphans.found.is_empty() {
        lines.push(format!(
            "{} orphan(s): tagged as this stack's and no longer in its file. Nothing here takes them away; after an apply the lines above do, from the top, each when the one before is done.",
            orphans.found.len()
        ));
    }
    lines.extend(orphans.unseen.iter().map(|why| format!("  ? orphans were not looked for: {}", clean(why))));
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.join("\n")
}

/// A plan as text: what would be done, a line each, and what it comes to.
pub fn text(title: &str, plan: &Plan) -> String {
    let mut lines = vec![clean(title)];
    let width = plan.changes().map(|row| row.id.len()).max().unwrap_or(0);
    for row in plan.changes() {
        lines.extend(lines_of(row, width));
    }
    lines.extend(advice(plan));
    let unchanged = plan.count("unchanged");
    if unchanged > 0 {
        lines.push(format!("  = {unchanged} unchanged"));
    }
    lines.push(sum(plan));
    lines.push(String::new());
    lines.join("\n")
}

/// What to do about what could not be seen, once a Region.
fn advice(plan: &Plan) -> BTreeSet<String> {
    let of = |row: &Row| match &row.action {
        Action::Unknown(error) => hint(&error.to_string()).map(|hint| format!("  ! {}: {hint}", row.region)),
        _ => None,
    };
    plan.rows.iter().filter_map(of).collect()
}

fn lines_of(row: &Row, width: usize) -> Vec<String> {
    let (mark, word) = (row.action.sign(), row.action.word());
    let data = if row.holds_data { "  holds data" } else { "" };
    let takes = match row.action {
        Action::Create => format!("  about {}", span(row.expected)),
        _ => String::new(),
    };
    let mut lines = vec![format!("  {mark} {word:<8} {:<width$}  {} {}{takes}{data}", row.id, row.service, row.name)];
    lines.extend(row.said().iter().map(|line| format!("      {line}")));
    lines
}

fn sum(plan: &Plan) -> String {
    let counts: Vec<String> = ["create", "update", "later", "replace", "busy", "stuck", "unknown"]
        .into_iter()
        .map(|word| (word, plan.count(word)))
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    if counts.is_empty() {
        return "No changes: the stack is as its configuration says.".into();
    }
    let takes = if plan.expected.is_zero() { String::new() } else { format!(", about {}", span(plan.expected)) };
    format!("Plan {}: {}{takes}.", plan.hash(), counts.join(", "))
}

/// A plan as JSON.
pub fn json(plan: &Plan, orphans: &Orphans) -> Value {
    let orphan = |one: &Stray| {
        let remove: Vec<String> = one.remove.iter().map(Call::cli).collect();
        json!({
            "action": "orphan", "region": one.region, "service": one.service, "name": one.name,
            "logical_id": one.logical_id, "remove": remove,
        })
    };
    let row = |row: &Row| {
        let mut told = json!({
            "id": row.id, "region": row.region, "service": row.service, "name": row.name,
            "action": row.action.word(), "holds_data": row.holds_data, "expected_s": row.expected.as_secs(),
        });
        if !row.action.differences().is_empty() {
            told["differences"] = json!(row.action.differences());
        }
        if let Some(why) = row.action.why() {
            told["why"] = json!(why);
        }
        told
    };
    json!({
        "plan": plan.hash(),
        "changes": plan.changes().count(),
        "expected_s": plan.expected.as_secs(),
        "resources": plan.rows.iter().map(row).collect::<Vec<_>>(),
        "orphans": orphans.found.iter().map(orphan).collect::<Vec<_>>(),
        "orphans_unseen": orphans.unseen,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_orphan_has_the_lines_that_take_it_away() {
        let stray = |name: &str| Stray {
            region: "eu-central-1".into(),
            service: "rds",
            name: name.into(),
            logical_id: Some("db".into()),
            remove: vec![],
        };
        let delete = ("DeleteDBCluster", json!({ "DBClusterIdentifier": "shop-db", "SkipFinalSnapshot": true }));
        let left = Orphans {
            found: vec![stray("shop-db").removed_by([delete]), stray("a\u{1b}[2J")],
            unseen: vec!["eu-central-1 ecs: no answer".into()],
        };
        let said = orphans(&left);
        assert!(
            said.starts_with("  ! orphan   eu-central-1  rds shop-db  (db)\n      aws rds delete-db-cluster"),
            "{said}"
        );
        assert!(said.contains("--skip-final-snapshot\n") && !said.contains('\u{1b}'), "{said:?}");
        assert!(said.contains("2 orphan(s)") && said.ends_with("looked for: eu-central-1 ecs: no answer\n"), "{said}");
        assert_eq!(orphans(&Orphans::default()), "");
        let plan = Plan { rows: vec![], expected: Duration::ZERO, takes_away: Duration::ZERO };
        let told = json(&plan, &left);
        assert_eq!((&told["changes"], &told["orphans"][0]["action"]), (&json!(0), &json!("orphan")));
    }
}
