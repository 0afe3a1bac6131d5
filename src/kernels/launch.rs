//! What every kernel for GPUs needs before it is launched.

use burn::tensor::Shape;
use burn_cubecl::cubecl;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;
use cubecl::{calculate_cube_count_elemwise, tensor_vector_size_parallel};

/// Channels that the device reads at once from a contiguous tensor.
pub fn vector_of(tensor: &CubeTensor) -> usize {
    tensor_vector_size_parallel(
        tensor.client.io_optimized_vector_sizes(tensor.dtype.size()),
        tensor.meta.shape(),
        tensor.meta.strides(),
        tensor.meta.num_dims() - 1,
    )
}

/// A new contiguous tensor on the device of `like` and of its type.
pub fn empty(like: &CubeTensor, shape: impl Into<Shape>) -> CubeTensor {
    empty_device_contiguous_dtype(
        like.client.clone(),
        like.device.clone(),
        shape.into(),
        like.dtype,
    )
}

/// Number and size of the cubes for `units` invocations.
pub fn cubes(like: &CubeTensor, units: usize) -> (CubeCount, CubeDim) {
    let dim = CubeDim::new(&like.client, units);
    (calculate_cube_count_elemwise(&like.client, units, dim), dim)
}

/// The widest index that any of the tensors needs.
pub fn address(tensors: &[&CubeTensor]) -> AddressType {
    let each = tensors.iter().map(|tensor| tensor.required_address_type());
    each.max().unwrap_or_default()
}
