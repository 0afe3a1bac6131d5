//! The frozen visual encoder, of either kind.

use burn::module::{
    Content, Devices, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor,
};
use burn::tensor::{Device, Tensor};

use super::added::Added;
use super::config::VisionConfig;
use super::efficientnet::{EfficientNet, StartedBlocks};
use super::features::{FeatureMap, Features};
use super::grid::GridSize;
use super::vit::Vit;

/// The encoder's weights. Burn's derived implementation would put the kind into the parameters' names; here the names
/// of both kinds start directly below `vision`.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "a network has one, whose weights are far larger"
)]
pub enum VisionEncoder {
    /// Convolutions on increasingly coarse grids.
    EfficientNet(EfficientNet),
    /// Attention on one grid.
    Vit(Vit),
}

/// An image partway through the encoder.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "an image has one, whose numbers are far larger"
)]
pub enum StartedImage {
    /// After the first blocks.
    Blocks(StartedBlocks),
    /// Unprocessed.
    Pixels(Tensor<4>),
}

impl StartedImage {
    /// Joins images of one size, started by the same encoder, into a batch.
    pub(super) fn joined(all: Vec<Self>) -> Self {
        let (mut blocks, mut pixels) = (Vec::new(), Vec::new());
        for one in all {
            match one {
                Self::Blocks(one) => blocks.push(one),
                Self::Pixels(one) => pixels.push(one),
            }
        }
        match blocks.is_empty() {
            true => Self::Pixels(Tensor::cat(pixels, 0)),
            false => Self::Blocks(StartedBlocks::joined(blocks)),
        }
    }

    /// The same as a constant on the device with gradients.
    pub(super) fn constant(self) -> Self {
        match self {
            Self::Blocks(blocks) => Self::Blocks(blocks.constant()),
            Self::Pixels(pixels) => Self::Pixels(Tensor::from_inner(pixels)),
        }
    }

    /// The block that was run last, and its output, if any was run.
    pub fn last(&self) -> Option<(usize, &FeatureMap)> {
        match self {
            Self::Blocks(blocks) => Some(blocks.last()),
            Self::Pixels(_) => None,
        }
    }

    /// The fine map, if it is complete.
    pub fn fine(&self) -> Option<&FeatureMap> {
        match self {
            Self::Blocks(blocks) => blocks.fine(),
            Self::Pixels(_) => None,
        }
    }
}

/// Evaluates the same expression for an encoder of either kind.
macro_rules! of_either {
    ($encoder:expr, $kind:ident => $result:expr) => {
        match $encoder {
            VisionEncoder::EfficientNet($kind) => $result,
            VisionEncoder::Vit($kind) => $result,
        }
    };
}

/// The same, and wraps the result as an encoder of the same kind.
macro_rules! map_either {
    ($encoder:expr, $kind:ident => $result:expr) => {
        match $encoder {
            VisionEncoder::EfficientNet($kind) => VisionEncoder::EfficientNet($result),
            VisionEncoder::Vit($kind) => VisionEncoder::Vit($result),
        }
    };
}

impl VisionEncoder {
    /// An encoder with random weights; `grid`: patches along one side of the preset's own input, for a ViT whose
    /// positions were learnt for that grid.
    pub fn new(config: &VisionConfig, grid: usize, device: &Device) -> Self {
        match config {
            VisionConfig::EfficientNet(config) => {
                Self::EfficientNet(EfficientNet::new(config, device))
            }
            VisionConfig::Vit(config) => Self::Vit(Vit::new(config, grid, device)),
        }
    }

    /// Tokens that precede the cells of every feature map.
    pub fn prefix(&self) -> usize {
        match self {
            Self::EfficientNet(_) => 0,
            Self::Vit(encoder) => encoder.prefix(),
        }
    }

    /// Computes the features of a normalised image, `[batch, 3, height, width]`. `adapt` is called for every block
    /// with the block's index, tokens `[batch, prefix + rows * columns, width]` and their grid, and returns what is
    /// added. In a ViT it reads the input of the MLP, and its result is added to the MLP's output. In a hierarchical
    /// encoder it reads the block's output, and its result is added to that.
    pub fn features<'a>(
        &self,
        image: Tensor<4>,
        adapt: impl FnMut(usize, Tensor<3>, GridSize) -> Option<Added<'a>>,
    ) -> Features {
        of_either!(self, encoder => encoder.features(image, adapt))
    }

    /// Runs the encoder on a normalised image up to the output of block `first`, the first block after which
    /// something may be added. A ViT runs no block here.
    pub fn start(&self, image: Tensor<4>, first: usize) -> StartedImage {
        match self {
            Self::EfficientNet(encoder) => StartedImage::Blocks(encoder.start(image, first)),
            Self::Vit(_) => StartedImage::Pixels(image),
        }
    }

    /// Completes the features of an image that [`Self::start`] of this encoder started; see [`Self::features`].
    ///
    /// # Panics
    /// If an encoder of the other kind started the image.
    pub fn finish<'a>(
        &self,
        started: StartedImage,
        adapt: impl FnMut(usize, Tensor<3>, GridSize) -> Option<Added<'a>>,
    ) -> Features {
        match (self, started) {
            (Self::EfficientNet(encoder), StartedImage::Blocks(blocks)) => {
                encoder.finish(blocks, adapt)
            }
            (Self::Vit(encoder), StartedImage::Pixels(image)) => encoder.features(image, adapt),
            _ => unreachable!("an encoder of the other kind started this image"),
        }
    }

    /// The device of its weights.
    pub fn device(&self) -> Device {
        match self {
            Self::EfficientNet(encoder) => encoder.stem.weight.val().device(),
            Self::Vit(encoder) => encoder.class_token.val().device(),
        }
    }
}

impl Module for VisionEncoder {
    fn collect_devices(&self, devices: Devices) -> Devices {
        of_either!(self, encoder => encoder.collect_devices(devices))
    }

    fn fork(self, device: &Device) -> Self {
        map_either!(self, encoder => encoder.fork(device))
    }

    fn to_device(self, device: &Device) -> Self {
        map_either!(self, encoder => encoder.to_device(device))
    }

    fn train(self) -> Self {
        map_either!(self, encoder => encoder.train())
    }

    fn valid(&self) -> Self {
        map_either!(self, encoder => encoder.valid())
    }

    fn materialize(self) -> Self {
        map_either!(self, encoder => encoder.materialize())
    }

    fn num_params(&self) -> usize {
        of_either!(self, encoder => Module::num_params(encoder))
    }

    fn visit<Visitor: ModuleVisitor>(&self, visitor: &mut Visitor) {
        of_either!(self, encoder => encoder.visit(visitor));
    }

    fn map<Mapper: ModuleMapper>(self, mapper: &mut Mapper) -> Self {
        map_either!(self, encoder => encoder.map(mapper))
    }
}

impl ModuleDisplayDefault for VisionEncoder {
    fn content(&self, content: Content) -> Option<Content> {
        of_either!(self, encoder => encoder.content(content))
    }

    fn num_params(&self) -> usize {
        Module::num_params(self)
    }
}

impl ModuleDisplay for VisionEncoder {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ModelConfig, ParameterVisitor, walk};
    use burn::module::Param;

    struct Names(Vec<(String, Vec<usize>)>);

    impl ParameterVisitor for Names {
        fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
            self.0.push((name.to_owned(), param.lazy_shape().to_vec()));
        }
    }

    #[test]
    fn names_and_shapes_do_not_tell_the_kind() {
        for (preset, count, expected) in [
            (
                "tiny",
                2 + 21 * 6 - 2,
                &[
                    ("stem.weight", vec![32, 3, 3, 3]),
                    ("blocks.0.depthwise.weight", vec![3, 3, 32]),
                    ("blocks.0.project.weight", vec![32, 16]),
                    ("blocks.20.expand.weight", vec![208, 1248]),
                    ("blocks.20.depthwise.bias", vec![1248]),
                    ("blocks.20.project.weight", vec![1248, 352]),
                ][..],
            ),
            (
                "small",
                2 + 3 + 12 * 14 + 2,
                &[
                    ("patch.weight", vec![588, 384]),
                    ("blocks.11.fc2.weight", vec![1536, 384]),
                ],
            ),
        ] {
            let config = ModelConfig::preset(preset).expect("a preset");
            let encoder = VisionEncoder::new(&config.vision, config.grid(), &Device::flex());
            let mut names = Names(Vec::new());
            walk(&encoder, &mut names);
            assert_eq!(names.0.len(), count, "{preset}");
            for (name, shape) in expected {
                let found = names.0.iter().find(|(found, _)| found == name);
                assert_eq!(found.map(|(_, shape)| shape), Some(shape), "{name}");
            }
        }
    }

    #[test]
    fn a_record_is_taken_in_again() {
        let config = ModelConfig::micro();
        let new = || VisionEncoder::new(&config.vision, config.grid(), &Device::flex());
        let (one, other) = (new(), new());
        let image = Tensor::<4>::ones([1, 3, 64, 64], &Device::flex());
        let last = |encoder: &VisionEncoder| {
            let features = encoder.features(image.clone(), |_, _, _| None);
            features.levels[2].tokens.to_data()
        };
        assert_ne!(last(&one), last(&other));
        let expected = last(&one);
        let other = other
            .try_load_record(one.into_record())
            .expect("the same network");
        assert_eq!(last(&other), expected);
    }
}
