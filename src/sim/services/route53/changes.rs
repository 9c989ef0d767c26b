//! Changes and their way to the name servers.

use super::bare;
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Refusal};
use crate::world::World;
use crate::world::dns::zones::ChangeState;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
pub struct ChangeInfo {
    Id: String,
    Status: &'static str,
    SubmittedAt: Moment,
    Comment: Option<String>,
}

#[derive(Deserialize)]
pub struct Get {
    Id: String,
}

#[derive(Serialize)]
pub struct Changed {
    ChangeInfo: ChangeInfo,
}

pub fn get(world: &mut World, _: &Caller, ask: Get) -> Answer<Changed> {
    changed(world, bare(&ask.Id))
}

pub fn changed(world: &World, id: &str) -> Answer<Changed> {
    Ok(Changed { ChangeInfo: info(world, id)? })
}

pub fn info(world: &World, id: &str) -> Answer<ChangeInfo> {
    let known = world.dns.changes.get(id).filter(|change| change.state != ChangeState::Stranded);
    let Some(change) = known else {
        return Err(Refusal::new(404, "NoSuchChange", format!("Could not find resource with ID: {id}")));
    };
    Ok(ChangeInfo {
        Id: format!("/change/{id}"),
        Status: if change.state == ChangeState::InSync { "INSYNC" } else { "PENDING" },
        SubmittedAt: change.submitted,
        Comment: change.comment.clone(),
    })
}
