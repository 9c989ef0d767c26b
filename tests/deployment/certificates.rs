//! Certificates that the stack makes for itself: one run from an empty account to what is seen, and back to nothing.

use crate::yard::{Verb, Yard, asked, told};
use serde_json::json;
use std::time::Duration;
use tandem::cloud;
use tandem::deploy::orphans;
use tandem::deploy::plan::Action;
use tandem::model::spec::Certificate;
use tandem::model::verdict::{self, Overall};
use tandem::observe::Observer;

fn secured(seed: u64) -> Yard {
    let mut yard = Yard::empty(seed);
    yard.spec.regions.iter_mut().for_each(|site| site.certificate = Some(Certificate::Made));
    yard.spec.stack.https = true;
    yard
}

/// Records of proof in the account.
fn proofs(yard: &Yard) -> Vec<String> {
    yard.inventory().into_iter().filter(|line| line.starts_with('_') && line.contains(" CNAME")).collect()
}

#[tokio::test(start_paused = true)]
async fn a_stack_with_its_own_certificates_is_made_seen_and_leaves_nothing() {
    let yard = secured(71);
    let before = yard.inventory();
    let plan = yard.plan().await;
    let row = |id: &str| plan.rows.iter().find(|row| row.id == id).unwrap();
    for region in &yard.spec.stack.regions {
        assert_eq!(row(&format!("{region}/certificate")).action, Action::Create);
    }
    assert_eq!(row("dns/validation").action, Action::Unchanged);
    assert!(!row("dns/validation").exists, "nothing is there to take away");

    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    assert_eq!(yard.run(Verb::Apply).await.sent(), 0);
    assert_eq!(proofs(&yard).len(), 5, "one for the stack's name, two for each Region");
    let found = orphans::search(&yard.stage.aws, &yard.spec, &yard.graph()).await;
    assert_eq!(found, orphans::Orphans::default());
    for region in &yard.spec.stack.regions {
        let listener = cloud::look::elbv2::listener(&yard.stage.aws, region, "shop-web", 443).await.unwrap();
        let arn = listener.is["Certificates"][0]["CertificateArn"].as_str().unwrap_or_default().to_string();
        assert!(arn.starts_with(&format!("arn:aws:acm:{region}:123456789012:certificate/")), "{arn}");
    }

    let stage = &yard.stage;
    let observer =
        Observer::start(stage.aws.clone(), stage.vantage.clone(), stage.clock.clone(), yard.spec.stack.clone(), false);
    observer.settled(&stage.clock, Duration::from_secs(60)).await;
    stage.clock.sleep(Duration::from_secs(120)).await;
    let snapshot = observer.snapshots().borrow().clone();
    assert_eq!(verdict::of_stack(&snapshot, stage.clock.now()), Overall::Healthy);
    drop(observer);

    yard.run(Verb::Destroy).await;
    assert_eq!(yard.inventory(), before);
    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
}

/// One that was given renews by its records when the stack is gone.
#[tokio::test(start_paused = true)]
async fn beside_one_that_was_given_only_what_was_made_is_taken_away() {
    let mut yard = secured(72);
    let arn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
    yard.spec.regions[0].certificate = Some(Certificate::Given(arn.into()));
    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    assert_eq!(proofs(&yard).len(), 3);
    yard.run(Verb::Destroy).await;
    let left = proofs(&yard);
    assert!(left.len() == 1 && left[0].contains(".app.shop.example."), "{left:?}");
}

/// Names are what a certificate is for: others are another certificate, which listeners get before the old one goes.
#[tokio::test(start_paused = true)]
async fn other_names_are_another_certificate() {
    let mut yard = secured(73);
    yard.run(Verb::Apply).await;
    let arn = async |yard: &Yard| {
        let listener = cloud::look::elbv2::listener(&yard.stage.aws, "eu-west-1", "shop-web", 443).await.unwrap();
        listener.is["Certificates"][0]["CertificateArn"].as_str().unwrap_or_default().to_string()
    };
    let old = arn(&yard).await;
    yard.spec.tags.insert("team".into(), "web".into());
    yard.run(Verb::Apply).await;
    assert_eq!(arn(&yard).await, old, "tags change in place");
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    yard.spec.stack.policy = "buy.shop.example".into();
    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    let new = arn(&yard).await;
    assert_ne!(new, old);
    yard.stage.clock.sleep(Duration::from_secs(600)).await;
    let told = yard.simulator.with(|world| {
        asked(world, "eu-west-1", "cloudformation", "DescribeStackEvents", json!({ "StackName": "shop-certificate" }))
    });
    let told = told.to_string();
    assert!(!told.contains("DELETE_FAILED") && told.contains("DELETE_COMPLETE"), "{told}");
}
