//! Scales gradients, and clips them by their global norm.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{ExecutionError, Tensor};

/// Scales all gradients so that their joint L2 norm is at most `limit`; returns the norm before scaling. If
/// the norm is not finite, the step must not be taken. The device is read once.
///
/// # Errors
/// Fails if the device does.
pub async fn clip_global_norm(
    model: &impl Module,
    gradients: GradientsParams,
    limit: f32,
) -> Result<(GradientsParams, f32), ExecutionError> {
    let mut squares = Squares {
        gradients: &gradients,
        sums: Vec::new(),
    };
    model.visit(&mut squares);
    let sum: f64 = match squares.sums.is_empty() {
        true => 0.0,
        false => {
            let sums = Tensor::cat(squares.sums, 0).into_data_async().await?;
            sums.iter::<f32>().map(f64::from).sum()
        }
    };
    let norm = (sum as f32).sqrt();
    if !norm.is_finite() || norm <= limit {
        return Ok((gradients, norm));
    }
    Ok((scaled(model, gradients, limit / norm), norm))
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

struct Squares<'a> {
    gradients: &'a GradientsParams,
    /// The sum of the squares of every parameter's gradient.
    sums: Vec<Tensor<1>>,
}

impl ModuleVisitor for Squares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            self.sums.push((gradient.clone() * gradient).sum());
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
        let (gradients, norm) =
            pollster::block_on(clip_global_norm(&model, gradients, 1.0)).expect("a norm");
        assert!((norm - expected).abs() < 1e-3);
        let (_, norm) =
            pollster::block_on(clip_global_norm(&model, gradients, 1.0)).expect("a norm");
        assert!((norm - 1.0).abs() < 1e-5);
    }
}
