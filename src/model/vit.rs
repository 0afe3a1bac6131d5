//! A pre-norm ViT with LayerScale and registers, as in DINOv2 (Oquab et al. 2023, arXiv 2304.07193; registers: Darcet
//! et al. 2023, arXiv 2309.16588) and DINOv3 (arXiv 2508.10104).

use burn::module::{Module, Param};
use burn::nn::{Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use super::added::Added;
use super::attention::{SelfAttention, Visible};
use super::config::{Positions, VisionConfig, VitConfig};
use super::features::{FeatureMap, Features};
use super::feed_forward::Activation;
use super::grid::{GridSize, patches_from_image};
use super::position::{Rotation, resize_positions};
use super::precision::linear;

/// The encoder's weights.
#[derive(Module, Debug)]
pub struct Vit {
    /// Patch embedding, `[3 * patch * patch, width]`.
    pub patch: Linear,
    /// Class token, `[1, 1, width]`.
    pub class_token: Param<Tensor<3>>,
    /// Registers, `[1, registers, width]`.
    pub registers: Option<Param<Tensor<3>>>,
    /// Position embedding of the class token and of the patches, `[1, 1 + grid * grid, width]`.
    pub position: Option<Param<Tensor<3>>>,
    /// The blocks.
    pub blocks: Vec<VitBlock>,
    /// Norm after the last block.
    pub norm: LayerNorm,
    #[module(skip)]
    config: VitConfig,
    #[module(skip)]
    fine: Option<usize>,
}

/// One pre-norm block.
#[derive(Module, Debug)]
pub struct VitBlock {
    norm1: LayerNorm,
    attention: SelfAttention,
    scale1: Option<Param<Tensor<1>>>,
    norm2: LayerNorm,
    fc1: Linear,
    fc2: Linear,
    scale2: Option<Param<Tensor<1>>>,
    #[module(skip)]
    activation: Activation,
}

impl Vit {
    /// An encoder with random weights; `grid`: patches along one side of the preset's own input.
    pub fn new(config: &VitConfig, grid: usize, device: &Device) -> Self {
        let width = config.width;
        let small = Initializer::Normal {
            mean: 0.0,
            std: 0.02,
        };
        let registers = config.registers;
        let stored = config.stored_grid(grid);
        Self {
            patch: LinearConfig::new(3 * config.patch * config.patch, width).init(device),
            class_token: small.init([1, 1, width], device),
            registers: (registers > 0).then(|| small.init([1, registers, width], device)),
            position: stored.map(|side| small.init([1, 1 + side * side, width], device)),
            blocks: (0..config.depth)
                .map(|_| VitBlock::new(config, device))
                .collect(),
            norm: norm(config).init(device),
            config: config.clone(),
            fine: VisionConfig::Vit(config.clone()).fine_block(),
        }
    }

    /// Tokens that precede the patches: the class token and the registers.
    pub fn prefix(&self) -> usize {
        self.config.prefix()
    }

    /// Computes the features of a normalised image, `[batch, 3, height, width]`: all tokens; those of the last block
    /// are taken after the final norm. `beside` is called for every block; it reads the input of the MLP and returns
    /// what is added to the MLP's output.
    pub fn features<'a>(
        &self,
        image: Tensor<4>,
        mut beside: impl FnMut(usize, Tensor<3>, GridSize) -> Option<Added<'a>>,
    ) -> Features {
        let [_, _, height, width] = image.dims();
        let size = [height / self.config.patch, width / self.config.patch];
        let patches = linear(&self.patch, patches_from_image(image, self.config.patch));
        let rotation = self.rotation(size, &patches.device());
        let mut x = self.tokens(patches, size);
        let mut levels = Vec::with_capacity(self.config.levels.len());
        let mut fine = None;
        for (index, block) in self.blocks.iter().enumerate() {
            x = block.forward(x, rotation.as_ref(), |tokens| beside(index, tokens, size));
            let map = || FeatureMap {
                tokens: if index + 1 == self.blocks.len() {
                    self.norm.forward(x.clone())
                } else {
                    x.clone()
                },
                size,
            };
            if self.config.levels.contains(&index) {
                levels.push(map());
            }
            if self.fine == Some(index) {
                fine = Some(map());
            }
        }
        Features { levels, fine }
    }

    /// Adds positions to embedded patches and puts the class token and the registers before them.
    fn tokens(&self, patches: Tensor<3>, size: GridSize) -> Tensor<3> {
        let [batch, _, width] = patches.dims();
        let (class, patches) = match &self.position {
            Some(position) => {
                let position = position.val();
                let stored = position.dims()[1] - 1;
                let class = self.class_token.val() + position.clone().narrow(1, 0, 1);
                let places = position.narrow(1, 1, stored);
                let places = resize_positions(places, size, self.config.positions);
                (class, patches + places)
            }
            None => (self.class_token.val(), patches),
        };
        let mut tokens = vec![class.expand([batch, 1, width])];
        if let Some(registers) = &self.registers {
            let count = self.config.registers;
            tokens.push(registers.val().expand([batch, count, width]));
        }
        tokens.push(patches);
        Tensor::cat(tokens, 1)
    }

    fn rotation(&self, size: GridSize, device: &Device) -> Option<Rotation> {
        let Positions::Rotary { base } = self.config.positions else {
            return None;
        };
        let head = self.config.width / self.config.heads;
        Some(Rotation::new(size, head, base, &device.clone().inner()))
    }
}

impl VitBlock {
    fn new(config: &VitConfig, device: &Device) -> Self {
        let width = config.width;
        let activation = Activation::from(config.feed_forward);
        let scale = || {
            config
                .layer_scale
                .then(|| Initializer::Ones.init([width], device))
        };
        Self {
            norm1: norm(config).init(device),
            attention: SelfAttention::new(width, config.heads, device),
            scale1: scale(),
            norm2: norm(config).init(device),
            fc1: LinearConfig::new(width, activation.widened(config.mlp)).init(device),
            fc2: LinearConfig::new(config.mlp, width).init(device),
            scale2: scale(),
            activation,
        }
    }

    /// Runs the block on `x`, `[batch, tokens, width]`. `parallel` reads the input of the MLP; its result is added to
    /// the MLP's output before LayerScale, as in DETRIS.
    fn forward<'a>(
        &self,
        x: Tensor<3>,
        rotation: Option<&Rotation>,
        parallel: impl FnOnce(Tensor<3>) -> Option<Added<'a>>,
    ) -> Tensor<3> {
        let normed = self.norm1.forward(x.clone());
        let attended = self.attention.forward(normed, Visible::All, rotation);
        let x = x + scaled(attended, &self.scale1);
        let normed = self.norm2.forward(x.clone());
        let hidden = self.activation.after(&self.fc1, normed.clone());
        let mut y = linear(&self.fc2, hidden);
        if let Some(added) = parallel(normed) {
            y = added.onto(y);
        }
        x + scaled(y, &self.scale2)
    }
}

fn norm(config: &VitConfig) -> LayerNormConfig {
    LayerNormConfig::new(config.width).with_epsilon(config.norm_epsilon)
}

fn scaled(x: Tensor<3>, scale: &Option<Param<Tensor<1>>>) -> Tensor<3> {
    match scale {
        Some(scale) => x * scale.val().unsqueeze(),
        None => x,
    }
}
