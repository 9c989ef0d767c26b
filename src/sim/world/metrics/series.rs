//! Buckets of one minute, and when they are published.

use super::histogram::Histogram;
use super::{Sample, Series, Statistic};
use crate::moment::Moment;
use std::collections::VecDeque;
use std::time::Duration;

/// A minute of an AWS metric is published this long after it ended, plus up to [`DELAY_SPREAD_MS`] (assumed).
const DELAY_MS: u64 = 60_000;
const DELAY_SPREAD_MS: u64 = 60_000;

/// A customer's datum is seen this long after it was reported, plus up to [`CUSTOM_SPREAD_MS`] (assumed).
const CUSTOM_MS: u64 = 5_000;
const CUSTOM_SPREAD_MS: u64 = 10_000;

/// Minutes of an AWS metric that are kept: 3 hours (assumed; AWS keeps minutes for 15 days).
const KEPT_AWS: u64 = 180;

/// Minutes of a customer's metric that are kept: 15 days, as AWS does (GetMetricStatistics).
const KEPT_CUSTOM: u64 = 15 * 24 * 60;

/// What samples of a period amount to.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub count: f64,
    pub sum: f64,
    pub minimum: f64,
    pub maximum: f64,
    histogram: Histogram,
    /// A statistic set is in it, so that nobody knows its percentiles.
    opaque: bool,
}

impl Point {
    fn empty() -> Self {
        Self {
            count: 0.0,
            sum: 0.0,
            minimum: f64::INFINITY,
            maximum: f64::NEG_INFINITY,
            histogram: Histogram::default(),
            opaque: false,
        }
    }

    fn add(&mut self, value: f64, times: f64) {
        self.count += times;
        self.sum += value * times;
        self.minimum = self.minimum.min(value);
        self.maximum = self.maximum.max(value);
        self.histogram.add(value, times);
    }

    fn merge(&mut self, other: &Point) {
        self.count += other.count;
        self.sum += other.sum;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
        self.histogram.merge(&other.histogram);
        self.opaque |= other.opaque;
    }

    /// `None`: there is no such statistic of these samples. Percentiles are within 2.5 %, and there are
    /// none of negative values (GetMetricStatistics).
    pub fn statistic(&self, statistic: Statistic) -> Option<f64> {
        if self.count <= 0.0 {
            return None;
        }
        Some(match statistic {
            Statistic::Sum => self.sum,
            Statistic::Average => self.sum / self.count,
            Statistic::Minimum => self.minimum,
            Statistic::Maximum => self.maximum,
            Statistic::SampleCount => self.count,
            Statistic::Percentile(_) if self.opaque || self.minimum < 0.0 => return None,
            Statistic::Percentile(rank) if rank <= 0.0 => self.minimum,
            Statistic::Percentile(rank) if rank >= 100.0 => self.maximum,
            Statistic::Percentile(rank) => self.histogram.percentile(rank)?.clamp(self.minimum, self.maximum),
        })
    }
}

#[derive(Debug, Clone)]
struct Bucket {
    /// Since the epoch.
    minute: u64,
    published: Moment,
    point: Point,
}

/// What is kept of one series.
#[derive(Debug, Clone)]
pub struct Kept {
    unit: &'static str,
    /// Stands for the series in what is drawn by chance.
    hash: u64,
    /// In order of the minute.
    buckets: VecDeque<Bucket>,
}

impl Kept {
    pub fn new(series: &Series, unit: &'static str) -> Self {
        let mut hash = Fnv::default();
        hash.text(&series.namespace);
        hash.text(&series.name);
        for (name, value) in &series.dimensions {
            hash.text(name);
            hash.text(value);
        }
        Self { unit, hash: hash.0, buckets: VecDeque::new() }
    }

    pub fn unit(&self) -> &'static str {
        self.unit
    }

    /// The beginning of the newest minute with samples, published or not.
    pub fn newest(&self) -> Option<Moment> {
        self.buckets.back().map(|bucket| Moment(bucket.minute * 60_000))
    }

    /// Whether anything of it is published.
    pub fn appeared(&self, now: Moment) -> bool {
        self.buckets.iter().any(|bucket| bucket.published <= now)
    }

    pub fn put(&mut self, at: Moment, value: f64, times: f64) {
        let minute = at.0 / 60_000;
        let published = (minute + 1) * 60_000 + DELAY_MS + self.drawn(minute) % DELAY_SPREAD_MS;
        self.bucket(minute, Moment(published), KEPT_AWS).point.add(value, times);
    }

    pub fn put_custom(&mut self, at: Moment, sample: &Sample, now: Moment) {
        let minute = at.0 / 60_000;
        let seen = now + Duration::from_millis(CUSTOM_MS + self.drawn(minute) % CUSTOM_SPREAD_MS);
        let point = &mut self.bucket(minute, seen, KEPT_CUSTOM).point;
        match sample {
            Sample::Values(values) => values.iter().for_each(|(value, times)| point.add(*value, *times)),
            Sample::Set { count, sum, minimum, maximum } if minimum == maximum => {
                point.add(*minimum, *count);
                point.sum += sum - minimum * count;
            }
            Sample::Set { count, sum, minimum, maximum } => point.merge(&Point {
                count: *count,
                sum: *sum,
                minimum: *minimum,
                maximum: *maximum,
                histogram: Histogram::default(),
                opaque: true,
            }),
        }
    }

    fn bucket(&mut self, minute: u64, published: Moment, kept: u64) -> &mut Bucket {
        let place = match self.buckets.back() {
            Some(last) if last.minute == minute => self.buckets.len() - 1,
            Some(last) if last.minute > minute => self.buckets.partition_point(|bucket| bucket.minute < minute),
            _ => self.buckets.len(),
        };
        if self.buckets.get(place).is_none_or(|bucket| bucket.minute != minute) {
            self.buckets.insert(place, Bucket { minute, published, point: Point::empty() });
            let newest = self.buckets.back().map_or(minute, |bucket| bucket.minute);
            // The bucket asked for stays, however old: it is dropped when the next one comes.
            let old = self.buckets.partition_point(|bucket| bucket.minute + kept <= newest).min(place);
            self.buckets.drain(..old);
            return &mut self.buckets[place - old];
        }
        &mut self.buckets[place]
    }

    pub fn points(&self, period_s: u64, from: Moment, to: Moment, now: Moment) -> Vec<(Moment, Point)> {
        let period = period_s.max(1).div_ceil(60);
        let (first, end) = (from.0 / 60_000, to.0.div_ceil(60_000));
        let begin = self.buckets.partition_point(|bucket| bucket.minute < first);
        let mut points: Vec<(Moment, Point)> = vec![];
        for bucket in self.buckets.range(begin..) {
            if bucket.minute >= end {
                break;
            }
            if bucket.published > now {
                continue;
            }
            let start = Moment((first + (bucket.minute - first) / period * period) * 60_000);
            match points.last_mut() {
                Some((last, point)) if *last == start => point.merge(&bucket.point),
                _ => points.push((start, bucket.point.clone())),
            }
        }
        points
    }

    /// A number drawn for this series and minute: the order of calls does not change it.
    fn drawn(&self, minute: u64) -> u64 {
        let mut mixed = (self.hash ^ minute.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^= mixed >> 29;
        mixed.wrapping_mul(0x94d0_49bb_1331_11eb) >> 20
    }
}

struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn text(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
