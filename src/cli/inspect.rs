//! `s4eca inspect`: the parameter table of a preset or a bundle.

use std::fs;
use std::path::Path;

use anyhow::Context;
use burn::tensor::Device;
use clap::Args;

use crate::bundle::{MANIFEST, Manifest};
use crate::model::{ModelConfig, ParameterTable, S4eca};

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// A preset (micro, tiny) or the folder of a bundle
    what: String,
}

/// Runs the command.
pub fn run(args: &InspectArgs) -> anyhow::Result<()> {
    let path = Path::new(&args.what).join(MANIFEST);
    let config = if path.is_file() {
        let json = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let manifest = Manifest::parse(&json)?;
        let bytes: u64 = manifest.files().map(|file| file.bytes).sum();
        println!(
            "{}: {} weights, {:.1} MB",
            manifest.name,
            manifest.precision,
            bytes as f64 / 1e6
        );
        println!("licence: {}", manifest.licence);
        manifest
            .credits
            .iter()
            .for_each(|credit| println!("credit: {credit}"));
        manifest
            .metrics
            .iter()
            .for_each(|(name, value)| println!("{name}: {value:.4}"));
        manifest.model
    } else {
        ModelConfig::preset(&args.what).with_context(|| {
            format!(
                "{:?} is neither a preset nor a folder with a {MANIFEST}",
                args.what
            )
        })?
    };
    let model = S4eca::new(&config, &Device::flex());
    let input = config.input;
    println!(
        "{}: input {input} x {input} px, {} phrase tokens",
        config.preset, config.text.tokens
    );
    println!("{}", ParameterTable::of(&model));
    let parts = serde_json::to_string(&config.adapter.parts)?;
    println!("  adapter parts: {parts}");
    Ok(())
}
