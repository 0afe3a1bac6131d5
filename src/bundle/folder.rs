//! A bundle as a folder on disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use burn::tensor::Device;

use super::error::BundleError;
use super::loader::{BundleLoader, Loaded};
use super::manifest::{CommonWordsEntry, FORMAT, FileEntry, MANIFEST, Manifest, SHARD_BYTES};
use super::pack::Pack;
use super::precision::BundlePrecision;
use super::stored::{WORDS, WeightStorage};
use super::taught::TaughtNetwork;
use super::tensors::Tensors;
use super::tokenizer::tokenizer_for;
use super::word_list::common_words as common_words_of;
use crate::model::ModelConfig;

/// File name of the tokenizer inside the folder.
const TOKENIZER: &str = "tokenizer.json";
/// File name of the rows of common words.
const COMMON_WORDS: &str = "common-words.bpk";
/// Bytes of a word table from which on it gets a shard of its own, and its common words a file.
const LEAST_TABLE: usize = 4 * 1024 * 1024;

/// The contents of a bundle, written by [`BundleFolder::write`].
pub struct BundleFolder {
    /// Name of the bundle.
    pub name: String,
    /// The network.
    pub model: ModelConfig,
    /// How to quantise.
    pub precision: BundlePrecision,
    /// Licence of the weights.
    pub licence: String,
    /// Whom to credit.
    pub credits: Vec<String>,
    /// Measured metrics.
    pub metrics: BTreeMap<String, f64>,
    /// Bytes of `tokenizer.json`.
    pub tokenizer: Vec<u8>,
    /// The tensors, f32.
    pub tensors: Tensors,
}

impl BundleFolder {
    /// Quantises and writes the bundle into `folder`; the manifest is written last, so that a folder with a manifest
    /// is complete.
    ///
    /// # Errors
    /// Fails if a tensor cannot be quantised or a file cannot be written.
    pub fn write(self, folder: &Path) -> Result<Manifest, BundleError> {
        fs::create_dir_all(folder).map_err(|error| file_error(folder, error))?;
        let mut tensors = self.tensors.quantised(self.precision)?;
        let table = tensors.take_large(WORDS, LEAST_TABLE);
        let mut shards = tensors.into_shards(SHARD_BYTES)?;
        let mut common_words = None;
        if let Some(table) = table {
            let tokenizer = tokenizer_for(&self.tokenizer, &self.model.text)?;
            common_words = common_words_of(table.clone(), &tokenizer)?;
            shards.extend(Tensors::from(vec![table]).into_shards(SHARD_BYTES)?);
        }
        let mut entries = Vec::with_capacity(shards.len());
        for (index, bytes) in shards.iter().enumerate() {
            let name = format!("weights-{:02}.bpk", index + 1);
            entries.push(write_entry(folder, name, bytes)?);
        }
        let common_words = match (common_words, entries.last()) {
            (Some(bytes), Some(table)) => Some(CommonWordsEntry {
                file: write_entry(folder, COMMON_WORDS.to_owned(), &bytes)?,
                before: table.name.clone(),
            }),
            _ => None,
        };
        write(&folder.join(TOKENIZER), &self.tokenizer)?;
        let manifest = Manifest {
            format: FORMAT,
            name: self.name,
            written_by: concat!("s4eca ", env!("CARGO_PKG_VERSION")).to_owned(),
            model: self.model,
            precision: self.precision,
            licence: self.licence,
            credits: self.credits,
            metrics: self.metrics,
            reading: None,
            tokenizer: FileEntry::of(TOKENIZER, &self.tokenizer),
            shards: entries,
            common_words,
        };
        let json = serde_json::to_string_pretty(&manifest).map_err(BundleError::Manifest)?;
        write(&folder.join(MANIFEST), format!("{json}\n").as_bytes())?;
        Ok(manifest)
    }
}

/// Loads the bundle in `folder` onto `device`.
///
/// # Errors
/// Fails if a file is missing, damaged or of another network; the message names the file.
pub fn read_bundle(
    folder: &Path,
    storage: WeightStorage,
    device: &Device,
) -> Result<(Manifest, Loaded), BundleError> {
    let path = folder.join(MANIFEST);
    let json = fs::read_to_string(&path).map_err(|error| file_error(&path, error))?;
    let mut loader = BundleLoader::new(&json)?;
    let manifest = loader.manifest().clone();
    for file in manifest.files() {
        let path = folder.join(&file.name);
        let bytes = fs::read(&path).map_err(|error| file_error(&path, error))?;
        loader.add(&file.name, bytes)?;
    }
    Ok((manifest, loader.finish(storage, device)?))
}

/// Reads an adapter pack from a file. It must belong to the bundle of `manifest` and `loaded`.
///
/// # Errors
/// Fails if the file cannot be read, is not a pack or belongs to another bundle.
pub fn read_pack(
    path: &Path,
    manifest: &Manifest,
    loaded: &Loaded,
) -> Result<TaughtNetwork, BundleError> {
    let pack = Pack::read(&fs::read(path).map_err(|error| file_error(path, error))?)?;
    pack.check(manifest)?;
    loaded.trained.taught(&loaded.model, &pack)
}

/// Writes a file and describes it.
fn write_entry(folder: &Path, name: String, bytes: &[u8]) -> Result<FileEntry, BundleError> {
    write(&folder.join(&name), bytes)?;
    Ok(FileEntry::of(name, bytes))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), BundleError> {
    fs::write(path, bytes).map_err(|error| file_error(path, error))
}

fn file_error(path: &Path, source: std::io::Error) -> BundleError {
    BundleError::File {
        path: path.display().to_string(),
        source,
    }
}
