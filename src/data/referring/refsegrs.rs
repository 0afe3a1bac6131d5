//! RefSegRS: `images/ID.tif`, `masks/ID.tif` and a list of phrases for each split.

use std::path::Path;

use super::contents::{Contents, Rejected};
use super::error::DatasetError;
use super::layout::Layout;
use super::mask_file::MaskRule;
use super::phrase_category::{REFSEGRS, first_category};
use super::phrase_list::read_lists;
use super::record::{MaskSource, Record, Stated};

/// FIANet's rule.
const RULE: MaskRule = MaskRule::Above(50);

pub fn read(root: &Path, rule: Option<MaskRule>) -> Result<Contents, DatasetError> {
    let mut rejected: Vec<Rejected> = Vec::new();
    let Some(lines) = read_lists(root, &mut rejected)? else {
        return Err(DatasetError::OtherLayout {
            path: root.into(),
            layout: Layout::RefSegRs,
            missing: "output_phrase_train.txt".to_owned(),
        });
    };
    let records = lines.into_iter().map(|line| {
        let file = format!("{}.tif", line.image.trim_end_matches(".tif"));
        Record {
            category: first_category(&line.phrase, &REFSEGRS),
            image: root.join("images").join(&file),
            mask: MaskSource::File {
                path: root.join("masks").join(&file),
                rule: rule.unwrap_or(RULE),
            },
            id: line.image,
            phrase: line.phrase,
            split: line.split,
            stated: Stated::default(),
        }
    });
    Ok(Contents {
        records: records.collect(),
        rejected,
    })
}
