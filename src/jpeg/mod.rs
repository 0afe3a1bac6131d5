//! JPEG pictures, decoded to the pixels that libjpeg-turbo gives, which is what browsers show.
//!
//! Baseline and progressive Huffman-coded pictures of 8 bits (ITU-T T.81). The inverse DCT, the upsampling of chroma
//! and the colour conversion use libjpeg-turbo's integer arithmetic (its defaults: `islow`, fancy upsampling), so both
//! programs see the same pixels. A picture is decoded only if every block of it is in the file: a decoder that fills
//! missing blocks with grey would give a mask of something that does not exist.
//!
//! ```text
//! segments (headers, tables) ── scan (Huffman, blocks) ── idct ── planes ── upsample ── colour
//! ```

mod bits;
mod block;
mod colour;
mod decoder;
mod error;
mod frame;
mod huffman;
mod idct;
mod scan;
mod segments;
mod store;
mod upsample;

pub use colour::Conversion;
pub use decoder::{DecodedJpeg, check_jpeg, decode_jpeg, decode_jpeg_with_tables};
pub use error::JpegError;
pub use segments::{JpegHeader, read_jpeg_header};

#[cfg(test)]
mod tests;
