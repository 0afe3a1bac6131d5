//! Checkpoints of a training: the header, its sizes and the progress. The contents of the sections are those of
//! burnpack.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use s4eca_fuzz::memory;
use s4eca_fuzz::mutate::{self, Random};
use s4eca_fuzz::train::CheckpointFile;

/// Bytes before the length of the header.
const START: usize = 8;
const WORDS: [&str; 12] = [
    "progress",
    "sections",
    "step",
    "best",
    "figure",
    "without_gain",
    "loss_scale",
    "factor",
    "smoothed",
    "lowest",
    "overflows",
    "null",
];

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    let mut random = Random::new(seed);
    let known = match random.once_in(3) {
        true => None,
        false => mutate::headed(data, size, most, START, &WORDS, &mut random),
    };
    known.unwrap_or_else(|| fuzzer_mutate(data, size, most))
});

fuzz_target!(|data: &[u8]| memory::limited(|| {
    let Ok(found) = CheckpointFile::read(data) else {
        return;
    };
    let mut bytes = Vec::new();
    found.write(&mut bytes).expect("a vector takes all");
    let again = CheckpointFile::read(&bytes).expect("what was written");
    let parts = |one: CheckpointFile| (one.parameters, one.optimizer, one.average);
    assert_eq!(again.progress.step, found.progress.step);
    // A training resumes from any progress.
    let mut progress = found.progress.clone();
    progress.note(1.0, true);
    progress.note(1.0, false);
    progress.validated(0.5);
    assert_eq!(parts(again), parts(found));
}));
