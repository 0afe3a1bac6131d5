//! From the bytes of a block to samples.

use super::depth::{Depth, Format, spread};
use super::order::ByteOrder;
use super::samples::OwnedSamples;

/// Turns the bytes of rows of `row` samples into samples of the type of `kind`. The depths repeat for every pixel.
/// Samples of fewer than 8 bits are scaled to 0..255 if `scaled`.
pub fn unpack(
    bytes: Vec<u8>,
    depths: &[Depth],
    row: usize,
    order: ByteOrder,
    kind: &OwnedSamples,
    scaled: bool,
) -> OwnedSamples {
    let first = depths[0];
    let same = depths.iter().all(|depth| *depth == first);
    match (kind, first.format, first.bits) {
        (OwnedSamples::U8(_), Format::Unsigned, 8) if same => OwnedSamples::U8(bytes),
        (OwnedSamples::U16(_), Format::Unsigned, 16) if same => {
            OwnedSamples::U16(shorts(&bytes, order))
        }
        (OwnedSamples::I16(_), Format::Signed, 16) if same => {
            let (values, _) = bytes.as_chunks::<2>();
            OwnedSamples::I16(values.iter().map(|&b| order.u16(b) as i16).collect())
        }
        (OwnedSamples::F32(_), _, 16 | 32 | 64) if same => {
            OwnedSamples::F32(reals(&bytes, first, order))
        }
        _ => packed(&bytes, depths, row, order, kind, scaled),
    }
}

fn shorts(bytes: &[u8], order: ByteOrder) -> Vec<u16> {
    let (values, _) = bytes.as_chunks::<2>();
    match order {
        ByteOrder::Little => values.iter().map(|&b| u16::from_le_bytes(b)).collect(),
        ByteOrder::Big => values.iter().map(|&b| u16::from_be_bytes(b)).collect(),
    }
}

/// Samples of one of the usual sizes as floating-point numbers.
fn reals(bytes: &[u8], depth: Depth, order: ByteOrder) -> Vec<f32> {
    let size = usize::from(depth.bits / 8);
    let numbers = bytes.chunks_exact(size).map(|one| order.number(one));
    numbers.map(|number| real(number, depth)).collect()
}

/// The number whose bits are `bits`.
fn real(bits: u64, depth: Depth) -> f32 {
    match (depth.format, depth.bits) {
        (Format::Float, 16) => small_float(bits as u32, 5, 10),
        // TIFF Technical Note 3.
        (Format::Float, 24) => small_float(bits as u32, 7, 16),
        (Format::Float, 32) => f32::from_bits(bits as u32),
        (Format::Float, _) => f64::from_bits(bits) as f32,
        (Format::Signed, _) => signed(bits, depth.bits) as f32,
        (Format::Unsigned, _) => bits as f32,
    }
}

/// A signed number of `bits` bits.
fn signed(number: u64, bits: u16) -> i64 {
    let spare = 64 - u32::from(bits);
    (number << spare) as i64 >> spare
}

/// A floating-point number with fewer bits of exponent and mantissa than an f32.
fn small_float(bits: u32, exponent_bits: u32, mantissa_bits: u32) -> f32 {
    let sign = bits >> (exponent_bits + mantissa_bits) << 31;
    let highest = (1 << exponent_bits) - 1;
    let exponent = bits >> mantissa_bits & highest;
    let mantissa = bits & ((1 << mantissa_bits) - 1);
    let bias = highest >> 1;
    let wide = mantissa << (23 - mantissa_bits);
    let size = match exponent {
        0 => {
            let least = 2f32.powi(1 - (bias + mantissa_bits) as i32);
            (mantissa as f32 * least).to_bits()
        }
        // Infinite or not a number.
        exponent if exponent == highest => 0x7f80_0000 | wide,
        exponent => (exponent + 127 - bias) << 23 | wide,
    };
    f32::from_bits(size | sign)
}

/// Samples of any number of bits, each row starting with a new byte. Floating-point numbers and integers of the usual
/// sizes are in the file's byte order. All others, also 24-bit ones, have their high bit first, as GDAL writes and
/// reads them.
fn packed(
    bytes: &[u8],
    depths: &[Depth],
    row: usize,
    order: ByteOrder,
    kind: &OwnedSamples,
    scaled: bool,
) -> OwnedSamples {
    let cycle = depths.len().max(1);
    let bits: u64 = depths.iter().map(|depth| u64::from(depth.bits)).sum();
    let row_bytes = (row as u64 / cycle as u64 * bits).div_ceil(8).max(1) as usize;
    let ordered =
        |depth: &Depth| depth.format == Format::Float || matches!(depth.bits, 8 | 16 | 32 | 64);
    let whole = depths.iter().all(ordered);
    let numbers = bytes.chunks_exact(row_bytes).flat_map(|bytes| {
        let mut at = 0;
        (0..row).map(move |index| {
            let depth = depths[index % cycle];
            let count = usize::from(depth.bits);
            let number = match whole {
                true => order.number(&bytes[at / 8..(at + count) / 8]),
                false => high_first(bytes, at, count),
            };
            at += count;
            (number, depth)
        })
    });
    match kind {
        OwnedSamples::U8(_) => OwnedSamples::U8(
            numbers
                .map(|(number, depth)| match scaled {
                    true => spread(number as u8, depth.bits),
                    false => number as u8,
                })
                .collect(),
        ),
        OwnedSamples::U16(_) => {
            OwnedSamples::U16(numbers.map(|(number, _)| number as u16).collect())
        }
        OwnedSamples::I16(_) => OwnedSamples::I16(
            numbers
                .map(|(number, depth)| signed(number, depth.bits) as i16)
                .collect(),
        ),
        OwnedSamples::F32(_) => {
            OwnedSamples::F32(numbers.map(|(number, depth)| real(number, depth)).collect())
        }
    }
}

/// `count` bits from bit `at` on, the high bit of each byte first.
fn high_first(bytes: &[u8], at: usize, count: usize) -> u64 {
    let (mut number, mut at, mut left) = (0, at, count);
    while left > 0 {
        let here = (8 - at % 8).min(left);
        let byte = u64::from(bytes[at / 8]);
        let part = byte >> (8 - at % 8 - here) & ((1 << here) - 1);
        number = number << here | part;
        at += here;
        left -= here;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(bits: u16, format: Format) -> Depth {
        Depth { bits, format }
    }

    #[test]
    fn samples_of_few_bits() {
        let kind = OwnedSamples::U8(Vec::new());
        let read = |bytes: &[u8], bits, row, scaled| {
            let depths = [depth(bits, Format::Unsigned)];
            match unpack(
                bytes.to_vec(),
                &depths,
                row,
                ByteOrder::Little,
                &kind,
                scaled,
            ) {
                OwnedSamples::U8(values) => values,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(
            read(&[0b1010_0000, 0b0110_0000], 1, 3, false),
            [1, 0, 1, 0, 1, 1]
        );
        assert_eq!(read(&[0x1f, 0x20], 4, 3, false), [1, 15, 2]);
        assert_eq!(read(&[0b1101_1000], 2, 3, true), [255, 85, 170]);
        assert_eq!(read(&[0b1010_1111, 0b1000_0000], 3, 3, false), [5, 3, 7]);
    }

    #[test]
    fn odd_and_mixed_depths() {
        let eleven = [depth(11, Format::Unsigned)];
        let bytes = vec![
            0b1000_0000,
            0b0010_0000,
            0b0000_0111,
            0b1111_1111,
            0b1000_0000,
        ];
        let kind = OwnedSamples::U16(Vec::new());
        let found = unpack(bytes, &eleven, 3, ByteOrder::Big, &kind, true);
        assert_eq!(found, OwnedSamples::U16(vec![1025, 1, 2047]));
        let mixed = [5, 6, 5].map(|bits| depth(bits, Format::Unsigned));
        let kind = OwnedSamples::U8(Vec::new());
        let found = unpack(
            vec![0b1111_1000, 0b0110_0001],
            &mixed,
            3,
            ByteOrder::Big,
            &kind,
            false,
        );
        assert_eq!(found, OwnedSamples::U8(vec![31, 3, 1]));
        let mixed = [depth(8, Format::Unsigned), depth(16, Format::Signed)];
        let kind = OwnedSamples::F32(Vec::new());
        let found = unpack(
            vec![7, 0xfe, 0xff],
            &mixed,
            2,
            ByteOrder::Little,
            &kind,
            true,
        );
        assert_eq!(found, OwnedSamples::F32(vec![7.0, -2.0]));
    }

    #[test]
    fn numbers_of_every_size() {
        let read = |bytes: &[u8], bits, format, order| {
            let kind = OwnedSamples::F32(Vec::new());
            match unpack(
                bytes.to_vec(),
                &[depth(bits, format)],
                1,
                order,
                &kind,
                true,
            ) {
                OwnedSamples::F32(values) => values[0],
                other => panic!("{other:?}"),
            }
        };
        let (little, big) = (ByteOrder::Little, ByteOrder::Big);
        assert_eq!(read(&2.5f64.to_be_bytes(), 64, Format::Float, big), 2.5);
        assert_eq!(
            read(&(-9i64).to_le_bytes(), 64, Format::Signed, little),
            -9.0
        );
        assert_eq!(read(&[0x3c, 0x00], 16, Format::Float, big), 1.0);
        assert_eq!(read(&[0x80, 0x01], 16, Format::Float, big), -2f32.powi(-24));
        assert_eq!(read(&[1, 0, 0], 24, Format::Unsigned, little), 65_536.0);
        assert_eq!(read(&[0xff, 0xff, 0xfe], 24, Format::Signed, big), -2.0);
        // 1.5, -0.25, the smallest number and infinity.
        assert_eq!(read(&[0x3f, 0x80, 0x00], 24, Format::Float, big), 1.5);
        assert_eq!(read(&[0xbd, 0x00, 0x00], 24, Format::Float, big), -0.25);
        assert_eq!(read(&[0, 0, 1], 24, Format::Float, big), 2f32.powi(-78));
        assert_eq!(read(&[0x7f, 0, 0], 24, Format::Float, big), f32::INFINITY);
    }
}
