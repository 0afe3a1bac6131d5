//! The weights bundle: a manifest, a tokenizer and quantised shards, checked when loaded.

mod blank;
mod common_words;
#[cfg(feature = "native")]
mod encoders;
mod error;
mod loader;
mod manifest;
mod pack;
mod precision;
mod stored;
mod taught;
mod taught_words;
mod tensors;
mod tokenizer;

#[cfg(feature = "native")]
mod folder;
#[cfg(feature = "native")]
mod word_list;

pub use blank::blank_network;
pub use common_words::read_whole_words;
pub use error::BundleError;
pub use loader::{BundleLoader, Loaded};
pub use manifest::{CommonWordsEntry, FORMAT, FileEntry, MANIFEST, Manifest, SHARD_BYTES, sha256};
pub use pack::{Base, Pack, PackFacts, PackManifest};
pub use precision::{BundlePrecision, UnknownPrecision};
pub use stored::{WORDS, WeightStorage};
pub use taught::{TaughtNetwork, TrainedTensors};
pub use taught_words::TaughtWords;
pub use tensors::Tensors;
pub use tokenizer::tokenizer_for;

#[cfg(feature = "native")]
pub use folder::{BundleFolder, read_bundle, read_pack};
