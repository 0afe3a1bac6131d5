//! Reads PNG, JPEG, TIFF and WebP files, recognised by their content, as 8-bit RGB.

mod jpeg_end;

use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use thiserror::Error;

use self::jpeg_end::jpeg_is_complete;
use crate::vision::{ImageError, MAX_PIXELS, RgbImage};

/// Most memory in bytes that a decoder may use: the largest image with four 16-bit channels, plus a margin.
const MAX_DECODED_BYTES: u64 = MAX_PIXELS as u64 * 8 + (64 << 20);

/// Why a file cannot be read as an image.
#[derive(Debug, Error)]
pub enum ImageFileError {
    /// There is nothing at that path.
    #[error("there is no file {}: check the path", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// The path is a folder.
    #[error("{} is a folder: give the path of one image", path.display())]
    Folder {
        /// The path.
        path: PathBuf,
    },
    /// Access is denied, or the disk fails.
    #[error("{} cannot be read ({source}): check its permissions and the disk", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system reported.
        source: io::Error,
    },
    /// The content is not an image of a known format.
    #[error("{} is not an image: give a PNG, JPEG, TIFF or WebP file", path.display())]
    NotAnImage {
        /// The path.
        path: PathBuf,
    },
    /// An image of an unsupported kind.
    #[error(
        "{} is {found}, which is not supported: convert it to an 8- or 16-bit RGB PNG, JPEG, TIFF or WebP",
        path.display()
    )]
    Unsupported {
        /// The path.
        path: PathBuf,
        /// What it is.
        found: String,
    },
    /// The file is empty, incomplete or not valid.
    #[error("{} is truncated or damaged ({reason}): copy or download it again", path.display())]
    Damaged {
        /// The path.
        path: PathBuf,
        /// What the decoder reported.
        reason: String,
    },
    /// The image is empty or too large.
    #[error("{}: {source}", path.display())]
    Size {
        /// The path.
        path: PathBuf,
        /// What is wrong with it.
        source: ImageError,
    },
}

/// Reads the image in a file.
///
/// The size is checked before anything is decoded. Grey becomes RGB, 16 bits are scaled to 8 (65535 becomes 255),
/// and alpha is composited over black. The EXIF orientation is applied, as in browsers, except for TIFF,
/// whose georeferencing refers to the pixels as stored.
///
/// # Errors
/// See [`ImageFileError`].
pub fn read_image(path: &Path) -> Result<RgbImage, ImageFileError> {
    let file_size = match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => return Err(ImageFileError::Folder { path: path.into() }),
        Ok(meta) => meta.len(),
        Err(error) => return Err(unreadable(path, error)),
    };
    let file = File::open(path).map_err(|error| unreadable(path, error))?;
    let mut reader = ImageReader::new(BufReader::new(file))
        .with_guessed_format()
        .map_err(|error| unreadable(path, error))?;
    let format = match reader.format() {
        Some(format) => format,
        None if file_size == 0 => {
            return Err(damaged(path, "the file is empty"));
        }
        None => return Err(ImageFileError::NotAnImage { path: path.into() }),
    };
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    reader.limits(limits);
    let mut decoder = reader
        .into_decoder()
        .map_err(|error| refused(path, format, error))?;

    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    let size = |source| ImageFileError::Size {
        path: path.into(),
        source,
    };
    if width == 0 || height == 0 {
        return Err(size(ImageError::Empty { width, height }));
    }
    if width
        .checked_mul(height)
        .is_none_or(|pixels| pixels > MAX_PIXELS)
    {
        return Err(size(ImageError::TooLarge { width, height }));
    }
    let turn = match format {
        ImageFormat::Tiff => None,
        _ => decoder.orientation().ok(),
    };
    let mut decoded =
        DynamicImage::from_decoder(decoder).map_err(|error| refused(path, format, error))?;
    if format == ImageFormat::Jpeg && !complete(path)? {
        return Err(damaged(path, "the end of the picture is missing"));
    }
    if let Some(turn) = turn {
        decoded.apply_orientation(turn);
    }
    let (width, height) = (decoded.width() as usize, decoded.height() as usize);
    let colour = decoded.color();
    if matches!(
        decoded,
        DynamicImage::ImageRgb32F(_) | DynamicImage::ImageRgba32F(_)
    ) {
        let found = "a floating-point image".to_owned();
        return Err(ImageFileError::Unsupported {
            path: path.into(),
            found,
        });
    }
    if colour.has_alpha() {
        RgbImage::from_rgba(width, height, &decoded.into_rgba8()).map_err(size)
    } else {
        RgbImage::new(width, height, decoded.into_rgb8().into_raw()).map_err(size)
    }
}

/// Whether a JPEG file has its end marker. The decoder can fill in missing data without an error (the rest of a
/// baseline picture becomes grey), so the end is checked separately.
fn complete(path: &Path) -> Result<bool, ImageFileError> {
    let file = File::open(path).map_err(|error| unreadable(path, error))?;
    jpeg_is_complete(BufReader::new(file)).map_err(|error| unreadable(path, error))
}

fn unreadable(path: &Path, source: io::Error) -> ImageFileError {
    let path = path.to_path_buf();
    match source.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => ImageFileError::Missing { path },
        _ => ImageFileError::Unreadable { path, source },
    }
}

fn damaged(path: &Path, reason: &str) -> ImageFileError {
    ImageFileError::Damaged {
        path: path.into(),
        reason: reason.to_owned(),
    }
}

fn refused(path: &Path, format: ImageFormat, error: image::ImageError) -> ImageFileError {
    match error {
        image::ImageError::Unsupported(_) => {
            let found = format!("a kind of {format:?} image");
            ImageFileError::Unsupported {
                path: path.into(),
                found,
            }
        }
        other => damaged(path, &other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{GrayImage, ImageBuffer, Luma, LumaA, Rgb, Rgba};

    use super::*;

    fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture
            .into()
            .write_to(&mut bytes, format)
            .expect("encoding");
        bytes.into_inner()
    }

    fn read(bytes: &[u8]) -> Result<RgbImage, ImageFileError> {
        let folder = tempfile::tempdir().expect("a folder");
        // The extension says nothing: the content decides.
        let path = folder.path().join("picture.dat");
        fs::write(&path, bytes).expect("a small file");
        read_image(&path)
    }

    fn rgb(width: u32, height: u32) -> image::RgbImage {
        image::RgbImage::from_fn(width, height, |x, y| {
            Rgb([(x * 5) as u8, (y * 7) as u8, 90])
        })
    }

    #[test]
    fn each_format_is_known_by_its_content() {
        let picture = rgb(40, 30);
        for format in [ImageFormat::Png, ImageFormat::Tiff, ImageFormat::WebP] {
            let found = read(&encoded(picture.clone(), format)).expect("an image");
            assert_eq!((found.width(), found.height()), (40, 30));
            assert_eq!(found.pixels(), picture.as_raw().as_slice(), "{format:?}");
        }
        let found = read(&encoded(picture.clone(), ImageFormat::Jpeg)).expect("an image");
        let difference = found
            .pixels()
            .iter()
            .zip(picture.as_raw())
            .map(|(a, b)| a.abs_diff(*b));
        assert!(difference.max().expect("pixels") < 40);
    }

    #[test]
    fn grey_16_bit_and_alpha_become_rgb() {
        let grey = GrayImage::from_raw(2, 1, vec![7, 200]).expect("two pixels");
        let found = read(&encoded(grey, ImageFormat::Png)).expect("grey");
        assert_eq!(found.pixels(), [7, 7, 7, 200, 200, 200]);
        for format in [ImageFormat::Png, ImageFormat::Tiff] {
            let deep: ImageBuffer<Luma<u16>, _> =
                ImageBuffer::from_raw(3, 1, vec![0, 0x8080, 0xffff]).expect("three pixels");
            let found = read(&encoded(deep, format)).expect("16 bit");
            assert_eq!(found.pixels(), [0, 0, 0, 128, 128, 128, 255, 255, 255]);
        }
        let clear: ImageBuffer<Rgba<u8>, _> =
            ImageBuffer::from_raw(2, 1, vec![200, 100, 50, 255, 200, 100, 50, 0])
                .expect("two pixels");
        let found = read(&encoded(clear, ImageFormat::Png)).expect("alpha");
        assert_eq!(found.pixels(), [200, 100, 50, 0, 0, 0]);
        let clear: ImageBuffer<LumaA<u8>, _> =
            ImageBuffer::from_raw(1, 1, vec![90, 0]).expect("one pixel");
        assert_eq!(
            read(&encoded(clear, ImageFormat::Png))
                .expect("alpha")
                .pixels(),
            [0, 0, 0]
        );
    }

    #[test]
    fn one_pixel_and_a_very_wide_image_are_images() {
        assert_eq!(
            read(&encoded(rgb(1, 1), ImageFormat::Png))
                .expect("one pixel")
                .width(),
            1
        );
        let wide = read(&encoded(rgb(20_000, 2), ImageFormat::Png)).expect("wide");
        assert_eq!((wide.width(), wide.height()), (20_000, 2));
    }

    #[test]
    fn a_truncated_image_is_refused_wherever_it_ends() {
        let noise = image::RgbImage::from_fn(64, 64, |x, y| {
            let hash = (x * 2_654_435 + y * 40_503).wrapping_mul(2_246_822_519);
            Rgb([(hash >> 24) as u8, (hash >> 16) as u8, (hash >> 8) as u8])
        });
        let formats = [
            ImageFormat::Png,
            ImageFormat::Jpeg,
            ImageFormat::Tiff,
            ImageFormat::WebP,
        ];
        for format in formats {
            let bytes = encoded(noise.clone(), format);
            read(&bytes).expect("whole");
            for share in [30, 50, 70, 90, 97] {
                let error = read(&bytes[..bytes.len() * share / 100]).expect_err("truncated");
                let message = error.to_string();
                assert!(
                    matches!(error, ImageFileError::Damaged { .. }),
                    "{format:?}: {message}"
                );
                assert!(message.contains("again"), "{message}");
            }
        }
    }

    #[test]
    fn what_is_not_an_image_is_named() {
        let error = read(b"%PDF-1.7 a document").expect_err("not an image");
        assert!(
            matches!(error, ImageFileError::NotAnImage { .. }),
            "{error}"
        );
        assert!(matches!(read(b""), Err(ImageFileError::Damaged { .. })));
        let error = read(b"GIF89a\x01\x00\x01\x00\x00\x00\x00").expect_err("a GIF");
        assert!(
            matches!(error, ImageFileError::Unsupported { .. }),
            "{error}"
        );
        let folder = tempfile::tempdir().expect("a folder");
        let error = read_image(folder.path()).expect_err("a folder");
        assert!(matches!(error, ImageFileError::Folder { .. }), "{error}");
        let error = read_image(&folder.path().join("no.png")).expect_err("nothing");
        assert!(matches!(error, ImageFileError::Missing { .. }), "{error}");
    }

    #[test]
    fn a_huge_size_is_refused_before_decoding() {
        // IHDR is at bytes 8..33: length, type, width, height, five bytes, CRC.
        let mut bytes = encoded(rgb(1, 1), ImageFormat::Png);
        bytes[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        let crc = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        let error = read(&bytes).expect_err("65,536 x 65,536");
        let size = ImageError::TooLarge {
            width: 65_536,
            height: 65_536,
        };
        assert!(
            matches!(&error, ImageFileError::Size { source, .. } if *source == size),
            "{error}"
        );
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let step = |crc: u32| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        };
        !bytes.iter().fold(!0, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| step(crc))
        })
    }
}
