//! BERT (Devlin et al. 2019, arXiv 1810.04805) under the names of Hugging Face's `BertModel`, alone or inside
//! another model, such as sentence-transformers' all-MiniLM-L6-v2.

use serde_json::json;

use super::anatomy::TextAnatomy;
use super::form::Form;
use super::ledger::Ledger;
use crate::bundle::WORDS;
use crate::model::{TextArchitecture, TextConfig};

/// Plans the whole encoder; returns the checkpoint's sizes.
pub(super) fn plan(ledger: &mut Ledger, config: &TextConfig) -> TextAnatomy {
    let words = "embeddings.word_embeddings.weight";
    let depth = (0..)
        .take_while(|index| {
            ledger.has(&format!(
                "encoder.layer.{index}.attention.self.query.weight"
            ))
        })
        .count();
    let found = TextAnatomy {
        architecture: TextArchitecture::Bert,
        width: ledger.extent(words, 1),
        depth,
        vocabulary: ledger.extent(words, 0),
    };
    if depth != config.depth {
        let wanted = config.depth;
        ledger.refuse(format!("{depth} blocks, the preset has {wanted}"));
    }
    for (key, wanted) in [
        ("num_attention_heads", json!(config.heads)),
        ("hidden_act", json!("gelu")),
        ("position_embedding_type", json!("absolute")),
    ] {
        ledger.expect_setting("text_config", key, wanted);
    }

    let (width, mlp) = (config.width, config.mlp);
    ledger.keep(WORDS, words, &[config.vocabulary, width]);
    // BERT has 512 positions. A phrase needs only the first few, and its token type is always 0.
    let parts = vec![
        ledger.rows(
            "embeddings.position_embeddings.weight",
            config.tokens,
            width,
        ),
        ledger.rows("embeddings.token_type_embeddings.weight", 1, width),
    ];
    let shape = [config.tokens, width];
    ledger.push("text.position", &shape, Form::PlusRow, parts);
    ledger.norm("text.norm", "embeddings.LayerNorm", width);

    for index in 0..config.depth {
        let from = format!("encoder.layer.{index}");
        let to = format!("text.blocks.{index}");
        let names = ["query", "key", "value"].map(|part| format!("{from}.attention.self.{part}"));
        ledger.linear(&format!("{to}.attention.qkv"), &names, width, width);
        for (target, name, input, output) in [
            ("attention.out", "attention.output.dense", width, width),
            ("fc1", "intermediate.dense", width, mlp),
            ("fc2", "output.dense", mlp, width),
        ] {
            let name = [format!("{from}.{name}")];
            ledger.linear(&format!("{to}.{target}"), &name, input, output);
        }
        for (target, name) in [
            ("norm1", "attention.output.LayerNorm"),
            ("norm2", "output.LayerNorm"),
        ] {
            ledger.norm(&format!("{to}.{target}"), &format!("{from}.{name}"), width);
        }
    }
    found
}
