//! Phrases whose masks were drawn manually over crops of NAIP: `phrases.jsonl` with polygons in pixels of
//! `../naip/images/ID.jpg`. All records are in the split `val`.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::contents::{Contents, Rejected};
use super::error::DatasetError;
use super::layout::Layout;
use super::record::{MaskSource, Outline, Record, Split, Stated};
use crate::data::polygon::fill_polygon;
use crate::vision::Mask;

const LINES: &str = "phrases.jsonl";

/// The kinds of phrases. Phrases of the last kind fit nothing in the image.
const KINDS: [&str; 6] = [
    "class",
    "attribute",
    "position",
    "superlative",
    "relation",
    "absent",
];

#[derive(Deserialize)]
struct Line {
    image: String,
    phrase: String,
    polygons: Vec<Outline>,
    #[serde(default)]
    holes: Vec<Outline>,
    kind: String,
    class: Option<String>,
}

pub(super) fn read(root: &Path) -> Result<Contents, DatasetError> {
    let path = root.join(LINES);
    if !path.is_file() {
        return Err(DatasetError::OtherLayout {
            path: root.into(),
            layout: Layout::NaipPhrases,
            missing: LINES.to_owned(),
        });
    }
    let text = fs::read_to_string(&path).map_err(|error| DatasetError::file(&path, error))?;
    let images = root.join("../naip/images");
    let mut contents = Contents::default();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let parsed = serde_json::from_str::<Line>(line).map_err(|error| error.to_string());
        match parsed.and_then(|line| record(line, index + 1, &images)) {
            Ok(record) => contents.records.push(record),
            Err(reason) => contents.rejected.push(Rejected {
                id: format!("line {}", index + 1),
                split: Some(Split::Val),
                reason: format!("{LINES}, line {}: {reason}", index + 1),
            }),
        }
    }
    Ok(contents)
}

fn record(line: Line, number: usize, images: &Path) -> Result<Record, String> {
    let kind = KINDS.into_iter().find(|kind| *kind == line.kind);
    let kind =
        kind.ok_or_else(|| format!("kind {:?} is not one of {}", line.kind, KINDS.join(", ")))?;
    let absent = kind == "absent";
    if line.polygons.is_empty() != absent {
        return Err("a phrase has polygons unless its kind is absent".to_owned());
    }
    Ok(Record {
        id: format!("{}-{number}", line.image),
        image: images.join(format!("{}.jpg", line.image)),
        phrase: line.phrase.trim().to_owned(),
        category: line.class,
        split: Split::Val,
        mask: MaskSource::Outlines {
            filled: line.polygons,
            holes: line.holes,
        },
        stated: Stated {
            kind: Some(kind),
            absent,
            ..Stated::default()
        },
    })
}

/// The mask of `size` (width and height in pixels) that polygons fill, minus the holes.
pub fn of_outlines(filled: &[Outline], holes: &[Outline], size: (usize, usize)) -> Mask {
    let mut mask = Mask::empty(size.0, size.1);
    for (outlines, value) in [(filled, true), (holes, false)] {
        for outline in outlines {
            fill_polygon(outline, size.0, size.1, |x, y| mask.set(x, y, value));
        }
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::referring::Dataset;

    #[test]
    fn polygons_less_holes_are_the_mask_and_absent_phrases_have_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("naip-phrases");
        let images = folder.path().join("naip/images");
        fs::create_dir_all(&root).expect("a folder");
        fs::create_dir_all(&images).expect("a folder");
        image::RgbImage::from_pixel(8, 6, image::Rgb([9, 9, 9]))
            .save(images.join("a_4.jpg"))
            .expect("an image");
        let lines = r#"{"image":"a_4","phrase":"the block","polygons":[[[1,1],[5,1],[5,5],[1,5]]],"holes":[[[2,2],[4,2],[4,4],[2,4]]],"kind":"class","class":"building"}
{"image":"a_4","phrase":"the ship","polygons":[],"holes":[],"kind":"absent","class":"ship"}
{"image":"a_4","phrase":"the car","polygons":[],"holes":[],"kind":"class","class":"car"}
"#;
        fs::write(root.join("phrases.jsonl"), lines).expect("the phrases");
        let dataset = Dataset::open(Layout::NaipPhrases, &root).expect("a dataset");
        assert_eq!(dataset.indices(Split::Val), [0, 1]);
        assert!(dataset.indices(Split::Train).is_empty());
        assert!(dataset.rejected()[0].reason.contains("line 3"));
        let block = dataset.load(0).expect("an example");
        assert_eq!(
            (block.mask.area(), block.absent, block.kind),
            (12, false, Some("class"))
        );
        let ship = dataset.load(1).expect("an example");
        assert_eq!((ship.mask.area(), ship.absent), (0, true));
    }
}
