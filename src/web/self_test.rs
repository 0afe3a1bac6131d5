//! Does the device compute what it should? Asked once, before anyone sees a mask.

use burn::tensor::quantization::ScaleDtype;
use burn::tensor::{Bytes, DType, Device, Tensor, TensorData};

use crate::bundle::{BLOCK, Bits, Blocks};

/// Rows, inner and outer size of the products: several tiles, and a remainder in the rows.
const SHAPE: [usize; 3] = [37, 64, 96];
/// Largest difference from the CPU's numbers; the values are about 1.
const TOLERANCE: f32 = 1e-2;

/// Runs products with float, eight-bit and four-bit weights and compares each with plain arithmetic.
///
/// # Errors
/// A text that says what was wrong.
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
    Ok(())
}

async fn check(what: &str, found: Tensor<2>, x: &[f32], weight: &[f32]) -> Result<(), String> {
    let [_, inner, outer] = SHAPE;
    let data = found
        .into_data_async()
        .await
        .map_err(|error| format!("{what} failed: {error}"))?;
    let found: Vec<f32> = data
        .try_into_vec()
        .map_err(|error| format!("{what} failed: {error:?}"))?;
    for (index, value) in found.iter().enumerate() {
        let (row, column) = (index / outer, index % outer);
        let expected: f32 = (0..inner)
            .map(|k| x[row * inner + k] * weight[k * outer + column])
            .sum();
        let apart = (value - expected).abs();
        if apart.is_nan() || apart > TOLERANCE {
            return Err(format!(
                "{what} gave {value} instead of {expected}: this GPU or its driver computes wrongly"
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
