//! Checks a dataset: lists every broken record and what is done about it, and counts what the data holds.
//!
//! The known faults of the published datasets, found in the repositories that use them: RRSIS-D images of 800 x 787
//! or similar with masks of 800 x 800 (RMSIN issues #12 and #27), an `area` in RRSIS-D that does not match the mask,
//! and RefSegRS masks that three repositories binarise in three ways.

mod across;
mod finding;
mod image_hash;
mod inspection;
mod picture;
mod report;
mod table;
mod usable;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

pub use self::finding::{Action, Entry, Finding};
pub use self::image_hash::{ImageHash, PERCEPTUAL_DISTANCE};
pub use self::picture::{PictureError, draw};
pub use self::report::{AreaBin, ClassCount, Report};
pub use self::usable::{Purpose, Usable};
use super::referring::Dataset;

/// Checks every record of a dataset on all cores. Each image is decoded once.
///
/// Calls `progress` with the number of images done and the number of all images, from any thread. The report does
/// not depend on the number of threads.
pub fn check(dataset: &Dataset, progress: &(dyn Fn(usize, usize) + Sync)) -> Report {
    let images = by_image(dataset);
    let done = AtomicUsize::new(0);
    let inspections: Vec<_> = images
        .par_iter()
        .map(|records| {
            let inspection = inspection::inspect(dataset, records);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, images.len());
            inspection
        })
        .collect();
    let across = across::entries(dataset, &inspections);
    Report::new(dataset, inspections, across)
}

/// The indices of the records of each image file; the files are in order of first appearance.
fn by_image(dataset: &Dataset) -> Vec<Vec<usize>> {
    let mut places = HashMap::new();
    let mut images: Vec<Vec<usize>> = Vec::new();
    for (index, record) in dataset.records().iter().enumerate() {
        let place = *places.entry(record.image.as_path()).or_insert(images.len());
        match images.get_mut(place) {
            Some(records) => records.push(index),
            None => images.push(vec![index]),
        }
    }
    images
}
