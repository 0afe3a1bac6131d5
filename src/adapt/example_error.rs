//! What can be wrong with examples.

#[cfg(feature = "native")]
use std::io;
#[cfg(feature = "native")]
use std::path::PathBuf;

use thiserror::Error;

#[cfg(feature = "native")]
use crate::archive::ArchiveError;
#[cfg(feature = "native")]
use crate::data::referring::DatasetError;

/// Examples that cannot be learned from; the message names them.
#[derive(Debug, Error)]
pub enum ExampleError {
    /// A folder that is not in the layout of one's own data, or has a damaged file.
    #[cfg(feature = "native")]
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// A zip that is damaged, or that no folder can be made of.
    #[cfg(feature = "native")]
    #[error("{}: {source}", path.display())]
    Archive {
        /// The zip.
        path: PathBuf,
        /// What is wrong.
        source: ArchiveError,
    },
    /// A zip without a list of phrases, or with several.
    #[cfg(feature = "native")]
    #[error("{} holds {problem}: it needs one phrases.csv, with images/ and masks/ beside it", path.display())]
    Layout {
        /// The zip.
        path: PathBuf,
        /// What it holds instead.
        problem: &'static str,
    },
    /// The files of a zip cannot be written to a temporary folder.
    #[cfg(feature = "native")]
    #[error("{} cannot be unpacked ({source}): check the space in the temporary folder", path.display())]
    Unpack {
        /// The zip.
        path: PathBuf,
        /// What the system reported.
        source: io::Error,
    },
    /// A line that describes no example.
    #[cfg(feature = "native")]
    #[error("{}: {reason}", path.display())]
    Line {
        /// The folder or zip.
        path: PathBuf,
        /// The line, and what is wrong with it.
        reason: String,
    },
    /// A line of a zip's list that names a file outside the zip.
    #[cfg(feature = "native")]
    #[error("{}, {line}: the file {file:?} is not inside the zip", path.display())]
    Outside {
        /// The zip.
        path: PathBuf,
        /// The line.
        line: String,
        /// The file that it names.
        file: String,
    },
    /// Nothing to learn from.
    #[error("there are no examples: give at least one")]
    NoExample,
    /// All phrases are for absent things.
    #[error("no example has a mask: mark at least one thing")]
    NoMask,
    /// Two masks for one phrase over one image.
    #[error(
        "two examples contradict each other: {phrase:?} over {image} has two masks with an IoU of {iou:.2}; \
         remove one of them"
    )]
    Contradiction {
        /// The phrase.
        phrase: String,
        /// The image.
        image: String,
        /// The overlap of the two masks.
        iou: f64,
    },
    /// A mask that covers the whole image.
    #[error(
        "the mask of {phrase:?} covers {percent:.0} % of {image}: use a larger part of the image, so that it shows \
         where the thing ends"
    )]
    Everything {
        /// The phrase.
        phrase: String,
        /// The image.
        image: String,
        /// Share of the image in per cent.
        percent: f64,
    },
    /// Ground sample distances a factor of ten or more apart.
    #[error(
        "the examples are too far apart in scale: {fine} has {fine_gsd} m per pixel, {coarse} has {coarse_gsd}. Adapt \
         to one of them at a time"
    )]
    Scales {
        /// The finest image.
        fine: String,
        /// Its metres per pixel.
        fine_gsd: f64,
        /// The coarsest image.
        coarse: String,
        /// Its metres per pixel.
        coarse_gsd: f64,
    },
}
