//! What can be wrong with a zip file.

use std::io;

use thiserror::Error;

/// Why a zip file, or one entry of it, cannot be read or written.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// The bytes cannot be read.
    #[error("the zip cannot be read ({0})")]
    Read(#[from] io::Error),
    /// Another kind of file.
    #[error("this is not a zip file")]
    NotZip,
    /// The end is missing.
    #[error("the zip is cut short: its end is missing. Copy or download it again")]
    CutShort,
    /// Parts of the file contradict each other.
    #[error("the zip is damaged or was changed: {0}")]
    Damaged(String),
    /// Larger than zip files could be at first.
    #[error("the zip is in the Zip64 format, for more than 4 GB or 65,535 files: pack fewer files")]
    Zip64,
    /// One part of an archive that is split into several.
    #[error("the zip is one part of several: pack it as one file")]
    Parts,
    /// An entry needs a password.
    #[error("{name:?} in the zip is encrypted: pack it without a password")]
    Encrypted {
        /// The entry.
        name: String,
    },
    /// An entry is compressed in another way.
    #[error("{name:?} in the zip is compressed by method {method}: use Deflate, or no compression")]
    Method {
        /// The entry.
        name: String,
        /// Number of the method.
        method: u16,
    },
    /// A name that is no path inside a folder.
    #[error("the zip names a file {name:?}: {problem}")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Two entries with the same name, or with names that differ only in case.
    #[error("the zip holds {name:?} twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// Two entries share bytes.
    #[error("{first:?} and {second:?} in the zip share the same bytes, as those of a zip bomb do")]
    Overlap {
        /// The entry that begins first.
        first: String,
        /// The name of the other entry.
        second: String,
    },
    /// More entries than allowed.
    #[error("the zip holds {count} files, {limit} are allowed")]
    TooMany {
        /// Number of entries.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// More bytes than allowed.
    #[error("{what} has {megabytes} MB, {limit} MB are allowed", megabytes = bytes >> 20, limit = limit >> 20)]
    TooLarge {
        /// What is too large.
        what: String,
        /// Its bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
}

impl ArchiveError {
    /// The error for parts that contradict each other.
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }
}
