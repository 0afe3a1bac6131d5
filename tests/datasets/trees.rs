//! Files of datasets: pictures that differ by a number, masks with a box, and folders to put them in.

use std::fs;
use std::path::{Path, PathBuf};

use image::{GrayImage, ImageFormat, Luma, Rgb, RgbImage};
use s4eca::data::check::{Finding, Report, check};
use s4eca::data::referring::{Dataset, Layout, Rle};
use s4eca::vision::Mask;
use tempfile::TempDir;

/// A folder that is removed in the end.
pub struct Tree {
    folder: TempDir,
}

impl Tree {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The path of a file, its folders made.
    pub fn place(&self, file: &str) -> PathBuf {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        path
    }

    pub fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.place(file), bytes).expect("a file");
    }

    /// A different picture for each number, in the format that the file name states.
    pub fn picture(&self, file: &str, number: u32, width: u32, height: u32) {
        let path = self.place(file);
        let format = ImageFormat::from_path(&path).expect("a known format");
        picture(number, width, height)
            .save_with_format(&path, format)
            .expect("a picture");
    }

    /// A mask's picture: A mask with `value` in the half-open box and 0 elsewhere.
    pub fn mask(&self, file: &str, side: [u32; 2], area: [u32; 4], value: u8) {
        let [x0, y0, x1, y1] = area;
        let mask = GrayImage::from_fn(side[0], side[1], |x, y| {
            let inside = (x0..x1).contains(&x) && (y0..y1).contains(&y);
            Luma([if inside { value } else { 0 }])
        });
        mask.save(self.place(file)).expect("a mask");
    }

    /// Cuts a file off after a share of it in percent.
    pub fn truncate(&self, file: &str, percent: usize) {
        let bytes = fs::read(self.root().join(file)).expect("the file");
        self.write(file, &bytes[..bytes.len() * percent / 100]);
    }

    pub fn open(&self, layout: Layout) -> Dataset {
        Dataset::open(layout, self.root()).expect("a dataset")
    }

    /// The error of opening the dataset.
    pub fn message(&self, layout: Layout) -> String {
        let error = Dataset::open(layout, self.root()).expect_err("not that dataset");
        error.to_string()
    }
}

/// Smooth blots in a pattern that depends on the number; all patterns differ visibly.
fn picture(number: u32, width: u32, height: u32) -> RgbImage {
    let cell = |x: u32, y: u32| {
        let z = (number * 64 + y * 8 + x + 1).wrapping_mul(0x9e37_79b9);
        let z = (z ^ (z >> 15)).wrapping_mul(0x85eb_ca6b);
        (z ^ (z >> 13)) as u8
    };
    RgbImage::from_fn(width, height, |x, y| {
        let value = cell(8 * x / width, 8 * y / height);
        Rgb([value, value / 2 + 60, 255 - value])
    })
}

/// The box as run lengths.
pub fn runs(width: usize, height: usize, [x0, y0, x1, y1]: [usize; 4]) -> Rle {
    let mut mask = Mask::empty(width, height);
    for y in y0..y1 {
        for x in x0..x1 {
            mask.set(x, y, true);
        }
    }
    Rle::encode(&mask)
}

/// The report of a dataset. It is made twice and must be the same.
pub fn report(dataset: &Dataset) -> Report {
    let report = check(dataset, &|done, total| assert!(done <= total));
    assert_eq!(
        check(dataset, &|_, _| ()),
        report,
        "whatever the threads do"
    );
    report
}

/// The findings as names of records, by kind. Kinds without a finding are omitted.
pub fn found(report: &Report) -> Vec<(&'static str, Vec<&str>)> {
    let of_kind = |kind: &'static str| {
        report
            .entries
            .iter()
            .filter(move |e| e.finding.kind() == kind)
    };
    Finding::KINDS
        .into_iter()
        .map(|kind| (kind, of_kind(kind).map(|entry| entry.id.as_str()).collect()))
        .filter(|(_, ids): &(_, Vec<&str>)| !ids.is_empty())
        .collect()
}
