//! `s4eca import`: a public text encoder's weights, as this program reads them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use crate::bundle::read_minilm;
use crate::model::ModelConfig;
use crate::text::PhraseTokenizer;

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Folder with model.safetensors and tokenizer.json of all-MiniLM-L6-v2
    source: PathBuf,
    /// Folder to write text.bpk and tokenizer.json into
    #[arg(long, default_value = "encoders/minilm")]
    out: PathBuf,
    /// Preset whose text encoder it becomes
    #[arg(long, default_value = "tiny")]
    preset: String,
}

/// Runs the command.
pub fn run(args: &ImportArgs) -> anyhow::Result<()> {
    let config = ModelConfig::preset(&args.preset)?;
    let read = |name: &str| -> anyhow::Result<Vec<u8>> {
        let path = args.source.join(name);
        fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let tokenizer = read("tokenizer.json")?;
    PhraseTokenizer::from_bytes(&tokenizer, config.text.tokens)?;
    let tensors = read_minilm(&read("model.safetensors")?, &config.text)?;
    let count = tensors.names().count();

    fs::create_dir_all(&args.out).with_context(|| args.out.display().to_string())?;
    write(&args.out.join("text.bpk"), &tensors.into_bytes()?)?;
    write(&args.out.join("tokenizer.json"), &tokenizer)?;
    println!("imported {count} tensors into {}", args.out.display());
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
