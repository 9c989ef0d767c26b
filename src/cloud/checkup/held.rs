//! What an account has in a Region of what quotas count.

use super::MOST_PAGES;
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;

/// Names of what stands, whoever made it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    /// Application Load Balancers.
    pub balancers: Vec<String>,
    pub target_groups: Vec<String>,
    pub clusters: Vec<String>,
    pub instances: Vec<String>,
    /// Of CloudFormation; those that were deleted count for no quota.
    pub stacks: Vec<String>,
}

/// # Errors
/// As the calls end.
pub async fn held(aws: &Aws, region: &str) -> Result<Held, CallError> {
    let (balancers, target_groups, clusters, instances, stacks) = tokio::join!(
        balancers(aws, region),
        target_groups(aws, region),
        clusters(aws, region),
        instances(aws, region),
        stacks(aws, region)
    );
    Ok(Held {
        balancers: balancers?,
        target_groups: target_groups?,
        clusters: clusters?,
        instances: instances?,
        stacks: stacks?,
    })
}

/// Reads a list to its end: `$page` is a page of `$pages`.
macro_rules! gather {
    ($pages:expr, |$page:ident| $names:expr) => {{
        let (mut pages, mut all) = ($pages, vec![]);
        for _ in 0..MOST_PAGES {
            let Some($page) = pages.next().await else { break };
            let $page = $page.map_err(call_error)?;
            all.extend($names);
        }
        Ok(all)
    }};
}

type Names = Result<Vec<String>, CallError>;

async fn balancers(aws: &Aws, region: &str) -> Names {
    let pages = aws.regional(region)?.elbv2.reads.describe_load_balancers().into_paginator().send();
    gather!(pages, |page| {
        let found = page.load_balancers().iter();
        let application = found.filter(|one| one.r#type().is_none_or(|kind| kind.as_str() == "application"));
        application.map(|one| text(one.load_balancer_name())).collect::<Vec<_>>()
    })
}

async fn target_groups(aws: &Aws, region: &str) -> Names {
    let pages = aws.regional(region)?.elbv2.reads.describe_target_groups().into_paginator().send();
    gather!(pages, |page| page.target_groups().iter().map(|one| text(one.target_group_name())).collect::<Vec<_>>())
}

async fn clusters(aws: &Aws, region: &str) -> Names {
    let pages = aws.regional(region)?.rds.reads.describe_db_clusters().into_paginator().send();
    gather!(pages, |page| page.db_clusters().iter().map(|one| text(one.db_cluster_identifier())).collect::<Vec<_>>())
}

async fn instances(aws: &Aws, region: &str) -> Names {
    let pages = aws.regional(region)?.rds.reads.describe_db_instances().into_paginator().send();
    gather!(pages, |page| page.db_instances().iter().map(|one| text(one.db_instance_identifier())).collect::<Vec<_>>())
}

async fn stacks(aws: &Aws, region: &str) -> Names {
    let pages = aws.regional(region)?.cloudformation.reads.list_stacks().into_paginator().send();
    gather!(pages, |page| {
        let gone = |status: &str| status == "DELETE_COMPLETE";
        let found = page.stack_summaries().iter();
        let stands = found.filter(|one| !one.stack_status().is_some_and(|status| gone(status.as_str())));
        stands.map(|one| text(one.stack_name())).collect::<Vec<_>>()
    })
}
