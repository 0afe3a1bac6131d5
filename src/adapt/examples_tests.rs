//! Examples of folders and zips, and those that are refused.

use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::archive::pack;
use crate::files::write_png_rgb;
use crate::vision::RgbImage;
/// Writes a folder of examples: `(image, phrase, masked rows)` of 16 rows.
fn folder(lines: &[(&str, &str, usize)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files(lines, "image,phrase,mask\n", |_| String::new()) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("room");
        fs::write(path, bytes).expect("room");
    }
    folder
}

/// The files of such a folder; `more` are further columns of a line.
fn files(
    lines: &[(&str, &str, usize)],
    columns: &str,
    more: impl Fn(usize) -> String,
) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("picture.png");
    let png = |picture: &RgbImage| {
        write_png_rgb(&path, picture).expect("room");
        fs::read(&path).expect("a picture")
    };
    let mut table = columns.to_owned();
    let mut files = BTreeMap::new();
    for (at, (image, phrase, rows)) in lines.iter().enumerate() {
        // Equal names are equal images.
        let grey = RgbImage::filled(16, 16, [image.as_bytes()[0]; 3]);
        files.insert(format!("images/{image}"), png(&grey));
        let mut mask = RgbImage::filled(16, 16, [0; 3]);
        for place in 0..rows * 16 {
            mask.set_pixel(place % 16, place / 16, [255; 3]);
        }
        files.insert(format!("masks/{at}.png"), png(&mask));
        table += &format!("{image},{phrase},{at}.png{}\n", more(at));
    }
    files.insert("phrases.csv".to_owned(), table.into_bytes());
    files
}

/// Writes a zip of files; names begin with `root`.
fn zip(folder: &Path, root: &str, files: &BTreeMap<String, Vec<u8>>) -> PathBuf {
    let path = folder.join("examples.zip");
    let named: Vec<_> = files
        .iter()
        .map(|(name, bytes)| (format!("{root}{name}"), bytes))
        .collect();
    let entries = named
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    fs::write(&path, pack(entries).expect("a zip")).expect("room");
    path
}

fn read(lines: &[(&str, &str, usize)]) -> Result<Examples, ExampleError> {
    Examples::read(&[folder(lines).path().to_owned()])
}

#[test]
fn an_empty_mask_says_that_nothing_fits() {
    let examples = read(&[("a.png", "the sheds", 4), ("b.png", "the sheds", 0)]);
    let examples = examples.expect("two examples");
    assert!(!examples.samples()[0].absent && examples.samples()[1].absent);
    assert_eq!(examples.phrases()["the sheds"], 2);
    assert_eq!(examples.numbers(|place| place.ends_with("a.png")), [0]);
}

#[test]
fn one_example_is_enough() {
    let examples = read(&[("a.png", "the sheds", 4)]).expect("one example");
    assert_eq!((examples.samples().len(), examples.place_count()), (1, 1));
    let error = Examples::of(Vec::new(), Vec::new(), Vec::new()).expect_err("no example");
    assert!(error.to_string().contains("at least one"), "{error}");
}

#[test]
fn what_teaches_nothing_is_named() {
    for (lines, said) in [
        (vec![("a.png", "the sheds", 0)], "no example has a mask"),
        (
            vec![("a.png", "the sheds", 0), ("b.png", "the tanks", 0)],
            "no example has a mask",
        ),
        (
            vec![("a.png", "the sheds", 16), ("b.png", "the sheds", 4)],
            "covers 100 %",
        ),
        (
            vec![("a.png", "the sheds", 2), ("a.png", "the sheds", 12)],
            "contradict",
        ),
        (
            vec![("a.png", "the sheds", 2), ("a.png", "", 12)],
            "line 3: the phrase is empty",
        ),
    ] {
        let error = read(&lines).expect_err(said).to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn folders_and_zips_count_together_and_nothing_counts_twice() {
    let folder = folder(&[("a.png", "the sheds", 4), ("b.png", "the tanks", 2)]);
    let inside = tempfile::tempdir().expect("a folder");
    // The same image under another name, with the same example and a second one.
    let mut packed = files(
        &[
            ("a.png", "the sheds", 4),
            ("a.png", "the tanks", 3),
            ("c.png", "the tanks", 0),
        ],
        "image,phrase,mask\n",
        |_| String::new(),
    );
    let list = packed.remove("phrases.csv").expect("a list");
    let list = String::from_utf8(list)
        .expect("text")
        .replace("a.png", "other.png");
    packed.insert("phrases.csv".to_owned(), list.into_bytes());
    let image = packed.remove("images/a.png").expect("an image");
    packed.insert("images/other.png".to_owned(), image);
    packed.insert("notes.txt".to_owned(), b"anything".to_vec());
    let zip = zip(inside.path(), "valley/", &packed);
    let examples = Examples::read(&[folder.path().to_owned(), zip]).expect("examples");
    assert_eq!(examples.samples().len(), 4);
    assert_eq!(examples.place_count(), 3);
    assert!(
        examples.places()[2].ends_with("images/a.png"),
        "{:?}",
        examples.places()
    );
    assert!(
        examples.places()[3].ends_with("examples.zip/images/c.png"),
        "{:?}",
        examples.places()
    );
}

#[test]
fn scales_that_are_too_far_apart_are_named() {
    let lines = [
        ("a.png", "the sheds", 4),
        ("b.png", "the sheds", 2),
        ("c.png", "the sheds", 3),
    ];
    let inside = tempfile::tempdir().expect("a folder");
    let columns = "image,phrase,mask,gsd_m,longitude,latitude,scene\n";
    let read = |gsds: [&str; 3]| {
        let files = files(&lines, columns, |at| {
            format!(",{},8.5,47.25,anything", gsds[at])
        });
        Examples::read(&[zip(inside.path(), "", &files)])
    };
    assert_eq!(
        read(["0.3", "", "2.9"]).expect("examples").samples().len(),
        3
    );
    let error = read(["3", "0.5", "0.3"])
        .expect_err("too far apart")
        .to_string();
    assert!(
        error.contains("c.png has 0.3 m per pixel, ") && error.contains("a.png has 3."),
        "{error}"
    );
    let error = read(["0.3", "-1", "1"])
        .expect_err("no resolution")
        .to_string();
    assert!(error.contains("line 3: gsd_m is -1"), "{error}");
}

#[test]
fn zips_that_are_no_examples_are_named() {
    let inside = tempfile::tempdir().expect("a folder");
    let lines = [("a.png", "the sheds", 4), ("b.png", "the sheds", 2)];
    let good = files(&lines, "image,phrase,mask\n", |_| String::new());
    let with = |name: &str, bytes: &[u8]| {
        let mut files = good.clone();
        files.insert(name.to_owned(), bytes.to_vec());
        files
    };
    let outside = b"image,phrase,mask\n../../secret.png,the sheds,0.png\n";
    let absolute = b"image,phrase,mask\na.png,the sheds,/tmp/0.png\n";
    let mut without = good.clone();
    without.remove("phrases.csv");
    for (files, said) in [
        (
            with("phrases.csv", outside),
            "line 2: the file \"images/../../secret.png\" is not inside",
        ),
        (
            with("phrases.csv", absolute),
            "the file \"/tmp/0.png\" is not inside",
        ),
        (
            with("more/phrases.csv", outside),
            "several lists of phrases",
        ),
        (
            with("images/b.png", b"no picture"),
            "examples.zip: images/b.png",
        ),
        (without, "no list of phrases"),
    ] {
        let error = Examples::read(&[zip(inside.path(), "", &files)]).expect_err(said);
        let error = error.to_string();
        assert!(
            error.contains(said) && error.contains("examples.zip"),
            "{error}"
        );
    }
    let path = zip(inside.path(), "", &good);
    let bytes = fs::read(&path).expect("a zip");
    fs::write(&path, &bytes[..bytes.len() / 2]).expect("room");
    let error = Examples::read(&[path]).expect_err("cut short").to_string();
    assert!(
        error.contains("examples.zip: the zip is cut short"),
        "{error}"
    );
}
