//! What roofs are made of.

use serde::{Deserialize, Serialize};

/// What a roof is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Material {
    Concrete,
    Tin,
    ClayTiles,
    Thatch,
}
