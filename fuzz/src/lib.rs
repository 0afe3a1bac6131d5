//! What the fuzz targets share: the rooms of s4eca that read foreign bytes, a limit on memory, files in memory and
//! mutators that know a format.
//!
//! The rooms that the main crate builds only natively, with Burn, are included file by file: what parses in them does
//! not need Burn.

pub use s4eca::{archive, choosing, geo, jpeg, raster, reading, scene, segment, things, vision};

pub mod memory;
pub mod memory_file;
pub mod mutate;

#[path = "../../src/files/mod.rs"]
pub mod files;

/// Annotations of datasets.
#[path = "../../src/data/referring"]
pub mod data {
    pub mod pickle;
    pub mod rle;
}

/// Published checkpoints, without the conversion to this network.
#[path = "../../src/import"]
pub mod import {
    mod content;
    mod entry;
    mod error;
    mod family;
    mod file;
    mod folder;
    mod published;
    mod safetensors_file;
    mod torch_file;

    pub use error::ImportError;
    use published::Published;

    /// Opens a checkpoint, reads its first 64 tensors, and guesses what it is. Panics if a tensor has another number of
    /// values than its shape says.
    pub fn read_checkpoint(path: &std::path::Path) {
        let Ok(published) = Published::open(path) else {
            return;
        };
        let names: Vec<String> = published.names().take(64).map(str::to_owned).collect();
        for name in &names {
            let numbers = published
                .shape(name)
                .map(|shape| shape.iter().product::<usize>());
            if let Ok(values) = published.read(name) {
                assert_eq!(Some(values.len()), numbers, "{name}");
            }
        }
        family::guess(&published);
    }
}

/// The files of a training, without the training.
#[path = "../../src/train"]
pub mod train {
    mod checkpoint_file;
    mod loss_scale;
    mod progress;

    pub use checkpoint_file::CheckpointFile;
}

/// The manifest of a weights bundle, without its tensors.
#[cfg(feature = "weights")]
#[path = "../../src/bundle"]
pub mod bundle {
    mod error;
    mod manifest;
    mod precision;
    mod stored {
        /// Name of the word table among the tensors.
        pub const WORDS: &str = "words";
    }

    pub use error::BundleError;
    pub use manifest::{FORMAT, Manifest};
    pub use precision::BundlePrecision;
}

/// The sizes of the network, without the network.
#[cfg(feature = "weights")]
#[path = "../../src/model"]
pub mod model {
    mod config;

    pub use config::*;
}

/// What the rooms above name of quantised blocks, which are Burn's.
#[cfg(feature = "weights")]
pub mod quant;

#[cfg(feature = "weights")]
#[path = "../../src/text/mod.rs"]
pub mod text;
