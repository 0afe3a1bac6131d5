//! Burnpack: the shards of a weights bundle and the sections of a training's checkpoint.
#![no_main]

use burn_pack::Reader;
use burn_std::Bytes;
use libfuzzer_sys::fuzz_target;
use s4eca_fuzz::memory;

fuzz_target!(|data: &[u8]| memory::limited(|| {
    let read = Reader::from_bytes(Bytes::from_bytes_vec(data.to_vec()));
    let Ok(tensors) = read.and_then(Reader::into_tensors) else {
        return;
    };
    for tensor in tensors.iter().take(64) {
        drop(tensor.to_bytes());
    }
}));
