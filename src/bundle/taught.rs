//! A bundle's network with a pack applied. It answers only for the words that it was taught.

use burn::module::Module;

use super::error::BundleError;
use super::pack::Pack;
use super::stored::WeightStorage;
use super::taught_words::TaughtWords;
use super::tensors::Tensors;
use crate::model::TRAINED;
use crate::network::S4eca;

/// A bundle's network with a pack: it shares the frozen encoders with the bundle's own network.
#[derive(Debug, Clone)]
pub struct TaughtNetwork {
    /// The pack's name.
    pub name: String,
    /// The words that it answers for.
    pub words: TaughtWords,
    /// The network.
    pub model: S4eca,
}

/// The tensors of a bundle that packs change, in their stored form.
#[derive(Clone)]
pub struct TrainedTensors {
    tensors: Tensors,
    storage: WeightStorage,
}

impl TrainedTensors {
    /// The tensors of `all` that training changes, for a network whose weights are held as `storage` says.
    pub fn of(all: &Tensors, storage: WeightStorage) -> Self {
        let tensors = all.clone();
        Self {
            tensors: tensors.filtered(|name| TRAINED.iter().any(|part| name.contains(part))),
            storage,
        }
    }

    /// Applies `pack` to `base`, the network that these tensors belong to.
    ///
    /// # Errors
    /// Fails if the pack's tensors are not those of the network.
    pub fn taught(&self, base: &S4eca, pack: &Pack) -> Result<TaughtNetwork, BundleError> {
        let mut tensors = self.tensors.clone();
        pack.add_to(&mut tensors)?;
        let (record, _) = tensors.into_record(None, self.storage)?;
        let model = base.clone().try_load_record(record.allow_partial(true));
        let mismatch = |error: String| BundleError::Mismatch {
            preset: base.config().preset.clone(),
            reason: error,
        };
        let model = model.map_err(|error| mismatch(error.to_string()))?;
        Ok(TaughtNetwork {
            name: pack.manifest().name.clone(),
            words: pack.manifest().words.clone(),
            model: self.storage.ordered(model),
        })
    }
}
