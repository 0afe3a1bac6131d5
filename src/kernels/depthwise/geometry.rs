//! Sizes and padding of one depthwise convolution.

use crate::kernels::padding::same_padding;

/// Positions of all outputs' windows. Rows and columns are in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Geometry {
    pub batch: usize,
    pub rows: usize,
    pub columns: usize,
    pub channels: usize,
    /// Side of the kernel.
    pub kernel: usize,
    pub stride: usize,
    pub out_rows: usize,
    pub out_columns: usize,
    /// Rows of zeros above the input.
    pub top: usize,
    /// Columns of zeros to the left of it.
    pub left: usize,
}

impl Geometry {
    /// For an input `[batch, rows, columns, channels]`.
    pub fn new([batch, rows, columns, channels]: [usize; 4], kernel: usize, stride: usize) -> Self {
        let before = |size: usize| same_padding(size, kernel, stride).0;
        Self {
            batch,
            rows,
            columns,
            channels,
            kernel,
            stride,
            out_rows: rows.div_ceil(stride),
            out_columns: columns.div_ceil(stride),
            top: before(rows),
            left: before(columns),
        }
    }

    /// Extents of the output.
    pub fn output(&self) -> [usize; 4] {
        [self.batch, self.out_rows, self.out_columns, self.channels]
    }

    /// Extents of the input.
    pub fn input(&self) -> [usize; 4] {
        [self.batch, self.rows, self.columns, self.channels]
    }

    /// Rows of the kernel that overlap the input at output row `row`: from, to (exclusive).
    pub fn kernel_rows(&self, row: usize) -> (usize, usize) {
        span(row * self.stride, self.top, self.rows, self.kernel)
    }

    /// Columns of the kernel that overlap the input at output column `column`: from, to (exclusive).
    pub fn kernel_columns(&self, column: usize) -> (usize, usize) {
        span(column * self.stride, self.left, self.columns, self.kernel)
    }

    /// Output columns whose whole window is inside the input: from, to (exclusive).
    pub fn inner_columns(&self) -> (usize, usize) {
        let end = match (self.columns + self.left).checked_sub(self.kernel) {
            Some(last) => (last / self.stride + 1).min(self.out_columns),
            None => 0,
        };
        (self.left.div_ceil(self.stride).min(end), end)
    }
}

fn span(start: usize, before: usize, size: usize, kernel: usize) -> (usize, usize) {
    let from = before.saturating_sub(start).min(kernel);
    let to = (size + before).saturating_sub(start).min(kernel);
    (from, to.max(from))
}
