//! A Region that is taken out of the file leaves what nobody asks for any more.

use crate::yard::{Verb, Yard, asked, told};
use serde_json::json;
use std::collections::BTreeSet;
use tandem::deploy::orphans;
use tandem::model::call::{Act, Call};
use tandem::model::spec::Network;

const GONE: &str = "eu-central-1";

/// With a third Region, in the order of the columns.
fn three() -> Yard {
    let yard = Yard::empty(41);
    let mut spec = yard.spec.clone();
    let mut site = spec.regions[0].clone();
    site.name = GONE.into();
    if let Network::Made { cidr, .. } = &mut site.network {
        *cidr = "10.3.0.0/16".into();
    }
    spec.regions.push(site);
    spec.stack.regions.push(GONE.into());
    Yard::on(yard.simulator, spec)
}

async fn search(yard: &Yard) -> orphans::Orphans {
    orphans::search(&yard.stage.aws, &yard.spec, &yard.graph()).await
}

#[tokio::test(start_paused = true)]
async fn what_a_region_leaves_behind_is_told_and_nothing_else() {
    let mut yard = three();
    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    assert_eq!(search(&yard).await, orphans::Orphans::default(), "what the file asks for is no orphan");

    yard.spec.regions.pop();
    yard.spec.stack.regions.pop();
    // the clients of whoever has the new file know nothing of the Region
    let yard = Yard::on(yard.simulator.clone(), yard.spec.clone());
    let found = search(&yard).await;
    assert_eq!(found.unseen, Vec::<String>::new());
    let names: BTreeSet<String> =
        found.found.iter().map(|one| format!("{} {} {}", one.region, one.service, timeless(&one.name))).collect();
    let expected = [
        "eu-central-1 application-autoscaling service/shop/shop-web",
        "eu-central-1 cloudformation shop-base",
        "eu-central-1 cloudformation shop-peering-eu-central-1-eu-west-1",
        "eu-central-1 cloudformation shop-peering-eu-central-1-us-east-1",
        "eu-central-1 cloudformation shop-routes",
        "eu-central-1 cloudwatch shop-5xx",
        "eu-central-1 cloudwatch shop-unhealthy-hosts",
        "eu-central-1 dynamodb shop-sessions",
        "eu-central-1 ecs shop",
        "eu-central-1 ecs shop-web",
        "eu-central-1 elbv2 /.tandem/switch/eu-west-1",
        "eu-central-1 elbv2 /.tandem/switch/us-east-1",
        "eu-central-1 elbv2 shop-web",
        "eu-central-1 rds shop-db",
        "eu-central-1 rds shop-db-eu-central-1",
        "eu-central-1 rds shop-db-eu-central-1-1",
        "eu-central-1 rds shop-db-eu-central-1-2",
        "eu-central-1 secretsmanager shop-heartbeat",
        "eu-central-1 secretsmanager shop-master",
        "eu-central-1 secretsmanager shop-reader",
        "eu-west-1 elbv2 /.tandem/switch/eu-central-1",
        "us-east-1 elbv2 /.tandem/switch/eu-central-1",
        "us-east-1 route53 shop-endpoint-eu-central-1",
        "us-east-1 route53 shop-health-eu-central-1",
        "us-east-1 route53 shop-switch-eu-central-1-at-eu-west-1",
        "us-east-1 route53 shop-switch-eu-central-1-at-us-east-1",
        "us-east-1 route53 shop-switch-eu-west-1-at-eu-central-1",
        "us-east-1 route53 shop-switch-us-east-1-at-eu-central-1",
    ];
    assert_eq!(names, BTreeSet::from(expected.map(String::from)));
    let lines = |service: &str, name: &str| {
        let one = found.found.iter().find(|one| one.service == service && one.name == name);
        one.map(|one| one.remove.iter().map(Call::cli).collect::<Vec<_>>()).unwrap_or_default()
    };
    let cluster = lines("rds", "shop-db-eu-central-1");
    assert!(cluster[0].starts_with("aws rds remove-from-global-cluster --region eu-central-1"), "{cluster:?}");
    assert!(cluster[2].starts_with("aws rds delete-db-cluster --region eu-central-1"), "{cluster:?}");
    assert!(found.found.iter().all(|one| !one.remove.is_empty() && one.logical_id.is_some()), "{:#?}", found.found);

    // an apply leaves them where they are
    let plan = yard.plan().await;
    assert_eq!(plan.obstacles().count(), 0, "{:#?}", told(&plan));
    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    let left: BTreeSet<String> =
        search(&yard).await.found.iter().map(|one| format!("{} {}", one.region, timeless(&one.name))).collect();
    assert_eq!(
        left.len(),
        names.iter().map(|name| name.split(' ').step_by(2).collect::<Vec<_>>()).collect::<BTreeSet<_>>().len()
    );
}

/// Autoscaling that is switched off would go on scaling, and watchers that are not asked for would go on watching.
#[tokio::test(start_paused = true)]
async fn what_was_switched_off_is_told_while_it_goes_on() {
    let mut yard = Yard::empty(43);
    yard.spec.watch.image = Some("tandem:1".into());
    yard.run(Verb::Apply).await;
    assert_eq!(search(&yard).await, orphans::Orphans::default());
    yard.spec.watch.image = None;
    yard.spec.app.autoscaling = None;
    let found = search(&yard).await;
    assert_eq!(found.unseen, Vec::<String>::new());
    let names: Vec<String> =
        found.found.iter().map(|one| format!("{} {} {}", one.region, one.service, one.name)).collect();
    let mut expected = vec![];
    for region in ["eu-west-1", "us-east-1", "us-east-2"] {
        expected.push(format!("{region} cloudwatch shop-watch"));
    }
    expected.push("eu-west-1 application-autoscaling service/shop/shop-web".into());
    expected.push("us-east-1 application-autoscaling service/shop/shop-web".into());
    for region in ["eu-west-1", "us-east-1", "us-east-2"] {
        // service, task definition and cluster have one name
        expected.extend(vec![format!("{region} ecs shop-watch"); 3]);
    }
    for region in ["eu-west-1", "us-east-1", "us-east-2"] {
        expected.push(format!("{region} cloudformation shop-watch"));
    }
    assert_eq!(names, expected);
    // in this order they go
    for call in found.found.iter().flat_map(|one| &one.remove) {
        let outcome = tandem::cloud::send(&yard.stage.aws, call).await;
        assert!(matches!(outcome, tandem::model::outcome::Outcome::Done { .. }), "{call:?}: {outcome:?}");
        yard.stage.clock.sleep(std::time::Duration::from_secs(120)).await;
    }
    assert_eq!(search(&yard).await, orphans::Orphans::default());
}

/// A reference without what tells its making.
fn timeless(name: &str) -> String {
    let hash = |part: &str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.split('-').take_while(|part| !hash(part)).collect::<Vec<_>>().join("-")
}

/// Things of others with names like ours, and things of another stack, are nobody's orphans; an instance that the
/// file has no number for any more is.
#[tokio::test(start_paused = true)]
async fn only_what_carries_the_tag_is_an_orphan() {
    let mut yard = Yard::empty(42);
    yard.run(Verb::Apply).await;
    yard.simulator.with(|world| {
        let tags = |stack: &str| json!([{ "key": "tandem:stack", "value": stack }]);
        asked(world, "eu-west-1", "ecs", "CreateCluster", json!({ "clusterName": "shop-old", "tags": tags("shop") }));
        asked(world, "eu-west-1", "ecs", "CreateCluster", json!({ "clusterName": "shop-else", "tags": tags("shop2") }));
        asked(world, "eu-west-1", "ecs", "CreateCluster", json!({ "clusterName": "shop-bare" }));
    });
    yard.spec.database.instances = 1;
    let found = search(&yard).await;
    let names: Vec<(&str, &str)> = found.found.iter().map(|one| (one.region.as_str(), one.name.as_str())).collect();
    assert_eq!(
        names,
        [("eu-west-1", "shop-old"), ("eu-west-1", "shop-db-eu-west-1-2"), ("us-east-1", "shop-db-us-east-1-2")]
    );
    let Act::Request(request) = &found.found[0].remove[0].act else { panic!("{found:?}") };
    assert_eq!(request.input, json!({ "cluster": "shop-old" }));
}
