//! A shard of a weights bundle: burnpack, and what is done with its tensors before they reach a device.
#![no_main]

use libfuzzer_sys::fuzz_target;
use s4eca_fuzz::bundle::{BundlePrecision, Tensors, WeightStorage};
use s4eca_fuzz::memory;
use s4eca_fuzz::model::ModelConfig;

fuzz_target!(|data: &[u8]| memory::limited(|| {
    let tensors = || {
        let mut tensors = Tensors::empty();
        tensors
            .add_shard("weights-01.bpk", data.to_vec())
            .ok()
            .map(|()| tensors)
    };
    let Some(first) = tensors() else { return };
    let text = ModelConfig::preset("micro").expect("a preset").text;
    drop(first.into_record(Some(&text), WeightStorage::Float));
    if let Some(tensors) = tensors() {
        drop(tensors.into_record(Some(&text), WeightStorage::Packed));
    }
    if let Some(tensors) = tensors() {
        drop(tensors.quantised(BundlePrecision::F32));
    }
}));
