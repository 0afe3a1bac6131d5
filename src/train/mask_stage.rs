//! S4ECA's main training: with frozen encoders, all other parts learn masks from phrases.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use burn::module::ParamGroup;
use burn::tensor::{Device, Tensor};

use super::ranks::Ranks;
use super::stage::{Figures, Stage};
use super::validation::{Answering, ValidationSet, validate};
use crate::choosing::{Way, Ways};
use crate::data::{Sample, SampleSource};
use crate::learn::{Example, HostBatch, LossWeights};
use crate::measure::{Protocol, THRESHOLDS};
use crate::network::S4eca;
use crate::study::trained;
use crate::text::{PhraseTokenizer, WordTable};
use crate::vision::Normalisation;

/// The stage's data and sizes.
pub struct MaskStage {
    /// Where samples come from.
    pub source: Arc<dyn SampleSource>,
    /// Samples per batch.
    pub batch: usize,
    /// Phrases taken from one scene before the next.
    pub phrases_per_scene: usize,
    /// Side of the training input in pixels.
    pub side: usize,
    /// Colour normalisation that the visual encoder was trained with.
    pub normalisation: Normalisation,
    /// Tokenizer of the text encoder.
    pub tokenizer: PhraseTokenizer,
    /// Word table of the text encoder.
    pub words: WordTable,
    /// Loss weights.
    pub loss: LossWeights,
    /// The validation sets; the first one decides which checkpoint is the best.
    pub validation: Vec<ValidationSet>,
    /// Protocol of the validation.
    pub protocol: Protocol,
}

impl Stage for MaskStage {
    type Model = S4eca;
    type Batch = HostBatch;

    fn batch_size(&self) -> usize {
        self.batch
    }

    fn batch(&self, index: u64, share: Range<usize>) -> anyhow::Result<HostBatch> {
        let samples = self.samples(index, share)?;
        let examples: Vec<Example<'_>> = samples.iter().map(Example::from).collect();
        Ok(HostBatch::new(
            &examples,
            self.side,
            self.normalisation,
            &self.tokenizer,
            &self.words,
        )?)
    }

    fn loss(&self, model: &S4eca, batch: HostBatch, device: &Device) -> Tensor<1> {
        let batch = batch.into_batch(device);
        let logits = model.forward(batch.image, batch.words, batch.padding);
        self.loss.loss(logits, batch.target, batch.known)
    }

    fn trained(&self, model: &S4eca) -> ParamGroup {
        trained(model.config().tuning)
    }

    fn heads(&self) -> Option<ParamGroup> {
        Some(S4eca::heads())
    }

    fn headline(&self) -> &'static str {
        "val_miou"
    }

    fn validate(&self, model: &S4eca, pictures: &Path, ranks: &Ranks) -> anyhow::Result<Figures> {
        let answering = Answering {
            model,
            taught: None,
            tokenizer: &self.tokenizer,
            words: &self.words,
            ways: Ways::all(Way::Network),
            side: model.config().input,
            looks_closer: false,
        };
        let mut figures = Figures::new();
        for (index, set) in self.validation.iter().enumerate() {
            let pictures = pictures.join(&set.name);
            let (summary, absent) = validate(answering, set, self.protocol, &pictures, ranks)?;
            figures.insert(format!("{}_miou", set.name), summary.miou);
            figures.insert(format!("{}_oiou", set.name), summary.oiou);
            for (threshold, share) in THRESHOLDS.iter().zip(summary.precision) {
                figures.insert(format!("{}_pr@{threshold:.1}", set.name), share);
            }
            if absent.phrases > 0 {
                figures.insert(format!("{}_false", set.name), absent.false_masks);
            }
            // The first set decides which checkpoint is the best.
            if index == 0 {
                figures.insert("miou".to_owned(), summary.miou);
                figures.insert("oiou".to_owned(), summary.oiou);
            }
        }
        Ok(figures)
    }
}

impl MaskStage {
    /// Returns the samples `share` of batch `index`: a few scenes with several phrases each. If a scene has
    /// fewer phrases than needed, some are repeated, so that a batch is always full.
    fn samples(&self, index: u64, share: Range<usize>) -> anyhow::Result<Vec<Sample>> {
        let per_scene = self.phrases_per_scene.clamp(1, self.batch);
        let scenes = self.batch.div_ceil(per_scene);
        let mut samples = Vec::with_capacity(share.len());
        for scene in share.start / per_scene..share.end.div_ceil(per_scene) {
            let first = scene * per_scene;
            let count = per_scene.min(self.batch - first);
            let place = index * scenes as u64 + scene as u64;
            let mut found = self.source.samples(place, count)?;
            anyhow::ensure!(!found.is_empty(), "scene {place} gave no phrase");
            // If there are too few phrases, they are repeated.
            let distinct = found.len();
            for extra in 0..count.saturating_sub(distinct) {
                found.push(found[extra % distinct].clone());
            }
            let wanted = first..first + count;
            let inside = wanted.zip(found).filter(|(place, _)| share.contains(place));
            samples.extend(inside.map(|(_, sample)| sample));
        }
        Ok(samples)
    }
}
