//! Measuring a model on a fixed set of samples.

use std::path::Path;

use burn::tensor::Device;

use super::batch::{Example, HostBatch};
use super::metrics::{Metrics, Summary};
use super::picture::Gallery;
use crate::data::Sample;
use crate::model::{MASK_STRIDE, S4eca};
use crate::segment::{ProbabilityMap, THRESHOLD};
use crate::text::{PhraseTokenizer, WordTable};
use crate::vision::Mask;

/// Samples that go through the network at once.
const BATCH: usize = 8;
/// Samples that are drawn.
const PICTURES: usize = 12;

/// Samples to measure on.
pub struct ValidationSet {
    /// Name of the set, in figures and folders.
    pub name: String,
    /// The samples.
    pub samples: Vec<Sample>,
}

/// Measures `model`, which has no gradients, on `set` at the samples' own resolution, and draws the
/// first few predictions into `pictures`.
///
/// # Errors
/// A device that fails, or pictures that cannot be written.
pub fn validate(
    model: &S4eca,
    set: &ValidationSet,
    tokenizer: &PhraseTokenizer,
    words: &WordTable,
    pictures: &Path,
) -> anyhow::Result<Summary> {
    let mut metrics = Metrics::default();
    let mut gallery = Gallery::create(pictures)?;
    let phrases: Vec<&str> = set
        .samples
        .iter()
        .map(|sample| sample.phrase.as_str())
        .collect();
    predict(
        model,
        &set.samples,
        &phrases,
        tokenizer,
        words,
        |index, map| {
            let sample = &set.samples[index];
            let mask = map.mask(sample.mask.width(), sample.mask.height(), THRESHOLD);
            metrics.add_masks(&mask, &sample.mask);
            if index < PICTURES {
                gallery.add(&sample.image, &sample.mask, &mask, &sample.phrase)?;
            }
            Ok(())
        },
    )?;
    gallery.finish()?;
    Ok(metrics.summary())
}

/// Runs `model` on every sample with the phrase of the same index, and hands each map to `each`.
///
/// # Errors
/// A device that fails, or whatever `each` returns.
pub fn predict(
    model: &S4eca,
    samples: &[Sample],
    phrases: &[&str],
    tokenizer: &PhraseTokenizer,
    words: &WordTable,
    mut each: impl FnMut(usize, &ProbabilityMap) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let device: Device = model.vision.class_token.val().device();
    let side = model.config().input;
    let fine = side / MASK_STRIDE;
    for (group, (samples, phrases)) in samples.chunks(BATCH).zip(phrases.chunks(BATCH)).enumerate()
    {
        let examples: Vec<Example<'_>> = samples
            .iter()
            .zip(phrases)
            .map(|(sample, &phrase)| Example {
                phrase,
                ..Example::from(sample)
            })
            .collect();
        let batch = HostBatch::new(
            &examples,
            side,
            model.config().vision.normalisation,
            tokenizer,
            words,
        )?;
        let batch = batch.into_batch(&device);
        let logits = model.forward(batch.image, batch.words, batch.padding);
        let logits: Vec<f32> = logits.try_into_vec_as()?;
        for (offset, logits) in logits.chunks_exact(fine * fine).enumerate() {
            each(
                group * BATCH + offset,
                &ProbabilityMap::from_logits(fine, fine, logits),
            )?;
        }
    }
    Ok(())
}

/// Figures of three baselines and of the model, on one set.
pub struct Comparison {
    /// Every pixel is the answer.
    pub all_foreground: Summary,
    /// All of the phrase's class, from the labels: the best that a model deaf to position, size,
    /// colour and relation could do.
    pub class_alone: Summary,
    /// The model with every phrase replaced by another sample's.
    pub shuffled: Summary,
    /// The model.
    pub model: Summary,
}

/// Measures the model and the baselines on `set`.
///
/// # Errors
/// As [`predict`].
pub fn compare(
    model: &S4eca,
    set: &ValidationSet,
    tokenizer: &PhraseTokenizer,
    words: &WordTable,
) -> anyhow::Result<Comparison> {
    let samples = &set.samples;
    let mut all = Metrics::default();
    let mut class = Metrics::default();
    for sample in samples {
        all.add_masks(
            &Mask::full(sample.mask.width(), sample.mask.height()),
            &sample.mask,
        );
        class.add_masks(&sample.class_mask, &sample.mask);
    }
    let phrases: Vec<&str> = samples
        .iter()
        .map(|sample| sample.phrase.as_str())
        .collect();
    // Half the list away: samples of one scene lie beside each other.
    let mut others = phrases.clone();
    others.rotate_left(phrases.len() / 2);
    Ok(Comparison {
        all_foreground: all.summary(),
        class_alone: class.summary(),
        shuffled: measure(model, samples, &others, tokenizer, words)?,
        model: measure(model, samples, &phrases, tokenizer, words)?,
    })
}

/// Measures `model` on samples whose phrases are replaced by those of the same index.
///
/// # Errors
/// As [`predict`].
pub fn measure(
    model: &S4eca,
    samples: &[Sample],
    phrases: &[&str],
    tokenizer: &PhraseTokenizer,
    words: &WordTable,
) -> anyhow::Result<Summary> {
    let mut metrics = Metrics::default();
    predict(model, samples, phrases, tokenizer, words, |index, map| {
        let truth = &samples[index].mask;
        metrics.add_masks(&map.mask(truth.width(), truth.height(), THRESHOLD), truth);
        Ok(())
    })?;
    Ok(metrics.summary())
}
