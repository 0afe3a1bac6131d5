//! JPEG: blocks whose tables may be stored once for all of them (TIFF Technical Note 2).

use super::{Problem, Shape, damaged};
use crate::jpeg::{Conversion, JpegError, decode_jpeg_with_tables, read_jpeg_header};
use crate::raster::problem::REWRITE;

/// Decodes a block: luma and chroma become red, green and blue, other samples stay as stored.
///
/// # Errors
/// Fails if it is damaged or does not have the block's size.
pub fn decode(bytes: &[u8], shape: &Shape<'_>) -> Result<Vec<u8>, Problem> {
    let wrong = |error| match error {
        JpegError::Unsupported(found) => Problem::unsupported(found, REWRITE),
        other => damaged("JPEG", other),
    };
    let samples = shape.depths.len();
    let header = read_jpeg_header(bytes).map_err(wrong)?;
    // The last strip may be stored whole.
    let (width, height) = (header.width, header.height);
    let most = shape.whole_rows.max(shape.rows);
    if width != shape.width || !(shape.rows..=most).contains(&height) {
        return Err(damaged("JPEG", format!("it has {width} x {height} pixels")));
    }
    let conversion = match shape.luma && samples == 3 {
        true => Conversion::FromLuma,
        false => Conversion::Stored,
    };
    let decoded = decode_jpeg_with_tables(bytes, shape.jpeg_tables, conversion).map_err(wrong)?;
    match decoded.channels == samples {
        true => Ok(decoded.pixels),
        false => {
            let reason = format!("it has {} samples per pixel", decoded.channels);
            Err(damaged("JPEG", reason))
        }
    }
}
