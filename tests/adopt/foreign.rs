//! A simulated account with somebody else's stack in it, and a configuration that names it.

use crate::support::folder::Folder;
use crate::support::python::{Recorder, python, script};
use crate::support::served::Served;
use std::path::PathBuf;
use std::process::{Command, Output};

const HEAD: &str = r#"
[stack]
name = "shop"
[[regions]]
name = "us-east-1"
[[regions]]
name = "eu-west-1"
[dns]
zone = "example.com"
"#;

pub struct Foreign {
    pub served: Served,
    pub home: Folder,
    pub python: String,
}

impl Foreign {
    /// `None` where boto3 is missing.
    pub fn build(name: &str) -> Option<Self> {
        let python = python(&["boto3"])?;
        let served = Served::start(&["--empty", "--zone", "example.com", "--speed", "600"]);
        let foreign = Self { served, home: Folder::new(&format!("adopt-{name}")), python };
        let resources = foreign.deed(&["build"]);
        std::fs::write(foreign.config(), format!("{HEAD}{resources}")).unwrap();
        foreign.speed(10);
        Some(foreign)
    }

    /// Gives it a user that writes heartbeats, and names it.
    pub fn with_heartbeats(self) -> Self {
        let named = self.deed(&["heartbeats"]);
        let config = std::fs::read_to_string(self.config()).unwrap();
        std::fs::write(self.config(), config.replace("[resources]\n", &format!("[resources]\n{named}"))).unwrap();
        self
    }

    pub fn config(&self) -> PathBuf {
        self.home.0.join("config.toml")
    }

    pub fn speed(&self, speed: u32) {
        self.served.control("POST", "/_sim/clock", &format!("{{\"speed\": {speed}}}"));
    }

    /// Does something to the stack as its builder would.
    pub fn deed(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(&self.python);
        let ran = command.arg(script("adopt/foreign.py")).arg(self.served.endpoint()).args(arguments).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    }

    /// Runs `tandem` on it.
    pub fn tandem(&self, arguments: &[&str]) -> Said {
        self.tandem_at(&self.served.endpoint(), arguments)
    }

    fn tandem_at(&self, endpoint: &str, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_tandem"))
            .args(arguments)
            .args(["--endpoint-url", endpoint])
            .current_dir(&self.home.0)
            .envs(self.environment())
            .env_remove("AWS_PROFILE")
            .output()
            .unwrap();
        Said::of(&output)
    }

    /// The same, and every operation that it asked for.
    pub fn recorded(&self, arguments: &[&str]) -> (Said, Vec<String>) {
        let recorder = Recorder::start(&self.python, self.served.port, "adopt");
        let said = self.tandem_at(&recorder.endpoint(), arguments);
        let told = recorder.told(&self.python, "adopt/operations.py");
        (said, told.lines().map(String::from).collect())
    }

    pub fn environment(&self) -> [(&'static str, String); 5] {
        let home = self.home.0.to_string_lossy().into_owned();
        [
            ("XDG_CONFIG_HOME", home.clone()),
            ("XDG_STATE_HOME", home),
            ("AWS_ACCESS_KEY_ID", "AKIDTEST".into()),
            ("AWS_SECRET_ACCESS_KEY", "secret".into()),
            ("AWS_CONFIG_FILE", "/dev/null".into()),
        ]
    }
}

/// What a process said, and how it ended.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub errors: String,
}

impl Said {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), errors: text(&output.stderr) }
    }

    #[track_caller]
    pub fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.errors);
        self
    }
}
