//! The bytes of a file that the user chose.

use std::io::{self, Read, Seek, SeekFrom};

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, FileReaderSync};

/// Bytes that are read at once if fewer are asked for.
const AT_ONCE: u64 = 64 << 10;

/// Reads a `File` at any offset without copying all of it. Works in workers only.
pub struct FileReader {
    file: Blob,
    reader: FileReaderSync,
    size: u64,
    position: u64,
    /// The bytes that were read last, and where they begin.
    held: Vec<u8>,
    held_at: u64,
}

impl FileReader {
    /// Reads `file`.
    ///
    /// # Errors
    /// Fails outside of workers.
    pub fn new(file: &Blob) -> Result<Self, JsValue> {
        Ok(Self {
            reader: FileReaderSync::new()?,
            size: file.size() as u64,
            file: file.clone(),
            position: 0,
            held: Vec::new(),
            held_at: 0,
        })
    }

    /// Number of bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads bytes `from..to`.
    fn part(&self, from: u64, to: u64) -> io::Result<Uint8Array> {
        let failed = |error: JsValue| {
            let said = error.dyn_ref::<js_sys::Error>().map(js_sys::Error::message);
            io::Error::other(said.map_or_else(|| format!("{error:?}"), String::from))
        };
        let blob = self.file.slice_with_f64_and_f64(from as f64, to as f64);
        let buffer = self.reader.read_as_array_buffer(&blob.map_err(failed)?);
        Ok(Uint8Array::new(&buffer.map_err(failed)?.into()))
    }
}

impl Read for FileReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.size.saturating_sub(self.position);
        let wanted = left.min(buffer.len() as u64);
        if wanted == 0 {
            return Ok(0);
        }
        let held_end = self.held_at + self.held.len() as u64;
        let is_held = (self.held_at..held_end).contains(&self.position);
        if !is_held && wanted >= AT_ONCE {
            let bytes = self.part(self.position, self.position + wanted)?;
            let count = (bytes.length() as usize).min(buffer.len());
            bytes.copy_to(&mut buffer[..count]);
            self.position += count as u64;
            return Ok(count);
        }
        if !is_held {
            let end = self.size.min(self.position + AT_ONCE);
            self.held = self.part(self.position, end)?.to_vec();
            self.held_at = self.position;
        }
        let start = (self.position - self.held_at) as usize;
        let count = (self.held.len() - start).min(wanted as usize);
        buffer[..count].copy_from_slice(&self.held[start..start + count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for FileReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
