//! The innermost part of every product on the CPU: a tile of sums that stays in registers.
//!
//! Rows of the left side are read in place, one number at a time; the right side comes in [`Panels`]. A row may
//! consist of segments of equal length in several places: a convolution's window has one segment for each of its
//! rows, so the windows are not copied.

use core::mem::MaybeUninit;
use core::ops::Range;

use super::panels::Panels;
use crate::kernels::epilogue::Epilogue;
use crate::kernels::simd::{MOST, Simd, widest};

/// Rows of a product's left side; one begins every `step` numbers.
pub(in crate::kernels) struct Left<'a> {
    pub values: &'a [f32],
    pub step: usize,
    /// Offset of each segment from the beginning of its row.
    pub segments: &'a [usize],
    /// Numbers per segment.
    pub length: usize,
}

/// Rows of a product that are computed together.
pub(in crate::kernels) struct Rows<'a> {
    pub left: Left<'a>,
    pub right: &'a Panels<'a>,
    pub count: usize,
    /// Columns to compute, from the first one of a panel.
    pub columns: Range<usize>,
    pub epilogue: Epilogue,
}

impl Rows<'_> {
    /// Writes the rows, `[count, columns.len()]`.
    ///
    /// # Panics
    /// If the shapes of the sides do not match, or `output` has another size.
    pub fn write(&self, output: &mut [MaybeUninit<f32>]) {
        let Left {
            values,
            step,
            segments,
            length,
        } = self.left;
        assert_eq!(segments.len() * length, self.right.rows, "the sides differ");
        let Range { start, end } = self.columns;
        assert!(start.is_multiple_of(self.right.width) && start <= end);
        assert!(end == self.right.columns || end.is_multiple_of(self.right.width));
        assert!(end <= self.right.columns, "these columns exist");
        assert_eq!(output.len(), self.count * self.columns.len());
        let last = segments.iter().max().copied().unwrap_or(0);
        let end = self.count.saturating_sub(1) * step + last + length;
        assert!(self.count == 0 || end <= values.len(), "left side is short");
        rows(self, output);
    }
}

widest! {
    /// Computes all tiles of the rows; a panel stays in the cache while all rows are multiplied by it.
    fn rows(rows: &Rows, output: &mut [MaybeUninit<f32>]) = rows_of
}

/// # Safety
/// The processor has the instructions of `V`, and [`Rows::write`] has checked the extents.
#[inline(always)]
unsafe fn rows_of<V: Simd>(rows: &Rows, output: &mut [MaybeUninit<f32>]) {
    assert_eq!(
        rows.right.width,
        V::TILE[1] * V::COUNT,
        "packed for these vectors"
    );
    let output = output.as_mut_ptr().cast::<f32>();
    // SAFETY: guaranteed by the caller.
    unsafe {
        match V::TILE[0] {
            6 => tiles::<V, 6, 12>(rows, output),
            _ => tiles::<V, 4, 8>(rows, output),
        }
    }
}

/// Tiles of `M` rows, or of `TALL`, twice as many, where a panel has at most half as many vectors.
///
/// # Safety
/// As [`rows_of`].
#[inline(always)]
unsafe fn tiles<V: Simd, const M: usize, const TALL: usize>(rows: &Rows, output: *mut f32) {
    let width = rows.right.width;
    for column in rows.columns.clone().step_by(width) {
        let vectors = (rows.columns.end - column).min(width).div_ceil(V::COUNT);
        let mut row = 0;
        while row < rows.count {
            // The last tile begins early: it recomputes some rows rather than compute fewer.
            let left = rows.count - row;
            let (at, taken) = if vectors * 2 <= V::TILE[1] && left > M && rows.count >= TALL {
                (row.min(rows.count - TALL), TALL)
            } else if rows.count >= M {
                (row.min(rows.count - M), M)
            } else {
                (row, 1)
            };
            // SAFETY: guaranteed by the caller; these rows and columns exist.
            unsafe {
                match (taken, vectors) {
                    (1, 1) => tile::<V, 1, 1>(rows, at, column, output),
                    (1, 2) => tile::<V, 1, 2>(rows, at, column, output),
                    (1, 3) => tile::<V, 1, 3>(rows, at, column, output),
                    (1, _) => tile::<V, 1, 4>(rows, at, column, output),
                    (taken, 1) if taken == TALL => tile::<V, TALL, 1>(rows, at, column, output),
                    (taken, 2) if taken == TALL => tile::<V, TALL, 2>(rows, at, column, output),
                    (_, 1) => tile::<V, M, 1>(rows, at, column, output),
                    (_, 2) => tile::<V, M, 2>(rows, at, column, output),
                    (_, 3) => tile::<V, M, 3>(rows, at, column, output),
                    (_, _) => tile::<V, M, 4>(rows, at, column, output),
                }
            }
            row += taken;
        }
    }
}

/// Computes `M` rows from `row` on and `N` vectors of columns from `column` on.
///
/// # Safety
/// As [`rows_of`]; the rows and the first column of every vector exist.
#[inline(always)]
unsafe fn tile<V: Simd, const M: usize, const N: usize>(
    rows: &Rows,
    row: usize,
    column: usize,
    output: *mut f32,
) {
    let Left {
        values,
        step,
        segments,
        length,
    } = rows.left;
    let apart = rows.right.step;
    let Range { start, end } = rows.columns;
    let (panel, bias) = rows.right.panel(column);
    // SAFETY: guaranteed by the caller; a panel has a row for each number of a left row.
    unsafe {
        let mut begin = [V::all(0.0); N];
        for (index, begin) in begin.iter_mut().enumerate() {
            *begin = V::load(bias.as_ptr().add(index * V::COUNT));
        }
        let mut sums = [begin; M];
        let mut weights = panel.as_ptr();
        for &segment in segments {
            let left = values.as_ptr().add(row * step + segment);
            for index in 0..length {
                let mut weight = [V::all(0.0); N];
                for (index, weight) in weight.iter_mut().enumerate() {
                    *weight = V::load(weights.add(index * V::COUNT));
                }
                for (row, sums) in sums.iter_mut().enumerate() {
                    let value = V::all(left.add(row * step + index).read());
                    for (sum, weight) in sums.iter_mut().zip(weight) {
                        *sum = value.times(weight, *sum);
                    }
                }
                weights = weights.add(apart);
            }
        }
        for (index, sums) in sums.into_iter().enumerate() {
            let output = output.add((row + index) * (end - start) + column - start);
            for (index, sum) in sums.into_iter().enumerate() {
                let value = rows.epilogue.of_lanes(sum);
                let from = index * V::COUNT;
                store(value, output.add(from), end - column - from);
            }
        }
    }
}

/// Writes the first `room` numbers of `value`, all of them if it has fewer.
///
/// # Safety
/// The processor has the instructions of `V`; `to` has room for `room` numbers or a whole vector.
#[inline(always)]
unsafe fn store<V: Simd>(value: V, to: *mut f32, room: usize) {
    // SAFETY: guaranteed by the caller.
    unsafe {
        if room >= V::COUNT {
            return value.store(to);
        }
        let mut numbers = [0.0; MOST];
        value.store(numbers.as_mut_ptr());
        to.copy_from_nonoverlapping(numbers.as_ptr(), room);
    }
}
