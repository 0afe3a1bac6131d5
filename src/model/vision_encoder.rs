//! The frozen visual encoder: a pre-norm ViT with registers and LayerScale, as DINOv2 has it
//! (Oquab et al. 2023, arXiv 2304.07193; registers: Darcet et al. 2024, arXiv 2309.16588).

use burn::module::{Module, Param};
use burn::nn::{Gelu, Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use super::attention::SelfAttention;
use super::config::VisionConfig;
use super::grid::{GridSize, grid_from_tokens, patches_from_image, resize, tokens_from_grid};

/// Epsilon of the layer norms, as in DINOv2.
const NORM_EPSILON: f64 = 1e-6;

/// The encoder's weights; [`VisionEncoder::embed`], the blocks and [`VisionEncoder::norm`] in turn
/// make a forward pass, so that adapters can run beside the blocks.
#[derive(Module, Debug)]
pub struct VisionEncoder {
    /// Patch embedding, `[3 * patch * patch, width]`.
    pub patch: Linear,
    /// Class token, `[1, 1, width]`.
    pub class_token: Param<Tensor<3>>,
    /// Registers, `[1, registers, width]`.
    pub registers: Param<Tensor<3>>,
    /// Position embedding of the class token and of the patches, `[1, 1 + grid * grid, width]`.
    pub position: Param<Tensor<3>>,
    /// The blocks.
    pub blocks: Vec<VisionBlock>,
    /// Norm after the last block.
    pub norm: LayerNorm,
    patch_side: usize,
}

/// One pre-norm block.
#[derive(Module, Debug)]
pub struct VisionBlock {
    norm1: LayerNorm,
    attention: SelfAttention,
    scale1: Option<Param<Tensor<1>>>,
    norm2: LayerNorm,
    fc1: Linear,
    fc2: Linear,
    scale2: Option<Param<Tensor<1>>>,
}

impl VisionEncoder {
    /// An encoder with random weights whose position embedding fits `grid` x `grid` patches.
    pub fn new(config: &VisionConfig, grid: usize, device: &Device) -> Self {
        let width = config.width;
        let small = Initializer::Normal {
            mean: 0.0,
            std: 0.02,
        };
        Self {
            patch: LinearConfig::new(3 * config.patch * config.patch, width).init(device),
            class_token: small.init([1, 1, width], device),
            registers: small.init([1, config.registers, width], device),
            position: small.init([1, 1 + grid * grid, width], device),
            blocks: (0..config.depth)
                .map(|_| VisionBlock::new(config, device))
                .collect(),
            norm: LayerNormConfig::new(width)
                .with_epsilon(NORM_EPSILON)
                .init(device),
            patch_side: config.patch,
        }
    }

    /// Tokens that precede the patches: the class token and the registers.
    pub fn prefix(&self) -> usize {
        1 + self.registers.dims()[1]
    }

    /// Rows and columns of patches in an image of `[height, width]` pixels.
    pub fn grid_size(&self, [height, width]: [usize; 2]) -> GridSize {
        [height / self.patch_side, width / self.patch_side]
    }

    /// Normalised image `[batch, 3, height, width]` to tokens `[batch, prefix + patches, width]`.
    pub fn embed(&self, image: Tensor<4>) -> Tensor<3> {
        let [_, _, height, width] = image.dims();
        let size = self.grid_size([height, width]);
        self.tokens(
            self.patch
                .forward(patches_from_image(image, self.patch_side)),
            size,
        )
    }

    /// Puts positions, class token and registers around embedded patches
    /// `[batch, rows * columns, width]`.
    pub fn tokens(&self, patches: Tensor<3>, size: GridSize) -> Tensor<3> {
        let [batch, _, width] = patches.dims();
        let position = self.position.val();
        let class = self.class_token.val() + position.clone().narrow(1, 0, 1);
        let patches = patches + self.patch_positions(position, size);
        let registers = self.registers.val();
        let count = registers.dims()[1];
        Tensor::cat(
            vec![
                class.expand([batch, 1, width]),
                registers.expand([batch, count, width]),
                patches,
            ],
            1,
        )
    }

    /// The patches' position embedding, resized where the image has another grid than the weights.
    fn patch_positions(&self, position: Tensor<3>, size: GridSize) -> Tensor<3> {
        let stored = position.dims()[1] - 1;
        let side = stored.isqrt();
        let patches = position.narrow(1, 1, stored);
        if size == [side, side] {
            return patches;
        }
        tokens_from_grid(resize(grid_from_tokens(patches, [side, side]), size))
    }
}

impl VisionBlock {
    fn new(config: &VisionConfig, device: &Device) -> Self {
        let width = config.width;
        let norm = LayerNormConfig::new(width).with_epsilon(NORM_EPSILON);
        let scale = || {
            config
                .layer_scale
                .then(|| Initializer::Ones.init([width], device))
        };
        Self {
            norm1: norm.init(device),
            attention: SelfAttention::new(width, config.heads, device),
            scale1: scale(),
            norm2: norm.init(device),
            fc1: LinearConfig::new(width, config.mlp).init(device),
            fc2: LinearConfig::new(config.mlp, width).init(device),
            scale2: scale(),
        }
    }

    /// `x`: `[batch, tokens, width]`. `parallel` sees what the MLP sees, and what it returns is added
    /// to the MLP's output before LayerScale, as in DETRIS.
    pub fn forward(
        &self,
        x: Tensor<3>,
        parallel: Option<impl FnOnce(Tensor<3>) -> Tensor<3>>,
    ) -> Tensor<3> {
        let attended = self
            .attention
            .forward(self.norm1.forward(x.clone()), None, None);
        let x = x + scaled(attended, &self.scale1);
        let normed = self.norm2.forward(x.clone());
        let mut y = self
            .fc2
            .forward(Gelu::new().forward(self.fc1.forward(normed.clone())));
        if let Some(adapter) = parallel {
            y = y + adapter(normed);
        }
        x + scaled(y, &self.scale2)
    }
}

fn scaled(x: Tensor<3>, scale: &Option<Param<Tensor<1>>>) -> Tensor<3> {
    match scale {
        Some(scale) => x * scale.val().unsqueeze(),
        None => x,
    }
}
