//! Where a file's bytes come from.

use std::cell::RefCell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// A file that is read at any offset: natively a buffered file, in the browser a window over a `File`.
pub trait ByteReader: Read + Seek {}

impl<T: Read + Seek> ByteReader for T {}

/// One file, read by several images of it.
#[derive(Clone)]
pub struct SharedReader(Rc<RefCell<Box<dyn ByteReader>>>);

impl SharedReader {
    /// Shares `reader`.
    pub fn new(reader: Box<dyn ByteReader>) -> Self {
        Self(Rc::new(RefCell::new(reader)))
    }
}

impl Read for SharedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}

impl Seek for SharedReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.borrow_mut().seek(to)
    }
}
