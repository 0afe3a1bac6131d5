//! Marker segments: headers, tables, and application data about a picture (T.81, annex B).

use super::error::JpegError;
use super::frame::Frame;
use super::huffman::Huffman;
use super::idct::ZIGZAG;

const WRONG: JpegError = JpegError::Damaged("a segment of the JPEG is not valid");

/// A segment between a picture's start and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment<'a> {
    /// Second byte of its marker.
    pub marker: u8,
    /// The bytes after its length field.
    pub content: &'a [u8],
    /// Position of its marker in the file.
    pub start: usize,
    /// Position of the first byte after it.
    pub end: usize,
}

/// Reads the segment at or behind byte `at`. Returns None at the end marker. Bytes between segments are skipped, as
/// libjpeg does.
///
/// # Errors
/// Fails if the file ends before.
pub fn segment(bytes: &[u8], mut at: usize) -> Result<Option<Segment<'_>>, JpegError> {
    loop {
        let rest = bytes.get(at..).ok_or(JpegError::CutShort)?;
        let found = rest
            .iter()
            .position(|&byte| byte == 0xff)
            .ok_or(JpegError::CutShort)?;
        let start = at + found;
        at = start + 1;
        match *bytes.get(at).ok_or(JpegError::CutShort)? {
            0xd9 => return Ok(None),
            0xff => {}
            0x00 | 0x01 | 0xd0..=0xd8 => at += 1,
            marker => {
                let length = match (bytes.get(at + 1), bytes.get(at + 2)) {
                    (Some(&high), Some(&low)) => usize::from(u16::from_be_bytes([high, low])),
                    _ => return Err(JpegError::CutShort),
                };
                if length < 2 {
                    return Err(WRONG);
                }
                let end = at + 1 + length;
                let content = bytes.get(at + 3..end).ok_or(JpegError::CutShort)?;
                return Ok(Some(Segment {
                    marker,
                    content,
                    start,
                    end,
                }));
            }
        }
    }
}

/// The content of a JPEG's headers before its first scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JpegHeader {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Number of components: 1 is grey, 3 colour, 4 inks.
    pub components: usize,
    /// The EXIF data, a small TIFF, without the name before it.
    pub exif: Option<Vec<u8>>,
}

/// Reads the headers of a JPEG up to its first scan.
///
/// # Errors
/// Fails if it is not a JPEG, ends before its first scan, or is of an unsupported kind.
pub fn read_jpeg_header(bytes: &[u8]) -> Result<JpegHeader, JpegError> {
    header(bytes).map_err(|error| error.in_file(bytes))
}

fn header(bytes: &[u8]) -> Result<JpegHeader, JpegError> {
    let (mut at, mut exif, mut frame) = (start(bytes)?, None, None);
    while let Some(segment) = segment(bytes, at)? {
        at = segment.end;
        match (segment.marker, segment.content) {
            (0xe1, [b'E', b'x', b'i', b'f', 0, _, rest @ ..]) if exif.is_none() => {
                exif = Some(rest.to_vec());
            }
            (0xda, _) => break,
            (marker, content) if is_frame(marker) => frame = Some(Frame::read(marker, content)?),
            _ => {}
        }
    }
    let frame = frame.ok_or(JpegError::Damaged("the JPEG holds no picture"))?;
    Ok(JpegHeader {
        width: frame.width,
        height: frame.height,
        components: frame.components.len(),
        exif,
    })
}

/// The position behind the start marker.
///
/// # Errors
/// Fails if there is no scan.
pub fn start(bytes: &[u8]) -> Result<usize, JpegError> {
    match bytes {
        [0xff, 0xd8, ..] => Ok(2),
        [] | [0xff] => Err(JpegError::CutShort),
        _ => Err(JpegError::Damaged("the JPEG has no start marker")),
    }
}

/// Whether a marker begins a frame header.
pub fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// The tables in force, and the markers that determine the colours.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// Quantisation, row by row.
    pub quantisation: [Option<[u16; 64]>; 4],
    /// Huffman tables of DC coefficients.
    pub dc: [Option<Huffman>; 4],
    /// Huffman tables of AC coefficients.
    pub ac: [Option<Huffman>; 4],
    /// Coded units between restart markers; 0 means no restart markers.
    pub restart: usize,
    /// Whether there is a JFIF header.
    pub jfif: bool,
    /// The transform in Adobe's header.
    pub adobe: Option<u8>,
}

impl Tables {
    /// Applies the definitions of a segment. Other segments are ignored.
    ///
    /// # Errors
    /// Fails if the segment is not valid.
    pub fn take(&mut self, segment: &Segment<'_>) -> Result<(), JpegError> {
        match (segment.marker, segment.content) {
            (0xdb, content) => self.quantisation(content),
            (0xc4, content) => self.huffman(content),
            (0xdd, &[high, low, ..]) => {
                self.restart = usize::from(u16::from_be_bytes([high, low]));
                Ok(())
            }
            (0xdd, _) => Err(WRONG),
            (0xe0, [b'J', b'F', b'I', b'F', 0, ..]) => {
                self.jfif = true;
                Ok(())
            }
            (0xee, content) if content.starts_with(b"Adobe") && content.len() >= 12 => {
                self.adobe = Some(content[11]);
                Ok(())
            }
            (0xcc, _) => Err(JpegError::Unsupported("a JPEG with arithmetic coding")),
            (0xdc, _) => Err(JpegError::Unsupported(
                "a JPEG that does not state its height",
            )),
            _ => Ok(()),
        }
    }

    fn quantisation(&mut self, mut content: &[u8]) -> Result<(), JpegError> {
        while let Some((&kind, rest)) = content.split_first() {
            let bytes = if kind >> 4 == 0 { 1 } else { 2 };
            let place = self
                .quantisation
                .get_mut(usize::from(kind & 15))
                .ok_or(WRONG)?;
            let values = rest.get(..64 * bytes).ok_or(WRONG)?;
            let mut table = [0; 64];
            for (value, &at) in values.chunks_exact(bytes).zip(&ZIGZAG) {
                table[at] = value
                    .iter()
                    .fold(0, |sum, &byte| sum << 8 | u16::from(byte));
            }
            *place = Some(table);
            content = &rest[64 * bytes..];
        }
        Ok(())
    }

    fn huffman(&mut self, mut content: &[u8]) -> Result<(), JpegError> {
        while let Some((&kind, rest)) = content.split_first() {
            let counts: &[u8; 16] = rest.first_chunk().ok_or(WRONG)?;
            let total = counts
                .iter()
                .map(|&count| usize::from(count))
                .sum::<usize>();
            let symbols = rest.get(16..16 + total).ok_or(WRONG)?;
            let tables = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(WRONG),
            };
            let place = tables.get_mut(usize::from(kind & 15)).ok_or(WRONG)?;
            *place = Some(Huffman::new(counts, symbols)?);
            content = &rest[16 + total..];
        }
        Ok(())
    }
}
