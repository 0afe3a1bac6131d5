//! Blobs that are written byte by byte.

use super::*;

/// A blob of version 2, which has no checksum: 3 x 2 pixels.
struct Draft {
    data_type: u32,
    valid: u32,
    error: f64,
    range: (f64, f64),
    /// The mask with its length, and the bytes after it.
    body: Vec<u8>,
}

impl Draft {
    fn bytes(&self) -> Vec<u8> {
        let size = 6 + 4 + 6 * 4 + 3 * 8 + self.body.len() as u32;
        let mut bytes = b"Lerc2 ".to_vec();
        for number in [2, 2, 3, self.valid, 8, size, self.data_type] {
            bytes.extend(number.to_le_bytes());
        }
        for number in [self.error, self.range.0, self.range.1] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(&self.body);
        bytes
    }

    fn read(&self) -> Result<Blob, Problem> {
        let bytes = self.bytes();
        Blob::read(&bytes, Header::read(&bytes)?)
    }
}

/// Five of six pixels are valid: the third is not. A run of one byte, and the end of the runs.
const MASK: [u8; 9] = [5, 0, 0, 0, 1, 0, 0b1101_1100, 0, 0x80];

#[test]
fn a_constant_blob_with_a_mask_has_holes() {
    let blob = Draft {
        data_type: 6,
        valid: 5,
        error: 0.0,
        range: (2.5, 2.5),
        body: MASK.to_vec(),
    };
    let blob = blob.read().expect("a blob");
    let numbers = blob.bytes.as_chunks::<4>().0.iter();
    let numbers: Vec<f32> = numbers.map(|&bytes| f32::from_le_bytes(bytes)).collect();
    assert!(numbers[2].is_nan() && !blob.mask.is_valid(2));
    let others = [0, 1, 3, 4, 5].map(|at| numbers[at]);
    assert_eq!(others, [2.5; 5]);
}

#[test]
fn squares_of_packed_differences() {
    // Coded in squares: one square with offset 10 (stored as a byte) and five numbers of 2 bits: 0, 1, 3, 2, 1.
    let mut body = MASK.to_vec();
    body.extend([0, 0b0100_0001, 10, 0x82, 5]);
    let packed = 0b00_01_11_10_01_u32 << 22;
    body.extend([(packed >> 16) as u8, (packed >> 24) as u8]);
    let blob = Draft {
        data_type: 3,
        valid: 5,
        error: 0.5,
        range: (10.0, 13.0),
        body,
    };
    let found = blob.read().expect("a blob").bytes;
    let numbers: Vec<u16> = found
        .as_chunks::<2>()
        .0
        .iter()
        .map(|&b| u16::from_le_bytes(b))
        .collect();
    assert_eq!(numbers, [10, 11, 0, 13, 12, 11]);
}

#[test]
fn whatever_byte_is_wrong_nothing_panics() {
    let mut body = MASK.to_vec();
    body.extend([0, 0b0100_0001, 10, 0x82, 5, 0x9e, 0x07]);
    let whole = Draft {
        data_type: 3,
        valid: 5,
        error: 0.5,
        range: (10.0, 13.0),
        body,
    };
    let whole = whole.bytes();
    for at in 0..whole.len() {
        assert!(Header::read(&whole[..at]).is_err(), "{at} bytes");
        for byte in [0, 1, 2, 7, 0x7f, 0xff, whole[at] ^ 1] {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            if let Ok(header) = Header::read(&bytes)
                && header.pixels() < 1000
            {
                let _ = Blob::read(&bytes, header);
            }
        }
    }
}

#[test]
fn version_one_is_refused_without_advice_that_cannot_work() {
    let error = Header::read(b"CntZImage \x0b\0\0\0").expect_err("version 1");
    let Problem::Unsupported { found, advice } = error else {
        panic!("{error:?}");
    };
    assert!(found.contains("version 1") && !advice.contains("gdal_translate"));
}
