//! CCITT Group 3 and 4, for scanned line drawings (ITU-T T.4 and T.6; TIFF 6.0, sections 10 and 11).

use std::convert::Infallible;

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, ByteReader};

use super::{Compression, Problem, Shape, damaged};

/// Bit 0 of T4Options: rows may refer to the row above.
const TWO_DIMENSIONAL: u64 = 1;
/// Zeros after the data, so that codes at its end can be looked up.
const PADDING: usize = 8;

/// Decodes a block of one bit per pixel; black is 1.
///
/// # Errors
/// Fails if a code is not valid.
pub fn decode(
    compression: Compression,
    bytes: &[u8],
    shape: &Shape<'_>,
) -> Result<Vec<u8>, Problem> {
    let padded = bytes.iter().copied().chain([0; PADDING]);
    let Ok(reader) = ByteReader::new(padded.map(Ok::<u8, Infallible>));
    let mut rows = Rows {
        reader,
        width: shape.width,
        above: Vec::new(),
        changes: Vec::new(),
    };
    let mut decoded = Vec::with_capacity(shape.bytes);
    for _ in 0..shape.rows {
        let whole = match compression {
            Compression::CcittRle => {
                let whole = rows.one_dimensional();
                let spare = rows.reader.bits_to_byte_boundary();
                let _ = rows.reader.consume(spare);
                whole
            }
            Compression::CcittGroup3 => {
                let plain = rows.skip_end_of_line(shape.t4_options);
                if plain {
                    rows.one_dimensional()
                } else {
                    rows.two_dimensional()
                }
            }
            _ => rows.two_dimensional(),
        };
        whole.ok_or_else(|| damaged(compression.name(), "it has an unknown code"))?;
        rows.draw(&mut decoded);
        std::mem::swap(&mut rows.above, &mut rows.changes);
    }
    Ok(decoded)
}

/// The rows of a block, one after the other.
struct Rows<I> {
    reader: ByteReader<I>,
    width: usize,
    /// Columns where the colour changes in the row above: the first change is to black, the second to white.
    above: Vec<usize>,
    /// Changes of the current row.
    changes: Vec<usize>,
}

impl<I: Iterator<Item = Result<u8, Infallible>>> Rows<I> {
    /// Skips an end-of-line code and the fill bits before it. Returns whether the row does not refer to the one above.
    fn skip_end_of_line(&mut self, options: u64) -> bool {
        // No code of a run begins with more than seven zeros.
        let mut found = false;
        if self.reader.peek(9) == Some(0) {
            while self.reader.peek(1) == Some(0) && self.reader.consume(1).is_ok() {}
            found = self.reader.consume(1).is_ok();
        }
        if options & TWO_DIMENSIONAL == 0 || !found {
            return true;
        }
        let plain = self.reader.peek(1) != Some(0);
        let _ = self.reader.consume(1);
        plain
    }

    /// Reads a row of runs.
    fn one_dimensional(&mut self) -> Option<()> {
        self.changes.clear();
        let (mut column, mut is_black) = (0, false);
        while column < self.width {
            column += self.run(is_black)?;
            self.changes.push(column);
            is_black = !is_black;
        }
        Some(())
    }

    /// Reads a row that refers to the row above.
    fn two_dimensional(&mut self) -> Option<()> {
        self.changes.clear();
        // Column of the last change; None before the first pixel.
        let mut last = None;
        let mut is_black = false;
        while last.unwrap_or(0) < self.width {
            let start = last.unwrap_or(0);
            let (first, second) = self.changes_above(last, is_black);
            match mode::decode(&mut self.reader)? {
                Mode::Pass => last = Some(second),
                Mode::Vertical(delta) => {
                    let column = first.checked_add_signed(isize::from(delta))?;
                    // Each change lies after the previous one.
                    let column = (column >= start).then_some(column)?;
                    self.changes.push(column);
                    last = Some(column);
                    is_black = !is_black;
                }
                Mode::Horizontal => {
                    let first = start + self.run(is_black)?;
                    let second = first + self.run(!is_black)?;
                    self.changes.extend([first, second]);
                    last = Some(second);
                }
                Mode::Extension | Mode::EOF => return None,
            }
        }
        Some(())
    }

    /// The first change after `last` in the row above to the opposite of the current colour, and the change after that.
    fn changes_above(&self, last: Option<usize>, is_black: bool) -> (usize, usize) {
        let behind = |&column: &usize| last.is_none_or(|last| column > last);
        let mut at = self.above.partition_point(|column| !behind(column));
        if at % 2 != usize::from(is_black) {
            at += 1;
        }
        let column = |at: usize| {
            self.above
                .get(at)
                .map_or(self.width, |&c| c.min(self.width))
        };
        (column(at), column(at + 1))
    }

    /// Reads the length of a run.
    fn run(&mut self, is_black: bool) -> Option<usize> {
        let mut sum = 0;
        loop {
            let length = match is_black {
                true => black::decode(&mut self.reader)?,
                false => white::decode(&mut self.reader)?,
            };
            sum += usize::from(length);
            // Lengths of 64 and more are followed by a shorter one.
            if length < 64 {
                return Some(sum);
            }
            if sum > self.width + 64 {
                return None;
            }
        }
    }

    /// Appends the present row, one bit per pixel.
    fn draw(&self, decoded: &mut Vec<u8>) {
        let start = decoded.len();
        decoded.resize(start + self.width.div_ceil(8), 0);
        let row = &mut decoded[start..];
        for run in self.changes.chunks(2) {
            let end = run.get(1).map_or(self.width, |&end| end.min(self.width));
            for column in run[0]..end {
                row[column / 8] |= 0x80 >> (column % 8);
            }
        }
    }
}
