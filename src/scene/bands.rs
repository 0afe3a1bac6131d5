//! The meaning of a pixel's samples.

use std::sync::Arc;

/// Samples as they are stored, pixel by pixel, with the bands interleaved.
#[derive(Debug, Clone, Copy)]
pub enum Samples<'a> {
    /// 8 bit.
    U8(&'a [u8]),
    /// 16 bit.
    U16(&'a [u16]),
    /// 16 bit, signed.
    I16(&'a [i16]),
    /// Floating point.
    F32(&'a [f32]),
}

impl Samples<'_> {
    /// Number of samples, of all bands together.
    pub fn len(&self) -> usize {
        match self {
            Self::U8(values) => values.len(),
            Self::U16(values) => values.len(),
            Self::I16(values) => values.len(),
            Self::F32(values) => values.len(),
        }
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sample `index` as a float, exactly. The index must be below [`Samples::len`].
    pub fn get(&self, index: usize) -> f32 {
        match self {
            Self::U8(values) => f32::from(values[index]),
            Self::U16(values) => f32::from(values[index]),
            Self::I16(values) => f32::from(values[index]),
            Self::F32(values) => values[index],
        }
    }
}

/// How colours are made from the bands.
#[derive(Debug, Clone, PartialEq)]
pub enum Photometric {
    /// The first band is brightness.
    Grey,
    /// The first band is darkness.
    InvertedGrey,
    /// The first three bands are red, green and blue.
    Rgb,
    /// The first band is an index into these colours; an index beyond them is black.
    Palette(Arc<[[u8; 3]]>),
}

/// The bands of a scene.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    /// Samples per pixel.
    pub count: usize,
    /// How colours are made from the bands.
    pub photometric: Photometric,
    /// Band where 0 means that the pixel is transparent, counted from 0.
    pub alpha: Option<usize>,
    /// Value of each band that means no data, None for a band without one. Empty if no band has one.
    pub no_data: Vec<Option<f64>>,
}

impl Bands {
    /// Guesses the bands of `count` samples per pixel. One or two: grey, and another band. Three or more: red, green,
    /// blue, and other bands. A band is alpha only if the file says so.
    pub fn guessed(count: usize) -> Self {
        Self {
            count,
            photometric: match count {
                0..=2 => Photometric::Grey,
                _ => Photometric::Rgb,
            },
            alpha: None,
            no_data: Vec::new(),
        }
    }

    /// Number of bands that colours come from.
    pub fn colour_count(&self) -> usize {
        match self.photometric {
            Photometric::Rgb if self.count >= 3 => 3,
            _ => 1,
        }
    }

    /// Bands that red, green and blue come from.
    pub fn colours(&self) -> [usize; 3] {
        match self.photometric {
            Photometric::Rgb if self.count >= 3 => [0, 1, 2],
            _ => [0; 3],
        }
    }

    /// Returns whether the pixel whose samples start at `start` has data: it is not transparent, its colour bands are
    /// all finite, and not all of them have their no-data values.
    pub fn has_data(&self, samples: Samples<'_>, start: usize) -> bool {
        if let Some(alpha) = self.alpha
            && samples.get(start + alpha) == 0.0
        {
            return false;
        }
        let colours = self.colours();
        let values = colours.map(|band| samples.get(start + band));
        if values.iter().any(|value| !value.is_finite()) {
            return false;
        }
        if self.no_data.is_empty() {
            return true;
        }
        // Files write the value in decimals: -3.4028235e38 means the smallest f32.
        let own = |band: usize| self.no_data.get(band).copied().flatten();
        let mut pairs = colours.into_iter().zip(values);
        pairs.any(|(band, value)| own(band).is_none_or(|no_data| value != no_data as f32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_data_is_told_by_alpha_value_or_not_being_a_number() {
        let mut bands = Bands::guessed(4);
        assert_eq!((bands.colours(), bands.alpha), ([0, 1, 2], None));
        let samples = Samples::U8(&[0, 0, 0, 9, 0, 0, 1, 0]);
        assert!(bands.has_data(samples, 0) && bands.has_data(samples, 4));
        bands.no_data = vec![Some(0.0); 4];
        assert!(!bands.has_data(samples, 0) && bands.has_data(samples, 4));
        bands.no_data = vec![Some(0.0), Some(0.0), Some(1.0)];
        assert!(bands.has_data(samples, 0) && !bands.has_data(samples, 4));
        bands.no_data[1] = None;
        assert!(bands.has_data(samples, 4));
        bands.alpha = Some(3);
        assert!(!bands.has_data(samples, 4));

        let grey = Bands {
            no_data: vec![Some(-3.4028234663852886e38)],
            ..Bands::guessed(1)
        };
        let samples = Samples::F32(&[1.0, f32::MIN, f32::NAN, 0.0]);
        let found: Vec<_> = (0..4).map(|at| grey.has_data(samples, at)).collect();
        assert_eq!(found, [true, false, false, true]);
        assert_eq!(Bands::guessed(2).alpha, None);
    }
}
