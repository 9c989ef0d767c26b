//! ListExports.

use super::refusals::page;
use crate::operation::{Answer, Caller};
use crate::world::World;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct List {
    NextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Listed {
    Exports: Vec<Export>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct Export {
    ExportingStackId: String,
    Name: String,
    Value: String,
}

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let exports = world.cloudformation.exports(&caller.region);
    let (exports, NextToken) = page(exports, |(name, _)| (*name).to_string(), ask.NextToken.as_deref())?;
    let told = |(name, (value, stack)): (&str, (&str, &crate::world::cloudformation::Stack))| Export {
        ExportingStackId: stack.id.clone(),
        Name: name.to_string(),
        Value: value.to_string(),
    };
    Ok(Listed { Exports: exports.into_iter().map(told).collect(), NextToken })
}
