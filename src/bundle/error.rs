//! What can be wrong with a weights bundle.

use thiserror::Error;

/// A bundle that cannot be used; the message says which file is wrong and what to do.
#[derive(Debug, Error)]
pub enum BundleError {
    /// The manifest cannot be parsed.
    #[error(
        "manifest.json is not a weights manifest ({0}): check the address or export the bundle again"
    )]
    Manifest(#[source] serde_json::Error),
    /// The manifest has another format version.
    #[error(
        "the bundle has format {found}, this program reads format {}: use a matching version",
        super::FORMAT
    )]
    Format {
        /// Version found.
        found: u32,
    },
    /// The manifest describes a network that cannot be built.
    #[error("the manifest describes a network that cannot be built ({0}): export the bundle again")]
    Config(#[from] crate::model::ConfigError),
    /// The network is a baseline that this build cannot run.
    #[error(
        "the bundle holds a baseline, which only the native program runs: choose weights that were trained with \
         S4ECA's own adapters"
    )]
    Baseline,
    /// The manifest describes a network with more weights than its shards can hold.
    #[error(
        "the manifest describes a network of at least {weights} weights, but its shards have only {bytes} \
         bytes: export the bundle again"
    )]
    Weights {
        /// Minimum number of weights of the network.
        weights: u64,
        /// Bytes of all shards.
        bytes: u64,
    },
    /// A file name that leads out of the bundle's folder.
    #[error("the manifest names the file {file:?}, which is not in the manifest's own folder")]
    FileName {
        /// The name.
        file: String,
    },
    /// A file that the manifest does not name.
    #[error("{file} is not part of this bundle")]
    Stranger {
        /// The name.
        file: String,
    },
    /// A file that the manifest names was not given.
    #[error("{file} is missing from the bundle: fetch it again")]
    Missing {
        /// The name.
        file: String,
    },
    /// A file of the wrong size.
    #[error(
        "{file} has {found} bytes instead of {expected}: it is incomplete or another file, fetch it again"
    )]
    Size {
        /// The file.
        file: String,
        /// Bytes according to the manifest.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// A file with the wrong content.
    #[error("{file} is damaged (its SHA-256 is not the manifest's): fetch it again")]
    Hash {
        /// The file.
        file: String,
    },
    /// A shard that is not burnpack.
    #[error("{file} is not a burnpack file ({reason}): export the bundle again")]
    Shard {
        /// The file.
        file: String,
        /// The reader's message.
        reason: String,
    },
    /// A tensor whose bytes do not fit its shape, or whose type bundles do not hold.
    #[error("the tensor {name} cannot be read ({reason}): export the bundle again")]
    Tensor {
        /// Name of the tensor.
        name: String,
        /// Why.
        reason: String,
    },
    /// The tensors are not those of the network in the manifest.
    #[error("the weights do not fit the network {preset:?} of the manifest: {reason}")]
    Mismatch {
        /// Preset that the manifest names.
        preset: String,
        /// What is missing, superfluous or of another shape.
        reason: String,
    },
    /// An adapter pack that cannot be read.
    #[error("this is not an adapter pack that can be read ({reason}): make or download it again")]
    Pack {
        /// What is wrong.
        reason: String,
    },
    /// An adapter pack of another bundle.
    #[error(
        "the adapter pack {pack:?} belongs to the weights {wanted}, and these are {found}: choose the weights that \
         it was made with, or adapt again"
    )]
    OtherBase {
        /// Name of the pack.
        pack: String,
        /// The bundle that it was made with.
        wanted: String,
        /// The bundle that is loaded.
        found: String,
    },
    /// The tokenizer cannot be used.
    #[error(transparent)]
    Tokenizer(#[from] crate::text::TextError),
    /// A file that cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
}
