//! Linear layers and convolutions on the CPU: rows in parallel, tiles of sums in registers.

use core::mem::MaybeUninit;
use core::ops::Range;

use burn::backend::TensorMetadata;
use burn::tensor::DType;
use burn_flex::{Flex, FlexTensor};

use super::kept::kept;
use super::operation::Product;
use super::panels::{Panels, pack, pays_off};
use super::tile::{Left, Rows};
use crate::kernels::epilogue::Epilogue;
use crate::kernels::memory::{as_f32, dense, numbers, tensor, written};
use crate::kernels::padding::same_padding;

/// Numbers of the left side that are processed together, so that they stay in the L2 cache.
const PART: usize = 1 << 15;
/// Maximum number of rows in a part.
const MOST_ROWS: usize = 384;
/// Minimum number of parts, if there are enough rows: several per core.
const FEWEST_PARTS: usize = 8;
/// With fewer rows, columns are computed in parallel.
const FEW_ROWS: usize = 48;
/// A number of rows that is divided into whole tiles for vectors of any width.
const TILES: usize = 12;

impl Product for Flex {
    fn product(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        epilogue: Epilogue,
    ) -> FlexTensor {
        let dtype = x.dtype();
        let [depth, columns] = weight.shape().dims();
        let mut shape = x.shape().to_vec();
        let [x, bias] = [x, bias].map(dense);
        let (x, bias) = (numbers(&x), numbers(&bias));
        let count = shape.iter().rev().skip(1).product();
        let matrix;
        let panels = if pays_off(columns, count) {
            let packed = kept(&weight, || pack(numbers(&dense(weight.clone())), columns));
            Panels::kept(packed, bias, [depth, columns])
        } else {
            matrix = dense(weight);
            Panels::unchanged(numbers(&matrix), bias, columns)
        };
        if count < FEW_ROWS {
            let output = few_rows(x, &panels, count, epilogue);
            if let Some(last) = shape.last_mut() {
                *last = columns;
            }
            return tensor(output, &shape, dtype);
        }
        let part = rows_of_part(count, depth);
        let work = |index: usize, output: &mut [MaybeUninit<f32>]| {
            let rows = Rows {
                left: Left {
                    values: &x[index * part * depth..],
                    step: depth,
                    segments: &[0],
                    length: depth,
                },
                right: &panels,
                count: output.len() / columns,
                columns: 0..columns,
                epilogue,
            };
            rows.write(output);
        };
        // SAFETY: every row and every column is written.
        let output = unsafe { written(count * columns, part * columns, work) };
        if let Some(last) = shape.last_mut() {
            *last = columns;
        }
        tensor(output, &shape, dtype)
    }

    fn convolution(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        stride: usize,
        epilogue: Epilogue,
    ) -> FlexTensor {
        convolved(&[as_f32(x)], weight, bias, stride, epilogue)
    }

    fn convolution_of_two(
        first: FlexTensor,
        second: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        epilogue: Epilogue,
    ) -> FlexTensor {
        let parts = [as_f32(first), as_f32(second)];
        convolved(&parts, weight, bias, 1, epilogue)
    }
}

/// A convolution of `parts`, `[batch, rows, columns, channels]` each, whose channels follow one another.
fn convolved(
    parts: &[FlexTensor],
    weight: FlexTensor,
    bias: FlexTensor,
    stride: usize,
    epilogue: Epilogue,
) -> FlexTensor {
    let [batch, rows, columns, _] = parts[0].shape().dims();
    let channels = parts.iter().map(|part| part.shape()[3]).sum::<usize>();
    let [outputs, _, side, _] = weight.shape().dims();
    let bias = dense(bias);
    let packed = kept(&weight, || {
        let weight = dense(weight.permute(&[2, 3, 1, 0])); // [side, side, channels, outputs]
        pack(numbers(&weight), outputs)
    });
    let panels = Panels::kept(packed, numbers(&bias), [side * side * channels, outputs]);
    let padded = Padded::new(parts, side, stride);

    let size = [rows, columns].map(|size| size.div_ceil(stride));
    let segments: Vec<usize> = (0..side).map(|row| row * padded.line).collect();
    let work = |index: usize, output: &mut [MaybeUninit<f32>]| {
        let (image, row) = (index / size[0], index % size[0]);
        let first = image * padded.rows + row * stride;
        let rows = Rows {
            left: Left {
                values: &padded.values[first * padded.line..],
                step: stride * channels,
                segments: &segments,
                length: side * channels,
            },
            right: &panels,
            count: size[1],
            columns: 0..outputs,
            epilogue,
        };
        rows.write(output);
    };
    let count = batch * size[0] * size[1] * outputs;
    // SAFETY: every cell and every output is written.
    let output = unsafe { written(count, size[1] * outputs, work) };
    tensor(output, &[batch, size[0], size[1], outputs], DType::F32)
}

/// A product of few rows, `[count, columns]`: its columns in parallel, so that all cores read the matrix.
fn few_rows(x: &[f32], right: &Panels, count: usize, epilogue: Epilogue) -> Vec<f32> {
    let (depth, columns) = (right.rows, right.columns);
    let part = (PART / depth.max(1)).max(1).next_multiple_of(right.width);
    let work = |columns: Range<usize>, output: &mut [MaybeUninit<f32>]| {
        let rows = Rows {
            left: Left {
                values: x,
                step: depth,
                segments: &[0],
                length: depth,
            },
            right,
            count,
            columns,
            epilogue,
        };
        rows.write(output);
    };
    if part >= columns {
        // SAFETY: every row and every column is written.
        return unsafe {
            written(count * columns, count * columns, |_, output| {
                work(0..columns, output)
            })
        };
    }
    let part_of = |index: usize, output: &mut [MaybeUninit<f32>]| {
        let start = index * part;
        work(start..(start + part).min(columns), output);
    };
    // SAFETY: as above; the parts of columns follow one another.
    let parts = unsafe { written(count * columns, count * part, part_of) };
    let mut output = Vec::with_capacity(count * columns);
    for row in 0..count {
        for (index, values) in parts.chunks(count * part).enumerate() {
            let width = part.min(columns - index * part);
            output.extend_from_slice(&values[row * width..][..width]);
        }
    }
    output
}

/// Number of rows in a part of a product: whole tiles, few enough for the cache and for every core to get some.
fn rows_of_part(count: usize, depth: usize) -> usize {
    let cached = (PART / depth.max(1)).clamp(1, MOST_ROWS);
    cached
        .min(count.div_ceil(FEWEST_PARTS))
        .next_multiple_of(TILES)
}

/// Images padded with zeros as far as a convolution's windows reach.
struct Padded {
    values: Vec<f32>,
    /// Rows per image.
    rows: usize,
    /// Numbers per row.
    line: usize,
}

impl Padded {
    /// `parts`: `[batch, rows, columns, channels]` each, in any order of numbers; their channels follow one another.
    fn new(parts: &[FlexTensor], side: usize, stride: usize) -> Self {
        let [batch, rows, columns, _] = parts[0].shape().dims();
        let channels = parts.iter().map(|part| part.shape()[3]).sum::<usize>();
        let [(top, bottom), (left, right)] =
            [rows, columns].map(|size| same_padding(size, side, stride));
        let (high, line) = (top + rows + bottom, (left + columns + right) * channels);
        let work = |index: usize, output: &mut [MaybeUninit<f32>]| {
            let (image, row) = (index / high, index % high);
            let Some(row) = row.checked_sub(top).filter(|row| *row < rows) else {
                output.fill(MaybeUninit::new(0.0));
                return;
            };
            let (before, output) = output.split_at_mut(left * channels);
            let (output, after) = output.split_at_mut(columns * channels);
            before.fill(MaybeUninit::new(0.0));
            after.fill(MaybeUninit::new(0.0));
            let mut first = 0;
            for part in parts {
                copy_line(part, [image, row], output, [channels, first]);
                first += part.shape()[3];
            }
        };
        Self {
            // SAFETY: every number is written.
            values: unsafe { written(batch * high * line, line, work) },
            rows: high,
            line,
        }
    }
}

/// Writes row `row` of image `image` of `x`, `[batch, rows, columns, channels]`, to a line of cells of `cell` numbers
/// each, from number `first` of each cell on.
fn copy_line(
    x: &FlexTensor,
    [image, row]: [usize; 2],
    line: &mut [MaybeUninit<f32>],
    [cell, first]: [usize; 2],
) {
    let channels = x.shape()[3];
    let (values, start) = (x.storage::<f32>(), x.layout().index(&[image, row, 0, 0]));
    let (across, deep) = (x.layout().strides()[2], x.layout().strides()[3]);
    if (across, deep) == (channels as isize, 1) && channels == cell {
        line.write_copy_of_slice(&values[start..][..line.len()]);
        return;
    }
    for (column, numbers) in line.chunks_exact_mut(cell.max(1)).enumerate() {
        let numbers = &mut numbers[first..][..channels];
        let start = start.wrapping_add_signed(column as isize * across);
        if deep == 1 {
            numbers.write_copy_of_slice(&values[start..][..channels]);
            continue;
        }
        for (channel, number) in numbers.iter_mut().enumerate() {
            number.write(values[start.wrapping_add_signed(channel as isize * deep)]);
        }
    }
}
