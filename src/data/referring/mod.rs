//! The published datasets of referring segmentation in their own layouts, and a plain layout for your own images.
//!
//! | name | layout | source |
//! | --- | --- | --- |
//! | `rrsis-d` | `rrsisd/refs(unc).p`, `rrsisd/instances.json`, `images/rrsisd/JPEGImages` | RMSIN, `refer/refer.py` |
//! | `refsegrs` | `output_phrase_{train,val,test}.txt`, `images`, `masks` | RefSegRS (LGCE) |
//! | `risbench` | JSON lines with COCO run lengths, or `output_phrase_*.txt` with `mask`; `img_rgb` | CroBIM, RSRefSeg2 |
//! | `naip-phrases` | `phrases.jsonl` with outlines over `../naip/images`; evaluation only | this project |
//! | `folder` | `phrases.csv` or `phrases.jsonl`, `images`, `masks` | this project: see [`own`] |
//!
//! Opening reads the annotations only; images and masks are decoded one at a time by [`Dataset::load`].

mod contents;
mod dataset;
mod error;
mod layout;
mod mask_file;
mod naip_phrases;
pub mod own;
mod phrase_category;
mod phrase_list;
pub mod pickle;
mod record;
mod refsegrs;
mod risbench;
pub mod rle;
mod rrsis_d;

pub use contents::Rejected;
pub use dataset::{Dataset, Example};
pub use error::DatasetError;
pub use layout::{DataPath, Layout};
pub use mask_file::{GreyMask, MaskRule};
pub use naip_phrases::of_outlines;
pub use record::{MaskSource, Record, Split, Stated};
pub use rle::{Rle, RleError};
