//! Secrets stay where they belong.

use crate::yard::{Verb, Yard, asked};
use serde_json::{Value, json};

#[tokio::test(start_paused = true)]
async fn no_password_is_written_shown_or_told() {
    let yard = Yard::empty(13);
    let view = yard.run(Verb::Apply).await;
    let plan = format!("{:?}", yard.plan().await);
    for name in ["shop-master", "shop-heartbeat", "shop-reader"] {
        let ask = json!({ "SecretId": name });
        let told = yard.simulator.with(|world| asked(world, "us-east-1", "secretsmanager", "GetSecretValue", ask));
        let value: Value = serde_json::from_str(told["SecretString"].as_str().unwrap()).unwrap();
        let password = value["password"].as_str().unwrap();
        assert!(password.len() >= 20);
        for (place, text) in [("journal", yard.paper.text()), ("board", format!("{view:?}")), ("plan", plan.clone())] {
            assert!(!text.contains(password), "the password of {name} stands in the {place}");
        }
    }
}
