//! Writes a zip file. Entries are stored uncompressed: the files that this project packs are already compressed.

use super::crc::crc32;
use super::error::ArchiveError;
use super::fields::{put_u16, put_u32};
use super::limits::Limits;
use super::name::{check_name, shown};
use super::record::{CENTRAL, END, LOCAL};

/// Version that a reader must support: 2.0.
const VERSION: u16 = 20;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// 1 January 1980, the first date that a zip can state. The same files always give the same bytes.
const DATE: u16 = 1 << 5 | 1;

/// Writes an archive piece by piece. The caller gets the pieces, so that entries need not be in memory at once:
///
/// ```text
/// add(name, bytes) -> header, then the caller writes header and bytes; ...; finish() -> directory
/// ```
#[derive(Debug, Default)]
pub struct ArchiveWriter {
    directory: Vec<u8>,
    /// In lower case: some systems treat names that differ only in case as the same name.
    names: Vec<String>,
    /// Bytes that were handed out, entries included.
    written: u64,
}

impl ArchiveWriter {
    /// An archive without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry and returns its header, which the entry's bytes must follow unchanged.
    ///
    /// # Errors
    /// Fails if [`check_name`] refuses the name, if it was added before, or if the archive would exceed [`Limits`].
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, ArchiveError> {
        check_name(name)?;
        let limits = Limits::default();
        let size = bytes.len() as u64;
        let whole = self.written + size + (self.directory.len() + 2 * name.len() + 256) as u64;
        for (what, bytes, limit) in [
            ("an entry", size, limits.entry),
            ("the zip", whole, limits.file),
        ] {
            if bytes > limit {
                let what = what.to_owned();
                return Err(ArchiveError::TooLarge { what, bytes, limit });
            }
        }
        if self.names.len() == limits.entries {
            return Err(ArchiveError::TooMany {
                count: self.names.len() + 1,
                limit: limits.entries,
            });
        }
        let lower = name.to_lowercase();
        if self.names.contains(&lower) {
            return Err(ArchiveError::Twice { name: shown(name) });
        }
        self.names.push(lower);
        let mut fields = Vec::with_capacity(26);
        for value in [VERSION, UTF8, 0, 0, DATE] {
            put_u16(&mut fields, value);
        }
        for value in [crc32(bytes), size as u32, size as u32] {
            put_u32(&mut fields, value);
        }
        put_u16(&mut fields, name.len() as u16);
        put_u16(&mut fields, 0);
        let header = [&LOCAL[..], &fields, name.as_bytes()].concat();
        self.directory.extend(CENTRAL);
        put_u16(&mut self.directory, VERSION);
        self.directory.extend(&fields);
        // No comment, the first part, no attributes.
        self.directory.extend([0; 10]);
        put_u32(&mut self.directory, self.written as u32);
        self.directory.extend(name.as_bytes());
        self.written += header.len() as u64 + size;
        Ok(header)
    }

    /// The directory, which follows the last entry.
    pub fn finish(self) -> Vec<u8> {
        let count = self.names.len() as u16;
        let bytes = self.directory.len() as u32;
        let mut end = self.directory;
        end.extend(END);
        for value in [0, 0, count, count] {
            put_u16(&mut end, value);
        }
        put_u32(&mut end, bytes);
        put_u32(&mut end, self.written as u32);
        put_u16(&mut end, 0);
        end
    }
}

/// The bytes of an archive of `entries`, each a name and its bytes.
///
/// # Errors
/// Fails as [`ArchiveWriter::add`] does.
pub fn pack<'a>(
    entries: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Vec<u8>, ArchiveError> {
    let mut writer = ArchiveWriter::new();
    let mut archive = Vec::new();
    for (name, bytes) in entries {
        archive.extend(writer.add(name, bytes)?);
        archive.extend(bytes);
    }
    archive.extend(writer.finish());
    Ok(archive)
}
