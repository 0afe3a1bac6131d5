//! A file in an archive.

/// How an entry's bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflate,
}

impl Method {
    /// The method of that number, if it is supported.
    pub(super) fn of(number: u16) -> Option<Self> {
        match number {
            0 => Some(Self::Stored),
            8 => Some(Self::Deflate),
            _ => None,
        }
    }
}

/// A file in an archive, as its directory states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub(super) name: String,
    pub(super) method: Method,
    pub(super) crc: u32,
    /// Bytes in the archive.
    pub(super) packed: u64,
    pub(super) size: u64,
    /// Where its bytes begin.
    pub(super) data_at: u64,
}

impl Entry {
    /// Its path inside the archive; [`super::check_name`] has accepted it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Bytes that it unpacks to.
    pub fn size(&self) -> u64 {
        self.size
    }
}
