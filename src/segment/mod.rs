//! From image and phrase to a mask; the same code natively and in the browser.

mod overlay;
mod probability;
mod segmenter;

pub use overlay::overlay;
pub use probability::{ProbabilityMap, THRESHOLD};
pub use segmenter::{PreparedImage, SegmentError, Segmentation, Segmenter};
