//! EfficientNet-Lite (Tan and Le 2019, arXiv 1905.11946): inverted residual blocks on increasingly coarse grids. Its
//! batch norms are folded into the weights when it is imported.
//!
//! Cells are stored row by row, channels last, so that 1x1 convolutions are linear layers.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use super::added::Added;
use super::config::{BlockConfig, EfficientNetConfig, VisionConfig};
use super::features::{FeatureMap, Features};
use super::grid::GridSize;
use super::precision::{linear, linear_onto, linear_then};
use crate::kernels::depthwise::depthwise;
use crate::kernels::epilogue::Epilogue;
use crate::kernels::product::convolution;

/// Side and stride of the first convolution.
const STEM: [usize; 2] = [3, 2];

/// The encoder's weights.
#[derive(Module, Debug)]
pub struct EfficientNet {
    /// The first convolution, `[stem, 3, 3, 3]`, stride 2.
    pub stem: Conv2d,
    /// The blocks of all stages.
    pub blocks: Vec<InvertedResidual>,
    #[module(skip)]
    levels: [usize; 3],
    #[module(skip)]
    fine: Option<usize>,
}

/// An image after the first blocks: the part that does not depend on a phrase.
#[derive(Debug, Clone)]
pub struct StartedBlocks {
    /// The output of block `last`.
    map: FeatureMap,
    last: usize,
    /// Feature maps kept from the blocks before `last`.
    seen: Features,
}

impl StartedBlocks {
    /// Joins images of one size into a batch.
    pub(super) fn joined(all: Vec<Self>) -> Self {
        let last = all[0].last;
        let (maps, seen) = all.into_iter().map(|one| (one.map, one.seen)).unzip();
        Self {
            map: FeatureMap::joined(maps),
            last,
            seen: Features::joined(seen),
        }
    }

    /// The same as constants on the device with gradients.
    pub(super) fn constant(self) -> Self {
        Self {
            map: self.map.constant(),
            last: self.last,
            seen: self.seen.constant(),
        }
    }

    /// The block that was run last, and its output.
    pub fn last(&self) -> (usize, &FeatureMap) {
        (self.last, &self.map)
    }

    /// The fine map, if it comes from a block before the last one.
    pub fn fine(&self) -> Option<&FeatureMap> {
        self.seen.fine.as_ref()
    }
}

/// A block: expansion, depthwise convolution, projection.
#[derive(Module, Debug)]
pub struct InvertedResidual {
    expand: Option<Linear>,
    depthwise: DepthwiseConv,
    project: Linear,
    residual: bool,
}

/// A depthwise convolution followed by ReLU6.
#[derive(Module, Debug)]
pub struct DepthwiseConv {
    /// `[side, side, channels]`.
    weight: Param<Tensor<3>>,
    /// `[channels]`.
    bias: Param<Tensor<1>>,
    stride: usize,
}

impl EfficientNet {
    /// An encoder with random weights.
    pub fn new(config: &EfficientNetConfig, device: &Device) -> Self {
        let [side, stride] = STEM;
        let blocks = config.blocks();
        let shape = VisionConfig::EfficientNet(config.clone());
        Self {
            stem: Conv2dConfig::new([3, config.stem], [side, side])
                .with_stride([stride, stride])
                .with_initializer(kaiming())
                .init(device),
            blocks: blocks
                .iter()
                .map(|block| InvertedResidual::new(block, device))
                .collect(),
            levels: shape.level_blocks(),
            fine: shape.fine_block(),
        }
    }

    /// Computes the features of a normalised image, `[batch, 3, height, width]`. `after` is called after every block
    /// with the block's output, `[batch, rows * columns, width]`, and returns what is added to it.
    pub fn features<'a>(
        &self,
        image: Tensor<4>,
        after: impl FnMut(usize, Tensor<3>, GridSize) -> Option<Added<'a>>,
    ) -> Features {
        self.finish(self.start(image, 0), after)
    }

    /// Runs the blocks up to and including `last`. Adapters add nothing to these outputs; [`Self::finish`] adds to the
    /// output of `last`.
    pub fn start(&self, image: Tensor<4>, last: usize) -> StartedBlocks {
        let (tokens, size) = self.begin(image);
        let mut started = StartedBlocks {
            map: FeatureMap { tokens, size },
            last,
            seen: Features {
                levels: Vec::with_capacity(self.levels.len()),
                fine: None,
            },
        };
        for index in 0..=last {
            started.map = self.blocks[index].forward(started.map);
            if index < last {
                self.keep(index, &started.map, &mut started.seen);
            }
        }
        started
    }

    /// Completes the features that [`Self::start`] started; see [`Self::features`].
    pub fn finish<'a>(
        &self,
        started: StartedBlocks,
        mut after: impl FnMut(usize, Tensor<3>, GridSize) -> Option<Added<'a>>,
    ) -> Features {
        let StartedBlocks {
            mut map,
            last,
            mut seen,
        } = started;
        for index in last..self.blocks.len() {
            if index > last {
                map = self.blocks[index].forward(map);
            }
            if let Some(added) = after(index, map.tokens.clone(), map.size) {
                map.tokens = added.onto(map.tokens);
            }
            self.keep(index, &map, &mut seen);
        }
        seen
    }

    /// Keeps the output of block `index` if it is a feature level or the fine map.
    fn keep(&self, index: usize, map: &FeatureMap, seen: &mut Features) {
        if self.levels.contains(&index) {
            seen.levels.push(map.clone());
        }
        if self.fine == Some(index) {
            seen.fine = Some(map.clone());
        }
    }

    /// Runs the first convolution and returns its cells and their grid.
    fn begin(&self, image: Tensor<4>) -> (Tensor<3>, GridSize) {
        let bias = self.stem.bias.as_ref().map(|bias| bias.val());
        let x = convolution(
            image.permute([0, 2, 3, 1]),
            self.stem.weight.val(),
            bias,
            STEM[1],
            Epilogue::Relu6,
        );
        let [batch, rows, columns, channels] = x.dims();
        let cells = x.reshape([batch, rows * columns, channels]);
        (cells, [rows, columns])
    }
}

impl InvertedResidual {
    fn new(config: &BlockConfig, device: &Device) -> Self {
        let linear = |input: usize, output: usize| {
            LinearConfig::new(input, output)
                .with_initializer(kaiming())
                .init(device)
        };
        Self {
            expand: config
                .expands()
                .then(|| linear(config.input, config.hidden)),
            depthwise: DepthwiseConv::new(config.kernel, config.hidden, config.stride, device),
            project: LinearConfig::new(config.hidden, config.shape.width).init(device),
            residual: config.residual(),
        }
    }

    /// The block's output, on its own grid.
    fn forward(&self, FeatureMap { tokens: x, size }: FeatureMap) -> FeatureMap {
        let widened = match &self.expand {
            Some(expand) => linear_then(expand, x.clone(), Epilogue::Relu6),
            None => x.clone(),
        };
        let [batch, _, hidden] = widened.dims();
        let [rows, columns] = size;
        let filtered = self
            .depthwise
            .forward(widened.reshape([batch, rows, columns, hidden]));
        let [_, rows, columns, _] = filtered.dims();
        let cells = filtered.reshape([batch, rows * columns, hidden]);
        let tokens = match self.residual {
            true => linear_onto(&self.project, cells, x),
            false => linear(&self.project, cells),
        };
        FeatureMap {
            tokens,
            size: [rows, columns],
        }
    }
}

impl DepthwiseConv {
    /// Random kernels of `side` x `side` for `channels` channels.
    pub fn new(side: usize, channels: usize, stride: usize, device: &Device) -> Self {
        let spread = Initializer::Normal {
            mean: 0.0,
            std: std::f64::consts::SQRT_2 / side as f64,
        };
        Self {
            weight: spread.init([side, side, channels], device),
            bias: Initializer::Zeros.init([channels], device),
            stride,
        }
    }

    /// Convolves `[batch, rows, columns, channels]` to the same layout on a grid coarser by the stride.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        depthwise(x, self.weight.val(), self.bias.val(), self.stride)
    }
}

/// Initial weights for a ReLU.
fn kaiming() -> Initializer {
    Initializer::KaimingUniform {
        gain: std::f64::consts::SQRT_2,
        fan_out_only: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ModelConfig;
    use burn::tensor::Distribution;

    #[test]
    fn levels_have_the_shapes_of_the_config() {
        let config = ModelConfig::micro().vision;
        let VisionConfig::EfficientNet(sizes) = &config else {
            panic!("micro's encoder is a hierarchy");
        };
        let device = Device::flex();
        let encoder = EfficientNet::new(sizes, &device);
        let image = Tensor::random([2, 3, 96, 64], Distribution::Default, &device);
        let features = encoder.features(image, |_, _, _| None);
        for (map, shape) in features.levels.iter().zip(config.levels()) {
            assert_eq!(map.size, shape.grid([96, 64]));
            let cells = map.size[0] * map.size[1];
            assert_eq!(map.tokens.dims(), [2, cells, shape.width]);
        }
        assert_eq!(features.fine.expect("a stride of 4").size, [24, 16]);
    }

    #[test]
    fn what_is_added_after_a_block_reaches_the_next() {
        let VisionConfig::EfficientNet(sizes) = ModelConfig::micro().vision else {
            panic!("micro's encoder is a hierarchy");
        };
        let device = Device::flex();
        let encoder = EfficientNet::new(&sizes, &device);
        let image = Tensor::<4>::random([1, 3, 64, 64], Distribution::Default, &device);
        let last = |added: bool| {
            let features = encoder.features(image.clone(), |index, x, _| {
                (added && index == 5).then(|| Added::Term(x.ones_like()))
            });
            features
                .levels
                .into_iter()
                .map(|map| map.tokens.into_data())
        };
        let (plain, added): (Vec<_>, Vec<_>) = (last(false).collect(), last(true).collect());
        assert_eq!(plain[0], added[0]);
        assert_ne!(plain[1], added[1]);
        assert_ne!(plain[2], added[2]);
    }

    #[test]
    fn an_image_that_was_begun_is_finished_alike() {
        let VisionConfig::EfficientNet(sizes) = ModelConfig::micro().vision else {
            panic!("micro's encoder is a hierarchy");
        };
        let device = Device::flex();
        let encoder = EfficientNet::new(&sizes, &device);
        let image = Tensor::<4>::random([1, 3, 64, 96], Distribution::Default, &device);
        let add = |index: usize, x: Tensor<3>, _: GridSize| {
            (index == 4).then(|| Added::Term(x.ones_like()))
        };
        let whole = encoder.features(image.clone(), add);
        for last in 0..5 {
            let found = encoder.finish(encoder.start(image.clone(), last), add);
            for (found, whole) in found.levels.iter().zip(&whole.levels) {
                assert_eq!(found.tokens.to_data(), whole.tokens.to_data(), "{last}");
            }
            let [found, whole] = [&found, &whole].map(|features| features.fine.clone());
            let [found, whole] = [found, whole].map(|map| map.expect("a level").tokens.into_data());
            assert_eq!(found, whole, "{last}");
        }
    }
}
