//! Whether each Region's registry has the image.

use super::findings::Findings;
use super::report::Finding;
use crate::cloud::checkup::EcrImage;
use crate::model::spec::Spec;

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
    if EcrImage::read(&image.replace("{region}", "r")).is_none() {
        return Finding::fine(format!("{image} is not in Amazon ECR: not looked at"));
    }
    let mut finding = Finding::fine(format!("{image} is in every Region"));
    for region in &findings.regions {
        let Some(looked) = &region.image else { continue };
        let named = image.replace("{region}", &region.name);
        if finding.seen(&region.name, looked) == Some(&false) {
            let what = format!("{named} is not there: a task that starts there cannot pull it, and ends");
            let todo = format!("Push it: docker push {named}, or let ECR replicate the repository to {}", region.name);
            finding.ill(&region.name, what, todo);
        }
    }
    finding
}
