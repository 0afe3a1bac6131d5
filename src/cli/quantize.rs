//! `s4eca quantize`: writes a weights bundle from a training run, another bundle, or a tensor file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use burn::module::Module;
use burn::tensor::Device;
use clap::{Args, ValueEnum};

use super::shipped::shipped_weights;
use super::tensor_file::read_network;
use crate::bundle::{BundleFolder, BundlePrecision, Tensors, WeightStorage, read_bundle};
use crate::model::ModelConfig;
use crate::study::prepared;
use crate::train::{
    Assembled, Checkpoint, RANDOM, RunConfig, assemble, best_checkpoint, latest_checkpoint,
};

/// Arguments of `quantize`.
#[derive(Debug, Args)]
pub struct QuantizeArgs {
    #[command(flatten)]
    source: Source,
    /// Which checkpoint of the run to use
    #[arg(long, value_enum, default_value = "last")]
    checkpoint: Chosen,
    /// Preset of the network in --tensors
    #[arg(long, default_value = "tiny")]
    preset: String,
    /// Folder with the tokenizer.json for --random or --tensors (default: the shipped bundle)
    #[arg(long, default_value_os_t = shipped_weights(), hide_default_value = true)]
    tokenizer: PathBuf,
    /// Precision of the weights: f32, f16, q8, q4, or mixed (4 bits for text encoder and word table, 8 bits for the
    /// rest)
    #[arg(long, default_value = "mixed")]
    precision: BundlePrecision,
    /// Folder to write the bundle to
    #[arg(long)]
    out: PathBuf,
    /// Licence of the weights
    #[arg(long, default_value = "not stated")]
    licence: String,
    /// Person or project to credit; repeatable
    #[arg(long)]
    credit: Vec<String>,
    /// Measured metric as NAME=VALUE; repeatable
    #[arg(long, value_parser = figure)]
    metric: Vec<(String, f64)>,
}

/// Where the weights come from: exactly one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Source {
    /// Folder of a run whose checkpoint becomes the bundle
    #[arg(long)]
    run: Option<PathBuf>,
    /// Folder of a bundle to quantise again
    #[arg(long)]
    bundle: Option<PathBuf>,
    /// Use random weights of this preset, for tests
    #[arg(long)]
    random: Option<String>,
    /// Safetensors file with the word table and every tensor of the network, f32, under this program's names
    #[arg(long)]
    tensors: Option<PathBuf>,
}

impl Source {
    fn read(
        &self,
        args: &QuantizeArgs,
        device: &Device,
    ) -> anyhow::Result<(ModelConfig, Assembled)> {
        if let Some(run) = &self.run {
            return read_run(run, args.checkpoint, device);
        }
        if let Some(path) = &self.tensors {
            let config = ModelConfig::preset(&args.preset)?;
            let assembled = read_network(path, &config, &args.tokenizer, device)?;
            return Ok((config, assembled));
        }
        if let Some(bundle) = &self.bundle {
            let (manifest, loaded) = read_bundle(bundle, WeightStorage::Float, device)?;
            let path = bundle.join(&manifest.tokenizer.name);
            let assembled = Assembled {
                model: loaded.model,
                words: loaded.words,
                tokenizer: loaded.tokenizer,
                tokenizer_json: fs::read(&path).with_context(|| path.display().to_string())?,
            };
            return Ok((manifest.model, assembled));
        }
        let config = ModelConfig::preset(self.random.as_deref().unwrap_or_default())?;
        let sources = [PathBuf::from(RANDOM), args.tokenizer.clone()];
        let assembled = assemble(&config, &sources, 1, device)?;
        Ok((config, assembled))
    }
}

/// Runs the command.
pub fn run(args: &QuantizeArgs) -> anyhow::Result<()> {
    let (config, assembled) = args.source.read(args, &Device::flex())?;
    let name = args
        .out
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let bundle = BundleFolder {
        name: name.unwrap_or_else(|| config.preset.clone()),
        model: config,
        precision: args.precision,
        licence: args.licence.clone(),
        credits: args.credit.clone(),
        metrics: BTreeMap::from_iter(args.metric.iter().cloned()),
        tokenizer: assembled.tokenizer_json,
        tensors: Tensors::of(assembled.model, &assembled.words)?,
    };
    let manifest = bundle.write(&args.out)?;
    let bytes: u64 = manifest.files().map(|file| file.bytes).sum();
    println!(
        "{}: {} weights, {:.2} MB in {} files",
        args.out.display(),
        manifest.precision,
        bytes as f64 / 1e6,
        manifest.files().count()
    );
    Ok(())
}

/// A checkpoint of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Chosen {
    /// The latest.
    Last,
    /// The best by validation.
    Best,
}

/// Reads the network of a run: its encoders and a checkpoint, with the averaged weights if the run keeps an average.
///
/// # Errors
/// Fails if the folder is not that of a run, or the run has no checkpoint yet.
pub(super) fn read_run(
    run: &Path,
    chosen: Chosen,
    device: &Device,
) -> anyhow::Result<(ModelConfig, Assembled)> {
    let path = run.join("config.json");
    let json = fs::read_to_string(&path)
        .with_context(|| format!("{} is not the folder of a run", run.display()))?;
    let config: RunConfig =
        serde_json::from_str(&json).with_context(|| path.display().to_string())?;
    let checkpoint = match chosen {
        Chosen::Last => read_checkpoint(run)?,
        Chosen::Best => read_file(&best_checkpoint(run).with_context(|| {
            format!(
                "{} has no best checkpoint yet: train until the first validation",
                run.display()
            )
        })?)?,
    };
    let mut assembled = assemble(&config.model, &config.encoders, config.seed, device)?;
    // The checkpoint contains LoRA's factors; merge them into the matrices that they update.
    let model = checkpoint.apply_average(prepared(assembled.model))?;
    assembled.model = model.materialize();
    println!("{}: step {}", run.display(), checkpoint.progress().step);
    Ok((config.model, assembled))
}

/// Reads the last checkpoint of a run.
///
/// # Errors
/// Fails if the folder has none, or it is damaged.
pub(super) fn read_checkpoint(run: &Path) -> anyhow::Result<Checkpoint> {
    let path = latest_checkpoint(run)?
        .with_context(|| format!("{} has no checkpoint yet: train longer", run.display()))?;
    read_file(&path)
}

fn read_file(path: &Path) -> anyhow::Result<Checkpoint> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    Checkpoint::read(&bytes).with_context(|| path.display().to_string())
}

fn figure(text: &str) -> Result<(String, f64), String> {
    let (name, value) = text.split_once('=').ok_or("give NAME=VALUE")?;
    let value = value
        .parse()
        .map_err(|_| format!("{value:?} is not a number"))?;
    Ok((name.to_owned(), value))
}
