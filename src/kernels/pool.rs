//! The thread pool on which a pass through the network runs.

#[cfg(feature = "native")]
use std::sync::Arc;
#[cfg(feature = "native")]
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
#[cfg(feature = "native")]
use std::time::{Duration, Instant};

use burn::tensor::Device;

/// Time without work after which a thread goes to sleep.
#[cfg(feature = "native")]
const IDLE: Duration = Duration::from_millis(2);

/// Number of passes that are running on the CPU.
#[cfg(feature = "native")]
static PASSES: AtomicUsize = AtomicUsize::new(0);

/// Runs `work`, a pass on `device`. On the CPU it runs on a thread of the pool whose other threads compute parts of
/// its kernels. Called from outside the pool, every kernel would wait for one of them to wake up, and a pass has
/// hundreds of kernels. For the same reason the other threads stay awake as long as it is the only pass.
pub fn in_pool<T: Send>(device: &Device, work: impl FnOnce() -> T + Send) -> T {
    #[cfg(feature = "native")]
    if *device == Device::flex() {
        return rayon::scope(|_| {
            let _pass = Pass::begin();
            work()
        });
    }
    let _ = device;
    work()
}

/// Runs `one` and `other`; on the CPU side by side, if there are several threads.
pub fn both<A: Send, B: Send>(
    device: &Device,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    #[cfg(feature = "native")]
    if *device == Device::flex() {
        return rayon::join(one, other);
    }
    let _ = device;
    (one(), other())
}

/// A pass that is running, until it is dropped.
#[cfg(feature = "native")]
struct Pass(Arc<AtomicBool>);

#[cfg(feature = "native")]
impl Pass {
    /// Begins a pass on this thread of the pool.
    fn begin() -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let others = PASSES.fetch_add(1, Ordering::Relaxed);
        let own = rayon::current_thread_index();
        if others == 0 && rayon::current_num_threads() > 1 {
            let done = Arc::clone(&done);
            rayon::spawn_broadcast(move |thread| {
                if Some(thread.index()) != own {
                    stay_awake(&done);
                }
            });
        }
        Self(done)
    }
}

#[cfg(feature = "native")]
impl Drop for Pass {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        PASSES.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Computes parts of kernels until the pass is done or another one begins, or until there was nothing to compute for
/// [`IDLE`]. [`IDLE`] is longer than a pass ever takes between two kernels, unless the pass waits for this thread's
/// previous work.
#[cfg(feature = "native")]
fn stay_awake(done: &AtomicBool) {
    let alone = || PASSES.load(Ordering::Relaxed) == 1;
    let mut worked = Instant::now();
    while !done.load(Ordering::Relaxed) && alone() && worked.elapsed() < IDLE {
        if rayon::yield_now() == Some(rayon::Yield::Executed) {
            worked = Instant::now();
        } else {
            std::thread::yield_now();
        }
    }
}

#[cfg(all(test, feature = "native"))]
mod tests {
    use super::*;
    use rayon::prelude::*;

    /// Passes one after another, beside one another and inside one another; each splits its work again and again.
    #[test]
    fn passes_end_wherever_they_begin() {
        let device = Device::flex();
        let split = |count: u64| {
            in_pool(&device, || {
                let sums = (0..200u64).map(|_| (0..count).into_par_iter().sum::<u64>());
                sums.max()
            })
        };
        assert_eq!(split(1000), Some(499_500));
        let several: Vec<_> = (0..40u64)
            .into_par_iter()
            .map(|count| (split(count), in_pool(&device, || split(count))))
            .collect();
        for (count, found) in several.into_iter().enumerate() {
            let sum = (0..count as u64).sum();
            assert_eq!(found, (Some(sum), Some(sum)));
        }
        let (one, other) = in_pool(&device, || both(&device, || split(10), || split(20)));
        assert_eq!((one, other), (Some(45), Some(190)));
    }
}
