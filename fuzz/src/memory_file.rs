//! Inputs as files, for readers that take a path. Linux only.

use std::cell::RefCell;
use std::fs::File;
use std::io::{Seek, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

thread_local! {
    static FILE: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// Calls `reader` with the path of a file of these bytes. The file has no name and lies in memory.
///
/// # Panics
/// Panics if the file cannot be written, which is no finding.
pub fn with_file<T>(bytes: &[u8], reader: impl FnOnce(&Path) -> T) -> T {
    FILE.with_borrow_mut(|slot| {
        let file = slot
            .get_or_insert_with(|| tempfile::tempfile_in("/dev/shm").expect("a file in memory"));
        file.set_len(0).expect("an empty file");
        file.rewind().expect("its start");
        file.write_all(bytes).expect("room in memory");
        reader(&PathBuf::from(format!(
            "/proc/self/fd/{}",
            file.as_raw_fd()
        )))
    })
}
