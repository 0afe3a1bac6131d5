//! The manifest of a weights bundle.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use s4eca_fuzz::bundle::Manifest;
use s4eca_fuzz::memory;
use s4eca_fuzz::mutate;

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::bytes_or_text(data, size, most, seed, &[])
});

fuzz_target!(|data: &[u8]| memory::limited(|| {
    let Ok(json) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(manifest) = Manifest::parse(json) else {
        return;
    };
    // What is asked of the sizes before and while the network is built.
    let model = &manifest.model;
    model.vision.levels();
    model.vision.matrices();
    model.vision.adapter_blocks(6);
    model.text.matrices();
    (
        model.grid(),
        model.input_step(),
        model.check_input([model.input, model.input]).is_ok(),
    );
}));
