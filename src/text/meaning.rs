//! Finds the words of a phrase that an encoder trained on English can understand.

use tokenizers::Encoding;

use super::TokenizerFamily;
use super::phrase::{has_foreign_letter, has_letter, has_sign};

/// How much of a phrase an encoder understands.
pub(super) struct Meaning {
    /// Whether it knows at least one word.
    pub known: bool,
    /// Words that it does not know.
    pub unknown: usize,
}

impl Meaning {
    /// Determines the meaning of the first `kept` pieces of `text`, whose words are separated by single spaces.
    /// `unknown` is the id for text that has no piece in the vocabulary.
    pub fn of(
        encoding: &Encoding,
        kept: usize,
        text: &str,
        family: TokenizerFamily,
        unknown: u32,
    ) -> Self {
        let pieces = encoding
            .get_ids()
            .iter()
            .zip(encoding.get_tokens())
            .zip(encoding.get_word_ids())
            .zip(encoding.get_offsets());
        let (mut known, mut unknown_words) = (false, Vec::new());
        for (((&id, token), &word), &(start, end)) in pieces.take(kept) {
            let (foreign, letter, word) = match family {
                TokenizerFamily::Bert => (has_foreign_letter(token), has_letter(token), word),
                // Its pieces encode bytes, and all of them are in the vocabulary, so only the source characters show
                // what they mean.
                TokenizerFamily::Clip => {
                    let source = text.get(start..end).unwrap_or_default();
                    let before = text.get(..start).unwrap_or_default();
                    let word = before.bytes().filter(|&byte| byte == b' ').count();
                    let foreign = has_foreign_letter(source) || has_sign(source);
                    (foreign, has_letter(source), u32::try_from(word).ok())
                }
            };
            if foreign || id == unknown {
                unknown_words.push(word);
            } else {
                known |= letter;
            }
        }
        unknown_words.dedup();
        Self {
            known,
            unknown: unknown_words.len(),
        }
    }
}
