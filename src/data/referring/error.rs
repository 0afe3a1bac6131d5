//! What can be wrong with a dataset.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::layout::Layout;
use super::pickle::PickleError;
use super::record::Split;
use super::rle::RleError;
use crate::files::ImageFileError;

/// Why a dataset, or one record of it, cannot be read.
#[derive(Debug, Error)]
pub enum DatasetError {
    /// The path does not exist or is a file.
    #[error("there is no folder {}: give the folder that holds {}", path.display(), layout.expected())]
    NoFolder {
        /// The path.
        path: PathBuf,
        /// The expected layout.
        layout: Layout,
    },
    /// A split has no records.
    #[error("{} has no records in the split {split}: check its annotations", path.display())]
    EmptySplit {
        /// The folder.
        path: PathBuf,
        /// The split.
        split: Split,
    },
    /// The folder is of another layout.
    #[error(
        "{} has no {missing}: the layout {layout} has {}. Point to the folder that holds them, or name \
         another layout",
        path.display(),
        layout.expected()
    )]
    OtherLayout {
        /// The folder.
        path: PathBuf,
        /// The expected layout.
        layout: Layout,
        /// The missing file.
        missing: String,
    },
    /// A file of annotations cannot be read.
    #[error("{} cannot be read ({source}): check its permissions and the disk", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system reported.
        source: io::Error,
    },
    /// The annotations are malformed.
    #[error("{}: {message}. Download the dataset again, or correct the file", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        message: String,
    },
    /// A pickle is damaged or holds more than plain data.
    #[error("{}: {source}", path.display())]
    Pickle {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: PickleError,
    },
    /// There is no usable record.
    #[error(
        "{} holds no usable record{}: check that this is the whole dataset, in the layout {layout}",
        path.display(),
        first.as_ref().map(|reason| format!(" (the first: {reason})")).unwrap_or_default()
    )]
    Empty {
        /// The folder.
        path: PathBuf,
        /// The layout.
        layout: Layout,
        /// Why the first record was refused, if there was one.
        first: Option<String>,
    },
    /// The image or the mask image cannot be read.
    #[error(transparent)]
    Image(#[from] ImageFileError),
    /// The mask's run lengths cannot be decoded.
    #[error("the mask of {id}: {source}. Run `s4eca check` to list all such records")]
    Mask {
        /// The record.
        id: String,
        /// What is wrong.
        source: RleError,
    },
    /// There is no record with that index.
    #[error("there is no record {index} in a dataset of {count}: records are counted from 0")]
    NoRecord {
        /// The requested index.
        index: usize,
        /// Number of records.
        count: usize,
    },
    /// A report was made from other annotations.
    #[error(
        "this report is for other data (fingerprint {report}, the dataset's is {dataset}): run `s4eca \
         check` again"
    )]
    OtherReport {
        /// Fingerprint in the report.
        report: String,
        /// Fingerprint of the dataset.
        dataset: String,
    },
}

impl DatasetError {
    /// The error for a file of annotations that cannot be read.
    pub(super) fn file(path: &Path, source: io::Error) -> Self {
        Self::File {
            path: path.into(),
            source,
        }
    }

    /// The error for malformed annotations.
    pub(super) fn format(path: &Path, message: impl ToString) -> Self {
        Self::Format {
            path: path.into(),
            message: message.to_string(),
        }
    }
}
