//! Compares the kernels with Burn's own operations.

use burn::tensor::module::{conv2d, linear as burn_linear};
use burn::tensor::ops::{ConvOptions, PadMode};
use burn::tensor::{Device, Tensor, TensorData};

use super::{Epilogue, Read, convolution, convolution_of_two, linear};
use crate::kernels::padding::same_padding;

/// A tensor of pseudo-random numbers in -1..1, determined by `seed`.
pub(super) fn seeded<const D: usize>(shape: [usize; D], seed: u64) -> Tensor<D> {
    let values = crate::kernels::seeded::seeded(shape.iter().product(), seed);
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

/// `expected` is without the epilogue: the tolerance follows from the largest sum.
pub(super) fn assert_same<const D: usize>(
    found: Tensor<D>,
    expected: Tensor<D>,
    epilogue: Epilogue,
    case: &str,
) {
    assert_eq!(found.dims(), expected.dims(), "{case}");
    let numbers = |x: Tensor<D>| -> Vec<f32> { x.into_data().iter().collect() };
    let largest = |most: f32, value: &f32| most.max(value.abs());
    let scale = numbers(expected.clone()).iter().fold(1.0, largest);
    let (found, expected) = (numbers(found), numbers(epilogue.of(expected)));
    for (index, (a, b)) in found.iter().zip(&expected).enumerate() {
        let apart = (a - b).abs() / scale;
        assert!(apart <= 2e-6, "{case}, {epilogue:?}: {index}: {a}, {b}");
    }
}

/// Widths below and above every vector and a panel, rows below and above a tile and a part.
#[test]
fn a_linear_layer_is_burns() {
    let sizes = [
        (1, 1, 1),
        (1, 40, 130),
        (5, 3, 15),
        (6, 7, 16),
        (7, 33, 17),
        (64, 24, 48),
        (65, 130, 63),
        (1000, 5, 64),
        (391, 200, 65),
        (0, 4, 5),
        (3, 0, 5),
    ];
    for (rows, depth, columns) in sizes {
        for epilogue in Epilogue::ALL {
            let x = seeded([1, rows, depth], 1) * 4.0;
            let weight = seeded([depth, columns], 2);
            let bias = seeded([columns], 3) * 3.0;
            let expected = burn_linear(x.clone(), weight.clone(), Some(bias.clone()));
            let found = linear(Read::One(x), weight, Some(bias), epilogue);
            let case = format!("{rows} x {depth} x {columns}");
            assert_same(found, expected, epilogue, &case);
        }
    }
}

#[test]
fn a_view_is_read_in_its_own_order() {
    let (x, weight, bias) = (seeded([2, 9, 14], 1), seeded([9, 20], 2), seeded([20], 3));
    let turned = x.swap_dims(1, 2).narrow(1, 2, 11);
    let copied = Tensor::<3>::from_data(turned.clone().into_data(), &Device::flex());
    let wide = weight.swap_dims(0, 1).swap_dims(0, 1);
    let found = linear(
        Read::One(turned),
        wide.clone(),
        Some(bias.clone()),
        Epilogue::Relu,
    );
    let expected = linear(Read::One(copied), wide, Some(bias), Epilogue::Relu);
    assert_eq!(found.into_data(), expected.into_data());
}

/// Broken weights are noticed in the output: every row that a NaN reaches must be NaN.
#[test]
fn what_is_not_a_number_stays_so() {
    for epilogue in Epilogue::ALL {
        let mut x = vec![0.5; 9 * 20];
        x[3 * 20 + 7] = f32::NAN;
        let x = Tensor::<3>::from_data(TensorData::new(x, [1, 9, 20]), &Device::flex());
        let x = Read::One(x);
        let y = linear(x, seeded([20, 19], 2), Some(seeded([19], 3)), epilogue);
        let broken: Vec<bool> = y.into_data().iter::<f32>().map(f32::is_nan).collect();
        for (row, numbers) in broken.chunks_exact(19).enumerate() {
            assert!(
                numbers.iter().all(|broken| *broken == (row == 3)),
                "{epilogue:?}, {row}"
            );
        }
    }
}

/// `[batch, rows, columns, input]`, outputs, side, stride.
#[test]
fn a_convolution_is_burns() {
    let cases = [
        ([1, 7, 9, 3], 5, 3, 1),
        ([2, 8, 8, 3], 32, 3, 2),
        ([1, 9, 6, 4], 1, 7, 1),
        ([2, 5, 13, 8], 64, 5, 1),
        ([1, 24, 24, 66], 65, 3, 1),
        ([1, 1, 1, 2], 3, 5, 1),
        ([1, 2, 3, 2], 17, 5, 2),
        ([3, 10, 4, 1], 6, 1, 1),
    ];
    for (shape, outputs, side, stride) in cases {
        for epilogue in Epilogue::ALL {
            let [_, rows, columns, inputs] = shape;
            let x = seeded(shape, 1) * 2.0;
            let weight = seeded([outputs, inputs, side, side], 2);
            let bias = seeded([outputs], 3);
            let sides = [rows, columns].map(|size| same_padding(size, side, stride));
            let padded = x.clone().permute([0, 3, 1, 2]);
            let padded = padded.pad(sides, PadMode::Constant(0.0));
            let options = ConvOptions::new([stride, stride], [0, 0], [1, 1], 1);
            let expected = conv2d(padded, weight.clone(), Some(bias.clone()), options);
            let expected = expected.permute([0, 2, 3, 1]);
            let found = convolution(x, weight, Some(bias), stride, epilogue);
            let case = format!("{shape:?}, {outputs}, {side}, {stride}");
            assert_same(found, expected, epilogue, &case);
        }
    }
}

#[test]
fn a_convolution_of_two_is_that_of_both_together() {
    let plain = Device::flex();
    for (inputs, outputs, side) in [([5, 3], 7, 3), ([64, 2], 20, 5), ([1, 1], 1, 1)] {
        let [first, second] = inputs.map(|channels| seeded([2, 6, 9, channels], channels as u64));
        let weight = seeded([outputs, inputs[0] + inputs[1], side, side], 2);
        let bias = Some(seeded([outputs], 3));
        let together = Tensor::cat(vec![first.clone(), second.clone()], 3);
        let expected = convolution(together, weight.clone(), bias.clone(), 1, Epilogue::Gelu);
        let turned = second.clone().swap_dims(1, 2);
        let turned = Tensor::<4>::from_data(turned.into_data(), &plain).swap_dims(1, 2);
        for second in [second, turned] {
            let parts = [first.clone(), second];
            let found = convolution_of_two(parts, weight.clone(), bias.clone(), Epilogue::Gelu);
            assert_eq!(found.into_data(), expected.to_data(), "{inputs:?}");
        }
        let parts = [first, seeded([2, 6, 9, inputs[1]], inputs[1] as u64)];
        let found = convolution_of_two(parts, weight, None, Epilogue::Identity);
        assert_eq!(found.dims(), [2, 6, 9, outputs]);
    }
}

/// Without a bias, or with gradients, Burn's operations are used, and the numbers are the same.
#[test]
fn a_device_with_gradients_computes_the_same() {
    let plain = Device::flex();
    let device = plain.clone().autodiff();
    let on = |x: Tensor<4>| Tensor::<4>::from_data(x.into_data(), &device);
    let (x, weight) = (seeded([1, 8, 9, 3], 1), seeded([4, 3, 3, 3], 2));
    for stride in [1, 2] {
        let expected = convolution(x.clone(), weight.clone(), None, stride, Epilogue::Gelu);
        let weight = on(weight.clone()).require_grad();
        let found = convolution(on(x.clone()), weight.clone(), None, stride, Epilogue::Gelu);
        let gradients = found.clone().sum().backward();
        assert!(weight.grad(&gradients).is_some(), "stride {stride}");
        let found = Tensor::<4>::from_data(found.into_data(), &plain);
        let case = format!("stride {stride}");
        assert_same(found, expected, Epilogue::Identity, &case);
    }
}
