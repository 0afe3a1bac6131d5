//! A matrix in the order in which a product reads it.

use core::mem::MaybeUninit;
use std::borrow::Cow;

use crate::kernels::memory::written;
use crate::kernels::simd::{Simd, widest};

/// With fewer rows on the left side, a matrix is read too rarely for packing to pay off.
const ROWS_TO_PACK: usize = 48;

/// Columns of a matrix in panels, each as wide as a tile of the product. Packed panels are stored one after another,
/// the last one padded with zeros; otherwise the panels are parts of the unchanged matrix.
pub(in crate::kernels) struct Panels<'a> {
    values: Cow<'a, [f32]>,
    /// Numbers from one row of a panel to the next.
    pub step: usize,
    /// Whether panels are stored one after another; otherwise the matrix is unchanged.
    packed: bool,
    /// Initial value of every column of the panels.
    bias: Vec<f32>,
    pub rows: usize,
    pub columns: usize,
    /// Columns of a panel.
    pub width: usize,
}

impl Panels<'static> {
    /// Packs `matrix`, rows of `columns` numbers. `bias`: a number for each column, or empty for zeros.
    pub fn packed(matrix: &[f32], bias: &[f32], columns: usize) -> Self {
        let width = tile_columns();
        let values = pack(matrix, columns, width).into();
        Self::of(values, matrix.len(), width, bias, [columns, width])
    }
}

impl<'a> Panels<'a> {
    /// Panels for a left side of `count` rows, packed if that pays off or if the last panel would reach beyond the
    /// matrix.
    pub fn new(matrix: &'a [f32], bias: &[f32], columns: usize, count: usize) -> Self {
        let width = tile_columns();
        if count >= ROWS_TO_PACK || !columns.is_multiple_of(width) {
            return Panels::packed(matrix, bias, columns);
        }
        Self::of(matrix.into(), matrix.len(), columns, bias, [columns, width])
    }

    fn of(
        values: Cow<'a, [f32]>,
        numbers: usize,
        step: usize,
        bias: &[f32],
        [columns, width]: [usize; 2],
    ) -> Self {
        let rows = numbers.checked_div(columns).unwrap_or(0);
        assert_eq!(numbers, rows * columns, "a whole number of rows");
        assert!(
            bias.is_empty() || bias.len() == columns,
            "a bias for each column"
        );
        let mut own = bias.to_vec();
        own.resize(columns.next_multiple_of(width), 0.0);
        Self {
            values,
            step,
            packed: step == width,
            bias: own,
            rows,
            columns,
            width,
        }
    }

    /// The panel whose first column is `column`: its rows, [`Self::step`] apart, and the initial values of its
    /// columns.
    pub fn panel(&self, column: usize) -> (&[f32], &[f32]) {
        let from = match self.packed {
            true => column * self.rows,
            false => column,
        };
        (
            &self.values[from.min(self.values.len())..],
            &self.bias[column..][..self.width],
        )
    }
}

/// Packs the matrix panel by panel, and each panel row by row.
fn pack(matrix: &[f32], columns: usize, width: usize) -> Vec<f32> {
    let rows = matrix.len().checked_div(columns).unwrap_or(0);
    let panel = |index: usize, panel: &mut [MaybeUninit<f32>]| {
        let from = index * width;
        let taken = width.min(columns - from);
        for (row, line) in panel.chunks_exact_mut(width).enumerate() {
            let (numbers, rest) = line.split_at_mut(taken);
            numbers.write_copy_of_slice(&matrix[row * columns + from..][..taken]);
            rest.fill(MaybeUninit::new(0.0));
        }
    };
    // SAFETY: every row of a panel is written, its rest with zeros.
    unsafe { written(columns.next_multiple_of(width) * rows, width * rows, panel) }
}

/// Columns of a tile with the widest vectors that the processor has.
fn tile_columns() -> usize {
    let mut columns = [0];
    count(&mut columns);
    columns[0]
}

widest! {
    fn count(columns: &mut [usize; 1]) = count_of
}

/// # Safety
/// Always safe; the macro requires this signature.
#[inline(always)]
unsafe fn count_of<V: Simd>(columns: &mut [usize; 1]) {
    columns[0] = V::TILE[1] * V::COUNT;
}
