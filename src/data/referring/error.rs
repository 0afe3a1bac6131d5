//! What can be wrong with a dataset.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::layout::Layout;
use super::pickle::PickleError;
use super::record::Split;
use super::rle::RleError;
use crate::data::image_file::ImageFileError;

/// Why a dataset, or one record of it, cannot be read.
#[derive(Debug, Error)]
pub enum DatasetError {
    /// Nothing at that path, or a file.
    #[error("there is no folder {}: give the folder that holds {}", path.display(), layout.expected())]
    NoFolder {
        /// The path.
        path: PathBuf,
        /// What was looked for.
        layout: Layout,
    },
    /// A split in which nothing is.
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
        /// What was looked for.
        layout: Layout,
        /// The file that is not there.
        missing: String,
    },
    /// A file of annotations that cannot be read.
    #[error("{} cannot be read ({source}): check its permissions and the disk", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Annotations that are not what they should be.
    #[error("{}: {message}. Download the dataset again, or correct the file", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        message: String,
    },
    /// A pickle that is damaged or holds more than plain data.
    #[error("{}: {source}", path.display())]
    Pickle {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: PickleError,
    },
    /// No record that could be used.
    #[error(
        "{} holds no record that can be used{}: check that this is the whole dataset, in the layout {layout}",
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
    /// The image or the mask's picture.
    #[error(transparent)]
    Image(#[from] ImageFileError),
    /// The mask's run lengths.
    #[error("the mask of {id}: {source}. Run `s4eca check` to list all such records")]
    Mask {
        /// The record.
        id: String,
        /// What is wrong.
        source: RleError,
    },
    /// A number of a record that is not there.
    #[error("record {index} of a dataset of {count}: count from 0")]
    NoRecord {
        /// Asked for.
        index: usize,
        /// Records.
        count: usize,
    },
    /// A report that was made of other annotations.
    #[error(
        "this report is of other data (fingerprint {report}, the dataset's is {dataset}): run `s4eca \
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
    /// For a file of annotations that the system did not give.
    pub(super) fn file(path: &Path, source: io::Error) -> Self {
        Self::File {
            path: path.into(),
            source,
        }
    }

    /// For annotations of the wrong form.
    pub(super) fn format(path: &Path, message: impl ToString) -> Self {
        Self::Format {
            path: path.into(),
            message: message.to_string(),
        }
    }
}
