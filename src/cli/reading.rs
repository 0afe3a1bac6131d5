//! How phrases are answered, as a command-line value.

use clap::ValueEnum;

use crate::choosing::{Way, Ways};

/// How phrases are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReadingChoice {
    /// The network gets the whole phrase
    Network,
    /// The network finds the things and rules choose among them, if the whole phrase is understood
    Execute,
    /// Whichever the bundle records as better for each kind of phrase
    Auto,
}

impl ReadingChoice {
    /// Returns the ways that it stands for; `measured` is the bundle's own table.
    pub fn ways(self, measured: Option<Ways>) -> Ways {
        match self {
            ReadingChoice::Network => Ways::all(Way::Network),
            ReadingChoice::Execute => Ways::all(Way::Execute),
            ReadingChoice::Auto => measured.unwrap_or_default(),
        }
    }
}
