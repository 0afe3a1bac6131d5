//! Builds CLIP's `tokenizer.json` from the list of merges that OpenAI published with CLIP.
//!
//! Checkpoints of OpenAI and of open_clip come without a `tokenizer.json`; they share the file
//! `bpe_simple_vocab_16e6.txt` (github.com/openai/CLIP, MIT). The file built from it gives the ids of `CLIPTokenizer`
//! in Hugging Face's transformers. OpenAI's Python code differs: it first repairs the text (the package `ftfy`: curly
//! quotes become straight ones, full-width letters plain ones) and reads HTML's `&amp;` as `&`. No `tokenizer.json`
//! does that.

use serde_json::{Map, Value, json};

use super::TextError;
use super::family::{CLIP_FRAME, CLIP_WORD_END};

/// Merges that CLIP uses: its vocabulary minus the byte symbols, with and without `</w>`, and minus the two special
/// tokens. The published file continues to 262,144.
const MERGES: usize = 49_408 - 2 * 256 - 2;

/// Returns a `tokenizer.json` of 49,408 pieces, built from the decompressed text of OpenAI's
/// `bpe_simple_vocab_16e6.txt`.
///
/// # Errors
/// Returns [`TextError::Merges`] if the file is truncated or a different one.
pub fn clip_tokenizer_json(merges: &str) -> Result<String, TextError> {
    let wrong = |line: usize, reason: String| TextError::Merges { line, reason };
    let mut lines = merges.lines();
    if !lines.next().is_some_and(|line| line.contains("#version")) {
        return Err(wrong(1, "it is not a header with \"#version\"".to_owned()));
    }
    let symbols = byte_symbols();
    let mut vocabulary = Map::new();
    for symbol in &symbols {
        add(&mut vocabulary, symbol.to_string());
    }
    for symbol in &symbols {
        add(&mut vocabulary, format!("{symbol}{CLIP_WORD_END}"));
    }
    let mut pairs = Vec::with_capacity(MERGES);
    for (line, text) in (2..).zip(lines.take(MERGES)) {
        let mut parts = text.split_whitespace();
        let (Some(left), Some(right), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong(line, "it does not have two pieces".to_owned()));
        };
        if let Some(part) = [left, right]
            .into_iter()
            .find(|&part| !vocabulary.contains_key(part))
        {
            let reason = format!("no line before it makes the piece {part:?}");
            return Err(wrong(line, reason));
        }
        if !add(&mut vocabulary, format!("{left}{right}")) {
            return Err(wrong(
                line,
                "an earlier line makes the same piece".to_owned(),
            ));
        }
        pairs.push([left, right]);
    }
    if pairs.len() < MERGES {
        let reason = format!("the file ends there, after {} of {MERGES}", pairs.len());
        return Err(wrong(pairs.len() + 2, reason));
    }
    let frame = CLIP_FRAME.map(|token| {
        let id = vocabulary.len();
        add(&mut vocabulary, token.to_owned());
        json!({"id": id, "content": token, "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true})
    });
    let [start, end] = CLIP_FRAME;
    let file = json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": frame,
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFC"},
            {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
            {"type": "Lowercase"},
        ]},
        // English contractions, words, single digits, and runs of anything else but white space.
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "behavior": "Removed", "invert": true, "pattern": {
                "Regex": r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
            }},
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
        ]},
        "post_processor": {"type": "RobertaProcessing", "trim_offsets": false,
            "add_prefix_space": false, "sep": [end, vocabulary[end]], "cls": [start, vocabulary[start]]},
        "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true},
        "model": {"type": "BPE", "dropout": null, "unk_token": end,
            "continuing_subword_prefix": "", "end_of_word_suffix": CLIP_WORD_END, "fuse_unk": false,
            "vocab": vocabulary, "merges": pairs},
    });
    Ok(file.to_string())
}

/// Assigns the next id to a piece; returns false if it already has one.
fn add(vocabulary: &mut Map<String, Value>, piece: String) -> bool {
    let id = vocabulary.len();
    vocabulary.insert(piece, id.into()).is_none()
}

/// The 256 characters that stand for the bytes, in the order of their ids: the printable bytes of Latin-1 stand for
/// themselves and come first; the characters from U+0100 on stand for the others (GPT-2's alphabet).
fn byte_symbols() -> Vec<char> {
    let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let plain = (0..=u8::MAX).filter(|&byte| printable(byte));
    let moved = (0..=u8::MAX).filter(|&byte| !printable(byte)).count();
    plain
        .map(char::from)
        .chain(('\u{100}'..).take(moved))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{PhraseTokenizer, TokenizerFamily};

    /// A list of as many merges as CLIP uses, made of pairs of bytes, so that no download is needed.
    fn every_pair() -> String {
        let symbols = byte_symbols();
        let lines = symbols
            .iter()
            .flat_map(|left| symbols.iter().map(move |right| format!("{left} {right}\n")));
        "#version: 0.2\n".to_owned() + &lines.take(MERGES).collect::<String>()
    }

    fn tokenizer(max_tokens: usize) -> PhraseTokenizer {
        let json = clip_tokenizer_json(&every_pair()).expect("a whole file");
        PhraseTokenizer::from_bytes(json.as_bytes(), max_tokens).expect("a tokenizer")
    }

    /// The id of a single ASCII character, of one that ends a word, or of two that are merged.
    fn id(piece: &str) -> u32 {
        let symbol = |c: char| c as u32 - '!' as u32;
        let word_end = piece.ends_with(CLIP_WORD_END);
        let mut chars = piece.trim_end_matches(CLIP_WORD_END).chars();
        match (chars.next().map(symbol), chars.next().map(symbol)) {
            (Some(left), Some(right)) => 512 + 256 * left + right,
            (Some(one), None) => one + 256 * u32::from(word_end),
            _ => panic!("an empty piece"),
        }
    }

    #[test]
    fn the_bytes_have_characters_of_their_own() {
        let symbols = byte_symbols();
        assert_eq!(symbols.len(), 256);
        assert_eq!((symbols[0], symbols[93], symbols[94]), ('!', '~', '¡'));
        assert_eq!((symbols[187], symbols[188], symbols[255]), ('ÿ', 'Ā', 'Ń'));
    }

    #[test]
    fn a_phrase_is_framed_and_padded_with_zeros() {
        let tokenizer = tokenizer(10);
        assert_eq!(tokenizer.family(), TokenizerFamily::Clip);
        assert_eq!(tokenizer.vocabulary(), 49_408);
        let tokens = tokenizer
            .encode(" The\tCAR's\u{200b} 42")
            .expect("a phrase");
        let pieces = ["th", "e</w>", "ca", "r</w>", "'", "s</w>", "4</w>", "2</w>"].map(id);
        assert_eq!(tokens.ids[1..9], pieces);
        assert_eq!((tokens.ids[0], tokens.ids[9]), (49_406, 49_407));
        assert_eq!((tokens.words, tokens.unknown), (3, 0));
        assert!(!tokens.truncated);

        let tokens = tokenizer.encode("car").expect("a phrase");
        let expected = [49_406, id("ca"), id("r</w>"), 49_407, 0, 0, 0, 0, 0, 0];
        assert_eq!(tokens.ids, expected);
        assert_eq!(tokens.mask.iter().filter(|&&real| real).count(), 4);
    }

    #[test]
    fn a_long_phrase_keeps_its_end_token() {
        let tokens = tokenizer(5).encode(&"car ".repeat(300)).expect("a phrase");
        let expected = [49_406, id("ca"), id("r</w>"), id("ca"), 49_407];
        assert_eq!(tokens.ids, expected);
        assert!(tokens.truncated && tokens.mask.iter().all(|&real| real));
        assert_eq!(tokens.words, 300);
    }

    #[test]
    fn phrases_that_say_nothing_are_refused() {
        let tokenizer = tokenizer(77);
        for phrase in ["", " \n", "\u{200b}\u{feff}"] {
            assert_eq!(
                tokenizer.encode(phrase),
                Err(TextError::Empty),
                "{phrase:?}"
            );
        }
        for phrase in ["!", "4", "!! 4 …"] {
            let error = tokenizer.encode(phrase).expect_err("no word");
            assert!(matches!(error, TextError::NoWord { .. }), "{phrase:?}");
        }
        // The pieces are bytes, so only the text itself shows which characters they belong to.
        for phrase in ["🚗", "🚗🏠 🚢", "дом", "建物", "ДОМ 4!", "नदी", "سيارة"]
        {
            let error = tokenizer.encode(phrase).expect_err("another script");
            assert!(matches!(error, TextError::Unknown { .. }), "{phrase:?}");
        }
        let tokens = tokenizer
            .encode("the red дом 🚗🚗 left नदी café")
            .expect("some words are known");
        assert_eq!((tokens.words, tokens.unknown), (7, 3));
    }

    #[test]
    fn special_tokens_cannot_be_typed() {
        let ids = tokenizer(77).ids("a<|endoftext|>").expect("ids");
        assert_eq!(ids.iter().filter(|&&id| id == 49_407).count(), 1);
        // a, <|, en do ft ex t, |>
        assert_eq!(ids.len(), 2 + 1 + 2 + 5 + 2, "{ids:?}");
    }

    #[test]
    fn a_wrong_list_of_merges_is_told_by_its_line() {
        let whole = every_pair();
        let cut: String = whole
            .lines()
            .take(100)
            .map(|l| l.to_owned() + "\n")
            .collect();
        for (text, line) in [
            (String::new(), 1),
            ("<!doctype html>\n".to_owned(), 1),
            (cut, 101),
            (whole.replacen("! #", "! # $", 1), 4),
            (whole.replacen("! #", "! th", 1), 4),
            (whole.replacen("! #", "! \"", 1), 4),
        ] {
            let error = clip_tokenizer_json(&text).expect_err("not the file");
            assert!(
                matches!(error, TextError::Merges { line: found, .. } if found == line),
                "{line}: {error}"
            );
        }
    }
}
