//! A binary mask over an image, and what the bytes of a map mean.

/// Byte of the lowest probability of a pixel with data. 0 is kept for pixels without data, so that no threshold reaches
/// them.
pub const LOWEST_PROBABILITY: u8 = 1;

/// One boolean per pixel, row-major, origin at the top left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    width: usize,
    height: usize,
    bits: Vec<bool>,
}

impl Mask {
    /// A mask from `width * height` booleans. Panics if the length differs, which is a programming error.
    pub fn new(width: usize, height: usize, bits: Vec<bool>) -> Self {
        assert_eq!(bits.len(), width * height, "a mask has one bool per pixel");
        Self {
            width,
            height,
            bits,
        }
    }

    /// A mask with no pixel set.
    pub fn empty(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            bits: vec![false; width * height],
        }
    }

    /// A mask with every pixel set.
    pub fn full(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            bits: vec![true; width * height],
        }
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The booleans, `[height, width]`.
    pub fn bits(&self) -> &[bool] {
        &self.bits
    }

    /// The booleans, `[height, width]`, mutable.
    pub fn bits_mut(&mut self) -> &mut [bool] {
        &mut self.bits
    }

    /// Whether the pixel at column `x`, row `y` is set; both must be inside the mask.
    pub fn get(&self, x: usize, y: usize) -> bool {
        self.bits[y * self.width + x]
    }

    /// Sets or clears the pixel at column `x`, row `y`; both must be inside the mask.
    pub fn set(&mut self, x: usize, y: usize, value: bool) {
        self.bits[y * self.width + x] = value;
    }

    /// Number of pixels set.
    pub fn area(&self) -> usize {
        self.bits.iter().filter(|&&bit| bit).count()
    }

    /// Sets every pixel that `other`, of the same size, has set.
    pub fn union_with(&mut self, other: &Mask) {
        assert_eq!(
            (self.width, self.height),
            (other.width, other.height),
            "masks of one size"
        );
        for (bit, &more) in self.bits.iter_mut().zip(&other.bits) {
            *bit |= more;
        }
    }

    /// Smallest box around the set pixels, `(x0, y0, x1, y1)`, half-open; `None` if no pixel is set.
    pub fn bounding_box(&self) -> Option<(usize, usize, usize, usize)> {
        let mut found: Option<(usize, usize, usize, usize)> = None;
        for (y, row) in self.bits.chunks_exact(self.width.max(1)).enumerate() {
            let Some(first) = row.iter().position(|&bit| bit) else {
                continue;
            };
            let last = row.iter().rposition(|&bit| bit).unwrap_or(first);
            found = Some(match found {
                None => (first, y, last + 1, y + 1),
                Some((x0, y0, x1, _)) => (x0.min(first), y0, x1.max(last + 1), y + 1),
            });
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_is_half_open_and_tight() {
        let mut mask = Mask::empty(5, 4);
        assert_eq!(mask.bounding_box(), None);
        mask.set(3, 1, true);
        mask.set(1, 2, true);
        assert_eq!(mask.bounding_box(), Some((1, 1, 4, 3)));
        assert_eq!(mask.area(), 2);
    }
}
