//! From image and phrase to a mask; the same code natively and in the browser.
//!
//! [`Coverage`] chooses how an area of a scene is processed: in one pass, with closer looks, or in tiles
//! ([`TilePlan`]). Their probabilities are blended into one map ([`Mosaic`]), from which a mask is made ([`Refine`]) and
//! corrected by hand ([`Correction`]).

mod axis;
mod closer;
mod correction;
mod coverage;
pub mod limits;
mod looks;
mod mosaic;
#[cfg(test)]
mod mosaic_tests;
mod no_data;
mod overlay;
mod parts;
mod picture;
mod probability;
mod refine;
#[cfg(feature = "model")]
mod segmenter;
mod stroke;
mod tiles;
#[cfg(test)]
mod tiles_tests;

pub use correction::Correction;
pub use coverage::{Coverage, CoverageError, Wanted};
pub use mosaic::{Mosaic, MosaicError};
pub use no_data::hide_no_data;
pub use overlay::overlay;
pub use picture::{heat, stencil};
pub use probability::{ProbabilityMap, THRESHOLD};
pub use refine::{MAX_SMOOTH, MaskStats, Refine};
#[cfg(feature = "model")]
pub use segmenter::{PreparedImage, ReadPhrase, SegmentError, Segmentation, Segmenter};
pub use stroke::{MAX_BRUSH_RADIUS, MAX_STROKE_POINTS, Strokes};
pub use tiles::{PlanError, Tile, TilePlan};
