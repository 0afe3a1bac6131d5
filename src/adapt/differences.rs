//! What training changed, by tensor name.

use burn::module::Module;

use crate::bundle::{BundleError, Tensors, WeightStorage};
use crate::model::S4eca;

/// Differences between a trained network and the one that it started from.
#[derive(Debug, Clone, PartialEq)]
pub struct Differences(Vec<(String, Vec<f32>)>);

impl Differences {
    /// The tensors in which `trained` differs from `base`; both without gradients.
    ///
    /// # Errors
    /// Fails if a tensor cannot be read from its device.
    pub fn between(base: &S4eca, trained: &S4eca) -> Result<Self, BundleError> {
        let before = Tensors::of_module(base.clone(), "")?.into_floats()?;
        let after = Tensors::of_module(trained.clone(), "")?.into_floats()?;
        let pairs = before.into_iter().zip(after);
        let differences = pairs.map(|((name, before), (other, after))| {
            debug_assert_eq!(name, other, "two networks of one config");
            let pairs = after.iter().zip(&before);
            (name, pairs.map(|(after, before)| after - before).collect())
        });
        let changed = |(_, values): &(String, Vec<f32>)| values.iter().any(|value| *value != 0.0);
        Ok(Self(differences.filter(changed).collect()))
    }

    /// `share` of the differences, as a pack holds them.
    pub fn scaled(&self, share: f32) -> Vec<(String, Vec<f32>)> {
        let scaled = |values: &Vec<f32>| values.iter().map(|value| share * value).collect();
        let all = self.0.iter();
        all.map(|(name, values)| (name.clone(), scaled(values)))
            .collect()
    }

    /// `base` moved by `share` of the differences.
    ///
    /// # Errors
    /// Fails if `base` is another network.
    pub fn applied(&self, base: &S4eca, share: f32) -> Result<S4eca, BundleError> {
        let changed = |name: &str| self.0.iter().any(|(other, _)| other == name);
        let mut tensors = Tensors::of_module(base.clone(), "")?.filtered(changed);
        for (name, values) in self.scaled(share) {
            tensors.add(&name, &values)?;
        }
        let (record, _) = tensors.into_record(None, WeightStorage::Float)?;
        let loaded = base.clone().try_load_record(record.allow_partial(true));
        loaded.map_err(|error| BundleError::Mismatch {
            preset: base.config().preset.clone(),
            reason: error.to_string(),
        })
    }
}
