//! The same bundle, image and phrase give the same answer on the CPU and in WGSL on Vulkan.

mod common;

use std::path::Path;

use burn::tensor::Device;
use common::{micro_bundle, vulkan};
use s4eca::bundle::{WeightStorage, read_bundle};
use s4eca::data::{Source, Synthetic};
use s4eca::segment::{ProbabilityMap, Segmenter, THRESHOLD};

/// Largest difference between two probabilities.
const TOLERANCE: f32 = 2e-2;
/// Smallest IoU of two masks.
const AGREEMENT: f64 = 0.99;

#[test]
fn vulkan_answers_as_the_cpu_does() {
    let Some(vulkan) = vulkan("native WGSL") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    // The shipped network runs on these kernels in tests/node/agreement.test.mjs. A software GPU takes minutes to
    // compile its many shapes, so once is enough.
    let bundles = ["q8", "q4"].map(|precision| micro_bundle(folder.path(), precision));
    for bundle in bundles {
        let answers = |storage, device: &Device| -> Vec<ProbabilityMap> {
            let (manifest, loaded) = read_bundle(&bundle, storage, device).expect("a bundle");
            let segmenter = Segmenter::new(loaded, device);
            let side = manifest.model.input.max(96);
            let samples =
                (0..2).flat_map(|index| Synthetic::held_out(1, side).samples_of_scene(index, 1));
            samples
                .map(|sample| {
                    let image = segmenter.prepare(&sample.image);
                    let found = pollster::block_on(segmenter.segment(&image, &sample.phrase));
                    found.expect("an answer").probability
                })
                .collect()
        };
        let cpu = answers(WeightStorage::Float, &Device::flex());
        let gpu = answers(vulkan.storage, &vulkan.device);
        for (expected, found) in cpu.iter().zip(&gpu) {
            compare(expected, found, &bundle);
        }
    }
}

fn compare(expected: &ProbabilityMap, found: &ProbabilityMap, bundle: &Path) {
    let apart = expected
        .values()
        .iter()
        .zip(found.values())
        .map(|(a, b)| (a - b).abs())
        .fold(0.0f32, f32::max);
    assert!(
        apart <= TOLERANCE,
        "{}: probabilities differ by {apart}",
        bundle.display()
    );
    let (width, height) = (expected.width(), expected.height());
    let a = expected.mask(width, height, THRESHOLD);
    let b = found.mask(width, height, THRESHOLD);
    let both = a
        .bits()
        .iter()
        .zip(b.bits())
        .filter(|(a, b)| **a && **b)
        .count();
    let either = a
        .bits()
        .iter()
        .zip(b.bits())
        .filter(|(a, b)| **a || **b)
        .count();
    let iou = if either == 0 {
        1.0
    } else {
        both as f64 / either as f64
    };
    assert!(
        iou >= AGREEMENT,
        "{}: masks agree to {iou}",
        bundle.display()
    );
}
