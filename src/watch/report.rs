//! What is worth a line: what stands otherwise than in the round before. A refusal is said when it begins, not in every
//! round that repeats it.

use super::leader::Leading;
use super::log::Log;
use crate::model::event::Severity;
use crate::model::stack::Stack;
use crate::model::watch::decide::{Act, Judgement, Refusal};
use crate::model::watch::evidence::Evidence;
use crate::model::watch::window::Standing;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

pub struct Report {
    log: Log,
    /// What was said of a thing last.
    said: BTreeMap<String, String>,
    /// The things that this round said something of.
    round: BTreeSet<String>,
}

impl Report {
    pub fn new(log: Log) -> Self {
        Self { log, said: BTreeMap::new(), round: BTreeSet::new() }
    }

    pub fn say(&mut self, at: Timestamp, severity: Severity, text: String) {
        self.log.say(at, severity, text);
    }

    /// Says it, unless the same mark was set for the thing last.
    fn once(&mut self, at: Timestamp, severity: Severity, thing: &str, mark: &str, text: String) {
        self.round.insert(thing.into());
        if self.said.get(thing).map(String::as_str) != Some(mark) {
            self.said.insert(thing.into(), mark.into());
            self.log.say(at, severity, text);
        }
    }

    pub fn begin(&mut self, at: Timestamp, me: &str, stack: &Stack, expected: &[String]) {
        let (who, name) = (expected.join(", "), format!("{}/{}", stack.name, stack.environment));
        self.say(at, Severity::Info, format!("watches {name} from {me}; vantages are {who}"));
    }

    pub fn round(
        &mut self,
        at: Timestamp,
        judged: &Judgement,
        leading: &Leading,
        evidence: &BTreeMap<String, Evidence>,
        expected: &[String],
    ) {
        for (region, standing) in &judged.standings {
            let severity = match standing {
                Standing::Serves => Severity::Good,
                Standing::Lost => Severity::Bad,
                Standing::Grey | Standing::Unclear => Severity::Warn,
            };
            let said = evidence
                .iter()
                .filter_map(|(vantage, one)| Some(format!("{vantage} {}", one.paths.get(region)?.words())));
            let text = format!("{region} {} ({})", standing.word(), said.collect::<Vec<_>>().join(", "));
            self.once(at, severity, &format!("region {region}"), standing.word(), text);
        }
        let missing: Vec<&str> =
            expected.iter().filter(|name| !evidence.contains_key(*name)).map(String::as_str).collect();
        let (severity, text) = match missing.is_empty() {
            true => (Severity::Good, format!("all {} vantages are live", expected.len())),
            false => (Severity::Warn, format!("not heard of: {}", missing.join(", "))),
        };
        self.once(at, severity, "vantages", &missing.join(" "), text);
        let rules: Vec<&str> = judged.disarmed.iter().map(|refusal| refusal.rule).collect();
        let (severity, text) = match rules.is_empty() {
            true => (Severity::Good, "ARMED".into()),
            false => (Severity::Bad, format!("DISARMED: {}", words(&judged.disarmed))),
        };
        self.once(at, severity, "armed", &rules.join(" "), text);
        let (mark, text) = match leading {
            Leading::Yes(token) => (format!("yes {token}"), format!("leads, by token {token}")),
            Leading::No(why) => (why.clone(), format!("does not lead: {why}")),
        };
        self.once(at, Severity::Info, "leader", &mark, text);
    }

    /// A decision of the leader, before it is carried out.
    pub fn decided(&mut self, at: Timestamp, act: &Act, why: &str) {
        let text = format!("decides to {}: {why}", act.words());
        self.once(at, Severity::Warn, &format!("decision {}", act.words()), "", text);
    }

    /// What became of it.
    pub fn acted(&mut self, at: Timestamp, act: &Act, ended: Result<String, Vec<Refusal>>) {
        match ended {
            Ok(title) => self.say(at, Severity::Warn, format!("begins: {title}")),
            Err(why) => {
                let rules: Vec<&str> = why.iter().map(|refusal| refusal.rule).collect();
                let text = format!("does not {}: {}", act.words(), words(&why));
                self.once(at, Severity::Warn, &format!("refused {}", act.words()), &rules.join(" "), text);
            }
        }
    }

    /// The round is over: of what it did not speak it will speak again.
    pub fn settle(&mut self) {
        let round = std::mem::take(&mut self.round);
        self.said.retain(|thing, _| round.contains(thing));
    }
}

fn words(why: &[Refusal]) -> String {
    why.iter().map(|refusal| refusal.why.as_str()).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[test]
    fn a_refusal_is_said_when_it_begins_and_again_when_it_comes_back() {
        let lines = Arc::new(Mutex::new(vec![]));
        let kept = lines.clone();
        let mut report = Report::new(Log::new(move |line| kept.lock().unwrap().push(line.text.clone())));
        let at = Timestamp::UNIX_EPOCH;
        let act = Act::Evacuate { region: "us-east-1".into() };
        let mut round = |refusal: Option<&str>| {
            if let Some(why) = refusal {
                report.acted(at, &act, Err(vec![Refusal::new("floor", why)]));
            }
            report.settle();
        };
        round(Some("0 Regions"));
        round(Some("0 Regions, a round later"));
        round(None);
        round(Some("0 Regions again"));
        let said = lines.lock().unwrap().clone();
        assert_eq!(said, ["does not evacuate us-east-1: 0 Regions", "does not evacuate us-east-1: 0 Regions again"]);
    }
}
