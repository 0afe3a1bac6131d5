//! Checkpoints as `torch.save` writes them: zip archives, pickles one after the other, tar archives.
#![no_main]

use libfuzzer_sys::fuzz_target;
use s4eca_fuzz::import::read_checkpoint;
use s4eca_fuzz::memory;
use s4eca_fuzz::memory_file::with_file;

fuzz_target!(|data: &[u8]| memory::limited(|| {
    with_file(data, read_checkpoint);
}));
