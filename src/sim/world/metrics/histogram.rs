//! Counts of values in log-spaced buckets, for percentiles.

/// Ratio between the edges of a bucket: a value is at most (G - 1) / (G + 1) = 2.5 % off.
const GROWTH: f64 = 1.05;

/// Keys of positive values begin here, so that 0 is the value zero and negative values have negative keys.
const OFFSET: f64 = 5200.0;

/// How often values occurred, within 2.5 % of each. Bounded: CloudWatch's values span 1e-108 to 1e108,
/// which are 10,200 buckets a sign, and real series use a few dozen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Histogram {
    /// In order of the key, and so of the value.
    counts: Vec<(i16, f64)>,
}

impl Histogram {
    pub fn add(&mut self, value: f64, times: f64) {
        self.add_key(key(value), times);
    }

    fn add_key(&mut self, key: i16, times: f64) {
        match self.counts.binary_search_by_key(&key, |(key, _)| *key) {
            Ok(place) => self.counts[place].1 += times,
            Err(place) => self.counts.insert(place, (key, times)),
        }
    }

    pub fn merge(&mut self, other: &Histogram) {
        for (key, times) in &other.counts {
            self.add_key(*key, *times);
        }
    }

    /// The smallest value that `rank` percent (0 to 100) of all samples do not exceed.
    pub fn percentile(&self, rank: f64) -> Option<f64> {
        let total: f64 = self.counts.iter().map(|(_, times)| times).sum();
        let wanted = total * rank / 100.0;
        let mut seen = 0.0;
        for (key, times) in &self.counts {
            seen += times;
            if seen >= wanted && seen > 0.0 {
                return Some(value(*key));
            }
        }
        self.counts.last().map(|(key, _)| value(*key))
    }
}

fn key(value: f64) -> i16 {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    let place = ((value.abs().ln() / GROWTH.ln()).floor() + OFFSET).clamp(1.0, 2.0 * OFFSET) as i16;
    if value < 0.0 { -place } else { place }
}

/// The value in the middle of a bucket, in the sense that both edges are equally far in relation to it.
fn value(key: i16) -> f64 {
    if key == 0 {
        return 0.0;
    }
    let low = GROWTH.powf(f64::from(key.unsigned_abs()) - OFFSET);
    let middle = low * 2.0 * GROWTH / (1.0 + GROWTH);
    if key < 0 { -middle } else { middle }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_percentile_is_within_three_percent(
            mut samples in proptest::collection::vec(-1e6..1e6_f64, 1..300),
            scale in 1e-6..1e3_f64,
            rank in 0.0..100.0_f64,
        ) {
            samples.iter_mut().for_each(|sample| *sample *= scale);
            let mut histogram = Histogram::default();
            samples.iter().for_each(|sample| histogram.add(*sample, 1.0));
            samples.sort_by(f64::total_cmp);
            let place = ((samples.len() as f64 * rank / 100.0).ceil() as usize).max(1);
            let (exact, found) = (samples[place - 1], histogram.percentile(rank).unwrap());
            prop_assert!((found - exact).abs() <= 0.03 * exact.abs(), "{found} for {exact}");
        }

        #[test]
        fn merging_is_adding(left in proptest::collection::vec(0.0..9e3_f64, 0..50), right in proptest::collection::vec(0.0..9e3_f64, 0..50)) {
            let of = |samples: &[f64]| {
                let mut histogram = Histogram::default();
                samples.iter().for_each(|sample| histogram.add(*sample, 2.0));
                histogram
            };
            let mut merged = of(&left);
            merged.merge(&of(&right));
            prop_assert_eq!(merged, of(&[left, right].concat()));
        }
    }

    #[test]
    fn nothing_has_no_percentile() {
        assert_eq!(Histogram::default().percentile(50.0), None);
    }
}
