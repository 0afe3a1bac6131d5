//! From probability maps to the things that a phrase means: a map becomes objects, the request chooses among them, and
//! the result is the map where the chosen ones are. No network, the same on every target.

mod anchor;
mod chooser;
mod chosen;
mod conditions;
mod execution;
mod flood;
mod objects;
mod owners;
mod ranking;
mod target;

pub use chooser::{choose, is_bare};
pub use chosen::{ChoiceProblem, Chosen};
pub use execution::{Execution, MOST_PIXELS, Outcome, reduction};
pub use flood::Split;
pub use objects::{Candidate, MOST_OBJECTS, ObjectOptions, Objects, objects};
pub use owners::Owners;
pub use target::{Kind, Maps, Target, parts};
