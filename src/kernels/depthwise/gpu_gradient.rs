//! The parts of the derivative on the GPU, one dispatch each.

use burn::backend::TensorMetadata;
use burn::backend::cubecl::dtype_to_storage_type;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_cubecl::{CubeBackend, cubecl};
use cubecl::prelude::*;

use super::geometry::Geometry;
use super::gpu::{Extents, extents};
use super::operation::DepthwiseGradients;
use crate::kernels::launch::{address, cubes, empty, vector_of};

/// Maximum number of parts of the sum over the pixels.
const PARTS: usize = 64;

impl DepthwiseGradients for CubeBackend {
    fn depthwise_cut(output: CubeTensor, gradient: CubeTensor) -> CubeTensor {
        let [output, gradient] = [output, gradient].map(into_contiguous);
        let result = empty(&gradient, gradient.shape());
        let vector = vector_of(&gradient);
        let units = gradient.shape().num_elements() / vector;
        if units == 0 {
            return result;
        }
        let (count, dim) = cubes(&gradient, units);
        cut::launch(
            &result.client,
            count,
            dim,
            address(&[&result]),
            vector,
            output.into_buffer_arg(),
            gradient.into_buffer_arg(),
            result.clone().into_buffer_arg(),
            dtype_to_storage_type(result.dtype),
        );
        result
    }

    fn depthwise_input_gradient(
        gradient: CubeTensor,
        weight: CubeTensor,
        input: [usize; 4],
        stride: usize,
    ) -> CubeTensor {
        let [kernel, _, _] = weight.shape().dims();
        let geometry = Geometry::new(input, kernel, stride);
        let [gradient, weight] = [gradient, weight].map(into_contiguous);
        let result = empty(&gradient, input);
        let vector = vector_of(&gradient);
        let units = input.iter().product::<usize>() / vector;
        if units == 0 {
            return result;
        }
        let (count, dim) = cubes(&gradient, units);
        input_gradient::launch(
            &result.client,
            count,
            dim,
            address(&[&result, &gradient]),
            vector,
            gradient.into_buffer_arg(),
            weight.into_buffer_arg(),
            result.clone().into_buffer_arg(),
            extents(&geometry, vector),
            kernel,
            stride,
            dtype_to_storage_type(result.dtype),
        );
        result
    }

    fn depthwise_weight_gradient(
        x: CubeTensor,
        gradient: CubeTensor,
        kernel: usize,
        stride: usize,
    ) -> CubeTensor {
        let geometry = Geometry::new(x.shape().dims(), kernel, stride);
        let [x, gradient] = [x, gradient].map(into_contiguous);
        let lines = geometry.batch * geometry.out_rows;
        let each = lines.div_ceil(PARTS).max(1);
        let parts = lines.div_ceil(each).max(1);
        let taps = kernel * kernel + 1;
        let result = empty(&gradient, [parts, taps, geometry.channels]);
        let vector = vector_of(&gradient);
        let units = parts * taps * (geometry.channels / vector);
        if units == 0 {
            return result;
        }
        let (count, dim) = cubes(&gradient, units);
        weight_gradient::launch(
            &result.client,
            count,
            dim,
            address(&[&x, &gradient]),
            vector,
            x.into_buffer_arg(),
            gradient.into_buffer_arg(),
            result.clone().into_buffer_arg(),
            extents(&geometry, vector),
            each,
            kernel,
            stride,
            dtype_to_storage_type(result.dtype),
        );
        result
    }
}

/// The gradient, set to 0 where ReLU6 clamped.
#[cube(launch, address_type = "dynamic")]
fn cut<F: Float, N: Size>(
    output: &[Vector<F, N>],
    gradient: &[Vector<F, N>],
    result: &mut [Vector<F, N>],
    #[define(F)] _dtype: ElemType,
) {
    if ABSOLUTE_POS >= result.len() {
        terminate!();
    }
    let value = output[ABSOLUTE_POS];
    let zero = Vector::<F, N>::new(F::new(0.0f32));
    let six = Vector::<F, N>::new(F::new(6.0f32));
    let open = value.greater_than(&zero).vec_and(value.less_than(&six));
    result[ABSOLUTE_POS] = select_many(open, gradient[ABSOLUTE_POS], zero);
}

/// One invocation: the channels of one vector at one pixel of the input.
#[cube(launch, address_type = "dynamic")]
fn input_gradient<F: Float, N: Size>(
    gradient: &[Vector<F, N>],
    weight: &[Vector<F, N>],
    result: &mut [Vector<F, N>],
    extents: Extents,
    #[comptime] kernel: usize,
    #[comptime] stride: usize,
    #[define(F)] _dtype: ElemType,
) {
    let vectors = extents.vectors;
    let vector = ABSOLUTE_POS % vectors;
    let pixel = ABSOLUTE_POS / vectors;
    let right = pixel % extents.columns + extents.left;
    let line = pixel / extents.columns;
    let bottom = line % extents.rows + extents.top;
    let image = line / extents.rows;
    if image >= extents.batch {
        terminate!();
    }

    let mut sum = Vector::<f32, N>::new(0.0f32);
    #[unroll]
    for tap in 0..kernel {
        // If `tap` is larger, the difference wraps around; the condition below rejects it.
        let y = (bottom - tap) / stride;
        if bottom >= tap && (bottom - tap).is_multiple_of(stride) && y < extents.out_rows {
            let start = (image * extents.out_rows + y) * extents.out_columns;
            #[unroll]
            for side in 0..kernel {
                let x = (right - side) / stride;
                if right >= side && (right - side).is_multiple_of(stride) && x < extents.out_columns
                {
                    let value = gradient[(start + x) * vectors + vector];
                    let weight = weight[(tap * kernel + side) * vectors + vector];
                    sum += Vector::<f32, N>::cast_from(value) * Vector::<f32, N>::cast_from(weight);
                }
            }
        }
    }
    result[ABSOLUTE_POS] = Vector::<F, N>::cast_from(sum);
}

/// One invocation: one tap of the kernel (after the last tap, the bias) and the channels of one vector, summed over
/// `each` rows of outputs.
#[cube(launch, address_type = "dynamic")]
fn weight_gradient<F: Float, N: Size>(
    x: &[Vector<F, N>],
    gradient: &[Vector<F, N>],
    result: &mut [Vector<F, N>],
    extents: Extents,
    each: usize,
    #[comptime] kernel: usize,
    #[comptime] stride: usize,
    #[define(F)] _dtype: ElemType,
) {
    if ABSOLUTE_POS >= result.len() {
        terminate!();
    }
    let vectors = extents.vectors;
    let taps = comptime![kernel * kernel + 1];
    let vector = ABSOLUTE_POS % vectors;
    let rest = ABSOLUTE_POS / vectors;
    let tap = rest % taps;
    let part = rest / taps;
    let bias = tap == comptime![kernel * kernel];
    let (down, along) = (tap / kernel, tap % kernel);

    let lines = extents.batch * extents.out_rows;
    let from = part * each;
    let mut to = from + each;
    if to > lines {
        to = lines;
    }
    let mut sum = Vector::<f32, N>::new(0.0f32);
    for line in from..to {
        let y = (line % extents.out_rows) * stride + down;
        let image = line / extents.out_rows;
        let inside = y >= extents.top && y < extents.top + extents.rows;
        if bias || inside {
            let start = (image * extents.rows + y - extents.top) * extents.columns;
            for column in 0..extents.out_columns {
                let value = gradient[(line * extents.out_columns + column) * vectors + vector];
                let value = Vector::<f32, N>::cast_from(value);
                if bias {
                    sum += value;
                } else {
                    let at = column * stride + along;
                    if at >= extents.left && at < extents.left + extents.columns {
                        let met = x[(start + at - extents.left) * vectors + vector];
                        sum += value * Vector::<f32, N>::cast_from(met);
                    }
                }
            }
        }
    }
    result[ABSOLUTE_POS] = Vector::<F, N>::cast_from(sum);
}
