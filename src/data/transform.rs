//! The eight symmetries of the square.

use rand::{Rng, RngExt};

use crate::vision::{Mask, RgbImage};

/// A symmetry of the square: an optional mirror left to right, then quarter turns clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct D4 {
    mirror: bool,
    turns: u8,
}

impl D4 {
    /// Changes nothing.
    pub const IDENTITY: Self = Self {
        mirror: false,
        turns: 0,
    };
    /// Left becomes right.
    pub const MIRROR: Self = Self {
        mirror: true,
        turns: 0,
    };
    /// Top becomes bottom.
    pub const FLIP: Self = Self {
        mirror: true,
        turns: 2,
    };
    /// A quarter turn clockwise: top becomes right.
    pub const TURN: Self = Self {
        mirror: false,
        turns: 1,
    };

    /// A mirror left to right if `mirror`, then `turns` quarter turns clockwise.
    pub fn new(mirror: bool, turns: u8) -> Self {
        Self {
            mirror,
            turns: turns % 4,
        }
    }

    /// All eight.
    pub fn all() -> [Self; 8] {
        std::array::from_fn(|place| Self::new(place >= 4, (place % 4) as u8))
    }

    /// One of the eight, all equally likely.
    pub fn random(rng: &mut (impl Rng + ?Sized)) -> Self {
        Self::new(rng.random_bool(0.5), rng.random_range(0..4))
    }

    /// Whether it makes clockwise counterclockwise.
    pub fn reverses(self) -> bool {
        self.mirror
    }

    /// Whether it swaps width and height.
    pub fn swaps_sides(self) -> bool {
        self.turns % 2 == 1
    }

    /// Size of a `width` x `height` image afterwards.
    pub fn size(self, width: usize, height: usize) -> (usize, usize) {
        if self.swaps_sides() {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// Where the pixel `(x, y)` of a `width` x `height` image goes.
    pub fn point(self, x: usize, y: usize, width: usize, height: usize) -> (usize, usize) {
        let x = if self.mirror { width - 1 - x } else { x };
        match self.turns {
            0 => (x, y),
            1 => (height - 1 - y, x),
            2 => (width - 1 - x, height - 1 - y),
            _ => (y, width - 1 - x),
        }
    }

    /// Where a direction goes; `(1, 0)` is right, `(0, 1)` is down.
    pub fn direction(self, (x, y): (i8, i8)) -> (i8, i8) {
        let x = if self.mirror { -x } else { x };
        match self.turns {
            0 => (x, y),
            1 => (-y, x),
            2 => (-x, -y),
            _ => (y, -x),
        }
    }

    /// The transformed image.
    pub fn image(self, image: &RgbImage) -> RgbImage {
        let (width, height) = (image.width(), image.height());
        let (new_width, new_height) = self.size(width, height);
        let (triples, _) = image.pixels().as_chunks::<3>();
        let mut moved = RgbImage::filled(new_width, new_height, [0; 3]);
        let pixels = self.apply(triples, width, height).into_flattened();
        moved.pixels_mut().copy_from_slice(&pixels);
        moved
    }

    /// The transformed mask.
    pub fn mask(self, mask: &Mask) -> Mask {
        let (width, height) = self.size(mask.width(), mask.height());
        Mask::new(
            width,
            height,
            self.apply(mask.bits(), mask.width(), mask.height()),
        )
    }

    /// The elements of a row-major `width` x `height` grid in their new places.
    pub fn apply<T: Copy + Default>(self, grid: &[T], width: usize, height: usize) -> Vec<T> {
        let (new_width, _) = self.size(width, height);
        let mut moved = vec![T::default(); grid.len()];
        for (y, row) in grid.chunks_exact(width.max(1)).enumerate() {
            for (x, &value) in row.iter().enumerate() {
                let (to_x, to_y) = self.point(x, y, width, height);
                moved[to_y * new_width + to_x] = value;
            }
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_directions_agree() {
        let (width, height) = (4, 3);
        for transform in D4::all() {
            let from = transform.point(1, 1, width, height);
            for (x, y, direction) in [
                (2, 1, (1, 0)),
                (0, 1, (-1, 0)),
                (1, 2, (0, 1)),
                (1, 0, (0, -1)),
            ] {
                let to = transform.point(x, y, width, height);
                let moved = (to.0 as i8 - from.0 as i8, to.1 as i8 - from.1 as i8);
                assert_eq!(moved, transform.direction(direction), "{transform:?}");
            }
        }
    }

    #[test]
    fn a_turn_takes_the_top_to_the_right() {
        assert_eq!(
            D4::TURN.apply(&[1, 2, 3, 4, 5, 6], 3, 2),
            vec![4, 1, 5, 2, 6, 3]
        );
        assert_eq!(
            D4::FLIP.apply(&[1, 2, 3, 4, 5, 6], 3, 2),
            vec![4, 5, 6, 1, 2, 3]
        );
        assert_eq!(
            D4::MIRROR.apply(&[1, 2, 3, 4, 5, 6], 3, 2),
            vec![3, 2, 1, 6, 5, 4]
        );
    }
}
