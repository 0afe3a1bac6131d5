//! Converts samples of any bit depth to 8-bit colours.

use super::bands::{Bands, Photometric, Samples};
use crate::vision::Window;

/// Grey value that the network sees for pixels without data.
pub const NO_DATA_GREY: u8 = 128;
/// Side in pixels of the windows that a stretch is measured in.
pub const SAMPLE_SIDE: usize = 128;
/// Windows across and down.
const SAMPLE_WINDOWS: usize = 5;
/// Percentiles that become black and white.
const PERCENTILES: [usize; 2] = [2, 98];

/// The 5 x 5 windows of a scene that its stretch is measured in, spread evenly from edge to edge; they overlap if the
/// scene is small.
pub fn sample_windows(width: usize, height: usize) -> Vec<Window> {
    let (across, down) = (width.min(SAMPLE_SIDE), height.min(SAMPLE_SIDE));
    let spread = |index: usize, rest: usize| {
        // In 64 bits, because a scene can be wide.
        (index as u64 * rest as u64 / (SAMPLE_WINDOWS as u64 - 1)) as usize
    };
    (0..SAMPLE_WINDOWS * SAMPLE_WINDOWS)
        .map(|index| {
            let x = spread(index % SAMPLE_WINDOWS, width - across);
            let y = spread(index / SAMPLE_WINDOWS, height - down);
            Window::new(x, y, across, down)
        })
        .collect()
}

/// How the samples of one scene become colours.
///
/// 8-bit samples are kept as they are stored. Samples of more bits are stretched band by band: in a sample of the
/// scene, the 2nd percentile becomes 0 and the 98th 255. Sensors use a small part of 16 bits; without the stretch a
/// scene of 11 bits would be black.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    bands: Bands,
    /// Black and white points of red, green and blue; None if samples are kept.
    ranges: Option<[(f32, f32); 3]>,
}

impl Stretch {
    /// A pixel without data, as [`Stretch::rgba`] gives it.
    pub const NO_DATA: [u8; 4] = [NO_DATA_GREY, NO_DATA_GREY, NO_DATA_GREY, 0];

    /// Measures the stretch for scenes of these bands in `samples`: the pixels of [`sample_windows`], one window after
    /// the other. 8-bit samples and palette indices need no measurement.
    pub fn from_samples(bands: Bands, samples: Samples<'_>) -> Self {
        let kept = matches!(samples, Samples::U8(_))
            || matches!(bands.photometric, Photometric::Palette(_));
        let ranges = (!kept).then(|| {
            let valid: Vec<usize> = (0..samples.len() / bands.count.max(1))
                .map(|pixel| pixel * bands.count)
                .filter(|&start| bands.has_data(samples, start))
                .collect();
            bands.colours().map(|band| {
                let mut values: Vec<f32> = valid
                    .iter()
                    .map(|start| samples.get(start + band))
                    .collect();
                range(&mut values)
            })
        });
        Self { bands, ranges }
    }

    /// The same stretch for samples of `bands`, which must have the same colours. The sampled pixels need only their
    /// colours and alpha, although the scene can have many other bands.
    pub fn with_bands(self, bands: Bands) -> Self {
        Self { bands, ..self }
    }

    /// Returns the pixels as RGBA; alpha is 0 where there is no data, else 255. Samples of an incomplete last pixel are
    /// ignored.
    pub fn rgba(&self, samples: Samples<'_>) -> Vec<u8> {
        let count = self.bands.count.max(1);
        if let (Samples::U8(bytes), Photometric::Rgb, 3..) =
            (samples, &self.bands.photometric, count)
            && self.bands.alpha.is_none()
            && self.bands.no_data.is_empty()
        {
            // The most frequent case: the samples are the colours, and all pixels have data.
            let mut rgba = vec![255; bytes.len() / count * 4];
            for (pixel, samples) in rgba.chunks_exact_mut(4).zip(bytes.chunks_exact(count)) {
                pixel[..3].copy_from_slice(&samples[..3]);
            }
            return rgba;
        }
        let pixels = samples.len() / count;
        let mut rgba = Vec::with_capacity(pixels * 4);
        for start in (0..pixels).map(|pixel| pixel * count) {
            match self.bands.has_data(samples, start) {
                true => {
                    let [red, green, blue] = self.colour(samples, start);
                    rgba.extend([red, green, blue, 255]);
                }
                false => rgba.extend(Self::NO_DATA),
            }
        }
        rgba
    }

    fn colour(&self, samples: Samples<'_>, start: usize) -> [u8; 3] {
        if let Photometric::Palette(colours) = &self.bands.photometric {
            let index = samples.get(start) as usize;
            return colours.get(index).copied().unwrap_or_default();
        }
        let values = self.bands.colours().map(|band| samples.get(start + band));
        let mut colour = match self.ranges {
            None => values.map(|value| value as u8),
            Some(ranges) => {
                let mut colour = [0; 3];
                for ((colour, value), range) in colour.iter_mut().zip(values).zip(ranges) {
                    *colour = stretched(value, range);
                }
                colour
            }
        };
        if self.bands.photometric == Photometric::InvertedGrey {
            colour = colour.map(|value| 255 - value);
        }
        colour
    }
}

/// Returns percentiles by nearest rank, rounded down; returns 0 and 1 if there are no values.
fn range(values: &mut [f32]) -> (f32, f32) {
    let Some(last) = values.len().checked_sub(1) else {
        return (0.0, 1.0);
    };
    let mut at = |percentile: usize| {
        let rank = (last as u64 * percentile as u64 / 100) as usize;
        *values.select_nth_unstable_by(rank, f32::total_cmp).1
    };
    (at(PERCENTILES[0]), at(PERCENTILES[1]))
}

/// Maps the range from black to white to 0..255. If both are the same value, it becomes mid-grey.
fn stretched(value: f32, (black, white): (f32, f32)) -> u8 {
    // In 64 bits, because the difference of two large f32 can overflow an f32.
    let (value, black, white) = (f64::from(value), f64::from(black), f64::from(white));
    let share = match white > black {
        true => (value - black) / (white - black),
        false if value < black => 0.0,
        false if value > white => 1.0,
        false => 0.5,
    };
    (share.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn eight_bits_are_kept() {
        let stretch = Stretch::from_samples(Bands::guessed(3), Samples::U8(&[5, 5, 5]));
        assert_eq!(stretch.ranges, None);
        let rgba = stretch.rgba(Samples::U8(&[1, 2, 3, 250, 251, 252]));
        assert_eq!(rgba, [1, 2, 3, 255, 250, 251, 252, 255]);
        let bands = Bands {
            alpha: Some(1),
            ..Bands::guessed(2)
        };
        let grey = Stretch::from_samples(bands, Samples::U8(&[]));
        let rgba = grey.rgba(Samples::U8(&[70, 255, 70, 0]));
        assert_eq!(rgba, [70, 70, 70, 255, 128, 128, 128, 0]);
    }

    #[test]
    fn more_bits_are_stretched_band_by_band() {
        let bands = Bands {
            no_data: vec![Some(0.0); 4],
            ..Bands::guessed(4)
        };
        // 101 pixels with data: ranks 2 and 98 are the values 2 and 98 of a band that counts up.
        let mut samples = vec![0u16; 40];
        for value in 0..=100u16 {
            samples.extend([1000 + value, 2000 + 10 * value, 500, 9]);
        }
        let stretch = Stretch::from_samples(bands, Samples::U16(&samples));
        let expected = [(1002.0, 1098.0), (2020.0, 2980.0), (500.0, 500.0)];
        assert_eq!(stretch.ranges, Some(expected));
        let pixels = [
            1002, 2980, 500, 0, 1050, 1, 499, 7, 5000, 2500, 501, 7, 0, 0, 0, 7,
        ];
        let rgba = stretch.rgba(Samples::U16(&pixels));
        assert_eq!(rgba[..4], [0, 255, 128, 255]);
        assert_eq!(rgba[4..8], [128, 0, 0, 255]);
        assert_eq!(rgba[8..12], [255, 128, 255, 255]);
        assert_eq!(rgba[12..], [128, 128, 128, 0]);
    }

    #[test]
    fn signs_numbers_palettes_and_inverted_grey() {
        let bands = Bands::guessed(1);
        let stretch = Stretch::from_samples(
            bands.clone(),
            Samples::I16(&[[-100; 50], [100; 50]].concat()),
        );
        assert_eq!(stretch.rgba(Samples::I16(&[-100]))[..1], [0]);
        let values: Vec<f32> = (0..=100)
            .map(|value| value as f32 / 100.0 * f32::MAX)
            .collect();
        let stretch = Stretch::from_samples(bands.clone(), Samples::F32(&values));
        assert_eq!(
            stretch.rgba(Samples::F32(&[f32::MAX, f32::NAN])),
            [255, 255, 255, 255, 128, 128, 128, 0]
        );
        let palette = Bands {
            photometric: Photometric::Palette(Arc::new([[1, 2, 3], [4, 5, 6]])),
            ..bands.clone()
        };
        let stretch = Stretch::from_samples(palette, Samples::U16(&[]));
        let rgba = stretch.rgba(Samples::U16(&[1, 0, 9]));
        assert_eq!(rgba, [4, 5, 6, 255, 1, 2, 3, 255, 0, 0, 0, 255]);
        let inverted = Bands {
            photometric: Photometric::InvertedGrey,
            ..bands
        };
        let stretch = Stretch::from_samples(inverted, Samples::U8(&[]));
        assert_eq!(
            stretch.rgba(Samples::U8(&[255, 10])),
            [0, 0, 0, 255, 245, 245, 245, 255]
        );
    }

    #[test]
    fn windows_reach_from_edge_to_edge() {
        let windows = sample_windows(1000, 100);
        assert_eq!(windows.len(), 25);
        let across: Vec<_> = windows[..5].iter().map(|window| window.x).collect();
        assert_eq!(across, [0, 218, 436, 654, 872]);
        assert!(
            windows
                .iter()
                .all(|window| window.y == 0 && window.height == 100)
        );
        let scene = Window::all(20_000, 129);
        let windows = sample_windows(20_000, 129);
        assert!(windows.iter().all(|window| scene.contains(window)));
        assert_eq!(windows[24], Window::new(19_872, 1, 128, 128));
    }

    #[test]
    fn a_scene_without_data_has_a_stretch() {
        let bands = Bands {
            no_data: vec![Some(0.0)],
            ..Bands::guessed(1)
        };
        let stretch = Stretch::from_samples(bands, Samples::U16(&[0, 0]));
        assert_eq!(stretch.rgba(Samples::U16(&[0])), [128, 128, 128, 0]);
    }
}
