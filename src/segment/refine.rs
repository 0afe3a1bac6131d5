//! From probabilities to a usable mask: smoothing, threshold, small components, holes.

use serde::Serialize;

use super::parts::Parts;
use super::probability::THRESHOLD;
use crate::vision::{LOWEST_PROBABILITY, Mask};

/// Largest smoothing radius, in map pixels.
pub const MAX_SMOOTH: usize = 5;

/// How a mask is made from probabilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Refine {
    /// Lowest probability of a mask pixel, 0 to 1.
    pub threshold: f32,
    /// The probabilities are first averaged over squares that reach this many map pixels to every side,
    /// 0 to [`MAX_SMOOTH`].
    pub smooth: usize,
    /// Connected components of fewer map pixels are removed.
    pub min_area: usize,
    /// Holes of up to this many map pixels are filled. A region that touches the map's edge is not a hole.
    pub fill_holes: usize,
}

impl Default for Refine {
    fn default() -> Self {
        Self {
            threshold: THRESHOLD,
            smooth: 0,
            min_area: 0,
            fill_holes: 0,
        }
    }
}

impl Refine {
    /// Makes the mask from `values`, probabilities of 0 to 255, `[height, width]`.
    ///
    /// Smoothing comes first, then the threshold, then the removal of small components, then the filling of holes.
    /// Components and holes are 4-connected. A pixel of value 0 has no data and is never in the mask: not at threshold
    /// 0, nor by smoothing or filling. Panics if the number of values is wrong: that is a programming error.
    pub fn apply(&self, values: &[u8], width: usize, height: usize) -> Mask {
        assert_eq!(values.len(), width * height, "one probability per pixel");
        let lowest = self.lowest();
        let belongs = |&value: &u8| u16::from(value) >= lowest;
        let mut bits: Vec<bool> = match self.smooth.min(MAX_SMOOTH) {
            0 => values.iter().map(belongs).collect(),
            reach => smoothed(values, width, height, reach)
                .iter()
                .map(belongs)
                .collect(),
        };
        if self.min_area > 1 {
            Parts::of(&bits, width, true).flip(&mut bits, |area, _| area < self.min_area);
        }
        if self.fill_holes > 0 {
            let filled = |area: usize, edge: bool| !edge && area <= self.fill_holes;
            Parts::of(&bits, width, false).flip(&mut bits, filled);
        }
        for (bit, &value) in bits.iter_mut().zip(values) {
            *bit &= value >= LOWEST_PROBABILITY;
        }
        Mask::new(width, height, bits)
    }

    /// Smallest byte that reaches the threshold; at least [`LOWEST_PROBABILITY`]. It is 256 if no byte reaches it, for
    /// a threshold above 1.
    pub fn lowest(&self) -> u16 {
        // 0.6 in 32 bits, times 255, is 153.000006: that is 153, not 154.
        let exact = (f64::from(self.threshold) * 255.0 * 1e4).round() / 1e4;
        exact.ceil().clamp(f64::from(LOWEST_PROBABILITY), 256.0) as u16
    }
}

/// The numbers of a mask.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MaskStats {
    /// Map pixels in the mask.
    pub area: usize,
    /// Share of the map, 0 to 1.
    pub share: f32,
    /// Confidence of the model: the mean probability in the mask, 0 to 1; 0 for an empty mask.
    pub score: f32,
    /// Number of connected components.
    pub parts: usize,
}

impl MaskStats {
    /// Computes the numbers of `mask`, which was made from `values`.
    pub fn of(mask: &Mask, values: &[u8]) -> Self {
        let mut area = 0usize;
        let mut sum = 0u64;
        for (_, &value) in mask.bits().iter().zip(values).filter(|(bit, _)| **bit) {
            area += 1;
            sum += u64::from(value);
        }
        Self {
            area,
            share: area as f32 / mask.bits().len().max(1) as f32,
            score: (sum as f64 / 255.0 / area.max(1) as f64) as f32,
            parts: Parts::of(mask.bits(), mask.width(), true).count(),
        }
    }
}

/// Returns rounded means over squares of side `2 * reach + 1`, cropped at the edges; at least [`LOWEST_PROBABILITY`].
/// Two sliding sums make the time independent of `reach`.
fn smoothed(values: &[u8], width: usize, height: usize, reach: usize) -> Vec<u8> {
    let mut output = Vec::with_capacity(values.len());
    if values.is_empty() {
        return output;
    }
    let row = |y: usize| &values[y * width..(y + 1) * width];
    // Sums of the columns over the rows around y.
    let mut columns = vec![0u32; width];
    let add = |columns: &mut [u32], y: usize| {
        for (sum, &value) in columns.iter_mut().zip(row(y)) {
            *sum += u32::from(value);
        }
    };
    for y in 0..reach.min(height) {
        add(&mut columns, y);
    }
    for y in 0..height {
        if y + reach < height {
            add(&mut columns, y + reach);
        }
        if y > reach {
            for (sum, &value) in columns.iter_mut().zip(row(y - reach - 1)) {
                *sum -= u32::from(value);
            }
        }
        let rows = (y + reach + 1).min(height) - y.saturating_sub(reach);
        let mut sum: u32 = columns[..reach.min(width)].iter().sum();
        for x in 0..width {
            sum += columns.get(x + reach).copied().unwrap_or(0);
            if x > reach {
                sum -= columns[x - reach - 1];
            }
            let across = (x + reach + 1).min(width) - x.saturating_sub(reach);
            let count = (rows * across) as u32;
            output.push((((sum + count / 2) / count) as u8).max(LOWEST_PROBABILITY));
        }
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(length: usize, seed: u64) -> Vec<u8> {
        let mut state = seed;
        (0..length)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 56) as u8
            })
            .collect()
    }

    /// Returns the pixels of each component of `value`, found by flood fill, and whether it touches the edge.
    fn flooded(mask: &Mask, value: bool) -> Vec<(Vec<usize>, bool)> {
        let (width, height) = (mask.width(), mask.height());
        let mut seen = vec![false; width * height];
        let mut parts = Vec::new();
        for start in 0..width * height {
            if seen[start] || mask.bits()[start] != value {
                continue;
            }
            let (mut members, mut queue, mut edge) = (Vec::new(), vec![start], false);
            seen[start] = true;
            while let Some(at) = queue.pop() {
                members.push(at);
                let (x, y) = (at % width, at / width);
                let mut go = |inside: bool, next: usize| {
                    edge |= !inside;
                    if inside && !seen[next] && mask.bits()[next] == value {
                        seen[next] = true;
                        queue.push(next);
                    }
                };
                go(x > 0, at.wrapping_sub(1));
                go(x + 1 < width, at + 1);
                go(y > 0, at.wrapping_sub(width));
                go(y + 1 < height, at + width);
            }
            parts.push((members, edge));
        }
        parts
    }

    #[test]
    fn small_parts_and_holes_are_those_of_a_flood_fill() {
        for (seed, width, height) in [(1, 31, 17), (2, 1, 40), (3, 40, 1), (4, 64, 64), (5, 3, 3)] {
            let values: Vec<u8> = random(width * height, seed)
                .into_iter()
                .map(|value| value.max(1))
                .collect();
            for threshold in [0.3, 0.5, 0.62] {
                for (min_area, fill_holes) in [(0, 0), (4, 0), (0, 3), (9, 9), (2000, 2000)] {
                    let refine = Refine {
                        threshold,
                        smooth: 0,
                        min_area,
                        fill_holes,
                    };
                    let plain = Refine {
                        threshold,
                        ..Refine::default()
                    };
                    let mut expected = plain.apply(&values, width, height);
                    for (members, _) in flooded(&expected, true) {
                        for at in members.iter().filter(|_| members.len() < min_area) {
                            expected.bits_mut()[*at] = false;
                        }
                    }
                    for (members, edge) in flooded(&expected, false) {
                        let filled = !edge && members.len() <= fill_holes;
                        for at in members.iter().filter(|_| filled) {
                            expected.bits_mut()[*at] = true;
                        }
                    }
                    let found = refine.apply(&values, width, height);
                    assert_eq!(found, expected, "{refine:?}, {width} x {height}");
                    let stats = MaskStats::of(&found, &values);
                    assert_eq!(stats.parts, flooded(&found, true).len());
                    assert_eq!(stats.area, found.area());
                }
            }
        }
    }

    #[test]
    fn smoothing_is_the_mean_of_the_square() {
        for (width, height) in [(13, 9), (1, 1), (4, 20), (30, 2)] {
            let values = random(width * height, 9);
            for reach in 1..=MAX_SMOOTH {
                let found = smoothed(&values, width, height, reach);
                for y in 0..height {
                    for x in 0..width {
                        let (mut sum, mut count) = (0, 0);
                        for v in y.saturating_sub(reach)..(y + reach + 1).min(height) {
                            for u in x.saturating_sub(reach)..(x + reach + 1).min(width) {
                                sum += u32::from(values[v * width + u]);
                                count += 1;
                            }
                        }
                        let mean = (((sum + count / 2) / count) as u8).max(1);
                        assert_eq!(found[y * width + x], mean, "{x}, {y}, reach {reach}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_threshold_is_reached_by_its_own_byte() {
        let lowest = |threshold| {
            Refine {
                threshold,
                ..Refine::default()
            }
            .lowest()
        };
        assert_eq!(
            [0.0, 0.5, 0.6, 0.2, 1.0].map(lowest),
            [1, 128, 153, 51, 255]
        );
        assert_eq!(lowest(1.5), 256);
        for byte in 1..=255u16 {
            assert_eq!(lowest(f32::from(byte) / 255.0), byte);
        }
    }

    #[test]
    fn pixels_without_data_are_in_no_mask() {
        let (width, height) = (24, 18);
        let mut values = random(width * height, 3);
        let hidden = |at: usize| at % width < 5 || at / width < 3 || at == 10 * width + 12;
        for (at, value) in values.iter_mut().enumerate() {
            *value = if hidden(at) { 0 } else { (*value).max(1) };
        }
        let data = values.iter().filter(|&&value| value > 0).count();
        for smooth in [0, 2, MAX_SMOOTH] {
            for fill_holes in [0, 1, 5000] {
                for threshold in [0.0, 1.0 / 255.0, 0.001, 0.2] {
                    let refine = Refine {
                        threshold,
                        smooth,
                        min_area: 0,
                        fill_holes,
                    };
                    let mask = refine.apply(&values, width, height);
                    let none = mask
                        .bits()
                        .iter()
                        .enumerate()
                        .all(|(at, &bit)| !bit || !hidden(at));
                    assert!(none, "{refine:?}");
                    if threshold < 0.01 {
                        assert_eq!(mask.area(), data, "{refine:?}");
                        assert_eq!(MaskStats::of(&mask, &values).area, data);
                    }
                }
            }
        }
    }

    #[test]
    fn stats_count_what_is_inside() {
        let mask = Mask::new(4, 1, vec![true, false, true, true]);
        let stats = MaskStats::of(&mask, &[255, 255, 51, 204]);
        assert_eq!((stats.area, stats.parts), (3, 2));
        assert!((stats.share - 0.75).abs() < 1e-6);
        assert!((stats.score - 2.0 / 3.0).abs() < 1e-6);
        let empty = MaskStats::of(&Mask::empty(2, 2), &[9; 4]);
        assert_eq!((empty.area, empty.score, empty.parts), (0, 0.0, 0));
    }
}
