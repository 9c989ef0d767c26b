//! Changes of what serves reach one Region after another, and the next only when the one before stands.

use super::engine::{Broken, Engine, failed};
use super::node::Node;
use super::patience::Patience;
use crate::cloud::look::cloudwatch;
use crate::model::deploy::Ready;
use std::collections::BTreeMap;
use std::time::Duration;

/// The node of a Region's alarms.
const ALARMS: &str = "alarms";

/// How often the alarms are asked before they cannot be, and the pause between.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_secs(10);

/// How long a change of what serves must stand before the next Region has it.
const BAKE: Duration = Duration::from_secs(120);

impl Engine<'_> {
    /// What serves and is to be changed, each with what must be changed well and stand before it: one Region after
    /// another, in the order of the graph, for what is bad must not reach them all.
    pub(super) fn one_after_another(&self, changes: impl Fn(&Node) -> bool) -> BTreeMap<usize, usize> {
        let nodes = self.graph.nodes();
        let places: Vec<usize> =
            (0..nodes.len()).filter(|place| nodes[*place].part.serves() && changes(&nodes[*place])).collect();
        places.windows(2).map(|pair| (pair[1], pair[0])).collect()
    }

    /// Whether what was changed first has stood for a while.
    pub(super) async fn bake(&self, place: usize, first: usize) -> Result<(), Broken> {
        let node = &self.graph.nodes()[first];
        self.at(place, format!("{} was changed, waits {} s to see it stand", node.id, BAKE.as_secs()));
        self.clock.sleep(BAKE).await;
        let seen = self.look(place, node, &mut Patience::default()).await?;
        match node.part.ready(&seen) {
            Ready::Yes => self.quiet(place, node).await,
            Ready::NotYet(why) | Ready::Failed(why) => {
                let why = format!(
                    "not changed, since {} does not stand {} s after its change: {why}",
                    node.id,
                    BAKE.as_secs()
                );
                Err(Broken::Failed(failed(why, None, "correct what was changed, then apply again")))
            }
        }
    }

    /// Whether no alarm of the stack rings in the Region of `first`: what stands may still answer with errors. What
    /// cannot be asked counts as an alarm.
    async fn quiet(&self, place: usize, first: &Node) -> Result<(), Broken> {
        let alarms = self.graph.node(&format!("{}/{ALARMS}", first.region));
        let names: Vec<String> =
            alarms.map(|node| node.name.split(", ").map(String::from).collect()).unwrap_or_default();
        if names.is_empty() {
            return Ok(());
        }
        let mut tries = 1;
        let why = loop {
            match cloudwatch::ringing(self.aws, &first.region, &names).await {
                Ok(ringing) if ringing.is_empty() => return Ok(()),
                Ok(ringing) => break format!("{} rings there", ringing.join(" and ")),
                Err(_) if tries < TRIES => {
                    self.at(place, format!("{} does not tell its alarms, asks again", first.region))
                }
                Err(error) => break format!("its alarms cannot be asked: {error}"),
            }
            tries += 1;
            self.clock.sleep(PAUSE).await;
        };
        let why = format!("not changed, since {} was changed {} s ago and {why}", first.id, BAKE.as_secs());
        let advice = "see what the alarm is about; B in the console takes the Region back to what it ran before";
        Err(Broken::Failed(failed(why, None, advice)))
    }
}
