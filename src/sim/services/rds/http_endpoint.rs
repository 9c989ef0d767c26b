//! EnableHttpEndpoint and DisableHttpEndpoint: whether the Data API answers for a cluster. Each member of a global
//! database has its own; ModifyDBCluster does not change it (RDS API Reference).

use super::refusals::refuse;
use crate::operation::{Answer, Caller, Refusal};
use crate::world::World;
use crate::world::aurora::Status;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Of {
    ResourceArn: String,
}

#[derive(Serialize)]
pub struct Switched {
    ResourceArn: String,
    HttpEndpointEnabled: bool,
}

pub fn enable(world: &mut World, caller: &Caller, ask: Of) -> Answer<Switched> {
    switch(world, caller, ask, true)
}

pub fn disable(world: &mut World, caller: &Caller, ask: Of) -> Answer<Switched> {
    switch(world, caller, ask, false)
}

fn switch(world: &mut World, caller: &Caller, ask: Of, on: bool) -> Answer<Switched> {
    let found = world.aurora.clusters.values_mut().find(|cluster| cluster.arn == ask.ResourceArn);
    let Some(cluster) = found.filter(|cluster| cluster.region == caller.region) else {
        let message = format!("The specified resource {} does not exist.", ask.ResourceArn);
        return Err(Refusal::new(404, "ResourceNotFoundFault", message));
    };
    if cluster.status != Status::Available {
        return refuse(
            "InvalidResourceStateFault",
            format!("The DB cluster {} is in {} state", cluster.id, cluster.status.word()),
        );
    }
    cluster.data_api = on;
    Ok(Switched { ResourceArn: ask.ResourceArn, HttpEndpointEnabled: on })
}
