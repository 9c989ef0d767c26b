//! Once a minute each alarm looks at what is published and decides.

use super::alarm::{Change, Config, Missing, State};
use super::{Metrics, Point, reason};
use crate::moment::Moment;
use crate::world::World;
use std::time::Duration;

/// How long after its end a minute of an AWS metric can be counted on: the longest publication delay.
const SETTLED: Duration = Duration::from_secs(120);

/// Datapoints that are looked at beyond the evaluation periods, so that gaps can be filled with older
/// ones (User Guide, "Configuring how CloudWatch alarms treat missing data", whose tables show 5 for 3).
const BEYOND: usize = 2;

/// A period, and what was measured in it.
pub type Seen = (Moment, Option<Point>);

/// What an alarm makes of its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Is(State),
    /// As it was.
    Keep,
}

/// Evaluates the alarms whose turn it is in this second.
pub fn tick(world: &mut World) {
    let second = world.now.0 / 1000 % 60;
    for (region, metrics) in &mut world.metrics {
        let due: Vec<String> =
            metrics.alarms.iter().filter(|alarm| turn(&alarm.name) == second).map(|alarm| alarm.name.clone()).collect();
        for name in due {
            let Some(alarm) = metrics.alarms.get(&name) else { continue };
            let seen = look(metrics, &alarm.config, world.now);
            let Verdict::Is(state) = verdict(&alarm.config, &seen) else { continue };
            let (reason, data) = reason::evaluated(&alarm.config, state, &seen, world.now);
            if let Some(alarm) = metrics.alarms.get_mut(&name) {
                alarm.stream = state;
            }
            let change = Change { at: world.now, state, reason, data: Some(data) };
            metrics.alarms.enter(&mut world.truth, region, &name, change);
        }
    }
}

/// What a Route 53 health check of type CLOUDWATCH_METRIC sees: the data that the alarm watches, by the
/// alarm's rule, and not the alarm's state. `None`: insufficient data, or no such alarm.
pub fn alarm_stream_healthy(world: &World, region: &str, alarm: &str) -> Option<bool> {
    let metrics = world.metrics.get(region)?;
    let alarm = metrics.alarms.get(alarm)?;
    let state = match verdict(&alarm.config, &look(metrics, &alarm.config, world.now)) {
        Verdict::Is(state) => state,
        Verdict::Keep => alarm.stream,
    };
    match state {
        State::Ok => Some(true),
        State::Alarm => Some(false),
        State::Insufficient => None,
    }
}

/// The second of the minute in which an alarm is evaluated: each has its own.
fn turn(name: &str) -> u64 {
    let mixed = name.bytes().fold(7, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (mixed >> 8) % 60
}

/// The evaluation range, oldest first. It ends where publication can be counted on.
fn look(metrics: &Metrics, config: &Config, now: Moment) -> Vec<Seen> {
    let lag = if config.series.of_aws() { SETTLED } else { Duration::ZERO };
    let (end, count) = (now.floor(60) - lag, config.evaluation_periods + BEYOND);
    let period = Duration::from_secs(config.period_s);
    let first = end - period * count as u32;
    let wrong_unit = config
        .unit
        .as_ref()
        .is_some_and(|unit| metrics.unit(&config.series).is_some_and(|of_series| of_series != unit));
    let mut points = match wrong_unit {
        true => vec![],
        false => metrics.points(&config.series, config.period_s, first, end, now),
    }
    .into_iter()
    .peekable();
    (0..count)
        .map(|place| {
            let start = first + period * place as u32;
            (start, points.next_if(|(at, _)| *at == start).map(|(_, point)| point))
        })
        .collect()
}

/// The value that an alarm compares in a period.
pub fn value(config: &Config, seen: &Seen) -> Option<f64> {
    seen.1.as_ref()?.statistic(config.statistic)
}

fn verdict(config: &Config, seen: &[Seen]) -> Verdict {
    let breaching: Vec<Option<bool>> = seen
        .iter()
        .map(|seen| value(config, seen).map(|value| config.comparison.breached(value, config.threshold)))
        .collect();
    decide(&breaching, config.evaluation_periods, config.needed(), config.missing.unwrap_or(Missing::Missing))
}

/// The rule: `range` is the evaluation range, oldest first, `None` where data are missing; `periods` is
/// N and `needed` is M (User Guide, "How alarm state is evaluated when data is missing").
pub fn decide(range: &[Option<bool>], periods: usize, needed: usize, missing: Missing) -> Verdict {
    // The newest N datapoints that there are, each with its age in periods.
    let real: Vec<(usize, bool)> = range
        .iter()
        .rev()
        .enumerate()
        .filter_map(|(place, breaching)| breaching.map(|breaching| (place + 1, breaching)))
        .take(periods)
        .collect();
    let breaching = real.iter().filter(|(_, breaching)| *breaching).count();
    let filled = periods - real.len();
    let all_breach = breaching == real.len();
    match missing {
        _ if breaching >= needed => Verdict::Is(State::Alarm),
        _ if filled == 0 => Verdict::Is(State::Ok),
        Missing::Breaching if breaching + filled >= needed => Verdict::Is(State::Alarm),
        Missing::Breaching | Missing::NotBreaching => Verdict::Is(State::Ok),
        Missing::Missing if real.is_empty() => Verdict::Is(State::Insufficient),
        Missing::Ignore if real.is_empty() => Verdict::Keep,
        _ if !all_breach => Verdict::Is(State::Ok),
        // All that there is breaches, and has done so for long enough.
        Missing::Missing if real.last().is_some_and(|(age, _)| *age >= needed) => Verdict::Is(State::Alarm),
        _ => Verdict::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Missing::{Breaching, Ignore, NotBreaching};

    fn decided(range: &str, needed: usize) -> [Verdict; 4] {
        let range: Vec<Option<bool>> = range
            .split(' ')
            .map(|mark| match mark {
                "X" => Some(true),
                "0" => Some(false),
                _ => None,
            })
            .collect();
        [Missing::Missing, Ignore, Breaching, NotBreaching].map(|missing| decide(&range, 3, needed, missing))
    }

    const OK: Verdict = Verdict::Is(State::Ok);
    const ALARM: Verdict = Verdict::Is(State::Alarm);
    const NONE: Verdict = Verdict::Is(State::Insufficient);

    /// The two tables of the User Guide.
    #[test]
    fn missing_data_are_treated_as_the_guide_tables_say() {
        for (range, expected) in [
            ("0 - X - X", [OK, OK, OK, OK]),
            ("0 - - - -", [OK, OK, OK, OK]),
            ("- - - - -", [NONE, Verdict::Keep, ALARM, OK]),
            ("0 X X - X", [ALARM, ALARM, ALARM, ALARM]),
            ("- - X - -", [ALARM, Verdict::Keep, ALARM, OK]),
        ] {
            assert_eq!(decided(range, 3), expected, "3 of 3: {range}");
        }
        for (range, expected) in [
            ("0 - X - X", [ALARM, ALARM, ALARM, ALARM]),
            ("0 0 X 0 X", [ALARM, ALARM, ALARM, ALARM]),
            ("0 - X - -", [OK, OK, ALARM, OK]),
            ("- - - - 0", [OK, OK, ALARM, OK]),
            ("- - - X -", [ALARM, Verdict::Keep, ALARM, OK]),
        ] {
            assert_eq!(decided(range, 2), expected, "2 of 3: {range}");
        }
    }

    #[test]
    fn one_new_breaching_datapoint_among_gaps_decides_nothing() {
        assert_eq!(decided("- - - - X", 3)[0], Verdict::Keep);
    }
}
