//! Watchers as processes, against a world that is served.

use crate::support::folder::Folder;
use crate::support::served::Served;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tandem::config::simulated_spec;
use tandem::control::lease::Table;
use tandem::model::watch::inputs::Promoted;
use tandem::stage::served;
use tandem::watch::switch::{self, Changed};

/// Tenfold of what a slow machine needs.
const WATCHDOG: Duration = Duration::from_secs(120);

fn tandem(served: &Served, home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tandem"));
    command
        .args(arguments)
        .args(["--endpoint-url", &served.endpoint()])
        .current_dir(std::env::temp_dir())
        .env_remove("AWS_ENDPOINT_URL")
        .env_remove("AWS_REGION")
        .env_remove("TANDEM_CONFIG")
        .env("XDG_CONFIG_HOME", home.join("no-config"))
        .env("XDG_STATE_HOME", home);
    command
}

fn run(served: &Served, home: &Path, arguments: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } = tandem(served, home, arguments).output().unwrap();
    let text = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (status.code().unwrap(), text)
}

/// Asks for the status until it says this and that all is well: a machine that is busy may miss a round.
#[track_caller]
fn until_status(served: &Served, home: &Path, what: &str) {
    let began = Instant::now();
    loop {
        let (code, text) = run(served, home, &["watch", "status"]);
        if code == 0 && text.contains(what) {
            return;
        }
        assert!(began.elapsed() < WATCHDOG, "never said {what}: {text}");
    }
}

struct Watcher {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Watcher {
    fn start(served: &Served, home: &Path, arguments: &[&str]) -> Self {
        let mut command = tandem(served, home, &["watch", "--write"]);
        let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let lines = Arc::new(Mutex::new(vec![]));
        let (out, kept) = (BufReader::new(child.stdout.take().unwrap()), lines.clone());
        std::thread::spawn(move || out.lines().map_while(Result::ok).for_each(|line| kept.lock().unwrap().push(line)));
        Self { child, lines }
    }

    fn said(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    /// Waits until its newest word on whether it is armed has this in it.
    #[track_caller]
    fn until(&self, what: &str) {
        let began = Instant::now();
        let newest = || self.lines.lock().unwrap().iter().rfind(|line| line.contains("ARMED")).cloned();
        while newest().is_none_or(|line| !line.contains(what)) {
            assert!(began.elapsed() < WATCHDOG, "never said {what}: {}", self.said());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Sends SIGTERM and tells the exit code.
    fn terminate(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn two_watchers_find_each_other_and_obey() {
    let (served, home) = (Served::start(&["--speed", "10"]), Folder::new("watchers"));
    let home = home.0.as_path();
    let (code, text) = run(&served, home, &["watch", "status"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("DISARMED (0 of 3 vantages live)") && text.contains("us-east-2       silent"), "{text}");

    let ireland = Watcher::start(&served, home, &["--from", "eu-west-1"]);
    let mut ohio = Watcher::start(&served, home, &["--from", "us-east-2", "--json"]);
    ireland.until("  good  ARMED");
    ohio.until(r#""text":"ARMED""#);
    until_status(&served, home, ": ARMED (2 of 3 vantages live)");
    until_status(&served, home, "eu-west-1       live, armed: eu-west-1 ok; us-east-1 ok; users ok; writes ok");

    let (code, text) = run(&served, home, &["watch", "off", "--why", "a game day"]);
    assert!(code == 64 && text.contains("allow it with --write"), "{code} {text}");
    let (code, text) = run(&served, home, &["watch", "off", "--why", "a game day", "--write"]);
    assert!(code == 0 && text.contains("off"), "{code} {text}");
    ireland.until("DISARMED: switched off by ");
    let (code, text) = run(&served, home, &["watch", "status", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &told["armed"], &told["off"]["why"]), (1, &false.into(), &"a game day".into()), "{text}");
    assert_eq!(run(&served, home, &["watch", "on", "--write"]).0, 0);
    ireland.until("  good  ARMED");
    let (code, text) = run(&served, home, &["watch", "ack", "--write"]);
    assert!(code == 0 && text.contains("nothing to acknowledge"), "{code} {text}");
    promote(&served);
    let (_, text) = run(&served, home, &["watch", "status"]);
    assert!(text.contains("us-east-1 to eu-west-1 by a watcher (then); NOT ACKNOWLEDGED"), "{text}");
    let (code, text) = run(&served, home, &["watch", "ack", "--write"]);
    assert!(code == 0 && text.starts_with("Acknowledged: us-east-1 to eu-west-1 by a watcher (then)"), "{code} {text}");
    let (_, text) = run(&served, home, &["watch", "status"]);
    assert!(text.contains("by a watcher (then); acknowledged by "), "{text}");

    assert_eq!(ohio.terminate(), Some(0), "{}", ohio.said());
    assert!(ohio.said().lines().last().unwrap().contains("ends"), "{}", ohio.said());
    ireland.until("DISARMED: 1 live vantage(s) (eu-west-1)");
}

/// Writes down a promotion as a watcher does; a second one in its place is refused.
fn promote(served: &Served) {
    let promotion = Promoted {
        id: "1".into(),
        by: "a watcher".into(),
        from: "us-east-1".into(),
        to: "eu-west-1".into(),
        at: "then".into(),
        acknowledged: None,
    };
    let spec = simulated_spec();
    let table = Table { name: spec.stack.control_table(), regions: spec.control_regions.clone() };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (first, second) = runtime.block_on(async {
        let stage = served::stage(&served.endpoint(), None, spec.control_regions).await.unwrap();
        let other = Promoted { id: "2".into(), ..promotion.clone() };
        let first = switch::block(&stage.aws, &table, &promotion, None).await.unwrap();
        (first, switch::block(&stage.aws, &table, &other, None).await.unwrap())
    });
    assert_eq!((first, second), (Changed::Done, Changed::Not(Some(promotion))));
}

#[test]
fn what_is_wrong_with_where_it_looks_from_is_said() {
    let (served, home) = (Served::start(&[]), Folder::new("watchers-wrong"));
    let (code, text) = run(&served, &home.0, &["watch", "--write", "--from", "sa-east-1"]);
    assert_eq!(code, 64, "{text}");
    assert!(text.contains("--from is sa-east-1, and no vantage of this stack"), "{text}");
    let (code, text) = run(&served, &home.0, &["watch"]);
    assert!(code == 64 && text.contains("tandem watch changes something"), "{text}");
}

#[test]
fn a_container_has_its_configuration_in_its_environment() {
    let home = Folder::new("watchers-config");
    let status = |text: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tandem"));
        command.args(["status", "--sim"]).current_dir(std::env::temp_dir()).env_remove("AWS_ENDPOINT_URL");
        command.env("TANDEM_CONFIG", text).env("XDG_STATE_HOME", &home.0);
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        (output.status.code(), text)
    };
    let good = "[stack]\nname = \"books\"\n[[regions]]\nname = \"us-east-1\"\n[[regions]]\nname = \"eu-west-1\"\n\
                [dns]\nzone = \"books.example\"\n";
    let (code, text) = status(good);
    assert!(code == Some(0) && text.starts_with("books/prod on simulator: HEALTHY"), "{text}");
    let (code, text) = status(&good.replace("zone =", "zome ="));
    assert!(code == Some(64) && text.contains("TANDEM_CONFIG:8: [dns] unknown key `zome`"), "{text}");
}
