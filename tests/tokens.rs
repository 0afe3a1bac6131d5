//! Token ids against the Python tokenizers, on 200 phrases: see tests/reference/tokens.py.

mod common;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use s4eca::text::{PhraseTokenizer, TextError, TokenizerFamily, clip_tokenizer_json};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    phrase: String,
    ids: Vec<u32>,
}

#[test]
fn minilm_gives_the_ids_of_the_python_tokenizer() {
    let path = root().join(".cache/minilm/tokenizer.json");
    let Ok(json) = fs::read(path) else {
        common::skip("MiniLM's token ids: scripts/minilm.sh could not fetch its tokenizer.json");
        return;
    };
    let tokenizer = PhraseTokenizer::from_bytes(&json, 32).expect("a tokenizer");
    assert_eq!(tokenizer.family(), TokenizerFamily::Bert);
    compare(&tokenizer, "minilm.json");
}

#[test]
fn clip_gives_the_ids_of_the_python_tokenizer() {
    let path = root().join(".cache/clip/bpe_simple_vocab_16e6.txt.gz");
    let Ok(file) = File::open(path) else {
        common::skip("CLIP's token ids: scripts/clip_vocabulary.sh could not fetch its merges");
        return;
    };
    let mut merges = String::new();
    GzDecoder::new(file)
        .read_to_string(&mut merges)
        .expect("a whole file");
    let json = clip_tokenizer_json(&merges).expect("OpenAI's merges");
    let tokenizer = PhraseTokenizer::from_bytes(json.as_bytes(), 77).expect("a tokenizer");
    assert_eq!(tokenizer.family(), TokenizerFamily::Clip);
    assert_eq!(tokenizer.vocabulary(), 49_408);
    compare(&tokenizer, "clip.json");
}

/// Compares all ids, and the output of [`PhraseTokenizer::encode`] for the phrases that it accepts.
fn compare(tokenizer: &PhraseTokenizer, fixture: &str) {
    let json = fs::read(root().join("tests/fixtures/tokens").join(fixture)).expect("the fixture");
    let all: Vec<Expected> = serde_json::from_slice(&json).expect("the fixture's form");
    assert_eq!(all.len(), 200);
    let mut taken = 0;
    for Expected { phrase, ids } in all {
        assert_eq!(
            tokenizer.ids(&phrase).expect("ids"),
            ids,
            "{fixture}: {phrase:?}"
        );
        match tokenizer.encode(&phrase) {
            Ok(tokens) => {
                taken += 1;
                let real = tokens.mask.iter().filter(|&&real| real).count();
                assert_eq!(tokens.ids.len(), tokenizer.max_tokens());
                assert_eq!(tokens.ids[0], ids[0], "{phrase:?}");
                assert_eq!(tokens.ids[real - 1], ids[ids.len() - 1], "{phrase:?}");
                // Cleaning does not change plain text.
                if phrase.chars().all(|c| matches!(c, ' '..='~')) {
                    assert_eq!(tokens.ids[1..real - 1], ids[1..real - 1], "{phrase:?}");
                    assert_eq!(tokens.truncated, ids.len() > tokens.ids.len(), "{phrase:?}");
                    assert_eq!(tokens.unknown, 0, "{phrase:?}");
                }
            }
            Err(TextError::Empty | TextError::NoWord { .. } | TextError::Unknown { .. }) => {}
            Err(error) => panic!("{phrase:?}: {error}"),
        }
    }
    assert!(taken > 130, "{fixture}: {taken} phrases taken");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}
