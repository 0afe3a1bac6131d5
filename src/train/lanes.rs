//! A batch computed in several parts side by side, on threads of their own and on one device or several.
//!
//! Burn's CPU backend runs many small operations on one core; parts of a batch that run at the same time
//! keep the others busy. Several GPUs each take parts, with a replica of the network on every one but
//! the first: before a step what is trained is copied to the replicas, after it their gradients come
//! back. Each part has a graph of its own, and gradients are added up in the order of the parts, so the
//! numbers depend on how many there are, on what computes them, and on nothing else.

use std::any::Any;
use std::collections::HashMap;
use std::ops::Range;
use std::thread;

use burn::module::{Module, ModuleMapper, Param, ParamGroup, ParamId};
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::{Device, Tensor};

use super::gradients::scaled;
use super::ranks::share_of;
use super::stage::Stage;
use crate::model::{Look, walk};

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

/// The devices that the parts of a batch are computed on, in turn.
pub struct Lanes<M> {
    first: Device,
    /// Every device, and the network on it where it is not the first.
    places: Vec<(Device, Option<M>)>,
}

impl<M: Module> Lanes<M> {
    /// Lanes on `first`, where `model` is, and on the `others`; all of them with gradients. A device may
    /// be named several times.
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

    /// Brings what is `trained` of `model` to the replicas.
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

    /// Runs the parts side by side and adds their gradients to `sums`, each weighed by its share of the
    /// batch, on the first device. `loss`: the mean over a part's samples; `factor`: what it is
    /// multiplied with before the backward pass, and the gradients with it.
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

/// Gives every parameter a place of its own in the graph; the values are shared.
struct Apart;

impl ModuleMapper for Apart {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(Tensor::detach)
    }
}

/// What is trained, each a tensor of its own rank, by parameter.
struct Values<'a> {
    trained: &'a ParamGroup,
    found: HashMap<ParamId, Box<dyn Any>>,
}

impl Look for Values<'_> {
    fn look<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
        if self.trained.matches(&param.id, Some(name)) {
            self.found.insert(param.id, Box::new(param.base()));
        }
    }
}

/// Puts them into a replica. Moved and detached as [`Module::fork`] does it, which keeps gradient
/// checkpointing.
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
