//! The real binary in a real pseudo-terminal, with a terminal emulator to read its screen.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// No test waits longer for a screen: tenfold of what a slow machine needs.
const WATCHDOG: Duration = Duration::from_secs(90);

fn size_of(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).unwrap()
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
}

impl Terminal {
    /// Starts `tandem` with these arguments in a terminal of this size, with no configuration and no
    /// AWS environment.
    pub fn start(arguments: &[&str], columns: u16, rows: u16) -> Self {
        Self::start_with(arguments, columns, rows, &[])
    }

    pub fn start_with(arguments: &[&str], columns: u16, rows: u16, environment: &[(&str, &str)]) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tandem"));
        command.args(arguments);
        let empty = std::env::temp_dir();
        command.cwd(&empty);
        for name in ["AWS_ENDPOINT_URL", "AWS_PROFILE", "NO_COLOR", "COLORFGBG", "SSH_CONNECTION"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command.env("XDG_CONFIG_HOME", empty.join("tandem-no-config"));
        command.env("XDG_STATE_HOME", empty.join("tandem-state"));
        for (name, value) in environment {
            command.env(name, value);
        }
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
        Self { master: Some(pair.master), writer: Some(writer), child, output, gone, parser, raw: vec![] }
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

    pub fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        std::process::Command::new("kill").args(["-s", name, &pid]).status().unwrap();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
