//! The pixels that a blob holds numbers for.

use super::bits::Input;
use super::header::Header;

/// Mark of the end of a mask's runs.
const END: i16 = -32768;

/// Which pixels are valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mask {
    /// All pixels are valid, or none.
    All(bool),
    /// One bit per pixel, the high bit of each byte first.
    Bits(Vec<u8>),
}

impl Mask {
    /// Reads the mask.
    pub fn read(input: &mut Input<'_>, header: &Header) -> Option<Self> {
        let length = input.size()?;
        let pixels = header.pixels();
        if header.valid == 0 || header.valid == pixels {
            return (length == 0).then_some(Self::All(header.valid > 0));
        }
        let mut runs = Input::new(input.take(length)?);
        let bytes = pixels.div_ceil(8);
        let mut bits = Vec::with_capacity(bytes);
        loop {
            let count = i16::from_le_bytes(runs.take(2)?.try_into().ok()?);
            match count {
                END => break,
                1.. => bits.extend_from_slice(runs.take(count as usize)?),
                _ => {
                    let value = runs.u8()?;
                    bits.resize(bits.len() + usize::from(count.unsigned_abs()), value);
                }
            }
            if bits.len() > bytes {
                return None;
            }
        }
        (bits.len() == bytes).then_some(Self::Bits(bits))
    }

    /// Whether pixel `at` is valid.
    pub fn is_valid(&self, at: usize) -> bool {
        match self {
            Self::All(valid) => *valid,
            Self::Bits(bits) => bits[at / 8] & 0x80 >> (at % 8) != 0,
        }
    }
}
