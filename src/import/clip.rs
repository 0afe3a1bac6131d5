//! CLIP's text tower (Radford et al. 2021, arXiv 2103.00020), from <https://github.com/openai/CLIP>,
//! open_clip or transformers.
//!
//! The network computes QuickGELU, as OpenAI's weights require. Most of LAION's weights were trained with
//! GELU: a transformers folder states this in its config.json and is rejected; in a single file it cannot be
//! detected.

use serde_json::json;

use super::anatomy::TextAnatomy;
use super::error::ImportError;
use super::form::Form;
use super::ledger::Ledger;
use crate::bundle::WORDS;
use crate::model::{TextArchitecture, TextConfig};

/// Prefix of the tower in transformers' CLIPModel.
pub(super) const TOWER: &str = "text_model.";

/// Plans the tower from transformers' names; `tower` is [`TOWER`] or empty. Returns the checkpoint's sizes.
///
/// # Errors
/// [`ImportError::NoProjection`] for a CLIPTextModel.
pub(super) fn plan_transformers(
    ledger: &mut Ledger,
    config: &TextConfig,
    tower: &str,
) -> Result<TextAnatomy, ImportError> {
    let projection = "text_projection.weight";
    if !ledger.has(projection) {
        return Err(ImportError::NoProjection {
            path: ledger.source().path().to_owned(),
        });
    }
    for (key, wanted) in [
        ("num_attention_heads", json!(config.heads)),
        ("layer_norm_eps", json!(1e-5)),
        ("hidden_act", json!("quick_gelu")),
    ] {
        ledger.expect_setting("text_config", key, wanted);
    }
    let (width, mlp) = (config.width, config.mlp);
    let words = format!("{tower}embeddings.token_embedding.weight");
    let block = |index: usize| format!("{tower}encoder.layers.{index}");
    let found = anatomy(ledger, config, &words, |index| {
        format!("{}.layer_norm1.weight", block(index))
    });

    ledger.keep(WORDS, &words, &[config.vocabulary, width]);
    let position = format!("{tower}embeddings.position_embedding.weight");
    positions(ledger, config, &position);
    for index in 0..config.depth {
        let from = block(index);
        let to = format!("text.blocks.{index}");
        let names = ["q_proj", "k_proj", "v_proj"].map(|part| format!("{from}.self_attn.{part}"));
        ledger.linear(&format!("{to}.attention.qkv"), &names, width, width);
        for (target, name, input, output) in [
            ("attention.out", "self_attn.out_proj", width, width),
            ("fc1", "mlp.fc1", width, mlp),
            ("fc2", "mlp.fc2", mlp, width),
        ] {
            let name = [format!("{from}.{name}")];
            ledger.linear(&format!("{to}.{target}"), &name, input, output);
        }
        for (target, name) in [("norm1", "layer_norm1"), ("norm2", "layer_norm2")] {
            ledger.norm(&format!("{to}.{target}"), &format!("{from}.{name}"), width);
        }
    }
    ledger.norm("text.norm", &format!("{tower}final_layer_norm"), width);
    // A linear layer's weight, outputs first.
    let part = ledger.part(projection, &[width, width]);
    let target = "text.projection.weight";
    ledger.push(target, &[width, width], Form::Turned, vec![part]);
    Ok(found)
}

/// Plans the tower from OpenAI's names; returns the checkpoint's sizes.
pub(super) fn plan_original(ledger: &mut Ledger, config: &TextConfig) -> TextAnatomy {
    let (width, mlp) = (config.width, config.mlp);
    let words = "token_embedding.weight";
    let block = |index: usize| format!("transformer.resblocks.{index}");
    let found = anatomy(ledger, config, words, |index| {
        format!("{}.ln_1.weight", block(index))
    });

    ledger.keep(WORDS, words, &[config.vocabulary, width]);
    positions(ledger, config, "positional_embedding");
    for index in 0..config.depth {
        let from = block(index);
        let to = format!("text.blocks.{index}");
        // PyTorch's MultiheadAttention stores the three matrices stacked, under its own names.
        let name = format!("{from}.attn.in_proj_weight");
        let weight = ledger.part(&name, &[3 * width, width]);
        let target = format!("{to}.attention.qkv");
        let shape = [width, 3 * width];
        ledger.push(
            &format!("{target}.weight"),
            &shape,
            Form::Turned,
            vec![weight],
        );
        let name = format!("{from}.attn.in_proj_bias");
        ledger.keep(&format!("{target}.bias"), &name, &[3 * width]);
        for (target, name, input, output) in [
            ("attention.out", "attn.out_proj", width, width),
            ("fc1", "mlp.c_fc", width, mlp),
            ("fc2", "mlp.c_proj", mlp, width),
        ] {
            let name = [format!("{from}.{name}")];
            ledger.linear(&format!("{to}.{target}"), &name, input, output);
        }
        for (target, name) in [("norm1", "ln_1"), ("norm2", "ln_2")] {
            ledger.norm(&format!("{to}.{target}"), &format!("{from}.{name}"), width);
        }
    }
    ledger.norm("text.norm", "ln_final", width);
    // The feature is multiplied by this parameter from the left, so its inputs already come first.
    ledger.keep("text.projection.weight", "text_projection", &[width, width]);
    found
}

/// Plans the first positions, as many as a phrase may have tokens.
fn positions(ledger: &mut Ledger, config: &TextConfig, name: &str) {
    let part = ledger.rows(name, config.tokens, config.width);
    let shape = [config.tokens, config.width];
    ledger.push("text.position", &shape, Form::Keep, vec![part]);
}

/// Returns the checkpoint's sizes; `mark` returns the name of a tensor that each block has.
fn anatomy(
    ledger: &mut Ledger,
    config: &TextConfig,
    words: &str,
    mark: impl Fn(usize) -> String,
) -> TextAnatomy {
    let depth = (0..).take_while(|&index| ledger.has(&mark(index))).count();
    if depth != config.depth {
        let wanted = config.depth;
        ledger.refuse(format!("{depth} blocks, the preset has {wanted}"));
    }
    TextAnatomy {
        architecture: TextArchitecture::Clip,
        width: ledger.extent(words, 1),
        depth,
        vocabulary: ledger.extent(words, 0),
    }
}
