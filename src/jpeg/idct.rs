//! The inverse DCT of libjpeg-turbo's `jidctint.c` (`islow`), bit for bit.

use std::num::Wrapping;

/// Position of each coefficient, in the order of the file, in a block stored row by row (T.81, figure A.6).
pub const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Fractional bits of the constants.
const CONST_BITS: usize = 13;
/// Extra bits of precision that the first pass keeps.
const PASS1_BITS: usize = 2;

type Number = Wrapping<i32>;

fn fixed(value: i32) -> Number {
    Wrapping(value)
}

/// One pass over eight numbers, scaled up by 2^13.
#[inline(always)]
fn pass(input: [Number; 8]) -> [Number; 8] {
    // The even part.
    let z1 = (input[2] + input[6]) * fixed(4433);
    let tmp2 = z1 - input[6] * fixed(15137);
    let tmp3 = z1 + input[2] * fixed(6270);
    let tmp0 = (input[0] + input[4]) << CONST_BITS;
    let tmp1 = (input[0] - input[4]) << CONST_BITS;
    let (tmp10, tmp13) = (tmp0 + tmp3, tmp0 - tmp3);
    let (tmp11, tmp12) = (tmp1 + tmp2, tmp1 - tmp2);
    // The odd part.
    let [tmp0, tmp1, tmp2, tmp3] = [input[7], input[5], input[3], input[1]];
    let (z1, z2, z3, z4) = (tmp0 + tmp3, tmp1 + tmp2, tmp0 + tmp2, tmp1 + tmp3);
    let z5 = (z3 + z4) * fixed(9633);
    let z1 = z1 * fixed(-7373);
    let z2 = z2 * fixed(-20995);
    let z3 = z3 * fixed(-16069) + z5;
    let z4 = z4 * fixed(-3196) + z5;
    let tmp0 = tmp0 * fixed(2446) + z1 + z3;
    let tmp1 = tmp1 * fixed(16819) + z2 + z4;
    let tmp2 = tmp2 * fixed(25172) + z2 + z3;
    let tmp3 = tmp3 * fixed(12299) + z1 + z4;
    [
        tmp10 + tmp3,
        tmp11 + tmp2,
        tmp12 + tmp1,
        tmp13 + tmp0,
        tmp13 - tmp0,
        tmp12 - tmp1,
        tmp11 - tmp2,
        tmp10 - tmp3,
    ]
}

fn descale(value: Number, bits: usize) -> Number {
    (value + fixed(1 << (bits - 1))) >> bits
}

/// Writes the 8 x 8 samples of the block with these `coefficients`, row by row, to `samples`, whose rows are `stride`
/// apart. `quantisation` is in the same order as the coefficients.
pub fn idct(coefficients: &[i16; 64], quantisation: &[u16; 64], samples: &mut [u8], stride: usize) {
    let mut work = [fixed(0); 64];
    for column in 0..8 {
        let at = |row: usize| {
            let value = i32::from(coefficients[row * 8 + column])
                .wrapping_mul(i32::from(quantisation[row * 8 + column]));
            fixed(value.clamp(i32::from(i16::MIN), i32::from(i16::MAX)))
        };
        if (1..8).all(|row| coefficients[row * 8 + column] == 0) {
            let value = at(0) << PASS1_BITS;
            (0..8).for_each(|row| work[row * 8 + column] = value);
            continue;
        }
        let input = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
        for (row, value) in pass(input).into_iter().enumerate() {
            work[row * 8 + column] = descale(value, CONST_BITS - PASS1_BITS);
        }
    }
    for (row, values) in work.chunks_exact(8).enumerate() {
        let mut input = [fixed(0); 8];
        input.copy_from_slice(values);
        let line = &mut samples[row * stride..row * stride + 8];
        for (sample, value) in line.iter_mut().zip(pass(input)) {
            let value = descale(value, CONST_BITS + PASS1_BITS + 3)
                .0
                .saturating_add(128);
            *sample = value.clamp(0, 255) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_within_one_level_of_the_exact_transform() {
        let mut state = 7u64;
        for _ in 0..200 {
            let mut block = [0i16; 64];
            for value in block.iter_mut().step_by(5) {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                *value = ((state >> 56) as i16 - 128) / 2;
            }
            let mut samples = [0u8; 64];
            idct(&block, &[1; 64], &mut samples, 8);
            for (at, &found) in samples.iter().enumerate() {
                let (y, x) = (at / 8, at % 8);
                let basis = |place: usize, frequency: usize| {
                    let scale = if frequency == 0 { 0.5f64.sqrt() } else { 1.0 };
                    let angle = (2 * place + 1) as f64 * frequency as f64;
                    scale * (angle * std::f64::consts::PI / 16.0).cos() / 2.0
                };
                let sum: f64 = (0..64)
                    .map(|at| f64::from(block[at]) * basis(y, at / 8) * basis(x, at % 8))
                    .sum();
                let exact = (sum + 128.0).clamp(0.0, 255.0);
                assert!((exact - f64::from(found)).abs() <= 1.0, "{exact} {found}");
            }
        }
    }

    #[test]
    fn the_largest_coefficients_do_not_panic() {
        for value in [i16::MIN, i16::MAX] {
            let mut samples = [0; 64];
            idct(&[value; 64], &[u16::MAX; 64], &mut samples, 8);
        }
    }

    #[test]
    fn the_zigzag_visits_every_place_once() {
        let mut places = ZIGZAG;
        places.sort_unstable();
        assert!(places.iter().enumerate().all(|(at, &place)| at == place));
    }
}
