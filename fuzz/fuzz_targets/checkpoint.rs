//! A training's checkpoint: its header, and the records in its sections.
#![no_main]

use burn::store::ModuleRecord;
use burn::tensor::Bytes;
use libfuzzer_sys::fuzz_target;
use s4eca_fuzz::memory;
use s4eca_fuzz::train::Checkpoint;

fuzz_target!(|data: &[u8]| memory::limited(|| {
    match Checkpoint::read(data) {
        Ok(checkpoint) => {
            let mut out = Vec::new();
            checkpoint.write(&mut out).expect("a vector takes all");
            assert_eq!(Checkpoint::read(&out).ok(), Some(checkpoint));
        }
        Err(_) => drop(ModuleRecord::from_bytes(Bytes::from_bytes_vec(
            data.to_vec(),
        ))),
    }
}));
