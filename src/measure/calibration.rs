//! Measures how reliable probabilities are: the expected calibration error (Naeini et al. 2015, AAAI; Guo et
//! al. 2017, arXiv 1706.04599).

use crate::segment::ProbabilityMap;
use crate::vision::Mask;

/// Bins of equal width over 0 to 1, as in Guo et al.
const BINS: usize = 15;

/// Probabilities by bin, and how often the predicted event was true.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calibration {
    bins: [Bin; BINS],
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Bin {
    count: u64,
    said: f64,
    happened: f64,
}

impl Calibration {
    /// Adds a probability, and the share of cases in which the event occurred.
    pub fn add(&mut self, said: f32, happened: f32) {
        let bin = &mut self.bins[((said * BINS as f32) as usize).min(BINS - 1)];
        bin.count += 1;
        bin.said += f64::from(said);
        bin.happened += f64::from(happened);
    }

    /// Adds every pixel of a map whose truth is known. `truth` and `known` cover the whole image, at any
    /// size.
    pub fn add_map(&mut self, map: &ProbabilityMap, truth: &Mask, known: Option<&Mask>) {
        let at = |mask: &Mask, x: usize, y: usize| {
            let place = |at: usize, from: usize, to: usize| (2 * at + 1) * to / (2 * from);
            mask.get(
                place(x, map.width(), mask.width()),
                place(y, map.height(), mask.height()),
            )
        };
        for (index, &said) in map.values().iter().enumerate() {
            let (x, y) = (index % map.width(), index / map.width());
            if known.is_none_or(|known| at(known, x, y)) {
                self.add(said, f32::from(u8::from(at(truth, x, y))));
            }
        }
    }

    /// Returns the mean difference between predicted and observed frequency, 0 to 1, over bins weighted by
    /// their number of cases. Returns None if there are no cases.
    pub fn error(&self) -> Option<f64> {
        let count: u64 = self.bins.iter().map(|bin| bin.count).sum();
        let apart: f64 = self
            .bins
            .iter()
            .map(|bin| (bin.said - bin.happened).abs())
            .sum();
        (count > 0).then(|| apart / count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_right_as_often_as_it_says_has_no_error() {
        let mut right = Calibration::default();
        assert_eq!(right.error(), None);
        for case in 0..10 {
            right.add(0.7, f32::from(u8::from(case < 7)));
        }
        assert!(right.error().expect("there are cases") < 1e-6);
        let mut sure = Calibration::default();
        for case in 0..10 {
            sure.add(1.0, f32::from(u8::from(case < 7)));
        }
        assert!((sure.error().expect("there are cases") - 0.3).abs() < 1e-6);
    }

    #[test]
    fn pixels_are_compared_where_their_truth_is_known() {
        let map = ProbabilityMap::from_bytes(2, 1, &[255, 0]);
        let truth = Mask::full(4, 2);
        let mut all = Calibration::default();
        all.add_map(&map, &truth, None);
        assert_eq!(all.error(), Some(0.5));
        let known = Mask::new(4, 2, [true, true, false, false].repeat(2));
        let mut some = Calibration::default();
        some.add_map(&map, &truth, Some(&known));
        assert_eq!(some.error(), Some(0.0));
    }
}
