//! Sums of neighbouring results in one invocation on a GPU, so that a weight is read once for all of them: what linear
//! layers and convolutions share.

use core::f32::consts::FRAC_1_SQRT_2;

use burn_cubecl::cubecl;
use cubecl::prelude::*;

use super::epilogue::Epilogue;

/// Results per invocation: rows of a product, or neighbouring columns of a convolution.
pub const TILE: usize = 4;

/// Sets all [`TILE`] sums to vector `place` of `bias`.
#[cube]
pub fn begin<F: Float, N: Size>(
    sums: &mut Array<Vector<f32, N>>,
    bias: &[Vector<F, N>],
    place: usize,
) {
    let start = Vector::<f32, N>::cast_from(bias[place]);
    #[unroll]
    for index in 0..TILE {
        sums[index] = start;
    }
}

/// Adds to each of [`TILE`] sums the products of its vector of `left`, of `lanes` numbers, with `weights`, one vector
/// for each of these numbers.
#[cube]
pub fn add_products<N: Size, K: Size>(
    sums: &mut Array<Vector<f32, N>>,
    left: &Array<Vector<f32, K>>,
    weights: &Array<Vector<f32, N>>,
    #[comptime] lanes: usize,
) {
    #[unroll]
    for lane in 0..lanes {
        let factor = weights[lane];
        #[unroll]
        for index in 0..TILE {
            sums[index] += factor * Vector::<f32, N>::new(left[index].extract(lane));
        }
    }
}

/// `epilogue(x)`.
#[cube]
pub fn activated<N: Size>(x: Vector<f32, N>, #[comptime] epilogue: Epilogue) -> Vector<f32, N> {
    let zero = Vector::<f32, N>::new(0.0f32);
    match epilogue {
        Epilogue::Identity => x,
        Epilogue::Relu => max(x, zero),
        Epilogue::Relu6 => clamp(x, zero, Vector::<f32, N>::new(6.0f32)),
        Epilogue::Gelu => {
            let scaled = x * Vector::<f32, N>::new(FRAC_1_SQRT_2);
            let half = x * Vector::<f32, N>::new(0.5f32);
            half * (Vector::erf(scaled) + Vector::<f32, N>::new(1.0f32))
        }
    }
}

/// The sum of the `lanes` numbers of a vector.
#[cube]
pub fn total<N: Size>(x: Vector<f32, N>, #[comptime] lanes: usize) -> f32 {
    let mut sum = f32::new(0.0f32);
    #[unroll]
    for lane in 0..lanes {
        sum += x.extract(lane);
    }
    sum
}
