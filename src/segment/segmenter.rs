//! From image and phrase to probability map: the one path that all front ends use.

use std::sync::OnceLock;

use burn::module::Module;
use burn::tensor::{Bool, Device, Tensor, TensorData};
use thiserror::Error;

use super::probability::ProbabilityMap;
use crate::bundle::{Loaded, TaughtNetwork};
use crate::kernels::pool::{both, in_pool};
use crate::model::{Language, MASK_STRIDE, Started};
use crate::network::S4eca;
use crate::text::{PhraseTokenizer, TextError, Tokens, WordTable};
use crate::vision::{RgbImage, to_input};

/// Why a mask could not be made.
#[derive(Debug, Error)]
pub enum SegmentError {
    /// The phrase cannot be used.
    #[error(transparent)]
    Phrase(#[from] TextError),
    /// The device did not return a result.
    #[error("the device failed while computing the mask ({0}): try again, or use the CPU")]
    Device(String),
    /// The device returned values that are not finite.
    #[error("the device computed values that are not numbers: use the CPU")]
    NotFinite,
}

/// An image at the network's input size, ready for any number of phrases: everything that does not depend on the phrase
/// is computed.
#[derive(Debug, Clone)]
pub struct PreparedImage {
    started: Started,
    side: usize,
}

/// A phrase after the text side of the network, for use with any number of images.
#[derive(Debug, Clone)]
pub struct ReadPhrase {
    /// The phrase as the model read it.
    pub tokens: Tokens,
    /// The pack that answers it, if any.
    pub pack: Option<String>,
    language: Language,
}

/// What [`Segmenter::segment`] found.
#[derive(Debug, Clone)]
pub struct Segmentation {
    /// The probabilities.
    pub probability: ProbabilityMap,
    /// The phrase as the model read it.
    pub tokens: Tokens,
}

/// A network on a device, with its word table and tokenizer, and with a pack if one is in use.
pub struct Segmenter {
    model: S4eca,
    taught: Option<TaughtNetwork>,
    words: WordTable,
    /// The whole word table, if `words` has rows of common words only and it has arrived.
    whole_words: OnceLock<WordTable>,
    tokenizer: PhraseTokenizer,
    device: Device,
}

impl Segmenter {
    /// Creates a segmenter from the content of a bundle, whose model is on `device`.
    pub fn new(loaded: Loaded, device: &Device) -> Self {
        let Loaded {
            model,
            words,
            tokenizer,
            trained: _,
        } = loaded;
        Self {
            model,
            taught: None,
            words,
            whole_words: OnceLock::new(),
            tokenizer,
            device: device.clone(),
        }
    }

    /// Sets the pack to use from now on; None removes it. Images that are prepared stay valid; phrases must be read
    /// again.
    pub fn use_pack(&mut self, taught: Option<TaughtNetwork>) {
        self.taught = taught;
    }

    /// The pack in use.
    pub fn pack(&self) -> Option<&TaughtNetwork> {
        self.taught.as_ref()
    }

    /// The network.
    pub fn model(&self) -> &S4eca {
        &self.model
    }

    /// Number of parameters, word table included.
    pub fn parameters(&self) -> usize {
        let text = &self.model.config().text;
        self.model.num_params() + text.vocabulary * text.width
    }

    /// The word table.
    pub fn words(&self) -> &WordTable {
        self.whole_words.get().unwrap_or(&self.words)
    }

    /// Uses the whole word table of the same text encoder from now on.
    pub fn complete_words(&self, words: WordTable) {
        // A second one would be the same.
        let _ = self.whole_words.set(words);
    }

    /// Whether the word table has the rows of all words of `phrase`. A phrase that cannot be read needs none.
    pub fn has_words_of(&self, phrase: &str) -> bool {
        let tokens = self.tokenizer.encode(phrase);
        tokens.map_or(true, |tokens| self.words().has(&tokens.ids))
    }

    /// The tokenizer.
    pub fn tokenizer(&self) -> &PhraseTokenizer {
        &self.tokenizer
    }

    /// Resizes and normalises `image` for this network, and runs the blocks before the first adapter.
    pub fn prepare(&self, image: &RgbImage) -> PreparedImage {
        in_pool(&self.device, || self.prepare_here(image))
    }

    /// [`Self::prepare`] on this thread.
    fn prepare_here(&self, image: &RgbImage) -> PreparedImage {
        let config = self.model.config();
        let side = config.input;
        let pixels = to_input(image, [side, side], config.vision.normalisation());
        let pixels = TensorData::new(pixels, [1, 3, side, side]);
        let pixels = Tensor::from_data(pixels, &self.device);
        PreparedImage {
            started: self.model.start(pixels),
            side,
        }
    }

    /// Runs the text side of the network on `phrase`.
    ///
    /// # Errors
    /// Fails if the phrase cannot be read.
    pub fn read(&self, phrase: &str) -> Result<ReadPhrase, SegmentError> {
        in_pool(&self.device, || self.read_here(phrase))
    }

    /// [`Self::prepare`] and [`Self::read`] side by side.
    ///
    /// # Errors
    /// Fails if the phrase cannot be read.
    pub fn prepare_and_read(
        &self,
        image: &RgbImage,
        phrase: &str,
    ) -> Result<(PreparedImage, ReadPhrase), SegmentError> {
        let (prepared, read) = in_pool(&self.device, || {
            both(
                &self.device,
                || self.prepare_here(image),
                || self.read_here(phrase),
            )
        });
        Ok((prepared, read?))
    }

    /// [`Self::read`] on this thread.
    fn read_here(&self, phrase: &str) -> Result<ReadPhrase, SegmentError> {
        let tokens = self.tokenizer.encode(phrase)?;
        let count = self.tokens_to_read(&tokens);
        let words = self.words().rows(&tokens.ids[..count]);
        let words = TensorData::new(words, [1, count, self.words().width()]);
        let padding: Vec<bool> = tokens.mask[..count].iter().map(|real| !real).collect();
        let words = Tensor::from_data(words, &self.device);
        let padding = TensorData::new(padding, [1, count]);
        let padding = Tensor::<2, Bool>::from_data(padding, &self.device);
        let taught = self.taught.as_ref();
        let taught = taught.filter(|taught| taught.words.include(phrase));
        let model = taught.map_or(&self.model, |taught| &taught.model);
        let language = model.read(words, padding);
        Ok(ReadPhrase {
            tokens,
            pack: taught.map(|taught| taught.name.clone()),
            language,
        })
    }

    /// Number of tokens that the network gets. On the CPU padding is left out, because it costs as much as words. A GPU
    /// would compile kernels for every new number of tokens.
    fn tokens_to_read(&self, tokens: &Tokens) -> usize {
        let last = tokens.mask.iter().rposition(|real| *real);
        match last {
            Some(last) if self.device == Device::flex() => last + 1,
            _ => tokens.ids.len(),
        }
    }

    /// Computes for every pixel of `image` the probability that it belongs to what `phrase` names.
    ///
    /// # Errors
    /// Fails if the device fails.
    pub async fn answer(
        &self,
        image: &PreparedImage,
        phrase: &ReadPhrase,
    ) -> Result<ProbabilityMap, SegmentError> {
        let mut started = image.started.clone();
        let taught = self.taught.as_ref();
        let taught = taught.filter(|taught| phrase.pack.as_deref() == Some(&taught.name));
        if taught.is_some() {
            started = started.frozen();
        }
        let model = taught.map_or(&self.model, |taught| &taught.model);
        let logits = in_pool(&self.device, || model.mask_of(started, &phrase.language));
        let data = logits
            .into_data_async()
            .await
            .map_err(|error| SegmentError::Device(error.to_string()))?;
        let logits: Vec<f32> = data
            .try_into_vec()
            .map_err(|error| SegmentError::Device(format!("{error:?}")))?;
        if logits.iter().any(|logit| !logit.is_finite()) {
            return Err(SegmentError::NotFinite);
        }
        let side = image.side / MASK_STRIDE;
        Ok(ProbabilityMap::from_logits(side, side, &logits))
    }

    /// Runs [`Self::read`] and [`Self::answer`] for one image.
    ///
    /// # Errors
    /// Fails if the phrase cannot be read, or the device fails.
    pub async fn segment(
        &self,
        image: &PreparedImage,
        phrase: &str,
    ) -> Result<Segmentation, SegmentError> {
        let phrase = self.read(phrase)?;
        let probability = self.answer(image, &phrase).await?;
        let tokens = phrase.tokens;
        Ok(Segmentation {
            probability,
            tokens,
        })
    }
}
