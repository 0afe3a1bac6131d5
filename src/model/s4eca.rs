//! The whole network.

use burn::module::{Module, ParamGroup};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Bool, Device, Tensor};

use super::added::Added;
use super::config::{GuideKind, ModelConfig, Tuning};
use super::decoder::Decoder;
use super::features::Features;
use super::language::{Guide, Language};
use super::mask_head::MaskHead;
use super::neck::Neck;
use super::peer::Peer;
use super::places::Places;
use super::precision::{FrozenPrecision, linear};
use super::text_encoder::{BesideText, TextEncoder};
use super::textual_adapter::TextualAdapter;
use super::vision_encoder::{StartedImage, VisionEncoder};
use super::visual_adapter::{Extracted, VisualAdapter};

/// Parts of the names of the parameters that are trained beside frozen encoders.
pub const TRAINED: [&str; 4] = ["_adapter", "neck.", "decoder.", "head."];

/// S4ECA: frozen encoders, adapters at their blocks, and the neck, decoder and head that make a mask from their
/// features.
///
/// Data flows one way. The words pass through the text encoder and its adapters and become a [`Language`]. The image
/// passes through the visual encoder, whose adapters read the language. The three feature levels pass through neck,
/// decoder and head.
#[derive(Module, Debug)]
pub struct S4eca<P: Peer + Module> {
    /// Frozen text encoder.
    pub text: TextEncoder,
    /// Frozen visual encoder.
    pub vision: VisionEncoder,
    /// Adapters of the text blocks named in the config, in order.
    pub textual_adapters: Vec<TextualAdapter>,
    /// Adapters of the visual blocks named in the config, in order.
    pub visual_adapters: Vec<VisualAdapter>,
    /// Projects the words for the visual adapters, if these read words and not proxies.
    pub word_adapter: Option<Linear>,
    /// Another paper's adapters, in place of S4ECA's.
    pub peer_adapters: P,
    /// Merges the feature levels.
    pub neck: Neck,
    /// Relates patches to words.
    pub decoder: Decoder,
    /// Makes the mask.
    pub head: MaskHead,
    #[module(skip)]
    config: ModelConfig,
}

/// An image partway through the network: the part that does not depend on a phrase.
#[derive(Debug, Clone)]
pub struct Started {
    image: Tensor<4>,
    features: StartedImage,
    /// The output of the first visual adapter's extractor, if its block was run.
    extracted: Option<Extracted>,
    /// Features of the mask head's detail path, if their inputs are complete.
    detail: Option<Tensor<3>>,
    places: Places,
}

impl Started {
    /// Joins images of one size, at least one, into a batch, as [`Self::frozen`].
    pub fn joined(all: Vec<Self>) -> Self {
        let places = all[0].places.clone();
        let (images, features) = all.into_iter().map(|one| (one.image, one.features)).unzip();
        Self {
            image: Tensor::cat(images, 0),
            features: StartedImage::joined(features),
            extracted: None,
            detail: None,
            places,
        }
    }

    /// Only the results of the frozen encoder, for a network with the same encoder and other trained parameters.
    pub fn frozen(self) -> Self {
        Self {
            extracted: None,
            detail: None,
            ..self
        }
    }

    /// [`Self::frozen`] as a constant on the device with gradients: the frozen parameters are run once and the result
    /// serves every step of a training.
    pub fn constant(self) -> Self {
        Self {
            image: Tensor::from_inner(self.image),
            features: self.features.constant(),
            extracted: None,
            detail: None,
            places: self.places.constant(),
        }
    }
}

impl<P: Peer> S4eca<P> {
    /// A network with random weights.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let adapter = &config.adapter;
        let own = config.tuning == Tuning::S4eca;
        let textual = |_: &usize| TextualAdapter::new(config.text.width, adapter, device);
        let (seen, normed) = (config.vision.blocks(), !config.vision.adapters_follow());
        let visual = |&at: &usize| VisualAdapter::new(seen[at].width, normed, adapter, device);
        let blocks = |wanted: bool, blocks: &[usize]| match wanted {
            true => blocks.to_vec(),
            false => Vec::new(),
        };
        let text_blocks = blocks(own && adapter.parts.textual, &adapter.text_blocks);
        let vision_blocks = blocks(own, &adapter.vision_blocks);
        let words = own && config.guide() == GuideKind::Words;
        Self {
            text: TextEncoder::new(&config.text, device),
            vision: VisionEncoder::new(&config.vision, config.grid(), device),
            textual_adapters: text_blocks.iter().map(textual).collect(),
            visual_adapters: vision_blocks.iter().map(visual).collect(),
            word_adapter: words
                .then(|| LinearConfig::new(config.text.width, adapter.text_width).init(device)),
            peer_adapters: P::new(config, device),
            neck: Neck::new(config, device),
            decoder: Decoder::new(config, device),
            head: MaskHead::new(config, device),
            config: config.clone(),
        }
    }

    /// Whether a network that was tuned in this way can be built; see [`Peer::supports`].
    pub fn supports(tuning: Tuning) -> bool {
        P::supports(tuning)
    }

    /// Sizes and options.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// Prepares the network for training beside its encoders, which receive no gradients.
    pub fn with_frozen_encoders(mut self) -> Self {
        self.text = self.text.freeze();
        self.vision = self.vision.freeze();
        self
    }

    /// Casts the matrices of both encoders to `precision`; trained parameters stay unchanged. For frozen encoders
    /// only.
    pub fn with_frozen_precision(mut self, precision: FrozenPrecision) -> Self {
        self.text = precision.cast(self.text);
        self.vision = precision.cast(self.vision);
        self
    }

    /// The parameters that are trained beside frozen encoders: adapters, neck, decoder and mask head.
    pub fn adapters_and_heads() -> ParamGroup {
        ParamGroup::from_any_predicates(TRAINED.to_vec())
    }

    /// The parameters that are trained in full beside the encoders: neck, decoder and mask head.
    pub fn heads() -> ParamGroup {
        ParamGroup::from_any_predicates(vec!["neck.", "decoder.", "head."])
    }

    /// Computes the mask's logits, `[batch, 1, height / 4, width / 4]`. `image`: normalised,
    /// `[batch, 3, height, width]`, see [`ModelConfig::check_input`]; `words`: rows of the word table,
    /// `[batch, tokens, text width]`; `padding`: true at padding, `[batch, tokens]`.
    pub fn forward(
        &self,
        image: Tensor<4>,
        words: Tensor<3>,
        padding: Tensor<2, Bool>,
    ) -> Tensor<4> {
        self.mask(image, &self.read(words, padding))
    }

    /// Computes the mask's logits for phrases that [`Self::read`] has read: [`Self::forward`] without its text side.
    pub fn mask(&self, image: Tensor<4>, language: &Language) -> Tensor<4> {
        self.mask_of(self.start(image), language)
    }

    /// Runs the part that does not depend on a phrase: the blocks up to the first adapter. The result serves any
    /// number of phrases.
    pub fn start(&self, image: Tensor<4>) -> Started {
        let adapted = !self.visual_adapters.is_empty() || !self.peer_adapters.is_empty();
        let first = match self.config.adapter.vision_blocks.iter().min() {
            Some(first) if adapted => *first,
            _ => self.config.vision.blocks().len() - 1,
        };
        let features = self.vision.start(image.clone(), first);
        let fine = features.fine();
        let complete = fine.is_some() || self.config.vision.fine_block().is_none();
        let adapted = features.last().and_then(|(block, map)| {
            let blocks = &self.config.adapter.vision_blocks;
            Some((beside(blocks, &self.visual_adapters, block)?, map))
        });
        Started {
            extracted: adapted.map(|(adapter, map)| {
                adapter.extract(map.tokens.clone(), self.vision.prefix(), map.size)
            }),
            detail: complete.then(|| self.head.detail(&image, fine)).flatten(),
            places: Places::new(&self.config, &image),
            features,
            image,
        }
    }

    /// [`Self::mask`] for an image that [`Self::start`] has started.
    pub fn mask_of(&self, started: Started, language: &Language) -> Tensor<4> {
        let Started {
            image,
            features,
            extracted,
            detail,
            places,
        } = started;
        let features = self.finish(features, extracted, language);
        let detail = detail.or_else(|| self.head.detail(&image, features.fine.as_ref()));
        let [_, _, height, width] = image.dims();
        let sentence = language.sentence.clone();
        let mut x = self
            .neck
            .forward(&features.levels, sentence.clone(), places.coordinates);
        x.tokens = self.decoder.forward(x.tokens, places.code, language);
        self.head
            .forward(x, features, detail, [height, width], sentence)
    }

    /// Runs the text side.
    pub fn read(&self, words: Tensor<3>, padding: Tensor<2, Bool>) -> Language {
        let blocks = &self.config.adapter.text_blocks;
        let mut proxies = None;
        let encoded = self.text.forward(words, padding.clone(), |index, input| {
            if let Some(adapter) = beside(blocks, &self.textual_adapters, index) {
                let distilled = adapter.forward(input.normed, padding.clone(), proxies.take());
                proxies = Some(distilled.proxies);
                return distilled.added;
            }
            let BesideText { residual, .. } = input;
            let adapter = adapter_of(blocks, index)?;
            let term = self.peer_adapters.beside_text(adapter, residual);
            term.map(Added::Term)
        });
        let guide = match (self.config.guide(), &self.word_adapter) {
            (GuideKind::Proxies, _) => proxies.map(|tokens| Guide::new(tokens, None)),
            (GuideKind::Words, Some(projection)) => Some(Guide::new(
                linear(projection, encoded.words.clone()),
                Some(padding.clone()),
            )),
            _ => None,
        };
        Language {
            words: encoded.words,
            padding,
            guide,
            sentence: encoded.sentence,
        }
    }

    /// Runs the visual side. Returns the features of the encoder with its adapters, without special tokens.
    pub fn features(&self, image: Tensor<4>, language: &Language) -> Features {
        let started = self.start(image);
        self.finish(started.features, started.extracted, language)
    }

    /// Completes the visual side; `extracted`: what the first adapter extracted, if it was run.
    fn finish(
        &self,
        started: StartedImage,
        mut extracted: Option<Extracted>,
        language: &Language,
    ) -> Features {
        let blocks = &self.config.adapter.vision_blocks;
        let prefix = self.vision.prefix();
        let features = self.vision.finish(started, |index, tokens, size| {
            if let Some(adapter) = beside(blocks, &self.visual_adapters, index) {
                let extracted = match extracted.take() {
                    Some(extracted) => extracted,
                    None => adapter.extract(tokens, prefix, size),
                };
                return Some(adapter.select(extracted, prefix, size, language.guide.as_ref()));
            }
            let adapter = adapter_of(blocks, index)?;
            let words = language.words.clone();
            let peers = &self.peer_adapters;
            let term = peers.beside_vision(adapter, tokens, prefix, size, words);
            term.map(Added::Term)
        });
        features.cells()
    }
}

/// The adapter of block `block`, if it has one.
fn beside<'a, A>(blocks: &[usize], adapters: &'a [A], block: usize) -> Option<&'a A> {
    adapters.get(adapter_of(blocks, block)?)
}

/// The index of the adapter of block `block`, if it has one.
fn adapter_of(blocks: &[usize], block: usize) -> Option<usize> {
    blocks.iter().position(|&at| at == block)
}
