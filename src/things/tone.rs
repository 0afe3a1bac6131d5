//! Light and dark.

use serde::{Deserialize, Serialize};

use super::region::Region;
use crate::vision::image::RgbImage;

use super::fit::Fit;

/// How light something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Tone {
    Light,
    Dark,
}

impl Tone {
    /// Whether people call something of this luminance so; the greys between are neither.
    pub fn fit(self, luminance: f32) -> Fit {
        match self {
            Tone::Light => Fit::below(-luminance, -0.63, -0.5),
            Tone::Dark => Fit::below(luminance, 0.3, 0.41),
        }
    }
}

/// Median luminance of a region, from 0 to 1.
pub fn luminance(image: &RgbImage, region: &Region) -> f32 {
    let step = (region.area() / 400).max(1);
    let mut values: Vec<u32> = region
        .pixels()
        .step_by(step)
        .map(|(x, y)| {
            let [r, g, b] = image.pixel(x, y).map(u32::from);
            299 * r + 587 * g + 114 * b
        })
        .collect();
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
