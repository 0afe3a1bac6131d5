//! The phrase side of preprocessing: from what the user types to the token ids that the text encoder reads.

pub mod tokenizer;
pub mod word_table;

use thiserror::Error;

pub use tokenizer::{PhraseTokenizer, Tokens};
pub use word_table::WordTable;

/// Why a phrase, or a `tokenizer.json`, cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TextError {
    /// Nothing but white space or control characters.
    #[error("the phrase is empty: type what to find, for example \"the red car on the left\"")]
    Empty,
    /// Only digits, punctuation or signs.
    #[error(
        "there is no word in \"{phrase}\": type what to find, for example \"the red car on the left\""
    )]
    NoWord {
        /// The phrase, shortened.
        phrase: String,
    },
    /// Every word is in a script, or made of signs, that the encoder was not trained on.
    #[error(
        "the text encoder knows no word of \"{phrase}\": write the phrase in English, for example \
         \"the red car on the left\""
    )]
    Unknown {
        /// The phrase, shortened.
        phrase: String,
    },
    /// The tokenizer file cannot be parsed, or fails on a phrase.
    #[error("tokenizer.json is damaged ({reason}): fetch the weights again")]
    Tokenizer {
        /// What the parser said.
        reason: String,
    },
    /// The tokenizer file is not of the BERT family.
    #[error(
        "tokenizer.json has no {token} token: it belongs to another text encoder; use the file that \
         came with the weights"
    )]
    MissingToken {
        /// The token looked for.
        token: &'static str,
    },
    /// No room for a single piece between `[CLS]` and `[SEP]`.
    #[error("a phrase of {max_tokens} tokens holds no word: set the token limit to 3 or more")]
    Limit {
        /// The limit asked for.
        max_tokens: usize,
    },
}
