//! Samples as a binary stream, for training outside this program.
//!
//! A record is a scene with its phrases. All numbers are little-endian:
//!
//! ```text
//! u32 magic 0x53344531, u32 bytes of the rest
//! u16 side, u8 flags (bit 0: labels follow), u8 number of the source, u16 phrases, u16 bytes of the name, name
//! image       side * side * 3 u8, RGB, [row, column, colour]
//! if labels:  side * side u8, ids of classes, 254 none of the classes in the set, 255 unknown
//!             u32 set of classes, one bit per id, that a pixel labelled 254 does not belong to
//! per phrase: u16 tokens, that many u16 token ids, start and end token included
//!             u8 class id (255 none), u8 kind, u16 bytes of the phrase, phrase in UTF-8
//!             (side / 4)^2 u8: covered input pixels per mask pixel, 0 to 16, or 255 if any of them is unknown
//! ```
//! `kind` is the sum of: 1 absent (nothing matches), 2 class only, 4 position, 8 size, 16 colour, 32
//! relation, 64 superlative.

use std::io::{self, Write};

use crate::data::{Sample, SceneTruth};
use crate::learn::{CELL_PIXELS, covered_pixels};
use crate::text::{PhraseTokenizer, TextError};
use crate::things::UNKNOWN;
use crate::vision::resize_image;

/// First bytes of a record.
pub const MAGIC: u32 = 0x5334_4531;

/// Value of unknown mask pixels.
const UNKNOWN_CELL: u8 = 255;

/// The bytes of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleRecord(Vec<u8>);

impl SampleRecord {
    /// Makes the record of samples that all have the image of the first, resized to `side` pixels. `source`
    /// is a number chosen by the caller. Labels are omitted if they are not known or `labels` is false.
    ///
    /// # Errors
    /// Fails if the tokenizer rejects a phrase.
    pub fn new(
        samples: &[Sample],
        source: u8,
        side: usize,
        labels: bool,
        tokenizer: &PhraseTokenizer,
    ) -> Result<Self, TextError> {
        let Some(first) = samples.first() else {
            return Ok(Self(Vec::new()));
        };
        let truth = first.truth.as_ref().filter(|_| labels);
        let cells = (side / 4).pow(2);
        let mut bytes = Vec::with_capacity(side * side * 4 + samples.len() * (cells + 200) + 200);
        bytes.extend(MAGIC.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend((side as u16).to_le_bytes());
        bytes.extend([u8::from(truth.is_some()), source]);
        bytes.extend((samples.len() as u16).to_le_bytes());
        push_text(&mut bytes, &first.source);
        let (width, height) = (first.image.width(), first.image.height());
        if (width, height) == (side, side) {
            bytes.extend(first.image.pixels());
        } else {
            bytes.extend(resize_image(&first.image, side, side).pixels());
        }
        if let Some(truth) = truth {
            let nearest = |place: usize, from: usize| (2 * place + 1) * from / (2 * side);
            for y in 0..side {
                let row = &truth.labels[nearest(y, height) * width..][..width];
                bytes.extend((0..side).map(|x| row[nearest(x, width)]));
            }
            bytes.extend(truth.ruled_out.bits().to_le_bytes());
        }
        for sample in samples {
            let tokens = tokenizer.encode(&sample.phrase)?;
            let real = tokens
                .ids
                .iter()
                .zip(&tokens.mask)
                .filter(|(_, real)| **real);
            let ids: Vec<u16> = real
                .map(|(&id, _)| u16::try_from(id).unwrap_or(0))
                .collect();
            bytes.extend((ids.len() as u16).to_le_bytes());
            bytes.extend(ids.into_iter().flat_map(u16::to_le_bytes));
            let class = sample
                .truth
                .as_ref()
                .map_or(UNKNOWN, |truth| truth.class.id());
            let kind = sample.truth.as_ref().map_or(0, kind) | u8::from(sample.absent);
            bytes.extend([class, kind]);
            push_text(&mut bytes, &sample.phrase);
            let start = bytes.len();
            bytes.extend(covered_pixels(&sample.mask, side));
            if let Some(known) = &sample.known {
                let known = covered_pixels(known, side);
                for (cell, known) in bytes[start..].iter_mut().zip(known) {
                    if usize::from(known) < CELL_PIXELS {
                        *cell = UNKNOWN_CELL;
                    }
                }
            }
        }
        let rest = (bytes.len() - 8) as u32;
        bytes[4..8].copy_from_slice(&rest.to_le_bytes());
        Ok(Self(bytes))
    }

    /// Writes the record.
    ///
    /// # Errors
    /// Fails if `output` does.
    pub fn write(&self, output: &mut impl Write) -> io::Result<()> {
        output.write_all(&self.0)
    }
}

fn push_text(bytes: &mut Vec<u8>, text: &str) {
    let mut length = text.len().min(usize::from(u16::MAX));
    while !text.is_char_boundary(length) {
        length -= 1;
    }
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(&text.as_bytes()[..length]);
}

/// Returns the kind of phrase as bits.
fn kind(truth: &SceneTruth) -> u8 {
    let parts = truth.parts;
    let bits = [
        false,
        parts.is_bare(),
        parts.position,
        parts.size,
        parts.colour,
        parts.relation,
        parts.superlative,
    ];
    let weighed = bits.into_iter().enumerate();
    weighed.fold(0, |sum, (place, bit)| sum | u8::from(bit) << place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, Synthetic};
    use crate::things::Class;
    use crate::vision::Mask;

    fn tokenizer() -> PhraseTokenizer {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/tiny/tokenizer.json");
        let json = std::fs::read(path).expect("the shipped tokenizer");
        PhraseTokenizer::from_bytes(&json, 40).expect("a tokenizer")
    }

    struct Reader<'a>(&'a [u8]);

    impl<'a> Reader<'a> {
        fn take(&mut self, count: usize) -> &'a [u8] {
            let (taken, rest) = self.0.split_at(count);
            self.0 = rest;
            taken
        }

        fn number(&mut self, bytes: usize) -> usize {
            let taken = self.take(bytes).iter().rev();
            taken.fold(0, |sum, &byte| sum << 8 | usize::from(byte))
        }
    }

    #[test]
    fn a_record_reads_back_as_it_was_said() {
        let (side, tokenizer) = (96, tokenizer());
        let mut samples = Synthetic::new(3, side).samples_of_scene(1, 4);
        let mut known = Mask::full(side, side);
        known.set(9, 1, false);
        samples[0].known = Some(known);
        let record = SampleRecord::new(&samples, 2, side, true, &tokenizer).expect("a record");
        let mut written = Vec::new();
        record.write(&mut written).expect("memory");
        let mut read = Reader(&written);
        assert_eq!(read.number(4), MAGIC as usize);
        assert_eq!(read.number(4), written.len() - 8);
        let header = (
            read.number(2),
            read.number(1),
            read.number(1),
            read.number(2),
        );
        assert_eq!(header, (side, 1, 2, samples.len()));
        let length = read.number(2);
        assert_eq!(read.take(length), samples[0].source.as_bytes());
        assert_eq!(read.take(side * side * 3), samples[0].image.pixels());
        let truth = samples[0].truth.as_ref().expect("a truth");
        assert_eq!(read.take(side * side), truth.labels);
        assert_eq!(read.number(4), truth.ruled_out.bits() as usize);
        for (place, sample) in samples.iter().enumerate() {
            let tokens = tokenizer.encode(&sample.phrase).expect("tokens");
            let count = read.number(2);
            assert_eq!(count, tokens.mask.iter().filter(|&&real| real).count());
            let ids: Vec<u32> = (0..count).map(|_| read.number(2) as u32).collect();
            assert_eq!(ids, tokens.ids[..count]);
            let truth = sample.truth.as_ref().expect("a truth");
            assert_eq!(read.number(1), usize::from(truth.class.id()));
            let kind = read.number(1);
            assert_eq!(kind & 1 == 1, sample.absent);
            assert_eq!(kind & 4 == 4, truth.parts.position);
            let length = read.number(2);
            assert_eq!(read.take(length), sample.phrase.as_bytes());
            let mask = read.take((side / 4).pow(2));
            let unknown = mask.iter().filter(|&&cell| cell == UNKNOWN_CELL).count();
            assert_eq!(unknown, usize::from(place == 0));
            let covered: usize = mask
                .iter()
                .filter(|&&cell| cell <= 16)
                .map(|&cell| usize::from(cell))
                .sum();
            let whole = sample.mask.area();
            assert!(covered == whole || (place == 0 && covered + 16 >= whole));
        }
        assert!(read.0.is_empty());
        assert!(usize::from(u8::MAX) > Class::COUNT);
    }
}
