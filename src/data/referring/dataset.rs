//! A dataset on disk: its records, and one of them at a time decoded.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::DatasetError;
use super::layout::Layout;
use super::mask_file::{GreyMask, MaskRule};
use super::naip_phrases::of_outlines;
use super::record::{MaskSource, Record, Split};
use super::rle::{Counts, Rle};
use super::{naip_phrases, own, refsegrs, risbench, rrsis_d};
use crate::data::image_file::read_image;
use crate::vision::{Mask, RgbImage, resize_mask};

/// A part of the annotations that gives no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its name, or its place.
    pub id: String,
    /// Its split, where that much is known.
    pub split: Option<Split>,
    /// What is wrong.
    pub reason: String,
}

/// What the annotations of a layout hold.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub records: Vec<Record>,
    pub rejected: Vec<Rejected>,
}

/// A dataset on disk.
#[derive(Debug, Clone)]
pub struct Dataset {
    layout: Layout,
    root: PathBuf,
    records: Vec<Record>,
    rejected: Vec<Rejected>,
}

/// A record with its pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The record's name.
    pub id: String,
    /// The image.
    pub image: RgbImage,
    /// The referring expression.
    pub phrase: String,
    /// What it means, of the image's size.
    pub mask: Mask,
    /// Whether the annotations say that nothing in the image fits the phrase.
    pub absent: bool,
    /// The object's class, where it is known.
    pub category: Option<String>,
    /// The kind of phrase that the annotations give.
    pub kind: Option<&'static str>,
    /// Width and height of the mask as it is stored, where they are not the image's: published loaders
    /// resize both to the network's input without looking, and so the mask was stretched here.
    pub resized_from: Option<(usize, usize)>,
}

impl Dataset {
    /// Reads the annotations; no image is opened.
    ///
    /// # Errors
    /// A folder that is missing or of another layout, annotations that cannot be read, not one record.
    pub fn open(layout: Layout, root: &Path) -> Result<Self, DatasetError> {
        Self::open_with(layout, root, None)
    }

    /// [`Dataset::open`] with another rule for masks that are pictures; the layout's own where none is
    /// given: above 50 in RefSegRS, not zero elsewhere.
    ///
    /// # Errors
    /// As there.
    pub fn open_with(
        layout: Layout,
        root: &Path,
        rule: Option<MaskRule>,
    ) -> Result<Self, DatasetError> {
        if !root.is_dir() {
            return Err(DatasetError::NoFolder {
                path: root.into(),
                layout,
            });
        }
        let Contents { records, rejected } = match layout {
            Layout::RrsisD => rrsis_d::read(root),
            Layout::RefSegRs => refsegrs::read(root, rule),
            Layout::RisBench => risbench::read(root, rule),
            Layout::Own => own::read(root, rule),
            Layout::NaipPhrases => naip_phrases::read(root),
        }?;
        if records.is_empty() {
            return Err(DatasetError::Empty {
                path: root.into(),
                layout,
                first: rejected.into_iter().next().map(|first| first.reason),
            });
        }
        Ok(Self {
            layout,
            root: root.into(),
            records,
            rejected,
        })
    }

    /// How it lies on disk.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All records, in the order of the annotations.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// What in the annotations gave no record.
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// The numbers of a split's records.
    pub fn indices(&self, split: Split) -> Vec<usize> {
        let records = self.records.iter().enumerate();
        records
            .filter(|(_, record)| record.split == split)
            .map(|(index, _)| index)
            .collect()
    }

    /// Decodes a record's image and mask; the mask is brought to the image's size, nearest pixel.
    ///
    /// # Errors
    /// No such record, an image or mask that is missing or damaged.
    pub fn load(&self, index: usize) -> Result<Example, DatasetError> {
        let record = self.records.get(index).ok_or(DatasetError::NoRecord {
            index,
            count: self.records.len(),
        })?;
        let image = read_image(&record.image)?;
        let mask = load_mask(record, (image.width(), image.height()))?;
        let stored = (mask.width(), mask.height());
        let resized = stored != (image.width(), image.height());
        Ok(Example {
            id: record.id.clone(),
            phrase: record.phrase.clone(),
            mask: if resized {
                resize_mask(&mask, image.width(), image.height())
            } else {
                mask
            },
            absent: record.stated.absent,
            category: record.category.clone(),
            kind: record.stated.kind,
            resized_from: resized.then_some(stored),
            image,
        })
    }

    /// SHA-256 of the layout and of all records, in hexadecimal: what a training stores, to tell on
    /// resuming that its data is the same. The folder's place does not count, nor does any pixel.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        add(self.layout.name());
        for record in &self.records {
            add(&record.id);
            add(&self.relative(&record.image));
            add(&record.phrase);
            add(record.category.as_deref().unwrap_or(""));
            add(record.split.name());
            match &record.mask {
                MaskSource::File { path, rule } => add(&format!("{} {rule}", self.relative(path))),
                MaskSource::Runs(parts) => parts.iter().for_each(|part| add(&written(part))),
                MaskSource::Outlines { filled, holes } => add(&format!("{filled:?} {holes:?}")),
            }
        }
        let mut text = String::new();
        for byte in hash.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// A path as it is inside the dataset, with forward slashes.
    pub fn relative(&self, path: &Path) -> String {
        let inside = path.strip_prefix(&self.root).unwrap_or(path);
        inside.to_string_lossy().replace('\\', "/")
    }
}

fn written(part: &Rle) -> String {
    let [height, width] = part.size;
    match &part.counts {
        Counts::Text(text) => format!("{height} {width} {text}"),
        Counts::Runs(runs) => format!("{height} {width} {runs:?}"),
    }
}

/// A record's mask at the size that it is stored in; outlines at that of the image.
fn load_mask(record: &Record, size: (usize, usize)) -> Result<Mask, DatasetError> {
    match &record.mask {
        MaskSource::File { path, rule } => Ok(GreyMask::read(path)?.mask(*rule)),
        MaskSource::Runs(parts) => Rle::decode_all(parts).map_err(|source| DatasetError::Mask {
            id: record.id.clone(),
            source,
        }),
        MaskSource::Outlines { filled, holes } => Ok(of_outlines(filled, holes, size)),
    }
}
