//! Change sets.

use super::changes::{self, Change};
use super::create::{self, is_given};
use super::refusals::{found, invalid, page, stack_name, unsupported, validation};
use super::stacks::{Parameter as ToldParameter, parameters, tags};
use super::tokens;
use super::update::{is_same, planned, updatable};
use super::wanted::{self, Parameter, Tag, Wanted};
use crate::doc::Doc;
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::world::cloudformation::change_set::{ChangeSet, Executed};
use crate::world::cloudformation::{self, CloudFormation, OnFailure, Stack, Status};
use crate::world::{ACCOUNT, World, uuid};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub struct Create {
    StackName: String,
    TemplateBody: Option<String>,
    TemplateURL: Option<String>,
    UsePreviousTemplate: Option<bool>,
    #[serde(default)]
    Parameters: Vec<Parameter>,
    #[serde(default)]
    Capabilities: Vec<String>,
    ResourceTypes: Option<Doc>,
    RoleARN: Option<String>,
    RollbackConfiguration: Option<Doc>,
    NotificationARNs: Option<Vec<String>>,
    Tags: Option<Vec<Tag>>,
    ChangeSetName: String,
    ClientToken: Option<String>,
    Description: Option<String>,
    ChangeSetType: Option<String>,
    ResourcesToImport: Option<Doc>,
    IncludeNestedStacks: Option<bool>,
    OnStackFailure: Option<String>,
    ImportExistingResources: Option<bool>,
    DeploymentMode: Option<String>,
}

#[derive(Serialize)]
pub struct Created {
    Id: String,
    StackId: String,
}

/// What CloudFormation says of a change set without changes.
const NOTHING: &str =
    "The submitted information didn't contain changes. Submit different information to create a change set.";

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<Created> {
    let print = tokens::print("CreateChangeSet", &ask);
    if let Some(stack) = tokens::known(world, caller, ask.ClientToken.as_deref(), &print)? {
        let set =
            world.cloudformation.stack(&caller.region, &stack).and_then(|s| s.change_sets.get(&ask.ChangeSetName));
        if let Some(set) = set {
            return Ok(Created { Id: set.id.clone(), StackId: stack });
        }
    }
    unsupported(&[
        ("RollbackConfiguration", ask.RollbackConfiguration.as_ref().is_some_and(is_given)),
        ("ResourceTypes", ask.ResourceTypes.as_ref().is_some_and(is_given)),
        ("ResourcesToImport", ask.ResourcesToImport.as_ref().is_some_and(is_given)),
        ("IncludeNestedStacks", ask.IncludeNestedStacks == Some(true)),
        ("ImportExistingResources", ask.ImportExistingResources == Some(true)),
        ("DeploymentMode", ask.DeploymentMode.is_some()),
        ("ChangeSetType IMPORT", ask.ChangeSetType.as_deref() == Some("IMPORT")),
    ])?;
    set_name(&ask.ChangeSetName)?;
    let creates = match ask.ChangeSetType.as_deref() {
        Some("CREATE") => true,
        None | Some("UPDATE") => false,
        Some(other) => {
            return invalid(format!(
                "1 validation error detected: Value '{other}' at 'changeSetType' failed to satisfy constraint: Member must satisfy enum value set: [IMPORT, UPDATE, CREATE]"
            ));
        }
    };
    let on_failure = ask.OnStackFailure.as_deref().map(|given| create::on_failure(Some(given), false)).transpose()?;
    let StackId = host(world, caller, &ask, creates)?;
    let stack = found(&world.cloudformation, &caller.region, &StackId)?;
    if stack.change_sets.contains_key(&ask.ChangeSetName) {
        let message = format!("ChangeSet {} already exists", ask.ChangeSetName);
        return Err(Refusal::new(400, "AlreadyExistsException", message));
    }
    let design = wanted(&ask, stack)?;
    let plan = planned(&world.cloudformation, stack, &design)?;
    let nothing = !creates && is_same(stack, &design, &plan);
    let number = world.next_id().to_string();
    let id = uuid(&["change set", &StackId, &number]);
    let set = ChangeSet {
        name: ask.ChangeSetName.clone(),
        id: format!("arn:aws:cloudformation:{}:{ACCOUNT}:changeSet/{}/{id}", caller.region, ask.ChangeSetName),
        description: ask.Description.clone(),
        created: world.now,
        design,
        changes: if nothing { Err(NOTHING.into()) } else { Ok(plan.changes) },
        creates,
        on_failure,
        executed: Executed::Not,
    };
    let Id = set.id.clone();
    if let Some(stack) = world.cloudformation.stack_mut(&caller.region, &StackId) {
        stack.change_sets.insert(set.name.clone(), set);
    }
    tokens::remember(world, caller, ask.ClientToken.as_deref(), print, &StackId);
    Ok(Created { Id, StackId })
}

/// CloudFormation API Reference, CreateChangeSet.
fn set_name(name: &str) -> Answer<()> {
    let right = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if right && name.len() <= 128 {
        return Ok(());
    }
    invalid(format!(
        "1 validation error detected: Value '{name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
    ))
}

fn wanted(ask: &Create, stack: &Stack) -> Answer<cloudformation::Design> {
    let there = (stack.status != Status::ReviewInProgress).then_some(stack);
    wanted::design(
        &Wanted {
            body: ask.TemplateBody.as_deref(),
            url: ask.TemplateURL.as_deref(),
            previous: ask.UsePreviousTemplate == Some(true),
            parameters: &ask.Parameters,
            capabilities: &ask.Capabilities,
            tags: ask.Tags.as_deref(),
            role: ask.RoleARN.as_deref(),
            notifications: ask.NotificationARNs.as_deref(),
        },
        there,
    )
}

/// The id of the stack that the change set is for. A change set that creates one makes it, in review.
fn host(world: &mut World, caller: &Caller, ask: &Create, creates: bool) -> Answer<String> {
    let there = world.cloudformation.stack(&caller.region, &ask.StackName);
    match there {
        Some(stack) if creates && stack.status != Status::ReviewInProgress => {
            let message = format!(
                "Stack [{}] already exists and cannot be created again with the changeSet [{}].",
                stack.name, ask.ChangeSetName
            );
            invalid(message)
        }
        Some(stack) if creates => Ok(stack.id.clone()),
        Some(stack) => updatable(stack).map(|()| stack.id.clone()),
        None if !creates => invalid(format!("Stack [{}] does not exist", ask.StackName)),
        None => {
            stack_name(&ask.StackName)?;
            let design = wanted::design(
                &Wanted {
                    body: ask.TemplateBody.as_deref(),
                    url: ask.TemplateURL.as_deref(),
                    previous: false,
                    parameters: &ask.Parameters,
                    capabilities: &ask.Capabilities,
                    tags: ask.Tags.as_deref(),
                    role: ask.RoleARN.as_deref(),
                    notifications: ask.NotificationARNs.as_deref(),
                },
                None,
            )?;
            let mut stack = create::new(world, caller, &ask.StackName, design)?;
            planned(&world.cloudformation, &stack, &stack.design)?;
            cloudformation::begin_review(&mut stack, world.now);
            let id = stack.id.clone();
            world.cloudformation.stacks.insert((caller.region.clone(), id.clone()), stack);
            Ok(id)
        }
    }
}

fn absent(name: &str) -> Refusal {
    Refusal::new(404, "ChangeSetNotFound", format!("ChangeSet [{name}] does not exist"))
}

/// A change set by its name and stack, or by its ARN.
pub fn find<'a>(
    world: &'a CloudFormation,
    region: &'a str,
    name: &'a str,
    stack: Option<&'a str>,
) -> Answer<(&'a Stack, &'a ChangeSet)> {
    if name.starts_with("arn:") {
        let sets = world.in_region(region).flat_map(|stack| stack.change_sets.values().map(move |set| (stack, set)));
        return sets.into_iter().find(|(_, set)| set.id == name).ok_or_else(|| absent(name));
    }
    let Some(stack) = stack else {
        return Err(validation("StackName must be specified if ChangeSetName is not specified as an ARN."));
    };
    let stack = found(world, region, stack)?;
    stack.change_sets.get(name).map(|set| (stack, set)).ok_or_else(|| absent(name))
}

#[derive(Deserialize)]
pub struct Named {
    ChangeSetName: String,
    StackName: Option<String>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    ChangeSetName: String,
    ChangeSetId: String,
    StackId: String,
    StackName: String,
    Description: Option<String>,
    Parameters: Vec<ToldParameter>,
    CreationTime: Moment,
    ExecutionStatus: &'static str,
    Status: &'static str,
    StatusReason: Option<String>,
    NotificationARNs: Vec<String>,
    RollbackConfiguration: Empty,
    Capabilities: Vec<String>,
    Tags: Vec<Tag>,
    Changes: Vec<Change>,
    NextToken: Option<String>,
    IncludeNestedStacks: bool,
    OnStackFailure: Option<&'static str>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Named) -> Answer<Described> {
    let now = world.now;
    let (stack, set) = find(&world.cloudformation, &caller.region, &ask.ChangeSetName, ask.StackName.as_deref())?;
    let made = set.status(now) == "CREATE_COMPLETE";
    let all = set.changes.iter().flatten().filter(|_| made);
    let (changes, NextToken) = page(all, |change| change.logical.clone(), ask.NextToken.as_deref())?;
    Ok(Described {
        ChangeSetName: set.name.clone(),
        ChangeSetId: set.id.clone(),
        StackId: stack.id.clone(),
        StackName: stack.name.clone(),
        Description: set.description.clone(),
        Parameters: parameters(&set.design),
        CreationTime: set.created,
        ExecutionStatus: execution(stack, set, now),
        Status: set.status(now),
        StatusReason: set.reason(now).map(str::to_string),
        NotificationARNs: set.design.notifications.clone(),
        RollbackConfiguration: Empty {},
        Capabilities: set.design.capabilities.clone(),
        Tags: tags(&set.design.tags),
        Changes: changes.into_iter().map(changes::told).collect(),
        NextToken,
        IncludeNestedStacks: false,
        OnStackFailure: set.on_failure.map(OnFailure::name),
    })
}

/// A change set that is being executed is as far as its stack.
fn execution(stack: &Stack, set: &ChangeSet, now: Moment) -> &'static str {
    if set.executed == Executed::Not {
        return set.execution(now);
    }
    match stack.status {
        status if status.in_progress() => "EXECUTE_IN_PROGRESS",
        Status::CreateComplete | Status::UpdateComplete => "EXECUTE_COMPLETE",
        _ => "EXECUTE_FAILED",
    }
}

#[derive(Debug, Deserialize)]
pub struct Execute {
    ChangeSetName: String,
    StackName: Option<String>,
    ClientRequestToken: Option<String>,
    DisableRollback: Option<bool>,
    RetainExceptOnCreate: Option<bool>,
}

fn wrong_status(set: &ChangeSet, now: Moment) -> Refusal {
    let message = format!(
        "ChangeSet [{}] cannot be executed in its current status of [{}] and execution status of [{}]",
        set.id,
        set.status(now),
        set.execution(now)
    );
    Refusal::new(400, "InvalidChangeSetStatus", message)
}

pub fn execute(world: &mut World, caller: &Caller, ask: Execute) -> Answer<Empty> {
    let (print, token) = (tokens::print("ExecuteChangeSet", &ask), ask.ClientRequestToken.clone());
    if tokens::known(world, caller, token.as_deref(), &print)?.is_some() {
        return Ok(Empty {});
    }
    unsupported(&[("RetainExceptOnCreate", ask.RetainExceptOnCreate == Some(true))])?;
    let now = world.now;
    let (stack, set) = find(&world.cloudformation, &caller.region, &ask.ChangeSetName, ask.StackName.as_deref())?;
    if set.execution(now) != "AVAILABLE" {
        return Err(wrong_status(set, now));
    }
    if !set.creates {
        updatable(stack)?;
    }
    let (id, mut set) = (stack.id.clone(), set.clone());
    let disabled = ask.DisableRollback == Some(true);
    if let Some(stack) = world.cloudformation.stack_mut(&caller.region, &id) {
        stack.token.clone_from(&token);
        stack.executed = Some(set.id.clone());
        set.executed = Executed::Begun;
        // The others are of a stack that will be another (CloudFormation API Reference, ExecuteChangeSet).
        stack.change_sets.clear();
        stack.change_sets.insert(set.name.clone(), set.clone());
        if set.creates {
            stack.design = set.design;
            stack.on_failure = match set.on_failure {
                Some(chosen) => chosen,
                None if disabled => OnFailure::DoNothing,
                None => OnFailure::Rollback,
            };
            cloudformation::begin_create(stack, now);
        } else {
            let keep = disabled || set.on_failure == Some(OnFailure::DoNothing);
            cloudformation::begin_update(stack, now, set.design, keep);
        }
    }
    tokens::remember(world, caller, token.as_deref(), print, &id);
    Ok(Empty {})
}

/// One that is not there is deleted.
pub fn delete(world: &mut World, caller: &Caller, ask: Named) -> Answer<Empty> {
    let found = find(&world.cloudformation, &caller.region, &ask.ChangeSetName, ask.StackName.as_deref());
    let (stack, name) = match found {
        Ok((stack, set)) if set.executed != Executed::Not && stack.status.in_progress() => {
            let message = format!("An operation on ChangeSet [{}] is currently in progress.", set.id);
            return Err(Refusal::new(400, "InvalidChangeSetStatus", message));
        }
        Ok((stack, set)) => (stack.id.clone(), set.name.clone()),
        Err(refusal) if refusal.code == "ChangeSetNotFound" => return Ok(Empty {}),
        Err(refusal) => return Err(refusal),
    };
    if let Some(stack) = world.cloudformation.stack_mut(&caller.region, &stack) {
        stack.change_sets.remove(&name);
    }
    Ok(Empty {})
}

#[derive(Deserialize)]
pub struct List {
    StackName: String,
    NextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Listed {
    Summaries: Vec<Summary>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct Summary {
    StackId: String,
    StackName: String,
    ChangeSetId: String,
    ChangeSetName: String,
    ExecutionStatus: &'static str,
    Status: &'static str,
    StatusReason: Option<String>,
    CreationTime: Moment,
    Description: Option<String>,
    IncludeNestedStacks: bool,
}

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let now = world.now;
    let stack = found(&world.cloudformation, &caller.region, &ask.StackName)?;
    let sets = stack.change_sets.values();
    let (sets, NextToken) = page(sets, |set| set.name.clone(), ask.NextToken.as_deref())?;
    let summary = |set: &ChangeSet| Summary {
        StackId: stack.id.clone(),
        StackName: stack.name.clone(),
        ChangeSetId: set.id.clone(),
        ChangeSetName: set.name.clone(),
        ExecutionStatus: execution(stack, set, now),
        Status: set.status(now),
        StatusReason: set.reason(now).map(str::to_string),
        CreationTime: set.created,
        Description: set.description.clone(),
        IncludeNestedStacks: false,
    };
    Ok(Listed { Summaries: sets.into_iter().map(summary).collect(), NextToken })
}
