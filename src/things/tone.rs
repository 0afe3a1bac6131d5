//! Light and dark.

use serde::{Deserialize, Serialize};

use super::fit::Fit;
use super::region::Region;
use super::score;
use crate::vision::image::RgbImage;

/// How light something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Tone {
    Light,
    Dark,
}

impl Tone {
    /// Whether people would call this luminance by this tone. The greys between light and dark are neither.
    pub fn fit(self, luminance: f32) -> Fit {
        let (value, yes, no) = self.borders(luminance);
        Fit::below(value, yes, no)
    }

    /// How well this luminance fits the tone, from 0 to 1.
    pub fn score(self, luminance: f32) -> f32 {
        let (value, yes, no) = self.borders(luminance);
        score::below(value, yes, no)
    }

    fn borders(self, luminance: f32) -> (f32, f32, f32) {
        match self {
            Tone::Light => (-luminance, -0.63, -0.5),
            Tone::Dark => (luminance, 0.3, 0.41),
        }
    }
}

/// Median luminance of a region, from 0 to 1.
pub fn luminance(image: &RgbImage, region: &Region) -> f32 {
    let step = (region.area() / 400).max(1);
    let pixels = region.pixels().step_by(step);
    median_luminance(pixels.map(|(x, y)| image.pixel(x, y)))
}

/// Median luminance of RGB values, from 0 to 1; 0.5 if there are none.
pub fn median_luminance(pixels: impl Iterator<Item = [u8; 3]>) -> f32 {
    let mut values: Vec<u32> = pixels
        .map(|pixel| {
            let [r, g, b] = pixel.map(u32::from);
            299 * r + 587 * g + 114 * b
        })
        .collect();
    if values.is_empty() {
        return 0.5;
    }
    let middle = values.len() / 2;
    let (_, median, _) = values.select_nth_unstable(middle);
    *median as f32 / 255_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_and_dark_leave_a_gap() {
        let region = Region::rectangle(2, 2, 10, 10);
        let tones = [
            (220, Fit::Yes, Fit::No),
            (120, Fit::No, Fit::No),
            (50, Fit::No, Fit::Yes),
        ];
        for (grey, light, dark) in tones {
            let value = luminance(&RgbImage::filled(20, 20, [grey; 3]), &region);
            assert_eq!(
                (Tone::Light.fit(value), Tone::Dark.fit(value)),
                (light, dark)
            );
        }
        let between = luminance(&RgbImage::filled(20, 20, [145; 3]), &region);
        assert_eq!(Tone::Light.fit(between), Fit::Unsure);
    }
}
