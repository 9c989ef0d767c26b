//! Chance, from one seeded stream per subsystem: taking one event away does not reshuffle the rest.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// One subsystem's stream.
#[derive(Debug, Clone)]
pub struct Random(Pcg64Mcg);

impl Random {
    /// The stream called `name` of the world with this seed.
    pub fn stream(seed: u64, name: &str) -> Self {
        let salt = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(Pcg64Mcg::seed_from_u64(seed ^ salt))
    }

    /// From 0 up to but not including 1.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From `low` up to but not including `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number from 0 up to but not including `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.0.next_u64() % n }
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A count with this mean: exact for small means, the normal approximation above 30.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if mean <= 0.0 {
            return 0;
        }
        if mean > 30.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as u64;
        }
        let (limit, mut product, mut count) = ((-mean).exp(), self.unit(), 0);
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// Of `n` tries at `probability`, how many succeed.
    pub fn binomial(&mut self, n: u64, probability: f64) -> u64 {
        let p = probability.clamp(0.0, 1.0);
        let mean = n as f64 * p;
        if n <= 32 {
            return (0..n).filter(|_| self.chance(p)).count() as u64;
        }
        if p <= 0.0 || p >= 1.0 {
            return mean as u64;
        }
        if mean < 30.0 {
            return self.poisson(mean).min(n);
        }
        (mean + (mean * (1.0 - p)).sqrt() * self.normal()).round().clamp(0.0, n as f64) as u64
    }

    /// Mean 0, deviation 1.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}
