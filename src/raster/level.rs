//! One image of a TIFF, the scene itself or an overview, read piece by piece.

use tiff::TiffError;
use tiff::decoder::{ChunkType, Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use super::directory::Directories;
use super::error::RasterError;
use super::reader::SharedReader;
use super::samples::OwnedSamples;
use super::stored::Stored;
use crate::vision::Window;

/// Largest piece, in bytes, both stored and decoded.
pub const MAX_PIECE_BYTES: usize = 256 << 20;

/// One image of a TIFF.
pub struct Level {
    name: String,
    decoder: Decoder<Stored>,
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Samples per pixel.
    pub samples: usize,
    /// Bits per sample.
    pub bits: u16,
    chunk: (usize, usize),
    tiled: bool,
    planar: bool,
    /// Size of each chunk in the file, in bytes; 0 if the file omits it because it is empty.
    stored_bytes: Vec<u64>,
    /// An empty list of the samples' type.
    kind: OwnedSamples,
    fill: f64,
    indices: bool,
}

impl Level {
    /// Opens image `index` of the file `name`, which has `file_size` bytes.
    ///
    /// # Errors
    /// Fails if the file is damaged, incomplete, or of a kind that is not supported.
    pub fn open(
        reader: &SharedReader,
        name: &str,
        directories: &Directories,
        index: usize,
        file_size: u64,
    ) -> Result<Self, RasterError> {
        let wrong = |error| RasterError::from_tiff(name, error);
        let stored = Stored::new(reader.clone(), directories);
        let mut limits = Limits::default();
        limits.decoding_buffer_size = MAX_PIECE_BYTES;
        limits.intermediate_buffer_size = MAX_PIECE_BYTES;
        let mut decoder = Decoder::new(stored).map_err(wrong)?.with_limits(limits);
        if index > 0 {
            decoder.seek_to_image(index).map_err(wrong)?;
        }
        let (width, height) = directories.list[index].size();
        let (places, sizes) = match decoder.get_chunk_type() {
            ChunkType::Strip => (Tag::StripOffsets, Tag::StripByteCounts),
            ChunkType::Tile => (Tag::TileOffsets, Tag::TileByteCounts),
        };
        let places = decoder.get_tag_u64_vec(places).map_err(wrong)?;
        let stored_bytes = decoder.get_tag_u64_vec(sizes).map_err(wrong)?;
        let ends = places.iter().zip(&stored_bytes);
        let (mut there, mut beyond) = (0, 0);
        for (place, bytes) in ends.filter(|(_, bytes)| **bytes > 0) {
            match place.checked_add(*bytes) {
                Some(end) if end <= file_size => there += 1,
                _ => beyond += 1,
            }
        }
        if there == 0 {
            return Err(RasterError::NoPixels {
                name: name.into(),
                width,
                height,
            });
        }
        if beyond > 0 {
            let reason = format!("{beyond} of its {} pieces are missing", there + beyond);
            return Err(RasterError::Damaged {
                name: name.into(),
                reason,
            });
        }
        let number = |decoder: &mut Decoder<Stored>, tag, otherwise: u16| {
            let found = decoder.find_tag_unsigned_vec::<u16>(tag).map_err(wrong)?;
            Ok::<_, RasterError>(
                found
                    .and_then(|list| list.first().copied())
                    .unwrap_or(otherwise),
            )
        };
        let samples = usize::from(number(&mut decoder, Tag::SamplesPerPixel, 1)?);
        let bits = number(&mut decoder, Tag::BitsPerSample, 1)?;
        let format = number(&mut decoder, Tag::SampleFormat, 1)?;
        let planar = number(&mut decoder, Tag::PlanarConfiguration, 1)? == 2 && samples > 1;
        let kind = match (format, bits) {
            (1, 1 | 2 | 4 | 8) => OwnedSamples::U8(Vec::new()),
            (1, 16) => OwnedSamples::U16(Vec::new()),
            (2, 16) => OwnedSamples::I16(Vec::new()),
            (2, 8) | (1..=3, 32 | 64) | (3, 16) => OwnedSamples::F32(Vec::new()),
            _ => {
                let found = format!("samples of {bits} bits (format {format})");
                return Err(RasterError::unsupported(name, &found));
            }
        };
        let chunk = decoder.chunk_dimensions();
        Ok(Self {
            name: name.into(),
            chunk: (chunk.0 as usize, (chunk.1 as usize).min(height)),
            tiled: decoder.get_chunk_type() == ChunkType::Tile,
            decoder,
            width,
            height,
            samples,
            bits,
            planar,
            stored_bytes,
            kind,
            fill: 0.0,
            indices: false,
        })
    }

    /// Sets the value of pixels that the file omits, as [`Level::read`] returns it, and whether samples are palette
    /// indices.
    pub fn set_meaning(&mut self, fill: f64, indices: bool) {
        self.fill = fill;
        self.indices = indices;
    }

    /// Factor for stored samples: those of fewer than 8 bits are scaled to 0..255. Palette indices are not scaled.
    pub fn spread(&self) -> u8 {
        match self.bits {
            bits @ 1..8 if !self.indices => 255 / ((1u16 << bits) - 1) as u8,
            _ => 1,
        }
    }

    /// The decoder, for the tags of this image.
    pub fn decoder(&mut self) -> &mut Decoder<Stored> {
        &mut self.decoder
    }

    /// An empty list of the samples' type.
    pub fn kind(&self) -> OwnedSamples {
        self.kind.clone()
    }

    /// Width and height of tiles; None if the image is in strips.
    pub fn tile(&self) -> Option<(usize, usize)> {
        self.tiled.then_some(self.chunk)
    }

    /// Number of chunks per row of chunks.
    fn across(&self) -> usize {
        self.width.div_ceil(self.chunk.0)
    }

    /// Returns the numbers of the chunks that overlap `window`, row by row.
    pub fn chunks_of(&self, window: &Window) -> Vec<u32> {
        let columns = window.x / self.chunk.0..window.right().div_ceil(self.chunk.0);
        let rows = window.y / self.chunk.1..window.bottom().div_ceil(self.chunk.1);
        rows.flat_map(|row| columns.clone().map(move |column| (row, column)))
            .map(|(row, column)| (row * self.across() + column) as u32)
            .collect()
    }

    /// Returns the pixels that chunk `number` covers.
    pub fn place(&self, number: u32) -> Window {
        let (x, y) = (
            number as usize % self.across() * self.chunk.0,
            number as usize / self.across() * self.chunk.1,
        );
        Window::new(
            x,
            y,
            self.chunk.0.min(self.width - x),
            self.chunk.1.min(self.height - y),
        )
    }

    /// Reads the samples of chunk `number`, with the bands interleaved.
    ///
    /// # Errors
    /// Fails if the chunk is damaged or too large.
    pub fn read(&mut self, number: u32) -> Result<OwnedSamples, RasterError> {
        let place = self.place(number);
        let planes = if self.planar { self.samples } else { 1 };
        let each = self.samples / planes;
        let plane_chunks = self.across() * self.height.div_ceil(self.chunk.1);
        let mut found = Vec::with_capacity(planes);
        for plane in 0..planes {
            let number = plane * plane_chunks + number as usize;
            found.push(match self.stored_bytes.get(number) {
                Some(0) => {
                    let count = place.pixels() as usize * each;
                    if count > MAX_PIECE_BYTES / usize::from(self.bits.div_ceil(8)) {
                        return Err(RasterError::from_tiff(
                            &self.name,
                            TiffError::LimitsExceeded,
                        ));
                    }
                    self.kind.filled(count, self.fill)
                }
                _ => self.decoded(number as u32, &place, each)?,
            });
        }
        match found.len() {
            1 => Ok(found.remove(0)),
            _ => Ok(OwnedSamples::interleaved(&found)),
        }
    }

    /// Decodes chunk `number`, `each` samples per pixel, and crops it to the size of `place`.
    fn decoded(
        &mut self,
        number: u32,
        place: &Window,
        each: usize,
    ) -> Result<OwnedSamples, RasterError> {
        let wrong = |error| RasterError::from_tiff(&self.name, error);
        let read = self.decoder.read_chunk(number).map_err(wrong)?;
        let (width, height) = self.decoder.chunk_data_dimensions(number);
        let (row, rows) = (width as usize * each, height as usize);
        let samples = match read {
            DecodingResult::U8(values) if self.bits < 8 => {
                let mut values = unpacked(&values, self.bits, row);
                let spread = self.spread();
                values.iter_mut().for_each(|value| *value *= spread);
                OwnedSamples::U8(values)
            }
            DecodingResult::U8(values) => OwnedSamples::U8(values),
            DecodingResult::U16(values) => OwnedSamples::U16(values),
            DecodingResult::I16(values) => OwnedSamples::I16(values),
            DecodingResult::F32(values) => OwnedSamples::F32(values),
            DecodingResult::I8(values) => real(values, f32::from),
            DecodingResult::F16(values) => real(values, f32::from),
            DecodingResult::U32(values) => real(values, |value| value as f32),
            DecodingResult::I32(values) => real(values, |value| value as f32),
            DecodingResult::U64(values) => real(values, |value| value as f32),
            DecodingResult::I64(values) => real(values, |value| value as f32),
            DecodingResult::F64(values) => real(values, |value| value as f32),
        };
        let wanted = place.width * each;
        if samples.as_samples().len() != row * rows || row < wanted || rows < place.height {
            return Err(RasterError::Damaged {
                name: self.name.clone(),
                reason: "a piece does not have the stated size".to_owned(),
            });
        }
        if (row, rows) == (wanted, place.height) {
            return Ok(samples);
        }
        let mut cut = self.kind.clone();
        for y in 0..place.height {
            cut.extend_from(&samples, y * row..y * row + wanted);
        }
        Ok(cut)
    }
}

fn real<T>(values: Vec<T>, number: impl Fn(T) -> f32) -> OwnedSamples {
    OwnedSamples::F32(values.into_iter().map(number).collect())
}

/// Unpacks samples of 1, 2 or 4 bits to one per byte; every packed row starts with a new byte.
fn unpacked(bytes: &[u8], bits: u16, row: usize) -> Vec<u8> {
    let in_byte = usize::from(8 / bits);
    let highest = (1u16 << bits) - 1;
    let rows = bytes.chunks_exact(row.div_ceil(in_byte).max(1));
    rows.flat_map(|bytes| {
        (0..row).map(move |at| {
            let shift = 8 - bits as usize * (at % in_byte + 1);
            (u16::from(bytes[at / in_byte]) >> shift & highest) as u8
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_samples_are_taken_apart_row_by_row() {
        assert_eq!(
            unpacked(&[0b1010_0000, 0b0110_0000], 1, 3),
            [1, 0, 1, 0, 1, 1]
        );
        assert_eq!(unpacked(&[0x1f, 0x20], 4, 3), [1, 15, 2]);
        assert_eq!(unpacked(&[0b1101_1000], 2, 3), [3, 1, 2]);
    }
}
