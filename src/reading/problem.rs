//! Why a phrase has no reading.

use serde::Serialize;

/// Why a phrase has no reading, in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "camelCase", tag = "kind", content = "words")]
pub enum Problem {
    /// Two parts exclude each other.
    #[error("\"{0}\" and \"{1}\" exclude each other")]
    Contradiction(String, String),
    /// No noun states what is meant.
    #[error("the phrase does not say what kind of thing it means")]
    NoThing,
    /// More text or more parts than the limits allow.
    #[error("the phrase is too long to be read: at most 2,000 characters and 40 parts")]
    TooLong,
    /// Letters of a script other than Latin.
    #[error("only phrases in the Latin script can be read")]
    OtherScript,
}
