//! Bytes that are coded by their frequency.

use super::bits::Input;
use super::content::Content;
use super::number::Wrapping;

/// Maximum number of symbols of a table, which are bytes.
const MAX_SYMBOLS: usize = 256;
/// Longest code.
const MAX_BITS: u32 = 32;
/// Codes of up to this many bits are looked up in a table.
const LOOKED_UP: u32 = 12;

/// Decodes all numbers: differences from the previous number if `deltas` is set, otherwise the numbers themselves.
pub fn decode_huffman<T: Wrapping>(
    input: &mut Input<'_>,
    content: &Content<'_>,
    deltas: bool,
    numbers: &mut [T],
) -> Option<()> {
    let (header, mask) = (content.header, content.mask);
    let table = Table::read(input, header.version)?;
    let mut codes = Codes::new(input.rest());
    let (columns, depth) = (header.columns, header.depth);
    if !deltas {
        for (at, pixel) in numbers.chunks_exact_mut(depth).enumerate() {
            if mask.is_valid(at) {
                for number in pixel {
                    *number = T::coded(table.decode(&mut codes)?)?;
                }
            }
        }
        return Some(());
    }
    for band in 0..depth {
        let mut last = T::default();
        for pixel in (0..header.pixels()).filter(|&pixel| mask.is_valid(pixel)) {
            let delta = T::coded(table.decode(&mut codes)?)?;
            let has_left = pixel % columns > 0 && mask.is_valid(pixel - 1);
            let has_above = pixel >= columns && mask.is_valid(pixel - columns);
            let before = match !has_left && has_above {
                true => numbers[(pixel - columns) * depth + band],
                false => last,
            };
            last = delta.plus(before);
            numbers[pixel * depth + band] = last;
        }
    }
    Some(())
}

/// A table of codes.
struct Table {
    /// For every beginning of a code, its length and symbol; length 0 if it is longer.
    short: Vec<(u8, u16)>,
    /// Longer codes: length, code, symbol.
    long: Vec<(u32, u32, u16)>,
}

impl Table {
    fn read(input: &mut Input<'_>, version: u32) -> Option<Self> {
        let (own_version, size) = (input.size()?, input.size()?);
        let (first, end) = (input.size()?, input.size()?);
        // Symbols `first..end`; symbols after the last one continue at 0.
        let fits = own_version >= 2 && size <= MAX_SYMBOLS && first < end && first < size;
        if !fits || end - first > size {
            return None;
        }
        let mut lengths = Vec::new();
        input.packed(end - first, version, &mut lengths)?;
        if lengths.len() != end - first || lengths.iter().any(|&length| length > MAX_BITS) {
            return None;
        }
        let mut codes = Codes::new(input.rest());
        let mut table = Self {
            short: vec![(0, 0); 1 << LOOKED_UP],
            long: Vec::new(),
        };
        for (at, &length) in lengths.iter().enumerate() {
            let symbol = ((first + at) % size) as u16;
            if length == 0 {
                continue;
            }
            let code = codes.take(length)?;
            match length {
                ..=LOOKED_UP => {
                    let shift = LOOKED_UP - length;
                    let entries = (code as usize) << shift..(code as usize + 1) << shift;
                    table.short.get_mut(entries)?.fill((length as u8, symbol));
                }
                _ => table.long.push((length, code, symbol)),
            }
        }
        input.take(codes.words_used() * 4)?;
        table.long.sort_unstable();
        Some(table)
    }

    fn decode(&self, codes: &mut Codes<'_>) -> Option<u32> {
        let next = codes.peek();
        let (length, symbol) = self.short[(next >> (32 - LOOKED_UP)) as usize];
        let (length, symbol) = match length {
            0 => {
                let is_it = |&&(length, code, _): &&(u32, u32, u16)| next >> (32 - length) == code;
                let &(length, _, symbol) = self.long.iter().find(is_it)?;
                (length, symbol)
            }
            length => (u32::from(length), symbol),
        };
        codes.skip(length)?;
        Some(u32::from(symbol))
    }
}

/// Bits of 32-bit words, the high bit of each word first.
struct Codes<'a> {
    bytes: &'a [u8],
    /// Index of the next word.
    word: usize,
    kept: u64,
    there: u32,
}

impl<'a> Codes<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            word: 0,
            kept: 0,
            there: 0,
        }
    }

    /// The next 32 bits; zeros behind the end.
    fn peek(&mut self) -> u32 {
        if self.there < 32 {
            let bytes = self.bytes.get(self.word * 4..self.word * 4 + 4);
            let word = bytes.map_or([0; 4], |bytes| [bytes[0], bytes[1], bytes[2], bytes[3]]);
            self.kept = self.kept << 32 | u64::from(u32::from_le_bytes(word));
            self.word += 1;
            self.there += 32;
        }
        (self.kept >> (self.there - 32)) as u32
    }

    fn skip(&mut self, count: u32) -> Option<()> {
        self.there -= count;
        // Fails if the codes extend beyond the last byte.
        (self.words_used() * 4 <= self.bytes.len()).then_some(())
    }

    fn take(&mut self, count: u32) -> Option<u32> {
        let code = self.peek() >> (32 - count);
        self.skip(count)?;
        Some(code)
    }

    /// Words of which a bit was used.
    fn words_used(&self) -> usize {
        self.word - (self.there / 32) as usize
    }
}
