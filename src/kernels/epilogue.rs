//! Functions that are applied to a product before it is written.

use burn::tensor::Tensor;
use burn::tensor::activation::{gelu, relu};

#[cfg(feature = "cpu")]
use super::simd::Simd;

/// A function that is applied to every number of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Epilogue {
    /// None.
    Identity,
    /// The positive part (ReLU).
    Relu,
    /// Values clamped to 0..6.
    Relu6,
    /// GELU with the error function (Hendrycks and Gimpel 2016, arXiv 1606.08415).
    Gelu,
}

impl Epilogue {
    /// All of them.
    #[cfg(all(test, feature = "native"))]
    pub const ALL: [Self; 4] = [Self::Identity, Self::Relu, Self::Relu6, Self::Gelu];

    /// Applies it with Burn's own operations.
    pub fn of<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Identity => x,
            Self::Relu => relu(x),
            Self::Relu6 => relu(x).clamp_max(6.0),
            Self::Gelu => gelu(x),
        }
    }

    /// Applies it to a vector. The error of GELU is at most 3e-7 times the larger of 1 and `|x|`.
    ///
    /// # Safety
    /// The processor has the instructions of `V`.
    #[cfg(feature = "cpu")]
    #[inline(always)]
    pub(super) unsafe fn of_lanes<V: Simd>(self, x: V) -> V {
        // SAFETY: guaranteed by the caller.
        unsafe {
            match self {
                Self::Identity => x,
                Self::Relu => V::all(0.0).max(x),
                Self::Relu6 => x.relu6(),
                Self::Gelu => {
                    let erf = erf(x.times(V::all(core::f32::consts::FRAC_1_SQRT_2), V::all(0.0)));
                    let half = x.times(V::all(0.5), V::all(0.0));
                    half.times(erf, half)
                }
            }
        }
    }
}

/// The error function: a quotient of polynomials on -4..4, beyond which it is 1 or -1 in f32. The coefficients are
/// those of Eigen and XLA.
///
/// # Safety
/// The processor has the instructions of `V`.
#[cfg(feature = "cpu")]
#[inline(always)]
unsafe fn erf<V: Simd>(x: V) -> V {
    const ODD: [f32; 7] = [
        -2.726_142e-10,
        2.770_681_4e-8,
        -2.101_024e-6,
        -5.692_506_4e-5,
        -7.349_906_3e-4,
        -2.954_6e-3,
        -1.609_603_3e-2,
    ];
    const EVEN: [f32; 5] = [
        -1.456_607_2e-5,
        -2.133_740_5e-4,
        -1.682_827e-3,
        -7.373_329_2e-3,
        -1.426_473_9e-2,
    ];
    // SAFETY: guaranteed by the caller.
    unsafe {
        let x = x.between(-4.0, 4.0);
        let square = x.times(x, V::all(0.0));
        let above = polynomial(square, &ODD);
        let below = polynomial(square, &EVEN);
        x.times(above, V::all(0.0)).over(below)
    }
}

/// A polynomial by Horner's rule, the highest coefficient first.
///
/// # Safety
/// The processor has the instructions of `V`.
#[cfg(feature = "cpu")]
#[inline(always)]
pub(super) unsafe fn polynomial<V: Simd, const N: usize>(x: V, coefficients: &[f32; N]) -> V {
    // SAFETY: guaranteed by the caller.
    unsafe {
        let mut sum = V::all(coefficients[0]);
        for coefficient in &coefficients[1..] {
            sum = sum.times(x, V::all(*coefficient));
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn gelu_is_burns() {
        let values: Vec<f32> = (-1200..=1200).map(|step| step as f32 / 150.0).collect();
        let x = Tensor::<1>::from_floats(values.as_slice(), &Device::flex());
        let expected: Vec<f32> = Epilogue::Gelu.of(x).into_data().iter().collect();
        for (x, expected) in values.iter().zip(expected) {
            // SAFETY: every processor has single numbers.
            let found = unsafe { Epilogue::Gelu.of_lanes(*x) };
            let apart = (found - expected).abs() / x.abs().max(1.0);
            assert!(apart <= 3e-7, "gelu({x}): {found}, {expected}");
        }
    }
}
