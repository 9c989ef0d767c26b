//! Changes of what serves reach one Region after another, and the next only when the one before stands.

use super::engine::{Broken, Engine, failed};
use super::node::Node;
use super::patience::Patience;
use crate::model::deploy::Ready;
use std::collections::BTreeMap;
use std::time::Duration;

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
            Ready::Yes => Ok(()),
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
}
