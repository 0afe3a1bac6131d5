//! What the user is told while something else has the terminal.

use std::sync::{Mutex, PoisonError};

/// The notices that wait; none where they are shown at once.
static HELD: Mutex<Option<Vec<String>>> = Mutex::new(None);

/// Tells the user `notice` on stderr, at once or when what has the terminal gives it back.
pub fn notify(notice: String) {
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    match &mut *held {
        Some(held) => held.push(notice),
        None => eprintln!("{notice}"),
    }
}

/// Keeps notices back for as long as it lives, and then shows them; one at a time.
#[derive(Debug)]
pub struct Hold(());

impl Hold {
    /// From now on.
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
