//! `tandem sim serve` on free ports, stopped by process id when the test ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

pub struct Served {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    pub port: u16,
    pub dns: u16,
    pub http: u16,
}

impl Served {
    /// Starts it with these further arguments and reads where it listens.
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tandem"))
            .args(["sim", "serve", "--port", "0", "--dns", "0", "--http", "0"])
            .args(arguments)
            .current_dir(std::env::temp_dir())
            .env_remove("AWS_ENDPOINT_URL")
            .env_remove("TANDEM_LOG")
            .env("XDG_CONFIG_HOME", std::env::temp_dir().join("tandem-no-config"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(vec![]));
        let (errors, kept) = (BufReader::new(child.stderr.take().unwrap()), Arc::clone(&log));
        std::thread::spawn(move || {
            errors.lines().map_while(Result::ok).for_each(|line| kept.lock().unwrap().push(line))
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut port = |what: &str| {
            let line = lines.next().unwrap().unwrap();
            assert!(line.starts_with(what), "{line}");
            line.rsplit(':').next().unwrap().trim().parse().unwrap()
        };
        let (aws, dns, http) = (port("aws"), port("dns"), port("http"));
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, log, port: aws, dns, http }
    }

    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What it has written to standard error so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// Asks one of its control pages and tells what it answers.
    pub fn control(&self, method: &str, path: &str, body: &str) -> String {
        ask(self.port, method, path, body)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

/// Asks a page of a server on loopback and tells what it answers.
#[track_caller]
pub fn ask(port: u16, method: &str, path: &str, body: &str) -> String {
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: tandem\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 2"), "{method} {path}: {answer}");
    answer
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program and tells what it printed, or `None` where it is not installed.
pub fn run(program: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            println!("SKIPPED: {program} is not installed");
            None
        }
        Err(e) => panic!("{program}: {e}"),
    }
}
