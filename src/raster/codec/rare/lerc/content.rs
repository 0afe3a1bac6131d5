//! A blob's description of its numbers, before they are decoded.

use super::header::Header;
use super::mask::Mask;

/// The values that the decoders of numbers need.
pub struct Content<'a> {
    /// The header.
    pub header: &'a Header,
    /// Which pixels are valid.
    pub mask: &'a Mask,
    /// Highest number of each band.
    pub most: Vec<f64>,
}
