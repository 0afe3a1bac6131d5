//! Shapes of feature maps and of the mask.

/// Input pixels along the side of a mask pixel.
pub const MASK_STRIDE: usize = 4;

/// The shape of a feature map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeatureShape {
    /// Input pixels along the side of one cell.
    pub stride: usize,
    /// Channels.
    pub width: usize,
}

impl FeatureShape {
    /// Rows and columns in an image of `[height, width]` pixels.
    pub fn grid(self, [height, width]: [usize; 2]) -> [usize; 2] {
        [height / self.stride, width / self.stride]
    }
}
