//! The derivative's parts on the CPU.

use burn::backend::TensorMetadata;
use burn_flex::{Flex, FlexTensor};

use super::cpu::{dense, for_each_line, numbers, tensor};
use super::geometry::Geometry;
use super::lanes::{Lanes, over_channels, widest};
use super::operation::DepthwiseGradients;

/// Parts that the sum over the pixels is made of: the same on every machine, so that the sum is too.
const PARTS: usize = 16;

impl DepthwiseGradients for Flex {
    fn depthwise_cut(output: FlexTensor, gradient: FlexTensor) -> FlexTensor {
        let (dtype, shape) = (gradient.dtype(), gradient.shape());
        let [output, gradient] = [output, gradient].map(dense);
        let (output, gradient) = (numbers(&output), numbers(&gradient));
        assert_eq!(output.len(), gradient.len());
        let mut cut = vec![0.0; gradient.len()];
        let size = shape.last().copied().unwrap_or(1) * 64;
        for_each_line(&mut cut, size, |index, part| {
            let pairs = output[index * size..].iter().zip(&gradient[index * size..]);
            for (cut, (output, gradient)) in part.iter_mut().zip(pairs) {
                let open = *output > 0.0 && *output < 6.0;
                *cut = if open { *gradient } else { 0.0 };
            }
        });
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
        let mut result = vec![0.0; input.iter().product()];
        let line = geometry.columns * geometry.channels;
        for_each_line(&mut result, line, |index, line| {
            input_row(&pair, index, line)
        });
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

/// The gradient behind the convolution, and what it is multiplied with: the weight or the input.
struct Pair<'a> {
    left: &'a [f32],
    gradient: &'a [f32],
    geometry: Geometry,
}

widest! {
    /// One row of the input's gradient, of all images counted through.
    fn input_row(pair: &Pair, line: usize, result: &mut [f32]) = input_pixels
}

/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn input_pixels<V: Lanes>(pair: &Pair, line: usize, result: &mut [f32]) {
    let geometry = &pair.geometry;
    assert_eq!(result.len(), geometry.columns * geometry.channels);
    for column in 0..geometry.columns {
        // SAFETY: the caller's; extents were checked there and here.
        unsafe { over_channels!(V, geometry.channels, input_pixel [] (pair, line, column, result)) }
    }
}

/// # Safety
/// As [`input_pixels`], and the channels are there.
#[inline(always)]
unsafe fn input_pixel<V: Lanes>(
    pair: &Pair,
    line: usize,
    column: usize,
    result: &mut [f32],
    channel: usize,
) {
    let geometry = &pair.geometry;
    let Geometry {
        channels,
        kernel,
        stride,
        ..
    } = *geometry;
    let (image, row) = (line / geometry.rows, line % geometry.rows);
    let (bottom, right) = (row + geometry.top, column + geometry.left);
    // SAFETY: these taps of the kernel meet outputs.
    unsafe {
        let mut sum = V::all(0.0);
        let mut tap = bottom % stride;
        while tap < kernel && tap <= bottom {
            let y = (bottom - tap) / stride;
            if y < geometry.out_rows {
                let mut side = right % stride;
                while side < kernel && side <= right {
                    let x = (right - side) / stride;
                    if x < geometry.out_columns {
                        let at = (image * geometry.out_rows + y) * geometry.out_columns + x;
                        let gradient = pair.gradient.as_ptr().add(at * channels + channel);
                        let weight = (tap * kernel + side) * channels + channel;
                        let weight = V::load(pair.left.as_ptr().add(weight));
                        sum = V::load(gradient).times(weight, sum);
                    }
                    side += stride;
                }
            }
            tap += stride;
        }
        sum.store(result.as_mut_ptr().add(column * channels + channel));
    }
}

widest! {
    /// The sums over every [`PARTS`]-th share of the output rows, `[k * k + 1, channels]`.
    fn weight_part(pair: &Pair, part: usize, sums: &mut [f32]) = weight_lines
}

/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn weight_lines<V: Lanes>(pair: &Pair, part: usize, sums: &mut [f32]) {
    let geometry = &pair.geometry;
    let Geometry {
        kernel, channels, ..
    } = *geometry;
    assert_eq!(sums.len(), (kernel * kernel + 1) * channels);
    let lines = geometry.batch * geometry.out_rows;
    for line in part * lines / PARTS..(part + 1) * lines / PARTS {
        let (from, to) = geometry.kernel_rows(line % geometry.out_rows);
        // SAFETY: the caller's; extents were checked there and here.
        unsafe {
            for tap in from..to {
                for side in 0..kernel {
                    over_channels!(V, channels, weight_line [] (pair, line, tap, side, sums));
                }
            }
            over_channels!(V, channels, bias_line [] (pair, line, sums));
        }
    }
}

/// Adds one row's share in the gradient of the weight at (`tap`, `side`).
///
/// # Safety
/// As [`weight_lines`], and the channels are there.
#[inline(always)]
unsafe fn weight_line<V: Lanes>(
    pair: &Pair,
    line: usize,
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
    let (image, row) = (line / geometry.out_rows, line % geometry.out_rows);
    let y = image * geometry.rows + row * stride + tap - geometry.top;
    // Outputs whose column `side` of the window is inside.
    let first = geometry.left.saturating_sub(side).div_ceil(stride);
    let end = (geometry.columns + geometry.left)
        .saturating_sub(side)
        .div_ceil(stride)
        .min(geometry.out_columns);
    // SAFETY: these outputs and the inputs that they meet are there.
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

/// Adds one row's share in the gradient of the bias.
///
/// # Safety
/// As [`weight_lines`], and the channels are there.
#[inline(always)]
unsafe fn bias_line<V: Lanes>(pair: &Pair, line: usize, sums: &mut [f32], channel: usize) {
    let geometry = &pair.geometry;
    let (channels, kernel) = (geometry.channels, geometry.kernel);
    // SAFETY: the outputs are there.
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
