//! The records of a zip file: the end record, an entry of the directory, and the header before an entry's bytes.

use super::entry::Method;
use super::error::ArchiveError;
use super::fields::Fields;
use super::name::{check_name, shown};

/// Signatures at the start of each kind of record.
pub(super) const LOCAL: [u8; 4] = *b"PK\x03\x04";
pub(super) const CENTRAL: [u8; 4] = *b"PK\x01\x02";
pub(super) const END: [u8; 4] = *b"PK\x05\x06";
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";

/// Bytes of the end record without its comment, and of the record of Zip64 before it.
pub(super) const END_BYTES: usize = 22;
const LOCATOR_64_BYTES: usize = 20;
/// Bytes of a local header without its name.
pub(super) const LOCAL_BYTES: usize = 30;
/// Longest comment of an archive.
pub(super) const LONGEST_COMMENT: usize = 65_535;

/// Flags: encrypted (three kinds), sizes after the data.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
pub(super) const SIZES_AFTER: u16 = 1 << 3;
/// A value meaning that the real one is in the Zip64 fields.
const IN_ZIP64: u32 = u32::MAX;
/// Extra field of Zip64.
const EXTRA_64: u16 = 1;

/// The end record: where the directory is.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) count: usize,
    pub(super) directory_at: u64,
    pub(super) directory_bytes: u64,
}

impl End {
    /// Finds the end record in the last bytes of a file of `length` bytes.
    pub(super) fn find(tail: &[u8], length: u64) -> Result<Self, ArchiveError> {
        let last = tail.len().checked_sub(END_BYTES);
        let found = last.and_then(|last| {
            (0..=last).rev().find(|&at| {
                let comment = || usize::from(tail[at + 20]) | usize::from(tail[at + 21]) << 8;
                tail[at..].starts_with(&END) && at + END_BYTES + comment() == tail.len()
            })
        });
        let at = found.ok_or(ArchiveError::CutShort)?;
        let before = at
            .checked_sub(LOCATOR_64_BYTES)
            .map(|start| &tail[start..at]);
        if before.is_some_and(|before| before.starts_with(&LOCATOR_64)) {
            return Err(ArchiveError::Zip64);
        }
        let fields = Self::parse(&tail[at + 4..]);
        let (parts, counts, end) = fields.ok_or(ArchiveError::CutShort)?;
        if end.directory_at == u64::from(IN_ZIP64) || end.directory_bytes == u64::from(IN_ZIP64) {
            return Err(ArchiveError::Zip64);
        }
        if parts != [0, 0] || counts[0] != counts[1] {
            return Err(ArchiveError::Parts);
        }
        let end_at = length - (tail.len() - at) as u64;
        if end.directory_at + end.directory_bytes != end_at {
            let what = "its directory is not where its end says";
            return Err(ArchiveError::damaged(what));
        }
        Ok(end)
    }

    fn parse(bytes: &[u8]) -> Option<([u16; 2], [u16; 2], Self)> {
        let mut fields = Fields(bytes);
        let parts = [fields.u16()?, fields.u16()?];
        let counts = [fields.u16()?, fields.u16()?];
        let (directory_bytes, directory_at) = (fields.u32()?.into(), fields.u32()?.into());
        let count = counts[1].into();
        Some((
            parts,
            counts,
            Self {
                count,
                directory_at,
                directory_bytes,
            },
        ))
    }
}

/// The header of an entry, either in the directory or before its bytes. Before the bytes the sizes may be 0 and follow
/// later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) size: u64,
    pub(super) name: Vec<u8>,
    /// Where the local header begins; 0 in a local header.
    pub(super) header_at: u64,
    is_link: bool,
    is_zip64: bool,
}

impl Header {
    /// Reads an entry of the directory.
    pub(super) fn central(fields: &mut Fields) -> Result<Self, ArchiveError> {
        let damaged = || ArchiveError::damaged("its directory is not readable");
        if fields.take(4) != Some(&CENTRAL) {
            return Err(damaged());
        }
        Self::central_fields(fields).ok_or_else(damaged)
    }

    fn central_fields(fields: &mut Fields) -> Option<Self> {
        let system = fields.u16()? >> 8;
        let mut header = Self::common(fields)?;
        let lengths = [fields.u16()?, fields.u16()?, fields.u16()?].map(usize::from);
        let (_part, _internal, external) = (fields.u16()?, fields.u16()?, fields.u32()?);
        let header_at = fields.u32()?;
        header.header_at = header_at.into();
        header.name = fields.take(lengths[0])?.to_vec();
        let extra = fields.take(lengths[1])?;
        fields.take(lengths[2])?;
        // The upper half holds the mode of Unix, whose upper four bits are the kind of file.
        header.is_link = system == 3 && external >> 28 == 0o12;
        let wide = u64::from(IN_ZIP64);
        let is_wide = [header.packed, header.size, header.header_at].contains(&wide);
        header.is_zip64 = is_wide || has_extra_64(extra);
        Some(header)
    }

    /// Reads the first bytes of a local header, and the lengths of the name and the extra fields that follow.
    pub(super) fn local(bytes: &[u8; LOCAL_BYTES]) -> Option<(Self, [usize; 2])> {
        let mut fields = Fields(bytes);
        if fields.take(4) != Some(&LOCAL) {
            return None;
        }
        let header = Self::common(&mut fields)?;
        Some((header, [fields.u16()?.into(), fields.u16()?.into()]))
    }

    fn common(fields: &mut Fields) -> Option<Self> {
        let _version = fields.u16()?;
        let (flags, method) = (fields.u16()?, fields.u16()?);
        let _time_and_date = fields.u32()?;
        Some(Self {
            flags,
            method,
            crc: fields.u32()?,
            packed: fields.u32()?.into(),
            size: fields.u32()?.into(),
            name: Vec::new(),
            header_at: 0,
            is_link: false,
            is_zip64: false,
        })
    }

    /// Checks an entry of the directory: its name and its method. The name of a folder ends with a slash.
    pub(super) fn check(&self) -> Result<(String, Method), ArchiveError> {
        let name = match std::str::from_utf8(&self.name) {
            Ok(name) => name,
            Err(_) => {
                return Err(ArchiveError::Name {
                    name: shown(&String::from_utf8_lossy(&self.name)),
                    problem: "the name is not UTF-8 text",
                });
            }
        };
        check_name(name.strip_suffix('/').unwrap_or(name))?;
        let shown = || shown(name);
        if self.is_zip64 {
            return Err(ArchiveError::Zip64);
        }
        if self.flags & ENCRYPTED != 0 {
            return Err(ArchiveError::Encrypted { name: shown() });
        }
        if self.is_link {
            return Err(ArchiveError::Name {
                name: shown(),
                problem: "it is a link to another file",
            });
        }
        let method = Method::of(self.method).ok_or_else(|| ArchiveError::Method {
            name: shown(),
            method: self.method,
        })?;
        if method == Method::Stored && self.packed != self.size {
            let what = format!("{:?} has two sizes", shown());
            return Err(ArchiveError::damaged(what));
        }
        Ok((name.to_owned(), method))
    }

    /// Whether a local header says the same as this entry of the directory.
    pub(super) fn agrees(&self, local: &Self) -> bool {
        let sizes = |header: &Self| (header.crc, header.packed, header.size);
        let is_later = local.flags & SIZES_AFTER != 0 && sizes(local) == (0, 0, 0);
        self.name == local.name
            && self.method == local.method
            && self.flags & ENCRYPTED == local.flags & ENCRYPTED
            && (is_later || sizes(self) == sizes(local))
    }
}

fn has_extra_64(extra: &[u8]) -> bool {
    let mut fields = Fields(extra);
    while let (Some(id), Some(length)) = (fields.u16(), fields.u16()) {
        if id == EXTRA_64 {
            return true;
        }
        if fields.take(length.into()).is_none() {
            return false;
        }
    }
    false
}
