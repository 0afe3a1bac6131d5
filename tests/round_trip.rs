//! From published checkpoints to a mask at the paper's scale: DINOv2-B with registers and CLIP B/16's text tower, under
//! their published names and with seeded values, are imported and trained for one step; then an image is segmented.

mod common;
#[path = "import/stored.rs"]
#[allow(dead_code, reason = "shared with the tests of the importers")]
mod stored;

use std::fs;
use std::path::Path;

use s4eca::vision::RgbImage;
use stored::{Case, write};

/// Memory that the whole process must fit into.
const LIMIT_MB: f64 = 24.0 * 1024.0 * 1.048_576;

/// The number before " MB peak memory".
fn peak(output: &str) -> f64 {
    let (before, _) = output
        .split_once(" MB peak memory")
        .expect("the program says how much memory it took");
    let number = before.rsplit([' ', '\n']).next().expect("a number");
    number.parse().expect("a number")
}

#[test]
fn public_encoders_are_imported_trained_and_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let merges = root.join(".cache/clip/bpe_simple_vocab_16e6.txt.gz");
    if !merges.is_file() {
        common::skip("the round trip at full size: CLIP's vocabulary could not be fetched");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let (visual, tower) = (path("dinov2.safetensors"), path("clip.safetensors"));
    write(&visual, &Case::load("dinov2-b14-reg4").named());
    write(&tower, &Case::load("clip-b16").named());

    let (encoders, run, bundle) = (path("encoders"), path("run"), path("bundle"));
    let said = common::succeed(&[
        "import",
        "--preset",
        "base",
        "--visual",
        common::text(&visual),
        "--text",
        common::text(&tower),
        "--tokenizer",
        common::text(&merges),
        "--out",
        common::text(&encoders),
    ]);
    assert!(said.contains("DINOv2") && said.contains("CLIP"), "{said}");
    assert!(
        said.contains("unused: 1") && said.contains("mask_token"),
        "{said}"
    );
    fs::remove_file(&visual).expect("no longer needed");
    fs::remove_file(&tower).expect("no longer needed");

    let said = common::succeed(&[
        "train",
        "--preset",
        "base",
        "--encoders",
        common::text(&encoders),
        "--run",
        common::text(&run),
        "--device",
        "cpu",
        "--steps",
        "1",
        "--batch",
        "1",
        "--validation-samples",
        "1",
    ]);
    println!("training: {:.0} MB", peak(&said));
    assert!(peak(&said) < LIMIT_MB, "{said}");

    common::succeed(&[
        "quantize",
        "--run",
        common::text(&run),
        "--precision",
        "q8",
        "--out",
        common::text(&bundle),
    ]);
    let (image, mask) = (path("image.png"), path("mask.png"));
    let picture = RgbImage::filled(300, 200, [90, 120, 80]);
    s4eca::files::write_png_rgb(&image, &picture).expect("room");
    let options = [&common::BY_NETWORK[..], &["--threshold", "0.01"]].concat();
    let phrase = "the red car on the left";
    let arguments = common::segment(&image, phrase, &mask, &bundle, &options);
    common::succeed(&arguments);
    let mask = s4eca::files::read_image(&mask).expect("a picture");
    assert_eq!((mask.width(), mask.height()), (300, 200));
    assert!(
        mask.pixel(0, 0)
            .iter()
            .all(|value| [0, 255].contains(value))
    );

    // The outputs of the encoders alone, which anyone can compare with a reference of their own.
    let (full, part) = (path("full.safetensors"), path("part.safetensors"));
    for (weights, out) in [(&bundle, &full), (&encoders, &part)] {
        common::succeed(&[
            "encode",
            "--image",
            common::text(&image),
            "--text",
            "the red car",
            "--size",
            "224x280",
            "--weights",
            common::text(weights),
            "--out",
            common::text(out),
        ]);
    }
    let (full, part) = (
        fs::read(full).expect("outputs"),
        fs::read(part).expect("outputs"),
    );
    let full = safetensors::SafeTensors::deserialize(&full).expect("safetensors");
    let part = safetensors::SafeTensors::deserialize(&part).expect("safetensors");
    assert_eq!(
        part.tensor("image.block11").expect("a level").shape(),
        [16, 20, 768]
    );
    assert_eq!(
        part.tensor("image.registers").expect("registers").shape(),
        [4, 768]
    );
    // Start, "the red car", end.
    assert_eq!(part.tensor("text.words").expect("words").shape(), [5, 512]);
    let ids =
        |file: &safetensors::SafeTensors<'_>| file.tensor("text.ids").expect("ids").data().to_vec();
    assert_eq!(ids(&full), ids(&part));
}
