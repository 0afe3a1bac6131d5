//! Ordinary pictures as scenes: rotated by EXIF, placed by a world file, with transparent pixels.

use std::fs;
use std::path::Path;

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};

use super::RasterSource;
use crate::vision::Window;

/// Writes a PNG of 5 x 3 pixels with this EXIF orientation. The first `clear` pixels are transparent.
fn write(path: &Path, orientation: u8, clear: usize) {
    let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let pixels: Vec<u8> = (0..15u8)
        .flat_map(|at| {
            [
                at * 10,
                200,
                7,
                if usize::from(at) < clear { 0 } else { 255 },
            ]
        })
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_exif_metadata(exif).expect("EXIF");
    encoder
        .write_image(&pixels, 5, 3, ExtendedColorType::Rgba8)
        .expect("written");
    fs::write(path, bytes).expect("a file");
}

#[test]
fn a_picture_with_a_world_file_is_as_stored() {
    for orientation in 1..=8 {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("scene.png");
        write(&path, orientation, 0);
        let upright = RasterSource::open(&path).expect("a scene");
        let size = if orientation > 4 { (3, 5) } else { (5, 3) };
        assert_eq!((upright.size(), upright.exif_ignored()), (size, false));
        fs::write(folder.path().join("scene.pgw"), "1\n0\n0\n-1\n0\n0\n").expect("a file");
        let mut stored = RasterSource::open(&path).expect("a scene");
        assert_eq!(stored.size(), (5, 3), "orientation {orientation}");
        assert_eq!(stored.exif_ignored(), orientation > 1);
        let piece = stored.read(Window::all(5, 3), 1.0).expect("pixels");
        assert_eq!(
            piece.image.pixel(4, 2),
            [140, 200, 7],
            "orientation {orientation}"
        );
    }
}

#[test]
fn transparent_pixels_have_no_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("scene.png");
    write(&path, 1, 7);
    let mut source = RasterSource::open(&path).expect("a scene");
    let piece = source.read(Window::new(1, 0, 3, 2), 1.0).expect("pixels");
    assert_eq!(piece.valid, [false, false, false, false, true, true]);
    assert_eq!(piece.image.pixel(0, 0), [128; 3], "grey for the network");
    assert_eq!(piece.image.pixel(1, 1), [70, 200, 7]);
    write(&path, 1, 15);
    let mut source = RasterSource::open(&path).expect("a scene");
    assert!(
        source
            .read(Window::all(5, 3), 1.0)
            .expect("pixels")
            .is_empty()
    );
    write(&path, 1, 0);
    let mut source = RasterSource::open(&path).expect("a scene");
    let piece = source.read(Window::all(5, 3), 1.0).expect("pixels");
    assert!(piece.valid.iter().all(|&valid| valid));
}
