//! The positions of an image's blocks in the file.

use super::codec::Compression;
use super::directory::Directory;
use super::layout::{Layout, tag};
use super::problem::Problem;
use super::reader::ByteSource;

/// Maximum number of blocks of an image.
const MAX_BLOCKS: u64 = 8 << 20;
/// Bytes of uncompressed rows that are read at a time, whatever the size of the strips.
const ROWS_BYTES: u64 = 1 << 18;
/// A compressed block is at most this many times as large as its samples: modified Huffman codes one bit with 4.5 bits.
const MOST_STORED: u64 = 8;
/// Bytes that a small compressed block may have beyond that: headers and tables.
const STORED_MARGIN: u64 = 1 << 16;

/// Offset and length of each block as stored; both are 0 if it was never written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocks {
    offsets: Vec<u64>,
    lengths: Vec<u64>,
    /// Strips have this many rows if the layout's blocks are cut differently from them.
    strip_rows: Option<usize>,
}

impl Blocks {
    /// Reads the table of the image in `directory`. The rows of uncompressed strips become blocks of a convenient
    /// height, which is set in `layout`.
    ///
    /// # Errors
    /// Fails if blocks are missing, lie beyond the end of the file, or are too many.
    pub fn read(
        source: &mut ByteSource,
        directory: &Directory,
        layout: &mut Layout,
    ) -> Result<Self, Problem> {
        let across = layout.width.div_ceil(layout.block.0) as u64;
        let down = layout.height.div_ceil(layout.block.1) as u64;
        let count = across
            .saturating_mul(down)
            .saturating_mul(layout.planes() as u64);
        if count > MAX_BLOCKS {
            let found = format!("{count} blocks");
            return Err(Problem::unsupported(found, super::problem::REWRITE));
        }
        let tags = match layout.tiled {
            true => (tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS),
            false => (tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS),
        };
        // Some writers keep tiles in the tags of strips.
        let mut list = |first, second| -> Result<Vec<u64>, Problem> {
            let found = directory.numbers(source, first, count)?;
            match found {
                Some(found) => Ok(found),
                None => Ok(directory
                    .numbers(source, second, count)?
                    .unwrap_or_default()),
            }
        };
        let offsets = list(tags.0, tag::STRIP_OFFSETS)?;
        let mut lengths = list(tags.1, tag::STRIP_BYTE_COUNTS)?;
        if (offsets.len() as u64) < count {
            let reason = format!("{} of its {count} blocks are listed", offsets.len());
            return Err(Problem::Damaged(reason));
        }
        lengths.resize(offsets.len(), 0);
        let mut blocks = Self {
            offsets,
            lengths,
            strip_rows: None,
        };
        blocks.complete(layout, source.size());
        blocks.check(layout, source.size())?;
        blocks.cut_rows(layout);
        Ok(blocks)
    }

    /// Number of blocks, of all planes.
    pub fn count(&self) -> usize {
        self.offsets.len()
    }

    /// Reads the stored bytes of block `index` of that plane, whose rows are `rows`; None if it was never written.
    ///
    /// # Errors
    /// Fails if the reader fails.
    pub fn fetch(
        &self,
        source: &mut ByteSource,
        layout: &Layout,
        plane: usize,
        index: usize,
        rows: std::ops::Range<usize>,
    ) -> Result<Option<Vec<u8>>, Problem> {
        let (Some(strip), Some(row)) = (self.strip_rows, layout.row_bytes(plane)) else {
            let at = plane * (self.offsets.len() / layout.planes()) + index;
            return match self.lengths[at] {
                0 => Ok(None),
                length => {
                    // Many blocks of a small file may each claim the whole file.
                    let most = layout.block_bytes(plane, layout.block.1);
                    let most = most.unwrap_or(u64::MAX).saturating_mul(MOST_STORED);
                    let length = length.min(most.saturating_add(STORED_MARGIN));
                    Ok(Some(source.read_at(self.offsets[at], length)?))
                }
            };
        };
        let strips = layout.height.div_ceil(strip);
        let mut bytes = Vec::new();
        let mut y = rows.start;
        while y < rows.end {
            let end = rows.end.min((y / strip + 1) * strip);
            let start = self.offsets[plane * strips + y / strip] + (y % strip) as u64 * row;
            let part = source.read_at(start, (end - y) as u64 * row)?;
            match bytes.is_empty() {
                true => bytes = part,
                false => bytes.extend(part),
            }
            y = end;
        }
        Ok(Some(bytes))
    }

    /// Sets lengths that the file omits: an uncompressed block has a known length, and a compressed one extends to the
    /// next block or the end of the file.
    fn complete(&mut self, layout: &Layout, file_size: u64) {
        let per_plane = (self.offsets.len() / layout.planes()).max(1);
        let single = self.offsets.len() == 1;
        let mut sorted = None;
        for at in 0..self.offsets.len() {
            let offset = self.offsets[at];
            if offset == 0 {
                // Only the header can be at this position.
                self.lengths[at] = 0;
                continue;
            }
            let rows = match layout.tiled {
                true => layout.block.1,
                false => {
                    let top = at % per_plane * layout.block.1;
                    layout.block.1.min(layout.height.saturating_sub(top))
                }
            };
            let whole = layout.block_bytes(at / per_plane, rows);
            let stored = layout.compression == Compression::None;
            match whole {
                Some(whole) if stored && (self.lengths[at] == 0 || single) => {
                    self.lengths[at] = whole;
                }
                _ if self.lengths[at] == 0 => {
                    let sorted = sorted.get_or_insert_with(|| {
                        let mut sorted = self.offsets.clone();
                        sorted.sort_unstable();
                        sorted
                    });
                    let next = sorted.partition_point(|&other| other <= offset);
                    let end = sorted.get(next).copied().unwrap_or(file_size);
                    self.lengths[at] = end.min(file_size).saturating_sub(offset).max(1);
                }
                _ => {}
            }
        }
    }

    /// Checks that all blocks are in the file.
    fn check(&self, layout: &Layout, file_size: u64) -> Result<(), Problem> {
        let (mut there, mut beyond, mut begun) = (0, 0, false);
        for (offset, length) in self.offsets.iter().zip(&self.lengths) {
            match offset.checked_add(*length) {
                _ if *length == 0 => {}
                Some(end) if end <= file_size => there += 1,
                _ => {
                    beyond += 1;
                    begun |= *offset < file_size;
                }
            }
        }
        match (there, beyond) {
            (_, 0) => Ok(()),
            (0, _) if !begun => Err(Problem::NoPixels {
                width: layout.width,
                height: layout.height,
            }),
            _ => {
                let blocks = there + beyond;
                let reason = format!("{beyond} of its {blocks} blocks are missing or cut short");
                Err(Problem::CutShort(reason))
            }
        }
    }

    /// Makes the rows of uncompressed strips blocks of about [`ROWS_BYTES`], if all strips are in the file.
    fn cut_rows(&mut self, layout: &mut Layout) {
        let planes = 0..layout.planes();
        let longest = planes.filter_map(|plane| layout.row_bytes(plane)).max();
        let (false, Compression::None, None, Some(row @ 1..)) = (
            layout.tiled,
            layout.compression,
            layout.subsampling,
            longest,
        ) else {
            return;
        };
        let strip = layout.block.1;
        let strips = layout.height.div_ceil(strip);
        let has_all = |(at, &length): (usize, &u64)| {
            let rows = strip.min(layout.height - at % strips * strip);
            layout
                .block_bytes(at / strips, rows)
                .is_some_and(|whole| length >= whole)
        };
        if self.lengths.len() == strips * layout.planes()
            && self.lengths.iter().enumerate().all(has_all)
        {
            self.strip_rows = Some(strip);
            layout.block.1 = ((ROWS_BYTES / row) as usize).clamp(1, layout.height);
        }
    }
}

#[cfg(test)]
#[path = "blocks_tests.rs"]
mod tests;
