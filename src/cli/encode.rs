//! `s4eca encode`: writes the encoders' outputs for an image and a phrase, for comparison with a reference.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use burn::tensor::{Bool, Device, Tensor, TensorData};
use clap::Args;
use safetensors::tensor::Dtype;

use super::DeviceChoice;
use super::shipped::shipped_weights;
use super::tensor_file::TensorFile;
use crate::bundle::{MANIFEST, WeightStorage, read_bundle, tokenizer_for};
use crate::files::read_image;
use crate::model::{Features, Language, ModelConfig, TextEncoder, VisionEncoder};
use crate::network::S4eca;
use crate::text::{PhraseTokenizer, WordTable};
use crate::train::{FrozenEncoders, read_tensors};
use crate::vision::to_input;

/// Arguments of `encode`.
#[derive(Debug, Args)]
pub struct EncodeArgs {
    /// Image to encode
    #[arg(long)]
    image: Option<PathBuf>,
    /// Phrase to encode
    #[arg(long)]
    text: Option<String>,
    /// Folder of a weights bundle or of an import (default: the shipped bundle)
    #[arg(long, default_value_os_t = shipped_weights(), hide_default_value = true)]
    weights: PathBuf,
    /// Input size in pixels, HEIGHTxWIDTH (default: the preset's)
    #[arg(long, value_parser = size)]
    size: Option<[usize; 2]>,
    /// Also run the adapters; needs --text
    #[arg(long)]
    adapters: bool,
    /// Safetensors file to write the tensors to
    #[arg(long)]
    out: PathBuf,
    /// Device to compute on
    #[arg(long, value_enum, default_value = "cpu")]
    device: DeviceChoice,
}

const NO_ADAPTERS: &str = "an import has no adapters: use a trained bundle, or omit --adapters";

/// Contents of the weights; `model` is set only for a bundle.
struct Loaded {
    config: ModelConfig,
    model: Option<S4eca>,
    vision: Option<VisionEncoder>,
    text: Option<TextSide>,
}

/// A text encoder with its word table and tokenizer.
struct TextSide {
    encoder: TextEncoder,
    words: WordTable,
    tokenizer: PhraseTokenizer,
}

/// Runs the command.
pub fn run(args: &EncodeArgs) -> anyhow::Result<()> {
    if args.image.is_none() && args.text.is_none() {
        bail!("nothing to encode: give --image FILE, --text PHRASE, or both");
    }
    if args.adapters && args.text.is_none() {
        bail!("--adapters needs a phrase: give --text PHRASE too");
    }
    let chosen = args.device.open()?;
    let loaded = load(args, chosen.storage, &chosen.device)?;
    let mut outputs = TensorFile::default();
    let mut language = None;
    if let Some(phrase) = &args.text {
        language = Some(encode_text(
            &loaded,
            phrase,
            args.adapters,
            &chosen.device,
            &mut outputs,
        )?);
    }
    let size = args.size.unwrap_or([loaded.config.input; 2]);
    if let Some(path) = &args.image {
        let language = language.as_ref().filter(|_| args.adapters);
        encode_image(&loaded, path, size, language, &chosen.device, &mut outputs)?;
    }
    let about = [
        ("preset", loaded.config.preset.clone()),
        ("adapters", args.adapters.to_string()),
        ("input", format!("{}x{}", size[0], size[1])),
        ("phrase", args.text.clone().unwrap_or_default()),
    ];
    let about = about.map(|(name, value)| (name.to_owned(), value));
    outputs.write(&args.out, about.into())?;
    for (name, shape) in outputs.shapes() {
        println!("{name} {shape:?}");
    }
    Ok(())
}

fn load(args: &EncodeArgs, storage: WeightStorage, device: &Device) -> anyhow::Result<Loaded> {
    if args.weights.join(MANIFEST).is_file() {
        let (manifest, bundle) = read_bundle(&args.weights, storage, device)?;
        let model = bundle.model;
        return Ok(Loaded {
            config: manifest.model,
            vision: Some(model.vision.clone()),
            text: Some(TextSide {
                encoder: model.text.clone(),
                words: bundle.words,
                tokenizer: bundle.tokenizer,
            }),
            model: Some(model),
        });
    }
    let Some(frozen) = FrozenEncoders::read(&args.weights)? else {
        bail!(
            "{} is neither a weights bundle nor the folder of an import",
            args.weights.display()
        );
    };
    let mut config = ModelConfig::preset(&frozen.preset)?;
    let (mut vision, mut text) = (None, None);
    let (tensors, tokenizer) = read_tensors(&args.weights)?;
    let (seeing, reading) = tensors.split(|name| name.starts_with("vision."));
    if let Some(encoder) = frozen.vision {
        vision = Some(seeing.into_vision(&encoder, config.grid(), device)?);
        config.vision = encoder;
    }
    if let Some(encoder) = frozen.text {
        let tokenizer = tokenizer.context("the import has no tokenizer.json: import it again")?;
        let tokenizer = tokenizer_for(&tokenizer, &encoder)?;
        let (module, words) = reading.into_text(&encoder, device)?;
        text = Some(TextSide {
            encoder: module,
            words,
            tokenizer,
        });
        config.text = encoder;
    }
    config.input = config.input.next_multiple_of(config.input_step());
    Ok(Loaded {
        config,
        model: None,
        vision,
        text,
    })
}

fn encode_text(
    loaded: &Loaded,
    phrase: &str,
    adapters: bool,
    device: &Device,
    outputs: &mut TensorFile,
) -> anyhow::Result<Language> {
    let text = loaded.text.as_ref();
    let text = text.context("these weights hold no text encoder: import one with --text")?;
    let tokens = text.tokenizer.encode(phrase)?;
    let real = tokens.mask.iter().filter(|&&real| real).count();
    let ids = &tokens.ids[..real];
    let rows = TensorData::new(text.words.rows(ids), [1, real, text.words.width()]);
    let rows = Tensor::<3>::from_data(rows, device);
    let padding =
        Tensor::<2, Bool>::from_data(TensorData::new(vec![false; real], [1, real]), device);
    let language = if adapters {
        let model = loaded.model.as_ref();
        model.context(NO_ADAPTERS)?.read(rows, padding)
    } else {
        let encoded = text.encoder.forward(rows, padding.clone(), |_, _| None);
        Language {
            words: encoded.words,
            padding,
            guide: None,
            sentence: encoded.sentence,
        }
    };
    let bytes = ids.iter().flat_map(|&id| i64::from(id).to_le_bytes());
    outputs.bytes("text.ids", Dtype::I64, vec![real], bytes.collect());
    outputs.floats("text.words", language.words.clone().squeeze_dim::<2>(0))?;
    outputs.floats(
        "text.sentence",
        language.sentence.clone().squeeze_dim::<1>(0),
    )?;
    if let Some(guide) = &language.guide {
        outputs.floats("text.guide", guide.tokens().clone().squeeze_dim::<2>(0))?;
    }
    Ok(language)
}

fn encode_image(
    loaded: &Loaded,
    path: &Path,
    [height, width]: [usize; 2],
    language: Option<&Language>,
    device: &Device,
    outputs: &mut TensorFile,
) -> anyhow::Result<()> {
    let config = &loaded.config;
    let step = config.vision.step();
    if height == 0 || width == 0 || !height.is_multiple_of(step) || !width.is_multiple_of(step) {
        bail!("--size {height}x{width} is not a whole number of cells: give multiples of {step}");
    }
    let image = read_image(path)?;
    let pixels = to_input(&image, [height, width], config.vision.normalisation());
    let input = Tensor::<4>::from_data(TensorData::new(pixels, [1, 3, height, width]), device);
    outputs.floats("image.input", input.clone().squeeze_dim::<3>(0))?;
    let vision = loaded.vision.as_ref();
    let vision =
        vision.context("these weights hold no visual encoder: import one with --visual")?;
    if let Some(language) = language {
        let model = loaded.model.as_ref().context(NO_ADAPTERS)?;
        return write_maps(config, model.features(input, language), outputs);
    }
    let features = vision.features(input, |_, _, _| None);
    let prefix = vision.prefix();
    if let (Some(last), true) = (features.levels.last(), prefix > 0) {
        let tokens = last.tokens.clone().squeeze_dim::<2>(0); // [prefix + patches, width]
        let class = tokens.clone().narrow(0, 0, 1);
        outputs.floats("image.class", class.squeeze_dim::<1>(0))?;
        if prefix > 1 {
            outputs.floats("image.registers", tokens.narrow(0, 1, prefix - 1))?;
        }
    }
    write_maps(config, features.cells(), outputs)
}

/// Writes the feature maps, each named after the block it comes from.
fn write_maps(
    config: &ModelConfig,
    features: Features,
    outputs: &mut TensorFile,
) -> anyhow::Result<()> {
    let blocks = config.vision.level_blocks().into_iter();
    let levels = blocks.zip(features.levels);
    let fine = config.vision.fine_block().into_iter().zip(features.fine);
    for (block, map) in fine.chain(levels) {
        let [rows, columns] = map.size.map(|side| side as i32);
        let grid = map.tokens.reshape([rows, columns, -1]);
        outputs.floats(&format!("image.block{block}"), grid)?;
    }
    Ok(())
}

fn size(text: &str) -> Result<[usize; 2], String> {
    let parsed = text
        .split_once('x')
        .and_then(|(height, width)| Some([height.parse().ok()?, width.parse().ok()?]));
    parsed.ok_or_else(|| format!("{text:?} is not a size: give HEIGHTxWIDTH, such as 448x280"))
}
