//! Folders of aerial images with labels, in one common layout.
//!
//! ```text
//! DATA/scenes.jsonl   one scene per line: id, source, split, image, width, height, gsd_m, labels, instances, and,
//!                     if known, split_group (its place) and complete (its own list of classes)
//! DATA/classes.json   {"classes": {"0": "not road", "1": "road", "255": "unknown"}, "complete": ["road"]},
//!                     or the older form, a list of names; needed only if there are label maps
//! DATA/images, DATA/labels
//! ```
//! A label map is a PNG of class numbers; 255 is unknown. `instances` are outlines in pixels. A class that is
//! `complete` is labelled wherever it occurs. For any other class, nothing is known about unlabelled pixels.

mod crops;
mod error;
mod folder;
mod name;
mod outline;
mod record;

pub use crops::LabelledCrops;
pub use error::LabelledError;
pub use folder::{LabelledFolder, LabelledScene, Split};
