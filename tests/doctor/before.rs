//! Before anything is deployed.

use crate::ward::{PEER, Ward, told};
use tandem::deploy::doctor::report::Group;

type Plant = fn(&mut Ward);

#[tokio::test(start_paused = true)]
async fn only_what_matters_for_a_deployment_is_told() {
    let report = Ward::empty().report().await;
    assert_eq!(report.exit_code(), 0, "{}", told(&report));
    let stack: Vec<&str> =
        report.lines.iter().filter(|line| line.group == Group::Stack).map(|line| line.check).collect();
    assert_eq!(stack, ["deployed"]);
}

#[tokio::test(start_paused = true)]
async fn what_an_apply_would_run_into_is_named() {
    let plants: [(Plant, &str); 7] = [
        (|ward| ward.fault("F11", |_| {}), "credentials"),
        (|ward| ward.fault("F13", |fault| fault.service = Some("cloudformation".into())), "permissions"),
        (|ward| ward.fault("F32", |fault| fault.value = Some(0.0)), "quotas"),
        (|ward| ward.fault("F33", |fault| fault.region = Some(PEER.into())), "image"),
        (|ward| ward.fault("F34", |fault| fault.region = Some(PEER.into())), "regions"),
        (|ward| ward.fault("F35", |_| {}), "delegation"),
        (|ward| ward.spec.database.version = "16.99".into(), "engine"),
    ];
    for (plant, check) in plants {
        let mut ward = Ward::empty();
        plant(&mut ward);
        let report = ward.report().await;
        assert_eq!((report.ills(), report.exit_code()), (vec![check], 1), "{}", told(&report));
    }
}
