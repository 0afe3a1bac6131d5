//! Your own images: the layout `folder`.
//!
//! ```text
//! DATA/images/farm.png           any PNG, JPEG, TIFF or WebP, of any size
//! DATA/masks/farm-barn.png       an image of the same size: black is background, everything else the object
//! DATA/phrases.csv               one line per phrase; the first line names the columns:
//!
//!     image,phrase,mask,category,split
//!     farm.png,the barn left of the road,farm-barn.png,building,train
//!     farm.png,"the car, the red one",farm-car.png,,val
//! ```
//! `category` and `split` may be omitted. A record without a split is for training, so mark some as `val`. `gsd_m`,
//! the ground sample distance in metres per pixel, and `longitude` and `latitude` of the image's middle in degrees may
//! be given. Other columns are ignored. Instead of the CSV, `phrases.jsonl` may hold one JSON object per line, with the
//! same names as keys. An image may have many phrases. `s4eca check folder:DATA` reports what is wrong.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;

use super::contents::{Contents, Rejected};
use super::error::DatasetError;
use super::layout::Layout;
use super::mask_file::MaskRule;
use super::record::{MaskSource, Record, Split, Stated};

const CSV: &str = "phrases.csv";
const JSON: &str = "phrases.jsonl";

/// The columns that a file must have.
const COLUMNS: [&str; 3] = ["image", "phrase", "mask"];

#[derive(Deserialize)]
struct Line {
    image: String,
    phrase: String,
    mask: String,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    split: Option<String>,
    #[serde(default)]
    gsd_m: Option<f64>,
    #[serde(default)]
    longitude: Option<f64>,
    #[serde(default)]
    latitude: Option<f64>,
}

pub(super) fn read(root: &Path, rule: Option<MaskRule>) -> Result<Contents, DatasetError> {
    let (csv, json) = (root.join(CSV), root.join(JSON));
    match (csv.exists(), json.exists()) {
        (true, true) => {
            let message = format!("{JSON} exists as well: remove one of them");
            Err(DatasetError::format(&csv, message))
        }
        (true, false) => read_csv(root, &csv, rule),
        (false, true) => read_json(root, &json, rule),
        (false, false) => Err(DatasetError::OtherLayout {
            path: root.into(),
            layout: Layout::Own,
            missing: format!("{CSV} or {JSON}"),
        }),
    }
}

fn read_csv(root: &Path, path: &Path, rule: Option<MaskRule>) -> Result<Contents, DatasetError> {
    let bytes = fs::read(path).map_err(|error| DatasetError::file(path, error))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let columns = reader
        .headers()
        .map_err(|error| DatasetError::format(path, error))?
        .clone();
    for column in COLUMNS {
        if !columns.iter().any(|found| found == column) {
            let message = format!(
                "its first line has no column {column:?}; it must name image, phrase and mask, and may \
                 name category and split"
            );
            return Err(DatasetError::format(path, message));
        }
    }
    let mut contents = Contents::default();
    for (index, line) in reader.records().enumerate() {
        let position = match &line {
            Ok(line) => line.position(),
            Err(error) => error.position(),
        };
        let number = position.map_or(index + 2, |position| position.line() as usize);
        let parsed = line.map_err(|error| fault(&error)).and_then(|line| {
            line.deserialize(Some(&columns))
                .map_err(|error| fault(&error))
        });
        contents.add(CSV, number, root, rule, parsed);
    }
    Ok(contents)
}

/// What is wrong with a line. The caller adds the line's number.
fn fault(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("it has {len} columns, the first line has {expected_len}"),
        csv::ErrorKind::Utf8 { err, .. } => format!("it is not UTF-8 text ({err})"),
        _ => error.to_string(),
    }
}

fn read_json(root: &Path, path: &Path, rule: Option<MaskRule>) -> Result<Contents, DatasetError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            return Err(DatasetError::format(path, "it is not UTF-8 text"));
        }
        Err(error) => return Err(DatasetError::file(path, error)),
    };
    let mut contents = Contents::default();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if !line.trim().is_empty() {
            let parsed = serde_json::from_str(line).map_err(|error| error.to_string());
            contents.add(JSON, index + 1, root, rule, parsed);
        }
    }
    Ok(contents)
}

impl Contents {
    fn add(
        &mut self,
        file: &str,
        number: usize,
        root: &Path,
        rule: Option<MaskRule>,
        line: Result<Line, String>,
    ) {
        let place = format!("{file}, line {number}");
        match line.and_then(|line| record(line, number, root, rule)) {
            Ok(record) => self.records.push(record),
            Err(reason) => self.rejected.push(Rejected {
                id: format!("line {number}"),
                split: None,
                reason: format!("{place}: {reason}"),
            }),
        }
    }
}

fn record(
    line: Line,
    number: usize,
    root: &Path,
    rule: Option<MaskRule>,
) -> Result<Record, String> {
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    for (name, value) in [
        ("image", &line.image),
        ("phrase", &line.phrase),
        ("mask", &line.mask),
    ] {
        if value.trim().is_empty() {
            return Err(format!("the {name} is empty"));
        }
    }
    Ok(Record {
        id: format!("line {number}"),
        image: root.join("images").join(line.image.trim()),
        phrase: line.phrase.trim().to_owned(),
        category: given(line.category),
        split: given(line.split).map_or(Ok(Split::Train), |split| split.parse())?,
        mask: MaskSource::File {
            path: root.join("masks").join(line.mask.trim()),
            rule: rule.unwrap_or(MaskRule::NonZero),
        },
        stated: Stated {
            gsd: line.gsd_m.map(metres).transpose()?,
            place: place(line.longitude, line.latitude)?,
            ..Stated::default()
        },
    })
}

fn metres(gsd: f64) -> Result<f64, String> {
    match gsd.is_finite() && gsd > 0.0 {
        true => Ok(gsd),
        false => Err(format!("gsd_m is {gsd}: give metres per pixel, above 0")),
    }
}

fn place(longitude: Option<f64>, latitude: Option<f64>) -> Result<Option<[f64; 2]>, String> {
    match (longitude, latitude) {
        (None, None) => Ok(None),
        (Some(x), Some(y)) if x.abs() <= 180.0 && y.abs() <= 90.0 => Ok(Some([x, y])),
        (Some(x), Some(y)) => Err(format!("there is no place at longitude {x}, latitude {y}")),
        _ => Err("longitude and latitude are needed together".to_owned()),
    }
}
