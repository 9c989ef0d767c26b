//! What benches share: the machine's time, medians, and tables.
#![allow(dead_code, reason = "each bench uses its own part")]

use std::time::Instant;

/// Seconds of the machine's time that `work` takes, and what it made.
#[expect(clippy::disallowed_methods, reason = "a bench measures by the machine's time")]
pub fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let made = work();
    (start.elapsed().as_secs_f64(), made)
}

/// How many times a second `work` can be done: the median of several rounds of this many seconds.
pub fn rate(rounds: usize, seconds: f64, mut work: impl FnMut()) -> f64 {
    let mut rates: Vec<f64> = (0..rounds)
        .map(|_| {
            let (mut done, mut passed, mut batch) = (0_u32, 0.0, 1_u32);
            while passed < seconds {
                passed += timed(|| (0..batch).for_each(|_| work())).0;
                done += batch;
                // few looks at the clock, and no batch that outlasts the round
                batch = (f64::from(done) / passed * seconds / 20.0).clamp(1.0, 10_000.0) as u32;
            }
            f64::from(done) / passed
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// The most memory that this process ever had, in MiB; `None` where /proc does not tell.
pub fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok().map(|kib| kib / 1024.0)
}

/// Load of the machine over the last minute, and its processors: without them no figure means much.
pub fn machine() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?").to_string();
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{processors} processors, load {load}")
}

pub fn heading(columns: &[&str]) {
    println!("| {} |", columns.join(" | "));
    println!("|{}", columns.iter().map(|_| "---|").collect::<String>());
}

pub fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// `12,345`
pub fn count(number: f64) -> String {
    tandem::tui::view::words::thousands(number.round().max(0.0) as u64)
}
