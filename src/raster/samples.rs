//! Samples read from a file.

use crate::scene::Samples;

/// Samples of some pixels, with the bands interleaved.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnedSamples {
    /// 8 bit or fewer, one per byte.
    U8(Vec<u8>),
    /// 16 bit.
    U16(Vec<u16>),
    /// 16 bit, signed.
    I16(Vec<i16>),
    /// Floating point, and all other types.
    F32(Vec<f32>),
}

impl OwnedSamples {
    /// Borrows the samples.
    pub fn as_samples(&self) -> Samples<'_> {
        match self {
            Self::U8(values) => Samples::U8(values),
            Self::U16(values) => Samples::U16(values),
            Self::I16(values) => Samples::I16(values),
            Self::F32(values) => Samples::F32(values),
        }
    }

    /// Bytes of a sample.
    pub fn sample_bytes(&self) -> usize {
        match self {
            Self::U8(_) => 1,
            Self::U16(_) | Self::I16(_) => 2,
            Self::F32(_) => 4,
        }
    }

    /// Returns `count` pixels with these samples, of the same type as these.
    pub fn filled(&self, count: usize, pixel: &[f64]) -> Self {
        fn repeated<T: Copy>(pixel: &[f64], count: usize, of: impl Fn(f64) -> T) -> Vec<T> {
            let pixel: Vec<T> = pixel.iter().map(|&value| of(value)).collect();
            pixel.repeat(count)
        }
        match self {
            Self::U8(_) => Self::U8(repeated(pixel, count, |value| value as u8)),
            Self::U16(_) => Self::U16(repeated(pixel, count, |value| value as u16)),
            Self::I16(_) => Self::I16(repeated(pixel, count, |value| value as i16)),
            Self::F32(_) => Self::F32(repeated(pixel, count, |value| value as f32)),
        }
    }

    /// Appends samples `range` of `other`, which has the same type.
    pub fn extend_from(&mut self, other: &Self, range: std::ops::Range<usize>) {
        match (self, other) {
            (Self::U8(own), Self::U8(other)) => own.extend_from_slice(&other[range]),
            (Self::U16(own), Self::U16(other)) => own.extend_from_slice(&other[range]),
            (Self::I16(own), Self::I16(other)) => own.extend_from_slice(&other[range]),
            (Self::F32(own), Self::F32(other)) => own.extend_from_slice(&other[range]),
            _ => debug_assert!(false, "samples of one scene are of one kind"),
        }
    }

    /// Interleaves bands that are stored one after the other.
    pub fn interleaved(planes: &[Self]) -> Self {
        fn woven<T: Copy>(
            planes: &[OwnedSamples],
            values: impl Fn(&OwnedSamples) -> Option<&[T]>,
        ) -> Vec<T> {
            let planes: Vec<&[T]> = planes.iter().filter_map(values).collect();
            let pixels = planes.iter().map(|plane| plane.len()).min().unwrap_or(0);
            (0..pixels)
                .flat_map(|at| planes.iter().map(move |plane| plane[at]))
                .collect()
        }
        match planes.first() {
            Some(Self::U16(_)) => Self::U16(woven(planes, |plane| match plane {
                Self::U16(values) => Some(values),
                _ => None,
            })),
            Some(Self::I16(_)) => Self::I16(woven(planes, |plane| match plane {
                Self::I16(values) => Some(values),
                _ => None,
            })),
            Some(Self::F32(_)) => Self::F32(woven(planes, |plane| match plane {
                Self::F32(values) => Some(values),
                _ => None,
            })),
            _ => Self::U8(woven(planes, |plane| match plane {
                Self::U8(values) => Some(values),
                _ => None,
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_woven_together() {
        let planes = vec![OwnedSamples::U16(vec![1, 2]), OwnedSamples::U16(vec![3, 4])];
        assert_eq!(
            OwnedSamples::interleaved(&planes),
            OwnedSamples::U16(vec![1, 3, 2, 4])
        );
    }
}
