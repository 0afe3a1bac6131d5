//! Plans a ViT block under the names with which DINOv2 and DINOv3 are published.

use super::form::Form;
use super::ledger::Ledger;
use crate::model::{FeedForward, VitConfig};

/// The naming scheme of the tensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// The authors' own repositories; timm uses the same names.
    Original,
    /// Hugging Face's transformers.
    Transformers,
}

/// Returns the name of block `index`, or None after the last one.
///
/// The original repositories may save blocks in chunks, `blocks.CHUNK.INDEX`, where the index continues
/// across chunks. DINOv3 in transformers 5 has `model.layer` in memory and `layer` in files.
pub(super) fn name_of(ledger: &Ledger, naming: Naming, index: usize) -> Option<String> {
    let is_block = |name: &String| ledger.has(&format!("{name}.norm1.weight"));
    match naming {
        Naming::Original => {
            let chunks = (0..=index).map(|chunk| format!("blocks.{chunk}.{index}"));
            std::iter::once(format!("blocks.{index}"))
                .chain(chunks)
                .find(is_block)
        }
        Naming::Transformers => ["encoder.layer", "layer", "model.layer"]
            .iter()
            .map(|stem| format!("{stem}.{index}"))
            .find(is_block),
    }
}

/// Returns the number of blocks in the checkpoint.
pub(super) fn count(ledger: &Ledger, naming: Naming) -> usize {
    (0..)
        .take_while(|&index| name_of(ledger, naming, index).is_some())
        .count()
}

/// Returns whether the MLP is a SwiGLU, and whether there is LayerScale, according to the first block. A
/// SwiGLU with both halves in one matrix under the MLP's usual name, as in timm, is detected by its sizes:
/// `fc2` has half as many inputs as `fc1` has outputs.
pub(super) fn features(ledger: &Ledger, naming: Naming) -> (bool, bool) {
    let from = name_of(ledger, naming, 0).unwrap_or_default();
    let has = |name: &str| ledger.has(&format!("{from}.{name}"));
    let gated = ["w1", "w12", "weights_in", "gate_proj"]
        .iter()
        .any(|name| has(&format!("mlp.{name}.weight")))
        || (has("mlp.fc2.weight")
            && ledger.extent(&format!("{from}.mlp.fc1.weight"), 0)
                == 2 * ledger.extent(&format!("{from}.mlp.fc2.weight"), 1));
    (gated, has("ls1.gamma") || has("layer_scale1.lambda1"))
}

/// Plans block `index`.
pub(super) fn plan(ledger: &mut Ledger, config: &VitConfig, naming: Naming, index: usize) {
    let fallback = match naming {
        Naming::Original => format!("blocks.{index}"),
        Naming::Transformers => format!("encoder.layer.{index}"),
    };
    let from = name_of(ledger, naming, index).unwrap_or(fallback);
    let to = format!("vision.blocks.{index}");
    let width = config.width;

    ledger.norm(&format!("{to}.norm1"), &format!("{from}.norm1"), width);
    ledger.norm(&format!("{to}.norm2"), &format!("{from}.norm2"), width);
    let (out, scales) = match naming {
        Naming::Original => {
            joint_attention(ledger, width, &from, &to);
            ("attn.proj", ["ls1.gamma", "ls2.gamma"])
        }
        Naming::Transformers => {
            split_attention(ledger, width, &from, &to);
            let out = ledger.choice(&from, &["attention.output.dense", "attention.o_proj"]);
            (out, ["layer_scale1.lambda1", "layer_scale2.lambda1"])
        }
    };
    let out = [format!("{from}.{out}")];
    ledger.linear(&format!("{to}.attention.out"), &out, width, width);
    if config.layer_scale {
        for (scale, name) in ["scale1", "scale2"].into_iter().zip(scales) {
            ledger.keep(
                &format!("{to}.{scale}"),
                &format!("{from}.{name}"),
                &[width],
            );
        }
    }
    feed_forward(ledger, config, &from, &to);
}

/// Plans queries, keys and values from one matrix. DINOv3 masks out the keys' bias.
fn joint_attention(ledger: &mut Ledger, width: usize, from: &str, to: &str) {
    let outputs = 3 * width;
    let weight = ledger.part(&format!("{from}.attn.qkv.weight"), &[outputs, width]);
    let target = format!("{to}.attention.qkv");
    let shape = [width, outputs];
    ledger.push(
        &format!("{target}.weight"),
        &shape,
        Form::Turned,
        vec![weight],
    );
    let mask = format!("{from}.attn.qkv.bias_mask");
    let bias = ledger.part(&format!("{from}.attn.qkv.bias"), &[outputs]);
    let (form, parts) = if ledger.has(&mask) {
        (Form::Masked, vec![bias, ledger.part(&mask, &[outputs])])
    } else {
        (Form::Keep, vec![bias])
    };
    ledger.push(&format!("{target}.bias"), &[outputs], form, parts);
}

/// Plans queries, keys and values from three matrices. DINOv3 stores no bias for the keys.
fn split_attention(ledger: &mut Ledger, width: usize, from: &str, to: &str) {
    let names = [
        ["attention.attention.query", "attention.q_proj"],
        ["attention.attention.key", "attention.k_proj"],
        ["attention.attention.value", "attention.v_proj"],
    ]
    .map(|names| format!("{from}.{}", ledger.choice(from, &names)));
    let target = format!("{to}.attention.qkv");
    let weights = names
        .each_ref()
        .map(|name| ledger.part(&format!("{name}.weight"), &[width, width]));
    let shape = [width, 3 * width];
    ledger.push(
        &format!("{target}.weight"),
        &shape,
        Form::Turned,
        weights.into(),
    );
    let [query, key, value] = names.map(|name| format!("{name}.bias"));
    // The key's bias may only be missing if the query's bias exists; otherwise the file is incomplete.
    let key = if ledger.has(&query) {
        ledger.part_or_zeros(&key, &[width])
    } else {
        ledger.part(&key, &[width])
    };
    let parts = vec![
        ledger.part(&query, &[width]),
        key,
        ledger.part(&value, &[width]),
    ];
    ledger.push(&format!("{target}.bias"), &[3 * width], Form::Keep, parts);
}

/// Plans the MLP, or the SwiGLU with its gate before its value.
fn feed_forward(ledger: &mut Ledger, config: &VitConfig, from: &str, to: &str) {
    let (width, hidden) = (config.width, config.mlp);
    let name = |name: &str| format!("{from}.mlp.{name}");
    let has = |ledger: &Ledger, part: &str| ledger.has(&format!("{}.weight", name(part)));
    let (names, each, out) = match config.feed_forward {
        FeedForward::Gelu if has(ledger, "up_proj") => (vec!["up_proj"], hidden, "down_proj"),
        FeedForward::Gelu => (vec!["fc1"], hidden, "fc2"),
        FeedForward::SwiGlu if has(ledger, "gate_proj") => {
            (vec!["gate_proj", "up_proj"], hidden, "down_proj")
        }
        FeedForward::SwiGlu if has(ledger, "w1") => (vec!["w1", "w2"], hidden, "w3"),
        FeedForward::SwiGlu if has(ledger, "weights_in") => {
            (vec!["weights_in"], 2 * hidden, "weights_out")
        }
        FeedForward::SwiGlu if has(ledger, "fc1") => (vec!["fc1"], 2 * hidden, "fc2"),
        FeedForward::SwiGlu => (vec!["w12"], 2 * hidden, "w3"),
    };
    let names: Vec<_> = names.into_iter().map(name).collect();
    ledger.linear(&format!("{to}.fc1"), &names, width, each);
    ledger.linear(&format!("{to}.fc2"), &[name(out)], hidden, width);
}
