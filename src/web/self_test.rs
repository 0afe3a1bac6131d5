//! Checks that the device computes correctly, once, before any mask is shown.

use burn::tensor::quantization::ScaleDtype;
use burn::tensor::{Bool, Bytes, DType, Device, Tensor, TensorData};

use crate::kernels::attention::attention;
use crate::kernels::depthwise::depthwise;
use crate::kernels::epilogue::Epilogue;
use crate::kernels::norm::layer_norm;
use crate::kernels::product::{Read, convolution_of_two, linear, linear_onto};
use crate::kernels::selection::{average, describe, gate, weigh};
use crate::quant::{BLOCK, Bits, Blocks};

/// Rows, inner and outer size of the products: several tiles, and a remainder in the rows.
const SHAPE: [usize; 3] = [37, 64, 96];
/// Rows, columns and channels of the depthwise convolution's input, its kernel's side and its stride: an uneven grid,
/// so that the padding before and after differs.
const GRID: [usize; 3] = [9, 6, 40];
const SIDE: usize = 5;
const STRIDE: usize = 2;
/// Queries, keys, channels and heads of the attention.
const ATTENTION: [usize; 4] = [5, 9, 24, 3];
/// Largest allowed difference from the CPU's numbers; the values are about 1.
const TOLERANCE: f32 = 1e-2;

/// Runs a matrix product, linear layers with float and eight-bit weights, convolutions, a norm, an attention and the parts
/// of a selection, and compares each with plain arithmetic.
///
/// # Errors
/// Returns a text that says which result was wrong.
pub async fn self_test(device: &Device) -> Result<(), String> {
    let [rows, inner, outer] = SHAPE;
    let x: Vec<f32> = wave(rows * inner, 0.37);
    let weight: Vec<f32> = wave(inner * outer, 0.11);
    let input = tensor(&x, [rows, inner], device);

    let plain = tensor(&weight, [inner, outer], device);
    let found = input.clone().matmul(plain.clone());
    check("a matrix product", found, &x, &weight, |sum, _| sum).await?;
    let (bias, base) = (wave(outer, 0.7), wave(rows * outer, 0.29));
    let added = Some(tensor(&bias, [outer], device));
    let onto = tensor(&base, [rows, outer], device);
    let halves = Read::Sum([input.clone() * 0.25, input.clone() * 0.75]);
    let found = linear_onto(halves, plain.clone(), added.clone(), onto);
    let sum = |sum: f32, index: usize| sum + bias[index % outer] + base[index];
    check("a residual connection", found, &x, &weight, sum).await?;
    let parts = [0..8, 8..24, 24..inner].map(|part| input.clone().slice_dim(1, part));
    let parts = Read::Joined(parts.to_vec());
    let found = linear(parts, plain, added.clone(), Epilogue::Relu);
    let sum = |sum: f32, index: usize| (sum + bias[index % outer]).max(0.0);
    check("a layer of three parts", found, &x, &weight, sum).await?;
    let blocks = Blocks::encode(&weight, Bits::Q8, BLOCK);
    let data = TensorData::from_bytes(
        Bytes::from_bytes_vec(blocks.to_bytes(ScaleDtype::F32)),
        [inner, outer],
        DType::QFloat(Bits::Q8.scheme(BLOCK, ScaleDtype::F32)),
    );
    let dtype = data.dtype();
    let packed = Tensor::<2>::from_data(data, (device, dtype));
    let found = linear(Read::One(input), packed, added, Epilogue::Gelu);
    let sum = |sum: f32, index: usize| gelu(sum + bias[index % outer]);
    check(
        "a layer with packed weights",
        found,
        &x,
        &blocks.decode(),
        sum,
    )
    .await?;
    check_depthwise(device).await?;
    check_convolution(device).await?;
    check_norm(device).await?;
    for padded in [0, 4] {
        check_attention(device, padded).await?;
    }
    check_selection(device).await
}

/// A tensor of these numbers.
fn tensor<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

/// The approximation with a hyperbolic tangent: within 1e-3.
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + (0.797_884_6 * (x + 0.044_715 * x.powi(3))).tanh())
}

/// Compares `found` with the product of `x` and `weight`, of which `finish` makes the result at an index.
async fn check(
    what: &str,
    found: Tensor<2>,
    x: &[f32],
    weight: &[f32],
    finish: impl Fn(f32, usize) -> f32,
) -> Result<(), String> {
    let [_, inner, outer] = SHAPE;
    compare(what, found, |index| {
        let (row, column) = (index / outer, index % outer);
        let products = (0..inner).map(|k| x[row * inner + k] * weight[k * outer + column]);
        finish(products.sum(), index)
    })
    .await
}

/// A 3x3 convolution of two parts, with ReLU.
async fn check_convolution(device: &Device) -> Result<(), String> {
    let [rows, columns, first] = GRID;
    let (second, outputs) = (2, 8);
    let inputs = first + second;
    let (x, y) = (
        wave(rows * columns * first, 0.23),
        wave(rows * columns * second, 0.31),
    );
    let (weight, bias) = (wave(outputs * inputs * 9, 0.19), wave(outputs, 0.7));
    let parts = [
        tensor(&x, [1, rows, columns, first], device),
        tensor(&y, [1, rows, columns, second], device),
    ];
    let kernel = tensor(&weight, [outputs, inputs, 3, 3], device);
    let added = Some(tensor(&bias, [outputs], device));
    let found = convolution_of_two(parts, kernel, added, Epilogue::Relu);
    compare("a convolution", found, |index| {
        let (cell, output) = (index / outputs, index % outputs);
        let mut sum = bias[output];
        for tap in 0..9 {
            let (row, column) = (cell / columns + tap / 3, cell % columns + tap % 3);
            if !(1..=rows).contains(&row) || !(1..=columns).contains(&column) {
                continue;
            }
            let at = (row - 1) * columns + column - 1;
            let numbers = x[at * first..][..first]
                .iter()
                .chain(&y[at * second..][..second]);
            for (input, number) in numbers.enumerate() {
                sum += number * weight[(output * inputs + input) * 9 + tap];
            }
        }
        sum.max(0.0)
    })
    .await
}

/// Nothing if the device has no kernels for it.
async fn check_selection(device: &Device) -> Result<(), String> {
    let [patches, count, width, _] = ATTENTION;
    let waves = [0.37, 0.23, 0.31].map(|step| wave(patches * width, step));
    let branches = waves
        .each_ref()
        .map(|values| tensor(values, [1, patches, width], device));
    let (scores, opened) = (wave(3 * width, 0.9), wave(patches, 0.8));
    let (tokens, base) = (wave(count * width, 0.29), &waves[1]);
    let x = &branches[0];
    let (Some(averaged), Some(weighed), Some(described), Some(gated)) = (
        average(&branches),
        weigh(&branches, &tensor(&scores, [1, 3, width], device)),
        describe(x, &tensor(&tokens, [1, count, width], device)),
        gate(x, &tensor(&opened, [1, patches, 1], device), &branches[1]),
    ) else {
        return Ok(());
    };
    compare("a mean of patches", averaged, |column| {
        let values = waves
            .iter()
            .flat_map(|values| values[column..].iter().step_by(width));
        values.sum::<f32>() / patches as f32
    })
    .await?;
    compare("a selection of scale", weighed, |index| {
        let weights = [0, 1, 2].map(|branch| scores[branch * width + index % width].exp());
        let sum: f32 = (0..3)
            .map(|branch| weights[branch] * waves[branch][index])
            .sum();
        sum / weights.iter().sum::<f32>()
    })
    .await?;
    compare("a description of patches", described, |index| {
        let patch = &waves[0][index / 3 * width..][..width];
        let length = |values: &[f32]| values.iter().map(|value| value * value).sum::<f32>().sqrt();
        let similarity = |token: &[f32]| {
            let products = patch.iter().zip(token).map(|(a, b)| a * b);
            products.sum::<f32>() / (length(patch) * length(token))
        };
        match index % 3 {
            0 => patch.iter().sum::<f32>() / width as f32,
            1 => patch.iter().copied().fold(f32::MIN, f32::max),
            _ => tokens
                .chunks_exact(width)
                .map(similarity)
                .fold(-1.0, f32::max),
        }
    })
    .await?;
    compare("a gate", gated, |index| {
        waves[0][index] / (1.0 + (-opened[index / width]).exp()) + base[index]
    })
    .await
}

/// Nothing if the device has no kernel for it.
async fn check_norm(device: &Device) -> Result<(), String> {
    let [rows, width, _] = SHAPE;
    let (x, gamma, beta) = (wave(rows * width, 0.13), wave(width, 0.7), wave(width, 0.5));
    let [scale, shift] = [&gamma, &beta].map(|values| tensor(values, [width], device));
    let Some(found) = layer_norm(&tensor(&x, [rows, width], device), &scale, &shift, 1e-5) else {
        return Ok(());
    };
    compare("a norm", found, |index| {
        let row = &x[index / width * width..][..width];
        let mean = row.iter().sum::<f32>() / width as f32;
        let squares = row.iter().map(|value| (value - mean).powi(2));
        let deviation = (squares.sum::<f32>() / width as f32 + 1e-5).sqrt();
        (x[index] - mean) / deviation * gamma[index % width] + beta[index % width]
    })
    .await
}

/// With `padded` keys at the end. Nothing if the device has no kernel for it.
async fn check_attention(device: &Device, padded: usize) -> Result<(), String> {
    let [queries, keys, width, heads] = ATTENTION;
    let real = keys - padded;
    let padding = TensorData::new(
        (0..keys).map(|at| at >= real).collect::<Vec<bool>>(),
        [1, keys],
    );
    let padding = (padded > 0).then(|| Tensor::<2, Bool>::from_data(padding, device));
    let query = wave(queries * width, 0.37);
    let (key, value) = (wave(keys * width, 0.23), wave(keys * width, 0.31));
    let head = width / heads;
    let found = attention(
        &tensor(&query, [1, queries, width], device),
        &tensor(&key, [1, keys, width], device),
        &tensor(&value, [1, keys, width], device),
        padding.as_ref(),
        heads,
    );
    let Some(found) = found else {
        return Ok(());
    };
    compare("an attention", found, |index| {
        let (row, column) = (index / width, index % width);
        let first = column / head * head;
        let weight = |at: usize| {
            let channels = first..first + head;
            let products = channels.map(|c| query[row * width + c] * key[at * width + c]);
            (products.sum::<f32>() / (head as f32).sqrt()).exp()
        };
        let total: f32 = (0..real).map(weight).sum();
        let values = (0..real).map(|at| weight(at) * value[at * width + column]);
        values.sum::<f32>() / total
    })
    .await
}

async fn check_depthwise(device: &Device) -> Result<(), String> {
    let [rows, columns, channels] = GRID;
    let x = wave(rows * columns * channels, 0.23);
    let weight = wave(SIDE * SIDE * channels, 0.19);
    let bias = wave(channels, 0.7);
    let found = depthwise(
        tensor(&x, [1, rows, columns, channels], device),
        tensor(&weight, [SIDE, SIDE, channels], device),
        tensor(&bias, [channels], device),
        STRIDE,
    );
    let [_, _, wide, _] = found.dims();
    // Zeros before the first row or column.
    let before =
        |length: usize| ((length.div_ceil(STRIDE) - 1) * STRIDE + SIDE).saturating_sub(length) / 2;
    let (above, left) = (before(rows), before(columns));
    compare("a depthwise convolution", found, |index| {
        let (cell, channel) = (index / channels, index % channels);
        let (row, column) = (cell / wide, cell % wide);
        let mut sum = bias[channel];
        for (dy, dx) in (0..SIDE).flat_map(|dy| (0..SIDE).map(move |dx| (dy, dx))) {
            let place = |at: usize, before: usize, length: usize| {
                at.checked_sub(before).filter(|&at| at < length)
            };
            let y = place(row * STRIDE + dy, above, rows);
            if let (Some(y), Some(x_at)) = (y, place(column * STRIDE + dx, left, columns)) {
                let value = x[(y * columns + x_at) * channels + channel];
                sum += value * weight[(dy * SIDE + dx) * channels + channel];
            }
        }
        sum.clamp(0.0, 6.0)
    })
    .await
}

/// Compares every number of `found` with the one expected at its place.
async fn compare<const D: usize>(
    what: &str,
    found: Tensor<D>,
    expected: impl Fn(usize) -> f32,
) -> Result<(), String> {
    let data = found
        .into_data_async()
        .await
        .map_err(|error| format!("{what} failed: {error}"))?;
    let found: Vec<f32> = data
        .try_into_vec()
        .map_err(|error| format!("{what} failed: {error:?}"))?;
    for (index, value) in found.iter().enumerate() {
        let expected = expected(index);
        let apart = (value - expected).abs();
        if apart.is_nan() || apart > TOLERANCE {
            return Err(format!(
                "{what} gave {value} instead of {expected}: this GPU or its driver computes incorrectly"
            ));
        }
    }
    Ok(())
}

fn wave(count: usize, step: f32) -> Vec<f32> {
    (0..count)
        .map(|index| (index as f32 * step).sin() * 0.5)
        .collect()
}
