//! `tandem guard` against a served simulator: it opens, it closes, and between the two it bears what a task must bear.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "real processes run by real time")]

#[path = "support/mod.rs"]
mod support;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use support::served::Served;
use tandem::cloud;
use tandem::model::call::{Act, Call};
use tandem::model::epoch::Epoch;
use tandem::model::outcome::Outcome;

const CONTROL: &str = "us-east-1,us-east-2,us-west-2";
/// A peer has five seconds to answer: a quarter of one of the machine's.
const SPEED: &str = "20";
/// Nothing that is waited for here takes so long.
const WATCHDOG: Duration = Duration::from_secs(60);

struct Guard {
    child: Child,
    lines: Receiver<String>,
    port: String,
}

impl Guard {
    fn start(served: &Served, region: &str, peer: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let peer = format!("http://origin-{peer}.app.shop.example/.tandem/switch/{region}");
        let mut child = tandem(&["--endpoint-url", &served.endpoint(), "--port", &port])
            .args(["--region", region, "--table", "shop-control", "--control-regions", CONTROL, "--peers", &peer])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (said, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || output.lines().map_while(Result::ok).for_each(|line| drop(said.send(line))));
        Self { child, lines, port }
    }

    /// Waits for a line with these words. On a machine that is busy it may be unsure of something meanwhile.
    fn says(&self, what: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(WATCHDOG).unwrap_or_else(|why| panic!("{what}: {why}"));
            if line.contains(what) {
                return line;
            }
        }
    }

    fn is_open(&self) -> bool {
        tandem(&["--probe", "--port", &self.port]).status().unwrap().success()
    }

    fn ended(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tandem(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tandem"));
    command.arg("guard").args(arguments).env_remove("AWS_ENDPOINT_URL").stderr(Stdio::null());
    command
}

fn breaks(served: &Served, fault: &str) {
    let answer = served.control("POST", "/_sim/faults", fault);
    assert!(answer.contains("\"active\":true"), "{answer}");
}

/// The control table is silent everywhere.
fn lose_the_table(served: &Served) {
    for region in CONTROL.split(',') {
        let more = format!(r#""region": "{region}", "service": "dynamodb", "duration_s": 600000"#);
        breaks(served, &format!(r#"{{ "kind": "F1", {more} }}"#));
    }
}

#[test]
fn a_deposed_region_closes_at_once_and_does_not_open_again() {
    let served = Served::start(&["--speed", SPEED]);
    let mut guard = Guard::start(&served, "us-east-1", "eu-west-1");
    guard.says("open");
    let epoch = Epoch::after(None, 2, "us-east-1", "eu-west-1");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let write = |before: Option<u64>, epoch: Epoch| {
        let act = Act::WriteEpoch { table: "shop-control".into(), before, epoch };
        runtime.block_on(async {
            let regions = vec!["us-east-2".to_string()];
            let stage = tandem::stage::served::stage(&served.endpoint(), None, regions).await.unwrap();
            cloud::send(&stage.aws, &Call::new("us-east-2", act)).await
        })
    };
    let done = |outcome: Outcome| assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    done(write(None, epoch.clone()));
    done(write(None, epoch.clone()));
    let other = write(None, Epoch::after(None, 2, "eu-west-1", "us-east-1"));
    assert!(matches!(&other, Outcome::Refused(why) if why.to_string().contains("eu-west-1 writes")), "{other:?}");
    guard.says("CLOSED, its task ends: us-east-1 was deposed: eu-west-1 writes under epoch 2");
    assert_eq!(guard.ended().code(), Some(1));
    let next = Guard::start(&served, "us-east-1", "eu-west-1");
    next.says("waits before its task begins: us-east-1 was deposed");
    assert!(!next.is_open(), "no container begins that waits for it");
    Guard::start(&served, "eu-west-1", "us-east-1").says("open");
    done(write(Some(2), epoch.opened("us-east-1")));
    next.says("open");
    assert!(next.is_open());
}

#[test]
fn a_lost_table_closes_nobody_and_a_region_that_is_cut_off_closes() {
    let served = Served::start(&["--speed", SPEED]);
    let mut guard = Guard::start(&served, "us-east-1", "eu-west-1");
    guard.says("open");
    lose_the_table(&served);
    // three minutes and more
    std::thread::sleep(Duration::from_secs(10));
    assert!(guard.is_open(), "the peer says that the Region serves");
    breaks(&served, r#"{ "kind": "F15", "region": "eu-west-1", "duration_s": 600000 }"#);
    guard.says("CLOSED, its task ends: not confirmed for ");
    assert_eq!(guard.ended().code(), Some(1));
    assert!(!guard.is_open());
}

#[test]
fn what_is_missing_is_said_and_a_signal_is_no_failure() {
    let output = tandem(&["--region", "us-east-1"]).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "--table: a guard needs it; see tandem guard --help\n");
    let served = Served::start(&["--speed", SPEED]);
    let mut guard = Guard::start(&served, "us-east-1", "eu-west-1");
    guard.says("open");
    rustix::process::kill_process(rustix::process::Pid::from_child(&guard.child), rustix::process::Signal::TERM)
        .unwrap();
    assert_eq!(guard.ended().code(), Some(0));
}
