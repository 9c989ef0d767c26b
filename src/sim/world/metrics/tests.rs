use super::*;
use proptest::prelude::*;

const START: Moment = Moment::START;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn requests() -> Series {
    Series::new("AWS/ApplicationELB", "RequestCount", &[("LoadBalancer", "app/web/1")])
}

#[test]
fn absent_is_not_zero() {
    let mut metrics = Metrics::default();
    metrics.put(requests(), "Count", START, 5.0, 1);
    metrics.put(requests(), "Count", START + seconds(120), 0.0, 1);
    let read = metrics.read(&requests(), Statistic::Sum, 60, START, START + seconds(300), START + seconds(900));
    assert_eq!(read, [(START, 5.0), (START + seconds(120), 0.0)]);
}

#[test]
fn a_minute_is_published_one_to_two_minutes_after_it_ended() {
    let mut metrics = Metrics::default();
    let series: Vec<Series> = (0..50).map(|n| Series::new("AWS/ECS", &format!("m{n}"), &[])).collect();
    series.iter().for_each(|series| metrics.put(series.clone(), "Count", START, 1.0, 1));
    let published =
        |now| series.iter().filter(|s| !metrics.read(s, Statistic::Sum, 60, START, now, now).is_empty()).count();
    assert_eq!(published(START + seconds(119)), 0);
    assert!((1..50).contains(&published(START + seconds(150))));
    assert_eq!(published(START + seconds(180)), 50);
}

#[test]
fn periods_add_up_minutes() {
    let mut metrics = Metrics::default();
    for minute in 0..10 {
        metrics.put(requests(), "Count", START + seconds(60 * minute), minute as f64, 2);
    }
    let now = START + seconds(3600);
    let read = |statistic| metrics.read(&requests(), statistic, 300, START, START + seconds(600), now);
    assert_eq!(read(Statistic::Sum), [(START, 20.0), (START + seconds(300), 70.0)]);
    assert_eq!(read(Statistic::Average), [(START, 2.0), (START + seconds(300), 7.0)]);
    assert_eq!(read(Statistic::Minimum)[1].1, 5.0);
    assert_eq!(read(Statistic::Maximum)[1].1, 9.0);
    assert_eq!(read(Statistic::SampleCount)[0].1, 10.0);
}

#[test]
fn a_customers_datum_is_seen_soon_and_in_its_own_minute() {
    let mut metrics = Metrics::default();
    let (series, now) = (Series::new("Shop", "Orders", &[]), START + seconds(30));
    let old = START - seconds(10 * 24 * 3600);
    metrics.put_custom(series.clone(), "Count", old, &Sample::Values(vec![(3.0, 2.0), (7.0, 1.0)]), now);
    metrics.put_custom(series.clone(), "Count", now, &Sample::Values(vec![(1.0, 1.0)]), now);
    let read = |at| metrics.read(&series, Statistic::Sum, 60, old, at, at);
    assert_eq!(read(now + seconds(4)), []);
    assert_eq!(read(now + seconds(15)), [(old, 13.0), (START, 1.0)]);
}

#[test]
fn a_statistic_set_has_no_percentiles() {
    let mut metrics = Metrics::default();
    let series = Series::new("Shop", "Latency", &[]);
    let set = Sample::Set { count: 4.0, sum: 10.0, minimum: 1.0, maximum: 4.0 };
    metrics.put_custom(series.clone(), "None", START, &set, START);
    let now = START + seconds(60);
    assert_eq!(metrics.read(&series, Statistic::Average, 60, START, now, now), [(START, 2.5)]);
    assert_eq!(metrics.read(&series, Statistic::Percentile(90.0), 60, START, now, now), []);
}

#[test]
fn what_is_kept_is_bounded() {
    let mut metrics = Metrics::default();
    for minute in 0..1000 {
        metrics.put(requests(), "Count", START + seconds(60 * minute), 1.0, 1);
    }
    let now = START + seconds(60 * 1100);
    let read = metrics.read(&requests(), Statistic::Sum, 60, START, now, now);
    assert_eq!((read.len(), read[0].0), (180, START + seconds(60 * 820)));
}

#[test]
fn statistics_are_read_as_aws_spells_them() {
    assert_eq!(Statistic::parse("p99.9"), Some(Statistic::Percentile(99.9)));
    assert_eq!(Statistic::parse("p0"), Some(Statistic::Percentile(0.0)));
    for odd in ["p101", "p", "pinf", "p-1", "tm99", "wm(10%:90%)", "average", ""] {
        assert_eq!(Statistic::parse(odd), None, "{odd}");
    }
    assert_eq!(Statistic::Percentile(99.9).to_string(), "p99.9");
}

proptest! {
    /// In whatever order samples come, the same is read.
    #[test]
    fn order_changes_nothing(mut samples in proptest::collection::vec((0_u64..20, 0_u32..50), 1..80)) {
        let told = |samples: &[(u64, u32)]| {
            let mut metrics = Metrics::default();
            for (minute, value) in samples {
                metrics.put(requests(), "Count", START + seconds(60 * minute), f64::from(*value), 1);
            }
            let now = START + seconds(1000);
            [Statistic::Sum, Statistic::Percentile(90.0), Statistic::Minimum]
                .map(|statistic| metrics.read(&requests(), statistic, 120, START, now, now))
        };
        let first = told(&samples);
        samples.reverse();
        prop_assert_eq!(first, told(&samples));
    }
}
