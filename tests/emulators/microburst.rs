//! A proxy that nobody here wrote fails, holds and throttles one Region's calls in AWS's own words: an apply comes to
//! its end all the same, and the console's pollers say what they cannot see and go on with the rest.

use crate::emulator::{Emulator, free_port};
use crate::support::pty::Terminal;
use crate::support::python::python;
use crate::support::served::{Served, ask};
use crate::{APP_IMAGE, Home};

/// The Region that everything happens to.
const BAD: &str = "eu-west-1";

/// microburst before a served simulator.
struct Proxy {
    emulator: Emulator,
    port: u16,
}

impl Proxy {
    fn before(python: &str, served: &Served) -> Self {
        let port = free_port();
        let upstream = served.endpoint();
        let emulator = Emulator::start_at(python, "microburst", port, |command| {
            command.args(["-m", "microburst", "--upstream", &upstream, "--port", &port.to_string()]);
        });
        Self { emulator, port }
    }

    /// Puts these rules in the place of all that there are.
    fn rules(&self, rules: &str) {
        self.control("POST", "rules", rules);
    }

    /// How many calls it has spoilt.
    fn fired(&self) -> usize {
        self.control("GET", "fired?limit=100000", "").matches("\"action\"").count()
    }

    fn control(&self, method: &str, path: &str, body: &str) -> String {
        ask(self.port, method, &format!("/_microburst/{path}"), body)
    }
}

fn rule(effect: &str) -> String {
    format!(r#"{{"service":"*","region":"{BAD}",{effect}}}"#)
}

#[test]
fn an_apply_comes_to_its_end_through_failures_silence_and_throttling() {
    let Some(python) = python(&["boto3", "microburst"]) else { return };
    let served = Served::start(&["--empty", "--zone", "example.com", "--speed", "60"]);
    let proxy = Proxy::before(&python, &served);
    let folder = Home::new("microburst");
    folder.configure(&[APP_IMAGE]);
    proxy.rules(&format!(
        "[{},{},{}]",
        rule(r#""probability":0.15,"error":{"code":"ServiceUnavailable","status":503}"#),
        rule(r#""probability":0.15,"error":{"code":"ThrottlingException"}"#),
        rule(r#""probability":0.02,"timeout_ms":6000"#),
    ));
    let endpoint = proxy.emulator.recorder.endpoint();
    folder.tandem(&endpoint, &["apply", "--yes"]).ended_with(0);
    assert!(proxy.fired() > 20, "{} calls were spoilt", proxy.fired());
    proxy.rules("[]");
    folder.tandem(&endpoint, &["plan"]).ended_with(0);
    proxy.emulator.recorder.requests_judged(&python);
}

#[test]
fn pollers_say_what_they_cannot_see_and_go_on_with_the_rest() {
    let Some(python) = python(&["boto3", "microburst"]) else { return };
    let served = Served::start(&["--speed", "10"]);
    let proxy = Proxy::before(&python, &served);
    let endpoint = format!("http://127.0.0.1:{}", proxy.port);
    let environment = [("AWS_ACCESS_KEY_ID", "AKIDTEST"), ("AWS_SECRET_ACCESS_KEY", "secret")];
    let mut terminal = Terminal::start_with(&["--endpoint-url", &endpoint], 130, 40, &environment);
    // of the list of Regions, which has one line for each
    let says = |screen: &str, region: &str, word: &str| {
        screen.lines().any(|line| line.contains(&format!("{word:<9} {region}")))
    };
    let both = |screen: &str| says(screen, "us-east-1", "SERVING") && says(screen, BAD, "SERVING");
    terminal.wait("both Regions", both);
    for effect in [
        r#""error":{"code":"ServiceUnavailable","status":503}"#,
        r#""timeout_ms":20000"#,
        r#""error":{"code":"Throttling"}"#,
    ] {
        proxy.rules(&format!("[{}]", rule(effect)));
        let screen = terminal.wait(effect, |screen| says(screen, BAD, "UNKNOWN"));
        assert!(says(&screen, "us-east-1", "SERVING"), "{effect}\n{screen}");
        proxy.rules("[]");
        terminal.wait("both Regions again", both);
    }
    assert!(proxy.fired() > 3);
}
