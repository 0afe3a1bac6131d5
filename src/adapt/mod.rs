//! Adapting a bundle to a place: a few corrected masks become an adapter pack.
//!
//! ```text
//! examples ── source (augmented, with phrases for what is absent) ── stage ── differences to the base
//!     └───────── folds: what other places taught, measured on a place that was held back ── share of the differences
//! ```
//! The encoders stay frozen. Adapters, neck, decoder and mask head are trained for a few minutes. How far the network
//! then moves from the shipped weights towards the trained ones is chosen on examples that were held back (weight-space
//! ensembling, Wortsman et al. 2022, arXiv 2109.01903), so that little of the rest is forgotten.

mod adapter;
mod differences;
mod example_error;
mod examples;
mod folds;
mod score;
mod source;
mod stage;
mod unpacked;

pub use adapter::{Adapted, Adapter, SHARES};
pub use example_error::ExampleError;
pub use examples::Examples;
pub use folds::folds;
pub use score::{PhraseScore, by_phrase};
