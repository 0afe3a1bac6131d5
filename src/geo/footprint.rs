//! A mask and the probabilities that it was made from, on their grid over a scene.

use super::affine::Grid;
use crate::segment::Refine;
use crate::vision::{LOWEST_PROBABILITY, Mask};

/// The part of a scene that a phrase covers: a mask in map pixels, the probabilities behind it if they are available,
/// and the grid that places the map in the scene.
///
/// The covered surface is that of marching squares between pixel centres. Its border crosses from a set pixel to a
/// clear neighbour where the probabilities, interpolated linearly, cross the threshold. Where the mask does not follow
/// the threshold (a filled hole, a smoothed edge, the end of the map), or the neighbour has no data (probability 0), it
/// crosses halfway, at the pixels' common edge.
/// Set pixels that touch only by a corner are separate.
#[derive(Debug, Clone, Copy)]
pub struct Footprint<'a> {
    mask: &'a Mask,
    grid: Grid,
    probability: Option<(&'a [u8], f64)>,
    others: Option<&'a Mask>,
}

impl<'a> Footprint<'a> {
    /// Creates the footprint of a mask whose borders run halfway between pixel centres.
    pub fn new(mask: &'a Mask, grid: Grid) -> Self {
        Self {
            mask,
            grid,
            probability: None,
            others: None,
        }
    }

    /// Creates the footprint of the mask that `refine` made of `probability`, which has values 0 to 255 and the size of
    /// the mask. Its borders follow the probabilities unless these were smoothed first, because the mask then does not
    /// follow them either. Panics if the size differs, which is a programming error.
    pub fn refined(mask: &'a Mask, grid: Grid, probability: &'a [u8], refine: &Refine) -> Self {
        let footprint = Self::new(mask, grid);
        match refine.smooth {
            0 => footprint.with_probability(probability, refine.lowest()),
            _ => footprint,
        }
    }

    /// Returns the footprint next to other things cut from the same mask. Common borders run along the pixels' edges,
    /// so that all the footprints together cover what the mask covers. Panics if the size differs, which is a
    /// programming error.
    pub fn beside(mut self, others: &'a Mask) -> Self {
        let size = |mask: &Mask| (mask.width(), mask.height());
        assert_eq!(size(others), size(self.mask), "one bit per mask pixel");
        self.others = Some(others);
        self
    }

    /// Returns the footprint with borders where `probability` rises to `lowest`.
    fn with_probability(mut self, probability: &'a [u8], lowest: u16) -> Self {
        assert_eq!(
            probability.len(),
            self.mask.bits().len(),
            "one probability a mask pixel"
        );
        // The level is below the lowest byte that is set, so that no border runs through a pixel's centre, where rings
        // would touch.
        let level = f64::from(lowest) - 0.5;
        self.probability = Some((probability, level));
        self
    }

    /// The mask, in map pixels.
    pub fn mask(&self) -> &'a Mask {
        self.mask
    }

    /// Where the map is in the scene.
    pub fn grid(&self) -> Grid {
        self.grid
    }

    /// Whether there are other things to take into account.
    pub(crate) fn has_others(&self) -> bool {
        self.others.is_some()
    }

    /// Whether the pixel is in the mask; false outside the map.
    pub(crate) fn is_set(&self, x: isize, y: isize) -> bool {
        self.index(x, y)
            .is_some_and(|index| self.mask.bits()[index])
    }

    /// Whether the pixel belongs to another thing.
    pub(crate) fn is_other(&self, x: isize, y: isize) -> bool {
        let Some(others) = self.others else {
            return false;
        };
        self.index(x, y).is_some_and(|index| others.bits()[index])
    }

    /// Where the border crosses between a pixel of the footprint, or of another thing, and a neighbour, in map pixels.
    pub(crate) fn vertex(&self, set: (isize, isize), clear: (isize, isize)) -> [f64; 2] {
        let share = self.crossing(set, clear);
        let between = |set: isize, clear: isize| set as f64 + 0.5 + share * (clear - set) as f64;
        [between(set.0, clear.0), between(set.1, clear.1)]
    }

    /// Where the border crosses, on a scale from the centre of a set pixel (0) to the centre of a clear neighbour (1).
    pub(crate) fn crossing(&self, set: (isize, isize), clear: (isize, isize)) -> f64 {
        const HALFWAY: f64 = 0.5;
        let Some((bytes, level)) = self.probability else {
            return HALFWAY;
        };
        if self.is_other(clear.0, clear.1) {
            return HALFWAY;
        }
        let (Some(set), Some(clear)) = (self.index(set.0, set.1), self.index(clear.0, clear.1))
        else {
            return HALFWAY;
        };
        let (inside, outside) = (f64::from(bytes[set]), f64::from(bytes[clear]));
        let has_data = bytes[clear] >= LOWEST_PROBABILITY;
        if has_data && inside > level && outside < level {
            (inside - level) / (inside - outside)
        } else {
            HALFWAY
        }
    }

    fn index(&self, x: isize, y: isize) -> Option<usize> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        (x < self.mask.width() && y < self.mask.height()).then(|| y * self.mask.width() + x)
    }
}
