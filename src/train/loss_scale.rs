//! Loss scaling for gradients that pass through f16, where numbers below 6e-8 would become zero.

use serde::{Deserialize, Serialize};

/// The factor at the start, as large as f16 allows for a gradient of 1.
const START: f32 = 65_536.0;
/// The largest factor.
const LARGEST: f32 = 16_777_216.0;
/// The smallest factor: below it, the gradients themselves are too large.
const SMALLEST: f32 = 1.0;
/// Steps without overflow after which the factor is doubled.
const PATIENCE: u64 = 2_000;

/// The loss is multiplied by this power of two and its gradients are divided by it; both are exact in f32. It is halved
/// when a gradient overflows, and that step is skipped. It is doubled after many steps without overflow: dynamic loss
/// scaling (Micikevicius et al. 2018, arXiv 1710.03740, section 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LossScale {
    factor: f32,
    clean: u64,
}

impl Default for LossScale {
    fn default() -> Self {
        Self {
            factor: START,
            clean: 0,
        }
    }
}

impl LossScale {
    /// Whether the factor is one that a training can reach; that of a damaged file may not be.
    pub fn is_usable(self) -> bool {
        (SMALLEST..=LARGEST).contains(&self.factor)
    }

    /// Returns the factor of the next step.
    pub fn factor(self) -> f32 {
        self.factor
    }

    /// Records whether a step's gradients were finite.
    pub fn note(&mut self, finite: bool) {
        self.clean = if finite {
            self.clean.saturating_add(1)
        } else {
            0
        };
        if !finite {
            self.factor = (self.factor / 2.0).max(SMALLEST);
        } else if self.clean == PATIENCE {
            self.clean = 0;
            self.factor = (self.factor * 2.0).min(LARGEST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_falls_at_once_and_rises_slowly() {
        let mut scale = LossScale::default();
        scale.note(false);
        assert_eq!(scale.factor(), START / 2.0);
        for _ in 1..PATIENCE {
            scale.note(true);
        }
        assert_eq!(scale.factor(), START / 2.0);
        scale.note(true);
        assert_eq!(scale.factor(), START);
        (0..100).for_each(|_| scale.note(false));
        assert_eq!(scale.factor(), SMALLEST);
        (0..100 * PATIENCE).for_each(|_| scale.note(true));
        assert_eq!(scale.factor(), LARGEST);
    }
}
