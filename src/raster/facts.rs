//! Facts about a scene's bands for the user.

/// The bands and versions of a TIFF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Samples per pixel.
    pub bands: usize,
    /// Bands that are shown: colours and alpha.
    pub used: usize,
    /// Bits per sample, of the first band.
    pub bits: u16,
    /// Smaller versions in the file.
    pub overviews: usize,
    /// Whether samples are stretched to 8 bits, because they have more.
    pub stretched: bool,
    /// Whether a mask in the file hides pixels.
    pub masked: bool,
}
