//! COCO run lengths as JSON, in either form. What is decoded is encoded and decoded again.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use s4eca_fuzz::data::rle::Rle;
use s4eca_fuzz::memory;
use s4eca_fuzz::mutate;

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::bytes_or_text(data, size, most, seed, &[])
});

fuzz_target!(|data: &[u8]| memory::limited(|| {
    let Ok(rle) = serde_json::from_slice::<Rle>(data) else {
        return;
    };
    let Ok(runs) = rle.runs() else { return };
    let pixels: u64 = runs.iter().map(|&run| u64::from(run)).sum();
    assert_eq!(pixels, rle.size[0] as u64 * rle.size[1] as u64);
    // Larger masks are valid, but only slow.
    if pixels > 1 << 20 {
        return;
    }
    let mask = rle.decode().expect("the runs are valid");
    assert_eq!(Rle::encode(&mask).decode().as_ref(), Ok(&mask));
}));
