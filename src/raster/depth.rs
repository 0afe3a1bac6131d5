//! How a sample is stored, and which type it is read as.

use super::samples::OwnedSamples;

/// Meaning of a sample's bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Unsigned integer.
    Unsigned,
    /// Signed integer, two's complement.
    Signed,
    /// Floating point.
    Float,
}

/// Bits of a sample and their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// Number of bits.
    pub bits: u16,
    /// Their meaning.
    pub format: Format,
}

impl Depth {
    /// Whether samples of this kind are read.
    pub fn is_known(self) -> bool {
        match self.format {
            Format::Unsigned | Format::Signed => matches!(self.bits, 1..=32 | 64),
            Format::Float => matches!(self.bits, 16 | 24 | 32 | 64),
        }
    }

    /// The kind in words, such as "11-bit unsigned".
    pub fn name(self) -> String {
        let format = match self.format {
            Format::Unsigned => "unsigned",
            Format::Signed => "signed",
            Format::Float => "floating-point",
        };
        format!("{}-bit {format}", self.bits)
    }
}

/// An empty list of the type that holds samples of all these depths.
pub fn kind_of(depths: &[Depth]) -> OwnedSamples {
    let all = |format, bits| {
        let fits = |depth: &Depth| depth.format == format && depth.bits <= bits;
        depths.iter().all(fits)
    };
    if all(Format::Unsigned, 8) {
        OwnedSamples::U8(Vec::new())
    } else if all(Format::Unsigned, 16) {
        OwnedSamples::U16(Vec::new())
    } else if all(Format::Signed, 16) {
        OwnedSamples::I16(Vec::new())
    } else {
        OwnedSamples::F32(Vec::new())
    }
}

/// Scales a value of fewer than 8 bits to 0..255. Other depths stay unchanged.
pub fn spread(value: u8, bits: u16) -> u8 {
    match bits {
        1..8 => {
            let most = (1u32 << bits) - 1;
            ((u32::from(value) * 255 + most / 2) / most).min(255) as u8
        }
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_holds_every_band() {
        let depth = |bits, format| Depth { bits, format };
        let (byte, deep) = (depth(5, Format::Unsigned), depth(12, Format::Unsigned));
        assert_eq!(kind_of(&[byte]), OwnedSamples::U8(Vec::new()));
        assert_eq!(kind_of(&[byte, deep]), OwnedSamples::U16(Vec::new()));
        let signed = depth(8, Format::Signed);
        assert_eq!(kind_of(&[signed]), OwnedSamples::I16(Vec::new()));
        assert_eq!(kind_of(&[signed, byte]), OwnedSamples::F32(Vec::new()));
        assert_eq!(signed.name(), "8-bit signed");
    }

    #[test]
    fn few_bits_fill_a_byte() {
        assert_eq!([0, 1].map(|value| spread(value, 1)), [0, 255]);
        assert_eq!(
            [0, 1, 2, 3].map(|value| spread(value, 2)),
            [0, 85, 170, 255]
        );
        assert_eq!([1, 5, 7].map(|value| spread(value, 3)), [36, 182, 255]);
        assert_eq!([7, 127].map(|value| spread(value, 8)), [7, 127]);
    }
}
