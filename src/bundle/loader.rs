//! Accepts a bundle's files in any order, checks each, and builds a segmenter from them.

use burn::tensor::Device;

use super::common_words::read_common_words;
use super::error::BundleError;
use super::manifest::{FileEntry, Manifest};
use super::stored::{WeightStorage, no_words};
use super::taught::TrainedTensors;
use super::tensors::Tensors;
use super::tokenizer::tokenizer_for;
use crate::network::S4eca;
use crate::text::{PhraseTokenizer, WordTable};

/// What a bundle holds.
pub struct Loaded {
    /// The network.
    pub model: S4eca,
    /// The word embeddings.
    pub words: WordTable,
    /// The tokenizer.
    pub tokenizer: PhraseTokenizer,
    /// The tensors that packs change.
    pub trained: TrainedTensors,
}

/// A bundle that is being loaded.
pub struct BundleLoader {
    manifest: Manifest,
    tokenizer: Option<PhraseTokenizer>,
    loaded: Vec<String>,
    tensors: Tensors,
    common_words: Option<WordTable>,
}

impl BundleLoader {
    /// Starts from the text of a `manifest.json`.
    ///
    /// # Errors
    /// See [`Manifest::parse`]. Fails too if the network is a baseline that this build cannot run.
    pub fn new(manifest: &str) -> Result<Self, BundleError> {
        let manifest = Manifest::parse(manifest)?;
        if !S4eca::supports(manifest.model.tuning) {
            return Err(BundleError::Baseline);
        }
        Ok(Self {
            manifest,
            tokenizer: None,
            loaded: Vec::new(),
            tensors: Tensors::empty(),
            common_words: None,
        })
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Checks a file and loads it; a file that is already loaded is skipped.
    ///
    /// # Errors
    /// Fails if the manifest does not name the file, or if its size, hash or content is wrong.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), BundleError> {
        let entry = self.entry(name)?;
        if self.loaded.iter().any(|loaded| loaded == name) {
            return Ok(());
        }
        entry.verify(&bytes)?;
        if name == self.manifest.tokenizer.name {
            self.tokenizer = Some(tokenizer_for(&bytes, &self.manifest.model.text)?);
        } else if self.manifest.common_file() == Some(&entry) {
            self.common_words = Some(read_common_words(name, bytes, &self.manifest.model.text)?);
        } else {
            self.tensors.add_shard(name, bytes)?;
        }
        self.loaded.push(name.to_owned());
        Ok(())
    }

    /// Builds the network on `device`. The whole word table may be missing if the rows of common words are there.
    ///
    /// # Errors
    /// Fails if a file is missing, or if the weights do not fit the network.
    pub fn finish(self, storage: WeightStorage, device: &Device) -> Result<Loaded, BundleError> {
        let may_follow = |name: &str| self.common_words.is_some() && self.manifest.may_follow(name);
        let missing = self
            .manifest
            .files()
            .find(|file| !self.loaded.contains(&file.name) && !may_follow(&file.name));
        if let Some(file) = missing {
            return Err(BundleError::Missing {
                file: file.name.clone(),
            });
        }
        let Some(tokenizer) = self.tokenizer else {
            return Err(BundleError::Missing {
                file: self.manifest.tokenizer.name,
            });
        };
        let trained = TrainedTensors::of(&self.tensors, storage);
        let (model, words) = self
            .tensors
            .into_model(&self.manifest.model, storage, device)?;
        let words = words.or(self.common_words);
        let words = words.ok_or_else(|| no_words(&self.manifest.model))?;
        Ok(Loaded {
            model,
            words,
            tokenizer,
            trained,
        })
    }

    fn entry(&self, name: &str) -> Result<FileEntry, BundleError> {
        let mut files = self.manifest.files().chain(self.manifest.common_file());
        let found = files.find(|file| file.name == name);
        found.cloned().ok_or_else(|| BundleError::Stranger {
            file: name.to_owned(),
        })
    }
}
