//! What Aurora can be had as: versions of an engine, and classes of instances. It is asked so that a plan can tell what
//! AWS would refuse; what cannot be asked (no permission, no answer) is left to that refusal.

use crate::cloud::Aws;
use crate::cloud::edge::text;
use std::collections::BTreeSet;

/// Pages that are read before a list is taken to be endless.
const MOST_PAGES: usize = 20;

/// The versions that `region` has of the engine, oldest first, when `version` is none of them.
pub async fn other_versions(aws: &Aws, region: &str, engine: &str, version: &str) -> Option<Vec<String>> {
    let client = &aws.regional(region).ok()?.rds.reads;
    let mut pages = client.describe_db_engine_versions().engine(engine).into_paginator().send();
    let mut found = vec![];
    for _ in 0..MOST_PAGES {
        let Some(page) = pages.next().await else { break };
        found.extend(page.ok()?.db_engine_versions().iter().map(|one| text(one.engine_version())));
    }
    let number = |version: &str| version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    found.sort_by_key(|one| number(one));
    found.dedup();
    (!found.is_empty() && !found.iter().any(|one| one == version)).then_some(found)
}

/// The classes that `region` has for a global database of this version, when `class` is none of them; `None` as well
/// when it has none at all, which is no matter of the class.
pub async fn other_classes(aws: &Aws, region: &str, engine: &str, version: &str, class: &str) -> Option<Vec<String>> {
    let client = &aws.regional(region).ok()?.rds.reads;
    let options = || client.describe_orderable_db_instance_options().engine(engine).engine_version(version);
    let own = options().db_instance_class(class).send().await.ok()?;
    if !own.orderable_db_instance_options().is_empty() {
        return None;
    }
    let mut pages = options().into_paginator().send();
    let mut found = BTreeSet::new();
    for _ in 0..MOST_PAGES {
        let Some(page) = pages.next().await else { break };
        let page = page.ok()?;
        let fits =
            page.orderable_db_instance_options().iter().filter(|one| one.supports_global_databases() != Some(false));
        found.extend(fits.map(|one| text(one.db_instance_class())));
    }
    (!found.is_empty()).then(|| found.into_iter().collect())
}
