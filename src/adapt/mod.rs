//! Adapting a bundle to a place: a few corrected masks become an adapter pack.
//!
//! ```text
//! examples ── source (augmented, with phrases for what is absent) ── stage ── differences to the base
//!     └───────── folds: what other places taught, measured on a place that was held back ── share of the differences
//! ```
//! The encoders stay frozen. Adapters, neck, decoder and mask head are trained for a few minutes. How far the network
//! then moves from the shipped weights towards the trained ones is chosen on examples that were held back (weight-space
//! ensembling, Wortsman et al. 2022, arXiv 2109.01903). The result answers for the words of the examples only, so that
//! nothing else is forgotten.

mod adapter;
mod differences;
mod example_error;
#[cfg(feature = "native")]
mod example_files;
mod examples;
mod folds;
mod lesson;
mod reader;
mod source;
#[cfg(feature = "native")]
mod stage;
mod trainer;
#[cfg(feature = "native")]
mod unpacked;
mod views;
mod work;

pub use adapter::{Adapted, Adapter, SHARES};
pub use differences::Differences;
pub use example_error::ExampleError;
pub use examples::Examples;
pub use folds::folds;
pub use lesson::{Course, Lesson, LessonBatch};
pub use reader::{PhraseScore, Reader, by_phrase};
pub use source::{Taught, TaughtSource};
#[cfg(feature = "native")]
pub use stage::NativeTrainer;
pub use trainer::{Progress, Trainer, take_steps};
pub use views::{Variation, View, Views};
pub use work::Work;

#[cfg(all(test, feature = "native"))]
mod tests;
