//! A few corrected masks become an adapter pack, and the pack changes the masks of its own bundle only.

mod common;

use std::fs;
use std::path::Path;

use common::{fail, micro_bundle, succeed, text};
use s4eca::files::{read_image, write_png_rgb};
use s4eca::vision::RgbImage;

/// Side of an image in pixels.
const SIDE: usize = 64;

/// Writes images with one red square each, masked as "the sheds".
fn examples(folder: &Path) {
    fs::create_dir_all(folder.join("images")).expect("room");
    fs::create_dir_all(folder.join("masks")).expect("room");
    let mut table = "image,phrase,mask\n".to_owned();
    for at in 0..4 {
        let mut image = RgbImage::filled(SIDE, SIDE, [70, 110, 60]);
        let mut mask = RgbImage::filled(SIDE, SIDE, [0; 3]);
        for y in 10..34 {
            for x in 8 + 6 * at..32 + 6 * at {
                image.set_pixel(x, y, [200, 40, 40]);
                mask.set_pixel(x, y, [255; 3]);
            }
        }
        write_png_rgb(&folder.join(format!("images/{at}.png")), &image).expect("room");
        write_png_rgb(&folder.join(format!("masks/{at}.png")), &mask).expect("room");
        table += &format!("{at}.png,the sheds,{at}.png\n");
    }
    fs::write(folder.join("phrases.csv"), table).expect("room");
}

/// The probabilities of `phrase` in the first example.
fn probabilities(folder: &Path, weights: &Path, pack: Option<&Path>, phrase: &str) -> RgbImage {
    let image = folder.join("taught/images/0.png");
    let (mask, out) = (folder.join("mask.png"), folder.join("probability.png"));
    let mut words = vec!["segment", text(&image), "--text", phrase];
    words.extend(["--weights", text(weights), "--device", "cpu"]);
    words.extend(["--out", text(&mask), "--probability", text(&out)]);
    if let Some(pack) = pack {
        words.extend(["--pack", text(pack)]);
    }
    succeed(&words);
    read_image(&out).expect("probabilities")
}

/// The masked pixels of "the sheds" in the first example.
fn masked(folder: &Path, weights: &Path, pack: Option<&Path>) -> usize {
    let mask = probabilities(folder, weights, pack, "the sheds");
    let pixels = mask.pixels().chunks_exact(3);
    pixels.filter(|pixel| pixel[0] > 127).count()
}

#[test]
fn examples_become_a_pack_for_one_bundle() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let weights = micro_bundle(folder, "q8");
    let taught = folder.join("taught");
    examples(&taught);
    let pack = folder.join("valley.s4pack");
    let printed = succeed(&[
        "adapt",
        "--examples",
        text(&taught),
        "--weights",
        text(&weights),
        "--out",
        text(&pack),
        "--steps",
        "60",
        "--side",
        "64",
        "--learning-rate",
        "3e-3",
        "--device",
        "cpu",
    ]);
    assert!(printed.contains("the sheds (4)"), "{printed}");
    assert!(printed.contains("valley.s4pack"), "{printed}");
    let bytes = fs::metadata(&pack).expect("a pack").len();
    assert!(bytes < 200_000, "{bytes} bytes");

    let (before, after) = (
        masked(folder, &weights, None),
        masked(folder, &weights, Some(&pack)),
    );
    let wrong = |found: usize| found.abs_diff(24 * 24);
    assert!(
        wrong(after) < wrong(before),
        "{before} pixels, then {after}"
    );
    assert!(wrong(after) < 24 * 24 / 2, "{after} of {} pixels", 24 * 24);

    for other in ["the roads", "the largest tree near the road"] {
        let before = probabilities(folder, &weights, None, other);
        let after = probabilities(folder, &weights, Some(&pack), other);
        assert!(before == after, "{other} changed");
    }

    let image = taught.join("images/0.png");
    let refused = |weights: &Path, pack: &Path| {
        let out = folder.join("refused.png");
        let mut words = vec!["segment", text(&image), "--text", "the sheds"];
        words.extend(["--out", text(&out), "--device", "cpu"]);
        words.extend(["--weights", text(weights), "--pack", text(pack)]);
        fail(&words)
    };
    let other = folder.join("other");
    let bundle = [
        "quantize",
        "--bundle",
        text(&weights),
        "--out",
        text(&other),
    ];
    succeed(&[bundle.as_slice(), &["--precision", "f16"]].concat());
    let error = refused(&other, &pack);
    assert!(
        error.contains("\"valley\" belongs to the weights"),
        "{error}"
    );

    let mut bytes = fs::read(&pack).expect("a pack");
    bytes.truncate(bytes.len() - 7);
    let cut = folder.join("cut.s4pack");
    fs::write(&cut, bytes).expect("room");
    let error = refused(&weights, &cut);
    assert!(error.contains("truncated"), "{error}");
}
