//! An RGB image in memory, the only form in which the crate passes pixels around.

use thiserror::Error;

use super::window::Window;

/// Maximum number of pixels of an image: 300 MP are 900 MB of RGB, which a laptop can hold.
pub const MAX_PIXELS: usize = 300_000_000;

/// Least side of an image in pixels: there is nothing to find in a smaller one.
pub const MIN_SIDE: usize = 8;

/// Checks that an image is large enough to segment.
///
/// # Errors
/// Fails with [`ImageError::TooSmall`] if a side is shorter than [`MIN_SIDE`].
pub fn check_sides(width: usize, height: usize) -> Result<(), ImageError> {
    match width.min(height) < MIN_SIDE {
        true => Err(ImageError::TooSmall { width, height }),
        false => Ok(()),
    }
}

/// Why pixels do not form an image.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ImageError {
    /// A side of the image is zero.
    #[error("the image is {width} x {height} pixels: there is nothing to segment in it")]
    Empty {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// A side is shorter than [`MIN_SIDE`].
    #[error("the image is {width} x {height} pixels: choose one of at least 8 x 8 pixels")]
    TooSmall {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// More pixels than [`MAX_PIXELS`].
    #[error(
        "the image is {width} x {height} pixels, over the limit of 300 million: crop it or export it \
         at a lower resolution"
    )]
    TooLarge {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// The buffer's length does not fit the stated size.
    #[error(
        "{width} x {height} pixels need {expected} bytes, {found} were given: the file is likely truncated"
    )]
    Length {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
        /// Bytes that the size asks for.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
}

/// Interleaved 8-bit RGB, row-major, origin at the top left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RgbImage {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl RgbImage {
    /// An image from `3 * width * height` bytes of RGB.
    ///
    /// # Errors
    /// Fails if a side is zero, there are more than [`MAX_PIXELS`] pixels, or the buffer has another length.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Result<Self, ImageError> {
        check(width, height, 3, pixels.len())?;
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// An image from RGBA bytes; transparent pixels are composited over black, which sensors use for no-data.
    ///
    /// # Errors
    /// As [`RgbImage::new`].
    pub fn from_rgba(width: usize, height: usize, rgba: &[u8]) -> Result<Self, ImageError> {
        check(width, height, 4, rgba.len())?;
        let mut pixels = Vec::with_capacity(width * height * 3);
        for pixel in rgba.chunks_exact(4) {
            let alpha = u16::from(pixel[3]);
            pixels.extend(
                pixel[..3]
                    .iter()
                    .map(|&c| ((u16::from(c) * alpha + 127) / 255) as u8),
            );
        }
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// An image of one colour. The size must not be zero.
    pub fn filled(width: usize, height: usize, colour: [u8; 3]) -> Self {
        assert!(width > 0 && height > 0, "an image has at least one pixel");
        Self {
            width,
            height,
            pixels: colour.repeat(width * height),
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

    /// The bytes, `[height, width, 3]`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The bytes, `[height, width, 3]`, mutable.
    pub fn pixels_mut(&mut self) -> &mut [u8] {
        &mut self.pixels
    }

    /// The pixels of `window`, which must be in the image.
    pub fn part(&self, window: &Window) -> Self {
        debug_assert!(Window::all(self.width, self.height).contains(window));
        let row = 3 * self.width;
        let across = 3 * window.x..3 * window.right();
        let rows = self.pixels.chunks_exact(row);
        let rows = rows.skip(window.y).take(window.height);
        Self {
            width: window.width,
            height: window.height,
            pixels: rows.flat_map(|row| &row[across.clone()]).copied().collect(),
        }
    }

    /// The colour at column `x`, row `y`; both must be inside the image.
    pub fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let start = (y * self.width + x) * 3;
        [
            self.pixels[start],
            self.pixels[start + 1],
            self.pixels[start + 2],
        ]
    }

    /// Sets the colour at column `x`, row `y`; both must be inside the image.
    pub fn set_pixel(&mut self, x: usize, y: usize, colour: [u8; 3]) {
        let start = (y * self.width + x) * 3;
        self.pixels[start..start + 3].copy_from_slice(&colour);
    }
}

fn check(width: usize, height: usize, channels: usize, found: usize) -> Result<(), ImageError> {
    if width == 0 || height == 0 {
        return Err(ImageError::Empty { width, height });
    }
    let count = width
        .checked_mul(height)
        .filter(|&count| count <= MAX_PIXELS);
    let Some(count) = count else {
        return Err(ImageError::TooLarge { width, height });
    };
    let expected = count * channels;
    if expected != found {
        return Err(ImageError::Length {
            width,
            height,
            expected,
            found,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_of_another_length_is_refused() {
        assert!(RgbImage::new(2, 2, vec![0; 12]).is_ok());
        assert!(matches!(
            RgbImage::new(2, 2, vec![0; 11]),
            Err(ImageError::Length { .. })
        ));
        assert!(matches!(
            RgbImage::new(0, 2, vec![]),
            Err(ImageError::Empty { .. })
        ));
        assert!(matches!(
            RgbImage::new(60_000, 60_000, vec![]),
            Err(ImageError::TooLarge { .. })
        ));
    }

    #[test]
    fn a_part_has_the_pixels_of_its_window() {
        let mut image = RgbImage::filled(5, 4, [1, 2, 3]);
        image.set_pixel(3, 2, [7, 8, 9]);
        let part = image.part(&Window::new(2, 1, 3, 2));
        assert_eq!((part.width(), part.height()), (3, 2));
        assert_eq!(part.pixels().len(), 18);
        assert_eq!((part.pixel(1, 1), part.pixel(0, 0)), ([7, 8, 9], [1, 2, 3]));
    }

    #[test]
    fn alpha_is_composed_over_black() {
        let image = RgbImage::from_rgba(
            3,
            1,
            &[200, 100, 50, 255, 200, 100, 50, 0, 255, 255, 255, 51],
        )
        .expect("three RGBA pixels");
        assert_eq!(image.pixels(), &[200, 100, 50, 0, 0, 0, 51, 51, 51]);
    }
}
