//! Progress of a training run: the state that decides when the run stops. It is stored in checkpoints.

use serde::{Deserialize, Serialize};

use super::loss_scale::LossScale;

/// Fraction of the smoothed loss that each step keeps.
const SMOOTHING: f64 = 0.98;
/// The training has diverged if the smoothed loss exceeds its lowest value this many times.
const DIVERGED: f64 = 3.0;
/// Consecutive steps with overflowing gradients at which the training stops.
const OVERFLOWS: u64 = 20;
/// Steps before divergence is checked.
const SETTLING: u64 = 100;

/// The state of a training run besides its parameters.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Progress {
    /// Steps taken.
    pub step: u64,
    /// The best validation so far.
    pub best: Option<Best>,
    /// Number of validations since then without an improvement.
    pub without_gain: u64,
    /// The loss scale, if gradients pass through f16.
    #[serde(default)]
    pub loss_scale: Option<LossScale>,
    smoothed: f64,
    lowest: Option<f64>,
    overflows: u64,
}

/// A validation that was better than all before it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// Steps taken before it.
    pub step: u64,
    /// The figure that decides.
    pub figure: f64,
}

impl Progress {
    /// The start of a training run.
    pub fn new(loss_scale: Option<LossScale>) -> Self {
        Self {
            loss_scale,
            ..Self::default()
        }
    }

    /// Whether a training can go on from here; with the progress of a damaged file it may not.
    pub fn is_usable(&self) -> bool {
        self.loss_scale.is_none_or(LossScale::is_usable)
    }

    /// Records the loss of the step that was just taken, and whether its gradients were finite. Returns what
    /// is wrong with the training, or None.
    pub fn note(&mut self, loss: f64, finite_gradients: bool) -> Option<String> {
        self.step = self.step.saturating_add(1);
        if let Some(scale) = &mut self.loss_scale {
            scale.note(finite_gradients);
        }
        if !loss.is_finite() {
            return Some(format!("the loss became {loss}"));
        }
        self.overflows = if finite_gradients {
            0
        } else {
            self.overflows.saturating_add(1)
        };
        if self.overflows >= OVERFLOWS {
            return Some(format!(
                "the gradients of {OVERFLOWS} steps in a row were not finite"
            ));
        }
        self.smoothed = match self.step {
            1 => loss,
            _ => SMOOTHING * self.smoothed + (1.0 - SMOOTHING) * loss,
        };
        if self.step < SETTLING {
            return None;
        }
        let lowest = self
            .lowest
            .map_or(self.smoothed, |low| low.min(self.smoothed));
        self.lowest = Some(lowest);
        (lowest > 0.0 && self.smoothed > DIVERGED * lowest).then(|| {
            format!(
                "the loss has risen to {:.3}, {DIVERGED} times its lowest, {lowest:.3}",
                self.smoothed
            )
        })
    }

    /// Records a validation; returns whether it is the best so far. A figure that is no number never is.
    pub fn validated(&mut self, figure: f64) -> bool {
        let better = figure.is_finite() && self.best.is_none_or(|best| figure > best.figure);
        if better {
            let step = self.step;
            self.best = Some(Best { step, figure });
            self.without_gain = 0;
        } else {
            self.without_gain = self.without_gain.saturating_add(1);
        }
        better
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_that_stays_high_has_diverged_and_a_peak_has_not() {
        let mut progress = Progress::default();
        for _ in 0..200 {
            assert_eq!(progress.note(1.0, true), None);
        }
        assert_eq!(progress.note(50.0, true), None);
        let steps = (0..1_000).find(|_| progress.note(9.0, true).is_some());
        assert!(steps.is_some_and(|steps| steps < 100), "{steps:?}");
        assert!((0..1_000).all(|_| Progress::default().note(3.0, true).is_none()));
    }

    #[test]
    fn a_figure_that_is_no_number_is_not_the_best() {
        let mut progress = Progress::default();
        assert!(!progress.validated(f64::NAN) && progress.best.is_none());
        assert!(progress.validated(0.0) && !progress.validated(f64::NAN));
    }

    #[test]
    fn a_loss_that_is_no_number_ends_the_training() {
        let mut progress = Progress::default();
        assert!(
            progress
                .note(f64::NAN, true)
                .is_some_and(|why| why.contains("NaN"))
        );
    }

    #[test]
    fn one_overflow_is_forgiven_and_a_row_of_them_is_not() {
        let mut progress = Progress::default();
        for _ in 0..50 {
            assert_eq!(progress.note(1.0, false), None);
            assert_eq!(progress.note(1.0, true), None);
        }
        let wrong = (0..OVERFLOWS).filter_map(|_| progress.note(1.0, false));
        assert_eq!(wrong.count(), 1);
    }

    #[test]
    fn the_best_validation_is_remembered() {
        let mut progress = Progress::default();
        assert!(progress.validated(0.2));
        assert!(!progress.validated(0.2) && !progress.validated(0.1));
        assert_eq!(progress.without_gain, 2);
        progress.step = 7;
        assert!(progress.validated(0.3));
        let best = progress.best.expect("a validation");
        assert_eq!((best.step, best.figure, progress.without_gain), (7, 0.3, 0));
    }
}
