//! Notices to the user, held back while something else uses the terminal.

use std::sync::{Mutex, PoisonError};

/// The notices held back, or `None` while notices are shown at once.
static HELD: Mutex<Option<Vec<String>>> = Mutex::new(None);

/// Prints `notice` on stderr: at once, or, while a [`Hold`] lives, when it is dropped.
pub fn notify(notice: String) {
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    match &mut *held {
        Some(held) => held.push(notice),
        None => eprintln!("{notice}"),
    }
}

/// Holds notices back while it lives and prints them when it is dropped. Only one may live at a time.
#[derive(Debug)]
pub struct Hold(());

impl Hold {
    /// Starts to hold notices back.
    pub fn start() -> Self {
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        held.get_or_insert_default();
        Self(())
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let held = HELD.lock().unwrap_or_else(PoisonError::into_inner).take();
        for notice in held.into_iter().flatten() {
            eprintln!("{notice}");
        }
    }
}
