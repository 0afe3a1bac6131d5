//! Tests that need a network.

use std::collections::BTreeSet;
use std::sync::Arc;

use burn::module::Module;
use burn::tensor::Device;

use super::*;
use crate::bundle::{Loaded, Tensors, TrainedTensors, WeightStorage};
use crate::choosing::{Way, Ways};
use crate::data::Sample;
use crate::data::transform::D4;
use crate::model::ModelConfig;
use crate::network::S4eca;
use crate::text::{PhraseTokenizer, WordTable};
use crate::vision::{Mask, RgbImage};

/// Side of the images.
const SIDE: usize = 64;
/// Pixels on each side of an edge that may be blurred.
const EDGE: usize = 5;
/// Steps of a training.
const STEPS: usize = 30;

/// An image with a bright square and a phrase for it.
fn sample(at: usize, phrase: &str) -> Sample {
    let mut image = RgbImage::filled(SIDE, SIDE, [60, 90, 60]);
    let mut mask = Mask::empty(SIDE, SIDE);
    for (row, column) in (12..36).flat_map(|row| (0..24).map(move |column| (row, column))) {
        image.set_pixel(4 + 8 * at + column, row, [220, 60, 60]);
        mask.set(4 + 8 * at + column, row, true);
    }
    Sample {
        image,
        phrase: phrase.to_owned(),
        mask,
        known: None,
        absent: false,
        category: None,
        kind: None,
        source: String::new(),
        truth: None,
    }
}

fn tokenizer(tokens: usize) -> PhraseTokenizer {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/tiny/tokenizer.json");
    let json = std::fs::read(path).expect("shipped weights");
    PhraseTokenizer::from_bytes(&json, tokens).expect("a tokenizer")
}

fn loaded(device: &Device) -> Arc<Loaded> {
    let config = ModelConfig::micro();
    let width = config.text.width;
    let words = (0..30_522 * width).map(|at| (at as f32 * 0.37).sin());
    device.seed(3);
    Arc::new(Loaded {
        model: S4eca::new(&config, device),
        words: WordTable::from_floats(words.collect(), width),
        tokenizer: tokenizer(config.text.tokens),
        trained: TrainedTensors::of(&Tensors::empty(), WeightStorage::Float),
    })
}

fn views(samples: &[Sample]) -> Arc<Views> {
    let base = S4eca::new(&ModelConfig::micro(), &Device::flex());
    Arc::new(Views::new(samples, base, SIDE, 5))
}

#[test]
fn samples_depend_on_their_index_alone_and_phrases_stay_true() {
    let samples = [
        sample(0, "all of the houses"),
        sample(1, "the shed on the left"),
    ];
    let places = ["a", "b"].map(str::to_owned);
    let views = views(&samples);
    let source = TaughtSource::new(Arc::clone(&views), &samples, &places, &[0, 1], 1);
    let mut phrases = BTreeSet::new();
    for index in 0..200 {
        let drawn = source.draw(index);
        assert_eq!(drawn, source.draw(index));
        let variation = views.variation(drawn.view);
        let image = variation.image(&samples[drawn.view.image].image);
        assert_eq!(
            (drawn.mask.width(), drawn.mask.height()),
            (image.width(), image.height())
        );
        if drawn.phrase.contains("shed") {
            let plain = [D4::IDENTITY, D4::MIRROR, D4::FLIP];
            assert!(plain.contains(&variation.transform) && image.width() == SIDE);
        }
        phrases.insert(drawn.phrase);
    }
    let wanted = [
        "all of the houses",
        "the buildings",
        "the shed on the left",
        "the shed on the right",
    ];
    assert_eq!(phrases.into_iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn equal_images_share_their_views_and_masks_fit_them() {
    let samples = [
        sample(0, "the sheds"),
        sample(0, "the tanks"),
        sample(2, "the sheds"),
    ];
    let views = views(&samples);
    assert_eq!(views.of_samples(), [0, 0, 1]);
    let mut rng = rand::SeedableRng::seed_from_u64(2);
    for _ in 0..40 {
        let view = views.draw(1, true, &mut rng);
        let variation = views.variation(view);
        let (image, mask) = (
            variation.image(&samples[2].image),
            variation.mask(&samples[2].mask),
        );
        // Red inside, green outside, whatever the light. A blurred edge is a few pixels wide.
        for y in (EDGE..image.height() - EDGE).step_by(3) {
            for x in (EDGE..image.width() - EDGE).step_by(3) {
                let near = || {
                    let rows = y - EDGE..=y + EDGE;
                    let around = rows.flat_map(|y| (x - EDGE..=x + EDGE).map(move |x| (x, y)));
                    around.map(|(x, y)| mask.get(x, y))
                };
                if near().all(|bit| bit) || near().all(|bit| !bit) {
                    let [red, green, _] = image.pixel(x, y);
                    assert_eq!(red > green, mask.get(x, y), "{x} {y} of {view:?}");
                }
            }
        }
    }
}

struct Steps {
    device: Device,
    losses: Vec<f64>,
    told: Vec<Progress>,
    /// Ends the work after so many steps.
    most: usize,
}

impl Trainer for Steps {
    async fn train(&mut self, lesson: Lesson, model: S4eca, _: Progress) -> anyhow::Result<S4eca> {
        let device = self.device.clone();
        take_steps(&lesson, model, &device, async |_, loss| {
            self.losses.push(loss);
            anyhow::ensure!(self.losses.len() < self.most, "ended");
            Ok(())
        })
        .await
    }

    async fn tell(&mut self, progress: Progress) -> anyhow::Result<()> {
        self.told.push(progress);
        Ok(())
    }
}

fn adapter(device: &Device) -> Adapter {
    Adapter {
        loaded: loaded(device),
        device: device.clone(),
        ways: Ways::all(Way::Network),
        course: Course {
            steps: STEPS as u64,
            batch: 4,
            rate: 3e-3,
        },
        side: SIDE,
        folds: 3,
        held_back: 1,
        seed: 1,
    }
}

fn examples() -> Examples {
    let samples = (0..4).map(|at| sample(at, "the sheds")).collect();
    let places = (0..4).map(|at| at.to_string()).collect();
    Examples::of(samples, places, vec![None; 4]).expect("examples")
}

#[test]
fn steps_without_threads_learn_what_the_examples_show() {
    let device = Device::flex().autodiff();
    let adapter = adapter(&device);
    let mut steps = Steps {
        device: device.clone(),
        losses: Vec::new(),
        told: Vec::new(),
        most: usize::MAX,
    };
    let examples = examples();
    let adapted = pollster::block_on(adapter.learn(&examples, &mut steps)).expect("learned");
    assert_eq!(steps.losses.len(), 2 * STEPS);
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
    let (first, last) = (
        mean(&steps.losses[STEPS..STEPS + 6]),
        mean(&steps.losses[2 * STEPS - 6..]),
    );
    assert!(last < 0.9 * first, "{first} to {last}");
    assert!(adapted.gain().is_some(), "a place was held back");

    let base = adapter.loaded.model.clone().valid();
    let again = adapted.differences.applied(&base, 0.0);
    let same = pollster::block_on(Differences::between(&base, &again)).expect("a device");
    assert!(same.scaled(1.0).is_empty());
    let moved = adapted.differences.applied(&base, 1.0);
    let found = pollster::block_on(Differences::between(&base, &moved)).expect("a device");
    assert_eq!(
        found.scaled(1.0).len(),
        adapted.differences.scaled(1.0).len()
    );

    let done: Vec<f64> = steps.told.iter().map(|told| told.done).collect();
    assert!(done.is_sorted());
    let last = steps.told.last().expect("told");
    assert_eq!((last.part, last.parts), (2, 2));
    assert!(
        (last.done + 4.0 * STEPS as f64 - last.total).abs() < 1e-6,
        "{last:?}"
    );
}

#[test]
fn the_trainer_can_end_the_work() {
    let device = Device::flex().autodiff();
    let mut steps = Steps {
        device: device.clone(),
        losses: Vec::new(),
        told: Vec::new(),
        most: 3,
    };
    let ended = pollster::block_on(adapter(&device).learn(&examples(), &mut steps));
    assert_eq!(ended.err().expect("ended").to_string(), "ended");
    assert_eq!(steps.losses.len(), 3);
}
