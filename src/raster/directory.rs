//! The directories of a TIFF and the values of their tags. Layout: TIFF 6.0, section 2; BigTIFF as in libtiff's
//! specification.

use std::io::{self, ErrorKind};

use super::order::ByteOrder;
use super::reader::ByteSource;

/// Directories after this many are ignored: an image, its overviews and their masks are few.
const MAX_DIRECTORIES: usize = 64;
/// A directory with more entries is not valid.
const MAX_ENTRIES: u64 = 4096;

/// A tag, with the place of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    tag: u16,
    /// Type of the values, such as 3 for SHORT.
    kind: u16,
    count: u64,
    /// Offset of the first value in the file.
    place: u64,
}

/// One image of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    order: ByteOrder,
    entries: Vec<Entry>,
}

impl Directory {
    /// Byte order of the file.
    pub fn order(&self) -> ByteOrder {
        self.order
    }

    /// Reads up to `most` values of `tag` as unsigned integers; None if the tag is absent or its values are of another
    /// type.
    ///
    /// # Errors
    /// Fails if the values are not in the file.
    pub fn numbers(
        &self,
        source: &mut ByteSource,
        tag: u16,
        most: u64,
    ) -> io::Result<Option<Vec<u64>>> {
        let Some(entry) = self.find(tag) else {
            return Ok(None);
        };
        let size = match entry.kind {
            1 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 13 => 4,
            16..=18 => 8,
            _ => return Ok(None),
        };
        let bytes = values(source, &entry, size, most)?;
        let numbers = bytes.chunks_exact(size as usize);
        Ok(Some(numbers.map(|one| self.order.number(one)).collect()))
    }

    /// Reads the first value of `tag` as an unsigned integer.
    ///
    /// # Errors
    /// Fails if the value is not in the file.
    pub fn number(&self, source: &mut ByteSource, tag: u16) -> io::Result<Option<u64>> {
        let list = self.numbers(source, tag, 1)?;
        Ok(list.and_then(|list| list.first().copied()))
    }

    /// Reads up to `most` values of `tag` as floating-point numbers; empty if the tag is absent, damaged or of another
    /// type.
    pub fn doubles(&self, source: &mut ByteSource, tag: u16, most: u64) -> Vec<f64> {
        let Some(entry) = self.find(tag) else {
            return Vec::new();
        };
        let number = |bytes: &[u8]| self.order.number(bytes);
        let read = match entry.kind {
            11 => values(source, &entry, 4, most).map(|bytes| {
                let list = bytes.chunks_exact(4).map(number);
                list.map(|bits| f64::from(f32::from_bits(bits as u32)))
                    .collect()
            }),
            12 => values(source, &entry, 8, most).map(|bytes| {
                let list = bytes.chunks_exact(8).map(number);
                list.map(f64::from_bits).collect()
            }),
            _ => self.numbers(source, tag, most).map(|list| {
                let list = list.unwrap_or_default().into_iter();
                list.map(|value| value as f64).collect()
            }),
        };
        read.unwrap_or_default()
    }

    /// Reads the bytes of `tag`; None if it is absent, damaged, longer than `most` or of another type.
    pub fn bytes(&self, source: &mut ByteSource, tag: u16, most: u64) -> Option<Vec<u8>> {
        let entry = self.find(tag)?;
        let fits = matches!(entry.kind, 1 | 2 | 6 | 7) && entry.count <= most;
        fits.then(|| values(source, &entry, 1, most).ok()).flatten()
    }

    /// Reads the text of `tag`, up to its last character that is not a NUL.
    pub fn text(&self, source: &mut ByteSource, tag: u16, most: u64) -> Option<String> {
        let bytes = self.bytes(source, tag, most)?;
        let text = String::from_utf8_lossy(&bytes);
        Some(text.trim_end_matches('\0').to_owned())
    }

    /// Whether it has `tag`.
    pub fn has(&self, tag: u16) -> bool {
        self.find(tag).is_some()
    }

    fn find(&self, tag: u16) -> Option<Entry> {
        let found = self.entries.iter().find(|entry| entry.tag == tag);
        found.copied()
    }
}

/// Reads the bytes of up to `most` values of `size` bytes.
fn values(source: &mut ByteSource, entry: &Entry, size: u64, most: u64) -> io::Result<Vec<u8>> {
    let length = entry.count.min(most).checked_mul(size);
    let length = length.ok_or(ErrorKind::UnexpectedEof)?;
    source.read_at(entry.place, length)
}

/// Reads the directories of a TIFF or BigTIFF, in the file's order: the first is the scene itself.
///
/// # Errors
/// Returns the reader's error, `InvalidData` if it is not a TIFF, or `UnexpectedEof` if it ends too early.
pub fn directories(source: &mut ByteSource) -> io::Result<Vec<Directory>> {
    let head = source.read_at(0, 8)?;
    let order = match &head[..2] {
        b"II" => ByteOrder::Little,
        b"MM" => ByteOrder::Big,
        _ => return Err(invalid("it does not start with a TIFF header")),
    };
    let big = match order.number(&head[2..4]) {
        42 => false,
        43 if order.number(&head[4..6]) == 8 => true,
        _ => return Err(invalid("it does not start with a TIFF header")),
    };
    let mut next = match big {
        false => order.number(&head[4..8]),
        true => order.number(&source.read_at(8, 8)?),
    };
    let (mut list, mut seen) = (Vec::new(), Vec::new());
    while next != 0 && list.len() < MAX_DIRECTORIES && !seen.contains(&next) {
        seen.push(next);
        match directory(source, order, next, big) {
            Ok((found, following)) => {
                list.push(found);
                next = following;
            }
            Err(error) if list.is_empty() => return Err(error),
            // Directories after the scene's own may be missing: they only make reading faster.
            Err(_) => break,
        }
    }
    match list.is_empty() {
        true => Err(invalid("it has no image")),
        false => Ok(list),
    }
}

/// Reads the directory at `at`; also returns the offset of the next one.
fn directory(
    source: &mut ByteSource,
    order: ByteOrder,
    at: u64,
    big: bool,
) -> io::Result<(Directory, u64)> {
    // Sizes of the number of entries, of an entry, and of its value field.
    let (head, size, field) = if big { (8, 20, 8) } else { (2, 12, 4) };
    let count = order.number(&source.read_at(at, head)?);
    if count == 0 || count > MAX_ENTRIES {
        return Err(invalid("its directory is not valid"));
    }
    let start = at + head;
    let bytes = source.read_at(start, count * size)?;
    let entries = bytes.chunks_exact(size as usize).zip(0..);
    let entries = entries.map(|(entry, index)| {
        let (tag, kind) = (order.number(&entry[..2]), order.number(&entry[2..4]));
        let (count, value) = entry[4..].split_at(field as usize);
        let count = order.number(count);
        let inline = count
            .checked_mul(bytes_of(kind))
            .is_some_and(|all| all <= field);
        Entry {
            tag: tag as u16,
            kind: kind as u16,
            count,
            place: match inline {
                true => start + index * size + size - field,
                false => order.number(value),
            },
        }
    });
    let entries = entries.collect();
    let next = source.read_at(start + count * size, field);
    let next = next.map_or(0, |bytes| order.number(&bytes));
    Ok((Directory { order, entries }, next))
}

/// Size in bytes of a value of that type.
fn bytes_of(kind: u64) -> u64 {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 1,
    }
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, reason)
}

#[cfg(test)]
#[path = "directory_tests.rs"]
mod tests;
