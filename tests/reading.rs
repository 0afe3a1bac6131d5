//! Phrases that are read and executed, with the shipped weights on a real photograph.

mod common;

use std::path::{Path, PathBuf};

use common::{segment, succeed};
use s4eca::files::read_image;

/// The masked pixels of `phrase` on a sample of the page, and the program's output.
fn mask_of(phrase: &str, reading: &str, folder: &Path) -> (Vec<bool>, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let image: PathBuf = root.join("www/samples/street.jpg");
    let out = folder.join("mask.png");
    let weights = root.join("weights/tiny");
    let options = ["--reading", reading];
    let printed = succeed(&segment(&image, phrase, &out, &weights, &options));
    let mask = read_image(&out).expect("a mask");
    let pixels = mask.pixels().chunks_exact(3).map(|pixel| pixel[0] > 127);
    (pixels.collect(), printed)
}

#[test]
fn the_largest_is_one_of_all() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (all, _) = mask_of("the buildings", "execute", folder.path());
    let (largest, printed) = mask_of("the largest building", "execute", folder.path());
    let count = |mask: &[bool]| mask.iter().filter(|&&bit| bit).count();
    assert!(count(&largest) > 0, "{printed}");
    assert!(
        count(&largest) * 10 < count(&all) * 9,
        "{} of {} pixels",
        count(&largest),
        count(&all)
    );
    let inside = largest
        .iter()
        .zip(&all)
        .all(|(largest, all)| *all || !largest);
    assert!(inside, "what is chosen is part of what was found");
}

#[test]
fn left_and_right_share_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (left, _) = mask_of("the buildings on the left", "auto", folder.path());
    let (right, _) = mask_of("the buildings on the right", "auto", folder.path());
    assert!(left.iter().any(|&bit| bit) && right.iter().any(|&bit| bit));
    assert!(!left.iter().zip(&right).any(|(left, right)| *left && *right));
}

#[test]
fn a_missing_anchor_is_said_and_nothing_is_masked() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mask, printed) = mask_of(
        "the building left of the airplane",
        "execute",
        folder.path(),
    );
    assert!(!mask.iter().any(|&bit| bit), "{printed}");
}
