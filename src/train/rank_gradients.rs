//! Averages gradients over ranks.

use burn::module::{Module, Param, ParamGroup};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorData};

use super::ranks::Ranks;
use crate::model::{ParameterVisitor, walk};

/// Averages the gradients of the parameters in `trained` over the ranks, weighted by each rank's number of
/// samples. The result is the same on all ranks.
pub fn average_over_ranks(
    model: &impl Module,
    gradients: GradientsParams,
    trained: &ParamGroup,
    samples: usize,
    ranks: &Ranks,
) -> GradientsParams {
    if ranks.count() == 1 {
        return gradients;
    }
    let mut flat = Flatten {
        trained,
        gradients: &gradients,
        values: Vec::new(),
    };
    walk(model, &mut flat);
    let mut values = flat.values;
    ranks.weighted_average(&mut values, samples as f32);
    let mut back = Unflatten {
        trained,
        values: &values,
        gradients: GradientsParams::new(),
    };
    walk(model, &mut back);
    back.gradients
}

/// Concatenates gradients in the order of the module. A missing gradient becomes zeros, because another rank
/// may have it.
struct Flatten<'a> {
    trained: &'a ParamGroup,
    gradients: &'a GradientsParams,
    values: Vec<f32>,
}

impl ParameterVisitor for Flatten<'_> {
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
        if !self.trained.matches(&param.id, Some(name)) {
            return;
        }
        match self.gradients.get::<D>(param.id) {
            Some(gradient) => self.values.extend(gradient.into_data().iter::<f32>()),
            None => {
                let count = param.lazy_shape().num_elements();
                self.values.resize(self.values.len() + count, 0.0);
            }
        }
    }
}

/// Splits the concatenated values back into gradients.
struct Unflatten<'a> {
    trained: &'a ParamGroup,
    values: &'a [f32],
    gradients: GradientsParams,
}

impl ParameterVisitor for Unflatten<'_> {
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
        if !self.trained.matches(&param.id, Some(name)) {
            return;
        }
        let shape = param.lazy_shape();
        let (values, rest) = self.values.split_at(shape.num_elements());
        self.values = rest;
        if param.is_require_grad() {
            let device = param.lazy_device().inner();
            let data = TensorData::new(values.to_vec(), shape);
            self.gradients
                .register(param.id, Tensor::<D>::from_data(data, &device));
        }
    }
}
