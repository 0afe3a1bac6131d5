//! Takes the steps of a training and receives the progress.

use std::future::Future;

use anyhow::ensure;
use burn::optim::GradientsParams;
use burn::tensor::Device;

use super::lesson::{Course, Lesson};
use crate::learn::Learner;
use crate::network::S4eca;

/// Largest joint norm of the gradients.
const CLIP: f32 = 1.0;

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// Work done, in samples of a training.
    pub done: f64,
    /// All work.
    pub total: f64,
    /// Number of the training, from 1; 0 before the first.
    pub part: usize,
    /// Number of trainings.
    pub parts: usize,
    /// Loss of the last step, if a step was taken.
    pub loss: Option<f64>,
}

/// Takes the steps of trainings.
pub trait Trainer {
    /// Trains `model`, which has gradients, on a lesson. Returns the average over the last steps.
    fn train(
        &mut self,
        lesson: Lesson,
        model: S4eca,
        work: Progress,
    ) -> impl Future<Output = anyhow::Result<S4eca>>;

    /// Receives the progress. An error ends the work.
    fn tell(&mut self, progress: Progress) -> impl Future<Output = anyhow::Result<()>>;
}

/// Takes the steps of `lesson` one after another; `after` is called with the number of steps taken and the loss of
/// the last. An error that it returns ends the training.
///
/// # Errors
/// Fails if the training diverges, the device fails, or `after` does.
pub async fn take_steps(
    lesson: &Lesson,
    model: S4eca,
    device: &Device,
    mut after: impl AsyncFnMut(u64, f64) -> anyhow::Result<()>,
) -> anyhow::Result<S4eca> {
    let trained = S4eca::adapters_and_heads();
    let Course { steps, batch, .. } = lesson.course;
    let schedule = lesson.course.schedule();
    let mut learner = Learner::new(model, 0.0, Course::AVERAGE);
    for step in 0..steps {
        let samples = lesson.batch(step, 0..batch)?;
        let loss = lesson.loss(&learner.model, samples, device);
        let value: f32 = loss.clone().inner().into_scalar_async().await?;
        ensure!(
            value.is_finite(),
            "the loss became {value} at step {}",
            step + 1
        );
        let gradients = GradientsParams::from_grads(loss.backward(), &learner.model);
        let rate = schedule.at(step).into();
        learner
            .step(gradients, CLIP, rate, &trained, step + 1)
            .await?;
        after(step + 1, f64::from(value)).await?;
    }
    Ok(learner.measured().clone())
}
