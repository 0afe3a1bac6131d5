//! A matrix stored in the order in which a product reads it.

use core::mem::MaybeUninit;
use core::ops::Deref;
use std::sync::Arc;

use crate::kernels::memory::written;
use crate::kernels::simd::{Simd, widest};

/// With fewer rows on the left side, a matrix is read too rarely for packing to pay off: natively because of the time
/// to pack it the first time, in the browser because of the memory.
const ROWS_TO_PACK: usize = if cfg!(feature = "native") { 2 } else { 48 };

/// Columns of a matrix in panels, each as wide as a tile of the product. Packed panels are stored one after another,
/// the last one padded with zeros; otherwise the panels are parts of the unchanged matrix.
pub(in crate::kernels) struct Panels<'a> {
    values: Numbers<'a>,
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

/// The numbers of panels.
enum Numbers<'a> {
    Own(Vec<f32>),
    Kept(Arc<Vec<f32>>),
    Matrix(&'a [f32]),
}

impl Deref for Numbers<'_> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        match self {
            Self::Own(values) => values,
            Self::Kept(values) => values,
            Self::Matrix(values) => values,
        }
    }
}

impl Panels<'static> {
    /// Packs `matrix`, rows of `columns` numbers. `bias`: a number for each column, or empty for zeros.
    pub fn packed(matrix: &[f32], bias: &[f32], columns: usize) -> Self {
        let width = tile_columns();
        let rows = matrix.len().checked_div(columns).unwrap_or(0);
        let values = Numbers::Own(pack(matrix, columns));
        Self::of(values, width, bias, [rows, columns, width])
    }

    /// The panels of a matrix `[rows, columns]` that [`pack`] packed.
    pub fn kept(values: Arc<Vec<f32>>, bias: &[f32], [rows, columns]: [usize; 2]) -> Self {
        let width = tile_columns();
        assert_eq!(values.len(), rows * columns.next_multiple_of(width));
        Self::of(Numbers::Kept(values), width, bias, [rows, columns, width])
    }
}

/// Whether packing a matrix of `columns` pays off for a left side of `count` rows, or the last panel of the unchanged
/// matrix would reach beyond it.
pub(super) fn pays_off(columns: usize, count: usize) -> bool {
    count >= ROWS_TO_PACK || !columns.is_multiple_of(tile_columns())
}

impl<'a> Panels<'a> {
    /// The panels of an unchanged matrix; its columns fill whole panels.
    pub fn unchanged(matrix: &'a [f32], bias: &[f32], columns: usize) -> Self {
        let width = tile_columns();
        assert!(columns.is_multiple_of(width), "whole panels");
        let rows = matrix.len().checked_div(columns).unwrap_or(0);
        Self::of(
            Numbers::Matrix(matrix),
            columns,
            bias,
            [rows, columns, width],
        )
    }

    fn of(
        values: Numbers<'a>,
        step: usize,
        bias: &[f32],
        [rows, columns, width]: [usize; 3],
    ) -> Self {
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

/// Packs a matrix, rows of `columns` numbers, panel by panel, and each panel row by row.
pub(super) fn pack(matrix: &[f32], columns: usize) -> Vec<f32> {
    let width = tile_columns();
    let rows = matrix.len().checked_div(columns).unwrap_or(0);
    assert_eq!(matrix.len(), rows * columns, "a whole number of rows");
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
