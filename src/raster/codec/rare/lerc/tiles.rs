//! Numbers that are coded square by square.

use super::bits::Input;
use super::content::Content;
use super::number::{Number, read_as};

/// Decodes all squares.
pub fn decode_tiles<T: Number>(
    input: &mut Input<'_>,
    content: &Content<'_>,
    numbers: &mut [T],
) -> Option<()> {
    let header = content.header;
    let mut packed = Vec::new();
    for top in (0..header.rows).step_by(header.square) {
        for left in (0..header.columns).step_by(header.square) {
            let square = Square {
                top,
                left,
                bottom: header.rows.min(top + header.square),
                right: header.columns.min(left + header.square),
            };
            for band in 0..header.depth {
                square.decode(input, content, band, numbers, &mut packed)?;
            }
        }
    }
    Some(())
}

/// The pixels that are coded together.
struct Square {
    top: usize,
    left: usize,
    bottom: usize,
    right: usize,
}

impl Square {
    fn decode<T: Number>(
        &self,
        input: &mut Input<'_>,
        content: &Content<'_>,
        band: usize,
        numbers: &mut [T],
        packed: &mut Vec<u32>,
    ) -> Option<()> {
        let header = content.header;
        let head = usize::from(input.u8()?);
        // Some bits repeat the column, to notice damage.
        let (differs, pattern) = match header.version {
            5.. => (head & 4 != 0, 14),
            _ => (false, 15),
        };
        if head >> 2 & pattern != self.left >> 3 & pattern || differs && band == 0 {
            return None;
        }
        let mode = head & 3;
        // The number of the previous band, to which differences are added.
        let before = |numbers: &[T], at: usize| match differs {
            true => numbers[at - 1].real(),
            false => 0.0,
        };
        match mode {
            0 if differs => return None,
            0 => {
                for at in self.places(content, band) {
                    numbers[at] = T::read(input)?;
                }
                return Some(());
            }
            2 => {
                for at in self.places(content, band) {
                    numbers[at] = T::of(before(numbers, at));
                }
                return Some(());
            }
            _ => {}
        }
        let kind = match differs && header.data_type < 6 {
            true => 4,
            false => header.data_type,
        };
        let offset = read_as(input, reduced(kind, (head >> 6) as u32)?)?;
        let most = content.most[band];
        if mode == 3 {
            for at in self.places(content, band) {
                numbers[at] = match differs {
                    true => T::of((offset + before(numbers, at)).min(most)),
                    false => T::of(offset),
                };
            }
            return Some(());
        }
        let count = (self.bottom - self.top) * (self.right - self.left);
        input.packed(count, header.version, packed)?;
        let scale = 2.0 * header.error;
        let mut packed = packed.iter();
        for at in self.places(content, band) {
            let value = offset + f64::from(*packed.next()?) * scale + before(numbers, at);
            numbers[at] = T::of(value.min(most));
        }
        Some(())
    }

    /// Indices of the valid numbers of a band.
    fn places<'a>(
        &'a self,
        content: &'a Content<'_>,
        band: usize,
    ) -> impl Iterator<Item = usize> + 'a {
        let (columns, depth) = (content.header.columns, content.header.depth);
        let pixels = (self.top..self.bottom)
            .flat_map(move |row| (self.left..self.right).map(move |column| row * columns + column));
        let valid = pixels.filter(|&pixel| content.mask.is_valid(pixel));
        valid.map(move |pixel| pixel * depth + band)
    }
}

/// The data type that an offset is stored in, which can be smaller than that of the numbers.
fn reduced(data_type: u32, code: u32) -> Option<u32> {
    match data_type {
        2 | 4 => data_type.checked_sub(code),
        3 | 5 => data_type.checked_sub(2 * code),
        6 => Some(match code {
            0 => 6,
            1 => 2,
            _ => 1,
        }),
        7 if code > 0 => (8 - 2 * code as i32).try_into().ok(),
        other => Some(other),
    }
}
