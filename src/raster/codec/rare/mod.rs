//! Codecs that few files use, with the feature `rare`: the native program and the page's full module have them.

mod ccitt;
mod jpeg_xl;
mod lerc;
mod webp;
mod zstd;

use super::{Compression, Problem, Shape, damaged, deflate};
use crate::raster::depth::{Depth, Format};

/// Advice for files that GDAL does not read either.
pub const EXPORT_AGAIN: &str = "GDAL does not read it either; export it again from its source, with LZW or Deflate compression";

/// See [`Compression::working_bytes`].
pub fn working_bytes(compression: Compression, decoded: u64) -> Option<u64> {
    match compression {
        // The window.
        Compression::Zstd => Some(decoded),
        // Planes of components, and the samples made of them.
        Compression::JpegXl => {
            let planes = decoded.checked_mul(jpeg_xl::FACTOR as u64)?;
            planes.checked_add(jpeg_xl::MARGIN as u64)
        }
        // Memory for a blob that was compressed once more, and for its numbers.
        Compression::Lerc => decoded.checked_mul(3),
        // Memory for pixels with alpha, and for frames inside the decoder.
        Compression::WebP => decoded.checked_mul(3)?.checked_add(webp::MARGIN as u64),
        _ => Some(0),
    }
}

/// See [`Compression::fits`].
pub fn fits(compression: Compression, depths: &[Depth], planar: bool) -> bool {
    let first = depths[0];
    let same = depths.iter().all(|depth| *depth == first);
    let are = |bits| same && first.format == Format::Unsigned && first.bits == bits;
    match compression {
        Compression::CcittRle | Compression::CcittGroup3 | Compression::CcittGroup4 => {
            are(1) && (planar || depths.len() == 1)
        }
        Compression::WebP => are(8) && !planar && matches!(depths.len(), 3 | 4),
        Compression::JpegXl => same && jpeg_xl::fits(first),
        Compression::Lerc => same && lerc::fits(first),
        _ => true,
    }
}

/// Decodes a block of a rare compression.
///
/// # Errors
/// Fails if it is damaged or of a kind that is not supported.
pub fn decode(
    compression: Compression,
    bytes: &[u8],
    shape: &Shape<'_>,
) -> Result<Vec<u8>, Problem> {
    match compression {
        Compression::Zstd => zstd::decode(bytes, shape.bytes),
        Compression::JpegXl => jpeg_xl::decode(bytes, shape),
        Compression::WebP => webp::decode(bytes, shape),
        Compression::Lerc => lerc::decode(bytes, shape),
        _ => ccitt::decode(compression, bytes, shape),
    }
}
