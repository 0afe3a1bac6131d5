//! The exponential moving average of the trained parameters. It is smoother than the last step, and it is
//! what is measured and shipped.

use burn::module::{Module, ModuleMapper, Param, ParamGroup};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use crate::model::{ParameterVisitor, walk};

/// An average of the trained parameters, in a separate network that shares the frozen parameters.
#[derive(Debug, Clone)]
pub struct Average<M> {
    /// The averaged network.
    pub model: M,
    decay: f32,
}

impl<M: Module> Average<M> {
    /// Starts from `model`. `decay`: the share of the average that each step keeps, below 1.
    pub fn new(model: M, decay: f32) -> Self {
        Self { model, decay }
    }

    /// Moves the average towards `model` after step `step`, counted from 1. Early steps have a larger weight,
    /// so that the random initial weights are soon forgotten.
    pub fn update(&mut self, model: &M, trained: &ParamGroup, step: u64) {
        let step = step as f32;
        let decay = self.decay.min((1.0 + step) / (10.0 + step));
        let mut current = Collect {
            trained,
            values: GradientsParams::new(),
        };
        walk(model, &mut current);
        let mut blend = Blend {
            current: current.values,
            decay,
        };
        self.model = self.model.clone().map(&mut blend);
    }
}

/// Values by parameter, in Burn's container for gradients.
struct Collect<'a> {
    trained: &'a ParamGroup,
    values: GradientsParams,
}

impl ParameterVisitor for Collect<'_> {
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
        if self.trained.matches(&param.id, Some(name)) {
            self.values.register(param.id, param.base().inner());
        }
    }
}

struct Blend {
    current: GradientsParams,
    decay: f32,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(current) = self.current.remove::<D>(param.id) else {
            return param;
        };
        let decay = self.decay;
        param.map(|value| {
            let trained = value.is_require_grad();
            let blended = value.inner() * decay + current * (1.0 - decay);
            Tensor::from_inner(blended).set_require_grad(trained)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::Device;

    fn constant(value: f32, like: &Linear) -> Linear {
        struct Set(f32);
        impl ModuleMapper for Set {
            fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
                let value = self.0;
                param.map(|old| Tensor::from_inner(old.inner() * 0.0 + value).require_grad())
            }
        }
        like.clone().map(&mut Set(value))
    }

    fn first(model: &Linear) -> f32 {
        model
            .weight
            .val()
            .inner()
            .into_data()
            .iter::<f32>()
            .next()
            .expect("a weight")
    }

    #[test]
    fn the_average_follows_what_is_trained_alone() {
        let device = Device::flex().autodiff();
        let start = LinearConfig::new(2, 2).init(&device);
        let (zero, one) = (constant(0.0, &start), constant(1.0, &start));
        let mut average = Average::new(zero.clone(), 0.9);
        average.update(&one, &ParamGroup::from_predicate("weight"), 1_000);
        assert!((first(&average.model) - 0.1).abs() < 1e-6);
        average.update(&one, &ParamGroup::from_predicate("weight"), 1_001);
        assert!((first(&average.model) - 0.19).abs() < 1e-6);
        let bias = average.model.bias.as_ref().expect("a bias").val().inner();
        assert_eq!(
            bias.into_data().iter::<f32>().collect::<Vec<_>>(),
            [0.0, 0.0]
        );
        // Early steps have a larger weight.
        let mut early = Average::new(zero, 0.999);
        early.update(&one, &ParamGroup::all(), 1);
        assert!((first(&early.model) - 9.0 / 11.0).abs() < 1e-6);
    }
}
