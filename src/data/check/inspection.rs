//! Checks one image and its records, each on its own.

use std::path::Path;

use super::finding::{Entry, Finding};
use super::image_hash::{ImageHash, hash_of};
use crate::data::referring::{Dataset, GreyMask, MaskRule, MaskSource, Record, Rle, of_outlines};
use crate::files::{ImageFileError, read_image};
use crate::vision::Mask;

/// What was found in an image and its records.
pub struct Inspection {
    /// The indices of its records.
    pub records: Vec<usize>,
    /// `None` if the image cannot be decoded.
    pub hash: Option<ImageHash>,
    /// For each record, the hash of its mask and the mask's share of the pixels, or `None` if there is no mask.
    pub masks: Vec<Option<(MaskHash, f64)>>,
    /// What is wrong.
    pub entries: Vec<Entry>,
}

/// SHA-256 of a mask at its own size.
pub type MaskHash = [u8; 32];

/// Checks an image and the records that refer to it. `records` must not be empty.
pub fn inspect(dataset: &Dataset, records: &[usize]) -> Inspection {
    let mut inspection = Inspection {
        records: records.to_vec(),
        hash: None,
        masks: Vec::with_capacity(records.len()),
        entries: Vec::new(),
    };
    let path = dataset.records()[records[0]].image.as_path();
    let image = read_image(path).map(|image| {
        inspection.hash = Some(ImageHash::of(&image));
        [image.width(), image.height()]
    });
    for &index in records {
        let record = &dataset.records()[index];
        let mut found = Vec::new();
        if let Err(error) = &image {
            found.push(file_finding(dataset, path, error, false));
        }
        inspection.masks.push(look_at_mask(
            dataset,
            record,
            image.as_ref().ok().copied(),
            &mut found,
        ));
        let entries = found
            .into_iter()
            .map(|finding| entry(dataset, index, finding));
        inspection.entries.extend(entries);
    }
    inspection
}

/// The entry for a finding of a record.
pub fn entry(dataset: &Dataset, index: usize, finding: Finding) -> Entry {
    let record = &dataset.records()[index];
    Entry {
        index: Some(index),
        id: record.id.clone(),
        split: Some(record.split),
        image: dataset.relative(&record.image),
        action: finding.action(),
        finding,
    }
}

fn look_at_mask(
    dataset: &Dataset,
    record: &Record,
    image: Option<[usize; 2]>,
    found: &mut Vec<Finding>,
) -> Option<(MaskHash, f64)> {
    let mask = match &record.mask {
        MaskSource::File { path, rule } => match GreyMask::read(path) {
            Ok(grey) => {
                found.extend(not_binary(&grey, *rule));
                grey.mask(*rule)
            }
            Err(error) => {
                found.push(file_finding(dataset, path, &error, true));
                return None;
            }
        },
        MaskSource::Runs(parts) => match Rle::decode_all(parts) {
            Ok(mask) => mask,
            Err(error) => {
                let reason = error.to_string();
                found.push(Finding::DamagedMask { reason });
                return None;
            }
        },
        MaskSource::Outlines { filled, holes } => {
            let [width, height] = image?;
            of_outlines(filled, holes, (width, height))
        }
    };
    compare(record, &mask, image, found);
    let bits: Vec<u8> = mask.bits().iter().map(|&bit| u8::from(bit)).collect();
    let hash = hash_of(mask.width(), mask.height(), [bits.as_slice()]);
    Some((hash, mask.area() as f64 / bits.len() as f64))
}

/// Reports intermediate grey values unless the rule makes them irrelevant: a mask of 0 and 1 is binary if every value
/// except 0 counts.
fn not_binary(grey: &GreyMask, rule: MaskRule) -> Option<Finding> {
    let (levels, undecided) = (grey.levels(), grey.undecided());
    let differs = levels > 2 || (undecided > 0 && rule != MaskRule::NonZero);
    differs.then_some(Finding::NotBinary { levels, undecided })
}

/// Compares a mask with the image and the annotations.
fn compare(record: &Record, mask: &Mask, image: Option<[usize; 2]>, found: &mut Vec<Finding>) {
    let size = [mask.width(), mask.height()];
    let stated = record.stated;
    if let Some(stated) = stated.classes {
        found.push(Finding::TwoClasses { stated });
    }
    match image {
        Some(image) if image != size => found.push(Finding::SizeMismatch { image, mask: size }),
        Some(image) => {
            if let Some(stated) = stated.size.filter(|&stated| stated != image) {
                found.push(Finding::WrongSize {
                    stated,
                    found: image,
                });
            }
        }
        None => {}
    }
    let area = mask.area();
    if area == 0 && !stated.absent {
        found.push(Finding::EmptyMask);
    }
    if let Some(stated) = stated
        .area
        .filter(|stated| (stated - area as f64).abs() > 0.5)
    {
        found.push(Finding::WrongArea {
            stated,
            found: area,
        });
    }
    if let (Some(stated), Some((x0, y0, x1, y1))) = (stated.bounds, mask.bounding_box())
        && overlap(stated, [x0, y0, x1, y1].map(|side| side as f64)) < 0.5
    {
        let found_box = [x0, y0, x1, y1];
        found.push(Finding::WrongBox {
            stated,
            found: found_box,
        });
    }
}

/// Intersection over union of two boxes.
fn overlap(a: [f64; 4], b: [f64; 4]) -> f64 {
    let area = |[x0, y0, x1, y1]: [f64; 4]| (x1 - x0).max(0.0) * (y1 - y0).max(0.0);
    let both = area([
        a[0].max(b[0]),
        a[1].max(b[1]),
        a[2].min(b[2]),
        a[3].min(b[3]),
    ]);
    both / (area(a) + area(b) - both).max(f64::MIN_POSITIVE)
}

/// The finding for a file that cannot be read, without the dataset's location, so that reports from two machines
/// are the same.
fn file_finding(dataset: &Dataset, path: &Path, error: &ImageFileError, mask: bool) -> Finding {
    if matches!(error, ImageFileError::Missing { .. }) {
        return if mask {
            Finding::MissingMask
        } else {
            Finding::MissingImage
        };
    }
    let reason = error
        .to_string()
        .replace(&path.display().to_string(), &dataset.relative(path));
    if mask {
        Finding::DamagedMask { reason }
    } else {
        Finding::DamagedImage { reason }
    }
}
