//! Converts referring expressions to the token ids that a text encoder reads: a start token, pieces, an end token and
//! padding, with a fixed total length. Two families are supported, see [`TokenizerFamily`].
//!
//! The vocabulary and the rules come from the encoder's own `tokenizer.json` (Hugging Face format); its
//! padding and truncation settings are switched off, because MiniLM's file asks for 128 tokens.

use tokenizers::{Encoding, Tokenizer};

use super::meaning::Meaning;
use super::phrase::{clean, has_letter, quote};
use super::{TextError, TokenizerFamily};

/// Longest part of a phrase, in characters, that is read: a pasted book must not freeze a browser tab.
const MAX_CHARS: usize = 10_000;

/// A phrase as the text encoder reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Token ids, `[max_tokens]`: a start token, word pieces, an end token, then padding.
    pub ids: Vec<u32>,
    /// `[max_tokens]`: true for a real token (the start and end tokens too), false for padding.
    pub mask: Vec<bool>,
    /// Whether the end of the phrase did not fit and was omitted.
    pub truncated: bool,
    /// Words in the whole phrase, as separated by white space.
    pub words: usize,
    /// Words of the kept part that mean nothing to the encoder: emoji, other scripts (for BERT, characters in scripts
    /// without spaces). Worth a warning if it is not zero.
    pub unknown: usize,
}

/// Turns phrases into [`Tokens`]; the same natively and in the browser.
#[derive(Debug, Clone)]
pub struct PhraseTokenizer {
    inner: Tokenizer,
    family: TokenizerFamily,
    max_tokens: usize,
    start: u32,
    end: u32,
    padding: u32,
    unknown: u32,
    vocabulary: usize,
}

impl PhraseTokenizer {
    /// Reads a tokenizer from the bytes of a `tokenizer.json`; phrases become `max_tokens` ids.
    ///
    /// # Errors
    /// Returns [`TextError::Tokenizer`] if the file does not parse, [`TextError::Family`] if it is of neither family,
    /// [`TextError::MissingToken`] if it lacks a special token of its family, and [`TextError::Limit`] for fewer than
    /// 3 tokens.
    pub fn from_bytes(json: &[u8], max_tokens: usize) -> Result<Self, TextError> {
        if max_tokens < 3 {
            return Err(TextError::Limit { max_tokens });
        }
        let mut inner = Tokenizer::from_bytes(json).map_err(damaged)?;
        inner.with_padding(None);
        inner.with_truncation(None).map_err(damaged)?;
        // "[SEP]" in a phrase means the letters, not the token.
        inner.set_encode_special_tokens(true);
        let family = TokenizerFamily::of(&inner)?;
        let id = |token| {
            inner
                .token_to_id(token)
                .ok_or(TextError::MissingToken { token })
        };
        let (start, end) = (id(family.start())?, id(family.end())?);
        let padding = family.padding().map_or(Ok(0), id)?;
        let unknown = id(family.unknown())?;
        let largest = inner.get_vocab(true).into_values().max().unwrap_or(unknown);
        let vocabulary = largest as usize + 1;
        Ok(Self {
            inner,
            family,
            max_tokens,
            start,
            end,
            padding,
            unknown,
            vocabulary,
        })
    }

    /// Which kind of tokenizer the file holds.
    pub fn family(&self) -> TokenizerFamily {
        self.family
    }

    /// Length of [`Tokens::ids`].
    pub fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    /// One more than the largest token id: the number of rows that the encoder's embedding table needs.
    pub fn vocabulary(&self) -> usize {
        self.vocabulary
    }

    /// Returns the ids of an unchanged text between the start and the end token, as the publisher's own tokenizer
    /// gives them. Nothing is cleaned, refused, truncated or padded. A special token that is spelled out in the text
    /// counts as plain letters.
    ///
    /// # Errors
    /// Returns [`TextError::Tokenizer`] if the file's rules fail on the text.
    pub fn ids(&self, phrase: &str) -> Result<Vec<u32>, TextError> {
        let encoding = self.pieces(phrase)?;
        Ok(self.frame(encoding.get_ids()))
    }

    /// Returns the tokens of `phrase`. Tokens that do not fit are cut off at the end and reported in
    /// [`Tokens::truncated`].
    ///
    /// # Errors
    /// Returns [`TextError::Empty`], [`TextError::NoWord`] or [`TextError::Unknown`] if the phrase has nothing that
    /// the encoder can read.
    pub fn encode(&self, phrase: &str) -> Result<Tokens, TextError> {
        let words = clean(phrase);
        if words.is_empty() {
            return Err(TextError::Empty);
        }
        let text = words.join(" ");
        let read: String = text.chars().take(MAX_CHARS).collect();
        let encoding = self.pieces(&read)?;
        let room = self.max_tokens - 2;
        let kept = encoding.len().min(room);
        let meaning = Meaning::of(&encoding, kept, &read, self.family, self.unknown);
        if !meaning.known {
            let phrase = quote(&text);
            return Err(match meaning.unknown > 0 || has_letter(&text) {
                true => TextError::Unknown { phrase },
                false => TextError::NoWord { phrase },
            });
        }

        let mut ids = self.frame(&encoding.get_ids()[..kept]);
        let real = ids.len();
        ids.resize(self.max_tokens, self.padding);
        Ok(Tokens {
            ids,
            mask: (0..self.max_tokens).map(|i| i < real).collect(),
            truncated: encoding.len() > room || read.len() < text.len(),
            words: words.len(),
            unknown: meaning.unknown,
        })
    }

    /// Splits a text into pieces, without the special tokens.
    fn pieces(&self, text: &str) -> Result<Encoding, TextError> {
        self.inner.encode(text, false).map_err(damaged)
    }

    /// Puts pieces between the start and the end token.
    fn frame(&self, pieces: &[u32]) -> Vec<u32> {
        let mut ids = Vec::with_capacity(self.max_tokens.max(pieces.len() + 2));
        ids.push(self.start);
        ids.extend(pieces);
        ids.push(self.end);
        ids
    }
}

fn damaged(error: tokenizers::Error) -> TextError {
    TextError::Tokenizer {
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A WordPiece tokenizer of a dozen pieces, with the padding and truncation that MiniLM's file has.
    const SMALL: &str = r###"{"version":"1.0",
        "truncation":{"max_length":4,"strategy":"LongestFirst","stride":0},
        "padding":{"strategy":{"Fixed":64},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,
            "pad_type_id":0,"pad_token":"[PAD]"},
        "added_tokens":[{"id":3,"special":true,"content":"[SEP]","single_word":false,"lstrip":false,
            "rstrip":false,"normalized":false}],
        "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,
            "strip_accents":null,"lowercase":true},
        "pre_tokenizer":{"type":"BertPreTokenizer"},
        "post_processor":null,
        "decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
        "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
            "max_input_chars_per_word":100,"vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"the":4,
            "red":5,"car":6,"##s":7,"!":8,"left":9,"4":10,"д":11,"##о":12,"##м":13,"[":14,"]":15,
            "sep":16}}}"###;

    fn small(max_tokens: usize) -> PhraseTokenizer {
        PhraseTokenizer::from_bytes(SMALL.as_bytes(), max_tokens).expect("the small tokenizer")
    }

    #[test]
    fn a_phrase_is_framed_and_padded_to_the_limit_only() {
        let tokens = small(8)
            .encode("  The\tRÉD \u{0} cars\n")
            .expect("a phrase");
        assert_eq!(tokens.ids, [2, 4, 5, 6, 7, 3, 0, 0]);
        assert_eq!(
            tokens.mask,
            [true, true, true, true, true, true, false, false]
        );
        assert!(!tokens.truncated);
        assert_eq!((tokens.words, tokens.unknown), (3, 0));
        assert_eq!(small(8).vocabulary(), 17);
        assert_eq!(small(8).family(), TokenizerFamily::Bert);
    }

    #[test]
    fn a_long_phrase_keeps_its_end_token() {
        let tokens = small(8).encode(&"red car ".repeat(250)).expect("500 words");
        assert_eq!(tokens.ids, [2, 5, 6, 5, 6, 5, 6, 3]);
        assert!(tokens.mask.iter().all(|&real| real));
        assert!(tokens.truncated);
        assert_eq!(tokens.words, 500);
        assert!(
            !small(8)
                .encode("red car red car red car")
                .expect("just fits")
                .truncated
        );
        assert!(
            small(8).encode(&"red".repeat(1_000_000)).is_err(),
            "one endless word is unknown"
        );
    }

    #[test]
    fn phrases_that_say_nothing_are_refused() {
        let tokenizer = small(8);
        for phrase in ["", " \t\r\n", "\u{0}\u{7}", "\u{200b}\u{feff}"] {
            assert_eq!(
                tokenizer.encode(phrase),
                Err(TextError::Empty),
                "{phrase:?}"
            );
        }
        for phrase in ["!", "4", "!! 4 !"] {
            assert!(
                matches!(tokenizer.encode(phrase), Err(TextError::NoWord { .. })),
                "{phrase:?}"
            );
        }
        // Every letter of "дом" is in the vocabulary, but the word means nothing to an English encoder.
        for phrase in ["🚗", "🚗🏠 🚢", "дом", "建物", "ДОМ 4!"] {
            assert!(
                matches!(tokenizer.encode(phrase), Err(TextError::Unknown { .. })),
                "{phrase:?}"
            );
        }
        let message = tokenizer
            .encode("дом")
            .expect_err("another script")
            .to_string();
        assert!(
            message.contains("дом") && message.contains("English"),
            "{message}"
        );
    }

    #[test]
    fn a_phrase_that_is_partly_unknown_passes_and_says_so() {
        let tokens = small(12)
            .encode("the red дом 🚗 left")
            .expect("three words are known");
        assert_eq!(tokens.ids, [2, 4, 5, 11, 12, 13, 1, 9, 3, 0, 0, 0]);
        assert_eq!((tokens.words, tokens.unknown), (5, 2));
    }

    #[test]
    fn the_ids_of_a_text_are_neither_cut_nor_filled() {
        let tokenizer = small(4);
        let ids = |text| tokenizer.ids(text).expect("ids");
        assert_eq!(ids("The RED cars left!"), [2, 4, 5, 6, 7, 9, 8, 3]);
        assert_eq!((ids(""), ids("🚗")), (vec![2, 3], vec![2, 1, 3]));
    }

    #[test]
    fn special_tokens_cannot_be_typed() {
        let tokens = small(10).encode("the [SEP] car").expect("a phrase");
        assert_eq!(tokens.ids, [2, 4, 14, 16, 15, 6, 3, 0, 0, 0]);
    }

    #[test]
    fn a_damaged_or_foreign_file_is_named() {
        let half = &SMALL.as_bytes()[..SMALL.len() / 2];
        for bytes in [&b""[..], b"{}", b"\xff\xfe", half] {
            let error = PhraseTokenizer::from_bytes(bytes, 8).expect_err("not a tokenizer");
            assert!(matches!(error, TextError::Tokenizer { .. }), "{error}");
        }
        let other = SMALL.replace("[CLS]", "<s>");
        let error = PhraseTokenizer::from_bytes(other.as_bytes(), 8).expect_err("another family");
        assert_eq!(error, TextError::MissingToken { token: "[CLS]" });
        let other = r#"{"version":"1.0","model":{"type":"BPE","vocab":{"a":0},"merges":[]}}"#;
        let error = PhraseTokenizer::from_bytes(other.as_bytes(), 8).expect_err("a third family");
        assert_eq!(error, TextError::Family);
        let error = PhraseTokenizer::from_bytes(SMALL.as_bytes(), 2).expect_err("no room");
        assert_eq!(error, TextError::Limit { max_tokens: 2 });
    }
}
