//! From an image to the visual encoder's input.

use super::image::RgbImage;
use super::resize::resize_bilinear;

/// Mean of ImageNet's RGB in 0..1, as in torchvision's reference transforms and in DINOv2.
pub const IMAGENET_MEAN: [f32; 3] = [0.485, 0.456, 0.406];

/// Standard deviation of ImageNet's RGB in 0..1, from the same source as [`IMAGENET_MEAN`].
pub const IMAGENET_STD: [f32; 3] = [0.229, 0.224, 0.225];

/// The encoder's input `[3, side, side]`: `(colour / 255 - mean) / std`.
///
/// The image is stretched to a square without keeping its proportions, as RMSIN's `test.py` does:
/// "left" and "top" of the input are those of the image, and no pixel of the input is padding.
pub fn to_input(image: &RgbImage, side: usize, mean: [f32; 3], std: [f32; 3]) -> Vec<f32> {
    let pixels = resize_bilinear(image, side, side);
    let mut input = Vec::with_capacity(pixels.len());
    for channel in 0..3 {
        let (mean, std) = (mean[channel], std[channel]);
        let colours = pixels.iter().skip(channel).step_by(3);
        input.extend(colours.map(|&colour| (colour / 255.0 - mean) / std));
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_come_first_and_are_centred() {
        let mut image = RgbImage::filled(2, 2, [255, 0, 51]);
        image.set_pixel(1, 0, [0, 0, 51]);
        let input = to_input(&image, 2, [0.5, 0.25, 0.2], [0.5, 0.25, 0.1]);
        let expected = [
            1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 0.0, 0.0, 0.0, 0.0,
        ];
        for (found, expected) in input.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{input:?}");
        }
        assert_eq!(input.len(), 12);
    }

    #[test]
    fn an_image_of_any_shape_becomes_a_square() {
        for (width, height) in [(1, 1), (1, 500), (20_000, 1), (7, 3)] {
            let image = RgbImage::filled(width, height, [10, 20, 30]);
            let input = to_input(&image, 16, [0.0; 3], [1.0; 3]);
            assert_eq!(input.len(), 3 * 16 * 16);
            let expected = [10.0 / 255.0, 20.0 / 255.0, 30.0 / 255.0];
            for (plane, expected) in input.chunks_exact(256).zip(expected) {
                assert!(
                    plane.iter().all(|&v: &f32| (v - expected).abs() < 1e-6),
                    "{width} x {height}"
                );
            }
        }
    }
}
