//! A few corrected masks become an adapter pack, and the pack changes the masks of its own bundle only.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{fail, micro_bundle, segment, succeed, text};
use s4eca::archive::pack;
use s4eca::files::{read_image, write_png_rgb};
use s4eca::vision::RgbImage;
use tempfile::TempDir;

/// Side of an image in pixels.
const SIDE: usize = 64;

/// Writes `count` images with one red square each, masked as "the sheds".
fn examples(folder: &Path, count: usize) {
    fs::create_dir_all(folder.join("images")).expect("room");
    fs::create_dir_all(folder.join("masks")).expect("room");
    let mut table = "image,phrase,mask\n".to_owned();
    for at in 0..count {
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

/// A folder with a bundle and `count` examples: the folder, the bundle in it, and the folder of the examples in it.
fn set_up(count: usize) -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let weights = micro_bundle(folder.path(), "q8");
    let taught = folder.path().join("taught");
    examples(&taught, count);
    (folder, weights, taught)
}

/// The probabilities of `phrase` in the first example.
fn probabilities(folder: &Path, weights: &Path, pack: Option<&Path>, phrase: &str) -> RgbImage {
    let image = folder.join("taught/images/0.png");
    let (mask, out) = (folder.join("mask.png"), folder.join("probability.png"));
    let mut options = vec!["--probability", text(&out)];
    if let Some(pack) = pack {
        options.extend(["--pack", text(pack)]);
    }
    succeed(&segment(&image, phrase, &mask, weights, &options));
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
    let (folder, weights, taught) = set_up(4);
    let folder = folder.path();
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
        let options = ["--pack", text(pack)];
        fail(&segment(&image, "the sheds", &out, weights, &options))
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

#[test]
fn one_example_is_learned_and_nothing_is_claimed() {
    let (folder, weights, taught) = set_up(1);
    let folder = folder.path();
    let pack = folder.join("valley.s4pack");
    let mut words = vec!["adapt", "--examples", text(&taught)];
    words.extend(["--weights", text(&weights), "--out", text(&pack)]);
    words.extend(["--steps", "60", "--side", "64", "--learning-rate", "3e-3"]);
    words.extend(["--device", "cpu"]);
    let printed = succeed(&words);
    assert!(
        printed.contains("1 example of 1 phrase over 1 place"),
        "{printed}"
    );
    assert!(
        printed.contains("whether it helps elsewhere is not known"),
        "{printed}"
    );
    let wrong = |pack: Option<&Path>| masked(folder, &weights, pack).abs_diff(24 * 24);
    let (before, after) = (wrong(None), wrong(Some(pack.as_path())));
    assert!(after < before, "{before} wrong pixels, then {after}");
}

/// A zip of a folder of examples, as the page exports it.
fn zip(folder: &Path) -> Vec<u8> {
    let mut files = vec![("phrases.csv".to_owned(), folder.join("phrases.csv"))];
    for part in ["images", "masks"] {
        let pictures = (0..4).map(|at| format!("{part}/{at}.png"));
        files.extend(pictures.map(|name| (name.clone(), folder.join(name))));
    }
    let files = files
        .into_iter()
        .map(|(name, path)| (name, fs::read(path).expect("a file")));
    let files: Vec<(String, Vec<u8>)> = files.collect();
    let entries = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    pack(entries).expect("a zip")
}

#[test]
fn examples_come_as_folders_and_zips() {
    let (folder, weights, taught) = set_up(4);
    let folder = folder.path();
    let packed = zip(&taught);
    let zip = folder.join("examples.zip");
    fs::write(&zip, &packed).expect("room");
    let pack = folder.join("valley.s4pack");
    let words = |sources: &[&Path]| {
        let mut words = vec!["adapt", "--force", "--steps", "1", "--side", "64"];
        words.extend(["--device", "cpu", "--weights", text(&weights)]);
        words.extend(["--out", text(&pack), "--examples"]);
        words.extend(sources.iter().map(|source| text(source)));
        words.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let run = |sources: &[&Path]| {
        let words = words(sources);
        succeed(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let refused = |sources: &[&Path]| {
        let words = words(sources);
        fail(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let printed = run(&[&zip, &taught]);
    assert!(
        printed.contains("4 examples of 1 phrase over 4 places"),
        "{printed}"
    );

    let cut = folder.join("cut.zip");
    fs::write(&cut, &packed[..packed.len() - 9]).expect("room");
    let error = refused(&[&taught, &cut]);
    assert!(error.contains("cut.zip: the zip is cut short"), "{error}");
    let error = refused(&[&taught, &taught.join("phrases.csv")]);
    assert!(
        error.contains("phrases.csv: this is not a zip file"),
        "{error}"
    );
}
