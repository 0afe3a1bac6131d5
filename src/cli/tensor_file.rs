//! Named tensors on their way to a safetensors file.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::path::Path;

use burn::tensor::Tensor;
use safetensors::tensor::{Dtype, TensorView};

/// Tensors by name, each with its type, shape and bytes.
#[derive(Debug, Default)]
pub struct TensorFile(BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>);

impl TensorFile {
    /// Adds a tensor of floats, as f32.
    ///
    /// # Errors
    /// A device that does not give it.
    pub fn floats<const D: usize>(&mut self, name: &str, tensor: Tensor<D>) -> anyhow::Result<()> {
        let shape = tensor.dims().to_vec();
        let values: Vec<f32> = tensor.try_into_vec_as()?;
        let bytes = values.into_iter().flat_map(f32::to_le_bytes).collect();
        self.bytes(name, Dtype::F32, shape, bytes);
        Ok(())
    }

    /// Adds bytes of a type and shape.
    pub fn bytes(&mut self, name: &str, dtype: Dtype, shape: Vec<usize>, bytes: Vec<u8>) {
        self.0.insert(name.to_owned(), (dtype, shape, bytes));
    }

    /// Names and shapes.
    pub fn shapes(&self) -> impl ExactSizeIterator<Item = (&str, &[usize])> {
        let entries = self.0.iter();
        entries.map(|(name, (_, shape, _))| (name.as_str(), shape.as_slice()))
    }

    /// Writes the file; `about` goes into its metadata.
    ///
    /// # Errors
    /// Bytes that do not fit their shape, or a file that cannot be written.
    pub fn write(&self, path: &Path, about: HashMap<String, String>) -> anyhow::Result<()> {
        let views = self
            .0
            .iter()
            .map(|(name, (dtype, shape, bytes))| {
                let view = TensorView::new(*dtype, shape.clone(), bytes)?;
                Ok((name.as_str(), view))
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        Ok(safetensors::serialize_to_file(views, Some(about), path)?)
    }
}
