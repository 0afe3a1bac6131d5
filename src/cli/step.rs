//! `s4eca step`: times a training step, or exports one so that another implementation can run the same.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::module::{Module, ModuleMapper, Param};
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::{Bool, Device, Distribution, Tensor, TensorData};
use clap::Args;
use safetensors::tensor::Dtype;

use super::DeviceChoice;
use super::network::{NetworkArgs, frozen_precision};
use super::tensor_file::TensorFile;
use crate::learn::{Learner, LossWeights};
use crate::model::{FrozenPrecision, MASK_STRIDE, ModelConfig, ParameterVisitor, walk};
use crate::network::S4eca;
use crate::study::{prepared, trained};
use crate::train::{Lanes, Part, share_of};

/// Steps that run before timing starts.
const WARM_UP: usize = 2;
/// Maximum global norm of the gradients.
const CLIP: f32 = 1.0;
/// Name prefixes of the gradients to export.
const EXPORTED: [&str; 4] = [
    "textual_adapters.0.",
    "visual_adapters.0.",
    "neck.merge.",
    "head.",
];

/// Arguments of `step`.
#[derive(Debug, Args)]
pub struct StepArgs {
    /// Preset: micro, tiny, small or base
    #[arg(long, default_value = "tiny")]
    preset: String,
    #[command(flatten)]
    network: NetworkArgs,
    /// Batch size in samples
    #[arg(long, default_value_t = 8)]
    batch: usize,
    /// Input side in pixels; 0 for the preset's own
    #[arg(long, default_value_t = 0)]
    side: usize,
    /// Tokens per phrase
    #[arg(long, default_value_t = 20)]
    words: usize,
    /// Number of steps to time; the median is reported
    #[arg(long, default_value_t = 7)]
    steps: usize,
    /// Number of parts of a batch that are computed in parallel
    #[arg(long, default_value_t = 1)]
    lanes: usize,
    /// Data type of the frozen encoders' matrices: f32, f16 or bf16
    #[arg(long, default_value_t)]
    frozen_precision: FrozenPrecision,
    /// Safetensors file to export network, inputs, loss and gradients to, instead of timing
    #[arg(long)]
    export: Option<PathBuf>,
    /// Device to compute on
    #[arg(long, value_enum, default_value = "cpu")]
    device: DeviceChoice,
}

/// One batch on the device.
struct Inputs {
    image: Tensor<4>,
    words: Tensor<3>,
    padding: Tensor<2, Bool>,
    target: Tensor<4>,
}

impl Inputs {
    fn new(config: &ModelConfig, args: &StepArgs, side: usize, device: &Device) -> Self {
        let random = Distribution::Normal(0.0, 1.0);
        let (batch, words) = (args.batch, args.words);
        let fine = side / MASK_STRIDE;
        // The phrase of the last sample has half the length.
        let padding = (0..batch * words)
            .map(|place| place / words + 1 == batch && place % words >= words.div_ceil(2))
            .collect();
        let padding = TensorData::new::<bool, _>(padding, [batch, words]);
        let uniform = Distribution::Uniform(0.0, 1.0);
        Self {
            image: Tensor::random([batch, 3, side, side], random, device),
            words: Tensor::random([batch, words, config.text.width], random, device),
            padding: Tensor::from_data(padding, device),
            target: Tensor::random([batch, 1, fine, fine], uniform, device),
        }
    }

    /// The samples in `range`.
    fn narrowed(&self, range: Range<usize>) -> Self {
        let (start, count) = (range.start, range.len());
        Self {
            image: self.image.clone().narrow(0, start, count),
            words: self.words.clone().narrow(0, start, count),
            padding: self.padding.clone().narrow(0, start, count),
            target: self.target.clone().narrow(0, start, count),
        }
    }

    fn logits(&self, model: &S4eca) -> Tensor<4> {
        model.forward(self.image.clone(), self.words.clone(), self.padding.clone())
    }

    fn loss(&self, logits: Tensor<4>) -> Tensor<1> {
        LossWeights::default().loss(logits, self.target.clone(), None)
    }
}

/// Runs the command.
pub fn run(args: &StepArgs) -> anyhow::Result<()> {
    anyhow::ensure!(
        args.batch > 0 && args.words > 2 && args.steps > 0,
        "--batch and --steps must be at least 1, --words at least 3"
    );
    let config = args.network.config(&args.preset)?;
    let side = if args.side == 0 {
        config.input
    } else {
        args.side
    };
    config.check_input([side, side])?;
    anyhow::ensure!(
        args.words <= config.text.tokens,
        "--words {}: a phrase has at most {} tokens",
        args.words,
        config.text.tokens
    );
    let chosen = args.device.open()?;
    let frozen = frozen_precision(args.frozen_precision, &config)?;
    frozen.check(&chosen.device, &chosen.name)?;
    let device = chosen.device.clone().autodiff();
    device.seed(1);
    let model = prepared(S4eca::new(&config, &device));
    let model = model.with_frozen_precision(frozen);
    let inputs = Inputs::new(&config, args, side, &device);
    if let Some(path) = &args.export {
        // The adapters' up-projections start at zero: without this change nothing before them would get a gradient.
        return export(path, &config, &model.map(&mut PerturbTrained), &inputs);
    }
    let seconds = timed(model, &inputs, args.steps, args.lanes)?;
    println!(
        "{}: {:.2} images/s, {seconds:.3} s per step of {} images of {side} px on {chosen}",
        config.preset,
        args.batch as f64 / seconds,
        args.batch
    );
    Ok(())
}

/// Returns the median seconds per step, with the batch computed in `lanes` parallel parts.
fn timed(model: S4eca, inputs: &Inputs, steps: usize, lanes: usize) -> anyhow::Result<f64> {
    let trained = trained(model.config().tuning);
    let mut learner = Learner::new(model, 0.01, 0.0);
    let batch = inputs.image.dims()[0];
    let side_by_side = Lanes::new(&learner.model, &inputs.image.device(), &[]);
    let mut times = Vec::with_capacity(steps);
    for step in 0..WARM_UP + steps {
        let began = Instant::now();
        let lanes = lanes.clamp(1, batch);
        let parts = (0..lanes)
            .map(|lane| share_of(lane, lanes, batch))
            .map(|range| Part {
                samples: range.len(),
                batch: inputs.narrowed(range),
            });
        let loss = |model: &S4eca, part: Inputs, _: &Device| part.loss(part.logits(model));
        let mut sums = GradientsAccumulator::new();
        side_by_side.run(&learner.model, parts.collect(), loss, 1.0, &mut sums);
        let stepped = learner.step(sums.grads(), CLIP, 1e-4.into(), &trained, 1);
        pollster::block_on(stepped)?;
        if step >= WARM_UP {
            times.push(began.elapsed().as_secs_f64());
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

/// Moves the trained parameters off their initial values: the up-projections of the adapters start at zero and would
/// block all gradients.
pub struct PerturbTrained;

impl ModuleMapper for PerturbTrained {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if !param.is_require_grad() {
            return param;
        }
        param.map(|value| {
            let value = value.inner();
            let noise = Distribution::Normal(0.0, 0.05);
            let noise = Tensor::random(value.shape(), noise, &value.device());
            Tensor::from_inner(value + noise).require_grad()
        })
    }
}

fn export(path: &Path, config: &ModelConfig, model: &S4eca, inputs: &Inputs) -> anyhow::Result<()> {
    let mut file = TensorFile::default();
    Export::visit(model, None, &mut file)?;
    let logits = inputs.logits(model);
    let loss = inputs.loss(logits.clone());
    file.floats("input.image", inputs.image.clone().inner())?;
    file.floats("input.words", inputs.words.clone().inner())?;
    file.floats("input.target", inputs.target.clone().inner())?;
    file.floats("output.logits", logits.inner())?;
    file.floats("output.loss", loss.clone().inner())?;
    let shape = inputs.padding.dims().to_vec();
    let padding = inputs.padding.clone().into_data();
    let padding = padding.iter::<bool>().map(u8::from).collect();
    file.bytes("input.padding", Dtype::U8, shape, padding);
    let gradients = GradientsParams::from_grads(loss.backward(), model);
    Export::visit(model, Some(&gradients), &mut file)?;
    let about = [("config".to_owned(), serde_json::to_string(config)?)];
    file.write(path, about.into())?;
    println!(
        "wrote {} tensors to {}",
        file.shapes().len(),
        path.display()
    );
    Ok(())
}

/// Exports all parameters, or some of their gradients.
struct Export<'a> {
    gradients: Option<&'a GradientsParams>,
    file: &'a mut TensorFile,
    failed: anyhow::Result<()>,
}

impl<'a> Export<'a> {
    fn visit(
        model: &S4eca,
        gradients: Option<&'a GradientsParams>,
        file: &'a mut TensorFile,
    ) -> anyhow::Result<()> {
        let mut export = Self {
            gradients,
            file,
            failed: Ok(()),
        };
        walk(model, &mut export);
        export.failed
    }

    fn add<const D: usize>(&mut self, name: &str, tensor: Tensor<D>) {
        if let Err(error) = self.file.floats(name, tensor) {
            self.failed = Err(error);
        }
    }
}

impl ParameterVisitor for Export<'_> {
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
        let Some(gradients) = self.gradients else {
            return self.add(&format!("model.{name}"), param.val().inner());
        };
        if let (true, Some(gradient)) = (
            EXPORTED.iter().any(|prefix| name.starts_with(prefix)),
            gradients.get::<D>(param.id),
        ) {
            self.add(&format!("gradient.{name}"), gradient);
        }
    }
}
