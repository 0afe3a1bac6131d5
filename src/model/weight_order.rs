//! The order in which weights lie in a device's memory.

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

#[cfg(all(test, feature = "native"))]
mod tests {
    use super::*;
    use crate::cli::DeviceChoice;
    use crate::kernels::epilogue::Epilogue;
    use crate::kernels::seeded::seeded;
    use crate::model::grid::TokenConv;
    use burn::tensor::{Device, TensorData, Tolerance};

    #[test]
    fn a_convolution_stays_the_same() {
        let mut devices = vec![Device::flex()];
        match DeviceChoice::Vulkan.open() {
            Ok(vulkan) => devices.push(vulkan.device),
            Err(_) => eprintln!("SKIPPED: no Vulkan driver"),
        }
        for [inputs, outputs, side] in [[8, 12, 3], [3, 1, 7], [5, 6, 1]] {
            let plain = TokenConv::new([inputs, outputs], side, &Device::flex());
            for device in &devices {
                let plain = plain.clone().to_device(device);
                let ordered = in_kernel_order(plain.clone());
                let [weight, expected] = [&ordered, &plain].map(|conv| conv.conv.weight.val());
                assert_eq!(weight.dims(), expected.dims());
                assert_eq!(weight.into_data(), expected.into_data());
                let x = TensorData::new(seeded(2 * 20 * inputs, 1), [2, 20, inputs]);
                let [found, expected] = [ordered, plain].map(|conv| {
                    let x = Tensor::<3>::from_data(x.clone(), device);
                    conv.forward(x, [4, 5], Epilogue::Relu).into_data()
                });
                found.assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-6));
            }
        }
    }
}
