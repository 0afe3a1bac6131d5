//! Images with phrases and masks: synthetic scenes and labelled aerial images.

pub mod check;
mod compass;
pub mod labelled;
pub mod notice;
pub mod photometric;
pub mod phrase;
pub mod polygon;
pub mod referring;
mod referring_source;
pub mod rewrite;
pub mod sample;
mod sample_mix;
pub mod scene;
pub mod synth;
pub mod transform;

pub use labelled::{LabelledCrops, LabelledError, LabelledFolder};
pub use referring_source::ReferringSource;
pub use sample::{Mix, Sample, SampleSource, SceneTruth, Source, Synthetic};
pub use sample_mix::SampleMix;
