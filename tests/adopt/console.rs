//! The console on it: one Region is drained by a key, and has its weight back exactly.

use crate::foreign::Foreign;
use crate::support::pty::Terminal;

const ENTER: &[u8] = b"\r";
const ESCAPE: &[u8] = b"\x1b";

fn opened(foreign: &Foreign) -> Terminal {
    let config = foreign.config();
    let endpoint = foreign.served.endpoint();
    let environment = foreign.environment();
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let arguments = ["--config", config.to_str().unwrap(), "--endpoint-url", &endpoint, "--write"];
    Terminal::start_with(&arguments, 140, 45, &environment)
}

fn console(foreign: &Foreign) -> Terminal {
    let mut terminal = opened(foreign);
    // a page that has something to tell of each Region
    let all = |screen: &str| screen.matches("● SERVING").count() == 4 && !screen.contains("not seen yet");
    terminal.wait("both Regions", all);
    terminal
}

#[test]
fn a_region_is_drained_by_a_key_and_restored() {
    let Some(foreign) = Foreign::build("console") else { return };
    foreign.speed(60);
    let before = foreign.deed(&["weights"]);
    let mut terminal = console(&foreign);
    for words in [
        "weight 30 of 50",
        "weight 20 of 50",
        "no canaries",
        "no switch",
        "2/2 running",
        "2/2 healthy",
        "no heartbeats",
    ] {
        // a frame may be half drawn
        terminal.wait_for(words);
    }
    let screen = terminal.text();
    assert!(!screen.contains("UNKNOWN"), "{screen}");

    terminal.type_keys("d");
    terminal.wait_for("Drain us-east-1: weight 30 to 0");
    terminal.type_keys("us-east-1");
    terminal.send(ENTER);
    terminal.wait("a drained Region", |screen| screen.contains("DRAINED") && screen.contains("weight 0 of 20"));
    let away = foreign.deed(&["weights"]);
    assert!(away.contains("east 0 ") && away.contains("ireland 20 "), "{away}");
    terminal.send(ESCAPE);
    terminal.wait_for("drain us-east-1 (#1): completed");
    terminal.type_keys("q");
    terminal.ended();
    let journal = foreign.tandem(&["journal"]).ended_with(0);
    assert!(
        journal.out.contains("operation 1 is undone by aws route53 change-resource-record-sets"),
        "{}",
        journal.out
    );

    // another process knows from the journal what the weight was
    let mut terminal = opened(&foreign);
    terminal.wait("a drained Region", |screen| screen.contains("DRAINED") && screen.contains("weight 0 of 20"));
    terminal.wait("the rest", |screen| !screen.contains("not seen yet"));
    terminal.type_keys("r");
    terminal.wait_for("Give us-east-1 its weight back, 30");
    terminal.type_keys("us-east-1");
    terminal.send(ENTER);
    terminal.wait("its weight again", |screen| screen.contains("weight 30 of 50"));
    assert_eq!(foreign.deed(&["weights"]), before, "exactly what it was");
}

#[test]
fn the_database_is_failed_over_and_proven_and_tasks_are_scaled() {
    let Some(foreign) = Foreign::build("failover") else { return };
    let foreign = foreign.with_heartbeats();
    foreign.speed(60);
    let mut terminal = console(&foreign);
    terminal.wait_for("commits proven");
    terminal.type_keys("f");
    terminal.wait_for("Switch the database over to eu-west-1");
    terminal.wait_for("Prove it: commit a heartbeat of epoch 2");
    terminal.type_keys("eu-west-1");
    terminal.send(ENTER);
    terminal.send(ESCAPE);
    terminal.wait_for("fail over to eu-west-1 (#1): completed");
    terminal.wait_for("writer eu-west-1");

    terminal.type_keys("s");
    terminal.wait_for("2 tasks are desired now");
    terminal.type_keys("3");
    terminal.send(ENTER);
    terminal.wait_for("Scale us-east-1 from 2 to 3 tasks");
    terminal.type_keys("us-east-1");
    terminal.send(ENTER);
    terminal.send(ESCAPE);
    terminal.wait_for("scale us-east-1 (#2): completed");
    terminal.wait_for("3/3 running");

    let checked = foreign.tandem(&["adopt", "--check"]).ended_with(2);
    assert!(checked.out.contains("secretsmanager orders-beat"), "{}", checked.out);
    let status = foreign.tandem(&["status"]);
    assert!(status.out.contains("last commit in eu-west-1, epoch 2"), "{}", status.out);
    foreign.tandem(&["adopt", "--write", "--yes"]).ended_with(0);
    let again = foreign.tandem(&["adopt", "--check"]).ended_with(0);
    assert!(again.out.contains("15 found with nothing to do"), "{}", again.out);
}

#[test]
fn what_cannot_be_turned_is_refused_in_words() {
    let Some(foreign) = Foreign::build("latency") else { return };
    foreign.deed(&["latency"]);
    foreign.speed(20);
    let mut terminal = console(&foreign);
    terminal.wait_for("by latency");
    terminal.type_keys("d");
    terminal.wait_for("by latency, and such a record cannot be turned down");
}
