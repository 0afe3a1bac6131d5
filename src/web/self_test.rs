//! Checks that the device computes correctly, once, before any mask is shown.

use burn::tensor::quantization::ScaleDtype;
use burn::tensor::{Bytes, DType, Device, Tensor, TensorData};

use crate::kernels::depthwise::depthwise;
use crate::quant::{BLOCK, Bits, Blocks};

/// Rows, inner and outer size of the products: several tiles, and a remainder in the rows.
const SHAPE: [usize; 3] = [37, 64, 96];
/// Rows, columns and channels of the depthwise convolution's input, its kernel's side and its stride: an uneven grid,
/// so that the padding before and after differs.
const GRID: [usize; 3] = [9, 6, 40];
const SIDE: usize = 5;
const STRIDE: usize = 2;
/// Largest allowed difference from the CPU's numbers; the values are about 1.
const TOLERANCE: f32 = 1e-2;

/// Runs products with float, eight-bit and four-bit weights and a depthwise convolution, and compares each
/// with plain arithmetic.
///
/// # Errors
/// Returns a text that says which result was wrong.
pub async fn self_test(device: &Device) -> Result<(), String> {
    let [rows, inner, outer] = SHAPE;
    let x: Vec<f32> = wave(rows * inner, 0.37);
    let weight: Vec<f32> = wave(inner * outer, 0.11);
    let input = Tensor::<2>::from_data(TensorData::new(x.clone(), [rows, inner]), device);

    let plain = Tensor::<2>::from_data(TensorData::new(weight.clone(), [inner, outer]), device);
    check("a matrix product", input.clone().matmul(plain), &x, &weight).await?;
    for bits in [Bits::Q8, Bits::Q4] {
        let blocks = Blocks::encode(&weight, bits, BLOCK);
        let data = TensorData::from_bytes(
            Bytes::from_bytes_vec(blocks.to_bytes(ScaleDtype::F32)),
            [inner, outer],
            DType::QFloat(bits.scheme(BLOCK, ScaleDtype::F32)),
        );
        let dtype = data.dtype();
        let packed = Tensor::<2>::from_data(data, (device, dtype));
        let what = format!("a product with {bits:?} weights");
        check(&what, input.clone().matmul(packed), &x, &blocks.decode()).await?;
    }
    check_depthwise(device).await
}

async fn check(what: &str, found: Tensor<2>, x: &[f32], weight: &[f32]) -> Result<(), String> {
    let [_, inner, outer] = SHAPE;
    compare(what, found, |index| {
        let (row, column) = (index / outer, index % outer);
        (0..inner)
            .map(|k| x[row * inner + k] * weight[k * outer + column])
            .sum()
    })
    .await
}

async fn check_depthwise(device: &Device) -> Result<(), String> {
    let [rows, columns, channels] = GRID;
    let x = wave(rows * columns * channels, 0.23);
    let weight = wave(SIDE * SIDE * channels, 0.19);
    let bias = wave(channels, 0.7);
    let found = depthwise(
        Tensor::from_data(
            TensorData::new(x.clone(), [1, rows, columns, channels]),
            device,
        ),
        Tensor::from_data(
            TensorData::new(weight.clone(), [SIDE, SIDE, channels]),
            device,
        ),
        Tensor::from_data(TensorData::new(bias.clone(), [channels]), device),
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
