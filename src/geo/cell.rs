//! How a border runs through a cell: the square between the centres of four adjacent pixels.
//!
//! Marching squares has one straight line per cell. This rule is enough next to clear pixels. Where things touch, their
//! borders must meet; otherwise the surface that they cover together would have a gap at each end of a common border.
//! The surface of all things is therefore divided there: along the pixels' edges to the middle of the cell, and from
//! there to the middle of the line that separates the surface from the clear pixel.

use super::footprint::Footprint;

/// The share by which borders of pixels that touch only by a corner are kept away from their common points, because
/// rings must not touch themselves.
const APART: f64 = 0.01;

/// A pixel as column and row. It may be outside the map.
pub(crate) type Pixel = (isize, isize);

/// The cell that a border runs through next to a pixel of its footprint.
pub(crate) struct Cell<'a> {
    pub footprint: &'a Footprint<'a>,
    /// A set pixel.
    pub pixel: Pixel,
    /// The pixel across the side where the border enters; not set.
    pub across: Pixel,
    /// The pixel ahead, next to `pixel`.
    pub ahead: Pixel,
    /// The pixel adjacent to both `across` and `ahead`.
    pub beyond: Pixel,
}

/// The state of a pixel.
#[derive(Clone, Copy, PartialEq)]
enum At {
    /// The footprint.
    Set,
    /// Another thing.
    Other,
    Clear,
}

impl Cell<'_> {
    /// The vertices, in map pixels, between the one where the border enters and the one where it leaves.
    pub fn bends(&self) -> impl Iterator<Item = [f64; 2]> + use<> {
        use At::{Clear, Other, Set};
        let (pixel, across, ahead, beyond) = (self.pixel, self.across, self.ahead, self.beyond);
        let around = [self.at(across), self.at(ahead), self.at(beyond)];
        // Whether the pixel beyond has a border of its own in this cell.
        let apart = around[2] == Set && around[..2].iter().all(|&at| at != Set);
        let middle = || {
            between(
                self.middle(),
                centre(pixel),
                if apart { APART } else { 0.0 },
            )
        };
        let parting = |own: [Pixel; 2], other: [Pixel; 2]| {
            let [own, other] = [own, other].map(|[set, clear]| self.footprint.vertex(set, clear));
            between(other, own, if apart { 0.5 + APART } else { 0.5 })
        };
        let bends = match around {
            // Around the pixel's corner.
            [Other, Other, _] => [Some(middle()), None],
            [Other, Clear, Clear] => [Some(parting([pixel, ahead], [across, beyond])), None],
            [Other, Clear, _] => {
                let end = parting([pixel, ahead], [beyond, ahead]);
                [Some(middle()), Some(end)]
            }
            [Clear, Other, Clear] => [Some(parting([pixel, across], [ahead, beyond])), None],
            [Clear, Other, _] => {
                let end = parting([pixel, across], [beyond, across]);
                [Some(end), Some(middle())]
            }
            // Straight on.
            [Other, Set, Clear] => {
                let end = parting([ahead, beyond], [across, beyond]);
                [Some(middle()), Some(end)]
            }
            [Clear, Set, Other] => {
                let end = parting([pixel, across], [beyond, across]);
                [Some(end), Some(middle())]
            }
            // Around the corner of the pixel beyond.
            [Other, Set, Set] => [Some(middle()), None],
            _ => [None, None],
        };
        bends.into_iter().flatten()
    }

    fn at(&self, (x, y): Pixel) -> At {
        if self.footprint.is_set(x, y) {
            At::Set
        } else if self.footprint.is_other(x, y) {
            At::Other
        } else {
            At::Clear
        }
    }

    fn middle(&self) -> [f64; 2] {
        between(centre(self.pixel), centre(self.beyond), 0.5)
    }
}

fn centre((x, y): Pixel) -> [f64; 2] {
    [x as f64 + 0.5, y as f64 + 0.5]
}

/// The point at a share of the distance from one point to another.
fn between(from: [f64; 2], to: [f64; 2], share: f64) -> [f64; 2] {
    std::array::from_fn(|axis| from[axis] + share * (to[axis] - from[axis]))
}
