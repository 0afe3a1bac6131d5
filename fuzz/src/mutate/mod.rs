//! Mutators that know a format. Each changes a few fields and leaves the rest to libFuzzer.

mod chunks;
mod headed;
mod number;
mod random;
mod text;
mod tiff;

pub use chunks::{jpeg, png};
pub use headed::headed;
pub use number::{INTERESTING, Order};
pub use random::Random;
pub use text::{bytes_or_text, text};
pub use tiff::tiff;
