//! The whole network.

use burn::module::{Module, ParamGroup};
use burn::tensor::{Bool, Device, Tensor};

use super::config::ModelConfig;
use super::decoder::Decoder;
use super::grid::GridSize;
use super::language::Language;
use super::mask_head::MaskHead;
use super::neck::Neck;
use super::text_encoder::TextEncoder;
use super::textual_adapter::TextualAdapter;
use super::vision_encoder::VisionEncoder;
use super::visual_adapter::VisualAdapter;

/// S4ECA: frozen encoders, adapters beside their blocks, and what makes a mask of their features.
///
/// Data flows one way: words through the text encoder and its adapters give [`Language`]; the image
/// through the visual encoder, whose adapters read it; three levels through neck, decoder and head.
#[derive(Module, Debug)]
pub struct S4eca {
    /// Frozen text encoder.
    pub text: TextEncoder,
    /// Frozen visual encoder.
    pub vision: VisionEncoder,
    /// Adapters of the text blocks named in the config, in order.
    pub textual_adapters: Vec<TextualAdapter>,
    /// Adapters of the visual blocks named in the config, in order.
    pub visual_adapters: Vec<VisualAdapter>,
    /// Merges the feature levels.
    pub neck: Neck,
    /// Relates patches to words.
    pub decoder: Decoder,
    /// Makes the mask.
    pub head: MaskHead,
    #[module(skip)]
    config: ModelConfig,
}

impl S4eca {
    /// A network with random weights.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let adapter = &config.adapter;
        let textual = |_: &usize| TextualAdapter::new(config.text.width, adapter, device);
        let visual = |_: &usize| VisualAdapter::new(config.vision.width, adapter, device);
        Self {
            text: TextEncoder::new(&config.text, device),
            vision: VisionEncoder::new(&config.vision, config.grid(), device),
            textual_adapters: adapter.text_blocks.iter().map(textual).collect(),
            visual_adapters: adapter.vision_blocks.iter().map(visual).collect(),
            neck: Neck::new(config, device),
            decoder: Decoder::new(config, device),
            head: MaskHead::new(config, device),
            config: config.clone(),
        }
    }

    /// Sizes and options.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// The same network with both encoders frozen: only the rest receives gradients.
    pub fn with_frozen_encoders(mut self) -> Self {
        self.text = self.text.freeze();
        self.vision = self.vision.freeze();
        self
    }

    /// The parameters that S4ECA trains: all but the encoders'.
    pub fn trainable() -> ParamGroup {
        ParamGroup::from_any_predicates(vec!["_adapters", "neck", "decoder", "head"])
    }

    /// `image`: normalised, `[batch, 3, height, width]`, sides multiples of twice the patch side;
    /// `words`: rows of the word table, `[batch, tokens, text width]`; `padding`: true at padding,
    /// `[batch, tokens]`. Logits of the mask, `[batch, 1, height / 4, width / 4]`.
    pub fn forward(
        &self,
        image: Tensor<4>,
        words: Tensor<3>,
        padding: Tensor<2, Bool>,
    ) -> Tensor<4> {
        let language = self.read(words, padding);
        let [_, _, height, width] = image.dims();
        let size = self.vision.grid_size([height, width]);
        let levels = self.look(image.clone(), size, &language);
        let merged = self.neck.forward(levels, language.sentence.clone(), size);
        let decoded = self.decoder.forward(merged, size, &language);
        self.head.forward(decoded, size, image, language.sentence)
    }

    /// The text side.
    fn read(&self, words: Tensor<3>, padding: Tensor<2, Bool>) -> Language {
        let mut x = self.text.embed(words);
        let mut proxies = None;
        for (index, block) in self.text.blocks.iter().enumerate() {
            let adapter = adapter_of(
                &self.config.adapter.text_blocks,
                &self.textual_adapters,
                index,
            );
            let inside = &mut proxies;
            let mask = padding.clone();
            let parallel = adapter.map(|adapter| {
                move |words: Tensor<3>| {
                    let distilled = adapter.forward(words, mask, inside.take());
                    *inside = Some(distilled.proxies);
                    distilled.added
                }
            });
            x = block.forward(x, padding.clone(), parallel);
        }
        let proxies = proxies.expect("a config names at least one text block with an adapter");
        Language::new(x, padding, proxies)
    }

    /// The visual side: the feature levels, patches alone.
    fn look(&self, image: Tensor<4>, size: GridSize, language: &Language) -> Vec<Tensor<3>> {
        let prefix = self.vision.prefix();
        let mut x = self.vision.embed(image);
        let mut levels = Vec::with_capacity(self.config.vision.levels.len());
        let last = self.vision.blocks.len() - 1;
        for (index, block) in self.vision.blocks.iter().enumerate() {
            let adapter = adapter_of(
                &self.config.adapter.vision_blocks,
                &self.visual_adapters,
                index,
            );
            let parallel = adapter
                .map(|adapter| |tokens: Tensor<3>| adapter.forward(tokens, prefix, size, language));
            x = block.forward(x, parallel);
            if self.config.vision.levels.contains(&index) {
                let level = if index == last {
                    self.vision.norm.forward(x.clone())
                } else {
                    x.clone()
                };
                levels.push(level.narrow(1, prefix, size[0] * size[1]));
            }
        }
        levels
    }
}

/// The adapter that runs beside block `block`, if one does.
fn adapter_of<'a, A>(blocks: &[usize], adapters: &'a [A], block: usize) -> Option<&'a A> {
    blocks
        .iter()
        .position(|&at| at == block)
        .and_then(|index| adapters.get(index))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::config::AdapterParts;
    use burn::tensor::Distribution;

    fn run(config: &ModelConfig) -> Vec<f32> {
        let device = Device::flex();
        let model = S4eca::new(config, &device);
        let image = Tensor::random(
            [2, 3, config.input, config.input],
            Distribution::Default,
            &device,
        );
        let words = Tensor::random([2, 5, config.text.width], Distribution::Default, &device);
        let padding = Tensor::<2, Bool>::from_data(
            [
                [false, false, false, true, true],
                [false, false, false, false, false],
            ],
            &device,
        );
        let logits = model.forward(image, words, padding);
        assert_eq!(logits.dims(), [2, 1, config.input / 4, config.input / 4]);
        logits.into_data().try_into_vec().expect("floats")
    }

    #[test]
    fn every_part_can_be_switched_off() {
        let off = |change: fn(&mut AdapterParts)| {
            let mut config = ModelConfig::micro();
            change(&mut config.adapter.parts);
            assert!(run(&config).iter().all(|value| value.is_finite()));
        };
        off(|_| {});
        off(|parts| parts.text_feedback = false);
        off(|parts| parts.proxy_chain = false);
        off(|parts| parts.multi_scale = false);
        off(|parts| parts.scale_selection = false);
        off(|parts| parts.spatial_selection = false);
        off(|parts| parts.proxy_attention = false);
        let mut config = ModelConfig::micro();
        config.fusion.detail_width = 0;
        assert!(run(&config).iter().all(|value| value.is_finite()));
    }
}
