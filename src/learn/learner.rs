//! A network that learns: its parameters, their average, and the optimizer.

use burn::module::{Module, ParamGroup};
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::ExecutionError;

use super::average::Average;
use super::gradients::clip_global_norm;

/// AdamW's epsilon.
const EPSILON: f32 = 1e-8;

/// A network with its optimizer, AdamW, and the moving average of its trained parameters.
pub struct Learner<M> {
    /// The network.
    pub model: M,
    /// The average, if there is one.
    pub average: Option<Average<M>>,
    /// The optimizer.
    pub optimizer: ModuleOptimizer,
}

impl<M: Module> Learner<M> {
    /// Starts from `model`. `decay`: decay of the moving average; 0 for no average.
    pub fn new(model: M, weight_decay: f32, decay: f32) -> Self {
        let optimizer = AdamWConfig::new()
            .with_epsilon(EPSILON)
            .with_weight_decay(weight_decay)
            .init();
        Self {
            average: (decay > 0.0).then(|| Average::new(model.clone(), decay)),
            model,
            optimizer,
        }
    }

    /// Takes step `step`, counted from 1, if the gradients are finite. `clip`: their largest joint norm. Returns the
    /// norm that they had.
    ///
    /// # Errors
    /// Fails if the device does.
    pub async fn step(
        &mut self,
        gradients: GradientsParams,
        clip: f32,
        rates: ModuleLearningRate,
        trained: &ParamGroup,
        step: u64,
    ) -> Result<f32, ExecutionError> {
        let (gradients, norm) = clip_global_norm(&self.model, gradients, clip).await?;
        if norm.is_finite() {
            self.model = self.optimizer.step(rates, self.model.clone(), gradients);
            if let Some(average) = &mut self.average {
                average.update(&self.model, trained, step);
            }
        }
        Ok(norm)
    }

    /// The network that is measured: the average if there is one.
    pub fn measured(&self) -> &M {
        self.average
            .as_ref()
            .map_or(&self.model, |average| &average.model)
    }
}
