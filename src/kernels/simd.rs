//! Vectors of f32 for every supported processor, and the choice among them.

/// A vector of numbers that the processor computes with at once.
///
/// Every method is unsafe for the same reason: the processor must have the instructions.
#[allow(clippy::missing_safety_doc, reason = "the trait's own words")]
pub(super) trait Simd: Copy {
    /// Numbers per vector.
    const COUNT: usize;
    /// Rows of a product's tile, and vectors per row: as many sums as the registers hold. With one register too many, a
    /// tile takes twice as long.
    const TILE: [usize; 2];

    /// A vector whose numbers are all `value`.
    unsafe fn all(value: f32) -> Self;
    /// Reads [`Self::COUNT`] numbers.
    unsafe fn load(from: *const f32) -> Self;
    /// Writes [`Self::COUNT`] numbers.
    unsafe fn store(self, to: *mut f32);
    /// `self * by + plus`.
    unsafe fn times(self, by: Self, plus: Self) -> Self;
    /// `self / by`.
    unsafe fn over(self, by: Self) -> Self;
    /// The larger of both; NaN where `other` is NaN.
    unsafe fn max(self, other: Self) -> Self;
    /// The smaller of both; NaN where `other` is NaN.
    unsafe fn min(self, other: Self) -> Self;
    /// Shifts the bits of the numbers up by the width of an f32's fraction, so that small integers in the lowest bits
    /// become exponents.
    unsafe fn as_exponents(self) -> Self;

    /// Clamps the numbers to `least..=most`; NaN stays NaN.
    #[inline(always)]
    unsafe fn between(self, least: f32, most: f32) -> Self {
        // SAFETY: guaranteed by the caller.
        unsafe { Self::all(most).min(Self::all(least).max(self)) }
    }
    /// ReLU6.
    #[inline(always)]
    unsafe fn relu6(self) -> Self {
        // SAFETY: guaranteed by the caller.
        unsafe { self.between(0.0, 6.0) }
    }
}

/// Maximum number of numbers in a vector.
pub(super) const MOST: usize = 16;
/// Bits of an f32's fraction.
const FRACTION: u32 = 23;

impl Simd for f32 {
    const COUNT: usize = 1;
    const TILE: [usize; 2] = [4, 2];

    #[inline(always)]
    unsafe fn all(value: f32) -> Self {
        value
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: guaranteed by the caller.
        unsafe { from.read() }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: guaranteed by the caller.
        unsafe { to.write(self) }
    }
    #[inline(always)]
    unsafe fn times(self, by: Self, plus: Self) -> Self {
        self * by + plus
    }
    #[inline(always)]
    unsafe fn over(self, by: Self) -> Self {
        self / by
    }
    #[inline(always)]
    unsafe fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    #[inline(always)]
    unsafe fn min(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
    #[inline(always)]
    unsafe fn as_exponents(self) -> Self {
        f32::from_bits(self.to_bits() << FRACTION)
    }
}

/// Implements [`Simd`] with the processor's own intrinsics.
#[allow(unused_macros, reason = "not every processor has vectors")]
macro_rules! lanes {
    ($module:ident, $type:ident, $count:literal, $tile:expr, $all:ident, $load:ident, $store:ident,
     $over:ident, $max:ident, $min:ident, |$a:ident, $b:ident, $c:ident| $times:expr,
     |$d:ident| $exponents:expr $(, $cast:ty, $cast_mut:ty)?) => {
        #[allow(unused_unsafe, reason = "not unsafe on wasm")]
        impl Simd for $module::$type {
            const COUNT: usize = $count;
            const TILE: [usize; 2] = $tile;

            #[inline(always)]
            unsafe fn all(value: f32) -> Self {
                // SAFETY: guaranteed by the caller, as everywhere here.
                unsafe { $module::$all(value) }
            }
            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                unsafe { $module::$load(from $(as $cast)?) }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut f32) {
                unsafe { $module::$store(to $(as $cast_mut)?, self) }
            }
            #[inline(always)]
            unsafe fn times(self, by: Self, plus: Self) -> Self {
                let ($a, $b, $c) = (self, by, plus);
                unsafe { $times }
            }
            #[inline(always)]
            unsafe fn over(self, by: Self) -> Self {
                unsafe { $module::$over(self, by) }
            }
            #[inline(always)]
            unsafe fn max(self, other: Self) -> Self {
                unsafe { $module::$max(self, other) }
            }
            #[inline(always)]
            unsafe fn min(self, other: Self) -> Self {
                unsafe { $module::$min(self, other) }
            }
            #[inline(always)]
            unsafe fn as_exponents(self) -> Self {
                let $d = self;
                unsafe { $exponents }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64;
#[cfg(target_arch = "x86_64")]
lanes!(
    x86_64,
    __m512,
    16,
    [6, 4],
    _mm512_set1_ps,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    _mm512_div_ps,
    _mm512_max_ps,
    _mm512_min_ps,
    |a, b, c| x86_64::_mm512_fmadd_ps(a, b, c),
    |a| x86_64::_mm512_castsi512_ps(x86_64::_mm512_slli_epi32::<FRACTION>(
        x86_64::_mm512_castps_si512(a)
    ))
);
#[cfg(target_arch = "x86_64")]
lanes!(
    x86_64,
    __m256,
    8,
    [6, 2],
    _mm256_set1_ps,
    _mm256_loadu_ps,
    _mm256_storeu_ps,
    _mm256_div_ps,
    _mm256_max_ps,
    _mm256_min_ps,
    |a, b, c| x86_64::_mm256_fmadd_ps(a, b, c),
    |a| x86_64::_mm256_castsi256_ps(x86_64::_mm256_slli_epi32::<{ FRACTION as i32 }>(
        x86_64::_mm256_castps_si256(a)
    ))
);
#[cfg(target_arch = "x86_64")]
lanes!(
    x86_64,
    __m128,
    4,
    [4, 2],
    _mm_set1_ps,
    _mm_loadu_ps,
    _mm_storeu_ps,
    _mm_div_ps,
    _mm_max_ps,
    _mm_min_ps,
    |a, b, c| x86_64::_mm_add_ps(x86_64::_mm_mul_ps(a, b), c),
    |a| x86_64::_mm_castsi128_ps(x86_64::_mm_slli_epi32::<{ FRACTION as i32 }>(
        x86_64::_mm_castps_si128(a)
    ))
);

#[cfg(target_arch = "aarch64")]
use core::arch::aarch64;
#[cfg(target_arch = "aarch64")]
lanes!(
    aarch64,
    float32x4_t,
    4,
    [6, 4],
    vdupq_n_f32,
    vld1q_f32,
    vst1q_f32,
    vdivq_f32,
    vmaxq_f32,
    vminq_f32,
    |a, b, c| aarch64::vfmaq_f32(c, a, b),
    |a| aarch64::vreinterpretq_f32_s32(aarch64::vshlq_n_s32::<{ FRACTION as i32 }>(
        aarch64::vreinterpretq_s32_f32(a)
    ))
);

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use core::arch::wasm32;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
lanes!(
    wasm32,
    v128,
    4,
    [4, 2],
    f32x4_splat,
    v128_load,
    v128_store,
    f32x4_div,
    f32x4_max,
    f32x4_min,
    |a, b, c| wasm32::f32x4_add(wasm32::f32x4_mul(a, b), c),
    |a| wasm32::i32x4_shl(a, FRACTION),
    *const wasm32::v128,
    *mut wasm32::v128
);

/// The vectors that every processor of this target has.
#[cfg(target_arch = "x86_64")]
pub(super) type Baseline = x86_64::__m128;
/// The vectors that every processor of this target has.
#[cfg(target_arch = "aarch64")]
pub(super) type Baseline = aarch64::float32x4_t;
/// The vectors that every processor of this target has.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) type Baseline = wasm32::v128;
/// The vectors that every processor of this target has.
#[cfg(not(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
pub(super) type Baseline = f32;

/// Defines `$name`, which runs the generic, always inlined `$body` with the widest vectors available.
macro_rules! widest {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) = $body:ident) => {
        $(#[$doc])*
        $vis fn $name($($argument: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                use core::arch::x86_64::{__m256, __m512};

                #[target_feature(enable = "avx512f,fma,avx2")]
                fn sixteen($($argument: $type),*) {
                    // SAFETY: this function's features are those of the vectors.
                    unsafe { $body::<__m512>($($argument),*) }
                }
                #[target_feature(enable = "fma,avx2")]
                fn eight($($argument: $type),*) {
                    // SAFETY: as above.
                    unsafe { $body::<__m256>($($argument),*) }
                }

                let fused = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
                if fused && is_x86_feature_detected!("avx512f") {
                    // SAFETY: the processor has them.
                    return unsafe { sixteen($($argument),*) };
                }
                if fused {
                    // SAFETY: the processor has them.
                    return unsafe { eight($($argument),*) };
                }
            }
            // SAFETY: every processor of this target has the baseline's instructions.
            unsafe { $body::<$crate::kernels::simd::Baseline>($($argument),*) }
        }
    };
}
pub(super) use widest;

/// Calls `$function` for every channel of `$channels`, passed as the last argument: whole vectors first, then the
/// remaining channels one by one. It is a macro, because a closure would not inherit the caller's instruction set.
macro_rules! over_channels {
    ($lanes:ident, $channels:expr, $function:ident [$($generic:tt)*] ($($argument:expr),* $(,)?)) => {{
        let core::ops::Range { start, end } = $channels;
        let mut channel: usize = start;
        while channel + <$lanes as Simd>::COUNT <= end {
            $function::<$lanes, $($generic)*>($($argument,)* channel);
            channel += <$lanes as Simd>::COUNT;
        }
        while channel < end {
            $function::<f32, $($generic)*>($($argument,)* channel);
            channel += 1;
        }
    }};
}
pub(super) use over_channels;
