//! The softmax of a row.

use crate::kernels::exponential::exponential;
use crate::kernels::simd::{MOST, Simd, widest};

widest! {
    /// Replaces `row` by the softmax of `row + added`; both have the same length.
    pub(super) fn softmax(row: &mut [f32], added: &[f32]) = softmax_of
}

/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn softmax_of<V: Simd>(row: &mut [f32], added: &[f32]) {
    assert_eq!(row.len(), added.len());
    let (count, whole) = (row.len(), row.len() / V::COUNT * V::COUNT);
    let (numbers, added) = (row.as_mut_ptr(), added.as_ptr());
    let one = 1.0;
    // SAFETY: guaranteed by the caller; vectors end at `whole`, single numbers at `count`.
    unsafe {
        let mut most = V::all(f32::MIN);
        let mut most_left = f32::MIN;
        for at in (0..whole).step_by(V::COUNT) {
            let score = V::load(numbers.add(at)).times(V::all(one), V::load(added.add(at)));
            score.store(numbers.add(at));
            most = most.max(score);
        }
        for at in whole..count {
            let score = numbers.add(at).read() + added.add(at).read();
            numbers.add(at).write(score);
            most_left = f32::max(most_left, score);
        }
        let most = folded(most, most_left, f32::max);

        let mut sum = V::all(0.0);
        let mut sum_left = 0.0;
        for at in (0..whole).step_by(V::COUNT) {
            let score = V::load(numbers.add(at)).times(V::all(one), V::all(-most));
            let share = exponential(score);
            share.store(numbers.add(at));
            sum = share.times(V::all(one), sum);
        }
        for at in whole..count {
            let share = exponential(numbers.add(at).read() - most);
            numbers.add(at).write(share);
            sum_left += share;
        }
        let scale = one / folded(sum, sum_left, |a, b| a + b);

        for at in (0..whole).step_by(V::COUNT) {
            let share = V::load(numbers.add(at)).times(V::all(scale), V::all(0.0));
            share.store(numbers.add(at));
        }
        for at in whole..count {
            numbers.add(at).write(numbers.add(at).read() * scale);
        }
    }
}

/// Combines all numbers of a vector and `more` with `fold`.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn folded<V: Simd>(vector: V, more: f32, fold: fn(f32, f32) -> f32) -> f32 {
    let mut numbers = [0.0; MOST];
    // SAFETY: guaranteed by the caller; no vector has more numbers.
    unsafe { vector.store(numbers.as_mut_ptr()) };
    numbers[..V::COUNT].iter().copied().fold(more, fold)
}
