//! Measures under published protocols, so that figures are comparable with those of a paper.
//!
//! A [`Protocol`] defines at which size and threshold masks are compared and how their IoUs are counted. Only
//! one [`SampleScore`] per phrase has to be kept. [`Report`] computes figures with intervals from them, for
//! the whole set, per category and per kind of phrase. [`ScoreGallery`] makes a page of the worst
//! predictions.
//!
//! ```text
//! probabilities, truth ── Protocol::masks ─┬─ SampleScore ── Report: table, JSON, Markdown, LaTeX
//!                                          └─ ScoreGallery ── index.html, pictures/
//! ```

mod calibration;
mod figures;
#[cfg(feature = "native")]
mod gallery;
#[cfg(feature = "native")]
mod gallery_page;
mod interval;
mod metrics;
mod phrase_kinds;
mod phrase_words;
mod protocol;
mod report;
mod report_table;
mod rules;
mod sample_score;

pub use calibration::Calibration;
pub use figures::{Absent, Figures};
#[cfg(feature = "native")]
pub use gallery::ScoreGallery;
#[cfg(feature = "native")]
pub use gallery_page::escaped;
pub use interval::{Interval, Intervals, RESAMPLES, bootstrap};
pub use metrics::{Metrics, Summary, THRESHOLDS, overlap};
pub use phrase_kinds::{PhraseKinds, kinds_of, kinds_of_object};
pub use protocol::{Protocol, Resolution, UnknownProtocol};
pub use report::{About, Group, Report};
pub use rules::{EmptyUnion, Rules};
pub use sample_score::{SampleScore, json_lines};
