//! Images with phrases and masks: synthetic scenes and labelled aerial images.

#[cfg(feature = "native")]
pub mod check;
mod compass;
#[cfg(feature = "native")]
pub mod labelled;
pub mod notice;
pub mod photometric;
pub mod phrase;
pub mod polygon;
#[cfg(feature = "native")]
pub mod referring;
#[cfg(feature = "native")]
mod referring_source;
pub mod rewrite;
pub mod sample;
#[cfg(feature = "native")]
mod sample_mix;
pub mod scene;
pub mod synth;
pub mod transform;

#[cfg(feature = "native")]
pub use labelled::{LabelledCrops, LabelledError, LabelledFolder};
#[cfg(feature = "native")]
pub use referring_source::ReferringSource;
pub use sample::{Mix, Sample, SampleSource, SceneTruth, Source, Synthetic};
#[cfg(feature = "native")]
pub use sample_mix::SampleMix;
