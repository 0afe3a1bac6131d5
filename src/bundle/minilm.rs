//! Reads the public checkpoint of all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0): a BERT in
//! safetensors, named as Hugging Face's `BertModel` names it, without its pooler.

use safetensors::{Dtype, SafeTensors};
use thiserror::Error;

use super::tensors::{Tensors, WORDS};
use crate::model::TextConfig;

/// A checkpoint that cannot be imported.
#[derive(Debug, Error)]
pub enum ImportError {
    /// Not a safetensors file.
    #[error("the file is not safetensors ({0}): give the model.safetensors of all-MiniLM-L6-v2")]
    Format(#[from] safetensors::SafeTensorError),
    /// A tensor that a BERT has is not there.
    #[error("the checkpoint has no tensor {0}: it is not a BertModel")]
    Missing(String),
    /// A tensor of another shape or type.
    #[error("the tensor {name} is {found}, expected {expected}: this is another model")]
    Shape {
        /// Name in the checkpoint.
        name: String,
        /// What it is.
        found: String,
        /// What the encoder takes.
        expected: String,
    },
}

/// The text encoder's tensors and the word table, named as in this crate's network.
///
/// # Errors
/// A file that is not safetensors, or not of the sizes in `config`.
pub fn read_minilm(bytes: &[u8], config: &TextConfig) -> Result<Tensors, ImportError> {
    let source = Source(SafeTensors::deserialize(bytes)?);
    let (width, mlp) = (config.width, config.mlp);
    let mut tensors = Tensors::empty();

    let words = source.take(
        "embeddings.word_embeddings.weight",
        &[config.vocabulary, width],
    )?;
    tensors.push(WORDS, &[config.vocabulary, width], words);
    // BERT has 512 positions; a phrase needs the first few, and is always of token type 0.
    let mut position = source.rows(
        "embeddings.position_embeddings.weight",
        config.tokens,
        width,
    )?;
    let kind = source.rows("embeddings.token_type_embeddings.weight", 1, width)?;
    position
        .iter_mut()
        .zip(kind.iter().cycle())
        .for_each(|(value, kind)| *value += kind);
    tensors.push("text.position", &[config.tokens, width], position);
    source.norm(&mut tensors, "embeddings.LayerNorm", "text.norm", width)?;

    for index in 0..config.depth {
        let from = format!("encoder.layer.{index}");
        let to = format!("text.blocks.{index}");
        let mut weight = vec![0.0; 3 * width * width];
        let mut bias = Vec::with_capacity(3 * width);
        for (part, name) in ["query", "key", "value"].into_iter().enumerate() {
            let name = format!("{from}.attention.self.{name}");
            let values = source.linear(&name, width, width)?;
            for (row, line) in values.chunks_exact(width).enumerate() {
                let start = (row * 3 + part) * width;
                weight[start..start + width].copy_from_slice(line);
            }
            bias.extend(source.take(&format!("{name}.bias"), &[width])?);
        }
        tensors.push(
            format!("{to}.attention.qkv.weight"),
            &[width, 3 * width],
            weight,
        );
        tensors.push(format!("{to}.attention.qkv.bias"), &[3 * width], bias);
        for (name, target, input, output) in [
            ("attention.output.dense", "attention.out", width, width),
            ("intermediate.dense", "fc1", width, mlp),
            ("output.dense", "fc2", mlp, width),
        ] {
            let name = format!("{from}.{name}");
            let values = source.linear(&name, input, output)?;
            tensors.push(format!("{to}.{target}.weight"), &[input, output], values);
            let bias = source.take(&format!("{name}.bias"), &[output])?;
            tensors.push(format!("{to}.{target}.bias"), &[output], bias);
        }
        let norm1 = format!("{from}.attention.output.LayerNorm");
        source.norm(&mut tensors, &norm1, &format!("{to}.norm1"), width)?;
        let norm2 = format!("{from}.output.LayerNorm");
        source.norm(&mut tensors, &norm2, &format!("{to}.norm2"), width)?;
    }
    Ok(tensors)
}

struct Source<'a>(SafeTensors<'a>);

impl Source<'_> {
    /// A tensor of exactly `shape`.
    fn take(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ImportError> {
        let view = self
            .0
            .tensor(name)
            .map_err(|_| ImportError::Missing(name.to_owned()))?;
        if view.dtype() != Dtype::F32 || view.shape() != shape {
            return Err(ImportError::Shape {
                name: name.to_owned(),
                found: format!("{:?} {:?}", view.dtype(), view.shape()),
                expected: format!("F32 {shape:?}"),
            });
        }
        let floats = view
            .data()
            .as_chunks::<4>()
            .0
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes));
        Ok(floats.collect())
    }

    /// The first `count` rows of a matrix that may have more.
    fn rows(&self, name: &str, count: usize, width: usize) -> Result<Vec<f32>, ImportError> {
        let view = self
            .0
            .tensor(name)
            .map_err(|_| ImportError::Missing(name.to_owned()))?;
        let stored = view.shape().first().copied().unwrap_or(0).max(count);
        let mut values = self.take(name, &[stored, width])?;
        values.truncate(count * width);
        Ok(values)
    }

    /// A linear layer's weight, turned from PyTorch's `[output, input]` to `[input, output]`.
    fn linear(&self, name: &str, input: usize, output: usize) -> Result<Vec<f32>, ImportError> {
        let stored = self.take(&format!("{name}.weight"), &[output, input])?;
        let transposed = (0..input)
            .flat_map(|i| stored.iter().skip(i).step_by(input).copied())
            .collect();
        Ok(transposed)
    }

    fn norm(
        &self,
        tensors: &mut Tensors,
        from: &str,
        to: &str,
        width: usize,
    ) -> Result<(), ImportError> {
        for (theirs, ours) in [("weight", "gamma"), ("bias", "beta")] {
            let values = self.take(&format!("{from}.{theirs}"), &[width])?;
            tensors.push(format!("{to}.{ours}"), &[width], values);
        }
        Ok(())
    }
}
