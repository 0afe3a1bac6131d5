//! Tiles along one axis of a grid, and how neighbours blend where they overlap.

use std::ops::Range;

/// Sum of the weights of all tiles over a pixel, along one axis.
pub const FULL: u32 = 256;

/// Tiles of `side` pixels that start every `side - overlap`; the last is moved back so that it ends at the end of the
/// grid. A grid shorter than a tile has one tile of its own length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    length: usize,
    side: usize,
    overlap: usize,
}

impl Axis {
    /// Creates the tiles over `length` pixels; `overlap` must be less than half of `side`.
    pub fn new(length: usize, side: usize, overlap: usize) -> Self {
        debug_assert!(2 * overlap < side, "two transitions fit in a tile");
        Self {
            length,
            side: side.min(length),
            overlap,
        }
    }

    fn stride(&self) -> usize {
        // Only used if there are several tiles, which then have their full side.
        self.side - self.overlap
    }

    /// Length in pixels.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Number of tiles.
    pub fn count(&self) -> usize {
        match self.length - self.side {
            0 => 1,
            rest => rest.div_ceil(self.stride()) + 1,
        }
    }

    /// The pixels of tile `index`.
    pub fn span(&self, index: usize) -> Range<usize> {
        let last = self.length - self.side;
        let start = match last {
            0 => 0,
            _ => (index * self.stride()).min(last),
        };
        start..start + self.side
    }

    /// The tiles that overlap `pixels`, which must not be empty.
    pub fn touching(&self, pixels: &Range<usize>) -> Range<usize> {
        let count = self.count();
        let first = (0..count)
            .rev()
            .take_while(|&index| self.span(index).end > pixels.start)
            .last()
            .unwrap_or(0);
        let end = (first..count)
            .take_while(|&index| self.span(index).start < pixels.end)
            .last()
            .map_or(first, |index| index + 1);
        first..end
    }

    /// Weight of tile `index` at pixel `at`, 0 to [`FULL`]. At every pixel the weights of all tiles add up to exactly
    /// [`FULL`].
    ///
    /// A tile blends into the next one in a linear ramp over its last `overlap` pixels. With an overlap of less than
    /// half a side, no pixel is in two ramps, even if the last tile was moved back.
    pub fn weight(&self, index: usize, at: usize) -> u32 {
        let span = self.span(index);
        if !span.contains(&at) {
            return 0;
        }
        if index > 0 {
            let up = self.handed_over(self.span(index - 1).end, at);
            if up < FULL {
                return up;
            }
        }
        if index + 1 < self.count() {
            return FULL - self.handed_over(span.end, at);
        }
        FULL
    }

    /// Weight of the next tile at pixel `at`, if the previous tile ends at `end`.
    fn handed_over(&self, end: usize, at: usize) -> u32 {
        let start = end - self.overlap;
        if at < start {
            0
        } else if at >= end {
            FULL
        } else {
            // The weight at the pixel's centre, rounded.
            let (step, overlap) = (2 * (at - start) + 1, 2 * self.overlap);
            ((step * FULL as usize + self.overlap) / overlap) as u32
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_over_a_pixel_add_up_exactly() {
        for side in 1..20usize {
            for overlap in 0..side.div_ceil(2) {
                for length in 1..70 {
                    let axis = Axis::new(length, side, overlap);
                    for at in 0..length {
                        let weights = (0..axis.count()).map(|index| axis.weight(index, at));
                        let (mut sum, mut shared) = (0, 0);
                        for weight in weights {
                            sum += weight;
                            shared += usize::from(weight > 0);
                        }
                        assert_eq!(sum, FULL, "{axis:?} at {at}");
                        assert!(shared <= 2, "{axis:?} at {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn tiles_cover_the_grid_and_stay_in_it() {
        for (length, side, overlap) in [(100, 30, 10), (30, 30, 10), (31, 30, 14), (7, 30, 10)] {
            let axis = Axis::new(length, side, overlap);
            assert_eq!(axis.span(0).start, 0);
            assert_eq!(axis.span(axis.count() - 1).end, length);
            for index in 1..axis.count() {
                assert!(axis.span(index).start > axis.span(index - 1).start);
                assert!(axis.span(index).start + overlap <= axis.span(index - 1).end);
                assert_eq!(axis.span(index).len(), side);
            }
        }
        assert_eq!(Axis::new(7, 30, 10).span(0), 0..7);
        assert_eq!(Axis::new(31, 30, 14).count(), 2);
    }

    #[test]
    fn touching_is_what_looking_at_every_tile_finds() {
        for length in 1..60 {
            let axis = Axis::new(length, 9, 4);
            for start in 0..length {
                for end in start + 1..=length {
                    let meets = |index: &usize| {
                        let span = axis.span(*index);
                        span.start < end && start < span.end
                    };
                    let expected: Vec<_> = (0..axis.count()).filter(meets).collect();
                    let found: Vec<_> = axis.touching(&(start..end)).collect();
                    assert_eq!(found, expected, "{length}, {start}..{end}");
                }
            }
        }
    }

    #[test]
    fn a_ramp_is_straight() {
        let axis = Axis::new(100, 20, 4);
        let weights: Vec<_> = (15..21).map(|at| axis.weight(1, at)).collect();
        assert_eq!(weights, [0, 32, 96, 160, 224, 256]);
    }
}
