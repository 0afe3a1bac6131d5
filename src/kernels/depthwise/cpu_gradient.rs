//! The parts of the derivative on the CPU.

use core::mem::MaybeUninit;

use burn::backend::TensorMetadata;
use burn_flex::{Flex, FlexTensor};

use super::geometry::Geometry;
use super::operation::DepthwiseGradients;
use crate::kernels::memory::{dense, for_each_line, numbers, tensor, written};
use crate::kernels::simd::{Simd, over_channels, widest};

/// Number of parts of the sum over the pixels. It is the same on every machine, so that the sum is reproducible.
const PARTS: usize = 16;

impl DepthwiseGradients for Flex {
    fn depthwise_cut(output: FlexTensor, gradient: FlexTensor) -> FlexTensor {
        let (dtype, shape) = (gradient.dtype(), gradient.shape());
        let [output, gradient] = [output, gradient].map(dense);
        let (output, gradient) = (numbers(&output), numbers(&gradient));
        assert_eq!(output.len(), gradient.len());
        let size = shape.last().copied().unwrap_or(1).max(1) * 64;
        let cut = |index: usize, part: &mut [MaybeUninit<f32>]| {
            let pairs = output[index * size..].iter().zip(&gradient[index * size..]);
            for (cut, (output, gradient)) in part.iter_mut().zip(pairs) {
                let open = *output > 0.0 && *output < 6.0;
                cut.write(if open { *gradient } else { 0.0 });
            }
        };
        // SAFETY: output and gradient are as long as the result.
        let cut = unsafe { written(gradient.len(), size, cut) };
        tensor(cut, &shape, dtype)
    }

    fn depthwise_input_gradient(
        gradient: FlexTensor,
        weight: FlexTensor,
        input: [usize; 4],
        stride: usize,
    ) -> FlexTensor {
        let dtype = gradient.dtype();
        let [kernel, _, _] = weight.shape().dims();
        let geometry = Geometry::new(input, kernel, stride);
        let [gradient, weight] = [gradient, weight].map(dense);
        let pair = Pair {
            left: numbers(&weight),
            gradient: numbers(&gradient),
            geometry,
        };
        assert_eq!(pair.left.len(), kernel * kernel * geometry.channels);
        assert_eq!(
            pair.gradient.len(),
            geometry.output().iter().product::<usize>()
        );
        let count = input.iter().product();
        let line = geometry.columns * geometry.channels;
        // SAFETY: every column and every channel is written.
        let result = unsafe { written(count, line, |index, line| input_row(&pair, index, line)) };
        tensor(result, &input, dtype)
    }

    fn depthwise_weight_gradient(
        x: FlexTensor,
        gradient: FlexTensor,
        kernel: usize,
        stride: usize,
    ) -> FlexTensor {
        let dtype = gradient.dtype();
        let geometry = Geometry::new(x.shape().dims(), kernel, stride);
        let [x, gradient] = [x, gradient].map(dense);
        let pair = Pair {
            left: numbers(&x),
            gradient: numbers(&gradient),
            geometry,
        };
        assert_eq!(pair.left.len(), geometry.input().iter().product::<usize>());
        assert_eq!(
            pair.gradient.len(),
            geometry.output().iter().product::<usize>()
        );
        let taps = kernel * kernel + 1;
        let mut sums = vec![0.0; PARTS * taps * geometry.channels];
        for_each_line(&mut sums, taps * geometry.channels, |part, sums| {
            weight_part(&pair, part, sums);
        });
        tensor(sums, &[PARTS, taps, geometry.channels], dtype)
    }
}

/// The gradient of the convolution's output, and what it is multiplied by: the weight or the input.
struct Pair<'a> {
    left: &'a [f32],
    gradient: &'a [f32],
    geometry: Geometry,
}

widest! {
    /// Computes one row of the input's gradient; `line` is counted through all images.
    fn input_row(pair: &Pair, line: usize, result: &mut [MaybeUninit<f32>]) = input_pixels
}

/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn input_pixels<V: Simd>(pair: &Pair, line: usize, result: &mut [MaybeUninit<f32>]) {
    let geometry = &pair.geometry;
    assert_eq!(result.len(), geometry.columns * geometry.channels);
    let (image, row) = (line / geometry.rows, line % geometry.rows);
    let vertical = Meeting::new(row + geometry.top, geometry, geometry.out_rows);
    let start = image * geometry.out_rows + vertical.output;
    for column in 0..geometry.columns {
        let horizontal = Meeting::new(column + geometry.left, geometry, geometry.out_columns);
        // SAFETY: guaranteed by the caller; extents were checked there and again here.
        unsafe {
            over_channels!(
                V,
                0..geometry.channels,
                input_pixel [] (pair, start, &vertical, &horizontal, column, result)
            );
        }
    }
}

/// The taps of the kernel that connect an input with outputs, along one axis.
struct Meeting {
    /// The first tap; the others follow every `stride` taps.
    tap: usize,
    /// The output of the first tap; each following tap has the output before.
    output: usize,
    count: usize,
}

impl Meeting {
    /// For the input at `place`, counted from the start of the padding.
    fn new(place: usize, geometry: &Geometry, outputs: usize) -> Self {
        let Geometry { kernel, stride, .. } = *geometry;
        let last = place / stride;
        // Outputs after the last one do not exist; the taps that would reach them are skipped.
        let skipped = (last + 1).saturating_sub(outputs);
        let tap = place % stride + skipped * stride;
        let output = last.saturating_sub(skipped);
        let count = kernel.saturating_sub(tap).div_ceil(stride).min(output + 1);
        Self { tap, output, count }
    }
}

/// # Safety
/// As [`input_pixels`], and the channels exist.
#[inline(always)]
unsafe fn input_pixel<V: Simd>(
    pair: &Pair,
    start: usize,
    vertical: &Meeting,
    horizontal: &Meeting,
    column: usize,
    result: &mut [MaybeUninit<f32>],
    channel: usize,
) {
    let Geometry {
        channels,
        kernel,
        stride,
        out_columns,
        ..
    } = pair.geometry;
    // SAFETY: these taps of the kernel have outputs.
    unsafe {
        let mut sum = V::all(0.0);
        for down in 0..vertical.count {
            let tap = vertical.tap + down * stride;
            let y = start - down;
            for along in 0..horizontal.count {
                let side = horizontal.tap + along * stride;
                let at = (y * out_columns + horizontal.output - along) * channels + channel;
                let weight = (tap * kernel + side) * channels + channel;
                let weight = V::load(pair.left.as_ptr().add(weight));
                sum = V::load(pair.gradient.as_ptr().add(at)).times(weight, sum);
            }
        }
        let result = result.as_mut_ptr().cast::<f32>();
        sum.store(result.add(column * channels + channel));
    }
}

widest! {
    /// Computes the sums over one of [`PARTS`] equal parts of the output rows, `[k * k + 1, channels]`.
    fn weight_part(pair: &Pair, part: usize, sums: &mut [f32]) = weight_lines
}

/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn weight_lines<V: Simd>(pair: &Pair, part: usize, sums: &mut [f32]) {
    let geometry = &pair.geometry;
    let Geometry {
        kernel, channels, ..
    } = *geometry;
    assert_eq!(sums.len(), (kernel * kernel + 1) * channels);
    let lines = geometry.batch * geometry.out_rows;
    for line in part * lines / PARTS..(part + 1) * lines / PARTS {
        let (image, row) = (line / geometry.out_rows, line % geometry.out_rows);
        let (from, to) = geometry.kernel_rows(row);
        // SAFETY: guaranteed by the caller; extents were checked there and again here.
        unsafe {
            for tap in from..to {
                let y = image * geometry.rows + row * geometry.stride + tap - geometry.top;
                for side in 0..kernel {
                    over_channels!(V, 0..channels, weight_line [] (pair, line, y, tap, side, sums));
                }
            }
            over_channels!(V, 0..channels, bias_line [] (pair, line, sums));
        }
    }
}

/// Adds the share of output row `line` and input row `y` to the gradient of the weight at (`tap`, `side`).
///
/// # Safety
/// As [`weight_lines`], and the channels exist.
#[inline(always)]
unsafe fn weight_line<V: Simd>(
    pair: &Pair,
    line: usize,
    y: usize,
    tap: usize,
    side: usize,
    sums: &mut [f32],
    channel: usize,
) {
    let geometry = &pair.geometry;
    let Geometry {
        channels,
        kernel,
        stride,
        ..
    } = *geometry;
    // Outputs for which column `side` of the window is inside the input.
    let first = geometry.left.saturating_sub(side).div_ceil(stride);
    let end = (geometry.columns + geometry.left)
        .saturating_sub(side)
        .div_ceil(stride)
        .min(geometry.out_columns);
    // SAFETY: these outputs and the inputs in their windows exist.
    unsafe {
        let to = sums
            .as_mut_ptr()
            .add((tap * kernel + side) * channels + channel);
        let mut sum = V::load(to);
        for column in first..end {
            let x = column * stride + side - geometry.left;
            let x = (y * geometry.columns + x) * channels + channel;
            let gradient = (line * geometry.out_columns + column) * channels + channel;
            let gradient = V::load(pair.gradient.as_ptr().add(gradient));
            sum = V::load(pair.left.as_ptr().add(x)).times(gradient, sum);
        }
        sum.store(to);
    }
}

/// Adds one row's share to the gradient of the bias.
///
/// # Safety
/// As [`weight_lines`], and the channels exist.
#[inline(always)]
unsafe fn bias_line<V: Simd>(pair: &Pair, line: usize, sums: &mut [f32], channel: usize) {
    let geometry = &pair.geometry;
    let (channels, kernel) = (geometry.channels, geometry.kernel);
    // SAFETY: the outputs exist.
    unsafe {
        let to = sums.as_mut_ptr().add(kernel * kernel * channels + channel);
        let mut sum = V::load(to);
        for column in 0..geometry.out_columns {
            let at = (line * geometry.out_columns + column) * channels + channel;
            sum = V::load(pair.gradient.as_ptr().add(at)).times(V::all(1.0), sum);
        }
        sum.store(to);
    }
}
