//! The selection on every GPU that CubeCL supports.

use burn::backend::TensorMetadata;
use burn::backend::cubecl::dtype_to_storage_type;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_cubecl::{CubeBackend, cubecl};
use cubecl::prelude::*;

use super::NORM_EPSILON;
use super::operation::Selection;
use crate::kernels::launch::{address, cubes, empty, vector_of};
use crate::kernels::sums::total;

/// Numbers that describe a patch.
const SEEN: usize = 3;
/// Invocations that add up the patches together.
const UNITS: usize = 64;

impl Selection for CubeBackend {
    fn average(one: CubeTensor, two: CubeTensor, three: CubeTensor) -> CubeTensor {
        let [one, two, three] = [one, two, three].map(into_contiguous);
        let [batch, patches, width] = one.shape().dims();
        let output = empty(&one, [batch, 1, width]);
        let vector = vector_of(&one);
        let vectors = width / vector;
        let count = (batch * vectors) as u32;
        if count == 0 {
            return output;
        }
        averaged::launch(
            &output.client,
            CubeCount::new_1d(count),
            CubeDim::new_1d(UNITS as u32),
            address(&[&one]),
            vector,
            one.into_buffer_arg(),
            two.into_buffer_arg(),
            three.into_buffer_arg(),
            output.clone().into_buffer_arg(),
            patches,
            vectors,
            dtype_to_storage_type(output.dtype),
        );
        output
    }

    fn weigh(
        one: CubeTensor,
        two: CubeTensor,
        three: CubeTensor,
        scores: CubeTensor,
    ) -> CubeTensor {
        let [one, two, three, scores] = [one, two, three, scores].map(into_contiguous);
        let [batch, patches, width] = one.shape().dims();
        let output = empty(&one, one.shape());
        let vector = vector_of(&one);
        let vectors = width / vector;
        let units = batch * patches * vectors;
        if units == 0 {
            return output;
        }
        let (count, dim) = cubes(&one, units);
        weighed::launch(
            &output.client,
            count,
            dim,
            address(&[&output]),
            vector,
            one.into_buffer_arg(),
            two.into_buffer_arg(),
            three.into_buffer_arg(),
            scores.into_buffer_arg(),
            output.clone().into_buffer_arg(),
            patches,
            vectors,
            dtype_to_storage_type(output.dtype),
        );
        output
    }

    fn describe(x: CubeTensor, tokens: CubeTensor) -> CubeTensor {
        let [x, tokens] = [x, tokens].map(into_contiguous);
        let [batch, patches, width] = x.shape().dims();
        let [_, count, _] = tokens.shape().dims();
        let output = empty(&x, [batch, patches, SEEN]);
        let units = batch * patches;
        if units == 0 {
            return output;
        }
        let vector = vector_of(&x);
        let (cubes, dim) = cubes(&x, units);
        described::launch(
            &output.client,
            cubes,
            dim,
            address(&[&x, &tokens]),
            vector,
            x.into_buffer_arg(),
            tokens.into_buffer_arg(),
            output.clone().into_buffer_arg(),
            units,
            patches,
            width / vector,
            count,
            vector,
            dtype_to_storage_type(output.dtype),
        );
        output
    }

    fn gate(x: CubeTensor, gate: CubeTensor, base: CubeTensor) -> CubeTensor {
        let [x, gate, base] = [x, gate, base].map(into_contiguous);
        let output = empty(&x, x.shape());
        let vector = vector_of(&x);
        let units = x.shape().num_elements() / vector;
        if units == 0 {
            return output;
        }
        let [_, _, width] = x.shape().dims();
        let (count, dim) = cubes(&x, units);
        gated::launch(
            &output.client,
            count,
            dim,
            address(&[&output]),
            vector,
            x.into_buffer_arg(),
            gate.into_buffer_arg(),
            base.into_buffer_arg(),
            output.clone().into_buffer_arg(),
            width / vector,
            dtype_to_storage_type(output.dtype),
        );
        output
    }
}

/// One cube of [`UNITS`] invocations: one vector of the result; `vectors`: vectors per patch.
#[cube(launch, address_type = "dynamic")]
fn averaged<F: Float, N: Size>(
    one: &[Vector<F, N>],
    two: &[Vector<F, N>],
    three: &[Vector<F, N>],
    output: &mut [Vector<F, N>],
    patches: usize,
    vectors: usize,
    #[define(F)] _dtype: ElemType,
) {
    let place = CUBE_POS;
    let unit = UNIT_POS as usize;
    let first = (place / vectors) * patches * vectors + place % vectors;
    let mut sum = Vector::<f32, N>::new(0.0f32);
    for step in 0..patches.div_ceil(UNITS) {
        let patch = step * UNITS + unit;
        if patch < patches {
            let at = first + patch * vectors;
            sum += Vector::<f32, N>::cast_from(one[at])
                + Vector::<f32, N>::cast_from(two[at])
                + Vector::<f32, N>::cast_from(three[at]);
        }
    }
    let mut sums = Shared::<[Vector<f32, N>]>::new_slice(UNITS);
    sums[unit] = sum;
    sync_cube();
    if unit == 0 {
        let mut all = Vector::<f32, N>::new(0.0f32);
        for index in 0..UNITS {
            all += sums[index];
        }
        let count = Vector::<f32, N>::new(f32::cast_from(patches));
        output[place] = Vector::<F, N>::cast_from(all / count);
    }
}

/// One invocation: one vector of the result; `vectors`: vectors per patch.
#[cube(launch, address_type = "dynamic")]
fn weighed<F: Float, N: Size>(
    one: &[Vector<F, N>],
    two: &[Vector<F, N>],
    three: &[Vector<F, N>],
    scores: &[Vector<F, N>],
    output: &mut [Vector<F, N>],
    patches: usize,
    vectors: usize,
    #[define(F)] _dtype: ElemType,
) {
    if ABSOLUTE_POS >= output.len() {
        terminate!();
    }
    let vector = ABSOLUTE_POS % vectors;
    let image = ABSOLUTE_POS / (vectors * patches);
    let from = image * 3 * vectors + vector;
    let first = Vector::<f32, N>::cast_from(scores[from]);
    let second = Vector::<f32, N>::cast_from(scores[from + vectors]);
    let third = Vector::<f32, N>::cast_from(scores[from + 2 * vectors]);
    let largest = max(first, max(second, third));
    let first = Vector::exp(first - largest);
    let second = Vector::exp(second - largest);
    let third = Vector::exp(third - largest);
    let sum = Vector::<f32, N>::cast_from(one[ABSOLUTE_POS]) * first
        + Vector::<f32, N>::cast_from(two[ABSOLUTE_POS]) * second
        + Vector::<f32, N>::cast_from(three[ABSOLUTE_POS]) * third;
    output[ABSOLUTE_POS] = Vector::<F, N>::cast_from(sum / (first + second + third));
}

/// One invocation: one patch. `vectors`: vectors per patch, of `lanes` numbers each; `count`: tokens per image.
#[cube(launch, address_type = "dynamic")]
fn described<F: Float, N: Size>(
    x: &[Vector<F, N>],
    tokens: &[Vector<F, N>],
    output: &mut [F],
    units: usize,
    patches: usize,
    vectors: usize,
    count: usize,
    #[comptime] lanes: usize,
    #[define(F)] _dtype: ElemType,
) {
    if ABSOLUTE_POS >= units {
        terminate!();
    }
    let start = ABSOLUTE_POS * vectors;
    let mut sums = Vector::<f32, N>::new(0.0f32);
    let mut most = Vector::<f32, N>::cast_from(x[start]);
    let mut squares = Vector::<f32, N>::new(0.0f32);
    for vector in 0..vectors {
        let value = Vector::<f32, N>::cast_from(x[start + vector]);
        sums += value;
        most = max(most, value);
        squares += value * value;
    }
    let mut largest = most.extract(0usize);
    #[unroll]
    for lane in 1..lanes {
        largest = max(largest, most.extract(lane));
    }
    let length = f32::sqrt(total::<N>(squares, lanes) + NORM_EPSILON);
    let first = (ABSOLUTE_POS / patches) * count * vectors;
    // Below every similarity.
    let mut nearest = f32::new(-2.0f32);
    for token in 0..count {
        let mut products = Vector::<f32, N>::new(0.0f32);
        let mut token_squares = Vector::<f32, N>::new(0.0f32);
        for vector in 0..vectors {
            let value = Vector::<f32, N>::cast_from(tokens[first + token * vectors + vector]);
            products += value * Vector::<f32, N>::cast_from(x[start + vector]);
            token_squares += value * value;
        }
        let token_length = f32::sqrt(total::<N>(token_squares, lanes) + NORM_EPSILON);
        nearest = max(
            nearest,
            total::<N>(products, lanes) / (length * token_length),
        );
    }
    let place = ABSOLUTE_POS * SEEN;
    let width = f32::cast_from(vectors) * comptime![lanes as f32];
    output[place] = F::cast_from(total::<N>(sums, lanes) / width);
    output[place + 1] = F::cast_from(largest);
    output[place + 2] = F::cast_from(nearest);
}

/// One invocation: one vector of the result; `vectors`: vectors per patch.
#[cube(launch, address_type = "dynamic")]
fn gated<F: Float, N: Size>(
    x: &[Vector<F, N>],
    gate: &[F],
    base: &[Vector<F, N>],
    output: &mut [Vector<F, N>],
    vectors: usize,
    #[define(F)] _dtype: ElemType,
) {
    if ABSOLUTE_POS >= output.len() {
        terminate!();
    }
    let one = f32::new(1.0f32);
    let open = one / (one + f32::exp(-f32::cast_from(gate[ABSOLUTE_POS / vectors])));
    let value = Vector::<f32, N>::cast_from(x[ABSOLUTE_POS]) * Vector::<f32, N>::new(open);
    let value = value + Vector::<f32, N>::cast_from(base[ABSOLUTE_POS]);
    output[ABSOLUTE_POS] = Vector::<F, N>::cast_from(value);
}
