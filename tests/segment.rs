//! `s4eca segment` on valid and invalid input.

mod common;

use std::fs::{self, File};
use std::path::Path;

use common::{BY_NETWORK, fail, micro_bundle, segment, succeed, text};
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use s4eca::files::read_image;
use s4eca::files::write_png_rgb;
use s4eca::vision::RgbImage;

fn scene(path: &Path, width: usize, height: usize) {
    let mut image = RgbImage::filled(width, height, [90, 120, 70]);
    for y in 0..height / 2 {
        for x in 0..width / 2 {
            image.set_pixel(x, y, [200, 60, 50]);
        }
    }
    write_png_rgb(path, &image).expect("a writable folder");
}

#[test]
fn a_mask_has_the_size_of_its_image() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let weights = micro_bundle(folder.path(), "q8");
    for (width, height) in [(120, 80), (8, 8), (20_000, 9)] {
        let image = folder.path().join("scene.png");
        let mask = folder.path().join("mask.png");
        let overlay = folder.path().join("overlay.png");
        scene(&image, width, height);
        let options = [&BY_NETWORK[..], &["--overlay", text(&overlay)]].concat();
        let phrase = "the red building";
        let printed = succeed(&segment(&image, phrase, &mask, &weights, &options));
        assert!(printed.contains("% of the image"), "{printed}");
        for made in [&mask, &overlay] {
            let made = read_image(made).expect("a picture");
            assert_eq!((made.width(), made.height()), (width, height));
        }
    }
}

#[test]
fn a_window_is_the_crop_of_the_whole_and_phrases_have_files_of_their_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let weights = micro_bundle(folder.path(), "q8");
    let image = folder.path().join("scene.png");
    scene(&image, 900, 500);
    let run = |out: &Path, more: &[&str]| {
        let scale = ["--scale", "10", "--resolution", "20"];
        let options = [&BY_NETWORK[..], &scale, more].concat();
        succeed(&segment(
            &image,
            "the red building",
            out,
            &weights,
            &options,
        ))
    };
    let names = |name: &str| folder.path().join(name);
    let more = ["--text", "the field", "--probability"];
    let all = names("p.png");
    let printed = run(&names("all.tif"), &[&more[..], &[text(&all)]].concat());
    assert!(
        printed.contains("m2") && printed.contains("tiles"),
        "{printed}"
    );
    let part = names("part.png");
    let window = ["--window", "301,77,350,211", "--probability", text(&part)];
    run(&names("part.tif"), &window);
    for (all, part) in [("all-1.tif", "part.tif"), ("p-1.png", "part.png")] {
        let all = read_image(&names(all)).expect("a picture");
        let part = read_image(&names(part)).expect("a picture");
        assert_eq!((all.width(), all.height()), (900, 500));
        assert_eq!((part.width(), part.height()), (350, 211));
        for y in 0..211 {
            for x in 0..350 {
                assert_eq!(part.pixel(x, y), all.pixel(x + 301, y + 77), "{x}, {y}");
            }
        }
    }
    for name in ["all-2.tif", "p-2.png"] {
        assert!(names(name).is_file(), "{name}");
    }
    assert!(!names("all.tif").exists());
}

#[test]
fn options_that_do_not_fit_the_scene_are_explained() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let image = folder.path().join("scene.png");
    scene(&image, 64, 64);
    let weights = micro_bundle(folder.path(), "q8");
    let zip = folder.path().join("zip.tif");
    fs::write(&zip, b"PK\x03\x04 and more").expect("a writable folder");
    let drawing = folder.path().join("drawing.svg");
    fs::write(&drawing, "<svg></svg>").expect("a writable folder");
    let mask = folder.path().join("mask.png");
    for (scene, options, word) in [
        (&image, vec!["--resolution", "30"], "--scale"),
        (&image, vec!["--scale", "0"], "length"),
        (&image, vec!["--geojson", "a.json"], "world file"),
        (&image, vec!["--window", "60,0,10,10"], "64 x 64"),
        (&image, vec!["--window", "1,2"], "column,row"),
        (&image, vec!["--overlap", "40"], "overlap"),
        (&image, vec!["--smooth", "9"], "0 to 5"),
        (&image, vec!["--epsg", "32632"], "world file"),
        (&image, vec!["--overlay", text(&mask)], "twice"),
        (&image, vec!["--probability", text(&image)], "scene itself"),
        (&image, vec!["--overlay", "over.jpg"], ".png"),
        (&zip, vec![], "ZIP"),
        (&drawing, vec![], "SVG"),
    ] {
        let all = [&BY_NETWORK[..], &options[..]].concat();
        let message = fail(&segment(scene, "a car", &mask, &weights, &all));
        assert!(message.contains(word), "{word:?} is not in {message:?}");
        // "error: what is wrong: what to do".
        let colons = message.matches(": ").count();
        assert!(colons <= 2 || !options.contains(&"--geojson"), "{message}");
        assert!(!mask.exists(), "{message}");
    }
    let kept = read_image(&image).expect("the scene is as it was");
    assert_eq!((kept.width(), kept.pixel(0, 0)), (64, [200, 60, 50]));
}

#[test]
fn what_is_wrong_is_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let weights = micro_bundle(folder.path(), "q4");
    let good = folder.path().join("scene.png");
    scene(&good, 64, 64);
    let out = folder.path().join("mask.png");
    let not_an_image = folder.path().join("notes.png");
    fs::write(&not_an_image, "these are notes").expect("a writable folder");
    let truncated = folder.path().join("truncated.png");
    let bytes = fs::read(&good).expect("the scene");
    fs::write(&truncated, &bytes[..bytes.len() / 2]).expect("a writable folder");

    let small = folder.path().join("small.png");
    scene(&small, 20, 7);
    let header = folder.path().join("header.png");
    let mut bytes = fs::read(&good).expect("the scene");
    bytes[20] ^= 5;
    fs::write(&header, bytes).expect("a writable folder");
    for (image, phrase, word) in [
        (
            small.as_path(),
            "a car",
            "20 x 7 pixels: choose one of at least 8 x 8",
        ),
        (&header, "a car", "(its data is not valid)"),
        (
            folder.path().join("missing.png").as_path(),
            "a car",
            "missing.png",
        ),
        (&not_an_image, "a car", "image"),
        (&truncated, "a car", "truncated"),
        (&good, "  ", "empty"),
        (&good, "\u{1F697}", "English"),
        (&good, "машина слева", "English"),
    ] {
        let message = fail(&segment(image, phrase, &out, &weights, &BY_NETWORK));
        assert!(message.contains(word), "{word:?} is not in {message:?}");
        assert!(!out.exists(), "{message}");
    }
}

#[test]
fn everything_except_a_thing_is_what_the_mask_of_the_thing_leaves() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let weights = micro_bundle(folder.path(), "q8");
    let image = folder.path().join("scene.png");
    scene(&image, 96, 96);
    let mask = |phrase: &str| {
        let out = folder.path().join("mask.png");
        let options = ["--reading", "execute"];
        succeed(&segment(&image, phrase, &out, &weights, &options));
        read_image(&out).expect("a picture")
    };
    let (roads, rest) = (mask("the roads"), mask("everything except the roads"));
    let both = roads.pixels().iter().zip(rest.pixels());
    assert!(both.into_iter().all(|(a, b)| a ^ b == 255));
}

#[test]
fn a_damaged_bundle_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let image = folder.path().join("scene.png");
    scene(&image, 64, 64);
    let out = folder.path().join("mask.png");
    let damage = |change: fn(&Path)| {
        let weights = micro_bundle(folder.path(), "q8");
        change(&weights);
        fail(&segment(&image, "a car", &out, &weights, &BY_NETWORK))
    };
    let shard = "weights-01.bpk";
    let message =
        damage(|weights| fs::remove_file(weights.join("weights-01.bpk")).expect("a shard"));
    assert!(message.contains(shard), "{message}");
    let message = damage(|weights| {
        let path = weights.join("weights-01.bpk");
        let bytes = fs::read(&path).expect("a shard");
        fs::write(&path, &bytes[..bytes.len() - 9]).expect("a writable folder");
    });
    assert!(
        message.contains(shard) && message.contains("incomplete"),
        "{message}"
    );
    let message = damage(|weights| {
        let path = weights.join("weights-01.bpk");
        let mut bytes = fs::read(&path).expect("a shard");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).expect("a writable folder");
    });
    assert!(
        message.contains(shard) && message.contains("damaged"),
        "{message}"
    );
    let message = damage(|weights| {
        let path = weights.join("manifest.json");
        let json = fs::read_to_string(&path).expect("a manifest");
        fs::write(&path, json.replace("\"width\": 64", "\"width\": 32"))
            .expect("a writable folder");
    });
    assert!(message.contains("do not fit the network"), "{message}");
}

#[test]
fn a_world_file_counts_stored_pixels() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let weights = micro_bundle(folder.path(), "q8");
    let (image, mask) = (
        folder.path().join("scene.png"),
        folder.path().join("mask.png"),
    );
    // EXIF orientation 6: a quarter turn.
    let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    let mut encoder = PngEncoder::new(File::create(&image).expect("a writable folder"));
    encoder.set_exif_metadata(exif).expect("EXIF");
    encoder
        .write_image(&vec![90; 120 * 80 * 3], 120, 80, ExtendedColorType::Rgb8)
        .expect("written");
    let size = || {
        succeed(&segment(&image, "a building", &mask, &weights, &[]));
        let found = read_image(&mask).expect("a mask");
        (found.width(), found.height())
    };
    assert_eq!(size(), (80, 120), "turned upright");
    fs::write(folder.path().join("scene.pgw"), "0.5\n0\n0\n-0.5\n0\n0\n").expect("a file");
    assert_eq!(size(), (120, 80), "as stored");
}

#[test]
fn an_empty_phrase_is_an_error_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let weights = micro_bundle(folder.path(), "q8");
    let (image, mask) = (
        folder.path().join("scene.png"),
        folder.path().join("mask.png"),
    );
    scene(&image, 64, 64);
    let message = fail(&segment(&image, "", &mask, &weights, &[]));
    assert!(!message.contains("note:"), "{message}");
}
