//! Clipping gradients by their global norm, which Burn does only parameter by parameter.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

/// Scales all gradients so that their joint L2 norm is at most `limit`; returns the norm before.
/// A norm that is not a number means that the step must not be taken.
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
    let mut scale = Scale {
        from: gradients,
        into: GradientsParams::new(),
        factor: limit / norm,
    };
    model.visit(&mut scale);
    (scale.into, norm)
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
