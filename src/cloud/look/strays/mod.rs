//! What carries a stack's tag, whether or not the stack still asks for it: one file a service. There is no one list
//! of everything that is tagged among the services that Tandem calls, so each is asked for its own.

mod alarms;
mod checks;
mod database;
mod foundation;
mod scaling;
mod secrets;
mod tables;
mod tasks;
mod traffic;

use crate::cloud::Aws;
use crate::cloud::edge::region_of;
use crate::model::deploy::Stray;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::stack::Stack;
use crate::probe::Boxed;
use std::collections::{BTreeMap, BTreeSet};

/// The tag that says whose a resource is, and the one that says what it is for.
const STACK: &str = "tandem:stack";
const LOGICAL_ID: &str = "tandem:logical-id";

type Found = Result<Vec<Stray>, CallError>;
type Look = for<'a> fn(&'a Aws, &'a str, &'a Stack) -> Boxed<'a, Found>;

/// What a Region is asked for, in the order in which things can be taken away.
const LOOKS: [(&str, Look); 8] = [
    ("cloudwatch", |aws, region, stack| Box::pin(alarms::find(aws, region, &stack.name))),
    ("application-autoscaling", |aws, region, stack| Box::pin(scaling::find(aws, region, &stack.name))),
    ("ecs", |aws, region, stack| Box::pin(tasks::find(aws, region, stack))),
    ("elbv2", |aws, region, stack| Box::pin(traffic::find(aws, region, &stack.name))),
    ("rds", |aws, region, stack| Box::pin(database::find(aws, region, &stack.name))),
    ("secretsmanager", |aws, region, stack| Box::pin(secrets::find(aws, region, &stack.name))),
    ("dynamodb", |aws, region, stack| Box::pin(tables::find(aws, region, &stack.name))),
    ("cloudformation", |aws, region, stack| Box::pin(foundation::find(aws, region, &stack.name))),
];

/// What a Region has of a stack, and what could not be asked for: service and why. A Region that does not answer
/// is not asked again.
pub async fn of_region(aws: &Aws, region: &str, stack: &Stack) -> (Vec<Stray>, Vec<(&'static str, CallError)>) {
    let (mut strays, mut unseen) = (vec![], vec![]);
    for (service, look) in LOOKS {
        match look(aws, region, stack).await {
            Ok(found) => strays.extend(found),
            Err(error) => {
                let silent = matches!(error.class, ErrorClass::Unreachable | ErrorClass::Timeout);
                unseen.push((service, error));
                if silent {
                    break;
                }
            }
        }
    }
    (strays, unseen)
}

/// The health checks of a stack, which have no Region.
///
/// # Errors
/// As the calls end.
pub async fn health_checks(aws: &Aws, stack: &Stack) -> Found {
    checks::find(aws, &stack.name).await
}

/// The Regions in which the database and the sessions have a copy, as those say that answer.
pub async fn copies(aws: &Aws, stack: &Stack) -> BTreeSet<String> {
    let mut regions = BTreeSet::new();
    for region in &stack.regions {
        if let Ok(Some(global)) = super::rds::find_global(aws, region, &stack.global_cluster()).await {
            let members = global.global_cluster_members().iter();
            regions.extend(members.filter_map(|member| region_of(member.db_cluster_arn()?)));
        }
        if let Ok(Some(table)) = super::dynamodb::table(aws, region, &stack.sessions_table()).await {
            regions.extend(table.replicas.into_keys());
        }
    }
    regions
}

/// Whether the tags are those of the stack.
fn ours(tags: &BTreeMap<String, String>, stack: &str) -> bool {
    tags.get(STACK).is_some_and(|owner| owner == stack)
}

fn stray(region: &str, service: &'static str, name: impl Into<String>, tags: &BTreeMap<String, String>) -> Stray {
    let logical_id = tags.get(LOGICAL_ID).cloned();
    Stray { region: region.into(), service, name: name.into(), logical_id, remove: vec![] }
}
