//! Where a file's bytes come from.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

/// A file that is read at any offset: natively a buffered file, in the browser a window over a `File`.
pub trait ByteReader: Read + Seek {}

impl<T: Read + Seek> ByteReader for T {}

/// A reader and the size of its file.
pub struct ByteSource {
    reader: Box<dyn ByteReader>,
    size: u64,
}

impl ByteSource {
    /// Reads a file of `size` bytes.
    pub fn new(reader: Box<dyn ByteReader>, size: u64) -> Self {
        Self { reader, size }
    }

    /// Size of the file in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads `length` bytes from offset `at` on.
    ///
    /// # Errors
    /// Returns `UnexpectedEof`, before anything is allocated, if they extend beyond the end, or the reader's error.
    pub fn read_at(&mut self, at: u64, length: u64) -> io::Result<Vec<u8>> {
        let end = at.checked_add(length).filter(|&end| end <= self.size);
        let (Some(_), Ok(length)) = (end, usize::try_from(length)) else {
            return Err(ErrorKind::UnexpectedEof.into());
        };
        self.reader.seek(SeekFrom::Start(at))?;
        let mut bytes = vec![0; length];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn bytes_beyond_the_end_are_refused_before_they_are_allocated() {
        let mut source = ByteSource::new(Box::new(Cursor::new(vec![1, 2, 3, 4])), 4);
        assert_eq!(source.read_at(1, 2).expect("bytes"), [2, 3]);
        for (at, length) in [(3, 2), (0, u64::MAX), (u64::MAX, 1), (2, u64::MAX - 1)] {
            let error = source.read_at(at, length).expect_err("beyond the end");
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
        }
    }
}
