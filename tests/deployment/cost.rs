//! The cost that a plan tells, against a sum that shares nothing with it but the prices.

use crate::support::folder::Folder;
use crate::support::python::{python, script};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const HEAD: &str = r#"
[stack]
name = "shop"
[app]
image = "shop:1"
"#;
const TAIL: &str = r#"
[dns]
zone = "example.com"
"#;

fn certificate(region: &str) -> String {
    format!("certificate = \"arn:aws:acm:{region}:123456789012:certificate/11111111-2222-3333-4444-555555555555\"\n")
}

fn configurations() -> [(&'static str, String); 4] {
    let region = |name: &str, more: &str| format!("[[regions]]\nname = \"{name}\"\n{more}");
    let two = region("us-east-1", "") + &region("eu-west-1", "");
    let three: String = ["us-east-1", "eu-west-1", "ap-south-1"]
        .map(|name| region(name, &format!("nat = \"one\"\n{}", certificate(name))))
        .concat();
    let tasks = "desired = 5\nautoscaling = false\ncpu = 512\nmemory = 3072\n";
    let class = "[database]\nclass = \"db.r7g.xlarge\"\ninstances = 3\n";
    let alerts = "[alerts]\ntopics = { us-east-1 = \"arn:aws:sns:us-east-1:123456789012:ops\" }\n";
    let watch = "[watch]\nimage = \"tandem:1\"\n";
    let closed = region("us-east-1", "nat = \"none\"\nzones = 2\n") + &region("eu-west-1", "nat = \"none\"\n");
    let control = "[control]\nregions = [\"us-east-1\", \"us-east-2\", \"us-west-2\"]\n";
    [
        ("two Regions", format!("{HEAD}{two}{TAIL}")),
        ("three Regions", format!("{HEAD}{tasks}{three}{class}{alerts}{TAIL}")),
        ("watchers", format!("{HEAD}{two}{watch}{TAIL}")),
        ("no way out", format!("{HEAD}{closed}{control}{TAIL}")),
    ]
}

fn plan(folder: &Path, config: &Path, more: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(["--sim", "--config"])
        .arg(config)
        .args(["plan", "--empty"])
        .args(more)
        .env_remove("AWS_ENDPOINT_URL")
        .env("XDG_STATE_HOME", folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn another_sum_of_the_same_prices_comes_to_the_same_cent() {
    let Some(python) = python(&["tomllib"]) else { return };
    let prices = script("../src/deploy/cost/prices.toml");
    for (name, text) in configurations() {
        let folder = Folder::new("cost");
        let (config, file) = (folder.0.join("config.toml"), folder.0.join("plan.json"));
        std::fs::write(&config, text).unwrap();
        let told = plan(&folder.0, &config, &["--json"]);
        std::fs::write(&file, &told).unwrap();
        let output = Command::new(&python).arg(script("cost/sum.py")).args([&file, &config, &prices]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let sum = String::from_utf8(output.stdout).unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(format!("{:.2}", told["monthly_usd"].as_f64().unwrap()), sum.trim(), "{name}");
        let items = told["items"].as_array().unwrap().iter().map(|item| item["monthly_usd"].as_f64().unwrap());
        assert_eq!(format!("{:.2}", items.sum::<f64>()), sum.trim(), "{name}");
    }
}

#[test]
fn the_last_line_of_a_plan_is_its_cost() {
    let folder = Folder::new("cost-line");
    let config = folder.0.join("config.toml");
    let [(_, two), (_, three), _, _] = configurations();
    std::fs::write(&config, two).unwrap();
    let said = plan(&folder.0, &config, &[]);
    let last = said.lines().last().unwrap();
    assert!(last.starts_with("About $1,") && last.ends_with(" a month before use (prices of 2026-09-25)"), "{last}");
    // of the whole stack, whatever part of it is planned
    assert!(plan(&folder.0, &config, &["--only", "tables"]).ends_with(&format!("{last}\n")));
    std::fs::write(&config, three).unwrap();
    let said = plan(&folder.0, &config, &[]);
    assert!(said.ends_with(" a month before use (prices of 2026-09-25; us-east-1's for ap-south-1)\n"), "{said}");
}
