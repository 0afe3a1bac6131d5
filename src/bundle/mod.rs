//! The weights bundle: a manifest, a tokenizer and quantised shards, checked when loaded.

mod block;
#[cfg(feature = "native")]
mod encoders;
mod error;
mod loader;
mod manifest;
mod precision;
mod tensors;
mod tokenizer;

#[cfg(feature = "native")]
mod folder;

pub use block::{BLOCK, Bits, Blocks};
pub use error::BundleError;
pub use loader::BundleLoader;
pub use manifest::{FORMAT, FileEntry, MANIFEST, Manifest, SHARD_BYTES};
pub use precision::{Precision, UnknownPrecision};
pub use tensors::{Residence, Tensors, WORDS};
pub use tokenizer::tokenizer_for;

#[cfg(feature = "native")]
pub use folder::{BundleFolder, read_bundle};
