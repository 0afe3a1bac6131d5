//! LERC, version 2 (Limited Error Raster Compression, Esri; blobs of codec versions 1 to 6), as libtiff stores it: one
//! blob per block, alone or compressed once more.
//!
//! A blob has a mask of its own. Floating-point pixels that it excludes become NaN, and a fourth or second byte that
//! the blob does not hold is alpha, as in libtiff.

mod bits;
mod blob;
mod content;
mod header;
mod huffman;
mod mask;
mod number;
mod tiles;

use self::blob::Blob;
use self::header::Header;
use super::{Problem, Shape, damaged, deflate, zstd};
use crate::raster::depth::{Depth, Format};
use crate::raster::problem::REWRITE;

/// A blob can be this much larger than its pixels.
const OVERHEAD: usize = 1 << 16;

/// Whether LERC can hold such samples.
pub fn fits(depth: Depth) -> bool {
    data_type(depth).is_some()
}

/// Number of LERC's data type.
fn data_type(depth: Depth) -> Option<u32> {
    Some(match (depth.format, depth.bits) {
        (Format::Signed, 8) => 0,
        (Format::Unsigned, 8) => 1,
        (Format::Signed, 16) => 2,
        (Format::Unsigned, 16) => 3,
        (Format::Signed, 32) => 4,
        (Format::Unsigned, 32) => 5,
        (Format::Float, 32) => 6,
        (Format::Float, 64) => 7,
        _ => return None,
    })
}

/// Decodes a block; numbers have their low byte first.
///
/// # Errors
/// Fails if it is damaged, of another version, or does not have the block's size.
pub fn decode(bytes: &[u8], shape: &Shape<'_>) -> Result<Vec<u8>, Problem> {
    // A mask has a bit per pixel, and stored numbers are never longer than the samples.
    let most = shape.bytes + shape.bytes / 4 + OVERHEAD;
    let unpacked;
    let bytes = match shape.lerc_compression {
        0 => bytes,
        1 => {
            unpacked = deflate::decode(bytes, most)?;
            &unpacked
        }
        2 => {
            unpacked = zstd::decode(bytes, most)?;
            &unpacked
        }
        other => {
            let found = format!("LERC compression with a second compression of number {other}");
            return Err(Problem::unsupported(found, REWRITE));
        }
    };
    let header = Header::read(bytes)?;
    let wrong = |reason| Err(damaged("LERC", reason));
    if (header.columns, header.rows) != (shape.width, shape.rows) {
        return wrong("its size is not the block's");
    }
    let samples = shape.depths.len();
    let has_alpha = header.data_type == 1 && header.depth + 1 == samples;
    if data_type(shape.depths[0]) != Some(header.data_type) || header.depth != samples && !has_alpha
    {
        return wrong("its numbers are not of the file's type");
    }
    let blob = Blob::read(bytes, header)?;
    Ok(match has_alpha {
        true => with_alpha(&blob, samples),
        false => blob.bytes,
    })
}

/// Interleaves the mask with the other samples, as alpha.
fn with_alpha(blob: &Blob, samples: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(blob.bytes.len() / (samples - 1) * samples);
    for (at, pixel) in blob.bytes.chunks_exact(samples - 1).enumerate() {
        bytes.extend_from_slice(pixel);
        bytes.push(if blob.mask.is_valid(at) { 255 } else { 0 });
    }
    bytes
}

#[cfg(test)]
mod tests;
