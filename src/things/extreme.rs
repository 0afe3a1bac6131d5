//! Superlatives: largest, leftmost and so on.

use super::region::Region;

/// The order of things for a superlative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Extreme {
    Largest,
    Smallest,
    Leftmost,
    Rightmost,
    Topmost,
    Bottommost,
}

/// Factor by which two areas differ clearly.
pub const CLEAR_FACTOR: f32 = 1.2;

/// Share of the shorter side of the image by which two centres differ clearly.
pub const CLEAR_MARGIN: f32 = 0.04;

impl Extreme {
    /// Whether it orders by area.
    pub fn is_size(self) -> bool {
        matches!(self, Extreme::Largest | Extreme::Smallest)
    }

    /// The cost, which is smallest for the thing that the superlative means: an area, or a coordinate of the centre in
    /// pixels.
    pub fn cost(self, region: &Region) -> f32 {
        let (x, y) = region.centre();
        match self {
            Extreme::Largest => -(region.area() as f32),
            Extreme::Smallest => region.area() as f32,
            Extreme::Leftmost => x,
            Extreme::Rightmost => -x,
            Extreme::Topmost => y,
            Extreme::Bottommost => -y,
        }
    }

    /// Coordinate of the edge that faces the side, smallest for the thing that reaches furthest; 0 for sizes.
    pub fn edge(self, region: &Region) -> f32 {
        let (x0, y0, x1, y1) = region.bounding_box();
        match self {
            Extreme::Largest | Extreme::Smallest => 0.0,
            Extreme::Leftmost => x0 as f32,
            Extreme::Rightmost => -(x1 as f32),
            Extreme::Topmost => y0 as f32,
            Extreme::Bottommost => -(y1 as f32),
        }
    }

    /// Whether two costs differ clearly, `first` being the smaller. `extent` is the shorter side of the image.
    pub fn is_clear(self, first: f32, next: f32, extent: f32) -> bool {
        match self {
            Extreme::Largest => first <= next * CLEAR_FACTOR,
            Extreme::Smallest => next >= first * CLEAR_FACTOR,
            _ => next - first >= extent * CLEAR_MARGIN,
        }
    }
}

/// Whether one distance is clearly smaller than another.
pub fn is_clearly_nearer(one: f32, other: f32, extent: f32) -> bool {
    let (low, high) = (one.min(other), one.max(other));
    high < 1e6 && high - low >= extent * 0.03 && low <= high * 0.8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_order_and_margins_tell_near_ties() {
        let (small, large) = (
            Region::rectangle(5, 5, 10, 10),
            Region::rectangle(40, 40, 10, 13),
        );
        assert!(Extreme::Largest.cost(&large) < Extreme::Largest.cost(&small));
        assert!(Extreme::Leftmost.cost(&small) < Extreme::Leftmost.cost(&large));
        assert!(Extreme::Bottommost.edge(&large) < Extreme::Bottommost.edge(&small));
        assert!(Extreme::Largest.is_clear(-130.0, -100.0, 100.0));
        assert!(!Extreme::Smallest.is_clear(100.0, 115.0, 100.0));
        assert!(!Extreme::Topmost.is_clear(10.0, 13.0, 100.0));
        assert!(is_clearly_nearer(10.0, 20.0, 100.0) && !is_clearly_nearer(19.0, 20.0, 100.0));
    }
}
