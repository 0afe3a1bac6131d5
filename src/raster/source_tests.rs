//! Compares windows of generated TIFFs with the samples that were written into them.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use tempfile::TempDir;

use super::drawn::{Drawn, RGB, write};
use super::{RasterError, RasterSource};
use crate::vision::Window;

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
fn no_data_of_few_bits_is_the_value_in_the_file() {
    let (_folder, path) = folder();
    let drawn = Drawn {
        bits: 4,
        bands: 1,
        photometric: 1,
        value: |x, _, _| if x < 40 { 14 } else { 3 },
        ..RGB
    };
    write(&path, &[drawn], Some("14"));
    let mut source = RasterSource::open(&path).expect("a scene");
    let piece = source.read(WINDOWS[0], 1.0).expect("pixels");
    assert!(!piece.valid[39] && piece.valid[40]);
    assert_eq!(piece.image.pixel(40, 0), [51; 3]);
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
fn whatever_byte_is_wrong_nothing_panics() {
    let (_folder, path) = folder();
    let small = Drawn {
        size: (20, 12),
        ..RGB
    };
    let half = Drawn {
        size: (10, 6),
        subfile: 1,
        ..small
    };
    let tiles = Drawn {
        tile: Some((16, 16)),
        planar: true,
        deflate: true,
        ..small
    };
    let deep = Drawn {
        bits: 16,
        bands: 4,
        ..small
    };
    let few = Drawn {
        bits: 4,
        bands: 1,
        photometric: 1,
        ..small
    };
    for images in [&[small, half][..], &[tiles], &[deep], &[few]] {
        write(&path, images, Some("7"));
        let whole = fs::read(&path).expect("the file");
        // The header, and the directories, which come after the pixels.
        let from = whole.len().saturating_sub(700).max(8);
        for at in (0..8).chain(from..whole.len()) {
            for byte in [0, 1, 0x7f, 0xff, whole[at] ^ 2] {
                let mut bytes = whole.clone();
                bytes[at] = byte;
                let size = bytes.len() as u64;
                let reader = Box::new(Cursor::new(bytes));
                if let Ok(mut source) = RasterSource::from_tiff(reader, "scene.tif", size, None) {
                    let (width, height) = source.size();
                    let window = Window::all(width.min(64), height.min(64));
                    let _ = source.read(window, 1.0);
                    let _ = source.read(window, 2.0);
                }
            }
        }
    }
}

#[test]
fn a_preview_is_made_in_steps_and_covers_the_scene() {
    let (_folder, path) = folder();
    let value = |x: usize, y: usize, _: usize| if (x < 2000) == (y < 1000) { 40 } else { 200 };
    for tile in [None, Some((256, 256))] {
        let wide = Drawn {
            size: (4000, 2000),
            tile,
            bands: 1,
            photometric: 1,
            deflate: true,
            value,
            ..RGB
        };
        write(&path, &[wide], None);
        let mut source = RasterSource::open(&path).expect("a scene");
        let mut preview = source.preview(400).expect("a TIFF");
        assert_eq!((preview.width(), preview.height()), (400, 200));
        let mut steps = 0;
        while source.advance(&mut preview).expect("a part") {
            steps += 1;
        }
        assert!(steps > 100 && preview.share() == 1.0, "{steps} steps");
        let rgba = preview.rgba();
        for (x, y, expected) in [(10, 10, 40), (390, 10, 200), (10, 190, 200), (390, 190, 40)] {
            assert_eq!(
                rgba[(y * 400 + x) * 4..][..4],
                [expected, expected, expected, 255]
            );
        }
    }
    write(&path, &[RGB], None);
    let mut source = RasterSource::open(&path).expect("a scene");
    let mut preview = source.preview(1000).expect("a TIFF");
    while source.advance(&mut preview).expect("a part") {}
    let whole = Window::all(150, 90);
    assert_eq!(preview.rgba(), source.rgba(0, whole).expect("pixels"));
    let facts = source.facts().expect("a TIFF");
    assert_eq!((facts.bands, facts.used, facts.bits), (3, 3, 8));
    assert!(!facts.stretched && !facts.masked && facts.overviews == 0);
}
