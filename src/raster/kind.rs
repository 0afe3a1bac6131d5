//! The kind of a file, by its first bytes.

use super::error::RasterError;

/// Bytes to examine: an SVG can begin with a comment.
pub const HEAD: u64 = 1024;

/// The kinds of file that are read differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// TIFF or BigTIFF.
    Tiff,
    /// Anything else that may be a picture.
    Picture,
}

impl Kind {
    /// Returns the kind of the file `name` whose first [`HEAD`] bytes, or all if it has fewer, are `head`.
    ///
    /// # Errors
    /// Fails for kinds of file that are often given by mistake, with advice on what to do.
    pub fn of(head: &[u8], name: &str) -> Result<Self, RasterError> {
        let other = |found, advice| RasterError::OtherKind {
            name: name.into(),
            found,
            advice,
        };
        let text = String::from_utf8_lossy(head).to_ascii_lowercase();
        match head {
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Ok(Self::Tiff),
            [b'P', b'K', 3 | 5, ..] => Err(other("a ZIP archive", "unpack it and give the image")),
            [b'%', b'P', b'D', b'F', ..] => Err(other("a PDF", "export its image as a TIFF")),
            _ if text.contains("<svg") => Err(other(
                "an SVG drawing",
                "it has no pixels; export it as a PNG at the size you need",
            )),
            _ => Ok(Self::Picture),
        }
    }
}
