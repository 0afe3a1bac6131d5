//! Maps of probabilities, and their masks and scores.

use crate::vision::{LOWEST_PROBABILITY, Mask, resize_map, threshold_map};

/// Lowest probability of a mask pixel.
pub const THRESHOLD: f32 = 0.5;

/// Probabilities at the network's own resolution, 0 to 1, row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct ProbabilityMap {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl ProbabilityMap {
    /// A map from `width * height` logits.
    pub fn from_logits(width: usize, height: usize, logits: &[f32]) -> Self {
        assert_eq!(logits.len(), width * height, "one logit per pixel");
        let values = logits
            .iter()
            .map(|logit| 1.0 / (1.0 + (-logit).exp()))
            .collect();
        Self {
            width,
            height,
            values,
        }
    }

    /// A map from `width * height` bytes, 255 being certain.
    pub fn from_bytes(width: usize, height: usize, bytes: &[u8]) -> Self {
        assert_eq!(bytes.len(), width * height, "one byte per pixel");
        let values = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
        Self {
            width,
            height,
            values,
        }
    }

    /// Width in mask pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in mask pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The probabilities, `[height, width]`.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The probabilities resized to `width` x `height`, bilinearly.
    pub fn resized(&self, width: usize, height: usize) -> Vec<f32> {
        resize_map(&self.values, (self.width, self.height), (width, height))
    }

    /// The probabilities resized to `width` x `height`, as bytes of [`LOWEST_PROBABILITY`] to 255, the form in which
    /// maps are stored and passed on. There, 0 means a pixel without data.
    pub fn to_bytes(&self, width: usize, height: usize) -> Vec<u8> {
        let resized = self.resized(width, height);
        let byte = |p: &f32| ((p * 255.0).round() as u8).max(LOWEST_PROBABILITY);
        resized.iter().map(byte).collect()
    }

    /// The mask at `width` x `height`: where the resized probability reaches `threshold`.
    pub fn mask(&self, width: usize, height: usize, threshold: f32) -> Mask {
        threshold_map(
            &self.values,
            (self.width, self.height),
            (width, height),
            threshold,
        )
    }

    /// Confidence of the model in its mask: the mean probability inside it; 0 for an empty mask.
    pub fn score(&self, threshold: f32) -> f32 {
        let inside: Vec<f32> = self
            .values
            .iter()
            .copied()
            .filter(|&p| p >= threshold)
            .collect();
        if inside.is_empty() {
            0.0
        } else {
            inside.iter().sum::<f32>() / inside.len() as f32
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logits_become_probabilities_and_a_mask() {
        let map = ProbabilityMap::from_logits(2, 1, &[20.0, -20.0]);
        assert!(map.values()[0] > 0.999 && map.values()[1] < 0.001);
        assert_eq!(map.to_bytes(2, 1), [255, 1], "0 is no data");
        let mask = map.mask(8, 2, THRESHOLD);
        assert_eq!((mask.width(), mask.height(), mask.area()), (8, 2, 8));
        assert!(map.score(THRESHOLD) > 0.999);
        assert_eq!(
            ProbabilityMap::from_logits(1, 1, &[-5.0]).score(THRESHOLD),
            0.0
        );
    }
}
