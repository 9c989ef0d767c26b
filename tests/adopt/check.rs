//! `tandem adopt`, `status`, and what is refused.

use crate::foreign::Foreign;
use crate::support::folder::Folder;
use serde_json::Value;

/// The load balancer of a Region, as the configuration names it.
fn balancer(foreign: &Foreign, region: &str) -> String {
    let config = std::fs::read_to_string(foreign.config()).unwrap();
    let (_, section) = config.split_once(&format!("[resources.{region}]")).unwrap();
    let line = section.lines().find(|line| line.starts_with("load_balancer")).unwrap();
    line.split('"').nth(1).unwrap().to_string()
}

#[test]
fn it_is_looked_at_without_a_change_then_tagged_once() {
    let Some(foreign) = Foreign::build("tags") else { return };
    let (checked, asked) = foreign.recorded(&["adopt", "--check"]);
    let checked = checked.ended_with(2);
    let reads = |one: &String| ["Describe", "List", "Get"].iter().any(|word| one.starts_with(word));
    assert!(asked.len() > 30, "{asked:?}");
    assert!(asked.iter().all(reads), "a check only reads: {asked:?}");
    for words in [
        "+ tag      us-east-1/service",
        "ecs live-east/front  tandem:logical-id=service",
        "eu-west-1/db            rds orders-ireland",
        "EnableLocalWriteForwarding false -> true: as the writer its tasks cannot write",
        "DeletionProtection false -> true: one call deletes the cluster",
        "TimeToLiveSpecification.Enabled false -> true: sessions are kept for ever",
        "HealthCheckPath / -> /health",
        "13 to tag with tandem:stack=shop, 1 found with nothing to do.",
    ] {
        assert!(checked.out.contains(words), "{words}\n{}", checked.out);
    }

    let json: Value = serde_json::from_str(&foreign.tandem(&["adopt", "--check", "--json"]).ended_with(2).out).unwrap();
    assert_eq!((&json["to_tag"], &json["unnamed"]), (&13.into(), &serde_json::json!([])));
    let database = json["resources"].as_array().unwrap().iter().find(|one| one["id"] == "eu-west-1/db").unwrap();
    assert_eq!(database["tags"]["tandem:logical-id"], "db");
    assert_eq!(database["differences"][0]["member"], "EnableLocalWriteForwarding");
    assert!(database["command"].as_str().unwrap().starts_with("aws rds add-tags-to-resource --region eu-west-1"));

    let refused = foreign.tandem(&["adopt", "--yes"]).ended_with(64);
    assert!(refused.errors.contains("read-only: to tag resources give --write"), "{}", refused.errors);
    let (tagged, asked) = foreign.recorded(&["adopt", "--write", "--yes"]);
    let tagged = tagged.ended_with(0);
    assert!(tagged.errors.contains("13 of 13 tagged."), "{}", tagged.errors);
    let mut writes: Vec<&str> = asked.iter().filter(|one| !reads(one)).map(String::as_str).collect();
    writes.sort_unstable();
    let expected = [vec!["AddTags"; 6], vec!["AddTagsToResource"; 3], vec!["TagResource"; 4]].concat();
    assert_eq!(writes, expected, "one call a resource, and nothing else");

    let again = foreign.tandem(&["adopt", "--check"]).ended_with(0);
    assert!(again.out.contains("14 found with nothing to do."), "{}", again.out);
    foreign.tandem(&["adopt", "--write", "--yes"]).ended_with(0);

    // the journal is of the world that it was written in: here the recorder's address
    let journals: String = walk(&foreign.home.0).iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    assert!(journals.contains("AddTagsToResource") && journals.contains("\"verb\":\"adopt\""), "{journals}");

    foreign.deed(&["tag", &balancer(&foreign, "eu-west-1"), "tandem:stack", "bank"]);
    let taken = foreign.tandem(&["adopt", "--check"]).ended_with(1);
    assert!(taken.out.contains("its tag tandem:stack says bank: it is not taken"), "{}", taken.out);
    let refused = foreign.tandem(&["adopt", "--write", "--yes"]).ended_with(1);
    assert!(refused.errors.contains("Nothing was tagged"), "{}", refused.errors);
}

#[test]
fn without_resources_there_is_nothing_to_adopt() {
    let home = Folder::new("adopt-nothing");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(["adopt", "--check"])
        .current_dir(&home.0)
        .env_remove("AWS_ENDPOINT_URL")
        .env("XDG_CONFIG_HOME", &home.0)
        .env("XDG_STATE_HOME", &home.0)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is nothing to adopt"));
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn both_regions_are_told_and_nothing_of_it_is_deployed_or_destroyed() {
    let Some(foreign) = Foreign::build("status") else { return };
    let status = foreign.tandem(&["status"]).ended_with(0);
    assert!(status.out.starts_with("shop/prod on http://127.0.0.1:"), "{}", status.out);
    for words in [
        "HEALTHY (2 of 2 Regions serve)",
        "2/2 running, 0 pending",
        "2/2 targets healthy",
        "weight 30 of 50, no dial, no switch",
        "weight 20 of 50, no dial, no switch",
        "writer, available, 1/1 instances",
        "reader, available, 1/1 instances, connected",
        "ACTIVE, not ours: no canaries",
        "no heartbeats: no commit proves the writer",
    ] {
        assert!(status.out.contains(words), "{words}\n{}", status.out);
    }
    assert!(!status.out.contains("UNKNOWN") && !status.out.contains("FAILED"), "{}", status.out);
    let simulated = foreign.tandem(&["status", "--sim"]).ended_with(0);
    assert!(simulated.out.starts_with("shop/prod on simulator: HEALTHY"), "{}", simulated.out);
    assert!(simulated.out.contains("dial 100"), "the simulator makes all of it: {}", simulated.out);
    for verb in [&["plan"][..], &["apply", "--yes"], &["destroy", "--yes"]] {
        let refused = foreign.tandem(verb).ended_with(64);
        let words = format!("is never made, replaced or deleted: {} is refused", verb[0]);
        assert!(refused.errors.contains(&words), "{}", refused.errors);
    }

    let mut config = std::fs::read_to_string(foreign.config()).unwrap();
    config = config.replace("cluster:orders-ireland", "cluster:orders-cork");
    std::fs::write(foreign.config(), config).unwrap();
    let missing = foreign.tandem(&["adopt", "--check"]).ended_with(1);
    let words = "there is no arn:aws:rds:eu-west-1:123456789012:cluster:orders-cork";
    assert!(missing.out.contains("! missing  eu-west-1/db") && missing.out.contains(words), "{}", missing.out);
}
