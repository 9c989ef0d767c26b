//! `tandem adopt`: what somebody else built is looked at and, if it is wished, tagged as the stack's.

use super::apply::{confirm, print};
use super::open::{self, account, journal_of};
use super::{CHANGES, DeployError, FAILED, NO_CHANGES};
use crate::cli::args::{AdoptArguments, WorldArguments};
use crate::cli::world::{self, BeginError};
use crate::deploy::adopt::{Row, State, Survey, item, look, run};
use crate::deploy::given::{LOGICAL_ID, STACK};
use crate::model::text::clean;
use crate::stage::StagePlace;
use serde_json::{Value, json};

/// Looks, says what it found, and tags unless only a check is asked for.
///
/// # Errors
/// When nothing is named, the world cannot be opened, or nothing may be changed.
pub async fn adopt(world: &WorldArguments, arguments: &AdoptArguments) -> Result<u8, DeployError> {
    let configured = world::configuration(world).map_err(BeginError::from)?;
    if configured.config.stack.resources.is_empty() {
        return Err(DeployError::NothingNamed);
    }
    let stage = world::stage(&configured, world, false).await.map_err(BeginError::from)?;
    let spec = configured.config.spec;
    account(&stage, &spec.stack.regions).await?;
    let survey = look::survey(&stage.aws, &spec).await;
    let title = open::title(&spec, &stage);
    let unnamed = item::unnamed(&spec.stack);
    match arguments.json {
        true => print(&format!("{:#}\n", as_json(&survey, &spec.stack.name, &unnamed))),
        false => print(&text(&title, &spec.stack.name, &survey, &unnamed)),
    }
    let todo = survey.calls().count();
    if arguments.check {
        return Ok(code(&survey));
    }
    if !survey.whole() {
        eprintln!("Nothing was tagged: see to what is marked with ! first.");
        return Ok(FAILED);
    }
    if todo == 0 {
        return Ok(NO_CHANGES);
    }
    if !world.write && !matches!(stage.place, StagePlace::Simulator { .. }) {
        return Err(DeployError::ReadOnly);
    }
    confirm(arguments.yes, &spec.stack.name, "tag these resources as the stack's")?;
    let (journal, _) = journal_of(&stage, &spec.stack)?;
    let tagged = run::run(&stage.aws, &stage.clock, &journal, &survey).await;
    let tagged = tagged.map_err(|why| DeployError::Journal { place: "its folder".into(), why })?;
    for (id, why) in &tagged.failed {
        eprintln!("{id}: {}", clean(&crate::cli::journal::ended(why)));
    }
    eprintln!("{} of {todo} tagged.", tagged.done);
    Ok(if tagged.failed.is_empty() { NO_CHANGES } else { FAILED })
}

/// 0: nothing is left to do; 2: something would be tagged; 1: something is missing, cannot be read, or is somebody else's.
fn code(survey: &Survey) -> u8 {
    if !survey.whole() {
        FAILED
    } else if survey.calls().next().is_some() {
        CHANGES
    } else {
        NO_CHANGES
    }
}

fn text(title: &str, stack: &str, survey: &Survey, unnamed: &[String]) -> String {
    let width = survey.rows.iter().map(|row| row.item.id.len()).max().unwrap_or(0);
    let mut lines = vec![clean(title)];
    for row in &survey.rows {
        lines.extend(lines_of(row, width));
    }
    if !unnamed.is_empty() {
        lines.push(format!("Not named, so looked for by the names that Tandem gives: {}", unnamed.join(", ")));
    }
    lines.push(sum(survey, stack));
    lines.push(String::new());
    lines.join("\n")
}

fn lines_of(row: &Row, width: usize) -> Vec<String> {
    let item = &row.item;
    let mark = match row.state {
        State::Found { call: Some(_), .. } => "+",
        State::Found { .. } => "=",
        State::Missing | State::Taken(_) | State::Unknown(_) => "!",
    };
    let (service, name) = (item.kind.service(), clean(item.short()));
    let tag = match row.state {
        State::Found { call: Some(_), .. } => format!("  {LOGICAL_ID}={}", item.kind.role()),
        _ => String::new(),
    };
    let mut lines = vec![format!("  {mark} {:<8} {:<width$}  {service} {name}{tag}", row.state.word(), item.id)];
    match &row.state {
        State::Found { .. } => {}
        State::Missing => lines.push(format!("      there is no {}", clean(&item.name))),
        State::Taken(why) => lines.push(format!("      {}: it is not taken", clean(why))),
        State::Unknown(why) => lines.push(format!("      {}", clean(&why.to_string()))),
    }
    let told = |(one, why): &(_, &str)| {
        let one: &crate::model::deploy::Difference = one;
        format!("      {}: {why}", clean(&one.to_string()))
    };
    lines.extend(row.differences.iter().map(told));
    lines
}

fn sum(survey: &Survey, stack: &str) -> String {
    let to_tag = format!("to tag with {STACK}={}", clean(stack));
    let words =
        [("tag", to_tag.as_str()), ("found", "found with nothing to do"), ("missing", "missing"), ("taken", "taken")];
    let words = words.into_iter().chain([("unknown", "not readable")]);
    let counts: Vec<String> = words
        .map(|(word, said)| (survey.count(word), said))
        .filter(|(count, _)| *count > 0)
        .map(|(count, said)| format!("{count} {said}"))
        .collect();
    let differing = match survey.differing() {
        0 => String::new(),
        1 => " 1 difference from what Tandem would have: it is advice, and adopt leaves it as it is.".into(),
        some => format!(" {some} differences from what Tandem would have: they are advice, and adopt leaves them."),
    };
    format!("{}.{differing}", counts.join(", "))
}

fn as_json(survey: &Survey, stack: &str, unnamed: &[String]) -> Value {
    let row = |row: &Row| {
        let item = &row.item;
        let differences: Vec<Value> = row
            .differences
            .iter()
            .map(|(one, why)| json!({ "member": one.member, "wanted": one.wanted, "seen": one.seen, "why": why }))
            .collect();
        let mut told = json!({
            "id": item.id, "region": item.region, "service": item.kind.service(), "name": item.name,
            "state": row.state.word(), "differences": differences,
        });
        match &row.state {
            State::Found { call: Some(call), .. } => {
                told["tags"] = json!({ STACK: stack, LOGICAL_ID: item.kind.role() });
                told["command"] = json!(call.cli());
            }
            State::Taken(why) => told["why"] = json!(why),
            State::Unknown(why) => told["why"] = json!(why.to_string()),
            State::Found { call: None, .. } | State::Missing => {}
        }
        told
    };
    json!({
        "stack": stack,
        "to_tag": survey.calls().count(),
        "differing": survey.differing(),
        "resources": survey.rows.iter().map(row).collect::<Vec<_>>(),
        "unnamed": unnamed,
    })
}
