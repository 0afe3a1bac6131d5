//! Linear layers on every GPU that CubeCL supports, in one dispatch with bias, residual connection and activation. The
//! left side may be a sum of two tensors or several tensors side by side; the weights are floats or packed.

use core::ops::Range;

use burn::backend::TensorMetadata;
use burn::backend::cubecl::dtype_to_storage_type;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_cubecl::{CubeBackend, cubecl};
use cubecl::prelude::*;

use super::operation::{GpuProduct, Matrix, Reads, Residual};
use crate::kernels::epilogue::Epilogue;
use crate::kernels::launch::{address, cubes, empty, vector_of};
use crate::kernels::sums::{TILE, activated, add_products, begin};
use crate::quant::BLOCK;

/// Weights in a word, and most numbers in a vector.
pub(super) const LANES: usize = 4;

impl GpuProduct for CubeBackend {
    fn linear(
        x: Reads<Self>,
        weight: Matrix<Self>,
        bias: CubeTensor,
        base: Residual<Self>,
        part: Range<usize>,
        epilogue: Epilogue,
    ) -> CubeTensor {
        let (parts, summed) = match x {
            Reads::One(x) => (vec![x], false),
            Reads::Sum(x, added) => (vec![x, added], true),
            Reads::Two(first, second) => (vec![first, second], false),
            Reads::Three(first, second, third) => (vec![first, second, third], false),
        };
        let parts: Vec<_> = parts.into_iter().map(into_contiguous).collect();
        let base = match base {
            Residual::Nothing => None,
            Residual::Tensor(base) => Some(into_contiguous(base)),
        };
        let bias = into_contiguous(bias);
        let weights = Weights::of(weight);
        let mut shape = parts[0].shape();
        let last = shape.num_dims() - 1;
        let rows: usize = shape.iter().take(last).product();
        shape[last] = part.len();
        let output = empty(&parts[0], shape);
        let lanes = parts.iter().map(vector_of).min().unwrap_or(1);
        let vectors_of = |index: usize| {
            let part = parts.get(index);
            part.map_or(0, |part| part.shape()[last] / lanes)
        };
        let [first, second, third] = [0, 1, 2].map(vectors_of);
        let vectors = part.len() / weights.vector;
        let units = rows.div_ceil(TILE) * vectors;
        if units == 0 || first == 0 {
            return output;
        }
        let (count, dim) = cubes(&output, units);
        let held = weights.floats.iter().chain(&weights.words);
        let widest: Vec<_> = parts.iter().chain(held).chain([&output]).collect();
        let width = address(&widest);
        let mut read = parts.into_iter().map(CubeTensor::into_buffer_arg);
        let buffer = |tensor: Option<CubeTensor>| tensor.map(CubeTensor::into_buffer_arg);
        multiplied::launch(
            &output.client,
            count,
            dim,
            width,
            weights.vector,
            lanes,
            read.next().expect("a tensor is read"),
            read.next().into(),
            read.next().into(),
            buffer(weights.floats).into(),
            buffer(weights.words).into(),
            buffer(weights.scales).into(),
            bias.into_buffer_arg(),
            buffer(base).into(),
            output.clone().into_buffer_arg(),
            SizesLaunch::new(
                rows,
                first,
                second,
                third,
                vectors,
                part.start / weights.vector,
                weights.columns / weights.vector,
            ),
            lanes,
            summed,
            epilogue,
            dtype_to_storage_type(output.dtype),
        );
        output
    }
}

/// The weights of a product as the kernel takes them.
struct Weights {
    floats: Option<CubeTensor>,
    words: Option<CubeTensor>,
    scales: Option<CubeTensor>,
    columns: usize,
    /// Columns that are read at once.
    vector: usize,
}

impl Weights {
    fn of(matrix: Matrix<CubeBackend>) -> Self {
        match matrix {
            Matrix::Floats(weight) => {
                let weight = into_contiguous(weight);
                let [_, columns] = weight.shape().dims();
                Self {
                    vector: vector_of(&weight),
                    floats: Some(weight),
                    words: None,
                    scales: None,
                    columns,
                }
            }
            Matrix::Packed(weight) => {
                let [_, columns] = weight.shape().dims();
                let (words, scales) = weight.quantized_handles().expect("packed weights");
                Self {
                    floats: None,
                    words: Some(words),
                    scales: Some(scales),
                    columns,
                    vector: LANES,
                }
            }
        }
    }
}

/// Sizes of a product as passed to the kernel.
#[derive(CubeLaunch, CubeType)]
struct Sizes {
    rows: usize,
    /// Vectors in a row of the first tensor of the left side.
    first: usize,
    /// Vectors in a row of the second one, 0 without one.
    second: usize,
    /// Vectors in a row of the third one, 0 without one.
    third: usize,
    /// Vectors in a row of the result.
    vectors: usize,
    /// The first vector of a row of weights that is read.
    from: usize,
    /// Vectors in a row of weights.
    all: usize,
}

/// One invocation: [`TILE`] rows of one vector of columns. `lanes`: numbers in a vector of the left side, which is `x`
/// with `second` and `third` beside it or, if `summed`, `x` plus `second`. The weights are `floats`, or `words` of four
/// bytes with `scales`. At most two of `second`, `third` and `base` are there: WebGPU guarantees a kernel eight buffers,
/// one of which holds the sizes.
#[cube(launch, address_type = "dynamic")]
fn multiplied<F: Float, N: Size, K: Size>(
    x: &[Vector<F, K>],
    second: ComptimeOption<&[Vector<F, K>]>,
    third: ComptimeOption<&[Vector<F, K>]>,
    floats: ComptimeOption<&[Vector<F, N>]>,
    words: ComptimeOption<&[u32]>,
    scales: ComptimeOption<&[f32]>,
    bias: &[Vector<F, N>],
    base: ComptimeOption<&[Vector<F, N>]>,
    output: &mut [Vector<F, N>],
    sizes: Sizes,
    #[comptime] lanes: usize,
    #[comptime] summed: bool,
    #[comptime] epilogue: Epilogue,
    #[define(F)] _dtype: ElemType,
) {
    let vector = ABSOLUTE_POS % sizes.vectors;
    let first = (ABSOLUTE_POS / sizes.vectors) * TILE;
    if first >= sizes.rows {
        terminate!();
    }
    let mut sums = Array::<Vector<f32, N>>::new(TILE);
    let from = sizes.from + vector;
    begin::<F, N>(&mut sums, bias, from);
    let parts = sizes.first;
    if comptime![summed] {
        add::<F, N, K>(
            &mut sums, x, second, floats, words, scales, &sizes, first, parts, from, lanes,
        );
    } else {
        let none = ComptimeOption::new_None();
        add::<F, N, K>(
            &mut sums, x, none, floats, words, scales, &sizes, first, parts, from, lanes,
        );
        #[comptime]
        if let ComptimeOption::Some(x) = second {
            let none = ComptimeOption::new_None();
            let from = from + sizes.first * lanes * sizes.all;
            let parts = sizes.second;
            add::<F, N, K>(
                &mut sums, x, none, floats, words, scales, &sizes, first, parts, from, lanes,
            );
        }
        #[comptime]
        if let ComptimeOption::Some(x) = third {
            let none = ComptimeOption::new_None();
            let from = from + (sizes.first + sizes.second) * lanes * sizes.all;
            let parts = sizes.third;
            add::<F, N, K>(
                &mut sums, x, none, floats, words, scales, &sizes, first, parts, from, lanes,
            );
        }
    }
    #[unroll]
    for row in 0..TILE {
        if first + row < sizes.rows {
            let place = (first + row) * sizes.vectors + vector;
            let mut sum = sums[row];
            #[comptime]
            if let ComptimeOption::Some(base) = base {
                sum += Vector::<f32, N>::cast_from(base[place]);
            }
            output[place] = Vector::<F, N>::cast_from(activated::<N>(sum, epilogue));
        }
    }
}

/// Adds the products of [`TILE`] rows of `x`, or of `x` plus `added`, from row `first` on, `parts` vectors each, with
/// the weights from vector `from` on.
#[cube]
fn add<F: Float, N: Size, K: Size>(
    sums: &mut Array<Vector<f32, N>>,
    x: &[Vector<F, K>],
    added: ComptimeOption<&[Vector<F, K>]>,
    floats: ComptimeOption<&[Vector<F, N>]>,
    words: ComptimeOption<&[u32]>,
    scales: ComptimeOption<&[f32]>,
    sizes: &Sizes,
    first: usize,
    parts: usize,
    from: usize,
    #[comptime] lanes: usize,
) {
    for index in 0..parts {
        let mut left = Array::<Vector<f32, K>>::new(TILE);
        #[unroll]
        for row in 0..TILE {
            // The rows after the last are not written.
            let place = min(first + row, sizes.rows - 1) * parts + index;
            let mut number = Vector::<f32, K>::cast_from(x[place]);
            #[comptime]
            if let ComptimeOption::Some(added) = added {
                number += Vector::<f32, K>::cast_from(added[place]);
            }
            left[row] = number;
        }
        let mut weights = Array::<Vector<f32, N>>::new(lanes);
        #[unroll]
        for lane in 0..lanes {
            let place = from + (index * lanes + lane) * sizes.all;
            weights[lane] = weights_at::<F, N>(floats, words, scales, place);
        }
        add_products::<N, K>(sums, &left, &weights, lanes);
    }
}

/// Vector `place` of the weights.
#[cube]
fn weights_at<F: Float, N: Size>(
    floats: ComptimeOption<&[Vector<F, N>]>,
    words: ComptimeOption<&[u32]>,
    scales: ComptimeOption<&[f32]>,
    place: usize,
) -> Vector<f32, N> {
    #[comptime]
    match floats {
        ComptimeOption::Some(floats) => Vector::<f32, N>::cast_from(floats[place]),
        ComptimeOption::None => {
            let words = words.unwrap();
            let scales = scales.unwrap();
            unpacked::<N>(words[place], scales[place / comptime![BLOCK / LANES]])
        }
    }
}

/// The four weights of a word, which share `scale`.
#[cube]
fn unpacked<N: Size>(word: u32, scale: f32) -> Vector<f32, N> {
    let mut weights = Vector::<f32, N>::new(0.0f32);
    #[unroll]
    for byte in 0..LANES {
        // A byte with its sign bit flipped is the value plus 128.
        let shift = comptime![8 * byte as u32];
        let value = f32::cast_from(((word >> shift) & 255u32) ^ 128u32) - 128.0f32;
        weights.insert(byte, value * scale);
    }
    weights
}
