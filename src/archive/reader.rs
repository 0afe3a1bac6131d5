//! Reads a zip file.

use std::io::{Read, Seek, SeekFrom};

use super::crc::crc32;
use super::entry::{Entry, Method};
use super::error::ArchiveError;
use super::fields::Fields;
use super::inflate::inflate;
use super::limits::Limits;
use super::name::shown;
use super::record::{END, END_BYTES, End, Header, LOCAL, LOCAL_BYTES, LONGEST_COMMENT};
use crate::sorting::sort;

/// A zip file. Its entries are read one at a time.
#[derive(Debug)]
pub struct Archive<R> {
    source: R,
    entries: Vec<Entry>,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads and checks the directory and the header of every entry, with the usual limits.
    ///
    /// # Errors
    /// Fails if the bytes cannot be read, or for any of the reasons in [`ArchiveError`].
    pub fn open(source: R) -> Result<Self, ArchiveError> {
        Self::open_with(source, &Limits::default())
    }

    /// [`Archive::open`] with other limits.
    ///
    /// # Errors
    /// Fails as [`Archive::open`] does.
    pub fn open_with(mut source: R, limits: &Limits) -> Result<Self, ArchiveError> {
        let length = source.seek(SeekFrom::End(0))?;
        check_kind(&mut source, length)?;
        allow("the zip", length, limits.file)?;
        let tail = length.min((END_BYTES + LONGEST_COMMENT) as u64);
        let end = End::find(&bytes_at(&mut source, length - tail, tail)?, length)?;
        allow("the zip's directory", end.directory_bytes, limits.directory)?;
        if end.count > limits.entries {
            return Err(ArchiveError::TooMany {
                count: end.count,
                limit: limits.entries,
            });
        }
        let directory = bytes_at(&mut source, end.directory_at, end.directory_bytes)?;
        let headers = headers(&directory, end.count)?;
        let entries = entries(&mut source, &headers, end.directory_at)?;
        for entry in &entries {
            let what = format!("{:?} in the zip", shown(&entry.name));
            allow(&what, entry.size.max(entry.packed), limits.entry)?;
        }
        let total = entries.iter().map(|entry| entry.size).sum();
        allow("the unpacked zip", total, limits.unpacked(length))?;
        Ok(Self { source, entries })
    }

    /// The files, in the order of the directory. Folders are omitted.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Unpacks an entry of this archive and checks its size and its CRC-32.
    ///
    /// # Errors
    /// Fails if the bytes cannot be read or are not those that the directory states.
    pub fn read(&mut self, entry: &Entry) -> Result<Vec<u8>, ArchiveError> {
        let damaged = |what: &str| {
            let what = format!("{:?} {what}", shown(&entry.name));
            ArchiveError::Damaged(what)
        };
        let packed = bytes_at(&mut self.source, entry.data_at, entry.packed)?;
        // The two sizes of a stored entry are equal, because the directory's entries were checked.
        let bytes = match entry.method {
            Method::Stored => packed,
            Method::Deflate => inflate(&packed, entry.size as usize)
                .ok_or_else(|| damaged("does not unpack to the size that it states"))?,
        };
        if crc32(&bytes) != entry.crc {
            return Err(damaged("has another checksum than it states"));
        }
        Ok(bytes)
    }
}

fn check_kind(source: &mut (impl Read + Seek), length: u64) -> Result<(), ArchiveError> {
    let start = bytes_at(source, 0, length.min(4))?;
    // An archive without entries begins with its end.
    match start == LOCAL || start == END {
        true => Ok(()),
        false => Err(ArchiveError::NotZip),
    }
}

fn allow(what: &str, bytes: u64, limit: u64) -> Result<(), ArchiveError> {
    if bytes <= limit {
        return Ok(());
    }
    let what = what.to_owned();
    Err(ArchiveError::TooLarge { what, bytes, limit })
}

fn bytes_at(source: &mut (impl Read + Seek), at: u64, count: u64) -> Result<Vec<u8>, ArchiveError> {
    source.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    source.take(count).read_to_end(&mut bytes)?;
    match bytes.len() as u64 == count {
        true => Ok(bytes),
        false => Err(ArchiveError::CutShort),
    }
}

fn headers(directory: &[u8], count: usize) -> Result<Vec<Header>, ArchiveError> {
    let mut fields = Fields(directory);
    let headers = (0..count).map(|_| Header::central(&mut fields));
    let headers = headers.collect::<Result<Vec<_>, _>>()?;
    match fields.0.is_empty() {
        true => Ok(headers),
        false => Err(ArchiveError::damaged(
            "its directory has more entries than it states",
        )),
    }
}

/// The files among the directory's entries, each with the place of its bytes.
fn entries(
    source: &mut (impl Read + Seek),
    headers: &[Header],
    directory_at: u64,
) -> Result<Vec<Entry>, ArchiveError> {
    let mut entries = Vec::new();
    let mut names = Vec::new();
    let mut spans = Vec::new();
    for header in headers {
        let (name, method) = header.check()?;
        let data_at = data_at(source, header, directory_at)?;
        let end = data_at + header.packed;
        if end > directory_at {
            let what = format!("{:?} has more bytes than the file", shown(&name));
            return Err(ArchiveError::damaged(what));
        }
        let is_folder = name.ends_with('/');
        if is_folder && header.size > 0 {
            let what = format!("the folder {:?} has a size", shown(&name));
            return Err(ArchiveError::damaged(what));
        }
        // Some systems treat names that differ only in case as the same name.
        names.push(name.trim_end_matches('/').to_lowercase());
        spans.push((header.header_at, end, names.len() - 1));
        if !is_folder {
            entries.push(Entry {
                name,
                method,
                crc: header.crc,
                packed: header.packed,
                size: header.size,
                data_at,
            });
        }
    }
    sort(&mut spans);
    for pair in spans.windows(2) {
        if pair[1].0 < pair[0].1 {
            return Err(ArchiveError::Overlap {
                first: shown(&names[pair[0].2]),
                second: shown(&names[pair[1].2]),
            });
        }
    }
    sort(&mut names);
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(ArchiveError::Twice {
            name: shown(&pair[0]),
        });
    }
    Ok(entries)
}

/// Where an entry's bytes begin, after its local header. The local header must agree with the directory.
fn data_at(
    source: &mut (impl Read + Seek),
    header: &Header,
    directory_at: u64,
) -> Result<u64, ArchiveError> {
    let damaged = |what: &str| {
        let name = String::from_utf8_lossy(&header.name);
        ArchiveError::Damaged(format!("{:?} {what}", shown(&name)))
    };
    if header.header_at + LOCAL_BYTES as u64 > directory_at {
        return Err(damaged("is not where the directory says"));
    }
    let mut bytes = [0; LOCAL_BYTES];
    source.seek(SeekFrom::Start(header.header_at))?;
    source.read_exact(&mut bytes)?;
    let local = Header::local(&bytes);
    let (mut local, [name, extra]) =
        local.ok_or_else(|| damaged("is not where the directory says"))?;
    let name_at = header.header_at + LOCAL_BYTES as u64;
    local.name = bytes_at(source, name_at, name as u64)?;
    match header.agrees(&local) {
        true => Ok(name_at + (name + extra) as u64),
        false => Err(damaged("is described in two ways")),
    }
}
