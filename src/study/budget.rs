//! Sizes the adapters to a given share of the backbones' parameters. The paper names dynamic parameter budgets as
//! future work.

use thiserror::Error;

use super::parameters::{ParameterTable, lora_size};
use crate::model::{AdapterConfig, GuideKind, ModelConfig, Tuning};

/// Bottlenecks are multiples of this: two channels for each of four heads.
const WIDTH_STEP: usize = 8;
/// Narrowest bottleneck. If the budget allows less, fewer blocks carry an adapter.
const NARROWEST: usize = 16;

/// Why adapters of a given share cannot be made.
#[derive(Debug, Error, PartialEq)]
pub enum BudgetError {
    /// The share is below that of the smallest adapters, or above that of adapters as wide as their encoder.
    #[error(
        "the adapters of preset {preset} cannot be {wanted:.3} % of its backbones: give between \
         {least:.3} % and {most:.3} %"
    )]
    OutOfReach {
        /// Preset.
        preset: String,
        /// Share asked for, in per cent.
        wanted: f64,
        /// Smallest share, in per cent.
        least: f64,
        /// Largest share, in per cent.
        most: f64,
    },
    /// A tuning other than S4ECA's own.
    #[error("--adapter-budget sizes S4ECA's own adapters: omit it with this ablation")]
    OtherTuning,
}

/// Returns `config` with adapters that come as close to `share` (0 to 1) of its backbones as possible without
/// exceeding it.
///
/// The blocks are the preset's; some lose their adapter if even the narrowest adapters would be too large. The two
/// bottlenecks keep the preset's proportion. The remainder goes to the text side and to the reductions before the
/// wide kernels. The number of proxies does not change.
///
/// # Errors
/// Fails if the share is out of reach, or if the tuning has no such adapters.
pub fn with_budget(config: &ModelConfig, share: f64) -> Result<ModelConfig, BudgetError> {
    if config.tuning != Tuning::S4eca {
        return Err(BudgetError::OtherTuning);
    }
    let count = |config: &ModelConfig| ParameterTable::new(config).adapters();
    let backbones = ParameterTable::new(config).backbones() as f64;
    let limit = (share * backbones).floor().max(0.0) as usize;
    let per_cent = |count: usize| 100.0 * count as f64 / backbones;

    let mut smallest = None;
    for keep in 1..=config.adapter.vision_blocks.len() {
        let thin = thinned(config, keep);
        let narrow = sized(&thin, config, NARROWEST);
        smallest = Some(count(&narrow));
        if count(&narrow) > limit {
            continue;
        }
        let widest = widest(config);
        let most = count(&sized(&thin, config, widest));
        if most < limit {
            return Err(BudgetError::OutOfReach {
                preset: config.preset.clone(),
                wanted: 100.0 * share,
                least: per_cent(count(&narrow)),
                most: per_cent(most),
            });
        }
        let fits = |config: &ModelConfig| count(config) <= limit;
        let mut best = narrow;
        for width in (NARROWEST..=widest).step_by(WIDTH_STEP) {
            let next = sized(&thin, config, width);
            if !fits(&next) {
                break;
            }
            best = next;
        }
        // Spends the rest of the budget that remains after choosing the width, from coarse to fine.
        grow(
            &mut best,
            fits,
            usize::MAX,
            |a| &mut a.text_width,
            WIDTH_STEP,
        );
        let reductions = best.adapter.vision_width / 2;
        grow(&mut best, fits, reductions, |a| &mut a.reduced, 1);
        return Ok(best);
    }
    Err(BudgetError::OutOfReach {
        preset: config.preset.clone(),
        wanted: 100.0 * share,
        least: per_cent(smallest.unwrap_or(0)),
        most: per_cent(count(&sized(config, config, widest(config)))),
    })
}

/// Channels of the widest block that carries an adapter.
fn widest(config: &ModelConfig) -> usize {
    let blocks = config.vision.blocks();
    let carrying = config.adapter.vision_blocks.iter();
    carrying.map(|&at| blocks[at].width).max().unwrap_or(0)
}

/// Keeps the adapters of every `keep`-th block that carries one in `config`, counted back from the last, which always
/// keeps its own.
fn thinned(config: &ModelConfig, keep: usize) -> ModelConfig {
    let thin = |blocks: &[usize]| -> Vec<usize> {
        let mut kept: Vec<usize> = blocks.iter().rev().step_by(keep).copied().collect();
        kept.reverse();
        kept
    };
    let mut config = config.clone();
    config.adapter.vision_blocks = thin(&config.adapter.vision_blocks);
    config.adapter.text_blocks = thin(&config.adapter.text_blocks);
    config
}

/// Sets the visual bottleneck to `width`, and the text bottleneck and the reduction in `preset`'s proportion to it.
fn sized(config: &ModelConfig, preset: &ModelConfig, width: usize) -> ModelConfig {
    let (from, to) = (&preset.adapter, width);
    let scaled = |value: usize| (value * to + from.vision_width / 2) / from.vision_width;
    let mut config = config.clone();
    config.adapter.vision_width = width;
    config.adapter.text_width = (scaled(from.text_width) / WIDTH_STEP * WIDTH_STEP).max(NARROWEST);
    config.adapter.reduced = scaled(from.reduced).max(2);
    config
}

/// Raises one size step by step while the adapters fit.
fn grow(
    config: &mut ModelConfig,
    fits: impl Fn(&ModelConfig) -> bool,
    limit: usize,
    size: impl Fn(&mut AdapterConfig) -> &mut usize,
    step: usize,
) {
    loop {
        let mut next = config.clone();
        let value = size(&mut next.adapter);
        *value += step;
        if *value > limit || !fits(&next) {
            return;
        }
        *config = next;
    }
}

/// The rank at which LoRA has about as many parameters as S4ECA's adapters in `config`.
pub(super) fn lora_rank(config: &ModelConfig) -> usize {
    let mut own = config.clone();
    own.tuning = Tuning::S4eca;
    own.adapter.parts.guide = GuideKind::Proxies;
    let adapters = ParameterTable::new(&own).adapters();
    ((adapters as f64 / lora_size(config) as f64).round() as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PRESETS;

    #[test]
    fn a_share_is_met_from_below() {
        for name in PRESETS {
            let config = ModelConfig::preset(name).expect("a preset");
            for share in [0.012, 0.024, 0.05] {
                let sized = with_budget(&config, share).expect("a share within reach");
                let found = ParameterTable::new(&sized).adapter_share();
                assert!(
                    found <= share && found > 0.96 * share,
                    "{name}: {share} {found} {:?}",
                    sized.adapter
                );
                assert_eq!(sized, with_budget(&config, share).expect("the same again"));
            }
        }
    }

    #[test]
    fn a_small_share_thins_out_the_blocks() {
        let base = ModelConfig::preset("base").expect("a preset");
        let sized = with_budget(&base, 0.001).expect("a share within reach");
        assert!(sized.adapter.vision_blocks.len() < 6, "{:?}", sized.adapter);
        assert!(sized.adapter.vision_blocks.contains(&11));
    }

    #[test]
    fn a_share_out_of_reach_says_what_is_within() {
        let base = ModelConfig::preset("base").expect("a preset");
        for share in [0.0, 1e-5, 0.9, -1.0] {
            let error = with_budget(&base, share)
                .expect_err("out of reach")
                .to_string();
            assert!(error.contains("give between"), "{error}");
        }
        let mut peer = base;
        peer.tuning = Tuning::Detris;
        assert_eq!(with_budget(&peer, 0.024), Err(BudgetError::OtherTuning));
    }

    #[test]
    fn lora_of_that_rank_is_about_as_large() {
        let base = ModelConfig::preset("base").expect("a preset");
        let own = ParameterTable::new(&base).adapters();
        let theirs = lora_rank(&base) * lora_size(&base);
        assert!(
            (theirs as f64 / own as f64 - 1.0).abs() < 0.05,
            "{own} {theirs}"
        );
    }
}
