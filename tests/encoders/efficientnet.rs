//! EfficientNet-Lite against the PyPI package efficientnet-lite-pytorch: the last block's output of every
//! stage (tests/reference/efficientnet.py made the values).

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use s4eca::import::import_vision;
use s4eca::model::{VisionConfig, visual_encoder};

use super::common;
use super::stored::{Case, Stored};
use super::{REDUCED, load, values, with_checkpoint};

/// Compares the cases whose name begins with `only`; the weights are the fixture's own or at `published`.
fn compare(name: &str, only: &str, published: Option<&Path>, device: &Device) {
    let (case, mut runs, reference) = load(name);
    runs.retain(|run| run.name.starts_with(only));
    assert!(!runs.is_empty(), "{name} {only}");
    let config = case.vision();
    let VisionConfig::EfficientNet(sizes) = config else {
        panic!("{name} is an EfficientNet");
    };
    let last = sizes.stages.iter().scan(0, |end, stage| {
        *end += stage.repeats;
        Some(*end - 1)
    });
    let last: Vec<usize> = last.collect();
    let (tensors, report) = match published {
        Some(path) => import_vision(path, config),
        None => with_checkpoint(&case, |path| import_vision(path, config)),
    }
    .expect("a checkpoint");
    // Each weight and bias comes from a convolution and the four parts of its norm.
    let layers = 1 + sizes
        .blocks()
        .iter()
        .map(|block| 2 + usize::from(block.expands()))
        .sum::<usize>();
    assert_eq!(
        (report.loaded, report.missing.len()),
        (5 * layers, 0),
        "{report}"
    );
    let encoder = tensors.into_vision(config, 0, device).expect("an encoder");
    for run in runs {
        let (height, width) = (run.height, run.width);
        let image = Stored::new(&format!("image:{height}x{width}"), &[1, 3, height, width]);
        let image = TensorData::new(image.values(), [1, 3, height, width]);
        let mut stages = Vec::new();
        encoder.features(Tensor::from_data(image, device), |block, tokens, _| {
            if last.contains(&block) {
                stages.push(tokens);
            }
            None
        });
        assert_eq!(stages.len(), last.len());
        for (stage, tokens) in stages.into_iter().enumerate() {
            let error = reference.error(&format!("{}.stage{stage}", run.name), &values(tokens));
            println!("{name} {} stage {stage}: {error:.1e}", run.name);
            assert!(
                error <= REDUCED,
                "{name} {} stage {stage}: {error}",
                run.name
            );
        }
    }
}

/// The published weights, if scripts/efficientnet.sh could fetch them.
fn published(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(".cache")
        .join(name);
    let path = folder.join(format!("{name}.pth"));
    if path.is_file() {
        return Some(path);
    }
    common::skip(&format!(
        "{name}'s parity: scripts/efficientnet.sh could not fetch its weights"
    ));
    None
}

#[test]
fn efficientnet_reduced() {
    compare("efficientnet", "", None, &Device::flex());
}

#[test]
fn efficientnet_lite_on_its_real_weights() {
    for name in ["efficientnet-lite0", "efficientnet-lite2"] {
        assert_eq!(
            *Case::load(name).vision(),
            visual_encoder(name).expect("a name")
        );
        if let Some(path) = published(name) {
            compare(name, "", Some(&path), &Device::flex());
        }
    }
}

#[test]
fn efficientnet_in_wgsl_computes_the_same() {
    let Some(vulkan) = common::vulkan("EfficientNet in WGSL") else {
        return;
    };
    compare("efficientnet", "", None, &vulkan.device);
    for name in ["efficientnet-lite0", "efficientnet-lite2"] {
        if let Some(path) = published(name) {
            compare(name, "224", Some(&path), &vulkan.device);
        }
    }
}
