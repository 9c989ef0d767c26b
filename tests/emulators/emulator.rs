//! A program that stands in for AWS, and a recorder before it.

use crate::support::folder::Folder;
use crate::support::python::{Recorder, Running, script};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A slow machine needs a tenth of it.
const WATCHDOG: Duration = Duration::from_secs(60);

pub struct Emulator {
    /// What Tandem talks to.
    pub recorder: Recorder,
    port: u16,
    pub python: String,
    _running: Running,
    _home: Folder,
}

impl Emulator {
    /// `command` starts it on a port of loopback; its home is an empty folder.
    pub fn start(python: &str, name: &str, command: impl Fn(&mut Command, u16)) -> Self {
        let port = free_port();
        Self::start_at(python, name, port, |line| command(line, port))
    }

    /// The same on this port.
    pub fn start_at(python: &str, name: &str, port: u16, command: impl Fn(&mut Command)) -> Self {
        let home = Folder::new(&format!("{name}-home-{port}"));
        let mut line = Command::new(python);
        line.env_clear()
            .env("PATH", std::env::var("PATH").unwrap_or_default())
            .env("HOME", &home.0)
            .env("TMPDIR", &home.0)
            .current_dir(&home.0)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command(&mut line);
        let mut running = Running::start(&mut line);
        let end = Instant::now() + WATCHDOG;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(!running.is_over(), "{name} does not start");
            assert!(Instant::now() < end, "{name} does not listen");
            std::thread::sleep(Duration::from_millis(100));
        }
        let recorder = Recorder::start(python, port, &format!("{name}-{port}"));
        Self { recorder, port, python: python.into(), _running: running, _home: home }
    }

    /// Runs a script of this folder on it, past the recorder.
    #[track_caller]
    pub fn run(&self, name: &str, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = Command::new(&self.python)
            .arg(script(&format!("emulators/{name}")))
            .arg(format!("http://127.0.0.1:{}", self.port))
            .args(arguments)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&stdout).into_owned();
        assert!(status.success(), "{said}{}", String::from_utf8_lossy(&stderr));
        said
    }
}

/// One that nobody listens on: what is started takes it at once.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
