//! Draws a mask over its image.

use crate::vision::{Mask, RgbImage};

/// The width of a contour is the image's shorter side divided by this, so that it shows at any scale.
const CONTOUR_SHARE: usize = 250;

/// The image with the mask's pixels tinted by `opacity` (0 to 1) and its contour in full colour.
///
/// The contour runs just inside the mask, also along the image's edge. The dark line around it makes it visible on a
/// background of its own colour. Pixels further away are unchanged.
///
/// Panics if image and mask differ in size: that is a programming error.
pub fn overlay(image: &RgbImage, mask: &Mask, colour: [u8; 3], opacity: f32) -> RgbImage {
    let (width, height) = (image.width(), image.height());
    assert_eq!(
        (mask.width(), mask.height()),
        (width, height),
        "image and mask of one size"
    );
    let opacity = opacity.clamp(0.0, 1.0);
    let line = (width.min(height) / CONTOUR_SHARE).max(1);
    let near_outside = near(mask, line, false);
    let near_inside = near(mask, line, true);
    let mut output = image.clone();
    for (index, pixel) in output.pixels_mut().chunks_exact_mut(3).enumerate() {
        let (colour, opacity) = match mask.bits()[index] {
            true if near_outside[index] => (colour, 1.0),
            true => (colour, opacity),
            false if near_inside[index] => ([0; 3], 0.6),
            false => continue,
        };
        for (value, tint) in pixel.iter_mut().zip(colour) {
            let mixed = f32::from(*value) * (1.0 - opacity) + f32::from(tint) * opacity;
            *value = mixed.round() as u8;
        }
    }
    output
}

/// Returns for each pixel whether the square `reach` pixels around it contains a pixel of value `wanted`. Everything
/// beyond the edge is unset. Two sliding counts make the cost independent of `reach`.
fn near(mask: &Mask, reach: usize, wanted: bool) -> Vec<bool> {
    let (width, height) = (mask.width(), mask.height());
    let mut across = vec![false; width * height];
    for (row, line) in mask
        .bits()
        .chunks_exact(width)
        .zip(across.chunks_exact_mut(width))
    {
        let mut count = row[..reach.min(width)]
            .iter()
            .filter(|&&bit| bit == wanted)
            .count();
        for x in 0..width {
            count += usize::from(row.get(x + reach) == Some(&wanted));
            count -= usize::from(x > reach && row[x - reach - 1] == wanted);
            let edge = !wanted && (x < reach || x + reach >= width);
            line[x] = count > 0 || edge;
        }
    }
    let mut found = vec![false; width * height];
    let mut counts = vec![0usize; width];
    for line in across.chunks_exact(width).take(reach) {
        add(&mut counts, line, 1);
    }
    for y in 0..height {
        if y + reach < height {
            add(&mut counts, &across[(y + reach) * width..][..width], 1);
        }
        if y > reach {
            add(&mut counts, &across[(y - reach - 1) * width..][..width], -1);
        }
        let edge = !wanted && (y < reach || y + reach >= height);
        for (bit, &count) in found[y * width..][..width].iter_mut().zip(&counts) {
            *bit = count > 0 || edge;
        }
    }
    found
}

fn add(counts: &mut [usize], line: &[bool], sign: isize) {
    for (count, &bit) in counts.iter_mut().zip(line) {
        *count = count.wrapping_add_signed(sign * isize::from(bit));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_is_tinted_the_contour_is_full_and_the_rest_is_as_before() {
        let image = RgbImage::filled(9, 9, [100, 100, 100]);
        let mut mask = Mask::empty(9, 9);
        for y in 2..7 {
            for x in 2..7 {
                mask.set(x, y, true);
            }
        }
        let drawn = overlay(&image, &mask, [200, 0, 50], 0.5);
        assert_eq!(drawn.pixel(4, 4), [150, 50, 75], "inside");
        assert_eq!(
            drawn.pixel(3, 3),
            [150, 50, 75],
            "inside, next to the contour"
        );
        for (x, y) in [(2, 2), (6, 4), (4, 6), (2, 5)] {
            assert_eq!(drawn.pixel(x, y), [200, 0, 50], "contour at {x}, {y}");
        }
        for (x, y) in [(1, 1), (7, 4), (4, 1), (7, 7)] {
            assert_eq!(drawn.pixel(x, y), [40, 40, 40], "dark line at {x}, {y}");
        }
        for (x, y) in [(0, 0), (8, 4), (4, 0), (8, 8)] {
            assert_eq!(drawn.pixel(x, y), [100, 100, 100], "outside at {x}, {y}");
        }
    }

    #[test]
    fn the_contour_closes_along_the_edge_of_the_image() {
        let image = RgbImage::filled(5, 4, [0, 0, 0]);
        let drawn = overlay(&image, &Mask::full(5, 4), [10, 20, 30], 0.0);
        for y in 0..4 {
            for x in 0..5 {
                let edge = x == 0 || y == 0 || x == 4 || y == 3;
                assert_eq!(drawn.pixel(x, y) == [10, 20, 30], edge, "{x}, {y}");
            }
        }
        assert_eq!(overlay(&image, &Mask::empty(5, 4), [9; 3], 1.0), image);
    }

    #[test]
    fn the_counts_agree_with_looking_at_every_neighbour() {
        let (width, height) = (13, 7);
        let bits = (0..width * height)
            .map(|i| (i * i + 3 * i) % 11 == 0)
            .collect();
        let mask = Mask::new(width, height, bits);
        for reach in [1, 2, 5, 20] {
            for wanted in [true, false] {
                let found = near(&mask, reach, wanted);
                for (index, &found) in found.iter().enumerate() {
                    let (x, y) = ((index % width) as isize, (index / width) as isize);
                    let reach = reach as isize;
                    let mut expected = false;
                    for v in y - reach..=y + reach {
                        for u in x - reach..=x + reach {
                            let inside = (0..width as isize).contains(&u)
                                && (0..height as isize).contains(&v);
                            expected |= (inside && mask.get(u as usize, v as usize)) == wanted;
                        }
                    }
                    assert_eq!(found, expected, "{x}, {y}, reach {reach}, {wanted}");
                }
            }
        }
    }

    #[test]
    fn a_single_pixel_is_drawn() {
        let drawn = overlay(
            &RgbImage::filled(1, 1, [0; 3]),
            &Mask::full(1, 1),
            [9, 8, 7],
            0.2,
        );
        assert_eq!(drawn.pixels(), [9, 8, 7]);
    }
}
