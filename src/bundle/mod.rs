//! The weights bundle: a manifest, a tokenizer and quantised shards, checked when loaded.

mod block;
mod error;
mod loader;
mod manifest;
mod precision;
mod tensors;

#[cfg(feature = "native")]
mod folder;
#[cfg(feature = "native")]
mod minilm;

pub use block::{BLOCK, Bits, Blocks};
pub use error::BundleError;
pub use loader::BundleLoader;
pub use manifest::{FORMAT, FileEntry, MANIFEST, Manifest, SHARD_BYTES};
pub use precision::{Precision, UnknownPrecision};
pub use tensors::{Residence, Tensors, WORDS};

#[cfg(feature = "native")]
pub use folder::{BundleFolder, read_bundle};
#[cfg(feature = "native")]
pub use minilm::{ImportError, read_minilm};
