//! World files: six numbers as text, with and without a coordinate system.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use s4eca_fuzz::geo::Georeference;
use s4eca_fuzz::memory;
use s4eca_fuzz::mutate;

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::bytes_or_text(data, size, most, seed, &[])
});

fuzz_target!(|data: &[u8]| memory::limited(|| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for code in [
        None,
        Some(32633),
        Some(4326),
        Some(3857),
        Some(2056),
        Some(data.len() as u32 * 37),
    ] {
        if let Ok(place) = Georeference::from_world_file(text, code) {
            place.info(1000, 700);
        }
    }
}));
