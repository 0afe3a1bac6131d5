//! From the samples of a scene, as a sensor or a file provides them, to the colours that the network sees. The rules
//! are the same natively and in the browser.

mod bands;
mod stretch;

pub use bands::{Bands, Photometric, Samples};
pub use stretch::{NO_DATA_GREY, SAMPLE_SIDE, Stretch, sample_windows};
