//! Combines gradients of several batches and ranks, and clips them by their global norm.

use burn::module::{Module, ModuleVisitor, Param, ParamGroup};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorData};

use super::ranks::Ranks;
use crate::model::{ParameterVisitor, walk};

/// Scales all gradients so that their joint L2 norm is at most `limit`; returns the norm before scaling. If
/// the norm is not finite, the step must not be taken.
pub fn clip_global_norm(
    model: &impl Module,
    gradients: GradientsParams,
    limit: f32,
) -> (GradientsParams, f32) {
    let mut squares = Squares {
        gradients: &gradients,
        sum: 0.0,
    };
    model.visit(&mut squares);
    let norm = (squares.sum as f32).sqrt();
    if !norm.is_finite() || norm <= limit {
        return (gradients, norm);
    }
    (scaled(model, gradients, limit / norm), norm)
}

/// Multiplies all gradients by `factor`.
pub fn scaled(model: &impl Module, gradients: GradientsParams, factor: f32) -> GradientsParams {
    let mut scale = Scale {
        from: gradients,
        into: GradientsParams::new(),
        factor,
    };
    model.visit(&mut scale);
    scale.into
}

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

struct Squares<'a> {
    gradients: &'a GradientsParams,
    sum: f64,
}

impl ModuleVisitor for Squares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            let square: f32 = (gradient.clone() * gradient).sum().into_scalar();
            self.sum += f64::from(square);
        }
    }
}

struct Scale {
    from: GradientsParams,
    into: GradientsParams,
    factor: f32,
}

impl ModuleVisitor for Scale {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.from.remove::<D>(param.id) {
            self.into.register(param.id, gradient * self.factor);
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use burn::nn::LinearConfig;
    use burn::tensor::Device;

    #[test]
    fn the_joint_norm_is_cut_to_the_limit() {
        let device = Device::flex().autodiff();
        let model = LinearConfig::new(2, 3).init(&device);
        let loss = model
            .forward(Tensor::<2>::ones([4, 2], &device) * 5.0)
            .sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        // Weight: six entries of 20; bias: three of 4.
        let expected = (6.0f32 * 400.0 + 3.0 * 16.0).sqrt();
        let (gradients, norm) = clip_global_norm(&model, gradients, 1.0);
        assert!((norm - expected).abs() < 1e-3);
        let (_, norm) = clip_global_norm(&model, gradients, 1.0);
        assert!((norm - 1.0).abs() < 1e-5);
    }
}
