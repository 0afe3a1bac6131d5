//! Compares the GPU with the CPU.

use super::*;
use crate::cli::DeviceChoice;
use crate::kernels::seeded::seeded;
use burn::tensor::module::layer_norm as burn_layer_norm;
use burn::tensor::{Device, TensorData, Tolerance};

#[test]
fn the_gpu_normalises_as_the_cpu_does() {
    let Ok(vulkan) = DeviceChoice::Vulkan.open() else {
        eprintln!("SKIPPED: no Vulkan driver");
        return;
    };
    for width in [384, 48, 5] {
        let inputs = |device: &Device| {
            let row = |seed: u64| {
                let values = seeded(width, seed);
                Tensor::<1>::from_data(TensorData::new(values, [width]), device)
            };
            let x = seeded(2 * 70 * width, 1);
            let x = Tensor::<3>::from_data(TensorData::new(x, [2, 70, width]), device);
            (x + 3.0, row(2), row(3))
        };
        let (x, gamma, beta) = inputs(&Device::flex());
        let expected = burn_layer_norm(x, gamma, Some(beta), 1e-5).into_data();
        let (x, gamma, beta) = inputs(&vulkan.device);
        let found = layer_norm(&x, &gamma, &beta, 1e-5).expect("a kernel");
        found
            .into_data()
            .assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-4));
    }
}
