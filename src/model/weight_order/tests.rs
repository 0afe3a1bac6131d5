//! Compares convolutions in both orders of their weights, on the CPU and on Vulkan.

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
