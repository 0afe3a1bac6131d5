//! Linear layers on every GPU that CubeCL supports, in one dispatch with bias, residual connection and activation. The
//! weights are floats or packed.

use core::f32::consts::FRAC_1_SQRT_2;
use core::ops::Range;

use burn::backend::TensorMetadata;
use burn::backend::cubecl::dtype_to_storage_type;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_cubecl::{CubeBackend, cubecl};
use cubecl::prelude::*;

use super::operation::{Finish, GpuProduct};
use crate::kernels::epilogue::Epilogue;
use crate::kernels::launch::{address, cubes, empty, vector_of};
use crate::quant::BLOCK;

/// Rows per invocation, so that a weight is read once for all of them.
const TILE: usize = 4;
/// Most numbers in a vector, and weights in a word.
pub(super) const LANES: usize = 4;

impl GpuProduct for CubeBackend {
    fn linear(
        x: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        base: CubeTensor,
        part: Range<usize>,
        finish: Finish,
    ) -> CubeTensor {
        let [x, weight, bias, base] = [x, weight, bias, base].map(into_contiguous);
        let [depth, columns] = weight.shape().dims();
        let (output, rows) = product_of(&x, part.len());
        let (vector, lanes) = (vector_of(&weight), vector_of(&x));
        let vectors = part.len() / vector;
        let units = rows.div_ceil(TILE) * vectors;
        if units == 0 || depth == 0 {
            return output;
        }
        let (count, dim) = cubes(&x, units);
        multiplied::launch(
            &output.client,
            count,
            dim,
            address(&[&x, &weight, &output]),
            vector,
            lanes,
            x.into_buffer_arg(),
            weight.into_buffer_arg(),
            bias.into_buffer_arg(),
            base.into_buffer_arg(),
            output.clone().into_buffer_arg(),
            SizesLaunch::new(
                rows,
                depth / lanes,
                vectors,
                part.start / vector,
                columns / vector,
            ),
            lanes,
            finish,
            dtype_to_storage_type(output.dtype),
        );
        output
    }

    fn packed_linear(
        x: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        base: CubeTensor,
        part: Range<usize>,
        finish: Finish,
    ) -> CubeTensor {
        let [x, bias, base] = [x, bias, base].map(into_contiguous);
        let [depth, columns] = weight.shape().dims();
        let (words, scales) = weight.quantized_handles().expect("packed weights");
        let (output, rows) = product_of(&x, part.len());
        let lanes = vector_of(&x);
        let vectors = part.len() / LANES;
        let units = rows.div_ceil(TILE) * vectors;
        if units == 0 || depth == 0 {
            return output;
        }
        let (count, dim) = cubes(&x, units);
        unpacked::launch(
            &output.client,
            count,
            dim,
            address(&[&x, &words, &output]),
            LANES,
            lanes,
            x.into_buffer_arg(),
            words.into_buffer_arg(),
            scales.into_buffer_arg(),
            bias.into_buffer_arg(),
            base.into_buffer_arg(),
            output.clone().into_buffer_arg(),
            SizesLaunch::new(
                rows,
                depth / lanes,
                vectors,
                part.start / LANES,
                columns / LANES,
            ),
            lanes,
            BLOCK / LANES,
            finish,
            dtype_to_storage_type(output.dtype),
        );
        output
    }
}

/// Room for a product of `x` with a matrix of `columns`, and its number of rows.
fn product_of(x: &CubeTensor, columns: usize) -> (CubeTensor, usize) {
    let mut shape = x.shape();
    let last = shape.num_dims() - 1;
    let rows = shape.iter().take(last).product();
    shape[last] = columns;
    (empty(x, shape), rows)
}

/// Sizes of a product as passed to the kernels.
#[derive(CubeLaunch, CubeType)]
struct Sizes {
    rows: usize,
    /// Vectors in a row of `x`.
    parts: usize,
    /// Vectors in a row of the result.
    vectors: usize,
    /// The first vector of a row of weights that is read.
    from: usize,
    /// Vectors in a row of weights.
    all: usize,
}

/// One invocation: [`TILE`] rows of one vector of columns. `lanes`: numbers in a vector of `x`.
#[cube(launch, address_type = "dynamic")]
fn multiplied<F: Float, N: Size, K: Size>(
    x: &[Vector<F, K>],
    weight: &[Vector<F, N>],
    bias: &[Vector<F, N>],
    base: &[Vector<F, N>],
    output: &mut [Vector<F, N>],
    sizes: Sizes,
    #[comptime] lanes: usize,
    #[comptime] finish: Finish,
    #[define(F)] _dtype: ElemType,
) {
    let vector = ABSOLUTE_POS % sizes.vectors;
    let first = (ABSOLUTE_POS / sizes.vectors) * TILE;
    if first >= sizes.rows {
        terminate!();
    }
    let mut sums = Array::<Vector<f32, N>>::new(TILE);
    let start = Vector::<f32, N>::cast_from(bias[sizes.from + vector]);
    #[unroll]
    for row in 0..TILE {
        sums[row] = start;
    }
    for index in 0..sizes.parts {
        let mut left = Array::<Vector<f32, K>>::new(TILE);
        #[unroll]
        for row in 0..TILE {
            // The rows after the last are not written.
            let row_read = min(first + row, sizes.rows - 1);
            left[row] = Vector::<f32, K>::cast_from(x[row_read * sizes.parts + index]);
        }
        #[unroll]
        for offset in 0..lanes {
            let place = (index * lanes + offset) * sizes.all + sizes.from + vector;
            let weights = Vector::<f32, N>::cast_from(weight[place]);
            #[unroll]
            for row in 0..TILE {
                sums[row] += weights * Vector::<f32, N>::new(left[row].extract(offset));
            }
        }
    }
    write::<F, N>(&sums, base, output, &sizes, first, vector, finish);
}

/// [`multiplied`] with four weights of eight bits in a word; `block`: words that share a scale.
#[cube(launch, address_type = "dynamic")]
fn unpacked<F: Float, N: Size, K: Size>(
    x: &[Vector<F, K>],
    words: &[u32],
    scales: &[f32],
    bias: &[Vector<F, N>],
    base: &[Vector<F, N>],
    output: &mut [Vector<F, N>],
    sizes: Sizes,
    #[comptime] lanes: usize,
    #[comptime] block: usize,
    #[comptime] finish: Finish,
    #[define(F)] _dtype: ElemType,
) {
    let vector = ABSOLUTE_POS % sizes.vectors;
    let first = (ABSOLUTE_POS / sizes.vectors) * TILE;
    if first >= sizes.rows {
        terminate!();
    }
    let mut sums = Array::<Vector<f32, N>>::new(TILE);
    let start = Vector::<f32, N>::cast_from(bias[sizes.from + vector]);
    #[unroll]
    for row in 0..TILE {
        sums[row] = start;
    }
    for index in 0..sizes.parts {
        let mut left = Array::<Vector<f32, K>>::new(TILE);
        #[unroll]
        for row in 0..TILE {
            let row_read = min(first + row, sizes.rows - 1);
            left[row] = Vector::<f32, K>::cast_from(x[row_read * sizes.parts + index]);
        }
        #[unroll]
        for offset in 0..lanes {
            let place = (index * lanes + offset) * sizes.all + sizes.from + vector;
            let word = words[place];
            let scale = scales[place / block];
            let mut weights = Vector::<f32, N>::new(0.0f32);
            #[unroll]
            for byte in 0..LANES {
                // A byte with its sign bit flipped is the value plus 128.
                let shift = comptime![8 * byte as u32];
                let value = f32::cast_from(((word >> shift) & 255u32) ^ 128u32) - 128.0f32;
                weights.insert(byte, value * scale);
            }
            #[unroll]
            for row in 0..TILE {
                sums[row] += weights * Vector::<f32, N>::new(left[row].extract(offset));
            }
        }
    }
    write::<F, N>(&sums, base, output, &sizes, first, vector, finish);
}

/// Adds the residual connection, applies the activation and writes the rows from `first` on that exist.
#[cube]
fn write<F: Float, N: Size>(
    sums: &Array<Vector<f32, N>>,
    base: &[Vector<F, N>],
    output: &mut [Vector<F, N>],
    sizes: &Sizes,
    first: usize,
    vector: usize,
    #[comptime] finish: Finish,
) {
    #[unroll]
    for row in 0..TILE {
        if first + row < sizes.rows {
            let place = (first + row) * sizes.vectors + vector;
            let mut sum = sums[row];
            if comptime![finish.onto] {
                sum += Vector::<f32, N>::cast_from(base[place]);
            }
            output[place] = Vector::<F, N>::cast_from(activated::<N>(sum, finish.epilogue));
        }
    }
}

/// `epilogue(x)`.
#[cube]
pub(super) fn activated<N: Size>(
    x: Vector<f32, N>,
    #[comptime] epilogue: Epilogue,
) -> Vector<f32, N> {
    let zero = Vector::<f32, N>::new(0.0f32);
    match epilogue {
        Epilogue::Identity => x,
        Epilogue::Relu => max(x, zero),
        Epilogue::Relu6 => clamp(x, zero, Vector::<f32, N>::new(6.0f32)),
        Epilogue::Gelu => {
            let scaled = x * Vector::<f32, N>::new(FRAC_1_SQRT_2);
            let half = x * Vector::<f32, N>::new(0.5f32);
            half * (Vector::erf(scaled) + Vector::<f32, N>::new(1.0f32))
        }
    }
}
