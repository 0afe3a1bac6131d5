//! Estimates how figures would vary on other phrases of the same kind: percentile bootstrap intervals (Efron
//! and Tibshirani, An Introduction to the Bootstrap, chapter 13).
//!
//! Phrases are resampled as if they were independent. If many phrases share an image, the intervals are
//! therefore slightly too narrow. They do not cover the variation between training seeds.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::metrics::THRESHOLDS;
use super::rules::Rules;

/// Number of resamples.
pub const RESAMPLES: usize = 1000;

/// The share of resamples below the low end, and the same above the high end: 95 % are between them.
const TAIL: f64 = 0.025;

/// The 95 % interval of a figure, as fractions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// 2.5 % of the resamples are below.
    pub low: f64,
    /// 2.5 % of the resamples are above.
    pub high: f64,
}

impl Interval {
    /// Returns the interval of the resampled figures, or None if there are none.
    fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_unstable_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        let quantile = |share: f64| {
            let place = share * last as f64;
            let below = place.floor() as usize;
            let above = (below + 1).min(last);
            values[below] + (values[above] - values[below]) * (place - below as f64)
        };
        Some(Self {
            low: quantile(TAIL),
            high: quantile(1.0 - TAIL),
        })
    }
}

/// The intervals of all figures of a set of phrases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Intervals {
    /// Of oIoU.
    pub oiou: Interval,
    /// Of mIoU.
    pub miou: Interval,
    /// Intervals of Pr@t at each of [`THRESHOLDS`].
    pub precision: [Interval; THRESHOLDS.len()],
}

/// The contribution of a phrase to the sums.
struct Share {
    intersection: u64,
    union: u64,
    iou: f64,
    counted: u32,
    hits: usize,
}

/// Returns the intervals for phrases with these intersections and unions in pixels. The same phrases in the
/// same order with the same seed give the same intervals on every machine. Without phrases, all are zero.
pub fn bootstrap(overlaps: &[(u64, u64)], rules: &Rules, seed: u64) -> Intervals {
    let share = |&(intersection, union): &(u64, u64)| {
        let iou = rules.iou(intersection, union);
        Share {
            intersection,
            union,
            iou: iou.unwrap_or(0.0),
            counted: u32::from(iou.is_some()),
            hits: rules.hits(intersection, union),
        }
    };
    let shares: Vec<Share> = overlaps.iter().map(share).collect();
    if shares.is_empty() {
        return Intervals::default();
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut oious, mut mious) = (Vec::new(), Vec::new());
    let mut precisions: [Vec<f64>; THRESHOLDS.len()] = Default::default();
    for _ in 0..RESAMPLES {
        let (mut intersection, mut union) = (0, 0);
        let (mut iou_sum, mut counted) = (0.0, 0);
        // Number of phrases by how many thresholds they reach.
        let mut reaching = [0u32; THRESHOLDS.len() + 1];
        for _ in 0..shares.len() {
            // Uniform up to one part in 2^32 / phrases, and much faster than an exact draw.
            let draw = u64::from(rng.next_u32()) * shares.len() as u64;
            let share = &shares[(draw >> 32) as usize];
            intersection += share.intersection;
            union += share.union;
            iou_sum += share.iou;
            counted += share.counted;
            reaching[share.hits] += 1;
        }
        oious.push(intersection as f64 / union.max(1) as f64);
        if counted > 0 {
            mious.push(iou_sum / f64::from(counted));
        }
        for (place, precision) in precisions.iter_mut().enumerate() {
            let hits: u32 = reaching[place + 1..].iter().sum();
            precision.push(f64::from(hits) / shares.len() as f64);
        }
    }
    Intervals {
        oiou: Interval::of(oious).unwrap_or_default(),
        miou: Interval::of(mious).unwrap_or_default(),
        precision: precisions.map(|values| Interval::of(values).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_values() {
        let values = (0..=1000).rev().map(f64::from).collect();
        let interval = Interval::of(values).expect("values");
        assert!((interval.low - 25.0).abs() < 1e-9 && (interval.high - 975.0).abs() < 1e-9);
        assert_eq!(
            Interval::of(vec![7.0]),
            Some(Interval {
                low: 7.0,
                high: 7.0
            })
        );
        assert_eq!(Interval::of(Vec::new()), None);
    }

    #[test]
    fn one_phrase_or_none_has_no_width() {
        assert_eq!(bootstrap(&[], &Rules::RMSIN, 1), Intervals::default());
        let one = bootstrap(&[(3, 4)], &Rules::RMSIN, 1);
        assert_eq!((one.oiou.low, one.miou.high), (0.75, 0.75));
        assert_eq!(one.precision.map(|pr| pr.low), [1.0, 1.0, 1.0, 0.0, 0.0]);
        let none = bootstrap(&[(0, 0)], &Rules::RSREFSEG2, 1);
        assert_eq!(none, Intervals::default());
    }
}
