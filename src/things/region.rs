//! The pixels of one object, stored as a box and a bitmap of the box.

use crate::vision::mask::Mask;

/// A non-empty set of pixels of an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    x0: usize,
    y0: usize,
    width: usize,
    height: usize,
    bits: Vec<bool>,
    area: usize,
    centre: (f32, f32),
}

impl Region {
    /// Creates the region of the bitmap `bits` of `width` columns whose first pixel is at `(x0, y0)`, shrunk to the set
    /// pixels. Returns `None` if no pixel is set.
    pub fn from_bitmap(x0: usize, y0: usize, width: usize, bits: &[bool]) -> Option<Self> {
        let mut bounds: Option<(usize, usize, usize, usize)> = None;
        let (mut area, mut sum_x, mut sum_y) = (0usize, 0u64, 0u64);
        for (y, row) in bits.chunks_exact(width.max(1)).enumerate() {
            for (x, _) in row.iter().enumerate().filter(|(_, bit)| **bit) {
                area += 1;
                sum_x += x as u64;
                sum_y += y as u64;
                let (left, top, right, _) = bounds.unwrap_or((x, y, x, y));
                bounds = Some((left.min(x), top, right.max(x), y));
            }
        }
        let (left, top, right, bottom) = bounds?;
        let (inner_width, inner_height) = (right + 1 - left, bottom + 1 - top);
        let mut inner = Vec::with_capacity(inner_width * inner_height);
        for y in top..=bottom {
            inner.extend_from_slice(&bits[y * width + left..=y * width + right]);
        }
        let centre = (
            x0 as f32 + (sum_x as f64 / area as f64) as f32 + 0.5,
            y0 as f32 + (sum_y as f64 / area as f64) as f32 + 0.5,
        );
        Some(Self {
            x0: x0 + left,
            y0: y0 + top,
            width: inner_width,
            height: inner_height,
            bits: inner,
            area,
            centre,
        })
    }

    /// Creates a full rectangle. Its sides must not be zero.
    pub fn rectangle(x0: usize, y0: usize, width: usize, height: usize) -> Self {
        assert!(width > 0 && height > 0, "a region has at least one pixel");
        let centre = (
            x0 as f32 + width as f32 / 2.0,
            y0 as f32 + height as f32 / 2.0,
        );
        let bits = vec![true; width * height];
        Self {
            x0,
            y0,
            width,
            height,
            bits,
            area: width * height,
            centre,
        }
    }

    /// The regions in a map of owners: the pixels of value 1 to `count` become elements 0 to `count - 1`. An owner
    /// without a pixel gives `None`. `owners` is `[height, width]`.
    pub fn of_owners<T: Copy + Into<u32>>(
        owners: &[T],
        width: usize,
        count: usize,
    ) -> Vec<Option<Self>> {
        let mut boxes: Vec<Option<(usize, usize, usize, usize)>> = vec![None; count];
        for (y, row) in owners.chunks_exact(width.max(1)).enumerate() {
            for (x, &owner) in row.iter().enumerate() {
                let slot = (owner.into() as usize)
                    .checked_sub(1)
                    .and_then(|place| boxes.get_mut(place));
                if let Some(slot) = slot {
                    let (left, top, right, _) = slot.unwrap_or((x, y, x, y));
                    *slot = Some((left.min(x), top, right.max(x), y));
                }
            }
        }
        let cut = |(place, bounds): (usize, Option<(usize, usize, usize, usize)>)| {
            let (left, top, right, bottom) = bounds?;
            let mut bits = Vec::with_capacity((right + 1 - left) * (bottom + 1 - top));
            for y in top..=bottom {
                let row = &owners[y * width + left..=y * width + right];
                bits.extend(row.iter().map(|&owner| owner.into() as usize == place + 1));
            }
            Self::from_bitmap(left, top, right + 1 - left, &bits)
        };
        boxes.into_iter().enumerate().map(cut).collect()
    }

    /// Number of pixels.
    pub fn area(&self) -> usize {
        self.area
    }

    /// Mean of the pixel centres, in pixels.
    pub fn centre(&self) -> (f32, f32) {
        self.centre
    }

    /// Smallest box around it, `(x0, y0, x1, y1)`, half-open.
    pub fn bounding_box(&self) -> (usize, usize, usize, usize) {
        (
            self.x0,
            self.y0,
            self.x0 + self.width,
            self.y0 + self.height,
        )
    }

    /// Whether the pixel belongs to the region.
    pub fn contains(&self, x: usize, y: usize) -> bool {
        x >= self.x0
            && y >= self.y0
            && x < self.x0 + self.width
            && y < self.y0 + self.height
            && self.bits[(y - self.y0) * self.width + x - self.x0]
    }

    /// Its pixels, row by row.
    pub fn pixels(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.bits
            .iter()
            .enumerate()
            .filter(|(_, bit)| **bit)
            .map(|(place, _)| (self.x0 + place % self.width, self.y0 + place / self.width))
    }

    /// Sets its pixels in a mask of the whole image.
    pub fn draw_into(&self, mask: &mut Mask) {
        for (x, y) in self.pixels() {
            mask.set(x, y, true);
        }
    }

    /// Returns the region with each pixel `(x, y)` moved to `map(x, y)`, which must be one to one.
    pub fn mapped(&self, map: impl Fn(usize, usize) -> (usize, usize)) -> Self {
        let (x0, y0, x1, y1) = self.bounding_box();
        let (a, b) = (map(x0, y0), map(x1 - 1, y1 - 1));
        let (left, top) = (a.0.min(b.0), a.1.min(b.1));
        let (width, height) = (a.0.max(b.0) + 1 - left, a.1.max(b.1) + 1 - top);
        let mut bits = vec![false; width * height];
        for (x, y) in self.pixels() {
            let (x, y) = map(x, y);
            bits[(y - top) * width + x - left] = true;
        }
        Self::from_bitmap(left, top, width, &bits).unwrap_or_else(|| self.clone())
    }

    /// Returns the region as seen through a window that is sampled at `columns` and `rows` (pixels of the image,
    /// ascending), or `None` if no sample is in it.
    pub fn sampled(&self, columns: &[usize], rows: &[usize]) -> Option<Self> {
        let (x0, y0, x1, y1) = self.bounding_box();
        let left = columns.partition_point(|&x| x < x0);
        let right = columns.partition_point(|&x| x < x1);
        let top = rows.partition_point(|&y| y < y0);
        let bottom = rows.partition_point(|&y| y < y1);
        if left >= right || top >= bottom {
            return None;
        }
        let mut bits = Vec::with_capacity((right - left) * (bottom - top));
        for &y in &rows[top..bottom] {
            let row = &self.bits[(y - y0) * self.width..(y - y0 + 1) * self.width];
            bits.extend(columns[left..right].iter().map(|&x| row[x - x0]));
        }
        Self::from_bitmap(left, top, right - left, &bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_become_regions() {
        let owners = [0u16, 1, 1, 0, 3, 1, 3, 3, 0];
        let regions = Region::of_owners(&owners, 3, 3);
        let first = regions[0].as_ref().expect("owner 1 has pixels");
        assert_eq!((first.area(), first.bounding_box()), (3, (1, 0, 3, 2)));
        assert!(first.contains(2, 0) && !first.contains(1, 1));
        assert!(regions[1].is_none());
        let third = regions[2].as_ref().expect("owner 3 has pixels");
        assert_eq!(
            third.pixels().collect::<Vec<_>>(),
            vec![(1, 1), (0, 2), (1, 2)]
        );
        assert!((third.centre().0 - 7.0 / 6.0).abs() < 1e-6);
    }

    #[test]
    fn moving_and_sampling_keep_the_pixels() {
        let region =
            Region::from_bitmap(2, 1, 2, &[true, true, true, false]).expect("three pixels");
        let flipped = region.mapped(|x, y| (9 - x, y));
        assert_eq!(
            flipped.pixels().collect::<Vec<_>>(),
            vec![(6, 1), (7, 1), (7, 2)]
        );
        let half = region
            .sampled(&[0, 2, 4], &[0, 1, 2, 3])
            .expect("column 2 is in it");
        assert_eq!(half.pixels().collect::<Vec<_>>(), vec![(1, 1), (1, 2)]);
        assert!(region.sampled(&[5, 6], &[0, 1]).is_none());
    }
}
