//! Vectors of f32 of every processor that this runs on, and the choice among them.

/// Numbers that the processor computes with at once.
pub(super) trait Lanes: Copy {
    /// How many.
    const COUNT: usize;

    /// All the same number.
    ///
    /// # Safety
    /// The processor has these instructions.
    unsafe fn all(value: f32) -> Self;
    /// Reads.
    ///
    /// # Safety
    /// The processor has these instructions, and [`Self::COUNT`] numbers can be read from `from`.
    unsafe fn load(from: *const f32) -> Self;
    /// Writes.
    ///
    /// # Safety
    /// The processor has these instructions, and [`Self::COUNT`] numbers can be written to `to`.
    unsafe fn store(self, to: *mut f32);
    /// `self * by + plus`.
    ///
    /// # Safety
    /// The processor has these instructions.
    unsafe fn times(self, by: Self, plus: Self) -> Self;
    /// ReLU6.
    ///
    /// # Safety
    /// The processor has these instructions.
    unsafe fn relu6(self) -> Self;
}

impl Lanes for f32 {
    const COUNT: usize = 1;

    #[inline(always)]
    unsafe fn all(value: f32) -> Self {
        value
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller's.
        unsafe { from.read() }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller's.
        unsafe { to.write(self) }
    }
    #[inline(always)]
    unsafe fn times(self, by: Self, plus: Self) -> Self {
        self * by + plus
    }
    #[inline(always)]
    unsafe fn relu6(self) -> Self {
        self.clamp(0.0, 6.0)
    }
}

/// Implements [`Lanes`] by the processor's own names.
#[allow(unused_macros, reason = "not every processor has vectors")]
macro_rules! lanes {
    ($module:ident, $type:ident, $count:literal, $all:ident, $load:ident, $store:ident, $max:ident,
     $min:ident, |$a:ident, $b:ident, $c:ident| $times:expr $(, $cast:ty, $cast_mut:ty)?) => {
        impl Lanes for $module::$type {
            const COUNT: usize = $count;

            #[inline(always)]
            #[allow(unused_unsafe)] // not unsafe on wasm
            unsafe fn all(value: f32) -> Self {
                // SAFETY: the caller's, as everywhere here.
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
            #[allow(unused_unsafe)] // not unsafe on wasm
            unsafe fn times(self, by: Self, plus: Self) -> Self {
                let ($a, $b, $c) = (self, by, plus);
                unsafe { $times }
            }
            #[inline(always)]
            unsafe fn relu6(self) -> Self {
                unsafe { $module::$min($module::$max(self, Self::all(0.0)), Self::all(6.0)) }
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
    _mm512_set1_ps,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    _mm512_max_ps,
    _mm512_min_ps,
    |a, b, c| x86_64::_mm512_fmadd_ps(a, b, c)
);
#[cfg(target_arch = "x86_64")]
lanes!(
    x86_64,
    __m256,
    8,
    _mm256_set1_ps,
    _mm256_loadu_ps,
    _mm256_storeu_ps,
    _mm256_max_ps,
    _mm256_min_ps,
    |a, b, c| x86_64::_mm256_fmadd_ps(a, b, c)
);
#[cfg(target_arch = "x86_64")]
lanes!(
    x86_64,
    __m128,
    4,
    _mm_set1_ps,
    _mm_loadu_ps,
    _mm_storeu_ps,
    _mm_max_ps,
    _mm_min_ps,
    |a, b, c| x86_64::_mm_add_ps(x86_64::_mm_mul_ps(a, b), c)
);

#[cfg(target_arch = "aarch64")]
use core::arch::aarch64;
#[cfg(target_arch = "aarch64")]
lanes!(
    aarch64,
    float32x4_t,
    4,
    vdupq_n_f32,
    vld1q_f32,
    vst1q_f32,
    vmaxq_f32,
    vminq_f32,
    |a, b, c| aarch64::vfmaq_f32(c, a, b)
);

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use core::arch::wasm32;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
lanes!(
    wasm32,
    v128,
    4,
    f32x4_splat,
    v128_load,
    v128_store,
    f32x4_max,
    f32x4_min,
    |a, b, c| wasm32::f32x4_add(wasm32::f32x4_mul(a, b), c),
    *const wasm32::v128,
    *mut wasm32::v128
);

/// The vectors that the compiler may take for granted.
#[cfg(target_arch = "x86_64")]
pub(super) type Baseline = x86_64::__m128;
/// The vectors that the compiler may take for granted.
#[cfg(target_arch = "aarch64")]
pub(super) type Baseline = aarch64::float32x4_t;
/// The vectors that the compiler may take for granted.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) type Baseline = wasm32::v128;
/// The vectors that the compiler may take for granted.
#[cfg(not(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
pub(super) type Baseline = f32;

/// Defines `$name`, which runs the generic, always inlined `$body` with the widest vectors there are.
macro_rules! widest {
    ($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),* $(,)?) = $body:ident) => {
        $(#[$doc])*
        fn $name($($argument: $type),*) {
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
            // SAFETY: every processor that this was compiled for has the baseline's.
            unsafe { $body::<$crate::model::depthwise::lanes::Baseline>($($argument),*) }
        }
    };
}
pub(super) use widest;

/// Calls `$function` for every channel of `$channels`, its last argument: whole vectors first, then what
/// is left one by one. Text, because a closure would not inherit the caller's instruction set.
macro_rules! over_channels {
    ($lanes:ident, $channels:expr, $function:ident [$($generic:tt)*] ($($argument:expr),* $(,)?)) => {{
        let core::ops::Range { start, end } = $channels;
        let mut channel: usize = start;
        while channel + <$lanes as Lanes>::COUNT <= end {
            $function::<$lanes, $($generic)*>($($argument,)* channel);
            channel += <$lanes as Lanes>::COUNT;
        }
        while channel < end {
            $function::<f32, $($generic)*>($($argument,)* channel);
            channel += 1;
        }
    }};
}
pub(super) use over_channels;
