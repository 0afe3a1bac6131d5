//! A dataset on disk: its records, decoded one at a time.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::contents::{Contents, Rejected};
use super::error::DatasetError;
use super::layout::Layout;
use super::mask_file::{GreyMask, MaskRule};
use super::naip_phrases::of_outlines;
use super::record::{MaskSource, Record, Split};
use super::rle::{Counts, Rle};
use super::{naip_phrases, own, refsegrs, risbench, rrsis_d};
use crate::files::read_image;
use crate::vision::{Mask, RgbImage, resize_mask};

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
    /// Its mask, of the image's size.
    pub mask: Mask,
    /// Whether the annotations say that nothing in the image fits the phrase.
    pub absent: bool,
    /// The object's class, if known.
    pub category: Option<String>,
    /// The kind of phrase that the annotations give.
    pub kind: Option<&'static str>,
    /// Width and height of the stored mask, if they are not the image's. The mask was then stretched to the image's
    /// size, because published loaders resize both to the network's input without a check.
    pub resized_from: Option<(usize, usize)>,
}

impl Dataset {
    /// Reads the annotations; no image is opened.
    ///
    /// # Errors
    /// Fails if the folder is missing or of another layout, if the annotations cannot be read, or if there is no
    /// record.
    pub fn open(layout: Layout, root: &Path) -> Result<Self, DatasetError> {
        Self::open_with(layout, root, None)
    }

    /// [`Dataset::open`] with another rule for masks that are images. `None` stands for the layout's own rule:
    /// above 50 in RefSegRS, nonzero elsewhere.
    ///
    /// # Errors
    /// Fails as [`Dataset::open`] does.
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

    /// Its layout on disk.
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

    /// The parts of the annotations that yield no record.
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// The indices of a split's records.
    pub fn indices(&self, split: Split) -> Vec<usize> {
        let records = self.records.iter().enumerate();
        records
            .filter(|(_, record)| record.split == split)
            .map(|(index, _)| index)
            .collect()
    }

    /// Decodes a record's image and mask; the mask is resized to the image's size by nearest neighbour.
    ///
    /// # Errors
    /// Fails if there is no such record, or if its image or mask is missing or damaged.
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

    /// SHA-256 of the layout and of all records, in hexadecimal. A training run stores it, to check on resuming
    /// that its data is the same. It depends neither on the folder's location nor on any pixel.
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

    /// A path relative to the dataset's folder, with forward slashes.
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

/// A record's mask at its stored size; outlines are filled at the image's size.
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
