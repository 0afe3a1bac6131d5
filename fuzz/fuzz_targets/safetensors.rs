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

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    let mut random = Random::new(seed);
    let known = match random.once_in(3) {
        true => None,
        false => mutate::headed(data, size, most, 0, &WORDS, &mut random),
    };
    known.unwrap_or_else(|| fuzzer_mutate(data, size, most))
});

fuzz_target!(|data: &[u8]| memory::limited(|| {
    with_file(data, read_checkpoint);
}));
