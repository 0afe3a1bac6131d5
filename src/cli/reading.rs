//! The choice of who answers phrases.

use clap::ValueEnum;

use crate::choosing::{Way, Ways};

/// Who answers phrases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReadingChoice {
    /// The network, with the phrase as it is
    Network,
    /// The request that is read in the phrase, wherever all of it is understood
    Execute,
    /// For each kind of phrase what the bundle says is better
    Auto,
}

impl ReadingChoice {
    /// The ways that it stands for; `measured` is the bundle's own table.
    pub fn ways(self, measured: Option<Ways>) -> Ways {
        match self {
            ReadingChoice::Network => Ways::all(Way::Network),
            ReadingChoice::Execute => Ways::all(Way::Execute),
            ReadingChoice::Auto => measured.unwrap_or_default(),
        }
    }
}
