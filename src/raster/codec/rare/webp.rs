//! WebP: red, green and blue, with alpha as a fourth sample.

use std::io::Cursor;

use image_webp::WebPDecoder;

use super::{Problem, Shape, damaged};

/// Memory that the decoder needs in addition to the pixels.
pub const MARGIN: usize = 16 << 20;

/// Decodes a block of three or four samples per pixel.
///
/// # Errors
/// Fails if it is damaged or does not have the block's size.
pub fn decode(bytes: &[u8], shape: &Shape<'_>) -> Result<Vec<u8>, Problem> {
    let wrong = |error| damaged("WebP", error);
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(wrong)?;
    let (width, height) = decoder.dimensions();
    if (width as usize, height as usize) != (shape.width, shape.rows) {
        return Err(damaged("WebP", format!("it has {width} x {height} pixels")));
    }
    decoder.set_memory_limit(shape.bytes.saturating_mul(2).saturating_add(MARGIN));
    let stored = if decoder.has_alpha() { 4 } else { 3 };
    let mut pixels = vec![0; shape.width * shape.rows * stored];
    decoder.read_image(&mut pixels).map_err(wrong)?;
    Ok(match (stored, shape.depths.len()) {
        (3, 4) => pixels
            .chunks_exact(3)
            .flat_map(|p| [p[0], p[1], p[2], 255])
            .collect(),
        (4, 3) => pixels
            .chunks_exact(4)
            .flat_map(|p| [p[0], p[1], p[2]])
            .collect(),
        _ => pixels,
    })
}
