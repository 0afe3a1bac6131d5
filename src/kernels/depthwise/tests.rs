//! Compares the kernel with Burn's convolutions, and the GPU with the CPU.

use burn::tensor::{Device, Tensor, TensorData};

use super::{composed, depthwise};
use crate::cli::DeviceChoice;
use crate::kernels::seeded::seeded;

/// Batch, rows, columns, channels, kernel, stride.
const CASES: [[usize; 6]; 14] = [
    [1, 7, 9, 1, 3, 1],
    [2, 7, 9, 8, 3, 2],
    [1, 11, 6, 13, 5, 1],
    [2, 9, 13, 13, 5, 2],
    [1, 8, 8, 8, 3, 1],
    [1, 8, 10, 96, 3, 2],
    [1, 12, 21, 96, 5, 1],
    [2, 17, 16, 96, 5, 2],
    [1, 1, 1, 8, 5, 1],
    [1, 2, 3, 13, 5, 2],
    [1, 1, 19, 33, 3, 1],
    [3, 5, 5, 40, 3, 2],
    // A side and a stride without a specialised kernel.
    [1, 9, 10, 12, 7, 1],
    [1, 9, 10, 12, 3, 3],
];

/// Input, weight and bias, with sums on both sides of ReLU6's limits.
fn inputs(case: [usize; 6], device: &Device) -> (Tensor<4>, Tensor<3>, Tensor<1>) {
    let [batch, rows, columns, channels, kernel, _] = case;
    let x = seeded(batch * rows * columns * channels, 1);
    let weight = seeded(kernel * kernel * channels, 2);
    let bias = seeded(channels, 3);
    let scaled = |values: Vec<f32>, by: f32, plus: f32| -> Vec<f32> {
        values.into_iter().map(|value| value * by + plus).collect()
    };
    let x = TensorData::new(scaled(x, 4.0, 0.0), [batch, rows, columns, channels]);
    let weight = TensorData::new(weight, [kernel, kernel, channels]);
    let bias = TensorData::new(scaled(bias, 3.0, 2.0), [channels]);
    (
        Tensor::from_data(x, device),
        Tensor::from_data(weight, device),
        Tensor::from_data(bias, device),
    )
}

type Convolution = fn(Tensor<4>, Tensor<3>, Tensor<1>, usize) -> Tensor<4>;

/// Output and the three gradients of a weighted sum of it.
fn results(case: [usize; 6], run: Convolution, device: &Device) -> [Vec<f32>; 4] {
    let device = device.clone().autodiff();
    let (x, weight, bias) = inputs(case, &device);
    let (x, weight, bias) = (x.require_grad(), weight.require_grad(), bias.require_grad());
    let y = run(x.clone(), weight.clone(), bias.clone(), case[5]);
    let shape = y.dims();
    let scales = TensorData::new(seeded(shape.iter().product(), 4), shape);
    let loss = (y.clone() * Tensor::from_data(scales, &device)).sum();
    let gradients = loss.backward();
    [
        values(y),
        values(x.grad(&gradients).expect("of the input")),
        values(weight.grad(&gradients).expect("of the weight")),
        values(bias.grad(&gradients).expect("of the bias")),
    ]
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

fn assert_same(found: &[Vec<f32>; 4], wanted: &[Vec<f32>; 4], case: [usize; 6]) {
    let names = [
        "output",
        "input's gradient",
        "weight's gradient",
        "bias's gradient",
    ];
    for (name, (found, wanted)) in names.iter().zip(found.iter().zip(wanted)) {
        assert_eq!(found.len(), wanted.len(), "{case:?}: {name}");
        let scale = wanted
            .iter()
            .fold(1.0f32, |most, value| most.max(value.abs()));
        for (index, (a, b)) in found.iter().zip(wanted).enumerate() {
            let apart = (a - b).abs() / scale;
            assert!(apart <= 1e-5, "{case:?}: {name} {index}: {a}, {b}");
        }
    }
}

#[test]
fn outputs_and_gradients_are_those_of_a_grouped_convolution() {
    for case in CASES {
        let wanted = results(case, composed::depthwise, &Device::flex());
        let cut = |value: &&f32| **value == 0.0 || **value == 6.0;
        assert!(
            case[3] < 8 || wanted[0].iter().filter(cut).count() > 0,
            "{case:?}"
        );
        let found = results(case, depthwise, &Device::flex());
        assert_same(&found, &wanted, case);
    }
}

#[test]
fn the_gpu_computes_what_the_cpu_does() {
    let Ok(vulkan) = DeviceChoice::Vulkan.open() else {
        eprintln!("skipped: depthwise in WGSL: this machine has no Vulkan driver");
        return;
    };
    for case in CASES {
        let wanted = results(case, depthwise, &Device::flex());
        let found = results(case, depthwise, &vulkan.device);
        assert_same(&found, &wanted, case);
    }
}

/// Only one of input, weight and bias is trained; with a frozen encoder, only the input is.
#[test]
fn each_gradient_comes_alone() {
    let case = [2, 9, 13, 13, 5, 2];
    let all = results(case, depthwise, &Device::flex());
    let device = Device::flex().autodiff();
    for only in 0..3 {
        let (mut x, mut weight, mut bias) = inputs(case, &device);
        match only {
            0 => x = x.require_grad(),
            1 => weight = weight.require_grad(),
            _ => bias = bias.require_grad(),
        }
        let y = depthwise(x.clone(), weight.clone(), bias.clone(), case[5]);
        let shape = y.dims();
        let scales = TensorData::new(seeded(shape.iter().product(), 4), shape);
        let gradients = (y * Tensor::from_data(scales, &device)).sum().backward();
        let found = [
            x.grad(&gradients).map(values),
            weight.grad(&gradients).map(values),
            bias.grad(&gradients).map(values),
        ];
        for (index, found) in found.iter().enumerate() {
            let wanted = (index == only).then_some(&all[index + 1]);
            assert_eq!(found.as_ref(), wanted, "{only}: {index}");
        }
    }
}

/// A view is read in its own order, not in that of the memory.
#[test]
fn views_are_read_in_their_own_order() {
    let device = Device::flex();
    let (x, weight, bias) = inputs([1, 6, 8, 13, 3, 1], &device);
    let turned = x.clone().permute([0, 2, 1, 3]);
    let copied = Tensor::<4>::from_data(turned.clone().into_data(), &device);
    let found = depthwise(turned, weight.clone(), bias.clone(), 2);
    assert_eq!(values(found), values(depthwise(copied, weight, bias, 2)));
}

#[test]
fn every_channel_is_correlated_alone() {
    let device = Device::flex();
    // Two channels, the second 80 times the first.
    let values: Vec<f32> = (0..9)
        .flat_map(|i| [i as f32 / 8.0, 10.0 * i as f32])
        .collect();
    let x = Tensor::<4>::from_data(TensorData::new(values, [1, 3, 3, 2]), &device);
    let weight = Tensor::<3>::ones([3, 3, 2], &device);
    let bias = Tensor::<1>::from_floats([0.5, -100.0], &device);
    let y = depthwise(x, weight, bias, 2);
    assert_eq!(y.dims(), [1, 2, 2, 2]);
    let found: Vec<f32> = y.into_data().iter::<f32>().collect();
    // An odd side is padded equally on both sides: corners sum four cells.
    let corners = [8.0, 12.0, 20.0, 24.0];
    let expected: Vec<f32> = corners
        .iter()
        .flat_map(|sum| {
            [
                (sum / 8.0 + 0.5f32).min(6.0),
                (10.0 * sum - 100.0).clamp(0.0, 6.0),
            ]
        })
        .collect();
    assert_eq!(found, expected);
}

/// NaNs reach the output, so that broken weights are noticed there.
#[test]
fn what_is_not_a_number_stays_so() {
    for channels in [1, 20] {
        let (x, weight, bias) = inputs([1, 9, 9, channels, 3, 1], &Device::flex());
        let broken = bias.slice_fill(0..1, f32::NAN);
        let y = values(depthwise(x, weight, broken, 1));
        let found = y.iter().enumerate();
        for (index, value) in found {
            assert_eq!(value.is_nan(), index % channels == 0, "{channels}: {index}");
        }
    }
}
