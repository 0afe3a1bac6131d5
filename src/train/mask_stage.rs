//! S4ECA's own training: frozen encoders, everything else learns masks from phrases.

use std::path::Path;
use std::sync::Arc;

use burn::module::ParamGroup;
use burn::tensor::{Device, Tensor};

use super::batch::{Example, HostBatch};
use super::loss::mask_loss;
use super::metrics::THRESHOLDS;
use super::stage::{Figures, Stage};
use super::validation::{ValidationSet, validate};
use crate::data::{Sample, Source};
use crate::model::S4eca;
use crate::text::{PhraseTokenizer, WordTable};
use crate::vision::Normalisation;

/// The stage's data and sizes.
pub struct MaskStage {
    /// Where samples come from.
    pub source: Arc<dyn Source>,
    /// Samples of a batch.
    pub batch: usize,
    /// Phrases that are taken of one scene before the next.
    pub phrases_per_scene: usize,
    /// Side of the input in pixels while training.
    pub side: usize,
    /// Colours that the visual encoder was trained on.
    pub normalisation: Normalisation,
    /// Tokenizer of the text encoder.
    pub tokenizer: PhraseTokenizer,
    /// Word table of the text encoder.
    pub words: WordTable,
    /// What the model is measured on.
    pub validation: Vec<ValidationSet>,
}

impl Stage for MaskStage {
    type Model = S4eca;
    type Batch = HostBatch;

    fn batch(&self, step: u64) -> anyhow::Result<HostBatch> {
        let samples = self.samples(step);
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
        mask_loss(
            model.forward(batch.image, batch.words, batch.padding),
            batch.target,
        )
    }

    fn trained(&self, model: &S4eca) -> ParamGroup {
        model.trained()
    }

    fn headline(&self) -> &'static str {
        "val_synthetic_miou"
    }

    fn validate(&self, model: &S4eca, pictures: &Path) -> anyhow::Result<Figures> {
        let mut figures = Figures::new();
        for set in &self.validation {
            let summary = validate(
                model,
                set,
                &self.tokenizer,
                &self.words,
                &pictures.join(&set.name),
            )?;
            figures.insert(format!("{}_miou", set.name), summary.miou);
            figures.insert(format!("{}_oiou", set.name), summary.oiou);
            for (threshold, share) in THRESHOLDS.iter().zip(summary.precision) {
                figures.insert(format!("{}_pr@{threshold:.1}", set.name), share);
            }
        }
        Ok(figures)
    }
}

impl MaskStage {
    /// The samples of step `step`: some phrases of each of some scenes.
    fn samples(&self, step: u64) -> Vec<Sample> {
        let per_scene = self.phrases_per_scene.clamp(1, self.batch);
        let scenes = self.batch.div_ceil(per_scene) as u64;
        let mut samples = Vec::with_capacity(self.batch);
        for scene in 0..scenes {
            let count = per_scene.min(self.batch - samples.len());
            samples.extend(self.source.samples_of_scene(step * scenes + scene, count));
        }
        samples
    }
}

impl<'a> From<&'a Sample> for Example<'a> {
    fn from(sample: &'a Sample) -> Self {
        Self {
            image: &sample.image,
            phrase: &sample.phrase,
            mask: &sample.mask,
        }
    }
}
