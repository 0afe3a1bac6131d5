//! Measures a model on a fixed set of samples.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;

use super::picture::Gallery;
use super::ranks::Ranks;
use crate::bundle::TaughtNetwork;
use crate::choosing::{Answer, Ways};
use crate::data::Sample;
use crate::data::referring::Dataset;
use crate::learn::{Example, HostBatch, execute};
use crate::measure::{Absent, Metrics, Protocol, SampleScore, Summary};
use crate::model::MASK_STRIDE;
use crate::network::S4eca;
use crate::segment::ProbabilityMap;
use crate::text::{PhraseTokenizer, WordTable};
use crate::vision::{Mask, resize_image, resize_mask};

/// Number of samples that the network processes at once.
const BATCH: usize = 8;
/// Samples that are drawn as pictures.
const PICTURES: usize = 12;

/// Samples to measure on.
pub struct ValidationSet {
    /// Name of the set, in figures and folders.
    pub name: String,
    /// The samples.
    pub items: Items,
    /// Whether masks are compared at each image's own size instead of the protocol's.
    pub own_size: bool,
}

/// Where the samples of a set are stored.
pub enum Items {
    /// In memory.
    Made(Vec<Sample>),
    /// On disk: these records of a dataset, read when they are measured.
    Records(Arc<Dataset>, Vec<usize>),
}

/// The size at which masks are compared.
#[derive(Clone, Copy)]
pub(super) enum Grid {
    /// Masks are compared at the image's own size.
    Own,
    /// Masks are compared at the protocol's size, for a network with an input of that side.
    OfProtocol(usize),
}

/// A sample that was answered and scored.
pub struct Scored<'a> {
    /// The sample.
    pub sample: &'a Sample,
    /// Its score.
    pub score: &'a SampleScore,
    /// The answer.
    pub map: &'a ProbabilityMap,
    /// The predicted mask as compared.
    pub predicted: &'a Mask,
    /// The true mask as compared.
    pub truth: &'a Mask,
}

/// A network with the tokenizer and the word table that it needs to answer phrases.
#[derive(Clone, Copy)]
pub struct Answering<'a> {
    /// The network, without gradients.
    pub model: &'a S4eca,
    /// The pack in use.
    pub taught: Option<&'a TaughtNetwork>,
    /// Its tokenizer.
    pub tokenizer: &'a PhraseTokenizer,
    /// The bundle's word table.
    pub words: &'a WordTable,
    /// Which method answers which phrases.
    pub ways: Ways,
    /// Side of the network's square input in pixels: its default, or another multiple of its coarsest stride.
    pub side: usize,
    /// Whether small things in images of up to 1024 px get closer looks, as in front ends, or every image one look.
    pub looks_closer: bool,
}

impl ValidationSet {
    /// Returns the number of samples.
    pub fn len(&self) -> usize {
        match &self.items {
            Items::Made(samples) => samples.len(),
            Items::Records(_, indices) => indices.len(),
        }
    }

    pub(super) fn grid(&self, input_side: usize) -> Grid {
        match self.own_size {
            true => Grid::Own,
            false => Grid::OfProtocol(input_side),
        }
    }

    /// Returns whether the set has no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the phrase of a sample without reading its image.
    pub fn phrase(&self, index: usize) -> &str {
        match &self.items {
            Items::Made(samples) => &samples[index].phrase,
            Items::Records(dataset, indices) => &dataset.records()[indices[index]].phrase,
        }
    }

    /// Returns a sample.
    ///
    /// # Errors
    /// Fails if a record cannot be read.
    pub fn sample(&self, index: usize) -> anyhow::Result<Cow<'_, Sample>> {
        Ok(match &self.items {
            Items::Made(samples) => Cow::Borrowed(&samples[index]),
            Items::Records(dataset, indices) => {
                let example = dataset.load(indices[index])?;
                Cow::Owned(Sample::from_example(example, dataset.layout().name()))
            }
        })
    }
}

impl Answering<'_> {
    /// Answers the samples of `range` and passes each map to `each`. If `phrase` returns a phrase for a
    /// sample, it replaces the sample's own.
    ///
    /// # Errors
    /// Fails if a record or a phrase cannot be read, if the device fails, or if `each` does.
    pub fn predict<'a>(
        &self,
        set: &'a ValidationSet,
        range: Range<usize>,
        phrase: impl Fn(usize) -> Option<&'a str>,
        mut each: impl FnMut(usize, &Sample, &ProbabilityMap) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut start = range.start;
        while start < range.end {
            let end = (start + BATCH).min(range.end);
            let samples = (start..end)
                .map(|index| set.sample(index))
                .collect::<anyhow::Result<Vec<_>>>()?;
            let answers: Vec<Answer> = samples
                .iter()
                .zip(start..)
                .map(|(sample, index)| self.ways.answer(phrase(index).unwrap_or(&sample.phrase)))
                .collect();
            let prompts: Vec<Vec<String>> = answers.iter().map(Answer::prompts).collect();
            let asked: Vec<Example<'_>> = prompts
                .iter()
                .zip(&samples)
                .flat_map(|(prompts, sample)| {
                    prompts.iter().map(|prompt| Example {
                        phrase: prompt,
                        ..Example::from(sample.as_ref())
                    })
                })
                .collect();
            let names: Vec<bool> = answers
                .iter()
                .zip(&prompts)
                .flat_map(|(answer, prompts)| vec![answer.is_request(); prompts.len()])
                .collect();
            let mut found = self.maps(asked.clone())?;
            if self.looks_closer {
                found = self.look_closer(&asked, &names, found)?;
            }
            let mut found = found.into_iter();
            let maps = prompts
                .iter()
                .map(|prompts| found.by_ref().take(prompts.len()).collect());
            let maps: Vec<Vec<ProbabilityMap>> = maps.collect();
            for (offset, (answer, maps)) in answers.iter().zip(&maps).enumerate() {
                let sample = samples[offset].as_ref();
                match (answer, maps.as_slice()) {
                    (Answer::Request(request), maps) => {
                        each(
                            start + offset,
                            sample,
                            &execute(request, &sample.image, maps),
                        )?;
                    }
                    (Answer::Phrase(_), [map, ..]) => each(start + offset, sample, map)?,
                    (Answer::Phrase(_), []) => {}
                }
            }
            start = end;
        }
        Ok(())
    }

    /// The maps of `examples`, in their order, each by the network that answers for its phrase.
    pub(super) fn maps(&self, examples: Vec<Example<'_>>) -> anyhow::Result<Vec<ProbabilityMap>> {
        let is_taught = |(_, example): &(usize, Example<'_>)| {
            let words = self.taught.map(|taught| &taught.words);
            words.is_some_and(|words| words.include(example.phrase))
        };
        let (taught, base): (Vec<_>, Vec<_>) =
            examples.into_iter().enumerate().partition(is_taught);
        let taught_model = self.taught.map_or(self.model, |taught| &taught.model);
        let mut found = Vec::new();
        for (model, group) in [(self.model, base), (taught_model, taught)] {
            let (places, examples): (Vec<_>, Vec<_>) = group.into_iter().unzip();
            for (places, examples) in places.chunks(BATCH).zip(examples.chunks(BATCH)) {
                let maps = self.answers(model, examples)?;
                found.extend(places.iter().copied().zip(maps));
            }
        }
        found.sort_by_key(|(place, _)| *place);
        Ok(found.into_iter().map(|(_, map)| map).collect())
    }

    /// Runs a network on a batch of examples.
    fn answers(
        &self,
        model: &S4eca,
        examples: &[Example<'_>],
    ) -> anyhow::Result<Vec<ProbabilityMap>> {
        let device: Device = model.vision.device();
        let config = model.config();
        let fine = self.side / MASK_STRIDE;
        let batch = HostBatch::new(
            examples,
            self.side,
            config.vision.normalisation(),
            self.tokenizer,
            self.words,
        )?;
        let batch = batch.into_batch(&device);
        let logits = model.forward(batch.image, batch.words, batch.padding);
        let logits: Vec<f32> = logits.try_into_vec_as()?;
        let maps = logits.chunks_exact(fine * fine);
        Ok(maps
            .map(|logits| ProbabilityMap::from_logits(fine, fine, logits))
            .collect())
    }

    /// Scores the samples of `range` under `protocol`, and passes each to `each`.
    ///
    /// # Errors
    /// Same as [`Answering::predict`].
    pub fn score<'a>(
        &self,
        set: &'a ValidationSet,
        range: Range<usize>,
        protocol: Protocol,
        phrase: impl Fn(usize) -> Option<&'a str>,
        mut each: impl FnMut(Scored<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<Vec<SampleScore>> {
        let grid = set.grid(self.side);
        let mut scores = Vec::with_capacity(range.len());
        self.predict(set, range, phrase, |_, sample, map| {
            let from = (map.width(), map.height());
            let (predicted, truth) = masks(protocol, map.values(), from, sample, grid);
            let score = score_of(protocol, sample, &predicted, &truth);
            each(Scored {
                sample,
                score: &score,
                map,
                predicted: &predicted,
                truth: &truth,
            })?;
            scores.push(score);
            Ok(())
        })?;
        Ok(scores)
    }
}

/// Returns the predicted and the true mask as compared, both without unknown pixels.
pub(super) fn masks(
    protocol: Protocol,
    map: &[f32],
    from: (usize, usize),
    sample: &Sample,
    grid: Grid,
) -> (Mask, Mask) {
    let (mut predicted, mut truth) = match grid {
        Grid::Own => protocol.masks_at_own_size(map, from, &sample.mask),
        Grid::OfProtocol(side) => protocol.masks(map, from, &sample.mask, side),
    };
    if let Some(known) = &sample.known {
        let known = resize_mask(known, truth.width(), truth.height());
        for mask in [&mut predicted, &mut truth] {
            for (bit, &known) in mask.bits_mut().iter_mut().zip(known.bits()) {
                *bit &= known;
            }
        }
    }
    (predicted, truth)
}

pub(super) fn score_of(
    protocol: Protocol,
    sample: &Sample,
    predicted: &Mask,
    truth: &Mask,
) -> SampleScore {
    let category = sample.category.as_deref();
    let masks = (predicted, truth);
    SampleScore::new(protocol, &sample.source, &sample.phrase, category, masks)
        .of_absent(sample.absent)
        .of_kind(sample.kind)
}

/// Measures on `set`, each rank its share, and draws the first few predictions into `pictures`. All ranks get
/// the summary, which skips phrases for absent objects, and the figures of those phrases.
///
/// # Errors
/// Same as [`Answering::predict`]; also fails if pictures cannot be written.
pub fn validate(
    answering: Answering<'_>,
    set: &ValidationSet,
    protocol: Protocol,
    pictures: &Path,
    ranks: &Ranks,
) -> anyhow::Result<(Summary, Absent)> {
    let mut gallery = ranks
        .is_first()
        .then(|| Gallery::create(pictures))
        .transpose()?;
    let mut drawn = 0;
    let share = ranks.share(set.len());
    let scores = answering.score(
        set,
        share,
        protocol,
        |_| None,
        |one| {
            if let Some(gallery) = gallery.as_mut().filter(|_| drawn < PICTURES) {
                drawn += 1;
                let (width, height) = (one.truth.width(), one.truth.height());
                let image = resize_image(&one.sample.image, width, height);
                gallery.add(&image, one.truth, one.predicted, &one.score.phrase)?;
            }
            Ok(())
        },
    )?;
    if let Some(gallery) = gallery {
        gallery.finish()?;
    }
    let scores = gathered(scores, ranks)?;
    let mut metrics = Metrics::new(protocol.rules());
    for score in scores.iter().filter(|score| !score.absent) {
        metrics.add(score.intersection, score.union);
    }
    Ok((metrics.summary(), Absent::of(&scores)))
}

/// Returns the scores of all ranks in the order of the samples, on all ranks.
fn gathered(scores: Vec<SampleScore>, ranks: &Ranks) -> anyhow::Result<Vec<SampleScore>> {
    if ranks.count() == 1 {
        return Ok(scores);
    }
    let mut all = Vec::new();
    if let Some(parts) = ranks.gather_bytes(&serde_json::to_vec(&scores)?) {
        let mut joined: Vec<SampleScore> = Vec::new();
        for part in parts {
            joined.extend(serde_json::from_slice::<Vec<SampleScore>>(&part)?);
        }
        all = serde_json::to_vec(&joined)?;
    }
    Ok(serde_json::from_slice(&ranks.broadcast_bytes(all))?)
}
