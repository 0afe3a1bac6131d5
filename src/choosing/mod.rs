//! From probability maps to the objects that a phrase means. A map becomes objects, the request chooses among them, and
//! the result is the map restricted to the chosen objects. Uses no network; the result is the same on every target.
//!
//! ```text
//! request ── parts ── a map each ── objects (components, watershed, no specks)
//!                                      │
//!        conditions, rank, number ── choose ── map of the chosen objects
//! ```
//!
//! For scenes larger than [`MOST_PIXELS`], objects are chosen on a smaller [`Grid`], and a [`Restriction`] applies the
//! choice to the full map.

mod anchor;
mod chooser;
mod chosen;
mod conditions;
mod crossing;
mod crossings;
mod execution;
mod flood;
mod fragments;
mod general;
mod grid;
mod objects;
mod options;
mod outcome;
mod owners;
mod presence;
mod ranking;
mod scores;
mod target;
mod way;

#[cfg(test)]
mod chooser_tests;
#[cfg(all(test, feature = "native"))]
mod execution_tests;
#[cfg(test)]
mod presence_tests;
#[cfg(test)]
mod relation_tests;

pub use chooser::{choose, is_bare};
pub use chosen::{ChoiceProblem, Chosen};
pub use crossing::Crossing;
pub use crossings::Crossings;
pub use execution::Execution;
pub use flood::Split;
pub use general::generalise;
pub use grid::{Grid, GridBuilder, MOST_PIXELS, Restriction, complement, decimate, keep_data};
pub use objects::{Candidate, MOST_OBJECTS, Objects, objects};
pub use options::ObjectOptions;
pub use outcome::Outcome;
pub use owners::Owners;
pub use target::{Kind, Maps, Target, mapped, measures_pixels, parts};
pub use way::{Answer, Way, Ways, executed, is_alone};
