//! The exponential function of vectors.

use super::epilogue::polynomial;
use super::simd::Simd;

/// Smallest argument; below it the result would not be a normal f32.
const LEAST: f32 = -87.0;
/// 1.5 * 2^23 plus the bias of an exponent: adding it to a number rounds that number to an integer, which is in the
/// lowest bits.
const ROUND: f32 = 12_582_912.0 + 127.0;
/// The natural logarithm of 2 in two parts; the first has few digits.
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
/// Coefficients of `(e^x - 1 - x) / x^2` for `|x|` up to half the logarithm of 2 (Cephes).
const COEFFICIENTS: [f32; 6] = [
    1.987_569_1e-4,
    1.398_2e-3,
    8.333_452e-3,
    4.166_579_6e-2,
    0.166_666_65,
    0.5,
];

/// `e^x` for `x` of at most 88, with a relative error of at most 2e-7. An `x` below -87 counts as -87.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
pub(super) unsafe fn exponential<V: Simd>(x: V) -> V {
    // SAFETY: guaranteed by the caller.
    unsafe {
        let x = V::all(LEAST).max(x);
        let rounded = x.times(V::all(core::f32::consts::LOG2_E), V::all(ROUND));
        let power = rounded.times(V::all(1.0), V::all(-ROUND));
        let rest = power.times(V::all(-LN_2[0]), x);
        let rest = power.times(V::all(-LN_2[1]), rest);
        let square = rest.times(rest, V::all(0.0));
        let curve = polynomial(rest, &COEFFICIENTS);
        let sum = curve.times(square, rest.times(V::all(1.0), V::all(1.0)));
        sum.times(rounded.as_exponents(), V::all(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_the_standard_library() {
        for step in -8700..=880 {
            let x = step as f32 / 100.0;
            // SAFETY: every processor has single numbers.
            let found = unsafe { exponential(x) };
            let expected = x.exp();
            let apart = (found - expected).abs() / expected;
            assert!(apart <= 2e-7, "e^{x}: {found}, {expected}");
        }
        // SAFETY: as above.
        unsafe {
            assert!(exponential(f32::NEG_INFINITY) < 1e-37);
            assert!(exponential(f32::NAN).is_nan());
        }
    }
}
