//! The kind of a file, by its first bytes.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::RasterError;

/// Bytes to examine: an SVG can begin with a comment.
const HEAD: u64 = 1024;

/// The kinds of file that are read differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// TIFF or BigTIFF.
    Tiff,
    /// Anything else that may be a picture.
    Picture,
}

impl Kind {
    /// Returns the kind of the file at `path`. If it cannot be opened, this is [`Kind::Picture`]: reading it then
    /// reports why.
    ///
    /// # Errors
    /// Fails for kinds of file that are often given by mistake, with advice on what to do.
    pub fn of(path: &Path) -> Result<Self, RasterError> {
        let mut head = Vec::new();
        let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
        if read.is_err() {
            return Ok(Self::Picture);
        }
        let other = |found, advice| RasterError::OtherKind {
            path: path.into(),
            found,
            advice,
        };
        let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
        match head.as_slice() {
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
