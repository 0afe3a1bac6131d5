//! Resizing on the CPU: rows in parallel, channels side by side in a vector.

use core::mem::MaybeUninit;

use burn::backend::TensorMetadata;
use burn_flex::{Flex, FlexTensor};

use super::operation::Resize;
use crate::kernels::memory::{dense, numbers, tensor, written};
use crate::kernels::simd::{Simd, over_channels, widest};

impl Resize for Flex {
    fn resize(x: FlexTensor, size: [usize; 2]) -> FlexTensor {
        let dtype = x.dtype();
        let [batch, rows, columns, channels] = x.shape().dims();
        let x = dense(x);
        let x = numbers(&x);
        let line = columns * channels;
        let across: Vec<Between> = (0..size[1])
            .map(|column| Between::new(column, size[1], columns))
            .collect();
        let work = |index: usize, output: &mut [MaybeUninit<f32>]| {
            let (image, row) = (index / size[0], index % size[0]);
            let down = Between::new(row, size[0], rows);
            let from = |row: usize| &x[(image * rows + row) * line..][..line];
            let row = Row {
                above: from(down.first),
                below: from(down.second),
                share: down.share,
                across: &across,
                channels,
            };
            blend(&row, output);
        };
        let count = batch * size[0] * size[1] * channels;
        // SAFETY: every cell and every channel is written.
        let output = unsafe { written(count, size[1] * channels, work) };
        tensor(output, &[batch, size[0], size[1], channels], dtype)
    }
}

/// The two old cells around a new cell, along one axis.
struct Between {
    first: usize,
    second: usize,
    /// Weight of the second one.
    share: f32,
}

impl Between {
    /// For cell `index` of `count` new ones over `cells` old ones.
    fn new(index: usize, count: usize, cells: usize) -> Self {
        let centre = (index as f32 + 0.5) * (cells as f32 / count as f32) - 0.5;
        let centre = centre.clamp(0.0, (cells - 1) as f32);
        let first = centre as usize;
        Self {
            first,
            second: (first + 1).min(cells - 1),
            share: centre - first as f32,
        }
    }
}

/// Inputs of a new row.
struct Row<'a> {
    above: &'a [f32],
    below: &'a [f32],
    share: f32,
    across: &'a [Between],
    channels: usize,
}

widest! {
    /// Computes one row.
    fn blend(row: &Row, output: &mut [MaybeUninit<f32>]) = blend_of
}

/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn blend_of<V: Simd>(row: &Row, output: &mut [MaybeUninit<f32>]) {
    let channels = row.channels;
    assert_eq!(output.len(), row.across.len() * channels);
    assert_eq!(row.above.len(), row.below.len());
    for (between, output) in row
        .across
        .iter()
        .zip(output.chunks_exact_mut(channels.max(1)))
    {
        assert!((between.second + 1) * channels <= row.above.len());
        let output = output.as_mut_ptr().cast::<f32>();
        // SAFETY: guaranteed by the caller; both cells are in the rows.
        unsafe { over_channels!(V, 0..channels, cell [] (row, between, output)) };
    }
}

/// Computes the channels of a new cell from `channel` on.
///
/// # Safety
/// As [`blend_of`]; cells and channels exist.
#[inline(always)]
unsafe fn cell<V: Simd>(row: &Row, between: &Between, output: *mut f32, channel: usize) {
    let [first, second] = [between.first, between.second].map(|at| at * row.channels + channel);
    // SAFETY: guaranteed by the caller.
    unsafe {
        let mixed = |a: V, b: V, share: f32| {
            let less = a.times(V::all(-share), a);
            b.times(V::all(share), less)
        };
        let [above, below] = [row.above, row.below].map(|line| {
            let line = line.as_ptr();
            let (a, b) = (V::load(line.add(first)), V::load(line.add(second)));
            mixed(a, b, between.share)
        });
        mixed(above, below, row.share).store(output.add(channel));
    }
}
