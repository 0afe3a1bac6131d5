//! Shape of EfficientNet-Lite: Tan and Le 2019, arXiv 1905.11946, without squeeze-and-excitation and with
//! ReLU6, as TensorFlow publishes it for devices without a fast sigmoid.

use serde::{Deserialize, Serialize};

use super::shape::FeatureShape;
use crate::vision::Normalisation;

/// Stride of the first convolution.
const STEM_STRIDE: usize = 2;
/// Number of blocks from which a stage also carries an adapter in its middle.
const LONG_STAGE: usize = 3;

/// Sizes of the encoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EfficientNetConfig {
    /// Channels of the first convolution, 3x3 with stride 2.
    pub stem: usize,
    /// The stages, in order.
    pub stages: Vec<StageConfig>,
    /// Normalisation that the encoder was trained with.
    pub normalisation: Normalisation,
}

/// Blocks of one width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageConfig {
    /// Side of the depthwise kernel.
    pub kernel: usize,
    /// Stride of the first block; the others have 1.
    pub stride: usize,
    /// Ratio of a block's inner channels to its input channels; 1 omits the expansion.
    pub expand: usize,
    /// Output channels.
    pub width: usize,
    /// Number of blocks.
    pub repeats: usize,
}

/// One block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockConfig {
    /// Side of the depthwise kernel.
    pub kernel: usize,
    /// Stride of the depthwise kernel.
    pub stride: usize,
    /// Input channels.
    pub input: usize,
    /// Inner channels.
    pub hidden: usize,
    /// Shape of the output.
    pub shape: FeatureShape,
}

impl BlockConfig {
    /// Whether the input is widened first.
    pub fn expands(&self) -> bool {
        self.hidden != self.input
    }

    /// Whether the input is added to the output.
    pub fn residual(&self) -> bool {
        self.stride == 1 && self.input == self.shape.width
    }

    /// Inputs and outputs of its linear layers.
    pub fn matrices(&self) -> Vec<[usize; 2]> {
        let expand = self.expands().then_some([self.input, self.hidden]);
        let project = [self.hidden, self.shape.width];
        expand.into_iter().chain([project]).collect()
    }
}

impl EfficientNetConfig {
    /// A published variant. Kernels, strides and expansions are the same in all of them.
    pub(super) fn published(widths: [usize; 7], repeats: [usize; 7]) -> Self {
        const KERNELS: [usize; 7] = [3, 3, 5, 3, 5, 5, 3];
        const STRIDES: [usize; 7] = [1, 2, 2, 2, 1, 2, 1];
        let stage = |index: usize| StageConfig {
            kernel: KERNELS[index],
            stride: STRIDES[index],
            expand: if index == 0 { 1 } else { 6 },
            width: widths[index],
            repeats: repeats[index],
        };
        Self {
            stem: 32,
            stages: (0..7).map(stage).collect(),
            normalisation: Normalisation::Centred,
        }
    }

    /// The blocks of all stages, in order.
    pub fn blocks(&self) -> Vec<BlockConfig> {
        let mut blocks = Vec::new();
        let (mut input, mut place) = (self.stem, STEM_STRIDE);
        for stage in &self.stages {
            for index in 0..stage.repeats {
                let stride = if index == 0 { stage.stride } else { 1 };
                place *= stride;
                blocks.push(BlockConfig {
                    kernel: stage.kernel,
                    stride,
                    input,
                    hidden: input * stage.expand,
                    shape: FeatureShape {
                        stride: place,
                        width: stage.width,
                    },
                });
                input = stage.width;
            }
        }
        blocks
    }

    /// The blocks that carry an adapter: the last block of every stage from block `first` on. From the third of these
    /// stages on, a long stage also has an adapter at its middle block. If the next stage is a single block on the
    /// same grid, that block replaces the last one of this stage.
    pub(super) fn adapter_blocks(&self, first: usize) -> Vec<usize> {
        let (mut adapted, mut start, mut passed) = (Vec::new(), 0, 0);
        for (index, stage) in self.stages.iter().enumerate() {
            let end = start + stage.repeats - 1;
            let next = self.stages.get(index + 1);
            let single = next.is_some_and(|next| next.repeats == 1 && next.stride == 1);
            if end >= first {
                if passed >= 2 && stage.repeats >= LONG_STAGE {
                    adapted.push(start + (stage.repeats - 1) / 2);
                }
                if !single {
                    adapted.push(end);
                }
                passed += 1;
            }
            start = end + 1;
        }
        adapted
    }
}
