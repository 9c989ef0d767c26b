//! Runs one watcher until a signal ends it.

use super::{Opened, WatchError};
use crate::cli::args::WatchArguments;
use crate::cli::journal as own;
use crate::cli::signals::Signals;
use crate::control::journal::Journal;
use crate::control::lease::Holder;
use crate::host::disk::RealDisk;
use crate::stage::StagePlace;
use crate::watch::doubt::Paper;
use crate::watch::log::{Line, Log};
use crate::watch::run::{Crew, watch};
use std::io::Write;
use std::sync::Arc;

/// What AWS tells containers of where they run.
const AWS_REGION: &str = "AWS_REGION";

pub async fn run(opened: Opened, asked: &WatchArguments) -> Result<(), WatchError> {
    let mut signals = Signals::ends();
    let Opened { config, stage, place, .. } = opened;
    let here = std::env::var(AWS_REGION).ok().filter(|region| !region.is_empty());
    let me = vantage(asked.from.as_deref(), here.as_deref(), &config.spec.vantages())?;
    let now = stage.clock.now();
    let Holder { who, id, .. } = own::holder("watcher", now);
    let (journal, paper) = match own::folder(&place, &config.stack) {
        Some(folder) => {
            let journal = own::begin(&folder, now).map_err(|why| WatchError::Journal(why.to_string()))?;
            (journal, Some(Paper { disk: Arc::new(RealDisk), path: folder.join(format!("{me}.alive")) }))
        }
        // its world ends with the process
        None if matches!(place, StagePlace::Simulator { .. }) => (Journal::off(), None),
        None => return Err(WatchError::Journal("there is no home folder: set XDG_STATE_HOME".into())),
    };
    let crew = Crew {
        aws: stage.aws,
        vantage: stage.vantage,
        clock: stage.clock,
        spec: config.spec,
        id,
        me,
        who,
        journal,
        paper,
    };
    let json = asked.json;
    let log = Log::new(move |line| print(line, json));
    let ended = async {
        signals.next().await;
    };
    watch(crew, log, ended).await;
    Ok(())
}

/// Where to look from: what was asked for, else where this machine says that it is, else the first.
fn vantage(asked: Option<&str>, here: Option<&str>, vantages: &[&str]) -> Result<String, WatchError> {
    let (from, region) = match (asked, here) {
        (Some(region), _) => ("--from", region),
        (None, Some(region)) => (AWS_REGION, region),
        (None, None) => ("--from", vantages.first().copied().unwrap_or_default()),
    };
    if vantages.contains(&region) {
        return Ok(region.into());
    }
    let (region, vantages) = (crate::model::text::clean(region), vantages.join(", "));
    Err(WatchError::NoVantage { from, region, vantages })
}

fn print(line: &Line, json: bool) {
    let text = if json { line.json() } else { line.text() };
    let mut out = std::io::stdout().lock();
    // whoever reads may be gone: it watches all the same
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_it_looks_from_is_asked_for_or_told_and_must_be_known() {
        let all = ["us-east-1", "eu-west-1", "us-east-2"];
        let from = |asked, here| vantage(asked, here, &all).map_err(|error| error.to_string());
        assert_eq!(from(None, None), Ok("us-east-1".into()));
        assert_eq!(from(None, Some("us-east-2")), Ok("us-east-2".into()));
        assert_eq!(from(Some("eu-west-1"), Some("us-east-2")), Ok("eu-west-1".into()));
        let said = "AWS_REGION is sa-east-1, and no vantage of this stack: its watchers look from us-east-1, eu-west-1, \
                    us-east-2";
        assert_eq!(from(None, Some("sa-east-1")), Err(said.into()));
    }
}
