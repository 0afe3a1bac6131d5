//! `s4eca inspect`: prints the parameters, operations and memory of a preset or a bundle.

use std::fs;
use std::path::Path;

use anyhow::Context;
use clap::Args;

use super::network::{NetworkArgs, frozen_precision};
use crate::bundle::{MANIFEST, Manifest};
use crate::model::{FrozenPrecision, ModelConfig, PRESETS};
use crate::study::{ABLATIONS, Flops, ParameterTable};
use crate::train::TrainingMemory;

/// Phrase length in tokens that operations are counted for: 16 words plus start and end token.
const PHRASE_TOKENS: usize = 18;

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// Preset (micro, tiny, small, base) or folder of a bundle
    what: String,
    #[command(flatten)]
    network: NetworkArgs,
    /// Print every row of the ablation table with its parameters and operations
    #[arg(long)]
    ablations: bool,
    /// Also estimate the memory of a training step
    #[arg(long)]
    train: bool,
    /// Batch size in samples, for --train
    #[arg(long, default_value_t = 8)]
    batch: usize,
    /// Assume gradient checkpointing, for --train
    #[arg(long)]
    checkpointing: bool,
    /// Data type of the frozen encoders' matrices, for --train: f32, f16 or bf16
    #[arg(long, default_value_t)]
    frozen_precision: FrozenPrecision,
    /// Input side in pixels; 0 for the preset's own
    #[arg(long, default_value_t = 0)]
    side: usize,
}

/// Runs the command.
pub fn run(args: &InspectArgs) -> anyhow::Result<()> {
    let path = Path::new(&args.what).join(MANIFEST);
    let config = if path.is_file() {
        let json = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let manifest = Manifest::parse(&json)?;
        print_manifest(&manifest);
        manifest.model
    } else if PRESETS.contains(&args.what.as_str()) {
        args.network.config(&args.what)?
    } else {
        ModelConfig::preset(&args.what).with_context(|| {
            format!(
                "{:?} is not the folder of a bundle either: it has no {MANIFEST}",
                args.what
            )
        })?
    };
    let side = match args.side {
        0 => config.input,
        side => side,
    };
    config.check_input([side, side])?;
    if args.ablations {
        print_ablations(&config, side);
    } else {
        print_network(&config, side)?;
    }
    if args.train {
        let batch = args.batch;
        let frozen = frozen_precision(args.frozen_precision, &config)?;
        let memory = TrainingMemory::new(
            &config,
            batch,
            side,
            PHRASE_TOKENS,
            args.checkpointing,
            frozen,
        );
        let types = match frozen {
            FrozenPrecision::F32 => "f32".to_owned(),
            half => format!("f32, frozen matrices in {half},"),
        };
        println!("a training step of {batch} samples of {side} px, {types} on the CPU:\n{memory}");
    }
    Ok(())
}

fn print_manifest(manifest: &Manifest) {
    let bytes: u64 = manifest.files().map(|file| file.bytes).sum();
    println!(
        "{}: {} weights, {:.1} MB",
        manifest.name,
        manifest.precision,
        bytes as f64 / 1e6
    );
    println!("licence: {}", manifest.licence);
    for credit in &manifest.credits {
        println!("credit: {credit}");
    }
    for (name, value) in &manifest.metrics {
        println!("{name}: {value:.4}");
    }
}

fn print_network(config: &ModelConfig, side: usize) -> anyhow::Result<()> {
    println!(
        "{}: input {side} x {side} px, {} phrase tokens at most",
        config.preset, config.text.tokens
    );
    println!("{}", ParameterTable::new(config));
    let flops = Flops::new(config, [side, side], PHRASE_TOKENS.min(config.text.tokens));
    println!(
        "  GFLOP for {side} px and {PHRASE_TOKENS} tokens: {:.2} (visual encoder {:.2}, text encoder \
         {:.2}, adapters {:.2}, neck, decoder and head {:.2})",
        giga(flops.total()),
        giga(flops.vision),
        giga(flops.text),
        giga(flops.adapters),
        giga(flops.fusion)
    );
    let adapter = &config.adapter;
    println!(
        "  adapters beside visual blocks {:?} (width {}, reduced {}) and text blocks {:?} (width {}, \
         {} queries)",
        adapter.vision_blocks,
        adapter.vision_width,
        adapter.reduced,
        adapter.text_blocks,
        adapter.text_width,
        adapter.queries
    );
    let parts = serde_json::to_string(&adapter.parts)?;
    println!(
        "  tuning {}, parts {parts}",
        serde_json::to_string(&config.tuning)?
    );
    Ok(())
}

/// Prints one line per row: the parameters trained in or beside the encoders, their share, and the operations.
fn print_ablations(config: &ModelConfig, side: usize) {
    println!(
        "{}: {side} px, {PHRASE_TOKENS} tokens; parameters without neck, decoder and head\n\n\
         | row | what | parameters | of the backbones | GFLOP, adapters | GFLOP, all |\n\
         | --- | --- | ---: | ---: | ---: | ---: |",
        config.preset
    );
    for row in ABLATIONS {
        let config = row.of(config);
        let table = ParameterTable::new(&config);
        let flops = Flops::new(&config, [side, side], PHRASE_TOKENS.min(config.text.tokens));
        println!(
            "| {} | {} | {} | {:.2} % | {:.3} | {:.3} |",
            row.name,
            row.about,
            table.adapters(),
            100.0 * table.adapter_share(),
            giga(flops.adapters),
            giga(flops.total())
        );
    }
}

fn giga(count: u64) -> f64 {
    count as f64 / 1e9
}
