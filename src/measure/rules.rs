//! The rules by which a pair of masks gives an IoU, and an IoU counts as a hit.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The IoU if both masks are empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyUnion {
    /// 0: wrong.
    #[default]
    Zero,
    /// 1: right, and a hit at every threshold.
    One,
    /// None: omitted from the mean IoU. In Pr@t the phrase still counts, as a miss.
    LeftOut,
}

impl fmt::Display for EmptyUnion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Zero => "IoU 0",
            Self::One => "IoU 1",
            Self::LeftOut => "no IoU (omitted from the mean, a miss in Pr@t)",
        })
    }
}

/// The rules in which published protocols differ on the same masks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// The IoU if both masks are empty.
    pub empty_union: EmptyUnion,
    /// Whether Pr@t counts an IoU of exactly t.
    pub inclusive: bool,
    /// Added to the union in the division. At most 1e-5: no mean changes by more than that, and no hit changes.
    pub added: f64,
}

impl Rules {
    /// RMSIN `test.py`, FIANet: the default.
    pub const RMSIN: Self = Self {
        empty_union: EmptyUnion::Zero,
        inclusive: true,
        added: 0.0,
    };
    /// DETRIS `engine/engine.py`: `I / (U + 1e-6)`, so an empty union is 0, and `>`.
    ///
    /// Its thresholds come from a 32-bit range, where 0.7 and 0.9 are slightly too small: an IoU of exactly
    /// 0.7 or 0.9 counts there, but not here.
    pub const DETRIS: Self = Self {
        empty_union: EmptyUnion::Zero,
        inclusive: false,
        added: 1e-6,
    };
    /// RSRefSeg2 `iou_metrics.py`: 0 / 0 is NaN, which is above no threshold, but its phrase is counted.
    ///
    /// A single such phrase would make the overall mean (gIoU) of the reference NaN, while its means per category skip
    /// such phrases. NaN cannot be compared, so the overall mean skips these phrases here too. If no union is empty,
    /// every figure agrees with the published code; otherwise all except the overall mean agree.
    pub const RSREFSEG2: Self = Self {
        empty_union: EmptyUnion::LeftOut,
        inclusive: false,
        added: 0.0,
    };
    /// SegEarth-R1 `eval.py`: an empty union counts as correct, otherwise `I / (U + 1e-5)`, and `>`.
    pub const SEGEARTH_R1: Self = Self {
        empty_union: EmptyUnion::One,
        inclusive: false,
        added: 1e-5,
    };

    /// Returns the IoU of an intersection and a union in pixels, or None if it is omitted.
    pub fn iou(&self, intersection: u64, union: u64) -> Option<f64> {
        match (union, self.empty_union) {
            (0, EmptyUnion::Zero) => Some(0.0),
            (0, EmptyUnion::One) => Some(1.0),
            (0, EmptyUnion::LeftOut) => None,
            _ => Some(intersection as f64 / (union as f64 + self.added)),
        }
    }

    /// Returns at how many of [`super::THRESHOLDS`], from the lowest, Pr@t counts the phrase: 0 to 5. It
    /// compares integers, so an IoU exactly at a threshold is distinguished from one next to it at any size.
    pub fn hits(&self, intersection: u64, union: u64) -> usize {
        if union == 0 {
            return match self.empty_union {
                EmptyUnion::One => 5,
                EmptyUnion::Zero | EmptyUnion::LeftOut => 0,
            };
        }
        let share = 10 * u128::from(intersection);
        (5..10)
            .take_while(|&tenths| {
                let wanted = tenths * u128::from(union);
                share > wanted || (self.inclusive && share == wanted)
            })
            .count()
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::RMSIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_exact_beside_a_threshold_at_any_size() {
        let strict = Rules {
            inclusive: false,
            ..Rules::RMSIN
        };
        for union in [10, 70, 1_000_000_007 * 10, u64::MAX / 10 * 10] {
            for tenths in 5..10 {
                let exact = union / 10 * tenths;
                let reached = tenths as usize - 4;
                assert_eq!(Rules::RMSIN.hits(exact, union), reached);
                assert_eq!(Rules::RMSIN.hits(exact - 1, union), reached - 1);
                assert_eq!(strict.hits(exact, union), reached - 1);
                assert_eq!(strict.hits(exact + 1, union), reached);
            }
        }
    }
}
