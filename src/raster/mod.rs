//! Scenes in files, read window by window: TIFF and BigTIFF of any size in bounded memory, other pictures
//! whole. The same code natively and in the browser, which decodes other pictures itself.
//!
//! ```text
//! directory ── stored ── level (samples of a piece) ── scene::Stretch ── tiff_source (RGBA) ── source
//! ```

mod chunk_cache;
mod directory;
mod error;
mod facts;
#[cfg(feature = "native")]
mod file;
mod kind;
mod level;
#[cfg(feature = "native")]
mod map_store;
mod preview;
mod reader;
mod samples;
mod source;
mod stored;
mod tiff_source;
mod ycbcr;

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
mod source_tests;
