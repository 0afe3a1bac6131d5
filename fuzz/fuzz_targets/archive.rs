//! Zip files: opened, unpacked, and packed again.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use s4eca_fuzz::archive::{Archive, check_name, pack};
use s4eca_fuzz::memory;

fuzz_target!(|data: &[u8]| memory::limited(|| {
    let Ok(mut archive) = Archive::open(Cursor::new(data)) else {
        return;
    };
    let mut found = Vec::new();
    for entry in archive.entries().to_vec() {
        assert!(check_name(entry.name()).is_ok(), "{:?}", entry.name());
        if let Ok(bytes) = archive.read(&entry) {
            assert_eq!(bytes.len() as u64, entry.size());
            found.push((entry.name().to_owned(), bytes));
        }
    }
    let entries = found
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let packed = pack(entries).expect("names that were read");
    let mut archive = Archive::open(Cursor::new(&packed)).expect("an archive of our own");
    for (entry, (name, bytes)) in archive.entries().to_vec().iter().zip(&found) {
        assert_eq!(entry.name(), name);
        assert_eq!(archive.read(entry).ok().as_ref(), Some(bytes));
    }
}));
