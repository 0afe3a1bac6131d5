//! The two kinds of tokenizer for phrases, and the special tokens of each.

use tokenizers::{ModelWrapper, Tokenizer};

use super::TextError;

/// Suffix of CLIP's pieces at the end of a word.
pub(super) const CLIP_WORD_END: &str = "</w>";

/// CLIP's special tokens: the first and the last token of a phrase.
pub(super) const CLIP_FRAME: [&str; 2] = ["<|startoftext|>", "<|endoftext|>"];

/// The kind of tokenizer that a `tokenizer.json` describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenizerFamily {
    /// WordPiece, framed by `[CLS]` and `[SEP]`: BERT, MiniLM.
    Bert,
    /// Byte-level pairs whose last piece of a word ends in `</w>`, framed by `<|startoftext|>` and
    /// `<|endoftext|>`: CLIP.
    Clip,
}

impl TokenizerFamily {
    /// Determines the family of a tokenizer by its model; the special tokens are looked up afterwards.
    pub(super) fn of(tokenizer: &Tokenizer) -> Result<Self, TextError> {
        match tokenizer.get_model() {
            ModelWrapper::WordPiece(_) => Ok(Self::Bert),
            ModelWrapper::BPE(model)
                if model.end_of_word_suffix.as_deref() == Some(CLIP_WORD_END) =>
            {
                Ok(Self::Clip)
            }
            _ => Err(TextError::Family),
        }
    }

    /// The token before the first piece.
    pub(super) fn start(self) -> &'static str {
        match self {
            Self::Bert => "[CLS]",
            Self::Clip => CLIP_FRAME[0],
        }
    }

    /// The token after the last piece.
    pub(super) fn end(self) -> &'static str {
        match self {
            Self::Bert => "[SEP]",
            Self::Clip => CLIP_FRAME[1],
        }
    }

    /// The token for text that has no piece in the vocabulary.
    pub(super) fn unknown(self) -> &'static str {
        match self {
            Self::Bert => "[UNK]",
            // A vocabulary with all 256 bytes never needs it.
            Self::Clip => CLIP_FRAME[1],
        }
    }

    /// The padding token; `None` if padding is simply the id 0, as in OpenAI's own code.
    pub(super) fn padding(self) -> Option<&'static str> {
        match self {
            Self::Bert => Some("[PAD]"),
            Self::Clip => None,
        }
    }
}
