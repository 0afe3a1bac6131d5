//! Compares the GPU with the CPU.

use super::*;
use crate::cli::DeviceChoice;
use crate::kernels::seeded::seeded;
use burn::module::Module;
use burn::tensor::{TensorData, Tolerance};

/// Widths of whole vectors and of single numbers, several images, more patches than add up their sum together.
#[test]
fn the_gpu_selects_as_the_cpu_does() {
    let Ok(vulkan) = DeviceChoice::Vulkan.open() else {
        eprintln!("SKIPPED: no Vulkan driver");
        return;
    };
    for width in [64, 7] {
        let cpu = Device::flex();
        let scale = ScaleSelection::new(width, 5, 3, &cpu);
        let spatial = SpatialSelection::new(width, 5, &cpu);
        let [expected, found] = [&cpu, &vulkan.device].map(|device| {
            let tensor = |shape: [usize; 3], seed: u64| {
                let values = seeded(shape.iter().product(), seed);
                Tensor::<3>::from_data(TensorData::new(values, shape), device)
            };
            let branches: Vec<_> = (1..4).map(|seed| tensor([2, 70, width], seed)).collect();
            let guide = Guide::new(tensor([2, 4, 5], 4), None);
            let scale = scale.clone().to_device(device);
            let spatial = spatial.clone().to_device(device);
            let context = ScaleSelection::context(&branches);
            let x = scale.forward(branches, context, Some(&guide));
            let base = tensor([2, 70, width], 5);
            spatial
                .forward_onto(x, Some(&guide), [7, 10], base)
                .into_data()
        });
        found.assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-5));
    }
}
