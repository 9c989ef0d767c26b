//! The real binary in a real pseudo-terminal, with a terminal emulator to read its screen.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// No test waits longer for a screen: tenfold of what a slow machine needs.
const WATCHDOG: Duration = Duration::from_secs(90);

fn size_of(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).unwrap()
}

fn command(program: &str) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    let empty = std::env::temp_dir();
    command.cwd(&empty);
    for name in ["AWS_ENDPOINT_URL", "AWS_PROFILE", "NO_COLOR", "COLORFGBG", "SSH_CONNECTION"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    command.env("XDG_CONFIG_HOME", empty.join("tandem-no-config"));
    // every console of its own: none comes back to where another was left
    static STARTED: AtomicU32 = AtomicU32::new(0);
    let number = STARTED.fetch_add(1, Ordering::SeqCst);
    command.env("XDG_STATE_HOME", empty.join(format!("tandem-state-{}-{number}", std::process::id())));
    command
}

pub struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    pub child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    /// Lets the reader's copy of the terminal go with the next output.
    gone: Arc<AtomicBool>,
    parser: vt100::Parser,
    pub raw: Vec<u8>,
    /// A process of another session, which a lost terminal does not end.
    elsewhere: Option<u32>,
}

fn alive(pid: &str) -> bool {
    std::process::Command::new("ps").args(["-o", "stat=", "-p", pid]).output().is_ok_and(|told| !told.stdout.is_empty())
}

impl Terminal {
    /// Starts `tandem` with these arguments in a terminal of this size, with no configuration and no
    /// AWS environment.
    pub fn start(arguments: &[&str], columns: u16, rows: u16) -> Self {
        Self::start_with(arguments, columns, rows, &[])
    }

    pub fn start_with(arguments: &[&str], columns: u16, rows: u16, environment: &[(&str, &str)]) -> Self {
        let mut command = command(env!("CARGO_BIN_EXE_tandem"));
        command.args(arguments);
        for (name, value) in environment {
            command.env(name, value);
        }
        Self::open(command, columns, rows)
    }

    /// The same in a session that this is not the terminal of. `None` where setsid is not installed.
    pub fn start_elsewhere(columns: u16, rows: u16) -> Option<Self> {
        if std::process::Command::new("setsid").arg("--version").output().is_err() {
            println!("SKIPPED: setsid is not installed");
            return None;
        }
        let mut command = command("sh");
        let exec = r#"setsid sh -c 'echo "pid $$."; exec "$0"' "$0" & wait"#;
        command.args(["-c", exec, env!("CARGO_BIN_EXE_tandem")]);
        let mut terminal = Self::open(command, columns, rows);
        let screen = terminal.wait("the process id", |screen| screen.contains("pid ") && screen.contains('.'));
        let told = screen.split_once("pid ").and_then(|(_, rest)| rest.split_once('.'));
        terminal.elsewhere = told.and_then(|(pid, _)| pid.parse().ok());
        Some(terminal)
    }

    /// Waits until the process of another session is gone.
    #[track_caller]
    pub fn wait_gone(&mut self) {
        let pid = self.elsewhere.unwrap().to_string();
        let end = Instant::now() + WATCHDOG;
        while alive(&pid) {
            assert!(Instant::now() < end, "it does not end");
            std::thread::sleep(Duration::from_millis(50));
        }
        self.elsewhere = None;
    }

    /// A shell with job control and the prompt `sh$ `; `$TANDEM` is the binary. `None` where bash is not
    /// installed.
    pub fn start_shell(columns: u16, rows: u16) -> Option<Self> {
        if std::process::Command::new("bash").arg("--version").output().is_err() {
            println!("SKIPPED: bash is not installed");
            return None;
        }
        let mut command = command("bash");
        command.args(["--norc", "--noprofile", "--noediting", "-i"]);
        command.env("PS1", "sh$ ");
        command.env("TANDEM", env!("CARGO_BIN_EXE_tandem"));
        let mut terminal = Self::open(command, columns, rows);
        terminal.wait_for("sh$ ");
        Some(terminal)
    }

    fn open(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (send, output) = channel();
        let gone = Arc::new(AtomicBool::new(false));
        let leaves = gone.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(n) = reader.read(&mut buffer) {
                if n == 0 || leaves.load(Ordering::SeqCst) || send.send(buffer[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        let parser = vt100::Parser::new(size_of(rows), size_of(columns), 0);
        Self {
            master: Some(pair.master),
            writer: Some(writer),
            child,
            output,
            gone,
            parser,
            raw: vec![],
            elsewhere: None,
        }
    }

    pub fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// Whether the screen shows this text, reversed.
    pub fn reversed(&self, text: &str) -> bool {
        let screen = self.parser.screen();
        let (rows, columns) = screen.size();
        let (rows, columns) = (rows.get(), columns.get());
        let shown = |row, column| {
            screen.cell(row, column).is_some_and(|cell| cell.inverse() && text.starts_with(cell.contents()))
                && screen.contents_between(row, column, row, columns).starts_with(text)
        };
        (0..rows).any(|row| (0..columns).any(|column| shown(row, column)))
    }

    /// Whether the terminal is as a shell wants it: its own screen and cursor, lines, no reports.
    #[track_caller]
    pub fn assert_given_back(&self) {
        assert_eq!(self.modes(), "shell", "the terminal was not given back:\n{}", self.text());
    }

    /// Whether the terminal is the console's.
    #[track_caller]
    pub fn assert_taken(&self) {
        assert_eq!(self.modes(), "console", "the terminal was not taken:\n{}", self.text());
    }

    /// Waits until the terminal is given back: where a shell lives on, nothing else tells the end.
    #[track_caller]
    pub fn wait_given_back(&mut self) {
        let end = Instant::now() + WATCHDOG;
        while self.modes() != "shell" {
            assert!(Instant::now() < end, "the terminal was not given back: {}\n{}", self.modes(), self.text());
            self.drain(Duration::from_millis(50));
        }
    }

    /// `shell`, `console`, or what it is a mixture of.
    fn modes(&self) -> String {
        let screen = self.parser.screen();
        let raw = String::from_utf8_lossy(&self.raw);
        let focus = raw.rfind("\x1b[?1004h") > raw.rfind("\x1b[?1004l");
        let lines = self.master.as_ref().and_then(|master| master.get_termios());
        let lines = lines.is_none_or(|modes| format!("{:?}", modes.local_flags).contains("ICANON"));
        let modes = [
            ("the other screen", screen.alternate_screen()),
            ("bracketed paste", screen.bracketed_paste()),
            ("focus reports", focus),
            ("no cursor", screen.hide_cursor()),
            ("raw", !lines),
        ];
        let on: Vec<&str> = modes.iter().filter(|(_, on)| *on).map(|(name, _)| *name).collect();
        match on.len() {
            0 => "shell".into(),
            5 => "console".into(),
            _ => on.join(", "),
        }
    }

    /// As if the screen had been written over.
    pub fn forget_screen(&mut self) {
        self.drain(Duration::from_millis(200));
        self.parser.process(b"\x1b[2J");
    }

    /// Types keys one by one, as a person would: bursts are taken for pastes.
    pub fn type_keys(&mut self, keys: &str) {
        for key in keys.chars() {
            self.send(key.to_string().as_bytes());
            self.drain(Duration::from_millis(40));
        }
    }

    pub fn send(&mut self, bytes: &[u8]) {
        if let Some(writer) = &mut self.writer {
            writer.write_all(bytes).unwrap();
            writer.flush().unwrap();
        }
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().unwrap().resize(size).unwrap();
        self.parser.screen_mut().set_size(size_of(rows), size_of(columns));
    }

    /// The terminal goes away, as when an SSH connection is lost.
    pub fn vanish(&mut self) {
        self.gone.store(true, Ordering::SeqCst);
        self.writer = None;
        self.master = None;
    }

    /// Reads what comes within `for_`.
    pub fn drain(&mut self, for_: Duration) {
        let end = Instant::now() + for_;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(_) => return,
            }
        }
    }

    /// Reads the next that comes, if something does within `for_`.
    #[allow(dead_code, reason = "only what measures is this impatient")]
    pub fn drain_some(&mut self, for_: Duration) {
        if let Ok(bytes) = self.output.recv_timeout(for_) {
            self.take(&bytes);
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.parser.process(bytes);
    }

    /// Waits until the screen is as wanted.
    #[track_caller]
    pub fn wait(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + WATCHDOG;
        loop {
            let text = self.text();
            if wanted(&text) {
                return text;
            }
            assert!(Instant::now() < end, "waited for {what}; the screen is\n{text}");
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(100)) {
                self.take(&bytes);
            }
        }
    }

    #[track_caller]
    pub fn wait_for(&mut self, text: &str) -> String {
        self.wait(text, |screen| screen.contains(text))
    }

    /// Waits for the process to end, and tells its exit code.
    #[track_caller]
    pub fn ended(&mut self) -> u32 {
        let end = Instant::now() + WATCHDOG;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.drain(Duration::from_millis(200));
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it does not end; the screen is\n{}", self.text());
            self.drain(Duration::from_millis(50));
        }
    }

    /// Waits until the process is stopped, and reads what it wrote before.
    #[track_caller]
    pub fn wait_stopped(&mut self) {
        let pid = self.child.process_id().unwrap().to_string();
        let end = Instant::now() + WATCHDOG;
        loop {
            let output = std::process::Command::new("ps").args(["-o", "stat=", "-p", &pid]).output().unwrap();
            self.drain(Duration::from_millis(50));
            if output.stdout.starts_with(b"T") {
                return;
            }
            assert!(Instant::now() < end, "it does not stop; the screen is\n{}", self.text());
        }
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        std::process::Command::new("kill").args(["-s", name, &pid]).status().unwrap();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(pid) = self.elsewhere {
            let _ = std::process::Command::new("kill").args(["-s", "KILL", &pid.to_string()]).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
