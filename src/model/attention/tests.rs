//! Compares attention with Burn's own, and the GPU with the CPU.

use super::*;
use crate::cli::DeviceChoice;
use crate::kernels::seeded::seeded;
use burn::tensor::{Distribution, TensorData, Tolerance};

#[test]
fn padded_tokens_do_not_matter() {
    let device = Device::flex();
    let module = CrossAttention::new(8, 6, 2, &device);
    let query = Tensor::<3>::random([1, 3, 8], Distribution::Default, &device);
    let real = Tensor::<3>::random([1, 2, 6], Distribution::Default, &device);
    let noise = Tensor::<3>::random([1, 4, 6], Distribution::Default, &device);
    let padding = Tensor::<2, Bool>::from_data([[false, false, true, true, true, true]], &device);
    let padded = module.forward(
        query.clone(),
        Tensor::cat(vec![real.clone(), noise], 1),
        Some(padding),
    );
    let plain = module.forward(query, real, None);
    padded
        .into_data()
        .assert_approx_eq::<f32>(&plain.into_data(), Tolerance::absolute(1e-5));
}

/// Compares the kernel with Burn's own operations, which a device with gradients uses. Covers several parts of
/// queries, and widths below and above a vector.
#[test]
fn the_kernel_attends_as_burn_does() {
    let plain = Device::flex();
    let tracked = plain.clone().autodiff();
    for (queries, keys, width, heads) in [(1, 1, 4, 1), (30, 17, 24, 6), (50, 70, 40, 2)] {
        let random = |count: usize| {
            Tensor::<3>::random([2, count, width], Distribution::Normal(0.0, 2.0), &plain)
        };
        let (q, k, v) = (random(queries), random(keys), random(keys));
        let hidden: Vec<bool> = (0..2 * keys).map(|at| at % keys > keys / 2).collect();
        let padding = TensorData::new(hidden, [2, keys]);
        let on = |x: &Tensor<3>| Tensor::<3>::from_data(x.to_data(), &tracked);
        for padded in [false, true] {
            let found = |q, k, v, device: &Device| {
                let padding = Tensor::<2, Bool>::from_data(padding.clone(), device);
                let visible = match padded {
                    true => Visible::Real(&padding),
                    false => Visible::All,
                };
                attend(q, k, v, heads, visible, None).into_data()
            };
            let expected = found(on(&q), on(&k), on(&v), &tracked);
            // Scores up to 40, rounded to 2e-6, weight values up to 8.
            found(q.clone(), k.clone(), v.clone(), &plain)
                .assert_approx_eq::<f32>(&expected, Tolerance::absolute(2e-5));
        }
    }
}

/// Also reads queries, keys and values where a product has put them side by side.
#[test]
fn the_gpu_attends_as_the_cpu_does() {
    let Ok(vulkan) = DeviceChoice::Vulkan.open() else {
        eprintln!("SKIPPED: no Vulkan driver");
        return;
    };
    for (tokens, width, heads) in [(1, 4, 1), (30, 24, 6), (70, 192, 6)] {
        let values = seeded(2 * tokens * 3 * width, 1).into_iter();
        let values = values.map(|value| value * 4.0).collect::<Vec<f32>>();
        let hidden: Vec<bool> = (0..2 * tokens).map(|at| at % tokens > tokens / 2).collect();
        for padded in [false, true] {
            let [expected, found] = [&Device::flex(), &vulkan.device].map(|device| {
                let all = TensorData::new(values.clone(), [2, tokens, 3 * width]);
                let padding = TensorData::new(hidden.clone(), [2, tokens]);
                let padding = Tensor::<2, Bool>::from_data(padding, device);
                let visible = match padded {
                    true => Visible::Real(&padding),
                    false => Visible::All,
                };
                let [q, k, v] = thirds(Tensor::from_data(all, device));
                attend(q, k, v, heads, visible, None).into_data()
            });
            found.assert_approx_eq::<f32>(&expected, Tolerance::absolute(2e-5));
        }
    }
}

#[test]
fn what_is_not_a_number_stays_so() {
    let device = Device::flex();
    let mut key = vec![0.5; 21 * 8];
    for broken in [f32::NAN, f32::INFINITY] {
        key[13 * 8 + 1] = broken;
        let k = Tensor::<3>::from_data(TensorData::new(key.clone(), [1, 21, 8]), &device);
        let x = Tensor::<3>::ones([1, 21, 8], &device);
        let found = attend(x.clone(), k, x, 2, Visible::All, None);
        let found: Vec<f32> = found.into_data().iter().collect();
        // The first head's channels.
        assert!(
            found[..4].iter().all(|value| value.is_nan()),
            "{broken}: {found:?}"
        );
        assert!(
            found[4..8].iter().all(|value| value.is_finite()),
            "{broken}: {found:?}"
        );
    }
}

#[test]
fn sixteen_bits_attend_as_f32_does() {
    let device = Device::flex();
    let random = || Tensor::<3>::random([2, 6, 16], Distribution::Normal(0.0, 1.0), &device);
    let (q, k, v) = (random(), random(), random());
    let padding = [[false, false, false, false, true, true], [false; 6]];
    let padding = Tensor::<2, Bool>::from_data(padding, &device);
    for visible in [Visible::All, Visible::Real(&padding), Visible::Earlier] {
        let plain = attend(q.clone(), k.clone(), v.clone(), 2, visible, None);
        // The error of a score and of a value is half an ulp of the inputs, at 4.
        for (half, tolerance) in [(FloatDType::F16, 4e-3), (FloatDType::BF16, 4e-2)] {
            let low = |x: &Tensor<3>| x.clone().cast(half);
            let found = attend(low(&q), low(&k), low(&v), 2, visible, None);
            assert_eq!(FloatDType::from(found.dtype()), half);
            let found = found.cast(FloatDType::F32).into_data();
            found.assert_approx_eq::<f32>(&plain.to_data(), Tolerance::absolute(tolerance));
        }
    }
}

#[test]
fn a_position_reaches_queries_and_keys_but_not_values() {
    let device = Device::flex();
    let module = SelfAttention::new(8, 2, &device);
    // A single token attends to itself with weight 1, whatever its query and key are.
    let x = Tensor::<3>::random([2, 1, 8], Distribution::Default, &device);
    let position = Tensor::<3>::random([2, 1, 8], Distribution::Default, &device);
    let with = module.forward_placed(x.clone(), position, x.zeros_like());
    let without = module.forward(x, Visible::All, None);
    with.into_data()
        .assert_approx_eq::<f32>(&without.into_data(), Tolerance::absolute(1e-5));
}

#[test]
fn what_comes_later_does_not_matter_where_it_is_not_visible() {
    let device = Device::flex();
    let module = SelfAttention::new(8, 2, &device);
    let start = Tensor::<3>::random([1, 3, 8], Distribution::Default, &device);
    let end = Tensor::<3>::random([1, 2, 8], Distribution::Default, &device);
    let longer = Tensor::cat(vec![start.clone(), end], 1);
    let alone = module.forward(start, Visible::Earlier, None);
    let with_end = module
        .forward(longer, Visible::Earlier, None)
        .narrow(1, 0, 3);
    with_end
        .into_data()
        .assert_approx_eq::<f32>(&alone.into_data(), Tolerance::absolute(1e-5));
}
