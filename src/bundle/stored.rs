//! A tensor in its stored form, and its conversion to values and back.

use burn::module::Module;
use burn::tensor::quantization::ScaleDtype;
use burn::tensor::{Bytes, DType};
use burn_pack::{Reader, Tensor};
use half::f16;

use super::error::BundleError;
use crate::model::{ModelConfig, in_kernel_order};
use crate::quant::{BLOCK, Bits, Blocks};
use crate::text::WordTable;

/// Name of the word table among the tensors.
pub const WORDS: &str = "words";

/// How weights are held in the device's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightStorage {
    /// Eight bits per value, unpacked inside the matrix product: for GPUs. Four-bit values are widened to eight bits,
    /// because their matrix product processes eight rows and columns at once: no register file holds that many, and
    /// shader compilers need minutes for it. Blocks of a size other than [`BLOCK`] are unpacked when loaded; only small
    /// matrices have them. Weights of convolutions lie in the order in which the kernel reads them.
    Packed,
    /// As floats: for the CPU, which has no packed product, and for training.
    Float,
}

impl WeightStorage {
    /// The same network with the weights of convolutions in the order in which the device reads them.
    pub fn ordered<M: Module>(self, model: M) -> M {
        match self {
            Self::Packed => in_kernel_order(model),
            Self::Float => model,
        }
    }
}

/// The tensors of a burnpack file.
///
/// # Errors
/// Returns what is wrong with the bytes.
pub fn read(bytes: Bytes) -> Result<Vec<Tensor>, String> {
    Reader::from_bytes(bytes)
        .and_then(Reader::into_tensors)
        .map_err(|error| error.to_string())
}

/// Converts a stored tensor to the form that the device holds: f16 to f32, quantised values as [`WeightStorage`]
/// defines.
pub fn resident(tensor: Tensor, storage: WeightStorage) -> Result<Tensor, BundleError> {
    match (tensor.dtype, storage) {
        (DType::QFloat(_), WeightStorage::Packed) => {
            let (name, shape, blocks) = blocks(tensor)?;
            if blocks.block != BLOCK {
                return Ok(of_floats(name, blocks.decode(), shape));
            }
            let blocks = blocks.widened();
            let dtype = DType::QFloat(blocks.bits.scheme(BLOCK, ScaleDtype::F32));
            let bytes = Bytes::from_bytes_vec(blocks.to_bytes(ScaleDtype::F32));
            Ok(Tensor::new(name, dtype, shape, None, bytes))
        }
        _ => {
            let (name, values, shape) = floats(tensor)?;
            Ok(of_floats(name, values, shape))
        }
    }
}

/// A tensor of quantised values in blocks of `block`.
pub fn quantised(
    name: String,
    values: &[f32],
    shape: Vec<usize>,
    bits: Bits,
    block: usize,
) -> Tensor {
    let dtype = DType::QFloat(bits.scheme(block, ScaleDtype::F16));
    let bytes = Blocks::encode(values, bits, block).to_bytes(ScaleDtype::F16);
    Tensor::new(name, dtype, shape, None, Bytes::from_bytes_vec(bytes))
}

/// A tensor of floats.
pub fn of_floats(name: String, values: Vec<f32>, shape: Vec<usize>) -> Tensor {
    Tensor::new(name, DType::F32, shape, None, Bytes::from_elems(values))
}

/// A word table of `expected` rows and channels.
///
/// # Errors
/// Fails if its shape is another one.
pub fn word_table(tensor: Tensor, expected: [usize; 2]) -> Result<WordTable, BundleError> {
    if tensor.shape.as_slice() != expected {
        return Err(BundleError::Mismatch {
            preset: "text encoder".to_owned(),
            reason: format!(
                "words: expected {expected:?}, found {:?}",
                tensor.shape.as_slice()
            ),
        });
    }
    let [_, width] = expected;
    Ok(match tensor.dtype {
        DType::QFloat(_) => {
            let (name, _, blocks) = blocks(tensor)?;
            if !width.is_multiple_of(blocks.block) {
                let reason = format!("its rows of {width} do not hold whole blocks");
                return Err(BundleError::Tensor { name, reason });
            }
            WordTable::from_blocks(blocks, width)
        }
        _ => WordTable::from_floats(floats(tensor)?.1, width),
    })
}

/// The word table of the network of `config` is missing.
pub fn no_words(config: &ModelConfig) -> BundleError {
    BundleError::Mismatch {
        preset: config.preset.clone(),
        reason: format!("the tensor {WORDS} is missing"),
    }
}

/// Number of values of a shape that a file states; `None` if it overflows.
fn count(shape: &[usize]) -> Option<usize> {
    let mut sides = shape.iter();
    sides.try_fold(1, |count: usize, &side| count.checked_mul(side))
}

/// Name, shape and blocks of a quantised tensor.
pub fn blocks(tensor: Tensor) -> Result<(String, Vec<usize>, Blocks), BundleError> {
    let wrong = |name: &str, reason: &str| BundleError::Tensor {
        name: name.to_owned(),
        reason: reason.to_owned(),
    };
    let DType::QFloat(scheme) = tensor.dtype else {
        return Err(wrong(&tensor.name, "it is not quantised"));
    };
    let known = Bits::of(&scheme);
    let (bits, block) = known.ok_or_else(|| wrong(&tensor.name, "unknown quantisation"))?;
    let shape = tensor.shape.to_vec();
    let bytes = tensor
        .to_bytes()
        .map_err(|error| wrong(&tensor.name, &error.to_string()))?;
    let blocks = count(&shape)
        .and_then(|count| Blocks::from_bytes(&bytes, count, bits, block))
        .ok_or_else(|| wrong(&tensor.name, "its bytes do not fit its shape"))?;
    Ok((tensor.name, shape, blocks))
}

/// Name, values and shape of a tensor, whatever its stored type.
pub fn floats(tensor: Tensor) -> Result<(String, Vec<f32>, Vec<usize>), BundleError> {
    if let DType::QFloat(_) = tensor.dtype {
        let (name, shape, blocks) = blocks(tensor)?;
        return Ok((name, blocks.decode(), shape));
    }
    let wrong = |reason: String| BundleError::Tensor {
        name: tensor.name.clone(),
        reason,
    };
    let bytes = tensor
        .to_bytes()
        .map_err(|error| wrong(error.to_string()))?;
    let shape = tensor.shape.to_vec();
    let values: Vec<f32> = match tensor.dtype {
        DType::F32 => bytes
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect(),
        DType::F16 => bytes
            .chunks_exact(2)
            .map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32())
            .collect(),
        other => return Err(wrong(format!("type {other:?}"))),
    };
    if Some(values.len()) != count(&shape) {
        return Err(wrong("its bytes do not fit its shape".to_owned()));
    }
    Ok((tensor.name, values, shape))
}
