//! RISBench, in the two forms in use: JSON lines with COCO run lengths (RSRefSeg2's `datainfo`), or lists of
//! phrases with masks as images (the original).

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::contents::{Contents, Rejected};
use super::error::DatasetError;
use super::layout::Layout;
use super::mask_file::MaskRule;
use super::phrase_category::{RISBENCH, first_category};
use super::phrase_list::read_lists;
use super::record::{MaskSource, Record, Split, Stated};
use super::rle::Rle;

/// Folders that may hold the images; the first one that exists is used.
const IMAGES: [&str; 3] = ["img_rgb", "images", "img"];

/// One line of JSON. Other keys are ignored.
#[derive(Deserialize)]
struct Line {
    split: Option<String>,
    sent: String,
    file_name: String,
    segmentation: Segmentation,
    category_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Segmentation {
    One(Rle),
    Several(Vec<Rle>),
}

pub fn read(root: &Path, rule: Option<MaskRule>) -> Result<Contents, DatasetError> {
    let images = IMAGES.iter().map(|name| root.join(name));
    let images = images
        .into_iter()
        .find(|path| path.is_dir())
        .unwrap_or_else(|| root.into());
    let mut rejected = Vec::new();
    let files = json_files(root);
    let mut records = Vec::new();
    for file in &files {
        read_lines(file, &images, &mut records, &mut rejected)?;
    }
    if files.is_empty() {
        let Some(lines) = read_lists(root, &mut rejected)? else {
            return Err(DatasetError::OtherLayout {
                path: root.into(),
                layout: Layout::RisBench,
                missing: "risbench_train.jsonl or output_phrase_train.txt".to_owned(),
            });
        };
        records.extend(lines.into_iter().map(|line| Record {
            category: first_category(&line.phrase, &RISBENCH),
            image: images.join(&line.image),
            mask: MaskSource::File {
                path: root.join("mask").join(&line.image),
                rule: rule.unwrap_or(MaskRule::NonZero),
            },
            id: line.image,
            phrase: line.phrase,
            split: line.split,
            stated: Stated::default(),
        }));
    }
    number(&mut records);
    Ok(Contents { records, rejected })
}

/// The `.jsonl` files in the folder itself, or, if there are none, in its `datainfo`, sorted by name.
fn json_files(root: &Path) -> Vec<PathBuf> {
    let in_folder = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut files: Vec<_> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
            .collect();
        files.sort();
        files
    };
    let files = in_folder(root);
    if files.is_empty() {
        in_folder(&root.join("datainfo"))
    } else {
        files
    }
}

fn read_lines(
    path: &Path,
    images: &Path,
    records: &mut Vec<Record>,
    rejected: &mut Vec<Rejected>,
) -> Result<(), DatasetError> {
    let file = File::open(path).map_err(|error| DatasetError::file(path, error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    for (number, line) in BufReader::new(file).split(b'\n').enumerate() {
        let line = line.map_err(|error| DatasetError::file(path, error))?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let place = format!("{name}, line {}", number + 1);
        match record(&line, &name, images) {
            Ok(record) => records.push(record),
            Err(reason) => rejected.push(Rejected {
                id: place.clone(),
                split: None,
                reason: format!("{place}: {reason}"),
            }),
        }
    }
    Ok(())
}

fn record(line: &[u8], file: &str, images: &Path) -> Result<Record, String> {
    let line: Line = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let split = match &line.split {
        Some(split) => split.parse()?,
        // The split may be in the file's name, as in `risbench_val.jsonl`.
        None => {
            let parts: Vec<_> = file.trim_end_matches(".jsonl").split(['_', '-']).collect();
            let named = Split::ALL
                .into_iter()
                .find(|split| parts.contains(&split.name()));
            named.ok_or("neither the line nor the file's name gives a split")?
        }
    };
    let phrase = line.sent.trim().to_owned();
    if phrase.is_empty() {
        return Err("the phrase is empty".to_owned());
    }
    let runs = match line.segmentation {
        Segmentation::One(one) => vec![one],
        Segmentation::Several(several) => several,
    };
    Ok(Record {
        category: line
            .category_name
            .or_else(|| first_category(&phrase, &RISBENCH)),
        image: images.join(&line.file_name),
        mask: MaskSource::Runs(runs),
        id: line.file_name,
        phrase,
        split,
        stated: Stated::default(),
    })
}

/// Makes ids unique if an image has several phrases: the second one of `a.png` becomes `a.png#2`.
fn number(records: &mut [Record]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for record in records {
        let count = seen.entry(record.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            record.id = format!("{}#{count}", record.id);
        }
    }
}
