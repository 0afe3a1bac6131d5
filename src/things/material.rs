//! Materials of roofs.

use serde::{Deserialize, Serialize};

/// The material of a roof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Material {
    Concrete,
    Tin,
    ClayTiles,
    Thatch,
}
