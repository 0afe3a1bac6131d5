//! A batch computed in several parts side by side, on threads of their own.
//!
//! Burn's CPU backend runs many small operations on one core; parts of a batch that run at the same time
//! keep the others busy. Each part has a graph of its own, and gradients are added up in the order of
//! the parts, so the numbers depend on how many there are and on nothing else.

use std::ops::Range;
use std::thread;

use burn::module::{Module, ModuleMapper, Param};
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::Tensor;

use super::gradients::scaled;
use super::ranks::share_of;
use super::stage::Stage;

/// A part of a batch.
pub struct Part<B> {
    /// Its samples.
    pub batch: B,
    /// How many there are.
    pub samples: usize,
}

/// What the parts of a batch gave together.
#[derive(Debug, Clone, Copy)]
pub struct Sum {
    /// The sum of the samples' losses.
    pub loss: f64,
    /// Samples.
    pub samples: usize,
}

/// The samples `share` of batch `index` in at most `lanes` parts.
///
/// # Errors
/// As [`Stage::batch`].
pub fn parts<S: Stage>(
    stage: &S,
    index: u64,
    share: &Range<usize>,
    lanes: usize,
) -> anyhow::Result<Vec<Part<S::Batch>>> {
    let lanes = lanes.clamp(1, share.len().max(1));
    let mut parts = Vec::with_capacity(lanes);
    for lane in 0..lanes {
        let inside = share_of(lane, lanes, share.len());
        let range = share.start + inside.start..share.start + inside.end;
        if !range.is_empty() {
            parts.push(Part {
                samples: range.len(),
                batch: stage.batch(index, range)?,
            });
        }
    }
    Ok(parts)
}

/// Runs the parts side by side and adds their gradients to `sums`, each weighed by its share of the
/// batch. `loss`: the mean over a part's samples; `factor`: what it is multiplied with before the
/// backward pass, and the gradients with it.
pub fn run<M: Module, B: Send>(
    model: &M,
    parts: Vec<Part<B>>,
    loss: impl Fn(&M, B) -> Tensor<1> + Sync,
    factor: f32,
    sums: &mut GradientsAccumulator<M>,
) -> Sum {
    let samples: usize = parts.iter().map(|part| part.samples).sum();
    let one = |model: M, part: Part<B>| {
        let loss = loss(&model, part.batch);
        let value: f32 = loss.clone().inner().into_scalar();
        let loss = match factor {
            1.0 => loss,
            factor => loss.mul_scalar(factor),
        };
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        let share = part.samples as f32 / samples as f32;
        let gradients = match part.samples == samples {
            true => gradients,
            false => scaled(&model, gradients, share),
        };
        (f64::from(value) * part.samples as f64, gradients)
    };
    let done: Vec<(f64, GradientsParams)> = match parts.len() {
        0 | 1 => parts
            .into_iter()
            .map(|part| one(model.clone(), part))
            .collect(),
        _ => thread::scope(|scope| {
            let lanes: Vec<_> = parts
                .into_iter()
                .map(|part| {
                    let model = model.clone().map(&mut Apart);
                    scope.spawn(|| one(model, part))
                })
                .collect();
            let join = |lane: thread::ScopedJoinHandle<'_, _>| match lane.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            lanes.into_iter().map(join).collect()
        }),
    };
    let mut sum = 0.0;
    for (value, gradients) in done {
        sum += value;
        sums.accumulate(model, gradients);
    }
    Sum { loss: sum, samples }
}

/// Gives every parameter a place of its own in the graph; the values are shared.
struct Apart;

impl ModuleMapper for Apart {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(Tensor::detach)
    }
}
