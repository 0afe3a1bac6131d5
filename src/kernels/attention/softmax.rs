//! The softmax of rows.

use crate::kernels::exponential::exponential;
use crate::kernels::simd::{MOST, Simd, widest};

/// Number of partial sums that are used in turn, so that no addition waits for the previous one.
const CHAINS: usize = 4;

widest! {
    /// Replaces each row of `rows`, `[scales.len(), keys]`, by numbers in proportion to the softmax of the row plus
    /// `added`. The softmax is these numbers times the row's scale. `added`: a number for each key, or empty for zeros.
    /// The number of keys is a multiple of [`MOST`].
    pub(super) fn softmax(rows: &mut [f32], added: &[f32], scales: &mut [f32]) = softmax_of
}

/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn softmax_of<V: Simd>(rows: &mut [f32], added: &[f32], scales: &mut [f32]) {
    let keys = rows.len() / scales.len().max(1);
    assert!(keys.is_multiple_of(MOST) && rows.len() == keys * scales.len());
    assert!(added.is_empty() || added.len() == keys);
    for (row, scale) in rows.chunks_exact_mut(keys.max(1)).zip(scales) {
        // SAFETY: guaranteed by the caller, and the lengths were checked.
        unsafe {
            let most = match added {
                [] => most_of::<V>(row),
                _ => most_with::<V>(row, added),
            };
            *scale = 1.0 / shares::<V>(row, most);
        }
    }
}

/// The largest number of a row.
///
/// # Safety
/// The processor has the instructions of `V`; the length is a multiple of [`MOST`].
#[inline(always)]
unsafe fn most_of<V: Simd>(row: &[f32]) -> f32 {
    let numbers = row.as_ptr();
    // SAFETY: guaranteed by the caller.
    unsafe {
        let mut most = [V::all(f32::MIN); CHAINS];
        for (index, at) in (0..row.len()).step_by(V::COUNT).enumerate() {
            let most = &mut most[index % CHAINS];
            *most = most.max(V::load(numbers.add(at)));
        }
        folded(most, |a, b| a.max(b), |a, b| if b > a { b } else { a })
    }
}

/// Adds `added` to a row and returns its largest number.
///
/// # Safety
/// As [`most_of`]; both have the same length.
#[inline(always)]
unsafe fn most_with<V: Simd>(row: &mut [f32], added: &[f32]) -> f32 {
    let (numbers, added) = (row.as_mut_ptr(), added.as_ptr());
    // SAFETY: guaranteed by the caller.
    unsafe {
        let mut most = [V::all(f32::MIN); CHAINS];
        for (index, at) in (0..row.len()).step_by(V::COUNT).enumerate() {
            let score = V::load(numbers.add(at)).times(V::all(1.0), V::load(added.add(at)));
            score.store(numbers.add(at));
            let most = &mut most[index % CHAINS];
            *most = most.max(score);
        }
        folded(most, |a, b| a.max(b), |a, b| if b > a { b } else { a })
    }
}

/// Replaces each number of a row by the exponential of its difference from `most`, and returns their sum.
///
/// # Safety
/// As [`most_of`].
#[inline(always)]
unsafe fn shares<V: Simd>(row: &mut [f32], most: f32) -> f32 {
    let numbers = row.as_mut_ptr();
    // SAFETY: guaranteed by the caller.
    unsafe {
        let mut sums = [V::all(0.0); CHAINS];
        for (index, at) in (0..row.len()).step_by(V::COUNT).enumerate() {
            let score = V::load(numbers.add(at)).times(V::all(1.0), V::all(-most));
            let share = exponential(score);
            share.store(numbers.add(at));
            let sum = &mut sums[index % CHAINS];
            *sum = share.times(V::all(1.0), *sum);
        }
        folded(sums, |a, b| a.times(V::all(1.0), b), |a, b| a + b)
    }
}

/// Combines all numbers of all vectors.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn folded<V: Simd>(
    vectors: [V; CHAINS],
    of_vectors: impl Fn(V, V) -> V,
    of_numbers: impl Fn(f32, f32) -> f32,
) -> f32 {
    let [a, b, c, d] = vectors;
    let all = of_vectors(of_vectors(a, b), of_vectors(c, d));
    let mut numbers = [0.0; MOST];
    // SAFETY: guaranteed by the caller; no vector has more numbers.
    unsafe { all.store(numbers.as_mut_ptr()) };
    let rest = numbers[1..V::COUNT].iter();
    rest.fold(numbers[0], |a, b| of_numbers(a, *b))
}
