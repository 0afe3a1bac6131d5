//! The learning rate over a training.

use serde::{Deserialize, Serialize};

/// Linear warm-up, then half a cosine down to a hundredth of the peak.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Highest learning rate.
    pub peak: f64,
    /// Steps of the warm-up.
    pub warmup: u64,
    /// Steps in all.
    pub steps: u64,
}

/// Share of the peak that is left at the end.
const FLOOR: f64 = 0.01;

impl Schedule {
    /// Learning rate of step `step`, counted from 0.
    pub fn at(&self, step: u64) -> f64 {
        if step < self.warmup {
            return self.peak * (step + 1) as f64 / self.warmup as f64;
        }
        let length = self.steps.saturating_sub(self.warmup).max(1);
        let done = ((step - self.warmup) as f64 / length as f64).min(1.0);
        let cosine = 0.5 * (1.0 + (std::f64::consts::PI * done).cos());
        self.peak * (FLOOR + (1.0 - FLOOR) * cosine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rises_then_falls() {
        let schedule = Schedule {
            peak: 1.0,
            warmup: 10,
            steps: 110,
        };
        assert!((schedule.at(0) - 0.1).abs() < 1e-9);
        assert!((schedule.at(9) - 1.0).abs() < 1e-9);
        assert!((schedule.at(60) - 0.505).abs() < 1e-9);
        assert!((schedule.at(500) - FLOOR).abs() < 1e-9);
        assert!((10..110).all(|step| schedule.at(step + 1) <= schedule.at(step)));
    }
}
