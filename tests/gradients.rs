//! Which parameters learn, and whether Burn's gradients are those of the network. In float64, so that finite
//! differences are exact enough to tell.

mod common;

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::{Bool, Device, Distribution, FloatDType, Tensor, TensorData};
use s4eca::model::{
    FeedForward, GuideKind, ModelConfig, Positions, TextArchitecture, Tuning, VitConfig,
};
use s4eca::network::S4eca;
use s4eca::study::{ABLATIONS, prepared, trained};
use s4eca::train::{Checkpoint, Progress};

/// Steps of the central differences. A long step may cross the kink of a ReLU; with a short one, rounding hides a small
/// gradient. A wrong gradient agrees with neither.
const STEPS: [f64; 2] = [1e-5, 1e-6];
/// Largest relative deviation of a directional derivative.
const TOLERANCE: f64 = 1e-5;

/// The CPU in float64. A process can set the type once, and one test at a time uses the device's random numbers.
static DEVICE: LazyLock<(Device, Mutex<()>)> = LazyLock::new(|| {
    let mut device = Device::flex();
    device.configure(FloatDType::F64).expect("not yet in use");
    (device.autodiff(), Mutex::new(()))
});

/// Waits until no other test uses the device.
fn alone() -> MutexGuard<'static, ()> {
    DEVICE.1.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The two families of encoders at the size of `micro`.
fn networks() -> [ModelConfig; 2] {
    let mut public = common::micro_on(VitConfig {
        positions: Positions::Bicubic {
            side: 5,
            offset: 0.1,
            antialias: false,
        },
        feed_forward: FeedForward::SwiGlu,
        ..common::micro_vit()
    });
    public.text.architecture = TextArchitecture::Clip;
    [ModelConfig::micro(), public]
}

/// A network with every parameter moved off its initial value: the up-projections of the adapters start at zero and
/// would let nothing through.
fn network(config: &ModelConfig) -> S4eca {
    DEVICE.0.seed(7);
    prepared(S4eca::new(config, &DEVICE.0)).map(&mut PerturbTrained {
        trained_only: false,
    })
}

/// Adds noise to all parameters, or to the trained ones only.
struct PerturbTrained {
    trained_only: bool,
}

impl ModuleMapper for PerturbTrained {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let trained = param.is_require_grad();
        if self.trained_only && !trained {
            return param;
        }
        param.map(|value| {
            let noise = Tensor::random(value.shape(), Distribution::Normal(0.0, 0.1), &DEVICE.0);
            Tensor::from_inner(value.inner() + noise.inner()).set_require_grad(trained)
        })
    }
}

/// Inputs of two samples, one with padding.
struct Inputs {
    image: Tensor<4>,
    words: Tensor<3>,
    padding: Tensor<2, Bool>,
    /// Weights of the logits, so that every one of them counts in the loss.
    weights: Tensor<4>,
}

impl Inputs {
    fn new(config: &ModelConfig) -> Self {
        DEVICE.0.seed(11);
        let side = config.input;
        let random = Distribution::Normal(0.0, 1.0);
        let padding = [
            [false, false, false, false, true, true],
            [false, false, false, false, false, false],
        ];
        Self {
            image: Tensor::random([2, 3, side, side], random, &DEVICE.0),
            words: Tensor::random([2, 6, config.text.width], random, &DEVICE.0),
            padding: Tensor::from_data(TensorData::from(padding), &DEVICE.0),
            weights: Tensor::random([2, 1, side / 4, side / 4], random, &DEVICE.0),
        }
    }

    fn loss(&self, model: &S4eca) -> Tensor<1> {
        let logits = model.forward(self.image.clone(), self.words.clone(), self.padding.clone());
        (logits * self.weights.clone()).sum()
    }

    fn loss_value(&self, model: &S4eca) -> f64 {
        self.loss(model).inner().into_scalar()
    }

    fn gradients(&self, model: &S4eca) -> GradientsParams {
        GradientsParams::from_grads(self.loss(model).backward(), model)
    }
}

/// The L2 norm of every parameter's gradient; None if it received none.
struct Norms<'a> {
    gradients: &'a GradientsParams,
    path: Vec<String>,
    norms: BTreeMap<String, Option<f64>>,
}

impl ModuleVisitor for Norms<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let norm = self.gradients.get::<D>(param.id).map(|gradient| {
            let square: f64 = (gradient.clone() * gradient).sum().into_scalar();
            square.sqrt()
        });
        self.norms.insert(self.path.join("."), norm);
    }

    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }
}

fn norms(model: &S4eca, gradients: &GradientsParams) -> BTreeMap<String, Option<f64>> {
    let mut visitor = Norms {
        gradients,
        path: Vec::new(),
        norms: BTreeMap::new(),
    };
    model.visit(&mut visitor);
    visitor.norms
}

fn encoder(name: &str) -> bool {
    name.starts_with("text.") || name.starts_with("vision.")
}

/// Whether the parameter `name` has no effect on the loss: softmax ignores a shift of all keys, a batch norm ignores a
/// shift of all its inputs, and running statistics are not learnt.
fn without_effect(name: &str) -> bool {
    name.ends_with("key.bias")
        || name.ends_with("conv.bias") && name.starts_with("peer_")
        || name.contains("running_")
}

/// Moves one parameter along its gradient.
struct Along<'a> {
    gradients: &'a GradientsParams,
    target: &'a str,
    path: Vec<String>,
    distance: f64,
}

impl ModuleMapper for Along<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.path.join(".") != self.target {
            return param;
        }
        let gradient = self.gradients.get::<D>(param.id).expect("a gradient");
        let norm: f64 = (gradient.clone() * gradient.clone()).sum().into_scalar();
        let step = gradient * (self.distance / norm.sqrt());
        param.map(|value| Tensor::from_inner(value.inner() + step))
    }

    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }
}

#[test]
fn frozen_tensors_receive_nothing_and_all_others_something() {
    let _alone = alone();
    for network_config in networks() {
        for row in ABLATIONS {
            let config = row.of(&network_config);
            let model = network(&config);
            let gradients = Inputs::new(&config).gradients(&model);
            let norms = norms(&model, &gradients);
            assert!(norms.len() > 80, "{}: {}", row.name, norms.len());
            for (name, norm) in norms {
                let frozen =
                    encoder(&name) && config.tuning != Tuning::Full && !name.contains(".lora.");
                if frozen {
                    assert_eq!(norm, None, "{}: {name}", row.name);
                } else if !without_effect(&name) && !spared(&config, &name) {
                    let norm = norm.unwrap_or_else(|| panic!("{}: {name}: none", row.name));
                    assert!(norm > 1e-9, "{}: {name}: {norm}", row.name);
                }
            }
        }
    }
}

/// Whether no part of the network reads the output of the parameter `name` in this row.
fn spared(config: &ModelConfig, name: &str) -> bool {
    let parts = config.adapter.parts;
    // The proxies of the last textual adapter go to the visual adapters or back to the words.
    name.starts_with("textual_adapters.")
        && parts.guide == GuideKind::Nothing
        && !parts.text_feedback
}

#[test]
fn only_what_is_trained_goes_into_a_checkpoint() {
    let _alone = alone();
    for row in ABLATIONS {
        let model = network(&row.of(&ModelConfig::micro()));
        let full = model.config().tuning == Tuning::Full;
        let kept = model
            .clone()
            .into_record_group(trained(model.config().tuning));
        let bytes = kept.into_bytes().expect("a record").to_vec();
        let reader = burn_pack::Reader::from_bytes(burn::tensor::Bytes::from_bytes_vec(bytes));
        let tensors = reader.expect("burnpack").into_tensors().expect("tensors");
        assert!(!tensors.is_empty(), "{}", row.name);
        for tensor in tensors {
            let allowed = !encoder(&tensor.name) || full || tensor.name.contains(".lora.");
            assert!(allowed, "{}: {}", row.name, tensor.name);
        }
    }
}

#[test]
fn a_checkpoint_restores_what_was_trained() {
    let _alone = alone();
    for row in ABLATIONS {
        let config = row.of(&ModelConfig::micro());
        let (model, inputs) = (network(&config), Inputs::new(&config));
        let optimizer = AdamWConfig::new().init();
        let progress = Progress::default();
        let kept = Checkpoint::take(progress, &model, None, &trained(config.tuning), &optimizer)
            .expect("a checkpoint");
        let mut bytes = Vec::new();
        kept.write(&mut bytes).expect("a vector takes all");
        let kept = Checkpoint::read(&bytes).expect("what was written");
        let before = inputs.loss_value(&model);
        let other = model
            .clone()
            .map(&mut PerturbTrained { trained_only: true });
        assert_ne!(inputs.loss_value(&other), before, "{}", row.name);
        let restored = kept.apply_to_model(other).expect("the same network");
        assert_eq!(inputs.loss_value(&restored), before, "{}", row.name);
        // LoRA's factors can be merged into the matrices.
        let merged = inputs.loss_value(&model.materialize());
        assert!(
            (merged / before - 1.0).abs() < 1e-9,
            "{}: {merged} {before}",
            row.name
        );
    }
}

#[test]
fn gradients_of_the_adapters_agree_with_finite_differences() {
    let _alone = alone();
    for config in networks() {
        let model = network(&config);
        let inputs = Inputs::new(&config);
        let gradients = inputs.gradients(&model);
        let mut compared = 0;
        for (name, norm) in norms(&model, &gradients) {
            if !name.contains("_adapters.") || without_effect(&name) {
                continue;
            }
            let norm = norm.expect("adapters are trained");
            let moved = |distance: f64| {
                let mut along = Along {
                    gradients: &gradients,
                    target: &name,
                    path: Vec::new(),
                    distance,
                };
                inputs.loss_value(&model.clone().map(&mut along))
            };
            let slopes = STEPS.map(|step| (moved(step) - moved(-step)) / (2.0 * step));
            let agrees = |slope: &f64| (slope / norm - 1.0).abs() < TOLERANCE;
            assert!(slopes.iter().any(agrees), "{name}: {slopes:?} {norm}");
            compared += 1;
        }
        assert!(compared > 60, "{compared}");
    }
}
