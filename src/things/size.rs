//! Sizes within a class.

use serde::{Deserialize, Serialize};

/// A size within the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Size {
    Large,
    Small,
}
