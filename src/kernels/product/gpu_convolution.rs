//! Convolutions on every GPU that CubeCL supports, in one dispatch with bias and activation. Another one before it puts
//! the weights of neighbouring outputs side by side, unless they are already.

use burn::backend::TensorMetadata;
use burn::backend::cubecl::dtype_to_storage_type;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::permute;
use burn_cubecl::tensor::CubeTensor;
use burn_cubecl::{CubeBackend, cubecl};
use cubecl::prelude::*;

use super::operation::GpuConvolution;
use crate::kernels::epilogue::Epilogue;
use crate::kernels::launch::{address, cubes, empty, vector_of};
use crate::kernels::padding::same_padding;
use crate::kernels::sums::{TILE, activated, add_products, begin};

impl GpuConvolution for CubeBackend {
    fn convolution(
        first: CubeTensor,
        second: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        two: bool,
        stride: usize,
        epilogue: Epilogue,
    ) -> CubeTensor {
        let weight = permute(weight, &[2, 3, 1, 0]); // [side, side, inputs, outputs]
        let [first, second, weight, bias] = [first, second, weight, bias].map(into_contiguous);
        let [batch, rows, columns, channels] = first.shape().dims();
        let [side, _, inputs, outputs] = weight.shape().dims();
        let [out_rows, out_columns] = [rows, columns].map(|size| size.div_ceil(stride));
        let output = empty(&first, [batch, out_rows, out_columns, outputs]);
        let vector = vector_of(&output);
        let (lanes, second_lanes) = (vector_of(&first), vector_of(&second));
        let vectors = outputs / vector;
        let units = batch * out_rows * out_columns.div_ceil(TILE) * vectors;
        if units == 0 {
            return output;
        }
        let (count, dim) = cubes(&first, units);
        convolved::launch(
            &output.client,
            count,
            dim,
            address(&[&first, &second, &weight, &output]),
            vector,
            lanes,
            second_lanes,
            first.into_buffer_arg(),
            second.into_buffer_arg(),
            weight.into_buffer_arg(),
            bias.into_buffer_arg(),
            output.clone().into_buffer_arg(),
            WindowsLaunch::new(
                units,
                rows,
                columns,
                out_rows,
                out_columns,
                same_padding(rows, side, stride).0,
                same_padding(columns, side, stride).0,
                channels / lanes,
                (inputs - channels) / second_lanes,
                vectors,
            ),
            side,
            stride,
            lanes,
            second_lanes,
            two,
            epilogue,
            dtype_to_storage_type(output.dtype),
        );
        output
    }
}

/// Sizes of a convolution as passed to the kernel.
#[derive(CubeLaunch, CubeType)]
struct Windows {
    units: usize,
    rows: usize,
    columns: usize,
    out_rows: usize,
    out_columns: usize,
    top: usize,
    left: usize,
    /// Vectors per cell of the first part.
    first: usize,
    /// Vectors per cell of the second part.
    second: usize,
    /// Vectors per cell of the result.
    vectors: usize,
}

/// One invocation: one vector of outputs at [`TILE`] neighbouring columns. `lanes` and `second_lanes`: numbers in a
/// vector of the parts.
#[cube(launch, address_type = "dynamic")]
fn convolved<F: Float, N: Size, K: Size, L: Size>(
    first: &[Vector<F, K>],
    second: &[Vector<F, L>],
    weight: &[Vector<F, N>],
    bias: &[Vector<F, N>],
    output: &mut [Vector<F, N>],
    windows: Windows,
    #[comptime] side: usize,
    #[comptime] stride: usize,
    #[comptime] lanes: usize,
    #[comptime] second_lanes: usize,
    #[comptime] two: bool,
    #[comptime] epilogue: Epilogue,
    #[define(F)] _dtype: ElemType,
) {
    if ABSOLUTE_POS >= windows.units {
        terminate!();
    }
    let vector = ABSOLUTE_POS % windows.vectors;
    let rest = ABSOLUTE_POS / windows.vectors;
    let tiles = windows.out_columns.div_ceil(TILE);
    let start = (rest % tiles) * TILE;
    let line = rest / tiles;
    let row = line % windows.out_rows;
    let image = line / windows.out_rows;

    let mut sums = Array::<Vector<f32, N>>::new(TILE);
    begin::<F, N>(&mut sums, bias, vector);
    let inputs = windows.first * lanes + windows.second * second_lanes;
    for down in 0..side {
        let y = row * stride + down;
        if y >= windows.top && y < windows.top + windows.rows {
            let cells = (image * windows.rows + y - windows.top) * windows.columns;
            for across in 0..side {
                let weights = (down * side + across) * inputs;
                let column = start * stride + across;
                add::<F, N, K>(
                    &mut sums,
                    first,
                    weight,
                    &windows,
                    cells,
                    column,
                    windows.first,
                    weights * windows.vectors + vector,
                    stride,
                    lanes,
                );
                if two {
                    add::<F, N, L>(
                        &mut sums,
                        second,
                        weight,
                        &windows,
                        cells,
                        column,
                        windows.second,
                        (weights + windows.first * lanes) * windows.vectors + vector,
                        stride,
                        second_lanes,
                    );
                }
            }
        }
    }
    #[unroll]
    for index in 0..TILE {
        let column = start + index;
        if column < windows.out_columns {
            let place = (line * windows.out_columns + column) * windows.vectors + vector;
            let value = activated::<N>(sums[index], epilogue);
            output[place] = Vector::<F, N>::cast_from(value);
        }
    }
}

/// Adds the products of one weight of the window with `parts` vectors of each of [`TILE`] cells. `column`: that of the
/// first cell, from the beginning of the padding; `weights`: place of the first vector of weights.
#[cube]
fn add<F: Float, N: Size, K: Size>(
    sums: &mut Array<Vector<f32, N>>,
    x: &[Vector<F, K>],
    weight: &[Vector<F, N>],
    windows: &Windows,
    cells: usize,
    column: usize,
    parts: usize,
    weights: usize,
    #[comptime] stride: usize,
    #[comptime] lanes: usize,
) {
    for part in 0..parts {
        let mut left = Array::<Vector<f32, K>>::new(TILE);
        #[unroll]
        for index in 0..TILE {
            let at = column + index * stride;
            left[index] = Vector::<f32, K>::new(0.0f32);
            if at >= windows.left && at < windows.left + windows.columns {
                let cell = cells + at - windows.left;
                left[index] = Vector::<f32, K>::cast_from(x[cell * parts + part]);
            }
        }
        let mut factors = Array::<Vector<f32, N>>::new(lanes);
        #[unroll]
        for lane in 0..lanes {
            let place = weights + (part * lanes + lane) * windows.vectors;
            factors[lane] = Vector::<f32, N>::cast_from(weight[place]);
        }
        add_products::<N, K>(sums, &left, &factors, lanes);
    }
}
