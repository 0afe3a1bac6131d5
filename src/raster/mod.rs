//! Scenes in files, read window by window: TIFF and BigTIFF of any size in bounded memory, other pictures
//! whole. The same code natively and in the browser, which decodes other pictures itself.
//!
//! ```text
//! directory ── layout, blocks ── codec, predictor, unpack ── level (samples of a block) ── scene::Stretch ──
//!     tiff_source (RGBA) ── source
//! ```

mod averaging;
mod blocks;
mod chunk_cache;
mod codec;
mod colours;
mod depth;
mod directory;
mod error;
mod facts;
#[cfg(feature = "native")]
mod file;
mod kind;
mod layout;
mod level;
#[cfg(feature = "native")]
mod map_store;
mod no_data;
mod order;
mod predictor;
mod preview;
mod problem;
mod reader;
mod samples;
mod source;
mod subfiles;
mod subsampled;
mod tiff_source;
mod unpack;
mod ycbcr;

pub use averaging::Averaging;
pub use error::RasterError;
pub use facts::Facts;
pub use kind::{HEAD, Kind};
#[cfg(feature = "native")]
pub use map_store::MapStore;
pub use preview::Preview;
pub use reader::ByteReader;
pub use source::{Piece, RasterSource};

#[cfg(all(test, feature = "native"))]
mod drawn;
#[cfg(all(test, feature = "native"))]
mod picture_tests;
#[cfg(all(test, feature = "native"))]
mod source_tests;

#[cfg(test)]
mod bounds_tests;
#[cfg(test)]
mod rare_tests;
