//! Compares the kernels for GPUs with those for the CPU.

use burn::tensor::quantization::ScaleDtype;
use burn::tensor::{Bytes, DType, Device, Tensor, TensorData};

use super::tests::{assert_same, seeded};
use super::{Epilogue, Read, convolution, convolution_of_two, linear, linear_onto, linear_part};
use crate::cli::DeviceChoice;
use crate::quant::{BLOCK, Bits, Blocks};

/// The ways to read `x`: whole, as a sum, and as two and three tensors side by side.
fn reads(x: &Tensor<2>, device: &Device) -> [Read<2>; 4] {
    let x = Tensor::<2>::from_data(x.to_data(), device);
    let depth = x.dims()[1];
    let part = |from: usize, to: usize| x.clone().slice_dim(1, from..to);
    [
        Read::One(x.clone()),
        Read::Sum([x.clone() * 0.25, x.clone() * 0.75]),
        Read::Joined(vec![part(0, depth / 2), part(depth / 2, depth)]),
        Read::Joined(vec![
            part(0, 1),
            part(1, depth / 2 + 1),
            part(depth / 2 + 1, depth),
        ]),
    ]
}

/// Every way to read, rows below and above a tile, widths of whole vectors and of single numbers, floats and packed
/// weights.
#[test]
fn the_gpu_multiplies_as_the_cpu_does() {
    let Ok(vulkan) = DeviceChoice::Vulkan.open() else {
        eprintln!("SKIPPED: no Vulkan driver");
        return;
    };
    let gpu = vulkan.device;
    let to = |x: &Tensor<2>, device: &Device| Tensor::<2>::from_data(x.to_data(), device);
    for (rows, depth, columns) in [
        (1, 40, 130),
        (5, 4, 15),
        (64, 24, 48),
        (7, 32, 64),
        (9, 33, 32),
    ] {
        let (x, weight) = (seeded([rows, depth], 1) * 4.0, seeded([depth, columns], 2));
        let (bias, base) = (seeded([columns], 3) * 3.0, seeded([rows, columns], 4));
        let case = format!("{rows} x {depth} x {columns}");
        let blocks = Blocks::encode(
            &weight.to_data().iter().collect::<Vec<f32>>(),
            Bits::Q8,
            BLOCK,
        );
        for packed in [false, true] {
            if packed && !columns.is_multiple_of(BLOCK) {
                continue;
            }
            let (here, there) = if packed {
                let data = TensorData::from_bytes(
                    Bytes::from_bytes_vec(blocks.to_bytes(ScaleDtype::F32)),
                    [depth, columns],
                    DType::QFloat(Bits::Q8.scheme(BLOCK, ScaleDtype::F32)),
                );
                let dtype = data.dtype();
                let here = TensorData::new(blocks.decode(), [depth, columns]);
                let here = Tensor::<2>::from_data(here, &Device::flex());
                (here, Tensor::<2>::from_data(data, (&gpu, dtype)))
            } else {
                (weight.clone(), to(&weight, &gpu))
            };
            let far = Tensor::<1>::from_data(bias.to_data(), &gpu);
            let near = |y: Tensor<2>| Tensor::<2>::from_data(y.into_data(), &Device::flex());
            let plain = linear(
                Read::One(x.clone()),
                here.clone(),
                Some(bias.clone()),
                Epilogue::Identity,
            );
            let added = plain.clone() + base.clone();
            for (read, here) in reads(&x, &gpu).into_iter().zip(reads(&x, &Device::flex())) {
                let case = format!("{case}, packed: {packed}, {} parts", read.parts().len());
                assert_same(here.whole(), x.clone(), Epilogue::Identity, &case);
                for epilogue in Epilogue::ALL {
                    let found = linear(read.clone(), there.clone(), Some(far.clone()), epilogue);
                    assert_same(near(found), plain.clone(), epilogue, &case);
                }
                let (weight, bias) = (there.clone(), Some(far.clone()));
                let found =
                    linear_onto(read.clone(), weight.clone(), bias.clone(), to(&base, &gpu));
                assert_same(near(found), added.clone(), Epilogue::Identity, &case);
                if columns > 16 {
                    let found = linear_part(read, weight, bias, 4..12);
                    let expected = plain.clone().slice_dim(1, 4..12);
                    assert_same(near(found), expected, Epilogue::Identity, &case);
                }
            }
        }
    }
}

/// One part and two, channels of whole vectors and of single numbers.
#[test]
fn the_gpu_convolves_as_the_cpu_does() {
    let Ok(vulkan) = DeviceChoice::Vulkan.open() else {
        eprintln!("SKIPPED: no Vulkan driver");
        return;
    };
    let gpu = vulkan.device;
    let to = |x: &Tensor<4>| Tensor::<4>::from_data(x.to_data(), &gpu);
    let cases = [
        ([1, 7, 9, 3], 5, 3, 1),
        ([2, 8, 8, 3], 32, 3, 2),
        ([1, 9, 6, 4], 1, 7, 1),
        ([2, 5, 13, 8], 64, 5, 1),
    ];
    for (shape, outputs, side, stride) in cases {
        let [batch, rows, columns, inputs] = shape;
        let (x, second) = (seeded(shape, 1) * 2.0, seeded([batch, rows, columns, 2], 4));
        let bias = seeded([outputs], 3);
        let far = Some(Tensor::<1>::from_data(bias.to_data(), &gpu));
        let near = |y: Tensor<4>| Tensor::<4>::from_data(y.into_data(), &Device::flex());
        let case = format!("{shape:?}, {outputs}, {side}, {stride}");
        for epilogue in Epilogue::ALL {
            let weight = seeded([outputs, inputs, side, side], 2);
            let plain = Epilogue::Identity;
            let expected =
                convolution(x.clone(), weight.clone(), Some(bias.clone()), stride, plain);
            let found = convolution(to(&x), to(&weight), far.clone(), stride, epilogue);
            assert_same(near(found), expected, epilogue, &case);
            if stride == 1 {
                let weight = seeded([outputs, inputs + 2, side, side], 2);
                let parts = [x.clone(), second.clone()];
                let expected = convolution_of_two(parts, weight.clone(), Some(bias.clone()), plain);
                let parts = [to(&x), to(&second)];
                let found = convolution_of_two(parts, to(&weight), far.clone(), epilogue);
                assert_same(near(found), expected, epilogue, &case);
            }
        }
    }
}
