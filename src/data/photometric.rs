//! Changes of lighting and camera that keep colour words true.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::vision::image::RgbImage;
use crate::vision::resize_image;

/// Brightness, contrast, haze, cast, sharpness, blur and noise, all mild: a roof that was red stays red.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Photometric {
    gain: [f32; 3],
    contrast: f32,
    haze: f32,
    /// Factor by which the image is shrunk before it is enlarged again: real images are seldom as sharp as their pixels
    /// allow.
    sharpness: f32,
    blur: f32,
    noise: f32,
    seed: u64,
}

impl Photometric {
    /// Leaves the image unchanged.
    pub const NONE: Self = Self {
        gain: [1.0; 3],
        contrast: 1.0,
        haze: 0.0,
        sharpness: 1.0,
        blur: 0.0,
        noise: 0.0,
        seed: 0,
    };

    /// A random change.
    pub fn random(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x11_6847);
        let gain = rng.random_range(0.88..1.12f32);
        let cast: [f32; 3] = std::array::from_fn(|_| gain * rng.random_range(0.97..1.03f32));
        let haze = if rng.random_bool(0.3) {
            rng.random_range(0.0..0.12)
        } else {
            0.0
        };
        let blur = if rng.random_bool(0.3) {
            rng.random_range(0.0..0.2)
        } else {
            0.0
        };
        let noise = if rng.random_bool(0.4) {
            rng.random_range(0.0..5.0)
        } else {
            0.0
        };
        let contrast = rng.random_range(0.88..1.12);
        let sharpness = if rng.random_bool(0.35) {
            rng.random_range(0.4..0.9)
        } else {
            1.0
        };
        Self {
            gain: cast,
            contrast,
            haze,
            sharpness,
            blur,
            noise,
            seed,
        }
    }

    /// Changes an image in place.
    pub fn apply(&self, image: &mut RgbImage) {
        if *self == Self::NONE {
            return;
        }
        if self.sharpness < 1.0 {
            let (width, height) = (image.width(), image.height());
            let shrunk = |side: usize| ((side as f32 * self.sharpness) as usize).max(1);
            let small = resize_image(image, shrunk(width), shrunk(height));
            *image = resize_image(&small, width, height);
        }
        if self.blur > 0.0 {
            blur(image, self.blur);
        }
        let table: [[f32; 256]; 3] = std::array::from_fn(|channel| {
            std::array::from_fn(|value| {
                let toned = (value as f32 * self.gain[channel] - 118.0) * self.contrast + 118.0;
                toned + (198.0 - toned) * self.haze
            })
        });
        let mut state = self.seed | 1;
        for pixel in image.pixels_mut().chunks_exact_mut(3) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let speck = ((state >> 40) as f32 / (1u64 << 23) as f32 - 1.0) * self.noise;
            for (byte, tones) in pixel.iter_mut().zip(&table) {
                *byte = (tones[usize::from(*byte)] + speck).clamp(0.0, 255.0) as u8;
            }
        }
    }
}

/// Moves `amount` of each pixel's weight to each of its two neighbours in the row, then in the column.
fn blur(image: &mut RgbImage, amount: f32) {
    let (width, height) = (image.width(), image.height());
    let side = (amount * 256.0) as u32;
    let centre = 256 - 2 * side;
    for (count, length, step, stride) in
        [(height, width, 3, width * 3), (width, height, width * 3, 3)]
    {
        let pixels = image.pixels_mut();
        for line in 0..count {
            for channel in 0..3 {
                let start = line * stride + channel;
                let mut before = u32::from(pixels[start]);
                for place in 0..length {
                    let at = start + place * step;
                    let here = u32::from(pixels[at]);
                    let after = if place + 1 < length {
                        u32::from(pixels[at + step])
                    } else {
                        here
                    };
                    pixels[at] = ((before * side + here * centre + after * side) >> 8) as u8;
                    before = here;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::things::colour::{Colour, ColourSet};

    #[test]
    fn no_change_takes_a_colour_to_another() {
        for (rgb, colour) in [
            ([186, 50, 46], Colour::Red),
            ([50, 110, 190], Colour::Blue),
            ([232, 232, 230], Colour::White),
            ([60, 120, 60], Colour::Green),
        ] {
            for seed in 0..200 {
                let mut image = RgbImage::filled(8, 8, rgb);
                Photometric::random(seed).apply(&mut image);
                let set = ColourSet::of_rgb(image.pixel(4, 4));
                assert!(
                    set.contains(colour),
                    "{colour:?} became {set:?} with seed {seed}"
                );
            }
        }
    }

    #[test]
    fn less_sharpness_spreads_a_dot_and_keeps_its_light() {
        let mut image = RgbImage::filled(32, 32, [40; 3]);
        image.set_pixel(16, 16, [240; 3]);
        let soft = Photometric {
            sharpness: 0.5,
            ..Photometric::NONE
        };
        soft.apply(&mut image);
        assert_eq!((image.width(), image.height()), (32, 32));
        let light = |x: usize, y: usize| i32::from(image.pixel(x, y)[0]) - 40;
        assert!(light(16, 16) < 120 && light(15, 16) > 5);
        let sum: i32 = (0..32 * 32).map(|at| light(at % 32, at / 32)).sum();
        assert!((150..=260).contains(&sum), "{sum}");
    }

    #[test]
    fn blur_keeps_the_mean_and_none_changes_nothing() {
        let mut image = RgbImage::filled(9, 9, [0; 3]);
        image.set_pixel(4, 4, [200; 3]);
        let before = image.clone();
        Photometric::NONE.apply(&mut image);
        assert_eq!(image, before);
        blur(&mut image, 0.25);
        let sum: u32 = image.pixels().iter().map(|&byte| u32::from(byte)).sum();
        assert!((500..=600).contains(&sum), "{sum}");
        assert!(image.pixel(3, 4)[0] > 20 && image.pixel(4, 4)[0] < 60);
    }
}
