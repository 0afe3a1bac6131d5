//! oIoU, mIoU and Pr@0.5 to 0.9 of referring segmentation.
//!
//! The default rules are those of RMSIN's `test.py`, under which RRSIS-D numbers are reported: the IoU of an
//! empty union is 0, and Pr@t counts an IoU `>= t`. Other protocols differ: see [`Rules`]. Numbers are
//! comparable only at the same resolution and threshold: see [`super::Protocol`].

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::vision::Mask;

use super::rules::Rules;

/// The IoU thresholds of Pr@t.
pub const THRESHOLDS: [f64; 5] = [0.5, 0.6, 0.7, 0.8, 0.9];

/// Accumulates the metrics; call `add` once per referring expression.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    rules: Rules,
    samples: u64,
    /// Samples that have an IoU.
    counted: u64,
    intersection: u64,
    union: u64,
    iou_sum: f64,
    hits: [u64; 5],
}

impl Metrics {
    /// Creates an empty accumulator with the given rules; `Metrics::default()` has RMSIN's.
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            ..Self::default()
        }
    }

    /// Adds one expression's intersection and union, in pixels. Returns its IoU, or NaN if it has none under
    /// the rules.
    pub fn add(&mut self, intersection: u64, union: u64) -> f64 {
        let iou = self.rules.iou(intersection, union);
        self.samples += 1;
        self.counted += u64::from(iou.is_some());
        self.intersection += intersection;
        self.union += union;
        self.iou_sum += iou.unwrap_or(0.0);
        let hits = self.rules.hits(intersection, union);
        for reached in &mut self.hits[..hits] {
            *reached += 1;
        }
        iou.unwrap_or(f64::NAN)
    }

    /// Adds one expression's predicted and true mask. Returns its IoU as [`Metrics::add`] does.
    ///
    /// Panics if the masks differ in size: resize the prediction first.
    pub fn add_masks(&mut self, predicted: &Mask, truth: &Mask) -> f64 {
        let (intersection, union) = overlap(predicted, truth);
        self.add(intersection, union)
    }

    /// Adds all samples of another accumulator.
    ///
    /// Panics if the rules differ, because their numbers cannot be added.
    pub fn merge(&mut self, other: &Metrics) {
        assert_eq!(self.rules, other.rules, "metrics under one set of rules");
        self.samples += other.samples;
        self.counted += other.counted;
        self.intersection += other.intersection;
        self.union += other.union;
        self.iou_sum += other.iou_sum;
        for (hits, more) in self.hits.iter_mut().zip(other.hits) {
            *hits += more;
        }
    }

    /// Returns the metrics as fractions. All are zero if nothing was added. oIoU is zero if no mask had a
    /// pixel, and mIoU is zero if no phrase has an IoU.
    pub fn summary(&self) -> Summary {
        let samples = self.samples.max(1) as f64;
        Summary {
            samples: self.samples,
            oiou: self.intersection as f64 / self.union.max(1) as f64,
            miou: self.iou_sum / self.counted.max(1) as f64,
            precision: self.hits.map(|hits| hits as f64 / samples),
        }
    }
}

/// Returns the number of pixels in both masks and the number in either. Panics if the masks differ in size.
pub fn overlap(a: &Mask, b: &Mask) -> (u64, u64) {
    assert_eq!(
        (a.width(), a.height()),
        (b.width(), b.height()),
        "masks of one size"
    );
    let pairs = a.bits().iter().zip(b.bits());
    pairs.fold((0, 0), |(intersection, union), (&a, &b)| {
        (intersection + u64::from(a && b), union + u64::from(a || b))
    })
}

/// The metrics of a set of referring expressions, as fractions from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Referring expressions.
    pub samples: u64,
    /// Overall IoU: the sum of intersections over the sum of unions (also called cIoU).
    pub oiou: f64,
    /// Mean of the IoUs.
    pub miou: f64,
    /// Share of expressions whose IoU reaches each of [`THRESHOLDS`].
    pub precision: [f64; 5],
}

impl Summary {
    /// Returns Pr@t as pairs of threshold and share.
    pub fn precision_at(&self) -> impl Iterator<Item = (f64, f64)> {
        THRESHOLDS.into_iter().zip(self.precision)
    }
}

/// One line, in percent: `oIoU 77.79  mIoU 64.20  Pr@0.5 74.26 ... Pr@0.9 24.53  (3481 phrases)`.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "oIoU {:.2}  mIoU {:.2}",
            100.0 * self.oiou,
            100.0 * self.miou
        )?;
        for (threshold, share) in self.precision_at() {
            write!(f, "  Pr@{threshold} {:.2}", 100.0 * share)?;
        }
        let plural = if self.samples == 1 { "" } else { "s" };
        write!(f, "  ({} phrase{plural})", self.samples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(bits: &[u8]) -> Mask {
        Mask::new(bits.len(), 1, bits.iter().map(|&bit| bit == 1).collect())
    }

    /// Computed manually: IoUs 1/2, 2/3, 0 (no overlap), 0 (empty union), 1: sum 13/6. Sums: 1+2+0+0+3 = 6 of
    /// 2+3+2+0+3 = 10.
    fn five(rules: Rules) -> Metrics {
        let mut metrics = Metrics::new(rules);
        let half = metrics.add_masks(&mask(&[1, 1, 0, 0]), &mask(&[1, 0, 0, 0]));
        assert!((half - 0.5).abs() <= rules.added, "{half}");
        metrics.add_masks(&mask(&[1, 1, 1, 0]), &mask(&[0, 1, 1, 0]));
        metrics.add_masks(&mask(&[1, 0, 0, 0]), &mask(&[0, 1, 0, 0]));
        metrics.add_masks(&mask(&[0, 0, 0, 0]), &mask(&[0, 0, 0, 0]));
        metrics.add_masks(&mask(&[1, 1, 1, 0]), &mask(&[1, 1, 1, 0]));
        metrics
    }

    #[test]
    fn the_default_is_rmsin() {
        let summary = five(Rules::default()).summary();
        assert_eq!(summary.samples, 5);
        assert_eq!(summary.oiou, 0.6);
        assert!((summary.miou - 13.0 / 30.0).abs() < 1e-12);
        assert_eq!(summary.precision, [0.6, 0.4, 0.2, 0.2, 0.2]);
    }

    #[test]
    fn the_other_protocols_differ_as_published() {
        let summary = five(Rules::DETRIS).summary();
        assert_eq!(summary.precision, [0.4, 0.4, 0.2, 0.2, 0.2]);
        let summary = five(Rules::SEGEARTH_R1).summary();
        assert!((summary.miou - 19.0 / 30.0).abs() < 1e-5);
        assert_eq!(summary.precision, [0.6, 0.6, 0.4, 0.4, 0.4]);
        let summary = five(Rules::RSREFSEG2).summary();
        assert!((summary.miou - 13.0 / 24.0).abs() < 1e-12);
        assert_eq!(summary.precision, [0.4, 0.4, 0.2, 0.2, 0.2]);
        assert!(Metrics::new(Rules::RSREFSEG2).add(0, 0).is_nan());
    }

    #[test]
    fn an_iou_exactly_on_a_threshold_counts() {
        for (tenths, expected) in [(5, 1.0), (6, 2.0), (7, 3.0), (8, 4.0), (9, 5.0)] {
            let mut metrics = Metrics::default();
            metrics.add(tenths * 7, 70);
            let precision: f64 = metrics.summary().precision.iter().sum();
            assert_eq!(precision, expected, "IoU of {tenths} tenths");
        }
    }

    #[test]
    fn merging_and_saving_keep_every_sample() {
        let whole = five(Rules::default());
        let (mut a, mut b) = (Metrics::default(), Metrics::default());
        a.add(1, 2);
        a.add(2, 3);
        b.add(0, 2);
        b.add(0, 0);
        b.add(3, 3);
        a.merge(&b);
        assert_eq!(a, whole);
        let json = serde_json::to_string(&a).expect("plain numbers");
        assert_eq!(
            serde_json::from_str::<Metrics>(&json).expect("its own form"),
            a
        );
    }

    #[test]
    fn the_line_is_in_percent() {
        assert_eq!(
            five(Rules::default()).summary().to_string(),
            "oIoU 60.00  mIoU 43.33  Pr@0.5 60.00  Pr@0.6 40.00  Pr@0.7 20.00  Pr@0.8 20.00  \
             Pr@0.9 20.00  (5 phrases)"
        );
        assert_eq!(Metrics::default().summary(), Summary::default());
    }
}
