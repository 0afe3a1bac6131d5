//! How a network of each row is prepared, and which of its parameters are trained.

use burn::module::{Lora, Module, ParamGroup};

use super::detris::DetrisAdapters;
use crate::model::{S4eca, TRAINED, Tuning};

/// A network of any row.
type Network = S4eca<DetrisAdapters>;

/// LoRA's scale: its updates are added unscaled.
const LORA_SCALE: f64 = 1.0;

/// Prepares a network for training according to its config: frozen encoders receive no gradients, and LoRA's factors
/// are attached.
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
