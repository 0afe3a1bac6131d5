//! The image side of preprocessing: pixels, masks, resizing, normalising. The same code on every target.

pub mod image;
pub mod mask;
pub mod normalise;
pub mod resize;
mod window;

pub use image::{ImageError, MAX_PIXELS, MIN_SIDE, RgbImage, check_sides};
pub use mask::{LOWEST_PROBABILITY, Mask};
pub use normalise::{Normalisation, to_input};
pub use resize::{
    resize_bilinear, resize_image, resize_map, resize_map_rows, resize_mask, threshold_map,
};
pub use window::Window;
