//! What a console that ends says of the operations that are still under way.

use super::args::WorldArguments;
use crate::model::observed::elapsed;
use crate::model::operation::{CallState, Operation, RunState, StepRun, StepState};
use crate::model::outcome::{CallError, Outcome};
use crate::model::plan::Step;
use crate::tui::view::words;
use jiff::Timestamp;

/// How the stack can be looked at once the console has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// By this line for a shell.
    Command(String),
    /// The world was in this process.
    Gone,
}

impl Look {
    /// `tandem status` on the same world.
    pub fn outside(arguments: &WorldArguments) -> Self {
        let mut line = String::from("tandem status");
        let config = arguments.config.as_ref().map(|path| path.to_string_lossy().into_owned());
        let options = [
            ("--config", config.as_ref()),
            ("--profile", arguments.profile.as_ref()),
            ("--endpoint-url", arguments.endpoint_url.as_ref()),
        ];
        for (name, value) in options {
            if let Some(value) = value {
                let value = crate::model::text::clean(value);
                line.push_str(&format!(" {name} {}", crate::model::call::quoted(&value)));
            }
        }
        Look::Command(line)
    }
}

/// One block; empty when nothing is under way.
pub fn text(open: &[Operation], now: Timestamp, look: &Look) -> String {
    if open.is_empty() {
        return String::new();
    }
    let mut lines = vec![match open.len() {
        1 => "tandem ended while an operation was under way:".to_string(),
        many => format!("tandem ended while {many} operations were under way:"),
    }];
    for run in open {
        lines.push(String::new());
        lines.extend(operation(run, now));
    }
    lines.push(String::new());
    match look {
        Look::Command(line) => {
            lines.push("No further step runs; what AWS has accepted goes on.".into());
            lines.push(format!("look:  {line}"));
        }
        Look::Gone => lines.push("The simulated world ended with it: `tandem status` looks at a new one.".into()),
    }
    lines.push(String::new());
    lines.join("\n")
}

fn operation(run: &Operation, now: Timestamp) -> Vec<String> {
    let took = words::span(run.elapsed(now));
    let mut lines = vec![format!("{}: {}, began {} ({took})", run.name(), run.state.word(), words::clock(run.started))];
    let steps = run.plan.steps.iter().zip(&run.steps).enumerate();
    let current = run.current();
    for (place, (planned, ran)) in steps {
        if Some(place) == current || ran.calls.contains(&CallState::Sent) {
            lines.extend(step(run, place, planned, ran, now));
        }
    }
    lines.push(format!("  undo:  {}", run.plan.undo));
    lines
}

fn step(run: &Operation, place: usize, planned: &Step, ran: &StepRun, now: Timestamp) -> Vec<String> {
    let since = match (ran.state, ran.started) {
        (StepState::Running, Some(since)) => format!(" for {}", words::span(elapsed(since, now))),
        _ => String::new(),
    };
    let count = run.steps.len();
    let mut lines = vec![format!("  step {} of {count}, {}{since}: {}", place + 1, ran.state.word(), planned.title)];
    if !ran.note.is_empty() {
        lines.push(format!(
            "    {}{}",
            if run.state == RunState::PausedByFailedStep { "it failed: " } else { "" },
            ran.note
        ));
    }
    for (call, state) in planned.calls.iter().zip(&ran.calls) {
        lines.push(format!("    {} in {}: {}", call.operation(), call.region, call.summary()));
        lines.push(format!("      {}", outcome(state)));
    }
    lines
}

fn outcome(state: &CallState) -> String {
    match state {
        CallState::NotSent => "not sent".into(),
        CallState::Sent => "sent, no answer yet: whether it was done is not known".into(),
        CallState::Ended(Outcome::Done { request_id }) => format!("done{}", id(request_id.as_deref())),
        CallState::Ended(Outcome::Refused(error)) => format!("refused: {}", why(error)),
        CallState::Ended(Outcome::Unknown(error)) => format!("not known whether it was done: {}", why(error)),
    }
}

fn why(error: &CallError) -> String {
    format!("{error}{}", id(error.request_id.as_deref()))
}

fn id(request: Option<&str>) -> String {
    request.map_or_else(|| ", no request id".into(), |id| format!(", request id {id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::call::{Act, Call};
    use crate::model::operation::Happening;
    use crate::model::outcome::ErrorClass;
    use crate::model::plan::{Enough, Kind, Plan, Progress, Until};
    use jiff::SignedDuration;
    use std::time::Duration;

    fn at(second: i64) -> Timestamp {
        "2026-01-05T14:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second)
    }

    fn flip(region: &str) -> Call {
        let act = Act::ModifyRule { rule_arn: "arn:aws:rule".into(), body: "EVACUATE us-east-1".into() };
        Call::new(region, act)
    }

    fn step(title: &str, calls: Vec<Call>) -> Step {
        Step {
            title: title.into(),
            calls,
            enough: Enough::Any,
            until: Until::Accepted,
            within: Duration::from_secs(60),
        }
    }

    fn operation() -> Operation {
        let plan = Plan {
            kind: Kind::Evacuate,
            region: "us-east-1".into(),
            title: "Evacuate us-east-1".into(),
            effects: vec![],
            checks: vec![],
            steps: vec![
                step("Look", vec![]),
                step("Turn the switch", ["eu-west-1", "eu-central-1", "ap-south-1", "sa-east-1"].map(flip).into()),
                step("Wait for users to leave", vec![]),
            ],
            undo: "restore us-east-1".into(),
            held: vec![],
        };
        let mut run = Operation::new(3, plan, at(0));
        run.apply(Happening::StepStarted(0), at(0));
        run.apply(Happening::Progressed(0, Progress::Met("seen".into())), at(2));
        run.apply(Happening::StepStarted(1), at(2));
        run
    }

    fn look() -> Look {
        Look::Command("tandem status".into())
    }

    #[test]
    fn nothing_is_said_when_nothing_is_under_way() {
        assert_eq!(text(&[], at(0), &look()), "");
    }

    #[test]
    fn every_call_of_the_step_that_runs_is_told_with_its_outcome() {
        let mut run = operation();
        for call in 0..3 {
            run.apply(Happening::CallSent(1, call), at(3));
        }
        let lost = CallError { request_id: Some("7c1f".into()), ..CallError::new(ErrorClass::Service, "gone") };
        run.apply(Happening::CallEnded(1, 2, Outcome::Unknown(lost)), at(4));
        run.apply(Happening::CallEnded(1, 1, Outcome::Done { request_id: Some("b64c".into()) }), at(5));
        let wanted = "\
tandem ended while an operation was under way:

evacuate us-east-1 (#3): in progress, began 14:00:00Z (1 m 5 s)
  step 2 of 3, running for 1 m 3 s: Turn the switch
    ModifyRule in eu-west-1: switch rule answers \"EVACUATE us-east-1\"
      sent, no answer yet: whether it was done is not known
    ModifyRule in eu-central-1: switch rule answers \"EVACUATE us-east-1\"
      done, request id b64c
    ModifyRule in ap-south-1: switch rule answers \"EVACUATE us-east-1\"
      not known whether it was done: service error: gone, request id 7c1f
    ModifyRule in sa-east-1: switch rule answers \"EVACUATE us-east-1\"
      not sent
  undo:  restore us-east-1

No further step runs; what AWS has accepted goes on.
look:  tandem status
";
        assert_eq!(text(&[run], at(65), &look()), wanted);
    }

    #[test]
    fn a_failed_step_says_why_and_a_canceled_run_what_has_no_answer() {
        let mut failed = operation();
        failed.apply(Happening::StepFailed(1, "not so after 60 s".into()), at(62));
        let said = text(&[failed.clone()], at(65), &look());
        assert!(said.contains("(#3): paused by failed step,"), "{said}");
        assert!(said.contains("step 2 of 3, failed: Turn the switch\n    it failed: not so after 60 s\n"), "{said}");

        let mut canceled = operation();
        canceled.apply(Happening::CallSent(1, 0), at(3));
        canceled.apply(Happening::Canceled, at(4));
        let said = text(&[failed, canceled], at(65), &Look::Gone);
        assert!(said.starts_with("tandem ended while 2 operations were under way:"), "{said}");
        assert!(said.contains("(#3): canceled, began 14:00:00Z (4 s)\n  step 2 of 3, canceled: Turn"), "{said}");
        assert!(said.contains("sent, no answer yet"), "{said}");
        assert!(said.contains("The simulated world ended with it"), "{said}");
    }

    #[test]
    fn the_line_for_the_shell_names_the_same_world() {
        use crate::cli::args::Arguments;
        use clap::Parser;
        let line = ["tandem", "--write", "--profile", "my shop", "--config", "shop.toml"];
        let arguments = Arguments::parse_from(line).world;
        let arguments = WorldArguments { endpoint_url: None, ..arguments };
        let wanted = "tandem status --config shop.toml --profile 'my shop'";
        assert_eq!(Look::outside(&arguments), Look::Command(wanted.into()));
    }
}
