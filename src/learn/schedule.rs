//! The learning rate over a training.

use serde::{Deserialize, Serialize};

/// Linear warm-up, then one of the shapes that published recipes use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Highest learning rate.
    pub peak: f64,
    /// Steps of the warm-up.
    pub warmup: u64,
    /// Total steps, warm-up included.
    pub steps: u64,
    /// What follows the warm-up.
    #[serde(default)]
    pub shape: Shape,
}

/// How the rate falls.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Half a cosine down to a hundredth of the peak.
    #[default]
    Cosine,
    /// `(1 - done)^power`, as in LAVT and RMSIN with 0.9.
    Poly {
        /// Exponent.
        power: f64,
    },
    /// Multiplied by `gamma` at each milestone, as in DETRIS.
    MultiStep {
        /// Milestones as fractions of all steps, 0 to 1, ascending.
        milestones: Vec<f64>,
        /// Factor at each milestone.
        gamma: f64,
    },
    /// Stays at the peak.
    Constant,
}

/// Fraction of the peak at the end of the cosine.
const FLOOR: f64 = 0.01;

impl Schedule {
    /// Returns the learning rate of step `step`, counted from 0.
    pub fn at(&self, step: u64) -> f64 {
        if step < self.warmup {
            return self.peak * (step + 1) as f64 / self.warmup as f64;
        }
        let length = self.steps.saturating_sub(self.warmup).max(1);
        let done = ((step - self.warmup) as f64 / length as f64).min(1.0);
        self.peak
            * match &self.shape {
                Shape::Cosine => {
                    let cosine = 0.5 * (1.0 + (std::f64::consts::PI * done).cos());
                    FLOOR + (1.0 - FLOOR) * cosine
                }
                Shape::Poly { power } => (1.0 - done).powf(*power),
                Shape::MultiStep { milestones, gamma } => {
                    let share = step as f64 / self.steps.max(1) as f64;
                    let passed = milestones.iter().filter(|at| share >= **at).count();
                    gamma.powi(passed as i32)
                }
                Shape::Constant => 1.0,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(shape: Shape) -> Schedule {
        Schedule {
            peak: 1.0,
            warmup: 10,
            steps: 110,
            shape,
        }
    }

    #[test]
    fn it_rises_then_falls() {
        let schedule = schedule(Shape::Cosine);
        assert!((schedule.at(0) - 0.1).abs() < 1e-9);
        assert!((schedule.at(9) - 1.0).abs() < 1e-9);
        assert!((schedule.at(60) - 0.505).abs() < 1e-9);
        assert!((schedule.at(500) - FLOOR).abs() < 1e-9);
        assert!((10..110).all(|step| schedule.at(step + 1) <= schedule.at(step)));
    }

    #[test]
    fn the_published_shapes_are_as_published() {
        let poly = schedule(Shape::Poly { power: 0.9 });
        assert!((poly.at(60) - 0.5f64.powf(0.9)).abs() < 1e-9);
        assert_eq!(poly.at(110), 0.0);
        let steps = schedule(Shape::MultiStep {
            milestones: vec![0.5, 0.8],
            gamma: 0.1,
        });
        assert_eq!(steps.at(54), 1.0);
        assert!((steps.at(55) - 0.1).abs() < 1e-12);
        assert!((steps.at(88) - 0.01).abs() < 1e-12);
        assert_eq!(schedule(Shape::Constant).at(100), 1.0);
    }
}
