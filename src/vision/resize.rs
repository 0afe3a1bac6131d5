//! Resizing of images, probability maps and masks; plain `f32` sums in a fixed order, so that the browser and the
//! native program compute the same numbers.
//!
//! Pixel centres are at half-integers: column `x` of `n` is at `(x + 0.5) / n`.

use super::image::RgbImage;
use super::mask::Mask;

/// The image at another size: `[height, width, 3]` in 0..255.
///
/// Bilinear, and antialiased where it shrinks: a triangle filter as wide as the reduction, separable,
/// cut off and renormalised at the edges. This is Pillow's `BILINEAR` (`Resample.c`) without its rounding
/// to 8 bit, and `torch.nn.functional.interpolate(antialias=True)`.
///
/// Besides the result it needs memory for a single row, whatever the image's size.
pub fn resize_bilinear(image: &RgbImage, width: usize, height: usize) -> Vec<f32> {
    let mut output = vec![0.0; width * height * 3];
    if output.is_empty() {
        return output;
    }
    let columns = triangle(image.width(), width);
    let rows = triangle(image.height(), height);
    let mut reduced = vec![0.0; width * 3];
    let (mut first, mut end) = (0, 0);
    for (y, row) in image.pixels().chunks_exact(image.width() * 3).enumerate() {
        // Source row y contributes to output rows first..end. Both bounds only grow.
        while end < height && rows[end].start <= y {
            end += 1;
        }
        while first < end && rows[first].end() <= y {
            first += 1;
        }
        if first == end {
            continue;
        }
        reduce_row(row, &columns, &mut reduced);
        for target in first..end {
            let weight = rows[target].weights[y - rows[target].start];
            let line = &mut output[target * width * 3..(target + 1) * width * 3];
            for (sum, value) in line.iter_mut().zip(&reduced) {
                *sum += weight * value;
            }
        }
    }
    output
}

/// The image at another size, as [`resize_bilinear`] gives it, rounded.
pub fn resize_image(image: &RgbImage, width: usize, height: usize) -> RgbImage {
    if (image.width(), image.height()) == (width, height) {
        return image.clone();
    }
    let values = resize_bilinear(image, width, height);
    let mut resized = RgbImage::filled(width, height, [0; 3]);
    for (pixel, value) in resized.pixels_mut().iter_mut().zip(values) {
        *pixel = value.round().clamp(0.0, 255.0) as u8;
    }
    resized
}

/// A probability map `[height, width]` at another size, plain bilinear, edges clamped
/// (`align_corners=False`). Sizes are `(width, height)`.
///
/// Panics if `values` is not `from.0 * from.1` long, which is a programming error.
pub fn resize_map(values: &[f32], from: (usize, usize), to: (usize, usize)) -> Vec<f32> {
    let mut output = Vec::with_capacity(to.0 * to.1);
    resize_map_rows(values, from, to, |_, row| output.extend_from_slice(row));
    output
}

/// [`resize_map`], one row at a time from the top: calls `each(y, row)` with a row of length `to.0`.
///
/// For results that would not fit in memory as floats, such as the map of a scene 20,000 px wide.
pub fn resize_map_rows(
    values: &[f32],
    from: (usize, usize),
    to: (usize, usize),
    mut each: impl FnMut(usize, &[f32]),
) {
    assert_eq!(values.len(), from.0 * from.1, "a map has a value per pixel");
    if values.is_empty() || to.0 == 0 {
        return;
    }
    let columns: Vec<_> = (0..to.0).map(|x| neighbours(x, from.0, to.0)).collect();
    let mut row = vec![0.0; to.0];
    for y in 0..to.1 {
        let (top, bottom, down) = neighbours(y, from.1, to.1);
        let top = &values[top * from.0..(top + 1) * from.0];
        let bottom = &values[bottom * from.0..(bottom + 1) * from.0];
        for (value, &(left, right, across)) in row.iter_mut().zip(&columns) {
            let above = top[left] + (top[right] - top[left]) * across;
            let below = bottom[left] + (bottom[right] - bottom[left]) * across;
            *value = above + (below - above) * down;
        }
        each(y, &row);
    }
}

/// The mask of a probability map at another size: bilinear as [`resize_map`], then `>= threshold`.
/// Sizes are `(width, height)`.
pub fn threshold_map(
    values: &[f32],
    from: (usize, usize),
    to: (usize, usize),
    threshold: f32,
) -> Mask {
    let mut mask = Mask::empty(to.0, to.1);
    resize_map_rows(values, from, to, |y, row| {
        let bits = &mut mask.bits_mut()[y * to.0..(y + 1) * to.0];
        for (bit, &value) in bits.iter_mut().zip(row) {
            *bit = value >= threshold;
        }
    });
    mask
}

/// The mask at another size, by the nearest pixel, like Pillow's `NEAREST` except for ties: for a centre exactly
/// between two pixels, this takes the second, while in Pillow rounding decides. A mask of size zero gives one with no
/// pixel set.
pub fn resize_mask(mask: &Mask, width: usize, height: usize) -> Mask {
    let mut output = Mask::empty(width, height);
    if mask.bits().is_empty() || output.bits().is_empty() {
        return output;
    }
    // floor((x + 0.5) * from / to), in integers.
    let nearest = |x: usize, from: usize, to: usize| {
        let doubled = (2 * x as u64 + 1) * from as u64;
        (doubled / (2 * to as u64)) as usize
    };
    let columns: Vec<_> = (0..width)
        .map(|x| nearest(x, mask.width(), width))
        .collect();
    for (y, row) in output.bits_mut().chunks_exact_mut(width).enumerate() {
        let start = nearest(y, mask.height(), height) * mask.width();
        let source = &mask.bits()[start..start + mask.width()];
        for (bit, &x) in row.iter_mut().zip(&columns) {
            *bit = source[x];
        }
    }
    output
}

/// The source pixels under one output pixel, and their shares, which sum to 1.
struct Taps {
    start: usize,
    weights: Vec<f32>,
}

impl Taps {
    fn end(&self) -> usize {
        self.start + self.weights.len()
    }
}

/// Taps of the triangle filter from `from` to `to` pixels, `precompute_coeffs` of Pillow's `Resample.c`.
fn triangle(from: usize, to: usize) -> Vec<Taps> {
    let scale = from as f64 / to as f64;
    let support = scale.max(1.0);
    let window = |x: usize| {
        let centre = (x as f64 + 0.5) * scale;
        let start = ((centre - support + 0.5).max(0.0) as usize).min(from - 1);
        let end = ((centre + support + 0.5) as usize).clamp(start + 1, from);
        let shares = (start..end)
            .map(|i| (1.0 - ((i as f64 + 0.5 - centre) / support).abs()).max(0.0))
            .collect::<Vec<_>>();
        let total: f64 = shares.iter().sum();
        let weights = shares.iter().map(|share| (share / total) as f32).collect();
        Taps { start, weights }
    };
    (0..to).map(window).collect()
}

fn reduce_row(row: &[u8], columns: &[Taps], output: &mut [f32]) {
    for (window, output) in columns.iter().zip(output.chunks_exact_mut(3)) {
        let source = &row[window.start * 3..window.end() * 3];
        let mut sum = [0.0f32; 3];
        for (pixel, &weight) in source.chunks_exact(3).zip(&window.weights) {
            for (sum, &colour) in sum.iter_mut().zip(pixel) {
                *sum += weight * f32::from(colour);
            }
        }
        output.copy_from_slice(&sum);
    }
}

/// The two source pixels around output pixel `x` and the share of the second.
fn neighbours(x: usize, from: usize, to: usize) -> (usize, usize, f32) {
    let position = ((x as f64 + 0.5) * from as f64 / to as f64 - 0.5).max(0.0);
    let first = (position as usize).min(from - 1);
    let second = (first + 1).min(from - 1);
    (first, second, (position - first as f64).min(1.0) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: usize, height: usize, values: &[u8]) -> RgbImage {
        let pixels = values.iter().flat_map(|&v| [v, 255 - v, v / 2]).collect();
        RgbImage::new(width, height, pixels).expect("one value per pixel")
    }

    fn red(values: &[f32]) -> Vec<f32> {
        values.iter().step_by(3).copied().collect()
    }

    fn close(found: &[f32], expected: &[f32]) {
        assert_eq!(found.len(), expected.len());
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-3, "{found:?} against {expected:?}");
        }
    }

    #[test]
    fn the_same_size_changes_nothing() {
        let image = grey(3, 2, &[0, 10, 200, 255, 7, 99]);
        let expected: Vec<f32> = image.pixels().iter().map(|&v| f32::from(v)).collect();
        assert_eq!(resize_bilinear(&image, 3, 2), expected);
    }

    /// Computed manually: 4 to 2 has centres 1 and 3 and support 2; for the first centre the shares of pixels 0 to 2
    /// are .75, .75 and .25 of 1.75 (a fourth pixel to the left is cut off), and the second centre mirrors this.
    #[test]
    fn shrinking_averages_under_a_triangle() {
        let image = grey(4, 1, &[0, 70, 140, 210]);
        let expected = [
            (70.0 * 0.75 + 140.0 * 0.25) / 1.75,
            (70.0 * 0.25 + (140.0 + 210.0) * 0.75) / 1.75,
        ];
        close(&red(&resize_bilinear(&image, 2, 1)), &expected);
        let column = grey(1, 4, &[0, 70, 140, 210]);
        close(&red(&resize_bilinear(&column, 1, 2)), &expected);
    }

    /// Computed manually: centres of the four output pixels at -0.25 (clamped), 0.25, 0.75, 1.25 (clamped).
    #[test]
    fn growing_interpolates_between_centres() {
        let image = grey(2, 1, &[0, 100]);
        close(
            &red(&resize_bilinear(&image, 4, 1)),
            &[0.0, 25.0, 75.0, 100.0],
        );
        close(
            &resize_map(&[0.0, 100.0], (2, 1), (4, 1)),
            &[0.0, 25.0, 75.0, 100.0],
        );
        close(
            &resize_map(&[0.0, 100.0], (1, 2), (1, 4)),
            &[0.0, 25.0, 75.0, 100.0],
        );
    }

    #[test]
    fn a_thin_line_keeps_its_share_of_light() {
        let mut image = RgbImage::filled(20_000, 1, [0, 0, 0]);
        image.set_pixel(10_007, 0, [255, 255, 255]);
        let small = resize_bilinear(&image, 10, 1);
        assert!(
            (red(&small).iter().sum::<f32>() - 255.0 / 2000.0).abs() < 1e-4,
            "{small:?}"
        );
    }

    #[test]
    fn one_pixel_and_no_pixel_are_sizes_too() {
        let dot = RgbImage::filled(1, 1, [9, 8, 7]);
        assert_eq!(resize_bilinear(&dot, 2, 2), [9.0, 8.0, 7.0].repeat(4));
        let wide = RgbImage::filled(1000, 3, [50, 60, 70]);
        close(&resize_bilinear(&wide, 1, 1), &[50.0, 60.0, 70.0]);
        assert!(resize_bilinear(&wide, 0, 5).is_empty());
        assert!(resize_map(&[], (0, 0), (3, 3)).is_empty());
        close(&resize_map(&[0.5], (1, 1), (2, 2)), &[0.5; 4]);
    }

    #[test]
    fn a_map_becomes_a_mask_at_the_threshold() {
        let mask = threshold_map(&[0.0, 1.0], (2, 1), (4, 1), 0.75);
        assert_eq!(mask.bits(), [false, false, true, true]);
    }

    #[test]
    fn masks_take_the_nearest_pixel() {
        let mask = Mask::new(3, 1, vec![true, false, true]);
        assert_eq!(
            resize_mask(&mask, 6, 1).bits(),
            [true, true, false, false, true, true]
        );
        assert_eq!(resize_mask(&mask, 1, 2).bits(), [false, false]);
        assert_eq!(resize_mask(&mask, 2, 1).bits(), [true, true]);
        assert!(
            resize_mask(&Mask::empty(0, 0), 2, 2)
                .bits()
                .iter()
                .all(|&bit| !bit)
        );
        let tall = resize_mask(&Mask::full(1, 1), 20_000, 2);
        assert_eq!(tall.area(), 40_000);
    }
}
