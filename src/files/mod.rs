//! Files: images that are read, and files that are either complete or absent.

pub mod atomic_file;
pub mod image_file;
pub mod sidecars;

pub use atomic_file::{FileError, PARTIAL, write_atomic, write_png_gray, write_png_rgb};
pub use image_file::{ImageFileError, Picture, Turn, read_image, read_picture};
pub use sidecars::SidecarFiles;
