//! The order in which weights lie in a device's memory.

#[cfg(all(test, feature = "native"))]
mod tests;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::Tensor;

/// Puts the weights of all convolutions of `module`, `[out, in, side, side]`, in the order in which the kernel for GPUs
/// reads them: those of neighbouring outputs side by side. Shapes and values stay the same. Without it the kernel
/// does so before every convolution.
pub fn in_kernel_order<M: Module>(module: M) -> M {
    module.map(&mut KernelOrder)
}

struct KernelOrder;

impl ModuleMapper for KernelOrder {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        match D {
            4 => param.map(|weight| ordered(weight).detach()),
            _ => param,
        }
    }
}

/// The same weights, `[out, in, side, side]`, with the outputs side by side in memory.
fn ordered<const D: usize>(weight: Tensor<D>) -> Tensor<D> {
    let axes = |order: [usize; 4]| -> [usize; D] { core::array::from_fn(|axis| order[axis]) };
    let turned = weight.permute(axes([2, 3, 1, 0]));
    let shape = turned.dims();
    // A tensor that is reshaped into one row is copied in the order of its own dimensions.
    let row = turned.reshape::<1, _>([shape.iter().product::<usize>()]);
    row.reshape(shape).permute(axes([3, 2, 0, 1]))
}
