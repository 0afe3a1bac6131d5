//! Huffman tables.

use super::bits::Bits;
use super::error::JpegError;

const FAST: u32 = 9;
const WRONG: JpegError = JpegError::Damaged("a Huffman table of the JPEG is not valid");

/// A Huffman table (T.81, annex C).
#[derive(Debug, Clone)]
pub struct Huffman {
    /// For each value of the next 9 bits: length of the code and its symbol; length 0 for longer codes.
    fast: Vec<(u8, u8)>,
    /// For each length of 1 to 16 bits: one more than the highest code, in the high bits of 16, and the offset from a
    /// code to the place of its symbol.
    ends: [(u32, i32); 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// A table with `counts` codes of 1 to 16 bits and their `symbols`.
    ///
    /// # Errors
    /// Fails if there are more codes of a length than there can be, or the numbers do not match.
    pub fn new(counts: &[u8; 16], symbols: &[u8]) -> Result<Self, JpegError> {
        let total: usize = counts.iter().map(|&count| usize::from(count)).sum();
        if total != symbols.len() || total > 256 {
            return Err(WRONG);
        }
        let mut fast = vec![(0, 0); 1 << FAST];
        let mut ends = [(0, 0); 17];
        let (mut code, mut place) = (0u32, 0usize);
        for (length, &count) in (1u32..).zip(counts) {
            ends[length as usize].1 = place as i32 - code as i32;
            for _ in 0..count {
                if code >> length != 0 {
                    return Err(WRONG);
                }
                if length <= FAST {
                    let first = (code << (FAST - length)) as usize;
                    fast[first..first + (1 << (FAST - length))]
                        .fill((length as u8, symbols[place]));
                }
                code += 1;
                place += 1;
            }
            ends[length as usize].0 = code << (16 - length);
            code <<= 1;
        }
        Ok(Self {
            fast,
            ends,
            symbols: symbols.to_vec(),
        })
    }

    /// Reads one symbol.
    ///
    /// # Errors
    /// Fails if the data ends, or no code matches.
    pub fn symbol(&self, bits: &mut Bits<'_>) -> Result<u8, JpegError> {
        let next = bits.peek();
        let (length, symbol) = self.fast[usize::from(next >> (16 - FAST))];
        if length > 0 {
            bits.skip(u32::from(length))?;
            return Ok(symbol);
        }
        for length in FAST + 1..=16 {
            let (end, shift) = self.ends[length as usize];
            if u32::from(next) < end {
                bits.skip(length)?;
                let place = i32::from(next >> (16 - length)) + shift;
                let symbol = usize::try_from(place)
                    .ok()
                    .and_then(|at| self.symbols.get(at));
                return symbol.copied().ok_or(WRONG);
            }
        }
        // Zeros after the end of the data may not be a valid code.
        bits.skip(16)?;
        Err(JpegError::Damaged(
            "the JPEG data holds a code that does not exist",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_length_are_read() {
        // One code of each length of 1 to 16: 0, 10, 110 and so on.
        let symbols: Vec<u8> = (1..=16).collect();
        let table = Huffman::new(&[1; 16], &symbols).expect("a table");
        // Length 16, length 1, length 10: fifteen ones and a zero, a zero, nine ones and a zero.
        let bytes = [0xff, 0, 0xfe, 0x7f, 0xc0, 0];
        let mut bits = Bits::new(&bytes, 0);
        let read: Vec<u8> = (0..3)
            .map(|_| table.symbol(&mut bits).expect("a code"))
            .collect();
        assert_eq!(read, [16, 1, 10]);
        let all = [0xff, 0, 0xff, 0, 0xff, 0];
        let error = table.symbol(&mut Bits::new(&all, 0)).expect_err("all ones");
        assert!(matches!(error, JpegError::Damaged(_)), "{error}");
        let error = table
            .symbol(&mut Bits::new(&all[..2], 0))
            .expect_err("the end");
        assert_eq!(error, JpegError::CutShort);
    }

    #[test]
    fn too_many_codes_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Huffman::new(&counts, &[1, 2, 3]).is_err());
        counts[0] = 2;
        assert!(Huffman::new(&counts, &[1, 2]).is_ok());
        assert!(Huffman::new(&counts, &[1]).is_err());
    }
}
