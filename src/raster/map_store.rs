//! The probabilities of a whole scene, in memory or, if there are many, in a temporary file.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use crate::segment::limits::MAP_PIXELS_IN_MEMORY;

#[derive(Debug)]
enum Place {
    Memory(Vec<u8>),
    /// A file without a name: the system removes it when the program ends, even after a crash.
    File(BufWriter<File>),
}

/// A map that is written once, from the top, and read in any order.
#[derive(Debug)]
pub struct MapStore {
    place: Place,
    limit: usize,
    length: u64,
}

impl Default for MapStore {
    fn default() -> Self {
        Self::with_limit(MAP_PIXELS_IN_MEMORY)
    }
}

impl MapStore {
    /// Creates an empty map that moves to a file when it exceeds `limit` bytes.
    fn with_limit(limit: usize) -> Self {
        Self {
            place: Place::Memory(Vec::new()),
            limit,
            length: 0,
        }
    }

    /// Number of bytes so far.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Whether it is still empty.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Appends probabilities.
    ///
    /// # Errors
    /// Fails if the folder for temporary files cannot be written to, or its disk is full.
    pub fn push(&mut self, values: &[u8]) -> io::Result<()> {
        if let Place::Memory(kept) = &mut self.place {
            if kept.len() + values.len() <= self.limit {
                kept.extend_from_slice(values);
                self.length += values.len() as u64;
                return Ok(());
            }
            let mut file = BufWriter::new(tempfile::tempfile()?);
            file.write_all(kept)?;
            self.place = Place::File(file);
        }
        if let Place::File(file) = &mut self.place {
            file.write_all(values)?;
        }
        self.length += values.len() as u64;
        Ok(())
    }

    /// Fills `values` with the bytes from `start` on.
    ///
    /// # Errors
    /// Fails if the values extend beyond the end, or the disk fails.
    pub fn read(&mut self, start: u64, values: &mut [u8]) -> io::Result<()> {
        match &mut self.place {
            Place::Memory(kept) => {
                let start = usize::try_from(start).map_err(io::Error::other)?;
                let range = start..start.saturating_add(values.len());
                let found = kept.get(range).ok_or(io::ErrorKind::UnexpectedEof)?;
                values.copy_from_slice(found);
                Ok(())
            }
            Place::File(file) => {
                // Seeking flushes the buffer.
                file.seek(SeekFrom::Start(start))?;
                file.get_mut().read_exact(values)?;
                file.seek(SeekFrom::End(0)).map(|_| ())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_the_same_in_memory_and_in_a_file() {
        for limit in [0, 10, 95, 1000] {
            let mut map = MapStore::with_limit(limit);
            let mut part = [0; 7];
            for row in 0..20u8 {
                map.push(&[row; 5]).expect("room");
                if row == 10 {
                    map.read(20, &mut part).expect("there already");
                    assert_eq!(part, [4, 4, 4, 4, 4, 5, 5], "limit {limit}");
                }
            }
            assert_eq!(map.len(), 100);
            map.read(93, &mut part).expect("the end");
            assert_eq!(part, [18, 18, 19, 19, 19, 19, 19], "limit {limit}");
            assert!(map.read(94, &mut part).is_err(), "limit {limit}");
        }
    }
}
