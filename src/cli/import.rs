//! `s4eca import`: converts public checkpoints of the frozen encoders to this program's format.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use flate2::read::GzDecoder;

use super::network::EncoderArgs;
use crate::bundle::{Tensors, tokenizer_for};
use crate::files::write_atomic;
use crate::import::{Report, import_text, import_vision};
use crate::model::ModelConfig;
use crate::text::clip_tokenizer_json;
use crate::train::{FROZEN, FrozenEncoders};

/// Largest merge list to decompress, in bytes; OpenAI's has 3.2 MB.
const LARGEST_MERGES: u64 = 64 << 20;
/// File name of a tokenizer.
const TOKENIZER: &str = "tokenizer.json";

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Visual encoder: a .safetensors or PyTorch file, or a Hugging Face folder
    #[arg(long)]
    visual: Option<PathBuf>,
    /// Text encoder, in the same formats
    #[arg(long)]
    text: Option<PathBuf>,
    /// Tokenizer of the text encoder: a tokenizer.json, or CLIP's bpe_simple_vocab_16e6.txt(.gz) (default: the
    /// tokenizer.json beside the text encoder)
    #[arg(long)]
    tokenizer: Option<PathBuf>,
    /// Preset to import the encoders for: micro, tiny, small or base
    #[arg(long, default_value = "tiny")]
    preset: String,
    #[command(flatten)]
    encoders: EncoderArgs,
    /// Folder to write vision.bpk, text.bpk and tokenizer.json to
    #[arg(long)]
    out: PathBuf,
}

/// Runs the command.
pub fn run(args: &ImportArgs) -> anyhow::Result<()> {
    let config = args.encoders.config(&args.preset)?;
    if args.visual.is_none() && args.text.is_none() {
        bail!("nothing to import: give --visual FILE, --text FILE, or both");
    }
    if args.text.is_none() && args.tokenizer.is_some() {
        bail!("--tokenizer needs a text encoder: give --text FILE too");
    }
    // Read and check everything before writing the first file.
    let vision = args
        .visual
        .as_deref()
        .map(|path| import_vision(path, &config.vision))
        .transpose()?;
    let text = args
        .text
        .as_deref()
        .map(|path| import_text(path, &config.text))
        .transpose()?;
    let tokenizer = args
        .text
        .as_deref()
        .map(|path| read_tokenizer(path, args.tokenizer.as_deref(), &config))
        .transpose()?;

    let out = &args.out;
    fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    let frozen = FrozenEncoders {
        preset: config.preset.clone(),
        vision: vision.is_some().then(|| config.vision.clone()),
        text: text.is_some().then(|| config.text.clone()),
    };
    for (what, file, import) in [("visual", "vision.bpk", vision), ("text", "text.bpk", text)] {
        if let Some((tensors, report)) = import {
            write_encoder(out, what, file, tensors, &report)?;
        }
    }
    if let Some(json) = tokenizer {
        write(&out.join(TOKENIZER), &json)?;
    }
    write(&out.join(FROZEN), &serde_json::to_vec_pretty(&frozen)?)?;
    println!(
        "train with `s4eca train --preset {} --encoders {}`",
        args.preset,
        out.display()
    );
    Ok(())
}

fn write_encoder(
    out: &Path,
    what: &str,
    file: &str,
    tensors: Tensors,
    report: &Report,
) -> anyhow::Result<()> {
    let path = out.join(file);
    write(&path, &tensors.into_bytes()?)?;
    write(
        &out.join(format!("{what}-report.json")),
        &serde_json::to_vec_pretty(report)?,
    )?;
    println!("wrote the {what} encoder to {}\n{report}", path.display());
    Ok(())
}

/// Returns the bytes of a `tokenizer.json` that fits the text encoder at `text`.
fn read_tokenizer(
    text: &Path,
    given: Option<&Path>,
    config: &ModelConfig,
) -> anyhow::Result<Vec<u8>> {
    let folder = if text.is_dir() {
        Some(text)
    } else {
        text.parent()
    };
    let beside = folder.map(|folder| folder.join(TOKENIZER));
    let path = given.or(beside.as_deref().filter(|path| path.is_file()));
    let Some(path) = path else {
        bail!(
            "there is no {TOKENIZER} beside {}: give --tokenizer FILE; for CLIP, OpenAI's \
             bpe_simple_vocab_16e6.txt.gz works too",
            text.display()
        );
    };
    let name = || path.display().to_string();
    let mut bytes = fs::read(path).with_context(|| format!("cannot read {}", name()))?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        GzDecoder::new(bytes.as_slice())
            .take(LARGEST_MERGES)
            .read_to_end(&mut plain)
            .with_context(|| format!("{} is a damaged gzip file: download it again", name()))?;
        bytes = plain;
    }
    if bytes.starts_with(b"\"") || bytes.starts_with(b"#") {
        let merges = String::from_utf8(bytes).with_context(name)?;
        bytes = clip_tokenizer_json(&merges)
            .with_context(name)?
            .into_bytes();
    }
    tokenizer_for(&bytes, &config.text).with_context(name)?;
    Ok(bytes)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    write_atomic(path, |file| file.write_all(bytes))?;
    Ok(())
}
