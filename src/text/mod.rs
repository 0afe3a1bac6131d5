//! The phrase side of preprocessing: from what the user types to the token ids that the text encoder reads.

pub mod clip_vocabulary;
pub mod family;
mod meaning;
mod phrase;
pub mod tokenizer;
pub mod word_table;

use thiserror::Error;

pub use clip_vocabulary::clip_tokenizer_json;
pub use family::TokenizerFamily;
pub use tokenizer::{PhraseTokenizer, Tokens};
pub use word_table::WordTable;

/// Why a phrase, or a `tokenizer.json`, cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TextError {
    /// The phrase has only white space or control characters.
    #[error("the phrase is empty: type what to find, for example \"the red car on the left\"")]
    Empty,
    /// The phrase has only digits, punctuation or signs.
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
        /// The parser's message.
        reason: String,
    },
    /// The tokenizer file is of neither family.
    #[error(
        "tokenizer.json is neither BERT's (WordPiece, with [CLS] and [SEP]) nor CLIP's (byte pairs ending \
         in </w>, with <|startoftext|> and <|endoftext|>): use the file that came with the weights"
    )]
    Family,
    /// The tokenizer file lacks a special token of its family.
    #[error(
        "tokenizer.json has no {token} token: it belongs to another text encoder; use the file that \
         came with the weights"
    )]
    MissingToken {
        /// The token looked for.
        token: &'static str,
    },
    /// The tokenizer is not the one that the text encoder was trained with.
    #[error(
        "tokenizer.json is {found}, the text encoder takes {wanted}: use the file that came with its \
         weights"
    )]
    Misfit {
        /// What the file is.
        found: String,
        /// What the encoder takes.
        wanted: String,
    },
    /// The list of merges is not the one that CLIP was published with.
    #[error(
        "this is not CLIP's bpe_simple_vocab_16e6.txt, or not all of it (line {line}: {reason}): fetch it \
         with scripts/clip_vocabulary.sh"
    )]
    Merges {
        /// Line of the text, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The limit leaves no room for a single piece between the start and the end token.
    #[error("a phrase of {max_tokens} tokens holds no word: set the token limit to 3 or more")]
    Limit {
        /// The requested limit.
        max_tokens: usize,
    },
}
