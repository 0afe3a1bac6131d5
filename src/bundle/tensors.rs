//! Named tensors, as a bundle's shards hold them, and their conversion to a network.

use burn::module::Module;
use burn::store::ModuleRecord;
use burn::tensor::{Bytes, DType, Device};
use burn_pack::{Tensor, Writer};
use half::f16;

use super::error::BundleError;
use super::precision::BundlePrecision;
use super::stored::{
    WORDS, WeightStorage, floats, of_floats, quantised, read, resident, word_table,
};
use crate::model::{ModelConfig, TextConfig};
use crate::network::S4eca;
use crate::quant::Bits;
use crate::text::WordTable;

/// Tensors of all shards, in their stored form.
#[derive(Clone)]
pub struct Tensors(Vec<Tensor>);

impl From<Vec<Tensor>> for Tensors {
    fn from(tensors: Vec<Tensor>) -> Self {
        Self(tensors)
    }
}

impl Tensors {
    /// Collects the tensors of a network and its word table, as f32.
    ///
    /// # Errors
    /// Fails if a tensor cannot be read from its device.
    pub fn of(model: S4eca, words: &WordTable) -> Result<Self, BundleError> {
        let table = words.decode();
        let count = table.len() / words.width();
        let mut all = Self::of_module(model, "")?;
        all.push(WORDS, &[count, words.width()], table);
        Ok(all)
    }

    /// Collects the tensors of a part of a network; `prefix` is the part's name in the network.
    ///
    /// # Errors
    /// Fails if a tensor cannot be read from its device.
    pub fn of_module(module: impl Module, prefix: &str) -> Result<Self, BundleError> {
        let failed = |reason: String| BundleError::Tensor {
            name: prefix.to_owned(),
            reason,
        };
        let bytes = module
            .into_record()
            .into_bytes()
            .map_err(|error| failed(error.to_string()))?;
        let mut tensors = read(bytes).map_err(failed)?;
        if !prefix.is_empty() {
            tensors
                .iter_mut()
                .for_each(|tensor| tensor.name = format!("{prefix}.{}", tensor.name));
        }
        Ok(Self(tensors))
    }

    /// Adds the tensors of one shard.
    ///
    /// # Errors
    /// Returns [`BundleError::Shard`] if the bytes are not burnpack.
    pub fn add_shard(&mut self, file: &str, bytes: Vec<u8>) -> Result<(), BundleError> {
        let shard = |reason| BundleError::Shard {
            file: file.to_owned(),
            reason,
        };
        self.0
            .extend(read(Bytes::from_bytes_vec(bytes)).map_err(shard)?);
        Ok(())
    }

    /// Takes the tensor `name` out if it has at least `least` bytes.
    #[cfg(feature = "native")]
    pub fn take_large(&mut self, name: &str, least: usize) -> Option<Tensor> {
        let large = |tensor: &Tensor| tensor.name == name && tensor.byte_len() >= least;
        let place = self.0.iter().position(large)?;
        Some(self.0.remove(place))
    }

    /// No tensors yet.
    pub fn empty() -> Self {
        Self(Vec::new())
    }

    /// Quantises matrices and word table according to `precision` and converts the rest to f16.
    /// [`BundlePrecision::F32`] leaves all tensors unchanged.
    ///
    /// # Errors
    /// Fails if a tensor's type is not one that bundles hold, or if its bytes do not fit its shape.
    pub fn quantised(self, precision: BundlePrecision) -> Result<Self, BundleError> {
        let tensors = self.0.into_iter().map(|tensor| {
            let bits = precision.bits_of(&tensor.name, tensor.shape.as_slice());
            let (name, values, shape) = floats(tensor)?;
            let (dtype, bytes) = match bits {
                Some((bits, block)) => return Ok(quantised(name, &values, shape, bits, block)),
                None if precision == BundlePrecision::F32 => {
                    let all = values.iter().flat_map(|&v| v.to_le_bytes());
                    (DType::F32, all.collect())
                }
                None => {
                    let halves = values.iter().flat_map(|&v| f16::from_f32(v).to_le_bytes());
                    (DType::F16, halves.collect())
                }
            };
            Ok(Tensor::new(
                name,
                dtype,
                shape,
                None,
                Bytes::from_bytes_vec(bytes),
            ))
        });
        Ok(Self(tensors.collect::<Result<_, BundleError>>()?))
    }

    /// Splits the tensors into burnpack files of at most `limit` bytes; a larger tensor gets a file of its own.
    ///
    /// # Errors
    /// Fails if burnpack cannot write the tensors.
    pub fn into_shards(self, limit: usize) -> Result<Vec<Vec<u8>>, BundleError> {
        // Burnpack aligns every tensor to 256 bytes and describes it in the header.
        let overhead = 512;
        let mut groups: Vec<Vec<Tensor>> = vec![Vec::new()];
        let mut size = 4096;
        for tensor in self.0 {
            let bytes = tensor.byte_len() + overhead;
            if size + bytes > limit && groups.last().is_some_and(|group| !group.is_empty()) {
                groups.push(Vec::new());
                size = 4096;
            }
            size += bytes;
            if let Some(group) = groups.last_mut() {
                group.push(tensor);
            }
        }
        let write = |group| {
            Writer::new(group)
                .into_bytes()
                .map(|bytes| bytes.to_vec())
                .map_err(|error| BundleError::Shard {
                    file: "a new shard".to_owned(),
                    reason: error.to_string(),
                })
        };
        groups.into_iter().map(write).collect()
    }

    /// Builds the network on `device`, and the word table, which stays in main memory, if it is among the tensors.
    ///
    /// # Errors
    /// Fails if a tensor of the network is missing, has another shape, or is not the network's.
    pub fn into_model(
        self,
        config: &ModelConfig,
        storage: WeightStorage,
        device: &Device,
    ) -> Result<(S4eca, Option<WordTable>), BundleError> {
        let (record, words) = self.into_record(Some(&config.text), storage)?;
        let model = S4eca::new(config, device)
            .try_load_record(record)
            .map_err(|error| BundleError::Mismatch {
                preset: config.preset.clone(),
                reason: error.to_string(),
            })?;
        Ok((storage.ordered(model), words))
    }

    /// Returns a record of these tensors, held as [`WeightStorage`] defines, and the word table if there is one and
    /// `text` gives its shape.
    ///
    /// # Errors
    /// Fails if a tensor cannot be read.
    pub fn into_record(
        self,
        text: Option<&TextConfig>,
        storage: WeightStorage,
    ) -> Result<(ModuleRecord, Option<WordTable>), BundleError> {
        let failed = |error: String| BundleError::Tensor {
            name: "a new record".to_owned(),
            reason: error,
        };
        let mut words = None;
        let mut tensors = Vec::with_capacity(self.0.len());
        for tensor in self.0 {
            if tensor.name == WORDS {
                let shape = text.map(|text| [text.vocabulary, text.width]);
                words = shape.map(|shape| word_table(tensor, shape)).transpose()?;
            } else {
                tensors.push(resident(tensor, storage)?);
            }
        }
        let bytes = Writer::new(tensors)
            .into_bytes()
            .map_err(|error| failed(error.to_string()))?;
        let record = ModuleRecord::from_bytes(bytes).map_err(|error| failed(error.to_string()))?;
        Ok((record, words))
    }

    /// Names of all tensors.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|tensor| tensor.name.as_str())
    }

    /// Keeps only the tensors whose name `keep` accepts.
    pub fn filtered(mut self, keep: impl Fn(&str) -> bool) -> Self {
        self.0.retain(|tensor| keep(&tensor.name));
        self
    }

    /// Keeps the tensors of one part of the network, under their names in that part, and the word table.
    pub fn part(mut self, prefix: &str) -> Self {
        self.0.retain_mut(|tensor| {
            if let Some(name) = tensor.name.strip_prefix(prefix) {
                tensor.name = name.to_owned();
                return true;
            }
            tensor.name == WORDS
        });
        self
    }

    /// Splits into the tensors whose name `first` accepts and the others.
    pub fn split(self, first: impl Fn(&str) -> bool) -> (Self, Self) {
        let (yes, no) = self.0.into_iter().partition(|tensor| first(&tensor.name));
        (Self(yes), Self(no))
    }

    /// Joins these tensors and those of `others`.
    pub fn joined(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Adds `differences` to the values of the tensor `name`, which keeps its type.
    ///
    /// # Errors
    /// Fails if there is no such tensor or it has another number of values.
    pub fn add(&mut self, name: &str, differences: &[f32]) -> Result<(), BundleError> {
        let wrong = |reason: String| BundleError::Tensor {
            name: name.to_owned(),
            reason,
        };
        let place = self.0.iter().position(|tensor| tensor.name == name);
        let place = place.ok_or_else(|| wrong("the network does not have it".to_owned()))?;
        let tensor = self.0.swap_remove(place);
        let bits = match tensor.dtype {
            DType::QFloat(scheme) => Bits::of(&scheme),
            _ => None,
        };
        let (name, mut values, shape) = floats(tensor)?;
        if values.len() != differences.len() {
            let (has, given) = (values.len(), differences.len());
            return Err(wrong(format!("it has {has} values, not {given}")));
        }
        for (value, difference) in values.iter_mut().zip(differences) {
            *value += difference;
        }
        self.0.push(match bits {
            Some((bits, block)) => quantised(name, &values, shape, bits, block),
            None => of_floats(name, values, shape),
        });
        Ok(())
    }

    /// Converts the tensors to their names and values.
    ///
    /// # Errors
    /// Fails if a tensor has a type that bundles do not hold.
    pub fn into_floats(self) -> Result<Vec<(String, Vec<f32>)>, BundleError> {
        let values = |tensor| floats(tensor).map(|(name, values, _)| (name, values));
        self.0.into_iter().map(values).collect()
    }

    /// Adds a tensor of floats.
    pub fn push(&mut self, name: impl Into<String>, shape: &[usize], values: Vec<f32>) {
        let bytes = Bytes::from_elems(values);
        self.0.push(Tensor::new(
            name.into(),
            DType::F32,
            shape.to_vec(),
            None,
            bytes,
        ));
    }

    /// Writes all tensors to the bytes of one burnpack file.
    ///
    /// # Errors
    /// Fails if burnpack cannot write the tensors.
    pub fn into_bytes(self) -> Result<Vec<u8>, BundleError> {
        let mut shards = self.into_shards(usize::MAX)?;
        Ok(shards.pop().unwrap_or_default())
    }
}
