//! Files on disk.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::error::RasterError;
use super::kind::{HEAD, Kind};

/// Bytes that are read at once.
const BUFFER: usize = 1 << 16;

/// Opens the file at `path` if it is a TIFF; also returns its size in bytes. Returns None for other files and if the
/// file cannot be opened: reading it as a picture then reports the reason.
///
/// # Errors
/// Fails for kinds of file that are often given by mistake.
pub fn open(path: &Path) -> Result<Option<(BufReader<File>, u64)>, RasterError> {
    let read = || {
        let mut file = File::open(path)?;
        let mut head = Vec::new();
        (&mut file).take(HEAD).read_to_end(&mut head)?;
        file.rewind()?;
        let size = file.metadata()?.len();
        Ok::<_, std::io::Error>((BufReader::with_capacity(BUFFER, file), size, head))
    };
    let Ok((file, size, head)) = read() else {
        return Ok(None);
    };
    let kind = Kind::of(&head, &path.display().to_string())?;
    Ok((kind == Kind::Tiff).then_some((file, size)))
}
