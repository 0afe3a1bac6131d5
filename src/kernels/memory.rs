//! Converts tensors of the CPU backend to plain numbers and back, and runs work on their parts on all cores.

use core::mem::MaybeUninit;

use burn::backend::ops::FloatTensorOps;
use burn::tensor::{DType, FloatDType, TensorData};
use burn_flex::{Flex, FlexTensor};

/// Converts `tensor` to f32, in any order of numbers.
pub(super) fn as_f32(tensor: FlexTensor) -> FlexTensor {
    match tensor.dtype() {
        DType::F32 => tensor,
        _ => Flex::float_cast(tensor, FloatDType::F32),
    }
}

/// Converts `tensor` to contiguous f32; it may be a part of a larger one.
pub(super) fn dense(tensor: FlexTensor) -> FlexTensor {
    let tensor = as_f32(tensor);
    match tensor.is_contiguous() {
        true => tensor,
        false => tensor.to_contiguous(),
    }
}

/// The numbers of a tensor that [`dense`] returned.
pub(super) fn numbers(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("contiguous numbers of f32")
}

/// A tensor of `values`, in the type that the operation was called with.
pub(super) fn tensor(values: Vec<f32>, shape: &[usize], dtype: DType) -> FlexTensor {
    let tensor = FlexTensor::from_data(TensorData::new(values, shape.to_vec()));
    match dtype {
        DType::F32 => tensor,
        _ => Flex::float_cast(tensor, dtype.into()),
    }
}

/// Returns `count` numbers, which `work(index, line)` writes in parts of `size`. They are not zeroed first: that
/// would take as long as a kernel that runs at memory speed.
///
/// # Safety
/// `work` writes every number of its part.
pub(super) unsafe fn written(
    count: usize,
    size: usize,
    work: impl Fn(usize, &mut [MaybeUninit<f32>]) + Send + Sync,
) -> Vec<f32> {
    let mut values = Vec::with_capacity(count);
    for_each_line(&mut values.spare_capacity_mut()[..count], size, work);
    // SAFETY: guaranteed by the caller.
    unsafe { values.set_len(count) };
    values
}

/// Calls `work(index, part)` for the parts of `values`, `size` numbers each; natively on all cores.
pub(super) fn for_each_line<T: Send>(
    values: &mut [T],
    size: usize,
    work: impl Fn(usize, &mut [T]) + Send + Sync,
) {
    if size == 0 {
        return;
    }
    #[cfg(feature = "native")]
    {
        use rayon::prelude::*;
        let lines = values.par_chunks_mut(size).enumerate();
        lines.for_each(|(index, line)| work(index, line));
    }
    #[cfg(not(feature = "native"))]
    for (index, line) in values.chunks_mut(size).enumerate() {
        work(index, line);
    }
}
