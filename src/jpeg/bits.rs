//! Bits of entropy-coded data.

use super::error::JpegError;

/// Reads the entropy-coded data of a scan bit by bit, up to the next marker. A stuffed zero after 0xff is skipped.
#[derive(Debug)]
pub struct Bits<'a> {
    bytes: &'a [u8],
    /// Position of the next byte to be loaded.
    at: usize,
    /// Loaded bits, with the next one as the highest bit and zeros after the last one.
    held: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    /// Starts at byte `at` of a file.
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            held: 0,
            count: 0,
        }
    }

    fn fill(&mut self) {
        while self.count <= 56 {
            let byte = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xff), Some(0)) => {
                    self.at += 2;
                    0xff
                }
                // A marker, or the end of the file.
                (Some(0xff) | None, _) => return,
                (Some(&byte), _) => {
                    self.at += 1;
                    byte
                }
            };
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next 16 bits; zeros after the end of the data.
    pub fn peek(&mut self) -> u16 {
        if self.count < 16 {
            self.fill();
        }
        (self.held >> 48) as u16
    }

    /// Skips `count` bits, at most 16.
    ///
    /// # Errors
    /// Fails if the data ends before.
    pub fn skip(&mut self, count: u32) -> Result<(), JpegError> {
        if count > self.count {
            self.fill();
            if count > self.count {
                return Err(self.end());
            }
        }
        self.held <<= count;
        self.count -= count;
        Ok(())
    }

    /// Reads `count` bits, at most 16, as an unsigned number.
    ///
    /// # Errors
    /// Fails if the data ends before.
    pub fn take(&mut self, count: u32) -> Result<i32, JpegError> {
        if count == 0 {
            return Ok(0);
        }
        let value = i32::from(self.peek() >> (16 - count));
        self.skip(count)?;
        Ok(value)
    }

    /// Reads a number of `count` bits, whose highest bit is its sign (T.81, F.2.2.1, EXTEND).
    ///
    /// # Errors
    /// Fails if the data ends before.
    pub fn signed(&mut self, count: u32) -> Result<i32, JpegError> {
        let value = self.take(count)?;
        match count {
            0 => Ok(0),
            _ if value >> (count - 1) == 0 => Ok(value - (1 << count) + 1),
            _ => Ok(value),
        }
    }

    /// Reads one bit.
    ///
    /// # Errors
    /// Fails if the data ends before.
    pub fn bit(&mut self) -> Result<bool, JpegError> {
        Ok(self.take(1)? == 1)
    }

    /// Drops the remaining bits of the current byte and skips the restart marker `number`, 0 to 7.
    ///
    /// # Errors
    /// Fails if another marker follows, or no marker.
    pub fn restart(&mut self, number: u8) -> Result<(), JpegError> {
        let at = self.marker();
        match self.bytes.get(at + 1) {
            Some(&byte) if byte == 0xd0 + number => {
                *self = Self::new(self.bytes, at + 2);
                Ok(())
            }
            _ => Err(self.end()),
        }
    }

    /// The position of the next marker's last 0xff, or the end of the file.
    pub fn marker(&self) -> usize {
        let mut at = self.at;
        while let Some(&byte) = self.bytes.get(at) {
            if byte == 0xff && !matches!(self.bytes.get(at + 1), Some(0 | 0xff)) {
                return at;
            }
            at += 1;
        }
        at
    }

    /// Whether the next marker is a restart marker.
    pub fn restarts(&self) -> bool {
        matches!(self.bytes.get(self.marker() + 1), Some(0xd0..=0xd7))
    }

    fn end(&self) -> JpegError {
        match self.restarts() {
            true => JpegError::Damaged("a restart marker of the JPEG is out of place"),
            false => JpegError::CutShort,
        }
    }
}
