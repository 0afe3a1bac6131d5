//! What training changed, by tensor name.

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, Param, ParamId};
use burn::tensor::{ExecutionError, Tensor, TensorData, Transaction};

use crate::model::{ParameterVisitor, walk};
use crate::network::S4eca;

/// Differences between a trained network and the one that it started from.
#[derive(Debug, Clone, PartialEq)]
pub struct Differences(Vec<(String, Vec<f32>)>);

impl Differences {
    /// The tensors in which `trained` differs from `base`, two networks of one config; both without gradients. The
    /// device is read once.
    ///
    /// # Errors
    /// Fails if a tensor cannot be read from its device.
    pub async fn between(base: &S4eca, trained: &S4eca) -> Result<Self, ExecutionError> {
        let (names, before) = trained_values(base).await?;
        let (_, after) = trained_values(trained).await?;
        let pairs = before.iter().zip(&after);
        let differences = names.into_iter().zip(pairs).map(|(name, (before, after))| {
            let pairs = after.iter::<f32>().zip(before.iter::<f32>());
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

    /// Adds `share` of the differences to `base`, a network of the same config.
    pub fn applied(&self, base: &S4eca, share: f32) -> S4eca {
        let mut ids = Ids(HashMap::new());
        walk(base, &mut ids);
        let scaled = self.scaled(share).into_iter();
        let by_id = scaled.filter_map(|(name, values)| Some((*ids.0.get(&name)?, values)));
        base.clone().map(&mut Move(by_id.collect()))
    }
}

/// Names and values of the trained parameters.
async fn trained_values(model: &S4eca) -> Result<(Vec<String>, Vec<TensorData>), ExecutionError> {
    let trained = S4eca::adapters_and_heads();
    let mut read = Read {
        trained: &|param, name| trained.matches(param, Some(name)),
        names: Vec::new(),
        values: Transaction::default(),
    };
    walk(model, &mut read);
    Ok((read.names, read.values.execute_async().await?))
}

struct Read<'a> {
    trained: &'a dyn Fn(&ParamId, &str) -> bool,
    names: Vec<String>,
    values: Transaction,
}

impl ParameterVisitor for Read<'_> {
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
        if (self.trained)(&param.id, name) {
            self.names.push(name.to_owned());
            let values = std::mem::take(&mut self.values);
            self.values = values.register(param.val());
        }
    }
}

/// Ids of parameters by name.
struct Ids(HashMap<String, ParamId>);

impl ParameterVisitor for Ids {
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
        self.0.insert(name.to_owned(), param.id);
    }
}

/// Adds values to parameters.
struct Move(HashMap<ParamId, Vec<f32>>);

impl ModuleMapper for Move {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(values) = self.0.remove(&param.id) else {
            return param;
        };
        param.map(|value| {
            let added = TensorData::new(values, value.shape());
            let added = Tensor::from_data(added, &value.device());
            value + added
        })
    }
}
