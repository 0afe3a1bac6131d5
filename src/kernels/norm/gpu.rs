//! Layer normalisation on every GPU that CubeCL supports, in one dispatch.

use burn::backend::TensorMetadata;
use burn::backend::cubecl::dtype_to_storage_type;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_cubecl::{CubeBackend, cubecl};
use cubecl::prelude::*;

use super::operation::Normalise;
use crate::kernels::launch::{address, cubes, empty};

impl Normalise for CubeBackend {
    fn normalise(x: CubeTensor, gamma: CubeTensor, beta: CubeTensor, epsilon: f32) -> CubeTensor {
        let [x, gamma, beta] = [x, gamma, beta].map(into_contiguous);
        let output = empty(&x, x.shape());
        let width = gamma.shape().num_elements();
        let rows = x.shape().num_elements().checked_div(width).unwrap_or(0);
        if rows == 0 {
            return output;
        }
        let (count, dim) = cubes(&x, rows);
        normalised::launch(
            &output.client,
            count,
            dim,
            address(&[&output]),
            x.into_buffer_arg(),
            gamma.into_buffer_arg(),
            beta.into_buffer_arg(),
            output.clone().into_buffer_arg(),
            width,
            rows,
            epsilon,
            dtype_to_storage_type(output.dtype),
        );
        output
    }
}

/// One invocation: one row.
#[cube(launch, address_type = "dynamic")]
fn normalised<F: Float>(
    x: &[F],
    gamma: &[F],
    beta: &[F],
    output: &mut [F],
    width: usize,
    rows: usize,
    epsilon: f32,
    #[define(F)] _dtype: ElemType,
) {
    if ABSOLUTE_POS >= rows {
        terminate!();
    }
    let start = ABSOLUTE_POS * width;
    let count = f32::cast_from(width);
    let mut sum = f32::new(0.0f32);
    for column in 0..width {
        sum += f32::cast_from(x[start + column]);
    }
    let mean = sum / count;
    let mut squares = f32::new(0.0f32);
    for column in 0..width {
        let apart = f32::cast_from(x[start + column]) - mean;
        squares += apart * apart;
    }
    let scale = f32::new(1.0f32) / f32::sqrt(squares / count + epsilon);
    for column in 0..width {
        let value = (f32::cast_from(x[start + column]) - mean) * scale;
        let value = value * f32::cast_from(gamma[column]) + f32::cast_from(beta[column]);
        output[start + column] = F::cast_from(value);
    }
}
