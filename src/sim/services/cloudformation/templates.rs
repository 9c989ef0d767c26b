//! GetTemplate and ValidateTemplate.

use super::change_sets;
use super::refusals::{invalid, seen};
use super::wanted;
use crate::operation::{Answer, Caller};
use crate::world::World;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Get {
    StackName: Option<String>,
    ChangeSetName: Option<String>,
}

#[derive(Serialize)]
pub struct Got {
    TemplateBody: String,
    StagesAvailable: Vec<&'static str>,
}

pub fn get(world: &mut World, caller: &Caller, ask: Get) -> Answer<Got> {
    let body = match (&ask.ChangeSetName, &ask.StackName) {
        (Some(name), stack) => {
            let (_, set) = change_sets::find(&world.cloudformation, &caller.region, name, stack.as_deref())?;
            set.design.template.body.clone()
        }
        (None, Some(stack)) => seen(&world.cloudformation, &caller.region, stack)?.design.template.body.clone(),
        (None, None) => return invalid("StackName or ChangeSetName must be specified."),
    };
    Ok(Got { TemplateBody: body, StagesAvailable: vec!["Original", "Processed"] })
}

#[derive(Deserialize)]
pub struct Validate {
    TemplateBody: Option<String>,
    TemplateURL: Option<String>,
}

#[derive(Serialize)]
pub struct Validated {
    Parameters: Vec<Declared>,
    Description: Option<String>,
    Capabilities: Option<Vec<&'static str>>,
    CapabilitiesReason: Option<String>,
}

#[derive(Serialize)]
struct Declared {
    ParameterKey: String,
    DefaultValue: Option<String>,
    NoEcho: bool,
    Description: Option<String>,
}

pub fn validate(_: &mut World, _: &Caller, ask: Validate) -> Answer<Validated> {
    let template = wanted::read(ask.TemplateBody.as_deref(), ask.TemplateURL.as_deref())?;
    let capability = template.capability();
    let declared = template.parameters.iter().map(|(key, parameter)| Declared {
        ParameterKey: key.clone(),
        DefaultValue: parameter.default.clone(),
        NoEcho: parameter.no_echo,
        Description: parameter.description.clone(),
    });
    Ok(Validated {
        Parameters: declared.collect(),
        Capabilities: capability.as_ref().map(|(name, _)| vec![*name]),
        CapabilitiesReason: capability
            .map(|(_, kinds)| format!("The following resource(s) require capabilities: [{}]", kinds.join(", "))),
        Description: template.description.clone(),
    })
}
