//! Undoes predictors: rows that are stored as differences (TIFF 6.0, section 14; TIFF Technical Note 3).

use super::order::ByteOrder;

/// Turns differences into integers. `samples` is the number of samples per pixel, each of `bits` bits (8, 16, 32 or
/// 64).
pub fn add_up(bytes: &mut [u8], row_bytes: usize, samples: usize, bits: u16, order: ByteOrder) {
    for row in bytes.chunks_exact_mut(row_bytes.max(1)) {
        match bits {
            8 => match samples {
                // A distance that is known at compile time is much faster.
                1 => add_bytes::<1>(row),
                3 => add_bytes::<3>(row),
                4 => add_bytes::<4>(row),
                _ => {
                    for at in samples..row.len() {
                        row[at] = row[at].wrapping_add(row[at - samples]);
                    }
                }
            },
            16 => add::<2>(row, samples, |sum, next| {
                let sum = order.u16(sum).wrapping_add(order.u16(next));
                match order {
                    ByteOrder::Little => sum.to_le_bytes(),
                    ByteOrder::Big => sum.to_be_bytes(),
                }
            }),
            32 => add::<4>(row, samples, |sum, next| {
                let sum = order.u32(sum).wrapping_add(order.u32(next));
                match order {
                    ByteOrder::Little => sum.to_le_bytes(),
                    ByteOrder::Big => sum.to_be_bytes(),
                }
            }),
            _ => add::<8>(row, samples, |sum, next| {
                let sum = order.u64(sum).wrapping_add(order.u64(next));
                match order {
                    ByteOrder::Little => sum.to_le_bytes(),
                    ByteOrder::Big => sum.to_be_bytes(),
                }
            }),
        }
    }
}

fn add_bytes<const N: usize>(row: &mut [u8]) {
    let mut sums = [0u8; N];
    for pixel in row.chunks_exact_mut(N) {
        for (sum, value) in sums.iter_mut().zip(pixel) {
            *sum = sum.wrapping_add(*value);
            *value = *sum;
        }
    }
}

fn add<const N: usize>(row: &mut [u8], samples: usize, plus: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    let (values, _) = row.as_chunks_mut::<N>();
    for at in samples..values.len() {
        values[at] = plus(values[at - samples], values[at]);
    }
}

/// Turns the differences of the bytes of floating-point numbers into numbers in the file's byte order: in each row, the
/// highest bytes of all numbers come first, then the next ones, whatever the byte order.
pub fn add_up_floats(
    bytes: &mut [u8],
    row_bytes: usize,
    samples: usize,
    bits: u16,
    order: ByteOrder,
) {
    let size = usize::from(bits / 8).max(1);
    let mut sorted = vec![0; row_bytes];
    for row in bytes.chunks_exact_mut(row_bytes.max(1)) {
        for at in samples..row.len() {
            row[at] = row[at].wrapping_add(row[at - samples]);
        }
        let count = row.len() / size;
        for (at, number) in sorted.chunks_exact_mut(size).enumerate() {
            for (byte, value) in number.iter_mut().enumerate() {
                *value = row[byte * count + at];
            }
            if order == ByteOrder::Little {
                number.reverse();
            }
        }
        row.copy_from_slice(&sorted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_every_size_and_order() {
        let values: [u64; 6] = [7, 300, 65_530, 9, 1 << 40, u64::MAX - 3];
        for samples in [1, 2] {
            for bits in [8, 16, 32, 64] {
                for order in [ByteOrder::Little, ByteOrder::Big] {
                    let size = usize::from(bits) / 8;
                    let stored = |value: u64| match order {
                        ByteOrder::Little => value.to_le_bytes()[..size].to_vec(),
                        ByteOrder::Big => value.to_be_bytes()[8 - size..].to_vec(),
                    };
                    let before = |at: usize| match at.checked_sub(samples) {
                        Some(at) => values[at],
                        None => 0,
                    };
                    let differences = |(at, value): (usize, &u64)| value.wrapping_sub(before(at));
                    let row = values.iter().enumerate().map(differences).flat_map(stored);
                    let mut rows: Vec<u8> = row.clone().chain(row).collect();
                    let expected: Vec<u8> = values.iter().copied().flat_map(stored).collect();
                    add_up(&mut rows, 6 * size, samples, bits, order);
                    assert_eq!(
                        rows,
                        [expected.clone(), expected].concat(),
                        "{bits} {order:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn floats_of_both_orders() {
        let values = [1.5f32, -2.25, 1e30, 0.0];
        let mut planes = Vec::new();
        for byte in 0..4 {
            planes.extend(values.map(|value| value.to_be_bytes()[byte]));
        }
        let mut row = planes.clone();
        for at in (1..row.len()).rev() {
            row[at] = row[at].wrapping_sub(row[at - 1]);
        }
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let mut bytes = row.clone();
            add_up_floats(&mut bytes, 16, 1, 32, order);
            let numbers = bytes.as_chunks::<4>().0.iter();
            let found: Vec<f32> = numbers.map(|&b| f32::from_bits(order.u32(b))).collect();
            assert_eq!(found, values);
        }
    }
}
