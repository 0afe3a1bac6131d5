//! Where a pass through the network runs.

use burn::tensor::Device;

/// Runs `work`, a pass on `device`. On the CPU it runs on a thread of the pool whose other threads compute parts of
/// its kernels. Called from outside the pool, every kernel would wait for one of them to wake up, and a pass has
/// hundreds of kernels.
pub fn in_pool<T: Send>(device: &Device, work: impl FnOnce() -> T + Send) -> T {
    #[cfg(feature = "native")]
    if *device == Device::flex() {
        return rayon::scope(|_| work());
    }
    let _ = device;
    work()
}
