//! The text encoder against the reference implementation: `BertModel` of Hugging Face's transformers.

mod common;

use std::fs;
use std::path::Path;

use burn::module::Module;
use burn::tensor::{Bool, Device, Tensor, TensorData};
use s4eca::bundle::{Residence, read_minilm};
use s4eca::model::{ModelConfig, S4eca};
use s4eca::text::PhraseTokenizer;
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    phrases: Vec<Phrase>,
}

#[derive(Deserialize)]
struct Phrase {
    phrase: String,
    ids: Vec<u32>,
    embeddings: Vec<Vec<f32>>,
    hidden: Vec<Vec<f32>>,
    token_norm: Vec<f32>,
}

#[test]
fn words_come_out_as_from_the_reference() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = root.join(".cache/minilm");
    if !source.join("model.safetensors").is_file() {
        common::skip("the text encoder's parity: scripts/minilm.sh could not fetch its weights");
        return;
    }
    let json = fs::read_to_string(root.join("tests/fixtures/minilm.json")).expect("the fixture");
    let fixture: Fixture = serde_json::from_str(&json).expect("the fixture's form");

    let config = ModelConfig::tiny();
    let bytes = fs::read(source.join("model.safetensors")).expect("the weights");
    let tensors = read_minilm(&bytes, &config.text).expect("a BERT");
    let (record, words) = tensors
        .into_record(&config, Residence::Float)
        .expect("a record");
    let words = words.expect("a word table");
    let device = Device::flex();
    let model = S4eca::new(&config, &device)
        .try_load_record(record.allow_partial(true))
        .expect("a fit");
    let tokenizer = fs::read(source.join("tokenizer.json")).expect("the tokenizer");
    let tokenizer =
        PhraseTokenizer::from_bytes(&tokenizer, config.text.tokens).expect("a BERT tokenizer");

    for expected in &fixture.phrases {
        let tokens = tokenizer
            .encode(&expected.phrase)
            .expect("an English phrase");
        let real = tokens.mask.iter().filter(|&&real| real).count();
        assert_eq!(tokens.ids[..real], expected.ids, "{}", expected.phrase);

        let count = tokens.ids.len();
        let rows = TensorData::new(words.rows(&tokens.ids), [1, count, words.width()]);
        let padding: Vec<bool> = tokens.mask.iter().map(|real| !real).collect();
        let padding = Tensor::<2, Bool>::from_data(TensorData::new(padding, [1, count]), &device);
        let mut x = model.text.embed(Tensor::from_data(rows, &device));
        compare(&x, &expected.embeddings, &expected.phrase);
        for block in &model.text.blocks {
            x = block.forward(
                x,
                padding.clone(),
                None::<fn(Tensor<3>) -> Option<Tensor<3>>>,
            );
        }
        compare(&x, &expected.hidden, &expected.phrase);
        for (token, norm) in expected.token_norm.iter().enumerate() {
            let row: Vec<f32> = x
                .clone()
                .narrow(1, token, 1)
                .into_data()
                .iter::<f32>()
                .collect();
            let found = row.iter().map(|v| v * v).sum::<f32>().sqrt();
            assert!(
                (found - norm).abs() < 1e-3 * norm,
                "{}: token {token}",
                expected.phrase
            );
        }
    }
}

/// The first values of every token.
fn compare(x: &Tensor<3>, expected: &[Vec<f32>], phrase: &str) {
    for (token, values) in expected.iter().enumerate() {
        let row: Vec<f32> = x
            .clone()
            .narrow(1, token, 1)
            .into_data()
            .iter::<f32>()
            .collect();
        for (found, value) in row.iter().zip(values) {
            assert!(
                (found - value).abs() < 1e-4,
                "{phrase}: token {token}: {found} {value}"
            );
        }
    }
}
