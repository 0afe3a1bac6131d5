//! What can be wrong with a folder of labelled images.

use std::path::PathBuf;

use thiserror::Error;

/// Why the folder cannot be read.
#[derive(Debug, Error)]
pub enum LabelledError {
    /// A file is missing or unreadable.
    #[error(
        "cannot read {path}: {source}. Point to the folder that holds scenes.jsonl, classes.json, \
         images/ and labels/"
    )]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line or file is malformed.
    #[error("{path}, line {line}: {message}. Fix or delete that line")]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// An image cannot be decoded or has another size than stated.
    #[error("{path}: {message}. Repair it, download it again, or delete its line in scenes.jsonl")]
    Image {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A split has no scene.
    #[error("{path} has no scene in the split \"{split}\", so there is nothing to use")]
    Empty {
        /// The file.
        path: PathBuf,
        /// `train` or `val`.
        split: &'static str,
    },
}
