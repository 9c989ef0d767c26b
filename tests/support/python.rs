//! Programs of Python that nobody here wrote, and our scripts before them. Where they are missing, tests say SKIPPED.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A Python with these modules: `$TANDEM_PYTHON`, or the one on the path.
pub fn python(modules: &[&str]) -> Option<String> {
    let python = std::env::var("TANDEM_PYTHON").unwrap_or_else(|_| "python3".into());
    for module in modules {
        let import = format!("import {module}");
        let imported = Command::new(&python).args(["-c", &import]).stderr(Stdio::null()).status();
        if !imported.is_ok_and(|status| status.success()) {
            println!("SKIPPED: {python} with {module} is not installed");
            return None;
        }
    }
    Some(python)
}

/// A script of the tests, by its path below them.
pub fn script(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}

/// A process that ends with the test.
pub struct Running {
    child: Child,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        Self { child: command.spawn().unwrap() }
    }

    /// A script that prints the port it took, and ends when its standard input does.
    pub fn script(python: &str, path: &str, arguments: &[&str]) -> (Self, u16) {
        let mut command = Command::new(python);
        command.arg(script(path)).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        (Self { child }, line.trim().parse().unwrap())
    }

    pub fn is_over(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A recording proxy before whatever listens on a port.
pub struct Recorder {
    _proxy: Running,
    pub port: u16,
    file: PathBuf,
}

impl Recorder {
    pub fn start(python: &str, upstream: u16, name: &str) -> Self {
        let file = std::env::temp_dir().join(format!("tandem-{name}-{}.jsonl", std::process::id()));
        let (proxy, port) =
            Running::script(python, "contract/recorder.py", &[&upstream.to_string(), &file.to_string_lossy()]);
        Self { _proxy: proxy, port, file }
    }

    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What the models say of what was answered: a line an exchange.
    #[track_caller]
    pub fn answers_judged(&self, python: &str) -> String {
        self.judged(python, "contract/shapes.py")
    }

    /// What the models say of what was asked.
    #[track_caller]
    pub fn requests_judged(&self, python: &str) -> String {
        self.judged(python, "contract/requests.py")
    }

    /// What a script of the tests tells of the recording.
    #[track_caller]
    pub fn told(&self, python: &str, teller: &str) -> String {
        let output = Command::new(python).arg(script(teller)).arg(&self.file).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    #[track_caller]
    fn judged(&self, python: &str, judge: &str) -> String {
        if let Ok(keep) = std::env::var("TANDEM_KEEP_RECORDINGS") {
            let name = self.file.file_name().unwrap();
            std::fs::copy(&self.file, Path::new(&keep).join(name)).unwrap();
        }
        let output = Command::new(python).arg(script(judge)).arg(&self.file).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        // with the line before, which names the exchange
        let wrong: Vec<String> =
            lines.windows(2).filter(|pair| pair[1].contains("WRONG")).map(|pair| pair.join("\n")).collect();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}\n{said}", wrong.join("\n"));
        text
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}
