//! Amazon ECS: a service, its events and its tasks.

use super::edge::{count, moment, some_text, text};
use super::error::call_error;
use super::{Aws, Regional};
use crate::model::event::{Event, Severity};
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::revisions::{self, Revision, Revisions};
use crate::model::snapshot::{DeploymentView, ServiceView, TaskView};
use aws_sdk_ecs::types::{Deployment, DesiredStatus, Service, ServiceEvent, SortOrder, Task, TaskDefinitionStatus};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

/// DescribeTasks takes so many tasks (API Reference, DescribeTasks).
const TASKS_A_CALL: usize = 100;
/// Pages that are read before a list is taken to be endless.
const MOST_PAGES: usize = 100;
/// Pages of stopped tasks that are read: ECS keeps them for an hour, and a service that crashes
/// makes thousands.
const STOPPED_PAGES: usize = 1;

/// The service as it stands.
pub async fn service(aws: &Aws, region: &str, cluster: &str, service: &str) -> Result<ServiceView, CallError> {
    let client = &aws.regional(region)?.ecs.reads;
    let answer = client.describe_services().cluster(cluster).services(service).send().await.map_err(call_error)?;
    match answer.services().first() {
        Some(found) => Ok(service_view(found, region, cluster, service)),
        None => {
            let reason = answer.failures().first().and_then(|failure| failure.reason());
            let reason = some_text(reason).unwrap_or_else(|| "MISSING".into());
            Err(CallError::new(ErrorClass::NotFound, format!("service {service} of cluster {cluster}: {reason}")))
        }
    }
}

/// What the service is to run and what it ran before.
///
/// # Errors
/// As the calls end; `NotFound` without the service.
pub async fn revisions(aws: &Aws, region: &str, cluster: &str, name: &str) -> Result<Revisions, CallError> {
    let client = &aws.regional(region)?.ecs.reads;
    let now = service(aws, region, cluster, name).await?.task_definition;
    let family = now.rsplit('/').next().and_then(|name| name.rsplit_once(':')).map(|(family, _)| family);
    let call = client.list_task_definitions().family_prefix(family.unwrap_or_default());
    let call = call.status(TaskDefinitionStatus::Active).sort(SortOrder::Desc);
    let mut pages = call.into_paginator().items().send();
    let mut before = None;
    while let Some(arn) = pages.next().await {
        let arn = text(Some(&arn.map_err(call_error)?));
        // newest first: what comes after it is older still
        if revisions::before(std::slice::from_ref(&arn), &now).is_some() {
            before = Some(arn);
            break;
        }
    }
    let describe = async |arn: String| -> Result<Revision, CallError> {
        let answer = client.describe_task_definition().task_definition(&arn).send().await.map_err(call_error)?;
        let containers = answer.task_definition().map_or(&[][..], |found| found.container_definitions()).iter();
        Ok(Revision { images: containers.filter_map(|one| some_text(one.image())).collect(), arn })
    };
    let before = match before {
        Some(arn) => Some(describe(arn).await?),
        None => None,
    };
    Ok(Revisions { region: region.into(), now: describe(now).await?, before })
}

/// Every task that runs or should, and those that stopped a short while ago, in order of their ARNs.
pub async fn tasks(aws: &Aws, region: &str, cluster: &str, service: &str) -> Result<Vec<TaskView>, CallError> {
    let regional = aws.regional(region)?;
    let (running, stopped) = tokio::join!(
        list(regional, cluster, service, DesiredStatus::Running, MOST_PAGES),
        list(regional, cluster, service, DesiredStatus::Stopped, STOPPED_PAGES),
    );
    // a task may move from one list to the other between the two calls
    let arns: BTreeSet<String> = running?.into_iter().chain(stopped?).collect();
    let arns: Vec<String> = arns.into_iter().collect();
    let mut calls = JoinSet::new();
    for chunk in arns.chunks(TASKS_A_CALL) {
        let call = regional.ecs.reads.describe_tasks().cluster(cluster).set_tasks(Some(chunk.to_vec()));
        calls.spawn(async move { call.send().await });
    }
    let mut tasks = Vec::with_capacity(arns.len());
    while let Some(call) = calls.join_next().await {
        let answer = call.map_err(|_| CallError::new(ErrorClass::Service, "the call was given up"))?;
        tasks.extend(answer.map_err(call_error)?.tasks().iter().map(task_view));
    }
    tasks.sort_by(|one, other| one.arn.cmp(&other.arn));
    Ok(tasks)
}

async fn list(
    regional: &Regional,
    cluster: &str,
    service: &str,
    status: DesiredStatus,
    pages: usize,
) -> Result<Vec<String>, CallError> {
    let (mut arns, mut token) = (vec![], None);
    for _ in 0..pages {
        let call =
            regional.ecs.reads.list_tasks().cluster(cluster).service_name(service).desired_status(status.clone());
        let answer = call.set_next_token(token).send().await.map_err(call_error)?;
        arns.extend_from_slice(answer.task_arns());
        token = answer.next_token().filter(|token| !token.is_empty()).map(String::from);
        if token.is_none() {
            break;
        }
    }
    Ok(arns)
}

fn service_view(found: &Service, region: &str, cluster: &str, service: &str) -> ServiceView {
    ServiceView {
        cluster: cluster.into(),
        name: some_text(found.service_name()).unwrap_or_else(|| service.into()),
        arn: text(found.service_arn()),
        status: text(found.status()),
        desired: count(found.desired_count()),
        running: count(found.running_count()),
        pending: count(found.pending_count()),
        task_definition: text(found.task_definition()),
        deployments: found.deployments().iter().map(deployment_view).collect(),
        events: events(found.events(), region),
    }
}

fn deployment_view(deployment: &Deployment) -> DeploymentView {
    DeploymentView {
        status: text(deployment.status()),
        rollout: some_text(deployment.rollout_state().map(|state| state.as_str())),
        task_definition: text(deployment.task_definition()),
        desired: count(deployment.desired_count()),
        running: count(deployment.running_count()),
        pending: count(deployment.pending_count()),
        failed: count(deployment.failed_tasks()),
    }
}

fn events(events: &[ServiceEvent], region: &str) -> Vec<Event> {
    let mut seen: Vec<Event> = events
        .iter()
        .filter_map(|event| {
            let (at, text) = (moment(event.created_at())?, text(event.message()));
            Some(Event { at, severity: severity(&text), region: Some(region.into()), text })
        })
        .collect();
    seen.sort_by_key(|event| std::cmp::Reverse(event.at));
    seen
}

/// How bad a service event is, by its words (Developer Guide, "Viewing Amazon ECS service event
/// messages").
fn severity(text: &str) -> Severity {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["unable to", "failed", "unhealthy", "limit"]) {
        Severity::Bad
    } else if has(&["throttled", "draining", "stopped", "deregistered", "rolling back"]) {
        Severity::Warn
    } else if has(&["steady state", "completed"]) {
        Severity::Good
    } else {
        Severity::Info
    }
}

fn task_view(task: &Task) -> TaskView {
    TaskView {
        arn: text(task.task_arn()),
        zone: text(task.availability_zone()),
        status: text(task.last_status()),
        desired_status: text(task.desired_status()),
        health: some_text(task.health_status().map(|health| health.as_str())),
        address: some_text(address(task)),
        created: moment(task.created_at()),
        started: moment(task.started_at()),
        stop_code: some_text(task.stop_code().map(|code| code.as_str())),
        stopped_reason: some_text(task.stopped_reason()),
        image_digest: some_text(task.containers().iter().find_map(|container| container.image_digest())),
        task_definition: text(task.task_definition_arn()),
    }
}

/// The private address of the task's network interface.
fn address(task: &Task) -> Option<&str> {
    let interfaces = task.attachments().iter().flat_map(|attachment| attachment.details());
    let attached = interfaces.filter(|detail| detail.name() == Some("privateIPv4Address")).find_map(|d| d.value());
    let mut inner = task.containers().iter().flat_map(|container| container.network_interfaces());
    attached.or_else(|| inner.find_map(|interface| interface.private_ipv4_address()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::DateTime;

    #[test]
    fn a_task_with_nothing_in_it_is_still_a_task() {
        let task = task_view(&Task::builder().build());
        assert_eq!((task.arn.as_str(), task.address, task.created), ("", None, None));
    }

    #[test]
    fn events_are_newest_first_and_harmless() {
        let event = |second: i64, text: &str| {
            ServiceEvent::builder().created_at(DateTime::from_secs(second)).message(text).build()
        };
        let seen = events(
            &[
                event(10, "(service a) has started 1 tasks"),
                event(20, "(service a) has reached a steady state."),
                event(30, "(service a) was unable to place a task\u{1b}[2J"),
                ServiceEvent::builder().message("no time").build(),
            ],
            "eu-west-1",
        );
        let kinds: Vec<Severity> = seen.iter().map(|event| event.severity).collect();
        assert_eq!(kinds, [Severity::Bad, Severity::Good, Severity::Info]);
        assert!(seen[0].text.ends_with("task␛[2J"), "{}", seen[0].text);
    }
}
