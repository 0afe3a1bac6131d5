//! JPEG: blocks whose tables may be stored once for all of them (TIFF Technical Note 2).

use std::io::Cursor;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Problem, Shape, damaged};

/// PhotometricInterpretation of luma and chroma.
const YCBCR: u16 = 6;

/// Decodes a block: luma and chroma become red, green and blue, other samples stay as stored.
///
/// # Errors
/// Fails if it is damaged or does not have the block's size.
pub fn decode(bytes: &[u8], shape: &Shape<'_>) -> Result<Vec<u8>, Problem> {
    let whole;
    let bytes = match (&shape.layout.jpeg_tables, bytes) {
        // Tables and block are complete streams: without the markers between them they form one stream.
        (Some(tables), [0xff, 0xd8, rest @ ..]) if tables.len() >= 4 => {
            whole = [&tables[..tables.len() - 2], rest].concat();
            &whole
        }
        _ => bytes,
    };
    let wrong = |error| damaged("JPEG", error);
    let samples = shape.depths.len();
    let chroma = shape.layout.photometric == YCBCR && samples == 3;
    let options = DecoderOptions::default()
        .set_max_width(shape.width())
        .set_max_height(shape.layout.block.1.max(shape.rows));
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().map_err(wrong)?;
    let input = decoder.input_colorspace().unwrap_or(ColorSpace::Luma);
    let output = match input {
        ColorSpace::YCbCr if chroma => ColorSpace::RGB,
        other => other,
    };
    decoder.set_options(options.jpeg_set_out_colorspace(output));
    let pixels = decoder.decode().map_err(wrong)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    if width != shape.width() || height < shape.rows || pixels.len() < shape.bytes {
        return Err(damaged("JPEG", format!("it has {width} x {height} pixels")));
    }
    Ok(pixels)
}
