//! From an image to the visual encoder's input.

use serde::{Deserialize, Serialize};

use super::image::RgbImage;
use super::resize::resize_bilinear;

/// Mean and deviation of the colours that an encoder was trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalisation {
    /// ImageNet's, as in torchvision's reference transforms: ImageNet's normalisation: for DINOv2, for DINOv3 on web
    /// images, and for manifests that name none.
    #[default]
    ImageNet,
    /// Normalisation of DINOv3's satellite images (SAT-493M), as given in its repository.
    Satellite,
    /// `(colour - 127) / 128` for colours in 0..255: EfficientNet-Lite.
    Centred,
}

impl Normalisation {
    /// Mean of red, green and blue in 0..1.
    pub fn mean(self) -> [f32; 3] {
        match self {
            Self::ImageNet => [0.485, 0.456, 0.406],
            Self::Satellite => [0.430, 0.411, 0.296],
            Self::Centred => [127.0 / 255.0; 3],
        }
    }

    /// Standard deviation of red, green and blue in 0..1.
    pub fn deviation(self) -> [f32; 3] {
        match self {
            Self::ImageNet => [0.229, 0.224, 0.225],
            Self::Satellite => [0.213, 0.156, 0.143],
            Self::Centred => [128.0 / 255.0; 3],
        }
    }
}

/// The encoder's input `[3, height, width]`: `(colour / 255 - mean) / deviation`.
///
/// The image is stretched to the size without keeping its proportions, as RMSIN's `test.py` does: "left" and "top" in
/// the input are those of the image, and no pixel of the input is padding.
pub fn to_input(
    image: &RgbImage,
    [height, width]: [usize; 2],
    normalisation: Normalisation,
) -> Vec<f32> {
    let (means, deviations) = (normalisation.mean(), normalisation.deviation());
    let normal =
        |channel: usize, colour: f32| (colour / 255.0 - means[channel]) / deviations[channel];
    let size = width * height;
    let mut input = vec![0.0; 3 * size];
    let (red, rest) = input.split_at_mut(size);
    let (green, blue) = rest.split_at_mut(size);
    let planes = red.iter_mut().zip(green).zip(blue);
    if (image.width(), image.height()) == (width, height) {
        let table = [0, 1, 2].map(|channel| {
            (0..=u8::MAX)
                .map(|colour| normal(channel, colour.into()))
                .collect::<Vec<f32>>()
        });
        for (((red, green), blue), pixel) in planes.zip(image.pixels().chunks_exact(3)) {
            *red = table[0][usize::from(pixel[0])];
            *green = table[1][usize::from(pixel[1])];
            *blue = table[2][usize::from(pixel[2])];
        }
        return input;
    }
    let pixels = resize_bilinear(image, width, height);
    for (((red, green), blue), pixel) in planes.zip(pixels.chunks_exact(3)) {
        *red = normal(0, pixel[0]);
        *green = normal(1, pixel[1]);
        *blue = normal(2, pixel[2]);
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_come_first_and_are_centred() {
        let mut image = RgbImage::filled(3, 2, [124, 116, 104]);
        image.set_pixel(1, 0, [255, 0, 104]);
        let input = to_input(&image, [2, 3], Normalisation::ImageNet);
        assert_eq!(input.len(), 18);
        let bright = [(1.0 - 0.485) / 0.229, -0.456 / 0.224];
        assert!((input[1] - bright[0]).abs() < 1e-5 && (input[7] - bright[1]).abs() < 1e-5);
        for (index, value) in input.iter().enumerate() {
            assert!(value.abs() < 0.02 || index == 1 || index == 7, "{input:?}");
        }
    }

    #[test]
    fn centred_colours_are_whole_numbers_over_128() {
        let image = RgbImage::filled(2, 2, [0, 127, 255]);
        let input = to_input(&image, [2, 2], Normalisation::Centred);
        for (plane, expected) in input.chunks_exact(4).zip([-127.0 / 128.0, 0.0, 1.0]) {
            assert!(plane.iter().all(|&v: &f32| (v - expected).abs() < 1e-6));
        }
    }

    #[test]
    fn an_image_of_any_shape_fills_the_input() {
        for (width, height) in [(1, 1), (1, 500), (20_000, 1), (7, 3)] {
            let image = RgbImage::filled(width, height, [10, 20, 30]);
            let input = to_input(&image, [16, 8], Normalisation::Satellite);
            assert_eq!(input.len(), 3 * 16 * 8);
            let expected = [
                (10.0 / 255.0 - 0.430) / 0.213,
                (20.0 / 255.0 - 0.411) / 0.156,
                (30.0 / 255.0 - 0.296) / 0.143,
            ];
            for (plane, expected) in input.chunks_exact(128).zip(expected) {
                assert!(
                    plane.iter().all(|&v: &f32| (v - expected).abs() < 1e-5),
                    "{width} x {height}"
                );
            }
        }
    }
}
