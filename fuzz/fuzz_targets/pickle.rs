//! Python pickles of annotations.
#![no_main]

use libfuzzer_sys::fuzz_target;
use s4eca_fuzz::data::pickle::{Item, Pickle};
use s4eca_fuzz::memory;

/// Values that are looked at.
const MOST: usize = 10_000;

fuzz_target!(|data: &[u8]| memory::limited(|| {
    if let Ok(pickle) = Pickle::read(data) {
        walk(pickle.root());
    }
}));

/// Looks at values from the outermost inwards, each list once per place where it is.
fn walk(root: Item<'_>) {
    let mut open = vec![root];
    for _ in 0..MOST {
        let Some(item) = open.pop() else { return };
        (item.kind(), item.int(), item.text());
        for key in ["ref_id", "sentences", "split"] {
            open.extend(item.get(key));
        }
        if let Some(items) = item.list() {
            open.extend(items.take(MOST));
        }
    }
}
