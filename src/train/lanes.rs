//! Computes a batch in several parts in parallel, each on its own thread, on one or several devices.
//!
//! Burn's CPU backend runs many small operations on one core; parts that run at the same time use the other
//! cores. With several GPUs, each one computes parts, and each except the first has a replica of the network. Before a
//! step the trained parameters are copied to the replicas; after it their gradients are copied back. Each part has its
//! own graph, and gradients are added in the order of the parts, so the result depends only on the number of parts and
//! on the devices that compute them.

use std::any::Any;
use std::collections::HashMap;
use std::ops::Range;
use std::thread;

use burn::module::{Module, ModuleMapper, Param, ParamGroup, ParamId};
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::{Device, Tensor};

use super::ranks::share_of;
use super::stage::Stage;
use crate::learn::scaled;
use crate::model::{ParameterVisitor, walk};

/// A part of a batch.
pub struct Part<B> {
    /// Its samples.
    pub batch: B,
    /// Number of samples.
    pub samples: usize,
}

/// The combined result of the parts of a batch.
#[derive(Debug, Clone, Copy)]
pub struct Sum {
    /// The sum of the samples' losses.
    pub loss: f64,
    /// Number of samples in all parts.
    pub samples: usize,
}

/// Makes the samples `share` of batch `index`, split into at most `lanes` parts.
///
/// # Errors
/// Same as [`Stage::batch`].
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

/// The devices on which the parts of a batch are computed, in turn.
pub struct Lanes<M> {
    first: Device,
    /// Each device, and its replica of the network unless it is the first device.
    places: Vec<(Device, Option<M>)>,
}

impl<M: Module> Lanes<M> {
    /// Creates lanes on `first`, where `model` is, and on `others`; all with gradients. A device may occur
    /// several times.
    pub fn new(model: &M, first: &Device, others: &[Device]) -> Self {
        let mut places = vec![(first.clone(), None)];
        for device in others {
            let apart = device != first;
            let replica = apart.then(|| model.clone().fork(device));
            places.push((device.clone(), replica));
        }
        Self {
            first: first.clone(),
            places,
        }
    }

    /// Copies the `trained` parameters of `model` to the replicas.
    pub fn follow(&mut self, model: &M, trained: &ParamGroup) {
        let replicas = self.places.iter_mut();
        let mut replicas = replicas
            .filter_map(|(device, replica)| replica.as_mut().map(|replica| (device, replica)))
            .peekable();
        if replicas.peek().is_none() {
            return;
        }
        let mut current = Values {
            trained,
            found: HashMap::new(),
        };
        walk(model, &mut current);
        for (device, replica) in replicas {
            *replica = replica.clone().map(&mut Follow {
                values: &current.found,
                device,
            });
        }
    }

    /// Runs the parts in parallel and adds their gradients to `sums` on the first device, each weighted by
    /// its share of the batch. `loss` returns the mean over a part's samples. It is multiplied by `factor`
    /// before the backward pass, so the gradients are too.
    pub fn run<B: Send>(
        &self,
        model: &M,
        parts: Vec<Part<B>>,
        loss: impl Fn(&M, B, &Device) -> Tensor<1> + Sync,
        factor: f32,
        sums: &mut GradientsAccumulator<M>,
    ) -> Sum {
        let samples: usize = parts.iter().map(|part| part.samples).sum();
        let first = &self.first;
        let one = |model: M, device: &Device, part: Part<B>| {
            let loss = loss(&model, part.batch, device);
            let value: f32 = loss.clone().inner().into_scalar();
            let loss = match factor {
                1.0 => loss,
                factor => loss.mul_scalar(factor),
            };
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            let share = part.samples as f32 / samples as f32;
            let mut gradients = match part.samples == samples {
                true => gradients,
                false => scaled(&model, gradients, share),
            };
            if device != first {
                gradients = gradients.to_device(&first.clone().inner(), &model);
            }
            (f64::from(value) * part.samples as f64, gradients)
        };
        let places = self.places.iter().cycle();
        let done: Vec<(f64, GradientsParams)> = match parts.len() {
            0 | 1 => parts
                .into_iter()
                .map(|part| one(model.clone(), first, part))
                .collect(),
            _ => thread::scope(|scope| {
                let lanes: Vec<_> = parts
                    .into_iter()
                    .zip(places)
                    .map(|(part, (device, replica))| {
                        let model = replica.as_ref().unwrap_or(model).clone().map(&mut Apart);
                        let one = &one;
                        scope.spawn(move || one(model, device, part))
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
}

/// Detaches every parameter, so that each part has its own graph; the values are shared.
struct Apart;

impl ModuleMapper for Apart {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(Tensor::detach)
    }
}

/// Collects the trained parameters by id, each a tensor of its own rank.
struct Values<'a> {
    trained: &'a ParamGroup,
    found: HashMap<ParamId, Box<dyn Any>>,
}

impl ParameterVisitor for Values<'_> {
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
        if self.trained.matches(&param.id, Some(name)) {
            self.found.insert(param.id, Box::new(param.base()));
        }
    }
}

/// Copies the collected values into a replica. They are moved and detached as in [`Module::fork`], which
/// keeps gradient checkpointing.
struct Follow<'a> {
    values: &'a HashMap<ParamId, Box<dyn Any>>,
    device: &'a Device,
}

impl ModuleMapper for Follow<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let value = self.values.get(&param.id);
        let Some(value) = value.and_then(|value| value.downcast_ref::<Tensor<D>>()) else {
            return param;
        };
        param.map(|old| {
            let moved = value.clone().to_device(self.device).detach();
            moved.set_require_grad(old.is_require_grad())
        })
    }
}
