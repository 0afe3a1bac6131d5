//! How well phrases are answered, before and after.

use std::collections::{BTreeMap, HashMap};

use burn::tensor::Device;

use super::trainer::Trainer;
use super::views::{Views, start};
use super::work::Work;
use crate::bundle::{Loaded, TaughtNetwork};
use crate::choosing::{Answer, Ways};
use crate::data::Sample;
use crate::kernels::pool::in_pool;
use crate::learn::{HostPhrases, execute};
use crate::measure::{Protocol, SampleScore};
use crate::model::{Language, MASK_STRIDE, Started};
use crate::network::S4eca;
use crate::segment::ProbabilityMap;

/// The score of one phrase on one image.
#[derive(Debug, Clone, PartialEq)]
pub struct PhraseScore {
    /// The phrase.
    pub phrase: String,
    /// IoU, 0 to 1; for a phrase that nothing fits, 1 if nothing is masked and 0 otherwise.
    pub score: f64,
}

/// The images of the examples at the network's own size, for any number of networks that differ in trained parameters.
pub struct Reader<'a> {
    loaded: &'a Loaded,
    ways: Ways,
    samples: &'a [Sample],
    of_samples: &'a [usize],
    images: Vec<Started>,
}

/// A network, with or without a pack, and the phrases that were encoded by either.
struct Answers<'a> {
    base: &'a S4eca,
    taught: Option<&'a TaughtNetwork>,
    languages: HashMap<String, Language>,
}

impl<'a> Reader<'a> {
    /// Creates a reader of the images of `samples` with the frozen part of `base`, which has no gradients.
    pub fn new(
        loaded: &'a Loaded,
        ways: Ways,
        base: &S4eca,
        samples: &'a [Sample],
        views: &'a Views,
    ) -> Self {
        let side = base.config().input;
        let images = views.images().iter();
        Self {
            images: images.map(|image| start(base, image, side)).collect(),
            loaded,
            ways,
            samples,
            of_samples: views.of_samples(),
        }
    }

    /// The answer to a sample's phrase over its image: by `taught` for its own words, otherwise by `base`. Neither has
    /// gradients.
    ///
    /// # Errors
    /// Fails if the phrase cannot be read, or the device fails.
    pub async fn answer(
        &self,
        base: &S4eca,
        taught: Option<&TaughtNetwork>,
        sample: usize,
    ) -> anyhow::Result<ProbabilityMap> {
        self.answered(&mut Answers::of(base, taught), sample).await
    }

    /// Scores the samples with these numbers, answered by `taught` for its own words and otherwise by `base`. Neither
    /// has gradients.
    ///
    /// # Errors
    /// Fails if a phrase cannot be read, the device fails, or the work is ended.
    pub async fn scores(
        &self,
        base: &S4eca,
        taught: Option<&TaughtNetwork>,
        samples: &[usize],
        work: &mut Work<'_, impl Trainer>,
    ) -> anyhow::Result<Vec<PhraseScore>> {
        let mut answers = Answers::of(base, taught);
        let mut scores = Vec::with_capacity(samples.len());
        let protocol = Protocol::default();
        for &at in samples {
            let sample = &self.samples[at];
            let map = self.answered(&mut answers, at).await?;
            let from = (map.width(), map.height());
            let side = base.config().input;
            let (found, truth) = protocol.masks(map.values(), from, &sample.mask, side);
            let score = SampleScore::new(protocol, "", "", None, (&found, &truth));
            scores.push(PhraseScore {
                phrase: sample.phrase.clone(),
                score: match sample.absent {
                    true => f64::from(u8::from(score.predicted == 0)),
                    false => score.iou.unwrap_or(0.0),
                },
            });
            work.read().await?;
        }
        Ok(scores)
    }

    async fn answered(
        &self,
        answers: &mut Answers<'_>,
        at: usize,
    ) -> anyhow::Result<ProbabilityMap> {
        let sample = &self.samples[at];
        let answer = self.ways.answer(&sample.phrase);
        let mut maps = Vec::new();
        for prompt in answer.prompts() {
            maps.push(self.map(answers, at, &prompt).await?);
        }
        Ok(match (&answer, maps.pop()) {
            (Answer::Phrase(_), Some(map)) => map,
            (Answer::Request(request), last) => {
                maps.extend(last);
                execute(request, &sample.image, &maps)
            }
            (Answer::Phrase(phrase), None) => anyhow::bail!("{phrase:?} asks for nothing"),
        })
    }

    async fn map(
        &self,
        answers: &mut Answers<'_>,
        sample: usize,
        prompt: &str,
    ) -> anyhow::Result<ProbabilityMap> {
        let model = answers.model(prompt);
        let device: Device = model.vision.device();
        if !answers.languages.contains_key(prompt) {
            let phrases = HostPhrases::new(
                [prompt].into_iter(),
                &self.loaded.tokenizer,
                &self.loaded.words,
            )?;
            let (words, padding) = phrases.into_tensors(&device);
            let language = in_pool(&device, || model.read(words, padding));
            answers.languages.insert(prompt.to_owned(), language);
        }
        let language = &answers.languages[prompt];
        let started = self.images[self.of_samples[sample]].clone();
        let logits = in_pool(&device, || model.mask_of(started, language));
        let data = logits.into_data_async().await?;
        let logits: Vec<f32> = data.iter::<f32>().collect();
        let side = model.config().input / MASK_STRIDE;
        Ok(ProbabilityMap::from_logits(side, side, &logits))
    }
}

impl<'a> Answers<'a> {
    fn of(base: &'a S4eca, taught: Option<&'a TaughtNetwork>) -> Self {
        Self {
            base,
            taught,
            languages: HashMap::new(),
        }
    }

    /// The network that answers for a prompt.
    fn model(&self, prompt: &str) -> &'a S4eca {
        let taught = self.taught.filter(|taught| taught.words.include(prompt));
        taught.map_or(self.base, |taught| &taught.model)
    }
}

/// Mean of all scores, 0 to 1.
pub fn mean(scores: &[PhraseScore]) -> f64 {
    let sum: f64 = scores.iter().map(|one| one.score).sum();
    sum / scores.len().max(1) as f64
}

/// Number and mean of the scores of every phrase.
pub fn by_phrase(scores: &[PhraseScore]) -> BTreeMap<&str, (usize, f64)> {
    let mut groups: BTreeMap<&str, (usize, f64)> = BTreeMap::new();
    for one in scores {
        let (count, sum) = groups.entry(&one.phrase).or_default();
        *count += 1;
        *sum += one.score;
    }
    groups
        .into_iter()
        .map(|(phrase, (count, sum))| (phrase, (count, sum / count as f64)))
        .collect()
}
