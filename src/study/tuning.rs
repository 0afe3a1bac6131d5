//! How a network of each row is prepared, and which of its parameters are trained.

use burn::module::{Lora, Module, ParamGroup};

use super::detris::DetrisAdapters;
use crate::model::{S4eca, TRAINED, Tuning};

/// A network of any row.
type Network = S4eca<DetrisAdapters>;

/// LoRA's scale: its updates are added unscaled.
const LORA_SCALE: f64 = 1.0;

/// Prepares a network for training according to its config: frozen encoders receive no gradients, and LoRA's factors are
/// attached.
pub fn prepared(model: Network) -> Network {
    match model.config().tuning {
        Tuning::Full => model,
        Tuning::Lora { rank } => {
            let lora = Lora::new(rank, LORA_SCALE * rank as f64)
                .set_param_group(ParamGroup::from_predicate("blocks"));
            let mut model = model.with_frozen_encoders();
            model.text = model.text.apply_lora(lora.clone());
            model.vision = model.vision.apply_lora(lora);
            model
        }
        Tuning::S4eca | Tuning::Detris | Tuning::Frozen => model.with_frozen_encoders(),
    }
}

/// The parameters that are trained, and therefore stored in checkpoints.
pub fn trained(tuning: Tuning) -> ParamGroup {
    let mut names = TRAINED.to_vec();
    match tuning {
        Tuning::Full => names.extend(["text.", "vision."]),
        Tuning::Lora { .. } => names.push(".lora."),
        Tuning::S4eca | Tuning::Detris | Tuning::Frozen => {}
    }
    ParamGroup::from_any_predicates(names)
}

/// Whether the encoders' own matrices stay unchanged and nothing is added to them, so that they may be held in a type
/// other than that of the trained parameters.
pub fn freezes(tuning: Tuning) -> bool {
    match tuning {
        Tuning::S4eca | Tuning::Detris | Tuning::Frozen => true,
        Tuning::Lora { .. } | Tuning::Full => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FeedForward, ModelConfig, Positions, VitConfig};
    use crate::study::ABLATIONS;
    use crate::vision::Normalisation;
    use burn::tensor::{Bool, Device, Distribution, Tensor};

    fn run(config: &ModelConfig) -> Vec<f32> {
        let device = Device::flex();
        let model = Network::new(config, &device);
        let image = Tensor::random(
            [2, 3, config.input, config.input],
            Distribution::Default,
            &device,
        );
        let words = Tensor::random([2, 5, config.text.width], Distribution::Default, &device);
        let padding = Tensor::<2, Bool>::from_data(
            [
                [false, false, false, true, true],
                [false, false, false, false, false],
            ],
            &device,
        );
        let logits = model.forward(image, words, padding);
        assert_eq!(logits.dims(), [2, 1, config.input / 4, config.input / 4]);
        logits.into_data().try_into_vec().expect("floats")
    }

    #[test]
    fn every_row_of_the_ablation_table_runs() {
        for row in ABLATIONS {
            let values = run(&row.of(&ModelConfig::micro()));
            assert!(values.iter().all(|value| value.is_finite()), "{}", row.name);
        }
    }

    #[test]
    fn a_vit_takes_the_same_road() {
        let vit = VitConfig {
            width: 64,
            depth: 3,
            heads: 2,
            mlp: 128,
            patch: 16,
            registers: 2,
            layer_scale: true,
            levels: [0, 1, 2],
            positions: Positions::Fitted,
            feed_forward: FeedForward::Gelu,
            norm_epsilon: 1e-6,
            normalisation: Normalisation::ImageNet,
        };
        let mut config = ModelConfig::micro();
        config.vision = vit.into();
        config.adapter.vision_blocks = vec![1, 2];
        for row in ABLATIONS {
            let values = run(&row.of(&config));
            assert!(values.iter().all(|value| value.is_finite()), "{}", row.name);
        }
    }

    #[test]
    fn the_other_switches_run_too() {
        for change in [
            |config: &mut ModelConfig| config.adapter.parts.text_feedback = false,
            |config: &mut ModelConfig| config.adapter.parts.proxy_chain = false,
            |config: &mut ModelConfig| config.fusion.detail_width = 0,
        ] {
            let mut config = ModelConfig::micro();
            change(&mut config);
            assert!(run(&config).iter().all(|value| value.is_finite()));
        }
    }
}
