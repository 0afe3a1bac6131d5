//! Writes named tensors to a safetensors file, and reads a whole network from one.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use burn::module::Param;
use burn::tensor::{Device, Tensor};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use crate::bundle::{Tensors, WORDS, WeightStorage, tokenizer_for};
use crate::model::{ModelConfig, ParameterVisitor, walk};
use crate::network::S4eca;
use crate::train::Assembled;

/// Tensors by name, each with its type, shape and bytes.
#[derive(Debug, Default)]
pub struct TensorFile(BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>);

impl TensorFile {
    /// Adds a tensor of floats, as f32.
    ///
    /// # Errors
    /// Fails if the device does not return the values.
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

    /// Names and shapes of tensors.
    pub fn shapes(&self) -> impl ExactSizeIterator<Item = (&str, &[usize])> {
        let entries = self.0.iter();
        entries.map(|(name, (_, shape, _))| (name.as_str(), shape.as_slice()))
    }

    /// Writes the file; `about` goes into its metadata.
    ///
    /// # Errors
    /// Fails if bytes do not match their shape, or the file cannot be written.
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

/// Reads the network of `config` from a safetensors file that contains all of its parameters by name, f32, and the word
/// table as [`WORDS`]. The tokenizer comes from the folder `tokenizer`.
///
/// # Errors
/// Fails if a file cannot be read, or a tensor is missing, unknown, or of another shape or type.
pub fn read_network(
    path: &Path,
    config: &ModelConfig,
    tokenizer: &Path,
    device: &Device,
) -> anyhow::Result<Assembled> {
    let name = || path.display().to_string();
    let bytes = fs::read(path).with_context(name)?;
    let file = SafeTensors::deserialize(&bytes).with_context(name)?;
    let mut wanted = Shapes::default();
    walk(&S4eca::new(config, device), &mut wanted);
    let words = vec![config.text.vocabulary, config.text.width];
    wanted.0.insert(WORDS.to_owned(), words);
    check_names(&wanted.0, &file, &config.preset).with_context(name)?;

    let mut tensors = Tensors::empty();
    for (name, shape) in &wanted.0 {
        tensors.push(name, shape, floats(&file, name, shape)?);
    }
    let (model, words) = tensors.into_model(config, WeightStorage::Float, device)?;
    let words = words.with_context(|| format!("{} has no {WORDS}", name()))?;
    let path = tokenizer.join("tokenizer.json");
    let json = fs::read(&path).with_context(|| path.display().to_string())?;
    Ok(Assembled {
        model,
        words,
        tokenizer: tokenizer_for(&json, &config.text)?,
        tokenizer_json: json,
    })
}

/// Reports all missing and all unknown names in one error.
fn check_names(
    wanted: &BTreeMap<String, Vec<usize>>,
    file: &SafeTensors<'_>,
    preset: &str,
) -> anyhow::Result<()> {
    let there = file.names();
    let missing = wanted.keys().map(String::as_str);
    let missing: Vec<&str> = missing.filter(|name| !there.contains(name)).collect();
    let unknown = there.into_iter().filter(|name| !wanted.contains_key(*name));
    let mut unknown: Vec<&str> = unknown.collect();
    unknown.sort_unstable();
    if missing.is_empty() && unknown.is_empty() {
        return Ok(());
    }
    bail!(
        "these are not the tensors of preset {preset}: missing {}, unknown {}",
        listed(&missing),
        listed(&unknown)
    )
}

/// The number of names, and the first few.
fn listed(names: &[&str]) -> String {
    const FEW: usize = 5;
    match names.len() {
        0 => "none".to_owned(),
        count if count <= FEW => format!("{count} ({})", names.join(", ")),
        count => format!("{count} ({}, ...)", names[..FEW].join(", ")),
    }
}

fn floats(file: &SafeTensors<'_>, name: &str, shape: &[usize]) -> anyhow::Result<Vec<f32>> {
    let view = file.tensor(name)?;
    if view.dtype() != Dtype::F32 {
        bail!("{name} is {:?}: store it as f32", view.dtype());
    }
    if view.shape() != shape {
        bail!("{name} is {:?}, not {shape:?}", view.shape());
    }
    let (chunks, _) = view.data().as_chunks::<4>();
    Ok(chunks.iter().map(|b| f32::from_le_bytes(*b)).collect())
}

/// Shapes of all parameters by name.
#[derive(Default)]
struct Shapes(BTreeMap<String, Vec<usize>>);

impl ParameterVisitor for Shapes {
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
        self.0.insert(name.to_owned(), param.lazy_shape().to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fill<'a>(&'a mut TensorFile);

    impl ParameterVisitor for Fill<'_> {
        fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
            self.0.floats(name, param.val()).expect("floats");
        }
    }

    #[test]
    fn a_network_is_read_whole_or_not_at_all() {
        let config = ModelConfig::micro();
        let device = Device::flex();
        let model = S4eca::new(&config, &device);
        let mut file = TensorFile::default();
        walk(&model, &mut Fill(&mut file));
        let words = [config.text.vocabulary, config.text.width];
        let table = Tensor::<2>::ones(words, &device);
        file.floats(WORDS, table).expect("floats");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("all.safetensors");
        let tokenizer = Path::new(env!("CARGO_MANIFEST_DIR")).join("weights/tiny");
        let read = |file: &TensorFile| {
            file.write(&path, HashMap::new()).expect("room");
            read_network(&path, &config, &tokenizer, &device)
        };
        let found = read(&file).expect("all tensors").model;
        let mut again = TensorFile::default();
        walk(&found, &mut Fill(&mut again));
        for (name, tensor) in &again.0 {
            assert_eq!(file.0.get(name), Some(tensor), "{name}");
        }

        let refused = |file: &TensorFile| match read(file) {
            Ok(_) => panic!("another network's tensors"),
            Err(error) => format!("{error:#}"),
        };
        let stem = file.0.remove("vision.stem.bias").expect("a bias");
        file.bytes(
            "vision.stem.scale",
            Dtype::F32,
            stem.1.clone(),
            stem.2.clone(),
        );
        let error = refused(&file);
        assert!(error.contains("missing 1 (vision.stem.bias)"), "{error}");
        assert!(error.contains("unknown 1 (vision.stem.scale)"), "{error}");
        file.0.remove("vision.stem.scale");
        file.bytes("vision.stem.bias", Dtype::F32, vec![4, 4], stem.2);
        assert!(refused(&file).contains("vision.stem.bias is [4, 4]"));
    }
}
