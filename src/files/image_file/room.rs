//! Whether a large picture is in its file, before memory for it is allocated.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use image::ImageFormat;

/// Pictures of up to this many decoded bytes are decoded without a check.
const UNCHECKED_BYTES: u64 = 64 << 20;
/// Maximum ratio of decoded to stored bytes, for formats whose rows cannot be read one at a time.
const DENSEST: u64 = 128;

/// Why there is no room for a picture in its file.
#[derive(Debug, PartialEq, Eq)]
pub enum Missing {
    /// The decoder's message.
    Damaged(String),
    /// So few bytes can only hold a picture of nearly one colour, or a damaged one.
    TooDense,
}

/// Checks that a picture of `decoded` bytes can be in its file of `stored` bytes. A large PNG is read row by row for
/// this.
///
/// # Errors
/// See [`Missing`].
pub fn check(path: &Path, format: ImageFormat, decoded: u64, stored: u64) -> Result<(), Missing> {
    if decoded <= UNCHECKED_BYTES {
        return Ok(());
    }
    match format {
        ImageFormat::Png => rows(path).map_err(|error| Missing::Damaged(error.to_string())),
        _ if decoded / DENSEST > stored => Err(Missing::TooDense),
        _ => Ok(()),
    }
}

/// Reads all rows of a PNG's first picture without keeping them.
fn rows(path: &Path) -> Result<(), png::DecodingError> {
    let limits = png::Limits {
        bytes: UNCHECKED_BYTES as usize,
    };
    let file = BufReader::new(File::open(path)?);
    let mut reader = png::Decoder::new_with_limits(file, limits).read_info()?;
    while reader.next_row()?.is_some() {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Cursor;

    use image::GrayImage;

    use super::*;

    #[test]
    fn a_large_png_must_have_all_its_rows() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("large.png");
        let mut bytes = Cursor::new(Vec::new());
        let picture = GrayImage::new(9000, 9000);
        picture
            .write_to(&mut bytes, ImageFormat::Png)
            .expect("encoding");
        let bytes = bytes.into_inner();
        let check = |bytes: &[u8]| {
            fs::write(&path, bytes).expect("a file");
            check(&path, ImageFormat::Png, 81_000_000, bytes.len() as u64)
        };
        assert_eq!(check(&bytes), Ok(()));
        let cut = check(&bytes[..bytes.len() / 2]);
        assert!(matches!(cut, Err(Missing::Damaged(_))), "{cut:?}");
    }

    #[test]
    fn other_formats_must_have_a_byte_for_many_pixels() {
        let check = |decoded, stored| check(Path::new(""), ImageFormat::WebP, decoded, stored);
        assert_eq!(check(60 << 20, 30), Ok(()));
        assert_eq!(check(250 << 20, 2 << 20), Ok(()));
        assert_eq!(check(250 << 20, 1 << 20), Err(Missing::TooDense));
    }
}
