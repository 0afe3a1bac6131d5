//! Windows of TIFFs that are made here, piece by piece, against what was put into them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tiff::encoder::TiffEncoder;
use tiff::encoder::compression::{CompressionAlgorithm, Deflate};
use tiff::tags::Tag;

use super::{RasterError, RasterSource};
use crate::segment::Window;

/// An image to be written; its samples are `value(x, y, band)`.
#[derive(Clone, Copy)]
struct Drawn {
    size: (usize, usize),
    /// Width and height of tiles; strips of 7 rows without.
    tile: Option<(usize, usize)>,
    planar: bool,
    bits: u16,
    bands: usize,
    photometric: u16,
    subfile: u32,
    deflate: bool,
    value: fn(usize, usize, usize) -> u16,
}

const RGB: Drawn = Drawn {
    size: (150, 90),
    tile: None,
    planar: false,
    bits: 8,
    bands: 3,
    photometric: 2,
    subfile: 0,
    deflate: false,
    value: colour,
};

fn colour(x: usize, y: usize, band: usize) -> u16 {
    [(x * 3 + y) as u8, (y * 2) as u8, (x ^ y) as u8, 0][band.min(3)].into()
}

impl Drawn {
    /// The bytes of the piece whose corner is `x, y`, of one band or of all.
    fn piece(&self, (x, y): (usize, usize), size: (usize, usize), bands: &[usize]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for y in y..y + size.1 {
            for x in x..x + size.0 {
                for &band in bands {
                    let value = (self.value)(x, y, band);
                    match self.bits {
                        8 => bytes.push(value as u8),
                        _ => bytes.extend(value.to_ne_bytes()),
                    }
                }
            }
        }
        bytes
    }

    fn pieces(&self) -> Vec<Vec<u8>> {
        let (width, height) = self.size;
        let (across, down) = self.tile.unwrap_or((width, 7));
        let bands: Vec<usize> = (0..self.bands).collect();
        let planes: Vec<&[usize]> = match self.planar {
            true => bands.chunks(1).collect(),
            false => vec![&bands],
        };
        let mut pieces = Vec::new();
        for plane in planes {
            for y in (0..height).step_by(down) {
                for x in (0..width).step_by(across) {
                    // Tiles are whole, strips end where the image does.
                    let rows = if self.tile.is_some() {
                        down
                    } else {
                        down.min(height - y)
                    };
                    pieces.push(self.piece((x, y), (across, rows), plane));
                }
            }
        }
        pieces
    }
}

/// Writes `images`, the scene first; text tags go to the scene.
fn write(path: &Path, images: &[Drawn], no_data: Option<&str>) {
    let file = File::create(path).expect("a file");
    let mut encoder = TiffEncoder::new(file).expect("a TIFF");
    for (index, image) in images.iter().enumerate() {
        let mut directory = encoder.image_directory().expect("a directory");
        let (mut places, mut lengths) = (Vec::new(), Vec::new());
        for piece in image.pieces() {
            let mut bytes = Vec::new();
            match image.deflate {
                true => Deflate::default().write_to(&mut bytes, &piece).map(|_| ()),
                false => {
                    bytes = piece;
                    Ok(())
                }
            }
            .expect("compressed");
            places.push(directory.write_data(&bytes[..]).expect("written") as u32);
            lengths.push(bytes.len() as u32);
        }
        let mut tag = |tag, value: u32| directory.write_tag(tag, value).expect("a tag");
        tag(Tag::NewSubfileType, image.subfile);
        tag(Tag::ImageWidth, image.size.0 as u32);
        tag(Tag::ImageLength, image.size.1 as u32);
        match image.tile {
            Some((width, height)) => {
                tag(Tag::TileWidth, width as u32);
                tag(Tag::TileLength, height as u32);
            }
            None => tag(Tag::RowsPerStrip, 7),
        }
        let (place, length) = match image.tile {
            Some(_) => (Tag::TileOffsets, Tag::TileByteCounts),
            None => (Tag::StripOffsets, Tag::StripByteCounts),
        };
        directory.write_tag(place, &places[..]).expect("a tag");
        directory.write_tag(length, &lengths[..]).expect("a tag");
        let mut tag = |tag, value: u16| directory.write_tag(tag, value).expect("a tag");
        tag(Tag::Compression, if image.deflate { 8 } else { 1 });
        tag(Tag::PhotometricInterpretation, image.photometric);
        tag(Tag::SamplesPerPixel, image.bands as u16);
        tag(Tag::PlanarConfiguration, if image.planar { 2 } else { 1 });
        let bits = vec![image.bits; image.bands];
        directory
            .write_tag(Tag::BitsPerSample, &bits[..])
            .expect("a tag");
        if let (0, Some(text)) = (index, no_data) {
            directory
                .write_tag(Tag::Unknown(42113), text)
                .expect("a tag");
        }
        directory.finish().expect("written");
    }
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("scene.tif");
    (folder, path)
}

const WINDOWS: [Window; 4] = [
    Window {
        x: 0,
        y: 0,
        width: 150,
        height: 90,
    },
    Window {
        x: 37,
        y: 13,
        width: 64,
        height: 50,
    },
    Window {
        x: 149,
        y: 89,
        width: 1,
        height: 1,
    },
    Window {
        x: 0,
        y: 63,
        width: 150,
        height: 2,
    },
];

#[test]
fn windows_are_what_was_written_in_every_layout() {
    let (_folder, path) = folder();
    for tile in [None, Some((16, 16)), Some((64, 48)), Some((256, 256))] {
        for planar in [false, true] {
            for deflate in [false, true] {
                for bands in [3, 4, 5] {
                    let drawn = Drawn {
                        tile,
                        planar,
                        deflate,
                        bands,
                        ..RGB
                    };
                    write(&path, &[drawn], None);
                    let mut source = RasterSource::open(&path).expect("a scene");
                    assert_eq!(source.size(), (150, 90));
                    for window in WINDOWS {
                        let piece = source.read(window, 1.0).expect("pixels");
                        let (corner, size) = ((window.x, window.y), (window.width, window.height));
                        let expected = RGB.piece(corner, size, &[0, 1, 2]);
                        assert_eq!(
                            piece.image.pixels(),
                            expected,
                            "{tile:?} {planar} {window:?}"
                        );
                        assert!(piece.valid.iter().all(|&valid| valid));
                        assert_eq!(source.picture(window).expect("pixels"), piece.image);
                    }
                }
            }
        }
    }
}

#[test]
fn sixteen_bits_are_stretched_and_no_data_is_told() {
    fn deep(x: usize, y: usize, band: usize) -> u16 {
        match x < 75 {
            true => 0,
            false => 1000 + 10 * (x + y) as u16 + 2000 * band as u16,
        }
    }
    let (_folder, path) = folder();
    let drawn = Drawn {
        bits: 16,
        bands: 4,
        photometric: 1,
        value: deep,
        ..RGB
    };
    for (tile, planar) in [(None, false), (Some((32, 32)), true)] {
        write(
            &path,
            &[Drawn {
                tile,
                planar,
                ..drawn
            }],
            Some("0"),
        );
        let mut source = RasterSource::open(&path).expect("a scene");
        let piece = source.read(WINDOWS[0], 1.0).expect("pixels");
        assert_eq!(piece.image.pixel(10, 10), [128; 3]);
        assert!(!piece.valid[10] && piece.valid[80]);
        assert_eq!(
            piece.image.pixel(75, 0),
            [0; 3],
            "darker than the 2nd percentile"
        );
        assert_eq!(piece.image.pixel(149, 89), [255; 3]);
        let middle = piece.image.pixel(112, 45);
        assert!(
            middle.iter().all(|value| (100..156).contains(value)),
            "{middle:?}"
        );
        let empty = source.read(Window::new(0, 0, 75, 90), 1.0).expect("pixels");
        assert!(empty.is_empty());
    }
}

#[test]
fn the_coarsest_version_that_is_fine_enough_is_read() {
    let (_folder, path) = folder();
    let scene = Drawn {
        tile: Some((64, 64)),
        value: |_, _, _| 10,
        ..RGB
    };
    let half = Drawn {
        size: (75, 45),
        subfile: 1,
        value: |_, _, _| 20,
        ..scene
    };
    let quarter = Drawn {
        size: (38, 23),
        subfile: 1,
        value: |_, _, _| 40,
        ..scene
    };
    write(&path, &[scene, quarter, half], None);
    let mut source = RasterSource::open(&path).expect("a scene");
    for (step, value, size) in [
        (1.0, 10, (64, 50)),
        (1.9, 10, (64, 50)),
        (2.0, 20, (32, 25)),
        (3.5, 20, (32, 25)),
        (4.0, 40, (17, 13)),
        (50.0, 40, (17, 13)),
    ] {
        let piece = source.read(WINDOWS[1], step).expect("pixels");
        assert_eq!(piece.image.pixel(3, 3), [value; 3], "step {step}");
        assert_eq!(
            (piece.image.width(), piece.image.height()),
            size,
            "step {step}"
        );
    }
}

#[test]
fn a_mask_in_the_file_hides_pixels() {
    let (_folder, path) = folder();
    let mask = Drawn {
        bands: 1,
        photometric: 4,
        subfile: 4,
        value: |x, _, _| if x < 40 { 0 } else { 255 },
        ..RGB
    };
    write(&path, &[RGB, mask], None);
    let piece = RasterSource::open(&path)
        .and_then(|mut source| source.read(WINDOWS[0], 1.0))
        .expect("pixels");
    assert!(!piece.valid[39] && piece.valid[40]);
    assert_eq!(piece.image.pixel(39, 0), [128; 3]);
}

#[test]
fn very_large_windows_are_averaged_while_they_are_read() {
    let (_folder, path) = folder();
    let wide = Drawn {
        size: (5000, 4000),
        tile: Some((512, 512)),
        bands: 1,
        photometric: 1,
        deflate: true,
        value: |x, y, _| if (x + y) % 2 == 0 { 100 } else { 200 },
        ..RGB
    };
    write(&path, &[wide], None);
    let mut source = RasterSource::open(&path).expect("a scene");
    let piece = source.read(Window::all(5000, 4000), 20.0).expect("pixels");
    assert_eq!((piece.image.width(), piece.image.height()), (2500, 2000));
    assert!(piece.image.pixels().iter().all(|&value| value == 150));
}

#[test]
fn what_is_missing_or_of_another_kind_is_said() {
    let (_folder, path) = folder();
    let error = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("a file");
        let read = RasterSource::open(&path).and_then(|mut source| {
            let (width, height) = source.size();
            source.read(Window::all(width, height), 1.0)
        });
        read.expect_err("not a whole scene")
    };
    write(
        &path,
        &[Drawn {
            tile: Some((64, 64)),
            ..RGB
        }],
        None,
    );
    let whole = fs::read(&path).expect("the file");
    for length in [3, 20, 1000, whole.len() / 2, whole.len() - 40] {
        let message = error(&whole[..length]).to_string();
        assert!(
            message.contains("again") || message.contains("give"),
            "{length}: {message}"
        );
    }
    assert!(matches!(
        error(b"PK\x03\x04 and more"),
        RasterError::OtherKind { .. }
    ));
    let drawing = error(b"<?xml version='1.0'?><!-- a map --><svg></svg>").to_string();
    assert!(drawing.contains("SVG"), "{drawing}");
    assert!(error(b"some notes").to_string().contains("not an image"));
    write(
        &path,
        &[Drawn {
            photometric: 5,
            bands: 4,
            ..RGB
        }],
        None,
    );
    let inks = fs::read(&path).expect("the file");
    assert!(matches!(error(&inks), RasterError::Unsupported { .. }));
}

#[test]
fn a_world_file_is_found_beside_the_scene() {
    let (folder, path) = folder();
    write(&path, &[RGB], None);
    let source = RasterSource::open(&path).expect("a scene");
    assert_eq!(source.world_file(), None);
    for name in ["scene.wld", "scene.TFW", "scene.tfw"] {
        let beside = folder.path().join(name);
        fs::write(&beside, "1\n0\n0\n-1\n0\n0\n").expect("a file");
        assert_eq!(source.world_file(), Some(beside));
    }
}
