//! A TIFF's bytes, changed while reading so that the decoder returns samples as they are stored.

use std::io::{self, Read, Seek, SeekFrom};

use super::directory::{Directories, Field};
use super::reader::SharedReader;

/// PhotometricInterpretation of plain numbers.
const BLACK_IS_ZERO: u32 = 1;

/// The file, changed so that each of its images claims to have plain numbers as samples and only whole tiles.
///
/// The decoder supports some kinds of colour, refuses others (palettes, five bands) and omits bands in others. It also
/// crops tiles at the image's edge, wrongly if bands are stored separately. If the samples are plain numbers and all
/// tiles are whole, it returns every sample as stored. What they mean and where the image ends is then decided in one
/// place.
pub struct Stored {
    file: SharedReader,
    position: u64,
    /// Offsets in the file, ascending, and the byte to return there.
    changes: Vec<(u64, u8)>,
}

impl Stored {
    /// Reads `file`, whose directories are known.
    pub fn new(file: SharedReader, directories: &Directories) -> Self {
        let mut changes = Vec::new();
        for directory in &directories.list {
            let whole = |length: Field, tile: Field| match tile.value {
                0 => length.value,
                tile => length.value.div_ceil(tile).saturating_mul(tile),
            };
            for (field, value) in [
                (directory.photometric, BLACK_IS_ZERO),
                (
                    directory.width,
                    whole(directory.width, directory.tile_width),
                ),
                (
                    directory.height,
                    whole(directory.height, directory.tile_height),
                ),
            ] {
                // A value that does not fit its field is left unchanged.
                if u64::from(value) < 1 << (8 * field.bytes) {
                    let low = value.to_le_bytes();
                    changes.extend((0..u64::from(field.bytes)).map(|index| {
                        let index_from_low = match directories.little_endian {
                            true => index,
                            false => u64::from(field.bytes) - 1 - index,
                        };
                        (field.at + index, low[index_from_low as usize])
                    }));
                }
            }
        }
        changes.sort_unstable();
        Self {
            file,
            position: 0,
            changes,
        }
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // Other images of the file move its position.
        self.file.seek(SeekFrom::Start(self.position))?;
        let count = self.file.read(buffer)?;
        let end = self.position + count as u64;
        let first = self.changes.partition_point(|(at, _)| *at < self.position);
        for &(at, byte) in self.changes[first..].iter().take_while(|(at, _)| *at < end) {
            buffer[(at - self.position) as usize] = byte;
        }
        self.position = end;
        Ok(count)
    }
}

impl Seek for Stored {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = self.file.seek(to)?;
        Ok(self.position)
    }
}
