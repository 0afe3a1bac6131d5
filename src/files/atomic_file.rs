//! Atomic file writes: a file is written under a temporary name beside its target, flushed to disk and
//! renamed, so it is either complete or absent.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use thiserror::Error;

use crate::vision::RgbImage;

/// Suffix of the name of a file that is still being written.
pub const PARTIAL: &str = ".partial";

/// Why a file was not written. The file that was there before is unchanged.
#[derive(Debug, Error)]
pub enum FileError {
    /// No space left.
    #[error(
        "the disk is full: {} was not written and the previous file is kept; make room and start again",
        path.display()
    )]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// The folder to write in does not exist.
    #[error("the folder {} does not exist: create it, or choose another location", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// No permission, or a read-only disk.
    #[error("no permission to write {}: choose another location, or change its permissions", path.display())]
    Denied {
        /// The file.
        path: PathBuf,
    },
    /// The path is a folder, or does not end in a file name.
    #[error("{} is a folder: give the name of a file", path.display())]
    IsFolder {
        /// The path.
        path: PathBuf,
    },
    /// Anything else.
    #[error("{} could not be written or read ({source}): check the disk", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

impl FileError {
    /// Returns the error for `path` that matches the system's error.
    pub fn from_io(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull { path },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::Denied { path },
            ErrorKind::IsADirectory => Self::IsFolder { path },
            _ => Self::Io { path, source },
        }
    }
}

/// Writes `path` through `write`, or keeps the previous file. Whenever the process dies, the file is the old
/// one or the new one, never a partial one.
///
/// # Errors
/// Fails if `write` fails, or if the file cannot be created, flushed or renamed.
pub fn write_atomic(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), FileError> {
    let Some(name) = path.file_name().filter(|_| !path.is_dir()) else {
        return Err(FileError::IsFolder {
            path: path.to_path_buf(),
        });
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(FileError::NoFolder {
            path: folder.to_path_buf(),
        });
    }
    let mut partial = name.to_os_string();
    partial.push(format!(".{}{PARTIAL}", std::process::id()));
    let partial = folder.join(partial);
    let written = fill(&partial, write).and_then(|()| fs::rename(&partial, path));
    if let Err(source) = written {
        // On a full disk, the partial file must not keep the space. The error is the same if it cannot be removed.
        let _ = fs::remove_file(&partial);
        return Err(FileError::from_io(path, source));
    }
    // The new name must survive a power cut too, but not every file system can flush a folder.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn fill(
    partial: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(partial)?);
    write(&mut file)?;
    file.flush()?;
    file.get_ref().sync_all()
}

/// Writes an 8-bit grey PNG from `values`, `[height, width]`.
///
/// Panics if `values` has another length, which is a programming error.
///
/// # Errors
/// Same as [`write_atomic`].
pub fn write_png_gray(
    path: &Path,
    width: usize,
    height: usize,
    values: &[u8],
) -> Result<(), FileError> {
    assert_eq!(
        values.len(),
        width * height,
        "a grey image has one byte per pixel"
    );
    write_png(path, width, height, values, ExtendedColorType::L8)
}

/// Writes an 8-bit RGB PNG.
///
/// # Errors
/// Same as [`write_atomic`].
pub fn write_png_rgb(path: &Path, image: &RgbImage) -> Result<(), FileError> {
    let colour = ExtendedColorType::Rgb8;
    write_png(path, image.width(), image.height(), image.pixels(), colour)
}

fn write_png(
    path: &Path,
    width: usize,
    height: usize,
    bytes: &[u8],
    colour: ExtendedColorType,
) -> Result<(), FileError> {
    write_atomic(path, |file| {
        let side = |side| u32::try_from(side).map_err(io::Error::other);
        PngEncoder::new(file)
            .write_image(bytes, side(width)?, side(height)?, colour)
            .map_err(|error| match error {
                image::ImageError::IoError(error) => error,
                other => io::Error::other(other),
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::names_in;

    #[test]
    fn a_disk_that_fills_half_way_leaves_the_old_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.bin");
        write_atomic(&path, |file| file.write_all(b"old")).expect("the first");
        let error = write_atomic(&path, |file| {
            file.write_all(&[7; 100_000])?;
            Err(io::Error::from_raw_os_error(28)) // ENOSPC
        })
        .expect_err("the disk is full");
        assert!(matches!(error, FileError::DiskFull { .. }), "{error}");
        assert!(error.to_string().contains("make room"), "{error}");
        assert_eq!(fs::read(&path).expect("still there"), b"old");
        assert_eq!(names_in(folder.path()), ["a.bin"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_systems_own_full_disk_is_recognised() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.bin");
        let error = write_atomic(&path, |_| {
            let mut full = fs::OpenOptions::new().write(true).open("/dev/full")?;
            full.write_all(b"anything")
        })
        .expect_err("nothing fits in /dev/full");
        assert!(matches!(error, FileError::DiskFull { .. }), "{error}");
        assert!(names_in(folder.path()).is_empty());
    }

    #[test]
    fn places_that_cannot_be_written_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let nowhere = folder.path().join("no").join("a.png");
        let error = write_png_gray(&nowhere, 1, 1, &[0]).expect_err("no folder");
        assert!(matches!(error, FileError::NoFolder { .. }), "{error}");
        let error = write_png_gray(folder.path(), 1, 1, &[0]).expect_err("a folder");
        assert!(matches!(error, FileError::IsFolder { .. }), "{error}");
    }

    #[test]
    fn pictures_come_back_as_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("grey.png");
        write_png_gray(&path, 3, 2, &[0, 1, 2, 253, 254, 255]).expect("a picture");
        let read = image::open(&path).expect("a PNG");
        assert_eq!(read.color(), image::ColorType::L8);
        assert_eq!(read.into_luma8().into_raw(), [0, 1, 2, 253, 254, 255]);
        let path = folder.path().join("rgb.png");
        let picture = RgbImage::new(2, 1, vec![1, 2, 3, 4, 5, 6]).expect("two pixels");
        write_png_rgb(&path, &picture).expect("a picture");
        assert_eq!(
            image::open(&path).expect("a PNG").into_rgb8().into_raw(),
            picture.pixels()
        );
        assert_eq!(names_in(folder.path()), ["grey.png", "rgb.png"]);
    }
}
