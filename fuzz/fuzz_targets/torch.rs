//! Checkpoints as `torch.save` writes them: zip archives, pickles one after the other, tar archives.
#![no_main]

use libfuzzer_sys::fuzz_target;
use s4eca_fuzz::import::{Published, guess};
use s4eca_fuzz::memory;
use s4eca_fuzz::memory_file::with_file;

fuzz_target!(|data: &[u8]| memory::limited(|| {
    with_file(data, |path| {
        let Ok(published) = Published::open(path) else {
            return;
        };
        let names: Vec<String> = published.names().take(64).map(str::to_owned).collect();
        for name in &names {
            let numbers = published
                .shape(name)
                .map(|shape| shape.iter().product::<usize>());
            if let Ok(values) = published.read(name) {
                assert_eq!(Some(values.len()), numbers, "{name}");
            }
        }
        guess(&published);
    });
}));
