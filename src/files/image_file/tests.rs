//! Pictures of every format, whole and cut.

use std::io::Cursor;

use image::{GrayImage, ImageBuffer, ImageEncoder, Luma, LumaA, Rgb, Rgba};

use super::*;

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture
        .into()
        .write_to(&mut bytes, format)
        .expect("encoding");
    bytes.into_inner()
}

fn read(bytes: &[u8]) -> Result<RgbImage, ImageFileError> {
    let folder = tempfile::tempdir().expect("a folder");
    // The extension says nothing: the content decides.
    let path = folder.path().join("picture.dat");
    fs::write(&path, bytes).expect("a small file");
    read_image(&path)
}

fn rgb(width: u32, height: u32) -> image::RgbImage {
    image::RgbImage::from_fn(width, height, |x, y| {
        Rgb([(x * 5) as u8, (y * 7) as u8, 90])
    })
}

#[test]
fn each_format_is_known_by_its_content() {
    let picture = rgb(40, 30);
    for format in [ImageFormat::Png, ImageFormat::Tiff, ImageFormat::WebP] {
        let found = read(&encoded(picture.clone(), format)).expect("an image");
        assert_eq!((found.width(), found.height()), (40, 30));
        assert_eq!(found.pixels(), picture.as_raw().as_slice(), "{format:?}");
    }
    let found = read(&encoded(picture.clone(), ImageFormat::Jpeg)).expect("an image");
    let difference = found
        .pixels()
        .iter()
        .zip(picture.as_raw())
        .map(|(a, b)| a.abs_diff(*b));
    assert!(difference.max().expect("pixels") < 40);
}

#[test]
fn grey_16_bit_and_alpha_become_rgb() {
    let grey = GrayImage::from_raw(2, 1, vec![7, 200]).expect("two pixels");
    let found = read(&encoded(grey, ImageFormat::Png)).expect("grey");
    assert_eq!(found.pixels(), [7, 7, 7, 200, 200, 200]);
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        let deep: ImageBuffer<Luma<u16>, _> =
            ImageBuffer::from_raw(3, 1, vec![0, 0x80ff, 0xffff]).expect("three pixels");
        let found = read(&encoded(deep, format)).expect("16 bit");
        assert_eq!(found.pixels(), [0, 0, 0, 128, 128, 128, 255, 255, 255]);
    }
    let clear: ImageBuffer<Rgba<u8>, _> =
        ImageBuffer::from_raw(2, 1, vec![200, 100, 50, 255, 200, 100, 50, 0]).expect("two pixels");
    let found = read(&encoded(clear, ImageFormat::Png)).expect("alpha");
    assert_eq!(found.pixels(), [200, 100, 50, 0, 0, 0]);
    let clear: ImageBuffer<LumaA<u8>, _> =
        ImageBuffer::from_raw(1, 1, vec![90, 0]).expect("one pixel");
    assert_eq!(
        read(&encoded(clear, ImageFormat::Png))
            .expect("alpha")
            .pixels(),
        [0, 0, 0]
    );
}

#[test]
fn one_pixel_and_a_very_wide_image_are_images() {
    assert_eq!(
        read(&encoded(rgb(1, 1), ImageFormat::Png))
            .expect("one pixel")
            .width(),
        1
    );
    let wide = read(&encoded(rgb(20_000, 2), ImageFormat::Png)).expect("wide");
    assert_eq!((wide.width(), wide.height()), (20_000, 2));
}

#[test]
fn a_truncated_image_is_refused_wherever_it_ends() {
    let noise = image::RgbImage::from_fn(64, 64, |x, y| {
        let hash = (x * 2_654_435 + y * 40_503).wrapping_mul(2_246_822_519);
        Rgb([(hash >> 24) as u8, (hash >> 16) as u8, (hash >> 8) as u8])
    });
    let formats = [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::Tiff,
        ImageFormat::WebP,
    ];
    for format in formats {
        let bytes = encoded(noise.clone(), format);
        read(&bytes).expect("whole");
        for share in [30, 50, 70, 90, 97] {
            let error = read(&bytes[..bytes.len() * share / 100]).expect_err("truncated");
            let message = error.to_string();
            assert!(
                matches!(error, ImageFileError::Damaged { .. }),
                "{format:?}: {message}"
            );
            assert!(message.contains("again"), "{message}");
        }
    }
}

#[test]
fn what_is_not_an_image_is_named() {
    let error = read(b"%PDF-1.7 a document").expect_err("not an image");
    assert!(
        matches!(error, ImageFileError::NotAnImage { .. }),
        "{error}"
    );
    assert!(matches!(read(b""), Err(ImageFileError::Damaged { .. })));
    let error = read(b"GIF89a\x01\x00\x01\x00\x00\x00\x00").expect_err("a GIF");
    assert!(
        matches!(error, ImageFileError::Unsupported { .. }),
        "{error}"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let error = read_image(folder.path()).expect_err("a folder");
    assert!(matches!(error, ImageFileError::Folder { .. }), "{error}");
    let error = read_image(&folder.path().join("no.png")).expect_err("nothing");
    assert!(matches!(error, ImageFileError::Missing { .. }), "{error}");
}

#[test]
fn a_huge_size_is_refused_before_decoding() {
    // IHDR is at bytes 8..33: length, type, width, height, five bytes, CRC.
    let mut bytes = encoded(rgb(1, 1), ImageFormat::Png);
    bytes[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    let error = read(&bytes).expect_err("65,536 x 65,536");
    let size = ImageError::TooLarge {
        width: 65_536,
        height: 65_536,
    };
    assert!(
        matches!(&error, ImageFileError::Size { source, .. } if *source == size),
        "{error}"
    );
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| {
        if crc & 1 == 1 {
            (crc >> 1) ^ 0xedb8_8320
        } else {
            crc >> 1
        }
    };
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| step(crc))
    })
}

/// The EXIF data that states this orientation.
fn exif(orientation: u8) -> Vec<u8> {
    let mut bytes = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    bytes.extend([orientation, 0, 0, 0, 0, 0, 0]);
    bytes
}

/// A picture of 4 x 2 pixels whose EXIF data states this orientation.
fn turned(format: ImageFormat, orientation: u8) -> (Vec<u8>, image::RgbImage) {
    let picture = image::RgbImage::from_fn(4, 2, |x, y| Rgb([(x * 60) as u8, (y * 200) as u8, 9]));
    let mut bytes = Vec::new();
    let (pixels, kind) = (picture.as_raw(), image::ExtendedColorType::Rgb8);
    let exif = exif(orientation);
    match format {
        ImageFormat::Png => {
            let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
            encoder.set_exif_metadata(exif).expect("EXIF");
            encoder.write_image(pixels, 4, 2, kind).expect("written");
        }
        ImageFormat::WebP => {
            let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut bytes);
            encoder.set_exif_metadata(exif).expect("EXIF");
            encoder.write_image(pixels, 4, 2, kind).expect("written");
        }
        _ => {
            let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 100);
            encoder.set_exif_metadata(exif).expect("EXIF");
            encoder.write_image(pixels, 4, 2, kind).expect("written");
        }
    }
    (bytes, picture)
}

fn read_turned(bytes: &[u8], turn: Turn) -> Picture {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("picture.dat");
    fs::write(&path, bytes).expect("a small file");
    read_picture(&path, turn).expect("a picture")
}

#[test]
fn every_orientation_is_applied_or_said_to_be_ignored() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        for orientation in 1..=8 {
            let (bytes, stored) = turned(format, orientation);
            let close = |found: &RgbImage, expected: &image::RgbImage| {
                let size = (expected.width() as usize, expected.height() as usize);
                assert_eq!(
                    (found.width(), found.height()),
                    size,
                    "{format:?} {orientation}"
                );
                let pairs = found.pixels().iter().zip(expected.as_raw());
                let worst = pairs.map(|(a, b)| a.abs_diff(*b)).max();
                assert!(
                    worst.is_some_and(|worst| worst < 12),
                    "{format:?} {orientation}: {worst:?}"
                );
            };
            let found = read_turned(&bytes, Turn::AsStored);
            close(&found.image, &stored);
            assert_eq!(
                found.exif_ignored,
                orientation > 1,
                "{format:?} {orientation}"
            );
            let found = read_turned(&bytes, Turn::Upright);
            let mut expected = DynamicImage::from(stored);
            if format != ImageFormat::WebP {
                expected.apply_orientation(Orientation::from_exif(orientation).expect("1 to 8"));
            }
            close(&found.image, &expected.into_rgb8());
            let ignored = format == ImageFormat::WebP && orientation > 1;
            assert_eq!(found.exif_ignored, ignored, "{format:?} {orientation}");
        }
    }
}

#[test]
fn pixels_without_opacity_have_no_data() {
    let clear: ImageBuffer<Rgba<u8>, _> = ImageBuffer::from_raw(
        3,
        1,
        vec![200, 100, 50, 255, 200, 100, 50, 1, 200, 100, 50, 0],
    )
    .expect("three pixels");
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let found = read_turned(&encoded(clear.clone(), format), Turn::Upright);
        assert_eq!(found.has_data, Some(vec![true, true, false]), "{format:?}");
    }
    let whole = read_turned(&encoded(rgb(3, 2), ImageFormat::Png), Turn::Upright);
    assert_eq!(whole.has_data, None);
}

#[test]
fn a_jpeg_with_an_end_marker_behind_half_of_it_is_refused() {
    let whole = encoded(rgb(64, 64), ImageFormat::Jpeg);
    for share in [60, 90, 99] {
        let glued = [&whole[..whole.len() * share / 100], &[0xff, 0xd9]].concat();
        let error = read(&glued).expect_err("no blocks at its end").to_string();
        assert!(
            error.contains("a part of the data of the JPEG is missing or wrong"),
            "{error}"
        );
    }
    let more = [&whole[..], b"and something else"].concat();
    assert_eq!(read(&more).expect("whole"), read(&whole).expect("whole"));
}

#[test]
fn a_few_bytes_that_claim_a_huge_webp_are_refused_before_memory_is_asked_for() {
    // The header of a key frame of 16,383 x 16,383 pixels, which would take 805 MB.
    let mut bytes = b"RIFF\x8a\x02\0\0WEBPVP8 \x7e\x02\0\0\x50\x1d\0\x9d\x01\x2a".to_vec();
    bytes.resize(390, 0xff);
    let error = read(&bytes).expect_err("390 bytes").to_string();
    assert!(
        error.contains("16383 x 16383 pixels in 390 bytes"),
        "{error}"
    );
}
