//! The whole stack as a graph.

use super::foundation::Mistakes;
use super::graph::{CONTROL, Graph, GraphError};
use super::node::Node;
use super::parts;
use crate::model::spec::Spec;

/// Why a spec cannot be deployed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    #[error(transparent)]
    Foundation(#[from] Mistakes),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(
        "[app] image is missing: name the image that the tasks run, with {{region}} where its registry has the Region"
    )]
    NoImage,
}

/// Every resource that the spec asks for. The control table comes before all others.
///
/// # Errors
/// All that is wrong with the spec.
pub fn graph(spec: &Spec) -> Result<Graph, SpecError> {
    if spec.app.image.is_empty() {
        return Err(SpecError::NoImage);
    }
    let mut nodes: Vec<Node> = parts::foundation::nodes(spec)?;
    nodes.extend(parts::certificates::nodes(spec)?);
    nodes.extend(parts::tables::nodes(spec));
    nodes.extend(parts::database::nodes(spec));
    nodes.extend(parts::balancing::nodes(spec));
    nodes.extend(parts::tasks::nodes(spec));
    nodes.extend(parts::names::nodes(spec));
    nodes.extend(parts::watching::nodes(spec));
    let watchers = parts::watchers::nodes(spec, &nodes)?;
    nodes.extend(watchers);
    for node in &mut nodes {
        if node.id != CONTROL && node.needs.is_empty() {
            node.needs.push(CONTROL.into());
        }
    }
    Ok(Graph::new(nodes)?)
}
