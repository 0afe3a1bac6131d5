//! Positions of patches: learnt embeddings resized to another grid, and rotary angles.
//!
//! Resizing is separable: one matrix for the rows and one for the columns. The result is therefore the same on every
//! device. The matrices also implement two things that Burn's own interpolation lacks: the scale that coordinates are
//! computed with, and the wider kernel when a grid shrinks.

use burn::tensor::{Device, Tensor, TensorData};

use super::config::Positions;
use super::grid::{GridSize, grid_from_tokens, resize, tokens_from_grid};
use super::precision::raised;

/// Steepness of the cubic kernel in PyTorch's bicubic interpolation.
const CUBIC: f32 = -0.75;
/// The same with antialiasing, for which PyTorch follows Pillow.
const CUBIC_ANTIALIAS: f32 = -0.5;

/// Resizes the embedding `[1, side * side, width]` of a square grid to `size`, according to `positions`. Returns
/// `[1, rows * columns, width]`.
pub fn resize_positions(embedding: Tensor<3>, size: GridSize, positions: Positions) -> Tensor<3> {
    let [_, stored, width] = embedding.dims();
    let side = stored.isqrt();
    if size == [side, side] {
        return embedding;
    }
    match positions {
        Positions::Bicubic {
            offset, antialias, ..
        } => {
            let device = embedding.device();
            let matrix = |count: usize| {
                let values = cubic_matrix(side, count, offset, antialias);
                Tensor::<2>::from_data(TensorData::new(values, [count, side]), &device)
            };
            let [rows, columns] = size;
            let tall = matrix(rows)
                .matmul(embedding.reshape([side, side * width])) // [rows, side * width]
                .reshape([rows, side, width]);
            let wide = matrix(columns)
                .unsqueeze::<3>()
                .expand([rows, columns, side])
                .matmul(tall); // [rows, columns, width]
            wide.reshape([1, rows * columns, width])
        }
        _ => tokens_from_grid(resize(grid_from_tokens(embedding, [side, side]), size)),
    }
}

/// Weights of `from` inputs for each of `to` outputs, `[to, from]`, row-major.
fn cubic_matrix(from: usize, to: usize, offset: f64, antialias: bool) -> Vec<f32> {
    // With an offset, DINOv2 passes PyTorch a scale; otherwise it passes a size, and only then is the scale in / out.
    let scale = if offset == 0.0 {
        from as f32 / to as f32
    } else {
        (from as f64 / (to as f64 + offset)) as f32
    };
    let mut matrix = vec![0.0; to * from];
    for (output, row) in matrix.chunks_exact_mut(from).enumerate() {
        if antialias {
            widened_row(row, output, scale);
        } else {
            plain_row(row, output, scale);
        }
    }
    matrix
}

/// Four taps around the output's centre; beyond the edge the last input is repeated.
fn plain_row(row: &mut [f32], output: usize, scale: f32) {
    let centre = scale * (output as f32 + 0.5) - 0.5;
    let first = centre.floor();
    for tap in -1..3 {
        let weight = cubic(centre - first - tap as f32, CUBIC);
        let input = (first as isize + tap).clamp(0, row.len() as isize - 1);
        row[input as usize] += weight;
    }
}

/// The kernel widened to the size of an output, normalised over the existing inputs.
fn widened_row(row: &mut [f32], output: usize, scale: f32) {
    let wide = scale.max(1.0);
    let (support, centre) = (2.0 * wide, scale * (output as f32 + 0.5));
    let first = (centre - support + 0.5).max(0.0) as usize;
    let end = ((centre + support + 0.5) as usize).min(row.len());
    let weight = |input: usize| cubic((input as f32 - centre + 0.5) / wide, CUBIC_ANTIALIAS);
    let sum: f32 = (first..end).map(weight).sum();
    for (input, value) in row.iter_mut().enumerate().take(end).skip(first) {
        *value = weight(input) / sum;
    }
}

/// The cubic convolution kernel (Keys 1981).
fn cubic(x: f32, a: f32) -> f32 {
    let x = x.abs();
    if x <= 1.0 {
        ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a
    } else {
        0.0
    }
}

/// Cosines and sines that rotate the queries and keys of the patches.
#[derive(Debug, Clone)]
pub struct Rotation {
    /// `[rows * columns, head width]`.
    pub cos: Tensor<2>,
    /// `[rows * columns, head width]`.
    pub sin: Tensor<2>,
}

impl Rotation {
    /// The rotation of a grid for heads of `width` channels. The first half of the angles comes from the row, the
    /// second half from the column, both as positions in -1..1; the sequence of angles then repeats once.
    pub fn new([rows, columns]: GridSize, width: usize, base: f64, device: &Device) -> Self {
        let quarter = width / 4;
        let mut angles = Vec::with_capacity(rows * columns * width);
        for row in 0..rows {
            for column in 0..columns {
                let place =
                    |index: usize, count: usize| 2.0 * (index as f64 + 0.5) / count as f64 - 1.0;
                let half: Vec<f64> = [place(row, rows), place(column, columns)]
                    .into_iter()
                    .flat_map(|place| {
                        (0..quarter).map(move |i| {
                            let period = base.powf(i as f64 / quarter as f64);
                            2.0 * std::f64::consts::PI * place / period
                        })
                    })
                    .collect();
                angles.extend(half.iter().chain(&half).copied());
            }
        }
        let tensor = |function: fn(f64) -> f64| {
            let values: Vec<f32> = angles.iter().map(|angle| function(*angle) as f32).collect();
            Tensor::from_data(TensorData::new(values, [rows * columns, width]), device)
        };
        Self {
            cos: tensor(f64::cos),
            sin: tensor(f64::sin),
        }
    }

    /// Rotates the patches of `x`, `[batch, heads, prefix + patches, head width]`; the tokens before them stay
    /// unchanged. The computation uses the type of the angles, and the result has the type of `x`.
    pub fn apply(&self, x: Tensor<4>) -> Tensor<4> {
        let own = x.dtype();
        let x = raised(x, self.cos.dtype());
        let [_, _, tokens, width] = x.dims();
        let patches = self.cos.dims()[0];
        let prefix = tokens - patches;
        let special = x.clone().narrow(2, 0, prefix);
        let x = x.narrow(2, prefix, patches);
        let half = width / 2;
        let turned = Tensor::cat(
            vec![
                x.clone().narrow(3, half, half).neg(),
                x.clone().narrow(3, 0, half),
            ],
            3,
        );
        let x = x * self.cos.clone().unsqueeze() + turned * self.sin.clone().unsqueeze();
        raised(Tensor::cat(vec![special, x], 2), own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_an_output_add_up_to_one() {
        for antialias in [false, true] {
            for (from, to) in [(37, 16), (37, 32), (37, 40), (9, 11), (4, 1)] {
                let matrix = cubic_matrix(from, to, 0.0, antialias);
                for row in matrix.chunks_exact(from) {
                    assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{from} {to}");
                }
            }
        }
    }

    #[test]
    fn a_linear_ramp_stays_one_inside() {
        let matrix = cubic_matrix(20, 10, 0.0, true);
        let at = |output: usize| -> f32 {
            let row = &matrix[output * 20..][..20];
            row.iter()
                .enumerate()
                .map(|(input, weight)| input as f32 * weight)
                .sum()
        };
        assert!((at(5) - 10.5).abs() < 1e-4, "{}", at(5));
    }

    #[test]
    fn a_rotation_keeps_lengths_and_the_special_tokens() {
        let device = Device::flex();
        let rotation = Rotation::new([2, 3], 8, 100.0, &device);
        let x = Tensor::<4>::ones([1, 1, 7, 8], &device);
        let turned = rotation.apply(x);
        let lengths = (turned.clone() * turned.clone()).sum_dim(3);
        for length in lengths.into_data().iter::<f32>() {
            assert!((length - 8.0).abs() < 1e-4, "{length}");
        }
        let values: Vec<f32> = turned.into_data().iter::<f32>().collect();
        assert_eq!(values[..8], [1.0; 8]);
        assert_ne!(values[8..16], [1.0; 8]);
    }
}
