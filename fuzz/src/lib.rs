//! What the fuzz targets share: the rooms of s4eca that read foreign bytes, a limit on memory, files in memory and
//! mutators that know a format.
//!
//! The rooms that the main crate builds only natively, with Burn, are included file by file: what parses in them does
//! not need Burn.

#[cfg(feature = "network")]
pub use s4eca::{bundle, model, quant, text};
pub use s4eca::{choosing, geo, jpeg, raster, reading, scene, segment, things, vision};

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
    mod folder;
    mod published;
    mod safetensors_file;
    mod torch_file;

    pub use error::ImportError;
    pub use published::Published;

    /// What a checkpoint looks like.
    pub fn guess(published: &Published) -> String {
        family::guess(published)
    }
}

/// The training's checkpoint.
#[cfg(feature = "network")]
#[path = "../../src/train"]
pub mod train {
    mod checkpoint;
    mod loss_scale;
    mod progress;

    pub use checkpoint::{Checkpoint, CheckpointError};
}
