//! Whether each Region's registry has the images: of the application, and of Tandem for watchers and guards.

use super::findings::{Findings, Looked};
use super::report::Finding;
use crate::cloud::checkup::EcrImage;
use crate::model::spec::Spec;
use std::collections::BTreeMap;

/// What tasks in a Region start with.
pub fn all(spec: &Spec, region: &str) -> Vec<String> {
    let own = spec.region_names().any(|name| name == region);
    let app = Some(&spec.app.image).filter(|image| own && !image.is_empty());
    let guard = spec.watch.guard_image.as_ref().filter(|_| own);
    let watch = spec.watch.image.as_ref().filter(|_| spec.watch_regions().contains(&region));
    let mut all: Vec<String> =
        [app, watch, guard].into_iter().flatten().map(|image| image.replace("{region}", region)).collect();
    all.dedup();
    all
}

pub fn judge(findings: &Findings, spec: &Spec) -> Finding {
    let image = &spec.app.image;
    if image.is_empty() {
        let mut finding = Finding::fine("");
        finding.advise(
            "",
            "the file names no image: the stack can be flown, and not deployed",
            "Name it in [app] image",
        );
        return finding;
    }
    let named: Vec<&str> = [Some(image), spec.watch.image.as_ref(), spec.watch.guard_image.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let of_ecr: Vec<&str> =
        named.iter().copied().filter(|image| EcrImage::read(&image.replace("{region}", "r")).is_some()).collect();
    let mut finding = Finding::fine(match (&of_ecr[..], &named[..]) {
        ([], _) => format!("{image} is not in Amazon ECR: not looked at"),
        ([one], [_]) => format!("{one} is in every Region"),
        _ => "those in Amazon ECR are in every Region".into(),
    });
    let regions = findings.regions.iter().map(|region| (&region.name, &region.images));
    let outside = findings.outside.iter().map(|region| (&region.name, &region.images));
    regions.chain(outside).for_each(|(region, images)| of(&mut finding, region, images));
    finding
}

fn of(finding: &mut Finding, region: &str, images: &BTreeMap<String, Looked<bool>>) {
    for (named, looked) in images {
        if finding.seen(region, looked) == Some(&false) {
            let what = format!("{named} is not there: a task that starts there cannot pull it, and ends");
            let todo = format!("Push it: docker push {named}, or let ECR replicate the repository to {region}");
            finding.ill(region, what, todo);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::simulated_spec;

    #[test]
    fn only_a_watcher_runs_outside() {
        let mut spec = simulated_spec();
        spec.app.image = "web:{region}".into();
        (spec.watch.image, spec.watch.guard_image) = (Some("tandem:1".into()), Some("tandem:1".into()));
        assert_eq!(all(&spec, "eu-west-1"), ["web:eu-west-1", "tandem:1"]);
        assert_eq!(all(&spec, "us-east-2"), ["tandem:1"]);
        spec.watch.image = None;
        assert_eq!(all(&spec, "us-east-2"), Vec::<String>::new());
    }
}
