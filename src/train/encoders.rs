//! Reads the frozen encoders and assembles the network from them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Tensor};

use super::frozen::FrozenEncoders;
use crate::bundle::{MANIFEST, Manifest, Tensors, WORDS, WeightStorage, tokenizer_for};
use crate::model::{ModelConfig, ParameterVisitor, walk};
use crate::network::S4eca;
use crate::text::{PhraseTokenizer, WordTable};

/// File name of a tokenizer.
const TOKENIZER: &str = "tokenizer.json";
/// Name in a list of sources that allows encoders with random weights.
pub const RANDOM: &str = "random";

/// The network with its encoders, ready to be trained.
pub struct Assembled {
    /// The network; tensors that the sources do not hold are random.
    pub model: S4eca,
    /// Word table of the text encoder.
    pub words: WordTable,
    /// Tokenizer of the text encoder.
    pub tokenizer: PhraseTokenizer,
    /// Content of the tokenizer's file.
    pub tokenizer_json: Vec<u8>,
}

/// Builds the network of `config` on `device` with the encoders found in `sources`: folders of bundles,
/// folders that `import` or `pretrain` wrote, or single burnpack files. Later sources take precedence. If the list
/// contains [`RANDOM`], encoders that no source holds are allowed.
///
/// # Errors
/// Fails if a source cannot be read, or if no source holds an encoder.
pub fn assemble(
    config: &ModelConfig,
    sources: &[PathBuf],
    seed: u64,
    device: &Device,
) -> anyhow::Result<Assembled> {
    let mut found = Found {
        tensors: Tensors::empty(),
        tokenizer: None,
    };
    let random = sources.iter().any(|source| source.as_os_str() == RANDOM);
    for source in sources.iter().filter(|source| source.as_os_str() != RANDOM) {
        if let (false, Some(frozen)) = (random, FrozenEncoders::read(source)?) {
            frozen
                .check(config)
                .with_context(|| source.display().to_string())?;
        }
        found
            .read(source, random)
            .with_context(|| source.display().to_string())?;
    }
    for (prefix, what) in [("text.", "text encoder"), ("vision.", "visual encoder")] {
        if !random && !found.tensors.names().any(|name| name.starts_with(prefix)) {
            bail!(
                "none of the --encoders holds a {what}: `s4eca import` writes a text encoder, \
                 `s4eca pretrain` a visual one"
            );
        }
    }
    let Some(tokenizer_json) = found.tokenizer else {
        bail!(
            "none of the --encoders holds a {TOKENIZER}: add the folder that `s4eca import` wrote"
        );
    };
    let tokenizer = tokenizer_for(&tokenizer_json, &config.text)?;
    if !random {
        check_complete(config, &found.tensors)?;
    }
    let (record, words) = found
        .tensors
        .into_record(Some(&config.text), WeightStorage::Float)?;

    device.seed(seed);
    let model = S4eca::new(config, device).try_load_record(record.allow_partial(true))?;
    // Burn draws random weights when they are first used. Drawing them here, all at once, makes them
    // the same whether a checkpoint replaces some of them later or not.
    model.visit(&mut Draw);
    let words = match words {
        Some(words) => words,
        None if random => random_words(config, device),
        None => bail!("none of the --encoders holds a word table: `s4eca import` writes one"),
    };
    Ok(Assembled {
        model,
        words,
        tokenizer,
        tokenizer_json,
    })
}

/// Returns the encoders' tensors in `source`, and the content of its tokenizer file if it has one.
///
/// # Errors
/// Fails if the source cannot be read.
pub fn read_tensors(source: &Path) -> anyhow::Result<(Tensors, Option<Vec<u8>>)> {
    let mut found = Found {
        tensors: Tensors::empty(),
        tokenizer: None,
    };
    found
        .read(source, false)
        .with_context(|| source.display().to_string())?;
    Ok((found.tensors, found.tokenizer))
}

/// Checks that every tensor of both encoders is present: a missing one would silently stay random.
fn check_complete(config: &ModelConfig, tensors: &Tensors) -> anyhow::Result<()> {
    let mut names = Names::default();
    walk(&S4eca::new(config, &Device::flex()), &mut names);
    let there: BTreeSet<&str> = tensors.names().collect();
    let encoder = |name: &&String| name.starts_with("text.") || name.starts_with("vision.");
    let missing: Vec<&String> = names
        .all
        .iter()
        .filter(encoder)
        .filter(|name| !there.contains(name.as_str()))
        .collect();
    if let Some(first) = missing.first() {
        bail!(
            "the --encoders lack {} tensors of preset {}, the first is {first}: import or pre-train \
             them for this preset",
            missing.len(),
            config.preset
        );
    }
    Ok(())
}

/// Names of all parameters.
#[derive(Default)]
struct Names {
    all: Vec<String>,
}

impl ParameterVisitor for Names {
    fn visit<const D: usize>(&mut self, name: &str, _: &Param<Tensor<D>>) {
        self.all.push(name.to_owned());
    }
}

struct Found {
    tensors: Tensors,
    tokenizer: Option<Vec<u8>>,
}

impl Found {
    /// Reads the encoders and the tokenizer of a source. With `tokenizer_only`, it reads the tokenizer alone,
    /// so that a bundle of another preset can be used.
    fn read(&mut self, source: &Path, tokenizer_only: bool) -> anyhow::Result<()> {
        if source.is_file() {
            return self.read_shard(source, None);
        }
        if !source.is_dir() {
            bail!("there is no such file or folder");
        }
        let tokenizer = source.join(TOKENIZER);
        if tokenizer.is_file() {
            self.tokenizer = Some(fs::read(&tokenizer)?);
        }
        let manifest = source.join(MANIFEST);
        if tokenizer_only {
            return Ok(());
        }
        if manifest.is_file() {
            let manifest = Manifest::parse(&fs::read_to_string(manifest)?)?;
            for shard in &manifest.shards {
                self.read_shard(&source.join(&shard.name), Some(&manifest))?;
            }
            return Ok(());
        }
        let mut shards: Vec<PathBuf> = fs::read_dir(source)?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "bpk"))
            .collect();
        shards.sort();
        shards
            .iter()
            .try_for_each(|shard| self.read_shard(shard, None))
    }

    fn read_shard(&mut self, path: &Path, manifest: Option<&Manifest>) -> anyhow::Result<()> {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let bytes = fs::read(path).with_context(|| name.clone())?;
        let entry = manifest.and_then(|m| m.shards.iter().find(|shard| shard.name == name));
        if let Some(entry) = entry {
            entry.verify(&bytes)?;
        }
        let mut shard = Tensors::empty();
        shard.add_shard(&name, bytes)?;
        let encoder =
            |name: &str| name == WORDS || name.starts_with("text.") || name.starts_with("vision.");
        let shard = shard.filtered(encoder);
        let names: Vec<String> = shard.names().map(str::to_owned).collect();
        let kept = std::mem::replace(&mut self.tensors, Tensors::empty());
        self.tensors = kept
            .filtered(|name| !names.iter().any(|new| new == name))
            .joined(shard);
        Ok(())
    }
}

struct Draw;

impl ModuleVisitor for Draw {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let _ = param.val();
    }
}

fn random_words(config: &ModelConfig, device: &Device) -> WordTable {
    let shape = [config.text.vocabulary, config.text.width];
    let table = Initializer::Normal {
        mean: 0.0,
        std: 0.05,
    }
    .init::<2, _>(shape, device);
    let values = table.val().inner().into_data().iter::<f32>().collect();
    WordTable::from_floats(values, config.text.width)
}
