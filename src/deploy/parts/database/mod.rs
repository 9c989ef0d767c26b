//! The database of a stack: secrets, a global cluster with a member in every Region, and who may enter it.
//!
//! Which member writes is a state of a running stack, wanted by nobody: whatever is missing is made as a secondary as
//! long as somebody writes. The order of a deletion follows from the needs: instances of the secondaries, the
//! secondaries, instances of the first Region, its cluster, the global cluster. A cluster that leaves a global database
//! takes writes of its own, so a stack is only taken down once its services are: they need the clusters.

mod cluster;
mod global;
mod instance;
mod parameters;
mod replica;
pub(in crate::deploy) mod secret;
#[cfg(test)]
mod simulated;
#[cfg(test)]
mod tests;
mod users;
pub(in crate::deploy) mod version;

use super::super::node::Node;
use crate::model::spec::Spec;
use cluster::Cluster;
use global::Global;
use instance::Instance;
use parameters::Parameters;
use replica::Replica;
use secret::{Secret, User};
use std::time::Duration;
use users::Users;

const ENGINE: &str = "aurora-postgresql";

/// The nodes of the secrets, the database and its users.
pub fn nodes(spec: &Spec) -> Vec<Node> {
    let home = spec.home();
    let mut nodes: Vec<Node> = User::ALL.into_iter().flat_map(|user| secrets(spec, user)).collect();
    let name = spec.stack.global_cluster();
    nodes.push(
        Node::new("global-db", home, "rds", name.clone(), Global::new(spec)).takes(Duration::from_secs(20)).with_data(),
    );
    for region in spec.region_names() {
        let parameters =
            Node::new(format!("{region}/db-parameters"), region, "rds", &name, Parameters::new(spec, region));
        nodes.push(parameters);
        nodes.push(cluster(spec, region));
        nodes.extend((1..=spec.database.instances).map(|number| instance(spec, region, number)));
    }
    let needs = ["global-db".into(), format!("{home}/db-1")].into_iter();
    let secrets = User::ALL.into_iter().map(|user| user.node().to_string());
    nodes.push(Node::new("db-users", home, "rds-data", users::TABLE, Users::new(spec)).needs(needs.chain(secrets)));
    nodes
}

/// The secret at home, and its replicas. They do not wait for one another.
fn secrets(spec: &Spec, user: User) -> Vec<Node> {
    const SERVICE: &str = "secretsmanager";
    let name = user.secret(spec);
    let node = |region: &str| (user.node_of(spec, region), region.to_string());
    let (id, home) = node(spec.home());
    let mut nodes = vec![Node::new(id, &home, SERVICE, &name, Secret::new(spec, user))];
    for (id, region) in spec.region_names().filter(|region| *region != home).map(node) {
        let part = Replica::new(spec, user, &region);
        let node = Node::new(id, &region, SERVICE, &name, part).needs([user.node()]);
        nodes.push(node.takes(Duration::from_secs(15)));
    }
    nodes
}

/// The node whose `arn` tells tasks of a Region how to open the database.
pub(super) fn opens(spec: &Spec, region: &str) -> String {
    User::Master.node_of(spec, region)
}

fn cluster(spec: &Spec, region: &str) -> Node {
    let home = spec.home();
    let part = Cluster::new(spec, region);
    let node = Node::new(format!("{region}/db"), region, "rds", spec.cluster(region), part)
        .needs(["global-db".to_string(), format!("{region}/base"), format!("{region}/db-parameters")])
        .with_data();
    if region == home {
        return node.needs([User::Master.node()]).takes(Duration::from_secs(120));
    }
    // a secondary copies what stands: a cluster with an instance that writes
    node.needs([format!("{home}/db"), format!("{home}/db-1")]).takes(Duration::from_secs(450))
}

fn instance(spec: &Spec, region: &str, number: u32) -> Node {
    let part = Instance::new(spec, region, number);
    let name = part.id.clone();
    Node::new(format!("{region}/db-{number}"), region, "rds", name, part)
        .needs([format!("{region}/db")])
        .takes(Duration::from_secs(360))
}
