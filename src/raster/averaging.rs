//! Shrinks a large part of a scene while it is read.

use crate::scene::Stretch;

/// Pieces of more pixels are averaged down while they are read: with 4,000 pixels per side there are still several per
/// pixel of the network's input.
const MAX_PIECE_PIXELS: u64 = 16_000_000;
/// Rows of the result that are made at a time.
const ROWS_AT_ONCE: usize = 32;

/// Averages squares of pixels to one each, as rows arrive from the top. Pixels without data do not count.
#[derive(Debug, Clone)]
pub struct Averaging {
    width: usize,
    height: usize,
    factor: usize,
    rgba: Vec<u8>,
}

impl Averaging {
    /// For a part of `width` x `height` pixels, neither 0. It is reduced to the size of a piece for the network.
    pub fn new(width: usize, height: usize) -> Self {
        let pixels = width as u64 * height as u64;
        let mut factor = 1;
        while pixels / (factor * factor) as u64 > MAX_PIECE_PIXELS {
            factor += 1;
        }
        Self::by(width, height, factor)
    }

    /// For squares of `factor` x `factor` pixels; none of the numbers may be 0.
    pub fn by(width: usize, height: usize, factor: usize) -> Self {
        Self {
            width,
            height,
            factor,
            rgba: Vec::new(),
        }
    }

    /// Side in pixels of the squares; 1 if the part stays as it is.
    pub fn factor(&self) -> usize {
        self.factor
    }

    /// Number of rows to add at a time.
    pub fn rows_at_once(&self) -> usize {
        ROWS_AT_ONCE * self.factor
    }

    /// Width and height of the result.
    pub fn size(&self) -> (usize, usize) {
        (
            self.width.div_ceil(self.factor),
            self.height.div_ceil(self.factor),
        )
    }

    /// Adds the next rows, RGBA: [`Self::rows_at_once`] of them, fewer at the end.
    pub fn push(&mut self, rows: &[u8]) {
        let width = self.size().0;
        for rows in rows.chunks(self.width * 4 * self.factor) {
            // Sums of red, green and blue, and the number of pixels.
            let mut sums = vec![[0u64; 4]; width];
            for row in rows.chunks_exact(self.width * 4) {
                for (x, pixel) in row.chunks_exact(4).enumerate() {
                    if pixel[3] > 0 {
                        let sum = &mut sums[x / self.factor];
                        for (sum, &value) in sum.iter_mut().zip(&pixel[..3]) {
                            *sum += u64::from(value);
                        }
                        sum[3] += 1;
                    }
                }
            }
            self.rgba
                .extend(sums.iter().flat_map(|&[red, green, blue, count]| {
                    let mean = |sum: u64| ((sum + count / 2) / count.max(1)) as u8;
                    match count {
                        0 => Stretch::NO_DATA,
                        _ => [mean(red), mean(green), mean(blue), 255],
                    }
                }));
        }
    }

    /// The result, RGBA; alpha is 0 where there is no data. It is complete once all rows were added.
    pub fn rgba(self) -> Vec<u8> {
        self.rgba
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_averaged_as_little_as_possible() {
        let factors = [(4000, 4000), (4000, 4001), (20_000, 20_000), (60_000, 1)]
            .map(|(width, height)| Averaging::new(width, height).factor());
        assert_eq!(factors, [1, 2, 5, 1]);
    }

    #[test]
    fn squares_become_their_mean_and_what_has_no_data_does_not_count() {
        let mut made = Averaging::by(3, 3, 2);
        let row = |values: [u8; 3], alpha: [u8; 3]| {
            let pixels = values.into_iter().zip(alpha);
            pixels
                .flat_map(|(value, alpha)| [value, value, 9, alpha])
                .collect::<Vec<u8>>()
        };
        made.push(&[row([1, 2, 50], [255; 3]), row([3, 100, 70], [255, 0, 255])].concat());
        made.push(&row([7, 7, 7], [255, 255, 0]));
        assert_eq!(made.size(), (2, 2));
        let expected = [2, 2, 9, 255, 60, 60, 9, 255, 7, 7, 9, 255, 128, 128, 128, 0];
        assert_eq!(made.rgba(), expected);
    }
}
