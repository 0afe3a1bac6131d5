//! DINOv2 (Oquab et al. 2023, arXiv 2304.07193), with or without registers, from
//! <https://github.com/facebookresearch/dinov2>, from transformers or from timm.

use serde_json::json;

use super::anatomy::VisionAnatomy;
use super::form::Form;
use super::ledger::Ledger;
use super::vision_block::{self, Naming};
use crate::model::{Positions, VitConfig};

/// Names outside the blocks.
struct Names {
    patch: &'static str,
    class_token: &'static str,
    registers: &'static str,
    position: &'static str,
    norm: &'static str,
}

/// Plans the whole encoder; returns the checkpoint's sizes.
pub(super) fn plan(ledger: &mut Ledger, config: &VitConfig, naming: Naming) -> VisionAnatomy {
    let names = match naming {
        Naming::Original => Names {
            patch: "patch_embed.proj",
            class_token: "cls_token",
            registers: if ledger.has("reg_token") {
                "reg_token"
            } else {
                "register_tokens"
            },
            position: "pos_embed",
            norm: "norm",
        },
        Naming::Transformers => Names {
            patch: "embeddings.patch_embeddings.projection",
            class_token: "embeddings.cls_token",
            registers: "embeddings.register_tokens",
            position: "embeddings.position_embeddings",
            norm: "layernorm",
        },
    };
    let (gated, layer_scale) = vision_block::features(ledger, naming);
    let patch_weight = format!("{}.weight", names.patch);
    let found = VisionAnatomy {
        rotary: false,
        width: ledger.extent(names.class_token, 2),
        depth: vision_block::count(ledger, naming),
        patch: ledger.extent(&patch_weight, 3),
        registers: ledger.extent(names.registers, 1),
        gated,
        layer_scale,
    };
    for line in found.differences(&VisionAnatomy::of(config)) {
        ledger.refuse(line);
    }
    for (key, wanted) in [
        ("num_attention_heads", json!(config.heads)),
        ("layer_norm_eps", json!(config.norm_epsilon)),
        ("hidden_act", json!("gelu")),
    ] {
        ledger.expect_setting("backbone_config", key, wanted);
    }

    let width = config.width;
    embed_patches(ledger, config, names.patch);
    ledger.keep("vision.class_token", names.class_token, &[1, 1, width]);
    if config.registers > 0 {
        let shape = [1, config.registers, width];
        ledger.keep("vision.registers", names.registers, &shape);
    }
    position(ledger, config, names.position);
    for index in 0..config.depth {
        vision_block::plan(ledger, config, naming, index);
    }
    ledger.norm("vision.norm", names.norm, width);
    found
}

/// Plans the convolution over patches as a matrix, with rows in the order channel, y, x.
pub(super) fn embed_patches(ledger: &mut Ledger, config: &VitConfig, name: &str) {
    let (width, patch) = (config.width, config.patch);
    let weight = ledger.part(&format!("{name}.weight"), &[width, 3, patch, patch]);
    let shape = [3 * patch * patch, width];
    ledger.push("vision.patch.weight", &shape, Form::Turned, vec![weight]);
    ledger.keep("vision.patch.bias", &format!("{name}.bias"), &[width]);
}

/// Plans the position embedding, with the class token's first. timm's DINOv2 with registers has already added
/// that one to the class token, and stores only those of the patches.
fn position(ledger: &mut Ledger, config: &VitConfig, name: &str) {
    let width = config.width;
    let stored = ledger.extent(name, 1);
    let patches = match config.positions {
        Positions::Bicubic { side, .. } => side * side,
        // The preset's grid is not known here; the network checks the size when it loads the tensor.
        _ => stored.saturating_sub(1),
    };
    let shape = [1, 1 + patches, width];
    let parts = if stored == patches && ledger.has("reg_token") {
        let rows = ledger.part(name, &[1, patches, width]);
        vec![Ledger::zeros(width), rows]
    } else {
        vec![ledger.part(name, &shape)]
    };
    ledger.push("vision.position", &shape, Form::Keep, parts);
}
