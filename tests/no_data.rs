//! `s4eca segment` on scenes with pixels that have no data.

mod common;

use std::fs::File;
use std::path::Path;

use common::{micro_bundle, segment, succeed};
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use s4eca::files::read_image;
use tiff::encoder::{TiffEncoder, colortype};
use tiff::tags::Tag;

/// Whether a pixel of the 120 x 90 scenes below has no data: 3,000 of them.
fn is_hidden(x: usize, y: usize) -> bool {
    x < 20 || y < 12
}

fn pixels() -> impl Iterator<Item = (usize, usize)> {
    (0..90).flat_map(|y| (0..120).map(move |x| (x, y)))
}

/// Writes a grey TIFF with a no-data value, a grey one with NaN, and a PNG with transparent pixels; returns their
/// names.
fn scenes_with_no_data(folder: &Path) -> [&'static str; 3] {
    let names = ["value.tif", "nan.tif", "alpha.png"];
    let file = |name: &str| File::create(folder.join(name)).expect("a writable folder");
    let level = |x: usize, y: usize| 40 + (x * 7 + y * 11) % 200;
    let values: Vec<u16> = pixels()
        .map(|(x, y)| {
            if is_hidden(x, y) {
                9
            } else {
                level(x, y) as u16 * 90
            }
        })
        .collect();
    let mut encoder = TiffEncoder::new(file(names[0])).expect("a TIFF");
    let mut image = encoder
        .new_image::<colortype::Gray16>(120, 90)
        .expect("an image");
    image
        .encoder()
        .write_tag(Tag::Unknown(42113), "9")
        .expect("a tag");
    image.write_data(&values).expect("written");
    let values: Vec<f32> = pixels()
        .map(|(x, y)| {
            if is_hidden(x, y) {
                f32::NAN
            } else {
                level(x, y) as f32
            }
        })
        .collect();
    let mut encoder = TiffEncoder::new(file(names[1])).expect("a TIFF");
    let image = encoder
        .new_image::<colortype::Gray32Float>(120, 90)
        .expect("an image");
    image.write_data(&values).expect("written");
    let values: Vec<u8> = pixels()
        .flat_map(|(x, y)| {
            [
                level(x, y) as u8,
                120,
                80,
                if is_hidden(x, y) { 0 } else { 255 },
            ]
        })
        .collect();
    PngEncoder::new(file(names[2]))
        .write_image(&values, 120, 90, ExtendedColorType::Rgba8)
        .expect("written");
    names
}

#[test]
fn no_pixel_without_data_is_in_a_mask_at_any_threshold() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let weights = micro_bundle(folder.path(), "q8");
    let mask = folder.path().join("mask.png");
    for name in scenes_with_no_data(folder.path()) {
        for reading in ["network", "execute"] {
            for threshold in ["0", "0.001", "0.4"] {
                for more in [vec![], vec!["--smooth", "3", "--fill-holes", "9999"]] {
                    let image = folder.path().join(name);
                    let mut options = vec!["--reading", reading, "--threshold", threshold];
                    options.extend(more);
                    let phrase = "the largest building";
                    let arguments = segment(&image, phrase, &mask, &weights, &options);
                    succeed(&arguments);
                    let found = read_image(&mask).expect("a mask");
                    let set = |(x, y): &(usize, usize)| found.pixel(*x, *y)[0] > 0;
                    assert!(
                        !pixels().filter(set).any(|(x, y)| is_hidden(x, y)),
                        "{arguments:?}"
                    );
                    if threshold != "0.4" {
                        assert_eq!(pixels().filter(set).count(), 7800, "{arguments:?}");
                    }
                }
            }
        }
    }
}
