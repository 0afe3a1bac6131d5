//! What neck and decoder are told of the place of each cell: the same for all images of a size.

use burn::tensor::Tensor;

use super::config::ModelConfig;
use super::decoder::position_code;
use super::neck::coordinates;

/// The places of the cells of the neck's grid.
#[derive(Debug, Clone)]
pub struct Places {
    /// The cells' coordinates, `[1, cells, 2]`.
    pub coordinates: Tensor<3>,
    /// The decoder's position code, `[1, cells, width]`.
    pub code: Tensor<3>,
}

impl Places {
    /// The places in `image`, `[batch, 3, height, width]`, on its device.
    pub fn new(config: &ModelConfig, image: &Tensor<4>) -> Self {
        let [_, _, height, width] = image.dims();
        let size = config.vision.neck().grid([height, width]);
        let device = image.device();
        Self {
            coordinates: coordinates(size, &device),
            code: position_code(size, config.fusion.width, &device),
        }
    }

    /// The same as constants on the device with gradients.
    pub fn constant(self) -> Self {
        Self {
            coordinates: Tensor::from_inner(self.coordinates),
            code: Tensor::from_inner(self.code),
        }
    }
}
