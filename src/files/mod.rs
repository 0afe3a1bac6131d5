//! Files: images that are read, and files that are either complete or absent.

pub mod atomic_file;
pub mod image_file;
pub mod sidecars;

pub use atomic_file::{FileError, PARTIAL, write_atomic, write_png_gray, write_png_rgb};
pub use image_file::{ImageFileError, Picture, Turn, read_image, read_picture};
pub use sidecars::SidecarFiles;

/// The names in a folder, sorted.
#[cfg(test)]
pub fn names_in(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<String> = entries
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
