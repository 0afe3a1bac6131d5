//! Scenes in files, read window by window: TIFF and BigTIFF of any size in bounded memory, other pictures
//! whole. Native only; in the browser geotiff.js and the browser itself read files.
//!
//! ```text
//! directory ── stored ── level (samples of a piece) ── scene::Stretch ── tiff_source (RGBA) ── source
//! ```

mod chunk_cache;
mod directory;
mod error;
mod kind;
mod level;
mod map_store;
mod samples;
mod source;
mod stored;
mod tiff_source;
mod ycbcr;

pub use error::RasterError;
pub use map_store::MapStore;
pub use source::{Piece, RasterSource};

#[cfg(test)]
mod drawn;
#[cfg(test)]
mod picture_tests;
#[cfg(test)]
mod source_tests;
