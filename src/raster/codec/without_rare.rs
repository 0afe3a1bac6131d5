//! In place of the rare codecs where they were not compiled: in the page's small module. No file gets here, because
//! [`Compression::of`] says first that it needs the full module.

use super::{Compression, Problem, REWRITE, Shape};
use crate::raster::depth::Depth;

/// Memory that a decoder takes.
pub fn working_bytes(_: Compression, _: u64) -> Option<u64> {
    Some(0)
}

/// Whether a compression can hold samples of these depths.
pub fn fits(_: Compression, _: &[Depth], _: bool) -> bool {
    true
}

/// # Errors
/// Fails always.
pub fn decode(compression: Compression, _: &[u8], _: &Shape<'_>) -> Result<Vec<u8>, Problem> {
    Err(Problem::unsupported(compression.name(), REWRITE))
}
