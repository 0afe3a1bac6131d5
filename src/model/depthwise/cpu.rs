//! The forward pass on the CPU: rows in parallel, channels side by side in a vector, a few neighbouring
//! columns at once so that a weight and an input are read once for several outputs.

use burn::backend::TensorMetadata;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::{DType, FloatDType, TensorData};
use burn_flex::{Flex, FlexTensor};

use super::geometry::Geometry;
use super::lanes::{Lanes, over_channels, widest};
use super::operation::Depthwise;

/// Columns that are computed at once.
const TILE: usize = 4;

impl Depthwise for Flex {
    fn depthwise(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, stride: usize) -> FlexTensor {
        let dtype = x.dtype();
        let [kernel, _, _] = weight.shape().dims();
        let geometry = Geometry::new(x.shape().dims(), kernel, stride);
        let [x, weight, bias] = [x, weight, bias].map(dense);
        let mut output = vec![0.0; geometry.output().iter().product()];
        let inputs = Inputs {
            x: numbers(&x),
            weight: numbers(&weight),
            bias: numbers(&bias),
            geometry,
        };
        inputs.check();
        let line = geometry.out_columns * geometry.channels;
        for_each_line(&mut output, line, |index, line| {
            forward(&inputs, index, line)
        });
        tensor(output, &geometry.output(), dtype)
    }
}

/// `tensor` as contiguous f32.
pub(super) fn dense(tensor: FlexTensor) -> FlexTensor {
    let tensor = match tensor.dtype() {
        DType::F32 => tensor,
        _ => Flex::float_cast(tensor, FloatDType::F32),
    };
    tensor.to_contiguous()
}

/// The numbers of a tensor that [`dense`] made.
pub(super) fn numbers(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("contiguous numbers of f32")
}

/// A tensor of `values`, in the type that the operation was asked in.
pub(super) fn tensor(values: Vec<f32>, shape: &[usize], dtype: DType) -> FlexTensor {
    let tensor = FlexTensor::from_data(TensorData::new(values, shape.to_vec()));
    match dtype {
        DType::F32 => tensor,
        _ => Flex::float_cast(tensor, dtype.into()),
    }
}

/// `work(index, part)` for the parts of `values`, `size` numbers each: natively on all cores.
pub(super) fn for_each_line(
    values: &mut [f32],
    size: usize,
    work: impl Fn(usize, &mut [f32]) + Send + Sync,
) {
    if size == 0 {
        return;
    }
    #[cfg(feature = "native")]
    {
        use rayon::prelude::*;
        let lines = values.par_chunks_mut(size).enumerate();
        lines.for_each(|(index, line)| work(index, line));
    }
    #[cfg(not(feature = "native"))]
    for (index, line) in values.chunks_mut(size).enumerate() {
        work(index, line);
    }
}

struct Inputs<'a> {
    x: &'a [f32],
    weight: &'a [f32],
    bias: &'a [f32],
    geometry: Geometry,
}

impl Inputs<'_> {
    /// Everything below reads through pointers within these extents.
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

widest! {
    /// One row of outputs, of all images counted through.
    fn forward(inputs: &Inputs, line: usize, output: &mut [f32]) = row
}

/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn row<V: Lanes>(inputs: &Inputs, line: usize, output: &mut [f32]) {
    let geometry = &inputs.geometry;
    assert_eq!(output.len(), geometry.out_columns * geometry.channels);
    // SAFETY: the caller's; extents were checked there and here.
    unsafe {
        match (geometry.kernel, geometry.stride) {
            (3, 1) => columns::<V, 3, 1, 6>(inputs, line, output),
            (3, 2) => columns::<V, 3, 2, 9>(inputs, line, output),
            (5, 1) => columns::<V, 5, 1, 8>(inputs, line, output),
            (5, 2) => columns::<V, 5, 2, 11>(inputs, line, output),
            _ => {
                for column in 0..geometry.out_columns {
                    over_channels!(V, geometry.channels, edge [] (inputs, line, column, output));
                }
            }
        }
    }
}

/// The row for a known kernel side `K` and stride `S`; `SPAN` input columns make [`TILE`] outputs.
///
/// # Safety
/// As [`row`].
#[inline(always)]
unsafe fn columns<V: Lanes, const K: usize, const S: usize, const SPAN: usize>(
    inputs: &Inputs,
    line: usize,
    output: &mut [f32],
) {
    let geometry = &inputs.geometry;
    let (from, to) = geometry.inner_columns();
    let mut column = 0;
    while column < geometry.out_columns {
        let inner = (from..to).contains(&column);
        // SAFETY: the caller's; a tile of inner columns lies inside.
        unsafe {
            if inner && column + TILE <= to {
                over_channels!(V, geometry.channels, inner_tile [K, S, TILE, SPAN] (inputs, line, column, output));
                column += TILE;
            } else if inner {
                over_channels!(V, geometry.channels, inner_tile [K, S, 1, K] (inputs, line, column, output));
                column += 1;
            } else {
                over_channels!(V, geometry.channels, edge [] (inputs, line, column, output));
                column += 1;
            }
        }
    }
}

/// `T` neighbouring outputs of the channels from `channel` on, whose windows' columns lie inside.
///
/// # Safety
/// As [`row`]; `SPAN` is `(T - 1) * S + K`, the columns are inner ones and the channels are there.
#[inline(always)]
unsafe fn inner_tile<
    V: Lanes,
    const K: usize,
    const S: usize,
    const T: usize,
    const SPAN: usize,
>(
    inputs: &Inputs,
    line: usize,
    column: usize,
    output: &mut [f32],
    channel: usize,
) {
    let geometry = &inputs.geometry;
    let channels = geometry.channels;
    let (image, row) = (line / geometry.out_rows, line % geometry.out_rows);
    let (from, to) = geometry.kernel_rows(row);
    let left = column * S - geometry.left;
    // SAFETY: rows `from..to` of the kernel and the columns of inner tiles meet the input.
    unsafe {
        let mut sums = [V::load(inputs.bias.as_ptr().add(channel)); T];
        for tap in from..to {
            let y = image * geometry.rows + row * S + tap - geometry.top;
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
        let output = output.as_mut_ptr().add(column * channels + channel);
        for (index, sum) in sums.into_iter().enumerate() {
            sum.relu6().store(output.add(index * channels));
        }
    }
}

/// One output, wherever its window lies.
///
/// # Safety
/// As [`row`], and the channels are there.
#[inline(always)]
unsafe fn edge<V: Lanes>(
    inputs: &Inputs,
    line: usize,
    column: usize,
    output: &mut [f32],
    channel: usize,
) {
    let geometry = &inputs.geometry;
    let channels = geometry.channels;
    let (image, row) = (line / geometry.out_rows, line % geometry.out_rows);
    let (top, bottom) = geometry.kernel_rows(row);
    let (left, right) = geometry.kernel_columns(column);
    // SAFETY: these taps of the kernel meet the input.
    unsafe {
        let mut sum = V::load(inputs.bias.as_ptr().add(channel));
        for tap in top..bottom {
            let y = image * geometry.rows + row * geometry.stride + tap - geometry.top;
            for side in left..right {
                let x = column * geometry.stride + side - geometry.left;
                let value = (y * geometry.columns + x) * channels + channel;
                let weight = (tap * geometry.kernel + side) * channels + channel;
                let weight = V::load(inputs.weight.as_ptr().add(weight));
                sum = V::load(inputs.x.as_ptr().add(value)).times(weight, sum);
            }
        }
        let at = column * channels + channel;
        sum.relu6().store(output.as_mut_ptr().add(at));
    }
}
