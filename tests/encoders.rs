//! The frozen encoders against the reference implementations: Hugging Face's transformers on PyTorch, in float64, on
//! checkpoints with the published names. tests/reference/encoders.py made the values.

mod common;
#[path = "encoders/efficientnet.rs"]
mod efficientnet;
#[path = "import/stored.rs"]
#[allow(dead_code, reason = "shared with the tests of the importers")]
mod stored;

use std::fs;
use std::path::Path;

use burn::tensor::{Bool, Device, Tensor, TensorData};
use s4eca::import::{import_text, import_vision};
use s4eca::model::{ModelConfig, TextConfig, VisionConfig};
use s4eca::study::Flops;
use safetensors::SafeTensors;
use serde::Deserialize;
use stored::{Case, Stored, fixtures, write};

/// Largest relative error for reduced configurations and for MiniLM's real weights.
const REDUCED: f64 = 1e-5;
/// Largest relative error at full size.
const FULL: f64 = 1e-4;

/// The inputs that a fixture was computed from, besides the checkpoint.
#[derive(Deserialize)]
struct Runs {
    stride: usize,
    cases: Vec<Run>,
}

/// One forward pass.
#[derive(Deserialize)]
struct Run {
    name: String,
    #[serde(default)]
    height: usize,
    #[serde(default)]
    width: usize,
    #[serde(default)]
    ids: Vec<u32>,
    real: Option<usize>,
    flops: Option<u64>,
}

/// The reference's outputs of one configuration.
struct Reference {
    bytes: Vec<u8>,
    stride: usize,
}

impl Reference {
    /// Compares `found` with the stored samples of a tensor and returns the relative error.
    fn error(&self, name: &str, found: &[f32]) -> f64 {
        let file = SafeTensors::deserialize(&self.bytes).expect("the fixture's outputs");
        let view = file.tensor(name).unwrap_or_else(|_| panic!("no {name}"));
        let wanted: Vec<f32> = view
            .data()
            .as_chunks::<4>()
            .0
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect();
        let found: Vec<f32> = found.iter().step_by(self.stride).copied().collect();
        assert_eq!(found.len(), wanted.len(), "{name}");
        relative_error(&found, &wanted)
    }
}

fn relative_error(found: &[f32], wanted: &[f32]) -> f64 {
    let (mut difference, mut norm) = (0.0, 0.0);
    for (found, wanted) in found.iter().zip(wanted) {
        difference += (f64::from(*found) - f64::from(*wanted)).powi(2);
        norm += f64::from(*wanted).powi(2);
    }
    (difference / norm).sqrt()
}

fn load(name: &str) -> (Case, Vec<Run>, Reference) {
    let json = fs::read_to_string(fixtures().join(format!("{name}.json"))).expect("the fixture");
    let runs: Runs = serde_json::from_str(&json).expect("the fixture's form");
    let bytes = fs::read(fixtures().join(format!("{name}.safetensors"))).expect("the outputs");
    let reference = Reference {
        bytes,
        stride: runs.stride,
    };
    (Case::load(name), runs.cases, reference)
}

/// Writes the published checkpoint of a fixture and passes its path to `run`.
fn with_checkpoint<T>(case: &Case, run: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.safetensors");
    write(&path, &case.named());
    run(&path)
}

/// Compares the cases whose name begins with `only`.
fn compare_vision(name: &str, only: &str, limit: f64, device: &Device) {
    let (case, mut runs, reference) = load(name);
    runs.retain(|run| run.name.starts_with(only));
    let config = case.vision();
    let (tensors, _) =
        with_checkpoint(&case, |path| import_vision(path, config)).expect("a checkpoint");
    let encoder = tensors.into_vision(config, 0, device).expect("an encoder");
    for run in runs {
        let (height, width) = (run.height, run.width);
        let mut image = Stored::new(&format!("image:{height}x{width}"), &[1, 3, height, width]);
        image.scale = 1.7;
        let image = TensorData::new(image.values(), [1, 3, height, width]);
        let features = encoder.features(Tensor::from_data(image, device), |_, _, _| None);
        let mut worst = 0.0f64;
        let class = features.levels[2].tokens.clone().narrow(1, 0, 1);
        for (index, level) in features.levels.into_iter().enumerate() {
            let level = values(level.cells().tokens);
            let error = reference.error(&format!("{}.level{index}", run.name), &level);
            worst = worst.max(error);
        }
        let class = reference.error(&format!("{}.class", run.name), &values(class));
        println!("{name} {}: levels {worst:.1e}, class {class:.1e}", run.name);
        assert!(
            worst <= limit && class <= limit,
            "{name} {}: {worst} {class}",
            run.name
        );
        assert_eq!(
            vision_flops(config, [height, width]),
            run.flops.expect("a count"),
            "{name}"
        );
    }
}

/// Like [`compare_vision`], for a text encoder.
fn compare_text(name: &str, only: &str, limit: f64, device: &Device) {
    let (case, mut runs, reference) = load(name);
    runs.retain(|run| run.name == only || only.is_empty());
    let config = case.text();
    let (tensors, _) =
        with_checkpoint(&case, |path| import_text(path, config)).expect("a checkpoint");
    let (encoder, table) = tensors.into_text(config, device).expect("an encoder");
    for run in runs {
        let (count, real) = (run.ids.len(), run.real.unwrap_or(run.ids.len()));
        let rows = TensorData::new(table.rows(&run.ids), [1, count, config.width]);
        let padding: Vec<bool> = (0..count).map(|index| index >= real).collect();
        let padding = TensorData::new(padding, [1, count]);
        let encoded = encoder.forward(
            Tensor::from_data(rows, device),
            Tensor::<2, Bool>::from_data(padding, device),
            |_, _| None,
        );
        let words = values(encoded.words.narrow(1, 0, real));
        let sentence: Vec<f32> = encoded.sentence.into_data().iter::<f32>().collect();
        let words = reference.error(&format!("{}.words", run.name), &words);
        let sentence = reference.error(&format!("{}.sentence", run.name), &sentence);
        println!(
            "{name} {}: words {words:.1e}, sentence {sentence:.1e}",
            run.name
        );
        assert!(
            words <= limit && sentence <= limit,
            "{name} {}: {words} {sentence}",
            run.name
        );
        if let Some(flops) = run.flops {
            assert_eq!(text_flops(config, count), flops, "{name} {}", run.name);
        }
    }
}

/// This crate's count, which is checked against PyTorch's own counter.
fn vision_flops(vision: &VisionConfig, size: [usize; 2]) -> u64 {
    let mut config = ModelConfig::micro();
    config.vision = vision.clone();
    config.adapter.vision_blocks = vision.adapter_blocks(1);
    Flops::new(&config, size, 1).vision
}

fn text_flops(text: &TextConfig, tokens: usize) -> u64 {
    let mut config = ModelConfig::micro();
    config.text = text.clone();
    Flops::new(&config, [64, 64], tokens).text
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

#[test]
fn dinov2_reduced() {
    for name in [
        "dinov2",
        "dinov2-reg",
        "dinov2-swiglu",
        "dinov2-original",
        "dinov2-original-reg",
        "dinov2-original-swiglu",
        "small-hf",
        "small-original",
    ] {
        compare_vision(name, "", REDUCED, &Device::flex());
    }
}

#[test]
fn dinov3_reduced() {
    for name in ["dinov3", "dinov3-gated"] {
        compare_vision(name, "", REDUCED, &Device::flex());
    }
}

#[test]
fn text_encoders_reduced() {
    for name in ["clip", "bert"] {
        compare_text(name, "", REDUCED, &Device::flex());
    }
}

/// WGSL on Vulkan runs the same shaders as the browser.
#[test]
fn wgsl_computes_the_same() {
    let Some(vulkan) = common::vulkan("encoders in WGSL") else {
        return;
    };
    // Each is tested at one size: a software GPU spends most of the time compiling shaders.
    for (name, size) in [
        ("dinov2-original", "84x98"),
        ("dinov2-reg", "84x98"),
        ("dinov2-swiglu", "84x98"),
        ("dinov3", "128x128"),
    ] {
        compare_vision(name, size, REDUCED, &vulkan.device);
    }
    for name in ["clip", "bert"] {
        compare_text(name, "padded", REDUCED, &vulkan.device);
    }
}

#[test]
fn dinov2_base_with_registers_at_full_size() {
    let named = s4eca::model::visual_encoder("dinov2-b14-reg").expect("a name");
    assert_eq!(*Case::load("dinov2-b14-reg4").vision(), named);
    compare_vision("dinov2-b14-reg4", "", FULL, &Device::flex());
}

#[test]
fn clip_base_at_full_size() {
    let named = s4eca::model::text_encoder("clip-b16").expect("a name");
    assert_eq!(*Case::load("clip-b16").text(), named);
    compare_text("clip-b16", "", FULL, &Device::flex());
}

/// The phrases that MiniLM is compared on.
#[derive(Deserialize)]
struct Phrases {
    phrases: Vec<Phrase>,
}

/// A phrase with its token ids; MiniLM's features of it are in the safetensors file beside it.
#[derive(Deserialize)]
struct Phrase {
    phrase: String,
    ids: Vec<u32>,
}

#[test]
fn all_minilm_on_its_real_weights() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(".cache/minilm");
    if !source.join("model.safetensors").is_file() {
        common::skip("MiniLM's parity: scripts/minilm.sh could not fetch its weights");
        return;
    }
    let json = fs::read_to_string(fixtures().join("minilm-phrases.json")).expect("the phrases");
    let Phrases { phrases } = serde_json::from_str(&json).expect("the phrases' form");
    assert_eq!(phrases.len(), 10);
    let reference = Reference {
        bytes: fs::read(fixtures().join("minilm-phrases.safetensors")).expect("the outputs"),
        stride: 1,
    };
    let config = s4eca::model::text_encoder("minilm-l6").expect("a name");
    let device = Device::flex();
    let (tensors, report) = import_text(&source, &config).expect("a checkpoint");
    assert_eq!((report.loaded, report.missing.len()), (101, 0), "{report}");
    let (encoder, table) = tensors.into_text(&config, &device).expect("an encoder");
    let tokenizer = fs::read(source.join("tokenizer.json")).expect("the tokenizer");
    let tokenizer = s4eca::bundle::tokenizer_for(&tokenizer, &config).expect("its own tokenizer");
    for (index, phrase) in phrases.iter().enumerate() {
        let tokens = tokenizer.encode(&phrase.phrase).expect("an English phrase");
        let real = phrase.ids.len();
        assert_eq!(tokens.ids[..real], phrase.ids, "{}", phrase.phrase);
        let count = tokens.ids.len();
        let rows = TensorData::new(table.rows(&tokens.ids), [1, count, config.width]);
        let padding: Vec<bool> = tokens.mask.iter().map(|real| !real).collect();
        let padding = TensorData::new(padding, [1, count]);
        let encoded = encoder.forward(
            Tensor::from_data(rows, &device),
            Tensor::<2, Bool>::from_data(padding, &device),
            |_, _| None,
        );
        let words = values(encoded.words.narrow(1, 0, real));
        let error = reference.error(&format!("{index}.words"), &words);
        println!("{:.1e} {}", error, phrase.phrase);
        assert!(error <= REDUCED, "{}: {error}", phrase.phrase);
        let error = reference.error(&format!("{index}.sentence"), &values(encoded.sentence));
        assert!(error <= REDUCED, "{}: {error}", phrase.phrase);
    }
}
