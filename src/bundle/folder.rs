//! A bundle as a folder on disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use burn::tensor::Device;

use super::error::BundleError;
use super::loader::{BundleLoader, Loaded};
use super::manifest::{FORMAT, FileEntry, MANIFEST, Manifest, SHARD_BYTES};
use super::pack::Pack;
use super::precision::BundlePrecision;
use super::stored::WeightStorage;
use super::taught::TaughtNetwork;
use super::tensors::Tensors;
use crate::model::ModelConfig;

/// File name of the tokenizer inside the folder.
const TOKENIZER: &str = "tokenizer.json";

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
        let shards = self
            .tensors
            .quantised(self.precision)?
            .into_shards(SHARD_BYTES)?;
        let mut entries = Vec::with_capacity(shards.len());
        for (index, bytes) in shards.iter().enumerate() {
            let name = format!("weights-{:02}.bpk", index + 1);
            write(&folder.join(&name), bytes)?;
            entries.push(FileEntry::of(name, bytes));
        }
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

fn write(path: &Path, bytes: &[u8]) -> Result<(), BundleError> {
    fs::write(path, bytes).map_err(|error| file_error(path, error))
}

fn file_error(path: &Path, source: std::io::Error) -> BundleError {
    BundleError::File {
        path: path.display().to_string(),
        source,
    }
}
