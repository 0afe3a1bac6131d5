//! The forward pass on the CPU: rows in parallel, channels side by side in a vector, a few neighbouring
//! columns at once so that a weight and an input are read once for several outputs.

use core::mem::MaybeUninit;
use core::ops::Range;

use burn::backend::TensorMetadata;
use burn_flex::{Flex, FlexTensor};

use super::geometry::Geometry;
use super::operation::Depthwise;
use crate::kernels::memory::{dense, numbers, tensor, written};
use crate::kernels::simd::{Simd, over_channels, widest};

/// Columns that are computed together.
const TILE: usize = 4;
/// Channels that are processed together along a row: few enough for the neighbourhood to stay in the L1 cache, enough
/// to read memory sequentially.
const BLOCK: usize = 64;

impl Depthwise for Flex {
    fn depthwise(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, stride: usize) -> FlexTensor {
        let dtype = x.dtype();
        let [kernel, _, _] = weight.shape().dims();
        let geometry = Geometry::new(x.shape().dims(), kernel, stride);
        let [x, weight, bias] = [x, weight, bias].map(dense);
        let inputs = Inputs {
            x: numbers(&x),
            weight: numbers(&weight),
            bias: numbers(&bias),
            geometry,
        };
        inputs.check();
        let count = geometry.output().iter().product();
        let line = geometry.out_columns * geometry.channels;
        // SAFETY: every column and every channel is written.
        let output = unsafe { written(count, line, |index, line| forward(&inputs, index, line)) };
        tensor(output, &geometry.output(), dtype)
    }
}

struct Inputs<'a> {
    x: &'a [f32],
    weight: &'a [f32],
    bias: &'a [f32],
    geometry: Geometry,
}

impl Inputs<'_> {
    /// Checks the lengths of the inputs, because everything below reads through pointers.
    fn check(&self) {
        let Geometry {
            kernel, channels, ..
        } = self.geometry;
        assert_eq!(
            self.x.len(),
            self.geometry.input().iter().product::<usize>()
        );
        assert_eq!(self.weight.len(), kernel * kernel * channels);
        assert_eq!(self.bias.len(), channels);
    }
}

/// One row of outputs.
struct Row<'a> {
    inputs: &'a Inputs<'a>,
    /// Input row under the kernel's first row, without regard to padding; rows are counted through all images.
    start: usize,
    /// Rows of the kernel that overlap the input.
    taps: Range<usize>,
}

widest! {
    /// Computes one row of outputs; `line` is counted through all images.
    fn forward(inputs: &Inputs, line: usize, output: &mut [MaybeUninit<f32>]) = row
}

/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn row<V: Simd>(inputs: &Inputs, line: usize, output: &mut [MaybeUninit<f32>]) {
    let geometry = &inputs.geometry;
    assert_eq!(output.len(), geometry.out_columns * geometry.channels);
    let (image, index) = (line / geometry.out_rows, line % geometry.out_rows);
    let (from, to) = geometry.kernel_rows(index);
    let row = Row {
        inputs,
        start: image * geometry.rows + index * geometry.stride,
        taps: from..to,
    };
    for start in (0..geometry.channels).step_by(BLOCK) {
        let channels = start..(start + BLOCK).min(geometry.channels);
        // SAFETY: guaranteed by the caller; extents were checked there and again here.
        unsafe {
            match (geometry.kernel, geometry.stride) {
                (3, 1) => columns::<V, 3, 1, 6>(&row, channels, output),
                (3, 2) => columns::<V, 3, 2, 9>(&row, channels, output),
                (5, 1) => columns::<V, 5, 1, 8>(&row, channels, output),
                (5, 2) => columns::<V, 5, 2, 11>(&row, channels, output),
                _ => {
                    for column in 0..geometry.out_columns {
                        over_channels!(V, channels.clone(), edge [] (&row, column, output));
                    }
                }
            }
        }
    }
}

/// Computes the row for a known kernel side `K` and stride `S`; `SPAN` input columns give [`TILE`] outputs.
///
/// # Safety
/// As [`row`], and the channels exist.
#[inline(always)]
unsafe fn columns<V: Simd, const K: usize, const S: usize, const SPAN: usize>(
    row: &Row,
    channels: Range<usize>,
    output: &mut [MaybeUninit<f32>],
) {
    let geometry = &row.inputs.geometry;
    let (from, to) = geometry.inner_columns();
    let mut column = 0;
    while column < geometry.out_columns {
        let channels = channels.clone();
        let inner = (from..to).contains(&column);
        // SAFETY: guaranteed by the caller; a tile of inner columns is inside the input.
        unsafe {
            if inner && column + TILE <= to {
                over_channels!(V, channels, inner_tile [K, S, TILE, SPAN] (row, column, output));
                column += TILE;
            } else if inner {
                over_channels!(V, channels, inner_tile [K, S, 1, K] (row, column, output));
                column += 1;
            } else {
                over_channels!(V, channels, edge [] (row, column, output));
                column += 1;
            }
        }
    }
}

/// Computes `T` neighbouring outputs for the channels from `channel` on; the columns of their windows are inside the
/// input.
///
/// # Safety
/// As [`columns`]; `SPAN` is `(T - 1) * S + K` and the columns are inner ones.
#[inline(always)]
unsafe fn inner_tile<V: Simd, const K: usize, const S: usize, const T: usize, const SPAN: usize>(
    row: &Row,
    column: usize,
    output: &mut [MaybeUninit<f32>],
    channel: usize,
) {
    let inputs = row.inputs;
    let geometry = &inputs.geometry;
    let channels = geometry.channels;
    let left = column * S - geometry.left;
    // SAFETY: these rows of the kernel and the columns of inner tiles overlap the input.
    unsafe {
        let mut sums = [V::load(inputs.bias.as_ptr().add(channel)); T];
        for tap in row.taps.clone() {
            let y = row.start + tap - geometry.top;
            let start = (y * geometry.columns + left) * channels + channel;
            let x = inputs.x.as_ptr().add(start);
            let mut values = [V::all(0.0); SPAN];
            for (index, value) in values.iter_mut().enumerate() {
                *value = V::load(x.add(index * channels));
            }
            let weight = inputs.weight.as_ptr().add(tap * K * channels + channel);
            for side in 0..K {
                let weight = V::load(weight.add(side * channels));
                for (index, sum) in sums.iter_mut().enumerate() {
                    *sum = values[index * S + side].times(weight, *sum);
                }
            }
        }
        let output = output.as_mut_ptr().cast::<f32>();
        let output = output.add(column * channels + channel);
        for (index, sum) in sums.into_iter().enumerate() {
            sum.relu6().store(output.add(index * channels));
        }
    }
}

/// Computes one output, wherever its window is.
///
/// # Safety
/// As [`columns`].
#[inline(always)]
unsafe fn edge<V: Simd>(row: &Row, column: usize, output: &mut [MaybeUninit<f32>], channel: usize) {
    let inputs = row.inputs;
    let geometry = &inputs.geometry;
    let channels = geometry.channels;
    let (left, right) = geometry.kernel_columns(column);
    // SAFETY: these taps of the kernel overlap the input.
    unsafe {
        let mut sum = V::load(inputs.bias.as_ptr().add(channel));
        for tap in row.taps.clone() {
            let y = row.start + tap - geometry.top;
            for side in left..right {
                let x = column * geometry.stride + side - geometry.left;
                let value = (y * geometry.columns + x) * channels + channel;
                let weight = (tap * geometry.kernel + side) * channels + channel;
                let weight = V::load(inputs.weight.as_ptr().add(weight));
                sum = V::load(inputs.x.as_ptr().add(value)).times(weight, sum);
            }
        }
        let output = output.as_mut_ptr().cast::<f32>();
        sum.relu6().store(output.add(column * channels + channel));
    }
}
