//! Checkpoints as safetensors files: a header in JSON, then numbers.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use s4eca_fuzz::import::read_checkpoint;
use s4eca_fuzz::memory;
use s4eca_fuzz::memory_file::with_file;
use s4eca_fuzz::mutate::{self, Random};

const WORDS: [&str; 8] = [
    "F32",
    "F16",
    "BF16",
    "F64",
    "I64",
    "dtype",
    "shape",
    "data_offsets",
];

// The header is text behind its length, which is set to fit most of the time.
fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    let mut random = Random::new(seed);
    let header = data
        .get(..8)
        .map_or(0, |bytes| mutate::Order::Little.get(bytes)) as usize;
    if size < 16 || header > size - 8 || random.once_in(3) {
        return fuzzer_mutate(data, size, most);
    }
    let rest = data[8 + header..size].to_vec();
    let header = mutate::text(&mut data[8..], header, most - 8, &WORDS, &mut random);
    if !random.once_in(16) {
        mutate::Order::Little.put(&mut data[..8], header as u64);
    }
    let kept = rest
        .len()
        .min(data.len() - 8 - header)
        .min(most.saturating_sub(8 + header));
    data[8 + header..8 + header + kept].copy_from_slice(&rest[..kept]);
    8 + header + kept
});

fuzz_target!(|data: &[u8]| memory::limited(|| {
    with_file(data, read_checkpoint);
}));
