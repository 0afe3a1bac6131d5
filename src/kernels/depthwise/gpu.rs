//! The forward pass on every GPU that CubeCL supports, in one dispatch. It needs no subgroups and no f16 in WGSL, and
//! reads nothing back, so it runs in browsers.

use burn::backend::TensorMetadata;
use burn::backend::cubecl::dtype_to_storage_type;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_cubecl::{CubeBackend, cubecl};
use cubecl::prelude::*;

use super::geometry::Geometry;
use super::operation::Depthwise;
use crate::kernels::epilogue::Epilogue;
use crate::kernels::launch::{address, cubes, empty, vector_of};
use crate::kernels::sums::{TILE, activated, begin};

/// [`Geometry`] as passed to the kernels; `vectors` is the number of vectors per pixel.
#[derive(CubeLaunch, CubeType)]
pub(super) struct Extents {
    pub batch: usize,
    pub rows: usize,
    pub columns: usize,
    pub vectors: usize,
    pub out_rows: usize,
    pub out_columns: usize,
    pub top: usize,
    pub left: usize,
}

/// The extents of a convolution as a launch argument.
pub(super) fn extents(geometry: &Geometry, vector: usize) -> ExtentsLaunch {
    ExtentsLaunch::new(
        geometry.batch,
        geometry.rows,
        geometry.columns,
        geometry.channels / vector,
        geometry.out_rows,
        geometry.out_columns,
        geometry.top,
        geometry.left,
    )
}

impl Depthwise for CubeBackend {
    fn depthwise(x: CubeTensor, weight: CubeTensor, bias: CubeTensor, stride: usize) -> CubeTensor {
        let [kernel, _, _] = weight.shape().dims();
        let geometry = Geometry::new(x.shape().dims(), kernel, stride);
        let [x, weight, bias] = [x, weight, bias].map(into_contiguous);
        let output = empty(&x, geometry.output());
        let vector = vector_of(&x);
        let units = geometry.batch
            * geometry.out_rows
            * geometry.out_columns.div_ceil(TILE)
            * (geometry.channels / vector);
        if units == 0 {
            return output;
        }
        let (count, dim) = cubes(&x, units);
        forward::launch(
            &output.client,
            count,
            dim,
            address(&[&x, &weight, &output]),
            vector,
            x.into_buffer_arg(),
            weight.into_buffer_arg(),
            bias.into_buffer_arg(),
            output.clone().into_buffer_arg(),
            extents(&geometry, vector),
            kernel,
            stride,
            dtype_to_storage_type(output.dtype),
        );
        output
    }
}

/// One invocation: the channels of one vector at [`TILE`] neighbouring columns.
#[cube(launch, address_type = "dynamic")]
fn forward<F: Float, N: Size>(
    x: &[Vector<F, N>],
    weight: &[Vector<F, N>],
    bias: &[Vector<F, N>],
    output: &mut [Vector<F, N>],
    extents: Extents,
    #[comptime] kernel: usize,
    #[comptime] stride: usize,
    #[define(F)] _dtype: ElemType,
) {
    let vectors = extents.vectors;
    let tiles = extents.out_columns.div_ceil(TILE);
    let vector = ABSOLUTE_POS % vectors;
    let rest = ABSOLUTE_POS / vectors;
    let first = (rest % tiles) * TILE;
    let line = rest / tiles;
    let row = line % extents.out_rows;
    let image = line / extents.out_rows;
    if image >= extents.batch {
        terminate!();
    }

    let mut sums = Array::<Vector<f32, N>>::new(TILE);
    begin::<F, N>(&mut sums, bias, vector);
    let span = comptime![(TILE - 1) * stride + kernel];
    #[unroll]
    for tap in 0..kernel {
        let y = row * stride + tap;
        if y >= extents.top && y < extents.top + extents.rows {
            let start = (image * extents.rows + y - extents.top) * extents.columns;
            let mut weights = Array::<Vector<f32, N>>::new(kernel);
            #[unroll]
            for side in 0..kernel {
                weights[side] =
                    Vector::<f32, N>::cast_from(weight[(tap * kernel + side) * vectors + vector]);
            }
            #[unroll]
            for offset in 0..span {
                let column = first * stride + offset;
                if column >= extents.left && column < extents.left + extents.columns {
                    let at = (start + column - extents.left) * vectors + vector;
                    let value = Vector::<f32, N>::cast_from(x[at]);
                    #[unroll]
                    for index in 0..TILE {
                        let met =
                            comptime![offset >= index * stride && offset - index * stride < kernel];
                        if met {
                            let side = comptime![offset - index * stride];
                            sums[index] += value * weights[side];
                        }
                    }
                }
            }
        }
    }
    #[unroll]
    for index in 0..TILE {
        let column = first + index;
        if column < extents.out_columns {
            let place = (line * extents.out_columns + column) * vectors + vector;
            let sum = activated::<N>(sums[index], Epilogue::Relu6);
            output[place] = Vector::<F, N>::cast_from(sum);
        }
    }
}
