//! Reads PNG, JPEG, TIFF and WebP files, recognised by their content, as 8-bit RGB.

mod animated_png;
mod room;

use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use image::metadata::Orientation;
use image::{
    DynamicImage, GrayImage, ImageBuffer, ImageDecoder, ImageFormat, ImageReader, Limits, Luma,
    LumaA, Rgb, Rgba,
};
use thiserror::Error;

use self::animated_png::still_is_apart;
use self::room::Missing;
use crate::jpeg::{JpegError, decode_jpeg, read_jpeg_header};
use crate::vision::{ImageError, MAX_PIXELS, RgbImage};

/// Maximum memory in bytes that a decoder may use: the largest image with four 16-bit channels, plus a margin.
const MAX_DECODED_BYTES: u64 = MAX_PIXELS as u64 * 8 + (64 << 20);

/// Why a file cannot be read as an image.
#[derive(Debug, Error)]
pub enum ImageFileError {
    /// The path does not exist.
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

/// How a picture's EXIF orientation is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is applied to JPEG and PNG, as in browsers. It is not applied to WebP, where browsers differ, or to TIFF,
    /// whose georeferencing refers to the pixels as stored.
    Upright,
    /// It is not applied: a world file refers to the pixels as stored.
    AsStored,
}

/// An image in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its pixels; alpha is composited over black.
    pub image: RgbImage,
    /// For every pixel, whether it has data: pixels with alpha 0 have none. None if all pixels have data.
    pub has_data: Option<Vec<bool>>,
    /// Whether EXIF asks for a rotation or a reflection that was not applied.
    pub exif_ignored: bool,
}

/// Reads the image in a file, turned upright. See [`read_picture`].
///
/// # Errors
/// See [`ImageFileError`].
pub fn read_image(path: &Path) -> Result<RgbImage, ImageFileError> {
    read_picture(path, Turn::Upright).map(|picture| picture.image)
}

/// Reads the image in a file.
///
/// The size is checked before anything is decoded. Grey becomes RGB, 16 bits become their upper 8 as in browsers, and
/// alpha is composited over black. Colour profiles and gamma are ignored. Of an animation this is the first frame.
///
/// # Errors
/// See [`ImageFileError`].
pub fn read_picture(path: &Path, turn: Turn) -> Result<Picture, ImageFileError> {
    let file_size = match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => return Err(ImageFileError::Folder { path: path.into() }),
        Ok(meta) => meta.len(),
        Err(error) => return Err(unreadable(path, error)),
    };
    let file = File::open(path).map_err(|error| unreadable(path, error))?;
    let reader = ImageReader::new(BufReader::new(file))
        .with_guessed_format()
        .map_err(|error| unreadable(path, error))?;
    let format = match reader.format() {
        Some(format) => format,
        None if file_size == 0 => {
            return Err(damaged(path, "the file is empty"));
        }
        None => return Err(ImageFileError::NotAnImage { path: path.into() }),
    };
    let (mut decoded, orientation) = match format {
        ImageFormat::Jpeg => jpeg(path)?,
        ImageFormat::Png if apart(path)? => {
            let found = "an animated PNG whose still picture is not a part of the animation";
            return Err(ImageFileError::Unsupported {
                path: path.into(),
                found: found.to_owned(),
            });
        }
        _ => other(path, format, reader)?,
    };
    let turned = orientation != Orientation::NoTransforms && format != ImageFormat::Tiff;
    let applied = turn == Turn::Upright && format != ImageFormat::WebP;
    if turned && applied {
        decoded.apply_orientation(orientation);
    }
    let (width, height) = (decoded.width() as usize, decoded.height() as usize);
    let size = |source| ImageFileError::Size {
        path: path.into(),
        source,
    };
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
    let decoded = upper_bytes(decoded);
    let (image, has_data) = if decoded.color().has_alpha() {
        let rgba = decoded.into_rgba8();
        let has_data: Vec<bool> = rgba.pixels().map(|pixel| pixel.0[3] > 0).collect();
        let hidden = has_data.contains(&false);
        let image = RgbImage::from_rgba(width, height, &rgba).map_err(size)?;
        (image, hidden.then_some(has_data))
    } else {
        let image = RgbImage::new(width, height, decoded.into_rgb8().into_raw()).map_err(size)?;
        (image, None)
    };
    Ok(Picture {
        image,
        has_data,
        exif_ignored: turned && !applied,
    })
}

/// The upper byte of each 16-bit sample; other samples stay unchanged.
fn upper_bytes(decoded: DynamicImage) -> DynamicImage {
    fn upper<P, Q>(image: ImageBuffer<P, Vec<u16>>) -> Option<DynamicImage>
    where
        P: image::Pixel<Subpixel = u16>,
        Q: image::Pixel<Subpixel = u8>,
        DynamicImage: From<ImageBuffer<Q, Vec<u8>>>,
    {
        let (width, height) = image.dimensions();
        let samples = image.into_raw();
        let bytes = samples.iter().map(|value| (value >> 8) as u8).collect();
        ImageBuffer::<Q, _>::from_raw(width, height, bytes).map(DynamicImage::from)
    }
    let empty = || DynamicImage::from(GrayImage::new(0, 0));
    match decoded {
        DynamicImage::ImageLuma16(image) => upper::<_, Luma<u8>>(image).unwrap_or_else(empty),
        DynamicImage::ImageLumaA16(image) => upper::<_, LumaA<u8>>(image).unwrap_or_else(empty),
        DynamicImage::ImageRgb16(image) => upper::<_, Rgb<u8>>(image).unwrap_or_else(empty),
        DynamicImage::ImageRgba16(image) => upper::<_, Rgba<u8>>(image).unwrap_or_else(empty),
        other => other,
    }
}

fn apart(path: &Path) -> Result<bool, ImageFileError> {
    let file = File::open(path).map_err(|error| unreadable(path, error))?;
    match still_is_apart(&mut BufReader::new(file)) {
        // The decoder then reports what is missing.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        other => other.map_err(|error| unreadable(path, error)),
    }
}

fn jpeg(path: &Path) -> Result<(DynamicImage, Orientation), ImageFileError> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, error))?;
    let refused = |error| refused_jpeg(path, error);
    let header = read_jpeg_header(&bytes).map_err(refused)?;
    let decoded = decode_jpeg(&bytes).map_err(refused)?;
    let (width, height) = (decoded.width as u32, decoded.height as u32);
    let image = match decoded.channels {
        1 => GrayImage::from_raw(width, height, decoded.pixels).map(DynamicImage::from),
        _ => image::RgbImage::from_raw(width, height, decoded.pixels).map(DynamicImage::from),
    };
    let image = image.ok_or_else(|| damaged(path, "its pixels do not fill it"))?;
    let exif = header.exif.as_deref();
    let orientation = exif.and_then(Orientation::from_exif_chunk);
    Ok((image, orientation.unwrap_or(Orientation::NoTransforms)))
}

fn other(
    path: &Path,
    format: ImageFormat,
    mut reader: ImageReader<BufReader<File>>,
) -> Result<(DynamicImage, Orientation), ImageFileError> {
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
    let stored = fs::metadata(path)
        .map_err(|error| unreadable(path, error))?
        .len();
    match room::check(path, format, decoder.total_bytes(), stored) {
        Ok(()) => {}
        Err(Missing::Damaged(reason)) => return Err(damaged(path, &reason)),
        Err(Missing::TooDense) => {
            return Err(ImageFileError::Unsupported {
                path: path.into(),
                found: format!("a {format:?} image of {width} x {height} pixels in {stored} bytes"),
            });
        }
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let decoded =
        DynamicImage::from_decoder(decoder).map_err(|error| refused(path, format, error))?;
    Ok((decoded, orientation))
}

fn refused_jpeg(path: &Path, error: JpegError) -> ImageFileError {
    match error {
        JpegError::Unsupported(found) => ImageFileError::Unsupported {
            path: path.into(),
            found: found.to_owned(),
        },
        JpegError::TooLarge { width, height } => ImageFileError::Size {
            path: path.into(),
            source: ImageError::TooLarge { width, height },
        },
        JpegError::CutShort | JpegError::Damaged(_) => damaged(path, &error.to_string()),
    }
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
        image::ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            damaged(path, "it ends before its picture does")
        }
        // The decoders' own words are for programmers.
        image::ImageError::Decoding(_) => damaged(path, "its data is not valid"),
        other => damaged(path, &other.to_string()),
    }
}

#[cfg(test)]
mod tests;
