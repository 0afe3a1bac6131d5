//! Decodes a whole file.

use super::colour::{Colours, Conversion};
use super::error::JpegError;
use super::frame::Frame;
use super::scan::Scan;
use super::segments::{Tables, is_frame, segment, start};
use super::store::{Dropped, Kept, Marked, Planes, Store};
use super::upsample::Upsampled;
use crate::vision::MAX_PIXELS;

/// Maximum number of scans in a file. Real ones have about ten; each costs a pass over the whole picture.
const MOST_SCANS: usize = 200;
/// Maximum number of blocks that all scans together may visit: twenty passes over the largest picture. More scans would
/// only cost time.
const MOST_VISITS: usize = MAX_PIXELS / 64 * 20;
/// Maximum memory for the coefficients or samples of a picture before the file is known to be complete.
const UNCHECKED_BYTES: usize = 64 << 20;

/// A decoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedJpeg {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Samples per pixel: 1 is grey, 3 are red, green and blue; with [`Conversion::Stored`] the components.
    pub channels: usize,
    /// Samples, interleaved, row by row.
    pub pixels: Vec<u8>,
}

/// Checks that every block of the picture in a JPEG file is there, without keeping its pixels. Bytes after the end
/// marker are ignored.
///
/// # Errors
/// See [`JpegError`]: a file that is cut short, damaged or not supported. One that was cut short and got an end marker
/// counts as damaged.
pub fn check_jpeg(bytes: &[u8]) -> Result<(), JpegError> {
    let checked = File::new(bytes, None).and_then(File::check);
    checked.map_err(|error| error.in_file(bytes))
}

/// Decodes a JPEG file to grey or red, green and blue, to the pixels that libjpeg-turbo gives.
///
/// # Errors
/// As [`check_jpeg`].
pub fn decode_jpeg(bytes: &[u8]) -> Result<DecodedJpeg, JpegError> {
    decode_jpeg_with_tables(bytes, None, Conversion::Declared)
}

/// Decodes JPEG data whose tables may be in a file of their own, as in TIFFs.
///
/// # Errors
/// As [`check_jpeg`].
pub fn decode_jpeg_with_tables(
    bytes: &[u8],
    tables: Option<&[u8]>,
    conversion: Conversion,
) -> Result<DecodedJpeg, JpegError> {
    decode(bytes, tables, conversion).map_err(|error| error.in_file(bytes))
}

fn decode(
    bytes: &[u8],
    tables: Option<&[u8]>,
    conversion: Conversion,
) -> Result<DecodedJpeg, JpegError> {
    let mut file = File::new(bytes, tables)?;
    let frame = file.frame.clone();
    let block_bytes = if frame.progressive { 128 } else { 64 };
    if frame.coded_blocks() * block_bytes > UNCHECKED_BYTES {
        File::new(bytes, tables)?.check()?;
    }
    let planes = if frame.progressive {
        let mut kept = Kept::new(&frame);
        file.scans(&mut kept)?;
        kept.into_planes(&frame)
    } else {
        let mut planes = Planes::new(&frame);
        file.scans(&mut planes)?;
        planes
    };
    let ids: Vec<u8> = frame.components.iter().map(|one| one.id).collect();
    let colours = Colours::of(&ids, &file.tables, conversion);
    let parts = planes.0.iter().zip(&frame.components);
    let parts: Option<Vec<_>> = parts
        .map(|(plane, one)| Upsampled::new(plane, one, &frame))
        .collect();
    let parts = parts.ok_or(JpegError::Unsupported(
        "a JPEG whose chroma has a fractional size",
    ))?;
    let channels = colours.channels(parts.len());
    let mut pixels = vec![0; frame.width * frame.height * channels];
    let mut rows = vec![vec![0; frame.width]; parts.len()];
    for (y, output) in pixels.chunks_exact_mut(frame.width * channels).enumerate() {
        for (part, row) in parts.iter().zip(&mut rows) {
            part.row(y, row);
        }
        colours.convert(&rows, output);
    }
    Ok(DecodedJpeg {
        width: frame.width,
        height: frame.height,
        channels,
        pixels,
    })
}

/// A file that is being read.
struct File<'a> {
    bytes: &'a [u8],
    /// Position behind the frame header.
    at: usize,
    frame: Frame,
    tables: Tables,
}

impl<'a> File<'a> {
    /// Reads up to the frame header.
    fn new(bytes: &'a [u8], abbreviated: Option<&[u8]>) -> Result<Self, JpegError> {
        let mut tables = Tables::default();
        if let Some(other) = abbreviated {
            let mut at = start(other)?;
            while let Some(segment) = segment(other, at)? {
                tables.take(&segment)?;
                at = segment.end;
            }
        }
        let mut at = start(bytes)?;
        while let Some(segment) = segment(bytes, at)? {
            at = segment.end;
            if !is_frame(segment.marker) {
                tables.take(&segment)?;
                continue;
            }
            let frame = Frame::read(segment.marker, segment.content)?;
            // Even an empty block takes one bit, or two if all of it is in one scan.
            let bits = if frame.progressive { 1 } else { 2 };
            if frame.coded_blocks().div_ceil(8 / bits) > bytes.len() - at {
                return Err(JpegError::CutShort);
            }
            return Ok(Self {
                bytes,
                at,
                frame,
                tables,
            });
        }
        Err(JpegError::Damaged("the JPEG holds no picture"))
    }

    /// Reads all scans without keeping what they hold.
    fn check(mut self) -> Result<(), JpegError> {
        match self.frame.progressive {
            true => {
                let mut store = Marked::new(&self.frame);
                self.scans(&mut store)
            }
            false => self.scans(&mut Dropped),
        }
    }

    /// Reads all scans up to the end marker, and checks that they give the whole picture.
    fn scans(&mut self, store: &mut dyn Store) -> Result<(), JpegError> {
        let mut missing = Missing::new(&self.frame);
        let (mut count, mut visits) = (0, 0);
        while let Some(segment) = segment(self.bytes, self.at)? {
            self.at = segment.end;
            if is_frame(segment.marker) {
                return Err(JpegError::Unsupported("a JPEG with several frames"));
            }
            if segment.marker != 0xda {
                self.tables.take(&segment)?;
                continue;
            }
            count += 1;
            if count > MOST_SCANS {
                return Err(JpegError::Unsupported("a JPEG with more than 200 scans"));
            }
            let scan = Scan::read(segment.content, &self.frame)?;
            let blocks = |&(component, ..): &(usize, usize, usize)| {
                let (across, down) = self.frame.components[component].blocks;
                across * down
            };
            visits += scan.parts.iter().map(blocks).sum::<usize>();
            if visits > MOST_VISITS {
                return Err(JpegError::Unsupported(
                    "a JPEG of its size with so many scans",
                ));
            }
            for &(component, ..) in &scan.parts {
                if missing.is_new(component) {
                    let table = self.frame.components[component].table;
                    let table = self.tables.quantisation[table].as_ref();
                    let missing_table = JpegError::Damaged("a table of the JPEG is missing");
                    store.quantise(component, table.ok_or(missing_table)?);
                }
            }
            self.at = scan.decode(self.bytes, segment.end, &self.frame, &self.tables, store)?;
            missing.take(&scan, self.frame.progressive);
        }
        match missing.is_empty() {
            true => Ok(()),
            false => Err(JpegError::CutShort),
        }
    }
}

/// For each coefficient of each component, the lowest bit that is known, if any.
struct Missing(Vec<[Option<u32>; 64]>);

impl Missing {
    fn new(frame: &Frame) -> Self {
        Self(vec![[None; 64]; frame.components.len()])
    }

    fn is_new(&self, component: usize) -> bool {
        self.0[component].iter().all(Option::is_none)
    }

    fn take(&mut self, scan: &Scan, progressive: bool) {
        let (range, low) = match progressive {
            true => (scan.pass.first..=scan.pass.last, scan.pass.low),
            false => (0..=63, 0),
        };
        for &(component, ..) in &scan.parts {
            self.0[component][range.clone()].fill(Some(low));
        }
    }

    fn is_empty(&self) -> bool {
        self.0.iter().flatten().all(|&low| low == Some(0))
    }
}
