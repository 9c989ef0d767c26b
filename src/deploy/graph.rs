//! The nodes of a stack, in an order in which each comes after what it needs.

use super::node::{AREAS, Node};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The table that must stand before anything else.
pub const CONTROL: &str = "control";

/// A graph that can be walked.
pub struct Graph {
    nodes: Vec<Node>,
    /// By place: the places of what it needs and what it follows.
    needs: Vec<Vec<usize>>,
}

/// Why the nodes are no graph, or not the part of it that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    #[error("two resources are called {0}")]
    Twice(String),
    #[error("{node} needs {needs}, which is no resource of this stack")]
    Unknown { node: String, needs: String },
    #[error("these resources need one another: {0}")]
    Circle(String),
    #[error("--only {0}: nothing in this stack is called so; there are {1}")]
    NoSuchRole(String, String),
}

impl Graph {
    /// Puts the nodes in order: what needs nothing first, and by id where nothing else decides.
    ///
    /// # Errors
    /// When ids are not unique, or needs are unknown or go in a circle.
    pub fn new(nodes: Vec<Node>) -> Result<Self, GraphError> {
        let mut left = BTreeMap::new();
        for node in nodes {
            if let Some(node) = left.insert(node.id.clone(), node) {
                return Err(GraphError::Twice(node.id));
            }
        }
        for node in left.values() {
            if let Some(needs) = node.needs.iter().find(|needs| !left.contains_key(*needs)) {
                return Err(GraphError::Unknown { node: node.id.clone(), needs: needs.clone() });
            }
        }
        let known: BTreeSet<String> = left.keys().cloned().collect();
        left.values_mut().for_each(|node| node.follows.retain(|id| known.contains(id)));
        let before = |node: &Node| node.needs.iter().chain(&node.follows).cloned().collect::<Vec<_>>();
        let (mut ordered, mut places) = (Vec::with_capacity(left.len()), BTreeMap::new());
        while !left.is_empty() {
            let free = left.values().find(|node| before(node).iter().all(|needs| places.contains_key(needs)));
            let Some(id) = free.map(|node| node.id.clone()) else {
                return Err(GraphError::Circle(left.keys().cloned().collect::<Vec<_>>().join(", ")));
            };
            if let Some(node) = left.remove(&id) {
                places.insert(id, ordered.len());
                ordered.push(node);
            }
        }
        let of = |node: &Node| before(node).iter().filter_map(|needs| places.get(needs).copied()).collect();
        Ok(Self { needs: ordered.iter().map(of).collect(), nodes: ordered })
    }

    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The places of what the node at `place` needs or follows.
    pub fn needs(&self, place: usize) -> &[usize] {
        &self.needs[place]
    }

    /// The same the other way round: by place, what needs it.
    pub fn needed_by(&self) -> Vec<Vec<usize>> {
        let mut by = vec![vec![]; self.nodes.len()];
        for (place, needs) in self.needs.iter().enumerate() {
            needs.iter().for_each(|need| by[*need].push(place));
        }
        by
    }

    /// Only the nodes with these roles or services, and what they need.
    ///
    /// # Errors
    /// When a role is none of this graph.
    pub fn only(self, roles: &[String]) -> Result<Self, GraphError> {
        if roles.is_empty() {
            return Ok(self);
        }
        let mut wanted = BTreeSet::new();
        for role in roles {
            let places = (0..self.nodes.len()).filter(|place| self.nodes[*place].plays(role)).collect::<Vec<_>>();
            if places.is_empty() {
                let areas = AREAS.iter().map(|(area, _)| *area);
                let areas = areas.filter(|area| self.nodes.iter().any(|node| node.plays(area)));
                let roles: BTreeSet<&str> = self.nodes.iter().map(Node::role).collect();
                let known = areas.chain(roles).collect::<Vec<_>>().join(", ");
                return Err(GraphError::NoSuchRole(role.clone(), known));
            }
            wanted.extend(places);
        }
        for place in (0..self.nodes.len()).rev() {
            if wanted.contains(&place) {
                let needs = |other: &&usize| self.nodes[place].needs.contains(&self.nodes[**other].id);
                wanted.extend(self.needs[place].iter().filter(needs));
            }
        }
        let kept = self.nodes.into_iter().enumerate().filter(|(place, _)| wanted.contains(place));
        Self::new(kept.map(|(_, node)| node).collect())
    }

    /// The longest way through the graph, if each node takes as long as `takes` says: its length, and the
    /// nodes on it.
    pub fn critical_path(&self, takes: impl Fn(&Node) -> Duration) -> (Duration, Vec<&str>) {
        let mut ends: Vec<(Duration, Option<usize>)> = vec![];
        for (place, node) in self.nodes.iter().enumerate() {
            let before = self.needs[place].iter().copied().max_by_key(|need| ends[*need].0);
            let begins = before.map_or(Duration::ZERO, |need| ends[need].0);
            ends.push((begins + takes(node), before));
        }
        let Some(last) = (0..ends.len()).max_by_key(|place| ends[*place].0) else { return (Duration::ZERO, vec![]) };
        let mut path = vec![];
        let mut at = Some(last);
        while let Some(place) = at {
            path.push(self.nodes[place].id.as_str());
            at = ends[place].1;
        }
        path.reverse();
        (ends[last].0, path)
    }
}
