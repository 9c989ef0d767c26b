//! The real binary in a pseudo-terminal: how soon it shows something, how soon it answers a key while a Region
//! hangs, what it writes when nothing happens, how soon it is gone.

use crate::common::row;
use crate::pty::Terminal;
use std::time::{Duration, Instant};

const SIZE: (u16, u16) = (130, 40);
const IDLE: Duration = Duration::from_secs(10);

pub fn measure() {
    println!("\n| the binary, {} x {}, --speed 1 | |\n|---|---|", SIZE.0, SIZE.1);
    starts();
    let mut terminal = open();
    idle(&mut terminal);
    keys(&mut terminal, "a key to its frame");
    hang(&mut terminal);
    keys(&mut terminal, "a key to its frame, a Region hanging");
    row(&["resident memory".into(), memory(&terminal)]);
    let begun = Instant::now();
    terminal.send(b"\x03");
    terminal.ended();
    row(&["Ctrl-C to the end, calls hanging (with up to 50 ms of looking)".into(), ms(begun.elapsed())]);
}

fn open() -> Terminal {
    let mut terminal = Terminal::start(&["--speed", "1"], SIZE.0, SIZE.1);
    terminal.wait("both Regions serving", |screen| screen.matches("SERVING").count() >= 2);
    terminal
}

fn starts() {
    let mut first = vec![];
    let mut useful = vec![];
    for _ in 0..9 {
        let begun = Instant::now();
        let mut terminal = Terminal::start(&["--speed", "1"], SIZE.0, SIZE.1);
        while !terminal.text().contains("SIMULATED") {
            terminal.drain_some(Duration::from_millis(1));
        }
        first.push(begun.elapsed());
        while terminal.text().matches("SERVING").count() < 2 {
            terminal.drain_some(Duration::from_millis(1));
        }
        useful.push(begun.elapsed());
    }
    first.sort();
    useful.sort();
    row(&["exec to the first frame".into(), ms(first[first.len() / 2])]);
    row(&["exec to the first numbers, a world of half an hour built".into(), ms(useful[useful.len() / 2])]);
}

fn idle(terminal: &mut Terminal) {
    terminal.drain(Duration::from_secs(3));
    let (before, cpu) = (terminal.raw.len(), processor(terminal));
    terminal.drain(IDLE);
    let bytes = (terminal.raw.len() - before) as f64 / IDLE.as_secs_f64();
    row(&["bytes a second while the stack lives".into(), format!("{bytes:.0}")]);
    if let (Some(before), Some(after)) = (cpu, processor(terminal)) {
        let share = (after - before) / IDLE.as_secs_f64();
        row(&["of a core, the simulator included".into(), format!("{share:.1} %")]);
    }
    terminal.type_keys("z");
    terminal.wait_for("FROZEN");
    terminal.drain(Duration::from_secs(1));
    let before = terminal.raw.len();
    terminal.drain(IDLE);
    row(&["bytes in 10 s, frozen".into(), (terminal.raw.len() - before).to_string()]);
    terminal.type_keys("z");
}

/// Opens and closes the help: every key changes the screen.
fn keys(terminal: &mut Terminal, what: &str) {
    let mut times = vec![];
    for turn in 0..200 {
        let opening = turn % 2 == 0;
        terminal.drain(Duration::from_millis(20));
        let begun = Instant::now();
        terminal.send(b"?");
        while terminal.text().contains(" Help ") != opening && begun.elapsed() < Duration::from_secs(5) {
            terminal.drain_some(Duration::from_millis(1));
        }
        times.push(begun.elapsed());
    }
    times.sort();
    row(&[what.into(), format!("{}, p99 {}", ms(times[100]), ms(times[198]))]);
}

/// Loses the first Region by the menu of faults: its APIs answer no more.
fn hang(terminal: &mut Terminal) {
    terminal.type_keys("!");
    terminal.wait_for("F16");
    for _ in 0..40 {
        if terminal.text().contains("▸   F17") {
            break;
        }
        terminal.type_keys("j");
    }
    terminal.send(b"\r");
    terminal.drain(Duration::from_millis(500));
    terminal.send(b"\x1b");
    terminal.wait("a Region that is not seen", |screen| screen.contains("UNKNOWN") || screen.contains("no answer"));
}

fn memory(terminal: &Terminal) -> String {
    let resident = || {
        let pid = terminal.child.process_id()?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().to_string();
        line.strip_suffix("kB")?.trim().parse::<f64>().ok()
    };
    resident().map_or_else(|| "?".into(), |kib| format!("{:.0} MiB", kib / 1024.0))
}

/// Hundredths of a second of a processor so far: percent, over a second.
fn processor(terminal: &Terminal) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", terminal.child.process_id()?)).ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    Some(fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?)
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
