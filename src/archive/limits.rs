//! How much an archive may hold.

/// Limits on what an archive may hold. The stated sizes are checked before anything is unpacked, and no entry may
/// unpack to more than its stated size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the zip file.
    pub file: u64,
    /// Number of entries, folders included.
    pub entries: usize,
    /// Bytes of the directory at the end of the file.
    pub directory: u64,
    /// Bytes of one unpacked entry.
    pub entry: u64,
    /// Bytes of all unpacked entries.
    pub total: u64,
    /// The unpacked entries together may take this many times the bytes of the file, plus `free` bytes.
    pub ratio: u64,
    /// See `ratio`.
    pub free: u64,
}

impl Default for Limits {
    /// 1 GB packed and unpacked, 10,000 entries of at most 128 MB, 100 times the packed size.
    fn default() -> Self {
        Self {
            file: 1 << 30,
            entries: 10_000,
            directory: 8 << 20,
            entry: 128 << 20,
            total: 1 << 30,
            ratio: 100,
            free: 16 << 20,
        }
    }
}

impl Limits {
    /// Bytes that a file of `packed` bytes may unpack to.
    pub fn unpacked(&self, packed: u64) -> u64 {
        let by_ratio = packed.saturating_mul(self.ratio).saturating_add(self.free);
        by_ratio.min(self.total)
    }
}
