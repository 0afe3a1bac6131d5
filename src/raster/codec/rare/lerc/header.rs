//! The start of a blob.

use super::bits::Input;
use super::{Problem, damaged};
use crate::raster::problem::REWRITE;

/// First bytes of a blob.
const KEY: &[u8] = b"Lerc2 ";
/// First bytes of a blob of LERC version 1.
const OLD_KEY: &[u8] = b"CntZImage ";
/// Bytes before those that the checksum covers.
const UNCHECKED: usize = 14;
/// Largest side of the squares that a blob is divided into.
const MAX_SQUARE: usize = 32;

/// The header of a blob.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Header {
    /// Codec version, 1 to 6.
    pub version: u32,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Numbers per pixel.
    pub depth: usize,
    /// Pixels that the mask does not exclude.
    pub valid: usize,
    /// Side of the squares that are coded one by one.
    pub square: usize,
    /// 0 to 7: signed and unsigned integers of 8, 16 and 32 bits, floating-point numbers of 32 and 64.
    pub data_type: u32,
    /// Largest error of a number.
    pub error: f64,
    /// Lowest number.
    pub least: f64,
    /// Highest number.
    pub most: f64,
    /// Bytes of the header.
    pub length: usize,
}

impl Header {
    /// Reads the header and checks the checksum.
    ///
    /// # Errors
    /// Fails if the blob is damaged, cut short or of another version.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.starts_with(OLD_KEY) {
            // libtiff refuses it too, so no advice to rewrite the file by GDAL would work.
            return Err(Problem::unsupported(
                "LERC compression of version 1",
                super::super::EXPORT_AGAIN,
            ));
        }
        let wrong = |reason| damaged("LERC", reason);
        let mut input = Input::new(bytes);
        if input.take(KEY.len()) != Some(KEY) {
            return Err(wrong("it does not start with a LERC header"));
        }
        let version = input.u32().unwrap_or(0);
        if !(1..=6).contains(&version) {
            let found = format!("LERC compression of codec version {version}");
            return Err(Problem::unsupported(found, REWRITE));
        }
        let read = Self::fields(&mut input, version);
        let (header, checksum, size) = read.ok_or_else(|| wrong("its header is not valid"))?;
        let blob = bytes
            .get(..size)
            .ok_or_else(|| wrong("its end is missing"))?;
        let checked = blob.get(UNCHECKED..).unwrap_or_default();
        if version >= 3 && fletcher32(checked) != checksum {
            return Err(wrong("its checksum does not match"));
        }
        Ok(Self {
            length: bytes.len() - input.rest().len(),
            ..header
        })
    }

    /// Reads the fields after the version; also returns the checksum and the size of the blob.
    fn fields(input: &mut Input<'_>, version: u32) -> Option<(Self, u32, usize)> {
        let checksum = if version >= 3 { input.u32()? } else { 0 };
        let (rows, columns) = (input.size()?, input.size()?);
        let depth = if version >= 4 { input.size()? } else { 1 };
        let (valid, square, size) = (input.size()?, input.size()?, input.size()?);
        let data_type = input.u32()?;
        if version >= 6 {
            // The number of blobs that follow, and four flags.
            input.take(8)?;
        }
        let (error, least, most) = (input.f64()?, input.f64()?, input.f64()?);
        if version >= 6 {
            // No-data values.
            input.take(16)?;
        }
        let pixels = rows.checked_mul(columns)?;
        let fits = depth > 0 && valid <= pixels && (1..=MAX_SQUARE).contains(&square);
        let header = Self {
            version,
            rows,
            columns,
            depth,
            valid,
            square,
            data_type,
            error,
            least,
            most,
            length: 0,
        };
        (fits && data_type <= 7).then_some((header, checksum, size))
    }

    /// Number of pixels.
    pub fn pixels(&self) -> usize {
        self.rows * self.columns
    }
}

/// Fletcher's checksum of 32 bits, over words with their high byte first.
fn fletcher32(bytes: &[u8]) -> u32 {
    let (mut first, mut second) = (0xffff_u32, 0xffff_u32);
    let fold = |sum: u32| (sum & 0xffff) + (sum >> 16);
    // The sums over this many words cannot overflow.
    for words in bytes.chunks(2 * 359) {
        for word in words.chunks(2) {
            let low = word.get(1).copied().unwrap_or(0);
            first += u32::from(word[0]) << 8 | u32::from(low);
            second += first;
        }
        (first, second) = (fold(first), fold(second));
    }
    (first, second) = (fold(first), fold(second));
    second << 16 | first
}
