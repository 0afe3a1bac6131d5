//! A limit on what one input may ask of the allocator.

use std::alloc::System;
use std::sync::atomic::{AtomicUsize, Ordering};

use cap::Cap;

/// Bytes that one input may hold at once: no input of 1 MB may ask for more before it is refused.
pub const LIMIT: usize = 256 << 20;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// Bytes held before the first input, and the largest peak above them that was reported.
static START: AtomicUsize = AtomicUsize::new(usize::MAX);
static REPORTED: AtomicUsize = AtomicUsize::new(0);

/// Bytes that reading an open scene may hold: its cache, a block while it is decoded, and the window that is read.
pub const SCENE_LIMIT: usize = (384 + 256 + 64) << 20;

/// Runs `target` on one input within [`LIMIT`]; see [`limited_to`].
pub fn limited(target: impl FnOnce()) {
    limited_to(LIMIT, target);
}

/// Runs `target` on one input. An allocation that would exceed `limit` bytes fails and ends the process, so that the
/// fuzzer keeps the input. Prints every new peak that is a tenth higher than the last.
pub fn limited_to<T>(limit: usize, target: impl FnOnce() -> T) -> T {
    START.fetch_min(ALLOCATOR.allocated(), Ordering::Relaxed);
    // This fails only if another thread allocates in between; then the former limit stays.
    let _ = ALLOCATOR.set_limit(ALLOCATOR.allocated() + limit);
    let result = target();
    let _ = ALLOCATOR.set_limit(usize::MAX);
    let peak =
        ALLOCATOR.max_allocated() - START.load(Ordering::Relaxed).min(ALLOCATOR.max_allocated());
    if peak > REPORTED.load(Ordering::Relaxed) / 10 * 11 + (1 << 16) {
        REPORTED.store(peak, Ordering::Relaxed);
        eprintln!("peak: {:.1} MB", peak as f64 / f64::from(1 << 20));
    }
    result
}
