//! DINOv3 (Simeoni et al. 2025, arXiv 2508.10104), from
//! <https://github.com/facebookresearch/dinov3> or from transformers.

use serde_json::json;

use super::anatomy::VisionAnatomy;
use super::dinov2::embed_patches;
use super::error::ImportError;
use super::ledger::Ledger;
use super::vision_block::{self, Naming};
use crate::model::{Positions, VitConfig};

/// The periods of the rotation. They follow from the preset; only the original code stores them.
const PERIODS: &str = "rope_embed.periods";

/// Plans the whole encoder; returns the checkpoint's sizes.
///
/// # Errors
/// Fails if the periods cannot be read.
pub(super) fn plan(
    ledger: &mut Ledger,
    config: &VitConfig,
    naming: Naming,
) -> Result<VisionAnatomy, ImportError> {
    let (patch, class_token, registers) = match naming {
        Naming::Original => ("patch_embed.proj", "cls_token", "storage_tokens"),
        Naming::Transformers => (
            "embeddings.patch_embeddings",
            "embeddings.cls_token",
            "embeddings.register_tokens",
        ),
    };
    let (gated, layer_scale) = vision_block::features(ledger, naming);
    let found = VisionAnatomy {
        rotary: true,
        width: ledger.extent(class_token, 2),
        depth: vision_block::count(ledger, naming),
        patch: ledger.extent(&format!("{patch}.weight"), 3),
        registers: ledger.extent(registers, 1),
        gated,
        layer_scale,
    };
    for line in found.differences(&VisionAnatomy::of(config)) {
        ledger.refuse(line);
    }
    ledger.expect_setting(
        "backbone_config",
        "num_attention_heads",
        json!(config.heads),
    );
    ledger.expect_setting(
        "backbone_config",
        "layer_norm_eps",
        json!(config.norm_epsilon),
    );
    if let Positions::Rotary { base } = config.positions {
        ledger.expect_setting("backbone_config", "rope_theta", json!(base));
        check_periods(ledger, config, base)?;
    }

    let width = config.width;
    embed_patches(ledger, config, patch);
    ledger.keep("vision.class_token", class_token, &[1, 1, width]);
    if config.registers > 0 {
        let shape = [1, config.registers, width];
        ledger.keep("vision.registers", registers, &shape);
    }
    for index in 0..config.depth {
        vision_block::plan(ledger, config, naming, index);
    }
    ledger.norm("vision.norm", "norm", width);
    if ledger.has("cls_norm.weight") {
        ledger.refuse("cls_norm: the preset has no separate norm for the class token".into());
    }
    Ok(found)
}

/// Compares the stored periods, which depend on the number of heads and the base, with the preset's.
fn check_periods(ledger: &mut Ledger, config: &VitConfig, base: f64) -> Result<(), ImportError> {
    if !ledger.has(PERIODS) {
        return Ok(());
    }
    let stored = ledger.read_now(PERIODS)?;
    let count = config.width / config.heads.max(1) / 4;
    if stored.len() != count {
        ledger.refuse(format!(
            "{PERIODS}: {} periods, the preset's {} heads of width {} have {count}",
            stored.len(),
            config.heads,
            config.width / config.heads.max(1),
        ));
        return Ok(());
    }
    // They may have been rounded to bfloat16, which keeps 8 bits.
    let differ = stored.iter().enumerate().any(|(index, &period)| {
        let wanted = base.powf(index as f64 / count as f64);
        (f64::from(period) - wanted).abs() > 0.01 * wanted
    });
    if differ {
        ledger.refuse(format!("{PERIODS}: not those of the preset's base {base}"));
    }
    Ok(())
}
