//! Conversion of patch tokens to a grid and back.

use burn::module::Module;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};
use burn::tensor::{Device, Tensor, TensorData};

use crate::kernels::epilogue::Epilogue;
use crate::kernels::product::{convolution, convolution_of_two};
use crate::kernels::resize as kernels;

/// Rows and columns of a grid of tokens.
pub type GridSize = [usize; 2];

/// Converts `[batch, rows * columns, channels]` to `[batch, channels, rows, columns]`.
pub fn grid_from_tokens(tokens: Tensor<3>, [rows, columns]: GridSize) -> Tensor<4> {
    let [batch, _, channels] = tokens.dims();
    tokens
        .swap_dims(1, 2)
        .reshape([batch, channels, rows, columns])
}

/// Converts `[batch, channels, rows, columns]` to `[batch, rows * columns, channels]`.
pub fn tokens_from_grid(grid: Tensor<4>) -> Tensor<3> {
    let [batch, channels, rows, columns] = grid.dims();
    grid.reshape([batch, channels, rows * columns])
        .swap_dims(1, 2)
}

/// Converts `[batch, rows * columns, channels]` to `[batch, rows, columns, channels]`.
fn cells_from_tokens(tokens: Tensor<3>, [rows, columns]: GridSize) -> Tensor<4> {
    let [batch, _, channels] = tokens.dims();
    tokens.reshape([batch, rows, columns, channels])
}

/// The inverse of [`cells_from_tokens`].
fn tokens_from_cells(cells: Tensor<4>) -> Tensor<3> {
    let [batch, rows, columns, channels] = cells.dims();
    cells.reshape([batch, rows * columns, channels])
}

/// Splits an image into non-overlapping patches: `[batch, channels, height, width]` to
/// `[batch, rows * columns, channels * side * side]`. Each patch is channel-major, as in a convolution's weight.
pub fn patches_from_image(image: Tensor<4>, side: usize) -> Tensor<3> {
    let [batch, channels, height, width] = image.dims();
    let [rows, columns] = [height / side, width / side];
    image
        .reshape([batch, channels, rows, side, columns, side])
        .permute([0, 2, 4, 1, 3, 5])
        .reshape([batch, rows * columns, channels * side * side])
}

/// Bilinear resize with half-pixel centres.
pub fn resize(grid: Tensor<4>, size: GridSize) -> Tensor<4> {
    if grid.dims()[2..] == size {
        return grid;
    }
    let device = grid.device();
    // Burn 0.22 has no backward pass for its own resize on a GPU.
    if device.is_autodiff() && device != Device::flex() {
        return resize_by_products(grid, size);
    }
    let options = InterpolateOptions::new(InterpolateMode::Bilinear)
        .with_align_corners(false)
        .with_output_size(size);
    interpolate(grid, options)
}

/// [`resize`] as two matrix products, one for the rows and one for the columns.
fn resize_by_products(grid: Tensor<4>, size: GridSize) -> Tensor<4> {
    let [batch, channels, rows, columns] = grid.dims();
    let device = grid.device();
    let matrix = |from: usize, to: usize| {
        Tensor::<2>::from_data(
            TensorData::new(linear_matrix(from, to), [from, to]),
            &device,
        )
    };
    let wide = grid
        .reshape([batch * channels * rows, columns])
        .matmul(matrix(columns, size[1]))
        .reshape([batch * channels, rows, size[1]]);
    let tall = wide
        .swap_dims(1, 2)
        .reshape([batch * channels * size[1], rows])
        .matmul(matrix(rows, size[0]))
        .reshape([batch, channels, size[1], size[0]]);
    tall.swap_dims(2, 3)
}

/// Weights of `from` inputs for each of `to` outputs, `[from, to]`, row-major.
fn linear_matrix(from: usize, to: usize) -> Vec<f32> {
    let mut matrix = vec![0.0; from * to];
    for output in 0..to {
        let centre = (output as f32 + 0.5) * from as f32 / to as f32 - 0.5;
        let centre = centre.clamp(0.0, (from - 1) as f32);
        let (first, share) = (centre.floor() as usize, centre.fract());
        matrix[first * to + output] += 1.0 - share;
        // Beyond the edge the weight is 0.
        matrix[(first + 1).min(from - 1) * to + output] += share;
    }
    matrix
}

/// [`resize`] for a grid of tokens: `[batch, from rows * from columns, channels]` to the same layout on the grid
/// `to`.
pub fn resize_tokens(tokens: Tensor<3>, from: GridSize, to: GridSize) -> Tensor<3> {
    if from == to {
        return tokens;
    }
    let [batch, _, channels] = tokens.dims();
    let cells = tokens.clone().reshape([batch, from[0], from[1], channels]);
    match kernels::resize(&cells, to) {
        Some(cells) => cells.reshape([batch, to[0] * to[1], channels]),
        None => tokens_from_grid(resize(grid_from_tokens(tokens, from), to)),
    }
}

/// Resizes a grid of tokens: `[batch, from rows * from columns, channels]` to the same layout on the grid `to`. If
/// every new cell covers whole old cells, it is their mean; otherwise [`resize`] is used.
pub fn regrid(tokens: Tensor<3>, from: GridSize, to: GridSize) -> Tensor<3> {
    if from == to {
        return tokens;
    }
    let [batch, _, channels] = tokens.dims();
    let whole = |axis: usize| {
        from[axis]
            .is_multiple_of(to[axis])
            .then(|| from[axis] / to[axis])
    };
    if let (Some(high), Some(wide)) = (whole(0), whole(1)) {
        return tokens
            .reshape([batch * to[0], high, to[1], wide * channels])
            .mean_dim(1)
            .reshape([batch * to[0] * to[1], wide, channels])
            .mean_dim(1)
            .reshape([batch, to[0] * to[1], channels]);
    }
    resize_tokens(tokens, from, to)
}

/// A square convolution over tokens that keeps the grid's size.
#[derive(Module, Debug)]
pub struct TokenConv {
    /// The convolution, `[out, in, side, side]`.
    pub conv: Conv2d,
}

impl TokenConv {
    /// A convolution of odd `side` from `channels[0]` to `channels[1]`.
    pub fn new(channels: [usize; 2], side: usize, device: &Device) -> Self {
        let half = side / 2;
        let config = Conv2dConfig::new(channels, [side, side])
            .with_padding(PaddingConfig2d::Explicit(half, half, half, half));
        Self {
            conv: config.init(device),
        }
    }

    /// The convolution followed by `epilogue`: `[batch, rows * columns, in]` to `[batch, rows * columns, out]`.
    pub fn forward(&self, tokens: Tensor<3>, size: GridSize, epilogue: Epilogue) -> Tensor<3> {
        let x = cells_from_tokens(tokens, size);
        let bias = self.conv.bias.as_ref().map(|bias| bias.val());
        tokens_from_cells(convolution(x, self.conv.weight.val(), bias, 1, epilogue))
    }

    /// [`Self::forward`] of two tensors whose channels follow one another.
    pub fn forward_two(
        &self,
        parts: [Tensor<3>; 2],
        size: GridSize,
        epilogue: Epilogue,
    ) -> Tensor<3> {
        let parts = parts.map(|tokens| cells_from_tokens(tokens, size));
        let bias = self.conv.bias.as_ref().map(|bias| bias.val());
        let y = convolution_of_two(parts, self.conv.weight.val(), bias, epilogue);
        tokens_from_cells(y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Distribution, Int, Tolerance};

    #[test]
    fn tokens_and_grid_are_inverses() {
        let device = Device::flex();
        let tokens = Tensor::<1, Int>::arange(0..24, &device)
            .float()
            .reshape([1, 6, 4]);
        let back = tokens_from_grid(grid_from_tokens(tokens.clone(), [2, 3]));
        assert_eq!(back.into_data(), tokens.into_data());
    }

    #[test]
    fn products_resize_as_interpolation_does() {
        let device = Device::flex();
        let grid = Tensor::<4>::random([2, 3, 5, 4], Distribution::Default, &device);
        for size in [[10, 8], [3, 9], [5, 1], [20, 4]] {
            let expected = resize(grid.clone(), size).into_data();
            let found = resize_by_products(grid.clone(), size).into_data();
            found.assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-6));
        }
    }

    #[test]
    fn a_coarser_grid_has_means_and_a_finer_one_is_resized() {
        let device = Device::flex();
        let tokens = Tensor::<3>::random([2, 4 * 6, 5], Distribution::Default, &device);
        let grid = grid_from_tokens(tokens.clone(), [4, 6]);
        // With half-pixel centres, halving the size gives the mean of two by two cells.
        let halved = tokens_from_grid(resize(grid.clone(), [2, 3])).into_data();
        let found = regrid(tokens.clone(), [4, 6], [2, 3]).into_data();
        found.assert_approx_eq::<f32>(&halved, Tolerance::absolute(1e-6));
        for to in [[8, 12], [5, 7], [1, 9]] {
            let resized = tokens_from_grid(resize(grid.clone(), to)).into_data();
            let found = regrid(tokens.clone(), [4, 6], to).into_data();
            found.assert_approx_eq::<f32>(&resized, Tolerance::absolute(1e-6));
        }
    }

    #[test]
    fn a_patch_holds_its_own_pixels() {
        let device = Device::flex();
        let image = Tensor::<1, Int>::arange(0..32, &device)
            .float()
            .reshape([1, 2, 4, 4]);
        let patches = patches_from_image(image, 2);
        assert_eq!(patches.dims(), [1, 4, 8]);
        let second: Vec<f32> = patches
            .narrow(1, 1, 1)
            .into_data()
            .try_into_vec()
            .expect("floats were put in");
        assert_eq!(second, vec![2., 3., 6., 7., 18., 19., 22., 23.]);
    }
}
