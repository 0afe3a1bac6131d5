//! The bytes of a file that the user chose.

use std::io::{self, Read, Seek, SeekFrom};

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, FileReaderSync, MessageChannel, MessagePort};

/// Bytes that are read at once if fewer are asked for.
const AT_ONCE: u64 = 64 << 10;

/// Reads a `File` at any offset without copying all of it. Works in workers only.
pub struct FileReader {
    file: Blob,
    reader: FileReaderSync,
    /// A port whose other end is closed. What is transferred to it is freed at once. Otherwise buffers of reads would
    /// stay until the browser collects garbage, which takes hundreds of megabytes while a large file is read.
    nowhere: MessagePort,
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
        let channel = MessageChannel::new()?;
        channel.port2().close();
        Ok(Self {
            reader: FileReaderSync::new()?,
            nowhere: channel.port1(),
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

    /// Reads the bytes from `at` on to `target`; returns how many there are.
    fn copy(&self, at: u64, target: &mut [u8]) -> io::Result<usize> {
        let failed = |error: JsValue| {
            let said = error.dyn_ref::<js_sys::Error>().map(js_sys::Error::message);
            io::Error::other(said.map_or_else(|| format!("{error:?}"), String::from))
        };
        let end = at + target.len() as u64;
        let blob = self.file.slice_with_f64_and_f64(at as f64, end as f64);
        let buffer = self.reader.read_as_array_buffer(&blob.map_err(failed)?);
        let buffer = JsValue::from(buffer.map_err(failed)?);
        let bytes = Uint8Array::new(&buffer);
        let count = (bytes.length() as usize).min(target.len());
        bytes
            .subarray(0, count as u32)
            .copy_to(&mut target[..count]);
        // A failure only means that the memory is freed later.
        let _ = self
            .nowhere
            .post_message_with_transferable(&JsValue::NULL, &Array::of1(&buffer));
        Ok(count)
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
            let count = self.copy(self.position, &mut buffer[..wanted as usize])?;
            self.position += count as u64;
            return Ok(count);
        }
        if !is_held {
            let mut held = vec![0; left.min(AT_ONCE) as usize];
            let count = self.copy(self.position, &mut held)?;
            held.truncate(count);
            (self.held, self.held_at) = (held, self.position);
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
