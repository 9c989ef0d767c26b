//! Tandem on programs that nobody here wrote: ministack and moto as AWS, microburst as its faults. Where Python
//! or one of them is missing the tests say SKIPPED.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "real processes run by real time")]

#[path = "../support/mod.rs"]
mod support;

mod emulator;
mod known;
mod microburst;
mod ministack;
mod moto;

use std::path::PathBuf;
use std::process::{Command, Output};
use support::folder::Folder;

/// The example's image of the application, in force.
const APP_IMAGE: (&str, &str) = (
    "# image = \"123456789012.dkr.ecr.{region}.amazonaws.com/shop-web",
    "image = \"123456789012.dkr.ecr.{region}.amazonaws.com/shop-web",
);

/// Where a test keeps its configuration and the state of its processes.
struct Home(Folder);

impl Home {
    fn new(name: &str) -> Self {
        Self(Folder::new(name))
    }

    /// The example's configuration with these lines for others.
    fn configure(&self, changes: &[(&str, &str)]) {
        let example = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config.example.toml");
        let mut text = std::fs::read_to_string(example).unwrap();
        for (from, to) in changes {
            assert_eq!(text.matches(from).count(), 1, "{from}");
            text = text.replace(from, to);
        }
        std::fs::write(self.0.0.join("config.toml"), text).unwrap();
    }

    /// Runs `tandem` here, against an endpoint.
    fn tandem(&self, endpoint: &str, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_tandem"))
            .args(arguments)
            .args(["--endpoint-url", endpoint])
            .current_dir(&self.0.0)
            .env("XDG_CONFIG_HOME", &self.0.0)
            .env("XDG_STATE_HOME", &self.0.0)
            .env("AWS_ACCESS_KEY_ID", "AKIDTEST")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env_remove("AWS_PROFILE")
            .output()
            .unwrap();
        Said::of(output)
    }
}

/// What a process said, and how it ended.
struct Said {
    code: Option<i32>,
    out: String,
    errors: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), errors: text(&output.stderr) }
    }

    #[track_caller]
    fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.errors);
        self
    }
}
