//! Frozen encoders in 16 bits with trained parameters in f32: nearly the same numbers, the same guarantees.

mod common;

use std::fs;
use std::path::Path;

use burn::module::{Module, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Bool, DType, Device, Distribution, FloatDType, Tensor, TensorData};
use s4eca::cli::PerturbTrained;
use s4eca::model::{
    FeedForward, FrozenPrecision, ModelConfig, ParameterVisitor, Positions, TextArchitecture,
    VitConfig, walk,
};
use s4eca::network::S4eca;
use s4eca::study::prepared;

/// How far a number may be from its f32 value, in rounding errors of the type. Every matrix product rounds its inputs
/// and its output. `micro` has nine products in sequence on its longer side, and as many again in the backward pass.
/// The errors do not all have the same sign.
const ROUNDINGS: f64 = 8.0;

/// Largest relative error of rounding to the type.
fn rounding(precision: FrozenPrecision) -> f64 {
    match precision {
        FrozenPrecision::F32 => f64::powi(2.0, -24),
        FrozenPrecision::F16 => f64::powi(2.0, -11),
        FrozenPrecision::Bf16 => f64::powi(2.0, -8),
    }
}

/// A loss, and the gradients of all parameters by name; None if there is none.
type Found = (f64, Vec<(String, Option<Vec<f32>>)>);

/// A network on the CPU, with inputs, whose loss and gradients can be computed on any device.
struct Case {
    model: S4eca,
    image: TensorData,
    words: TensorData,
    weights: TensorData,
}

impl Case {
    fn new(config: &ModelConfig) -> Self {
        let cpu = Device::flex();
        let autodiff = cpu.clone().autodiff();
        cpu.seed(5);
        let random = |shape: [usize; 4]| {
            Tensor::<4>::random(shape, Distribution::Normal(0.0, 1.0), &cpu).into_data()
        };
        let side = config.input;
        Self {
            model: prepared(S4eca::new(config, &autodiff)).map(&mut PerturbTrained),
            image: random([2, 3, side, side]),
            words: random([1, 2, 6, config.text.width]),
            weights: random([2, 1, side / 4, side / 4]),
        }
    }

    /// The loss, scaled for the backward pass as in training, and the gradients of all parameters, by name, on the
    /// host.
    fn run(&self, device: &Device, precision: FrozenPrecision) -> Found {
        let device = device.clone().autodiff();
        let model = self.model.clone().fork(&device);
        let model = model.with_frozen_precision(precision);
        let image = Tensor::<4>::from_data(self.image.clone(), &device);
        let words = Tensor::<4>::from_data(self.words.clone(), &device).squeeze_dim::<3>(0);
        let padding = [[false, false, false, false, true, true], [false; 6]];
        let padding = Tensor::<2, Bool>::from_data(TensorData::from(padding), &device);
        let weights = Tensor::<4>::from_data(self.weights.clone(), &device);
        let logits = model.forward(image, words, padding);
        assert_eq!(logits.dtype(), DType::F32);
        let loss = (logits * weights).mean();
        let value: f32 = loss.clone().inner().into_scalar();
        let scale = 4096.0;
        let gradients = GradientsParams::from_grads(loss.mul_scalar(scale).backward(), &model);
        let mut read = Read {
            gradients,
            scale,
            found: Vec::new(),
        };
        walk(&model, &mut read);
        (f64::from(value), read.found)
    }
}

struct Read {
    gradients: GradientsParams,
    scale: f32,
    found: Vec<(String, Option<Vec<f32>>)>,
}

impl ParameterVisitor for Read {
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
        let gradient = self.gradients.remove::<D>(param.id).map(|gradient| {
            assert_eq!(gradient.dtype(), DType::F32);
            assert_eq!(param.val().dtype(), DType::F32);
            let values = (gradient / self.scale).into_data();
            values.iter::<f32>().collect()
        });
        self.found.push((name.to_owned(), gradient));
    }
}

/// Compares `precision` on `device` with f32 on the same device.
fn compare(case: &Case, device: &Device, precision: FrozenPrecision) {
    let expected = case.run(device, FrozenPrecision::F32);
    let found = case.run(device, precision);
    let gradients = apart(&expected, &found, ROUNDINGS * rounding(precision));
    assert!(gradients > 0.0, "{precision}: the matrices were not cast");
}

/// Returns the relative distance of the gradients. It must be at most `tolerance`, and so must the relative deviation
/// of the losses.
fn apart(expected: &Found, found: &Found, tolerance: f64) -> f64 {
    let ((expected, full), (found, half)) = (expected, found);
    let (mut square, mut apart) = (0.0, 0.0);
    for ((name, full), (_, half)) in full.iter().zip(half) {
        let encoder = name.starts_with("text.") || name.starts_with("vision.");
        assert_eq!(half.is_none(), encoder, "{name}");
        for (full, half) in full.iter().flatten().zip(half.iter().flatten()) {
            square += f64::from(*full).powi(2);
            apart += f64::from(full - half).powi(2);
        }
    }
    let gradients = (apart / square).sqrt();
    let loss = (found - expected).abs() / expected.abs();
    println!("losses {expected} and {found}, {loss:.1e} apart, gradients {gradients:.1e}");
    assert!(gradients < tolerance, "{gradients}");
    assert!(loss < tolerance, "{expected} {found}");
    gradients
}

#[test]
fn losses_and_gradients_are_near_those_of_f32_on_the_cpu() {
    let mut public = common::micro_on(VitConfig {
        positions: Positions::Rotary { base: 100.0 },
        feed_forward: FeedForward::SwiGlu,
        ..common::micro_vit()
    });
    public.text.architecture = TextArchitecture::Clip;
    for config in [ModelConfig::micro(), public] {
        for precision in [FrozenPrecision::F16, FrozenPrecision::Bf16] {
            compare(&Case::new(&config), &Device::flex(), precision);
        }
    }
}

#[test]
fn losses_and_gradients_are_near_those_of_f32_on_vulkan() {
    let Some(vulkan) = common::vulkan("f16 on a GPU") else {
        return;
    };
    let case = Case::new(&ModelConfig::micro());
    let cpu = case.run(&Device::flex(), FrozenPrecision::F32);
    // A single ReLU on the other side of zero matters more than all the rounding of f32.
    apart(&cpu, &case.run(&vulkan.device, FrozenPrecision::F32), 1e-3);
    for precision in [FrozenPrecision::F16, FrozenPrecision::Bf16] {
        match precision.check(&vulkan.device, &vulkan.name) {
            Ok(()) => compare(&case, &vulkan.device, precision),
            Err(error) => {
                // Burn's answer must agree: nothing is computed in a type that the device does not support.
                let half = match precision {
                    FrozenPrecision::Bf16 => FloatDType::BF16,
                    _ => FloatDType::F16,
                };
                assert!(!vulkan.device.supports_dtype(half), "{error}");
                assert!(error.to_string().contains("choose f32"), "{error}");
            }
        }
    }
}

const MICRO: &str = "train --preset micro --encoders random weights/tiny --steps 6 --batch 4 \
                     --phrases-per-scene 1 --warmup 1 --validation-samples 4 --validate-every 3 \
                     --checkpoint-every 3 --keep 9";

fn arguments<'a>(run: &'a Path, more: &'a str) -> Vec<&'a str> {
    let mut all: Vec<&str> = MICRO.split_whitespace().collect();
    all.extend(["--run", common::text(run)]);
    all.extend(more.split_whitespace());
    all
}

/// Trains a new run and returns the losses.
fn train(run: &Path, more: &str) -> Vec<f64> {
    common::succeed(&arguments(run, more));
    common::losses(run)
}

#[test]
fn a_training_is_near_that_in_f32_and_resumes_to_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let full = train(&path("f32"), "--device cpu");
    for precision in [FrozenPrecision::F16, FrozenPrecision::Bf16] {
        let run = path(precision.name());
        let half = format!("--device cpu --frozen-precision {precision}");
        let losses = train(&run, &half);
        assert_ne!(losses, full, "{precision}");
        for (full, half) in full.iter().zip(&losses) {
            let apart = (half / full - 1.0).abs();
            assert!(apart < ROUNDINGS * rounding(precision), "{full} {half}");
        }
        // The state of a run that was killed after step 3: it stores f32, and the remaining steps give the same losses.
        fs::remove_file(run.join("checkpoints/step-00000006.ckpt")).expect("the last checkpoint");
        let resumed = common::succeed(&arguments(&run, "--device cpu --resume"));
        assert!(resumed.contains("resuming after step 3"), "{resumed}");
        assert_eq!(common::losses(&run), losses, "{precision}");
        let error = common::fail(&arguments(
            &run,
            "--device cpu --resume --frozen-precision f32",
        ));
        assert!(
            error.contains(&format!("--frozen-precision {precision}")),
            "{error}"
        );
    }
}

#[test]
fn what_is_trained_is_not_put_into_sixteen_bits() {
    let folder = tempfile::tempdir().expect("a folder");
    for row in ["full", "lora"] {
        let more = format!("--device cpu --frozen-precision f16 --ablate {row}");
        let error = common::fail(&arguments(&folder.path().join(row), &more));
        assert!(error.contains("omit --frozen-precision"), "{error}");
    }
    let more = "--device cpu --frozen-precision f8";
    let error = common::fail(&arguments(&folder.path().join("f8"), more));
    assert!(error.contains("f32, f16, bf16"), "{error}");
}
