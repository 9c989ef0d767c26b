//! The console on it: one Region is drained by a key, and has its weight back exactly.

use crate::foreign::Foreign;
use crate::support::pty::Terminal;

const ENTER: &[u8] = b"\r";
const ESCAPE: &[u8] = b"\x1b";

fn console(foreign: &Foreign) -> Terminal {
    let config = foreign.config();
    let endpoint = foreign.served.endpoint();
    let environment = foreign.environment();
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let arguments = ["--config", config.to_str().unwrap(), "--endpoint-url", &endpoint, "--write"];
    let mut terminal = Terminal::start_with(&arguments, 140, 45, &environment);
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
    let screen = terminal.text();
    for words in ["weight 30 of 50", "weight 20 of 50", "no canaries", "no switch", "2/2 running", "2/2 healthy", "no heartbeats"] {
        assert!(screen.contains(words), "{words}\n{screen}");
    }
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
    terminal.type_keys("r");
    terminal.wait_for("Give us-east-1 its weight back, 30");
    terminal.type_keys("us-east-1");
    terminal.send(ENTER);
    terminal.wait("its weight again", |screen| screen.contains("weight 30 of 50"));
    assert_eq!(foreign.deed(&["weights"]), before, "exactly what it was");
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
