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

/// Runs `target` on one input. An allocation that would exceed [`LIMIT`] fails and ends the process, so that the fuzzer
/// keeps the input. Prints every new peak that is a tenth higher than the last.
pub fn limited(target: impl FnOnce()) {
    START.fetch_min(ALLOCATOR.allocated(), Ordering::Relaxed);
    // This fails only if another thread allocates in between; then the former limit stays.
    let _ = ALLOCATOR.set_limit(ALLOCATOR.allocated() + LIMIT);
    target();
    let _ = ALLOCATOR.set_limit(usize::MAX);
    let peak =
        ALLOCATOR.max_allocated() - START.load(Ordering::Relaxed).min(ALLOCATOR.max_allocated());
    if peak > REPORTED.load(Ordering::Relaxed) / 10 * 11 + (1 << 16) {
        REPORTED.store(peak, Ordering::Relaxed);
        eprintln!("peak: {:.1} MB", peak as f64 / f64::from(1 << 20));
    }
}
