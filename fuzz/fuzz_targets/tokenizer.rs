//! Phrases to token ids with the shipped tokenizer, and, for input that starts as JSON, the tokenizer's own file.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use s4eca_fuzz::memory;
use s4eca_fuzz::mutate;
use s4eca_fuzz::text::PhraseTokenizer;

const TOKENS: usize = 40;
const WORDS: [&str; 20] = [
    "the",
    "largest",
    "building",
    "é",
    "ß",
    "дом",
    "建物",
    "🚗",
    "\u{200b}",
    "\u{feff}",
    "\u{301}",
    "\u{0}",
    "[SEP]",
    "[CLS]",
    "##s",
    "vocab",
    "merges",
    "added_tokens",
    "WordPiece",
    "BPE",
];

static SHIPPED: LazyLock<PhraseTokenizer> = LazyLock::new(|| {
    let json = include_bytes!("../../weights/tiny/tokenizer.json");
    PhraseTokenizer::from_bytes(json, TOKENS).expect("the shipped tokenizer")
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::bytes_or_text(data, size, most, seed, &WORDS)
});

fuzz_target!(|data: &[u8]| {
    // It stays in memory, so it is read before memory is limited.
    let shipped = &*SHIPPED;
    memory::limited(|| {
        if data.starts_with(b"{") {
            if let Ok(own) = PhraseTokenizer::from_bytes(data, TOKENS) {
                check(&own, "the red car [SEP] é дом 🚗");
            }
        } else if let Ok(phrase) = std::str::from_utf8(data) {
            check(shipped, phrase);
        }
    });
});

fn check(tokenizer: &PhraseTokenizer, phrase: &str) {
    if let Ok(tokens) = tokenizer.encode(phrase) {
        assert!(tokens.ids.len() == TOKENS && tokens.mask.len() == TOKENS);
        assert!(
            tokens
                .ids
                .iter()
                .all(|&id| (id as usize) < tokenizer.vocabulary())
        );
    }
}
