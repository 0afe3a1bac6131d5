//! The directories of a TIFF: where each begins, and the few entries that must be known before its
//! samples are decoded. Layout: TIFF 6.0, section 2; BigTIFF as in libtiff's specification.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

const NEW_SUBFILE_TYPE: u16 = 254;
const IMAGE_WIDTH: u16 = 256;
const IMAGE_LENGTH: u16 = 257;
const PHOTOMETRIC: u16 = 262;
const TILE_WIDTH: u16 = 322;
const TILE_LENGTH: u16 = 323;

/// Directories after this many are ignored: an image, its overviews and their masks are few.
const MAX_DIRECTORIES: usize = 64;
/// A directory with more entries is not valid.
const MAX_ENTRIES: u64 = 4096;

/// A number in a directory, with its position in the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Field {
    /// The number.
    pub value: u32,
    /// Offset of its first byte.
    pub at: u64,
    /// Size in bytes, 2 or 4; 0 if the directory does not have it.
    pub bytes: u32,
}

/// One image of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Directory {
    /// Width in pixels.
    pub width: Field,
    /// Height in pixels.
    pub height: Field,
    /// Width of a tile; absent if the image is in strips.
    pub tile_width: Field,
    /// Height of a tile.
    pub tile_height: Field,
    /// Bits of NewSubfileType: 1 is a smaller version, 2 a page, 4 a mask.
    pub subfile: Field,
    /// PhotometricInterpretation.
    pub photometric: Field,
}

impl Directory {
    /// Width and height in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.width.value as usize, self.height.value as usize)
    }
}

/// The directories of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directories {
    /// Whether numbers have their low byte first.
    pub little_endian: bool,
    /// In the file's order: the first is the scene itself.
    pub list: Vec<Directory>,
}

/// Reads numbers of the file's byte order.
struct Numbers<'a, R> {
    reader: &'a mut R,
    little_endian: bool,
}

impl<R: Read + Seek> Numbers<'_, R> {
    /// A number of `N` bytes, at most 8.
    fn read<const N: usize>(&mut self) -> io::Result<u64> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes)?;
        Ok(self.number(&bytes))
    }

    fn number(&self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, &byte: &u8| sum << 8 | u64::from(byte);
        match self.little_endian {
            true => bytes.iter().rev().fold(0, add),
            false => bytes.iter().fold(0, add),
        }
    }
}

impl Directories {
    /// Reads the directories of the TIFF or BigTIFF in `reader`.
    ///
    /// # Errors
    /// Returns the reader's error, `InvalidData` if it is not a TIFF, or `UnexpectedEof` if it ends too early.
    pub fn read<R: Read + Seek>(reader: &mut R) -> io::Result<Self> {
        reader.seek(SeekFrom::Start(0))?;
        let mut order = [0; 2];
        reader.read_exact(&mut order)?;
        let mut numbers = Numbers {
            little_endian: &order == b"II",
            reader,
        };
        let big = match numbers.read::<2>()? {
            42 => false,
            43 => true,
            _ => return Err(invalid("it does not start with a TIFF header")),
        };
        let mut next = match big {
            false => numbers.read::<4>()?,
            true => {
                numbers.read::<4>()?; // The size of offsets, always 8, and a zero.
                numbers.read::<8>()?
            }
        };
        let (mut list, mut seen) = (Vec::new(), Vec::new());
        while next != 0 && list.len() < MAX_DIRECTORIES && !seen.contains(&next) {
            seen.push(next);
            let read = directory(&mut numbers, next, big);
            // What follows the scene itself may be missing: it only makes reading faster.
            let Ok((found, following)) = read else {
                match (list.is_empty(), read) {
                    (true, Err(error)) => return Err(error),
                    _ => break,
                }
            };
            list.push(found);
            next = following;
        }
        match list.is_empty() {
            true => Err(invalid("it has no image")),
            false => Ok(Self {
                little_endian: numbers.little_endian,
                list,
            }),
        }
    }
}

/// Reads the directory at `at`; also returns the offset of the next one.
fn directory<R: Read + Seek>(
    numbers: &mut Numbers<'_, R>,
    at: u64,
    big: bool,
) -> io::Result<(Directory, u64)> {
    numbers.reader.seek(SeekFrom::Start(at))?;
    let (count, head, size) = match big {
        false => (numbers.read::<2>()?, 2, 12),
        true => (numbers.read::<8>()?, 8, 20),
    };
    if count == 0 || count > MAX_ENTRIES {
        return Err(invalid("its directory is not valid"));
    }
    let mut found = Directory::default();
    let mut entry = vec![0; size];
    for index in 0..count {
        numbers.reader.read_exact(&mut entry)?;
        let (tag, kind) = (numbers.number(&entry[..2]), numbers.number(&entry[2..4]));
        let value = &entry[if big { 12 } else { 8 }..];
        // A SHORT or a LONG: both are at the start of the value field in either byte order.
        let bytes = if kind == 3 { 2 } else { 4 };
        let field = Field {
            value: numbers.number(&value[..bytes]) as u32,
            at: at + head + (index + 1) * size as u64 - value.len() as u64,
            bytes: bytes as u32,
        };
        match tag as u16 {
            NEW_SUBFILE_TYPE => found.subfile = field,
            IMAGE_WIDTH => found.width = field,
            IMAGE_LENGTH => found.height = field,
            PHOTOMETRIC => found.photometric = field,
            TILE_WIDTH => found.tile_width = field,
            TILE_LENGTH => found.tile_height = field,
            _ => {}
        }
    }
    let next = match big {
        false => numbers.read::<4>(),
        true => numbers.read::<8>(),
    };
    Ok((found, next.unwrap_or(0)))
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A big-endian TIFF whose only directory has a width and a photometric interpretation.
    fn classic() -> Vec<u8> {
        let mut bytes = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
        bytes.extend([1, 0, 0, 3, 0, 0, 0, 1, 0x12, 0x34, 0, 0]);
        bytes.extend([1, 6, 0, 3, 0, 0, 0, 1, 0, 2, 0, 0]);
        bytes.extend([0, 0, 0, 8]); // Points to itself: a cycle.
        bytes
    }

    #[test]
    fn entries_are_found_where_they_are() {
        let found = Directories::read(&mut Cursor::new(classic())).expect("a TIFF");
        assert!(!found.little_endian);
        assert_eq!(found.list.len(), 1);
        let first = found.list[0];
        assert_eq!((first.width.value, first.width.at), (0x1234, 18));
        let photometric = Field {
            value: 2,
            at: 30,
            bytes: 2,
        };
        assert_eq!(
            (first.photometric, first.height),
            (photometric, Field::default())
        );
    }

    #[test]
    fn what_is_no_tiff_or_ends_early_is_an_error() {
        let bytes = classic();
        for end in 0..bytes.len() - 4 {
            let read = Directories::read(&mut Cursor::new(&bytes[..end]));
            assert!(read.is_err(), "{end} bytes");
        }
        let mut other = bytes;
        other[3] = 44;
        assert!(Directories::read(&mut Cursor::new(other)).is_err());
    }
}
