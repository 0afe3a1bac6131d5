//! Hashes of images: one of their pixels, and one of their appearance (a perceptual hash).

use sha2::{Digest, Sha256};

use crate::vision::{RgbImage, resize_bilinear};

/// Two images look the same if at most this many bits of their perceptual hashes differ.
pub const PERCEPTUAL_DISTANCE: u32 = 2;

/// Range of grey levels that the shrunk image must span to have a perceptual hash.
const FLAT: f32 = 12.0;

/// The hashes of one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageHash {
    /// SHA-256 of the size and the decoded pixels.
    pub pixels: [u8; 32],
    /// The perceptual hash ("difference hash"): one bit for each of the 8 x 8 pairs of neighbours within the rows
    /// of the image at 9 x 8, saying which of them is brighter. `None` if the image is nearly of one colour.
    pub signature: Option<u64>,
}

impl ImageHash {
    /// The hashes of an image.
    pub fn of(image: &RgbImage) -> Self {
        Self {
            pixels: hash_of(image.width(), image.height(), [image.pixels()]),
            signature: signature_of(image),
        }
    }

    /// Number of bits in which the perceptual hashes differ, or `None` if either image has no hash.
    pub fn distance(&self, other: &Self) -> Option<u32> {
        Some((self.signature? ^ other.signature?).count_ones())
    }
}

/// SHA-256 of a size and bytes.
pub fn hash_of<'a>(
    width: usize,
    height: usize,
    parts: impl IntoIterator<Item = &'a [u8]>,
) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update((width as u64).to_le_bytes());
    hash.update((height as u64).to_le_bytes());
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

fn signature_of(image: &RgbImage) -> Option<u64> {
    let grey: Vec<f32> = resize_bilinear(image, 9, 8)
        .chunks_exact(3)
        .map(|pixel| 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2])
        .collect();
    let low = grey.iter().copied().fold(f32::MAX, f32::min);
    let high = grey.iter().copied().fold(f32::MIN, f32::max);
    if high - low < FLAT {
        return None;
    }
    let bits = grey
        .chunks_exact(9)
        .flat_map(|row| row.windows(2).map(|pair| u64::from(pair[0] < pair[1])));
    Some(bits.fold(0, |all, bit| all << 1 | bit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waves(width: usize, height: usize, shift: f32) -> RgbImage {
        let mut image = RgbImage::filled(width, height, [0; 3]);
        for y in 0..height {
            for x in 0..width {
                let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
                let value = 128.0 + 90.0 * (7.0 * u + 5.0 * v * u + shift).sin();
                image.set_pixel(x, y, [value as u8; 3]);
            }
        }
        image
    }

    #[test]
    fn a_brighter_smaller_copy_looks_the_same() {
        let image = waves(90, 80, 0.0);
        let mut copy = waves(45, 40, 0.0);
        copy.pixels_mut()
            .iter_mut()
            .for_each(|value| *value = value.saturating_add(9));
        let (a, b) = (ImageHash::of(&image), ImageHash::of(&copy));
        assert_ne!(a.pixels, b.pixels);
        assert!(a.distance(&b).expect("two inspections") <= PERCEPTUAL_DISTANCE);
        let other = ImageHash::of(&waves(90, 80, 2.0));
        assert!(a.distance(&other).expect("two inspections") > 8);
    }

    #[test]
    fn water_has_no_look() {
        let flat = ImageHash::of(&RgbImage::filled(50, 50, [20, 40, 60]));
        assert_eq!(flat.signature, None);
        assert_eq!(flat.distance(&flat), None);
        // The same bytes in another shape have another hash.
        let tall = ImageHash::of(&RgbImage::filled(25, 100, [20, 40, 60]));
        assert_ne!(flat.pixels, tall.pixels);
    }
}
