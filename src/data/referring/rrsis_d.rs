//! RRSIS-D: `refs(unc).p`, a pickle of referring expressions, and `instances.json`, their masks.
//!
//! The format is that of RefCOCO with two differences: an annotation calls its class `categories_id` (some copies use
//! RefCOCO's `category_id`, or both), and its box is given by two corners. Its `area` is not the mask's and is only
//! used for comparison.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::contents::{Contents, Rejected};
use super::error::DatasetError;
use super::layout::Layout;
use super::pickle::{Item, Pickle};
use super::record::{MaskSource, Record, Stated};
use super::rle::Rle;

const REFS: &str = "rrsisd/refs(unc).p";
const INSTANCES: &str = "rrsisd/instances.json";
const IMAGES: &str = "images/rrsisd/JPEGImages";

#[derive(Deserialize)]
struct Instances {
    #[serde(default)]
    images: Vec<Image>,
    annotations: Vec<Value>,
    #[serde(default)]
    categories: Vec<Category>,
}

#[derive(Deserialize)]
struct Image {
    id: i64,
    width: usize,
    height: usize,
}

#[derive(Deserialize)]
struct Category {
    id: i64,
    name: String,
}

#[derive(Deserialize)]
struct Annotation {
    categories_id: Option<i64>,
    category_id: Option<i64>,
    image_id: Option<i64>,
    bbox: Option<[f64; 4]>,
    area: Option<f64>,
    segmentation: Vec<Rle>,
}

/// `instances.json` by id. An error in an annotation is reported by the expression that needs it.
struct Tables {
    sizes: HashMap<i64, [usize; 2]>,
    categories: HashMap<i64, String>,
    annotations: HashMap<i64, Result<Annotation, String>>,
}

pub fn read(root: &Path) -> Result<Contents, DatasetError> {
    for missing in [REFS, INSTANCES, IMAGES] {
        if !root.join(missing).exists() {
            return Err(DatasetError::OtherLayout {
                path: root.into(),
                layout: Layout::RrsisD,
                missing: missing.to_owned(),
            });
        }
    }
    let tables = Tables::read(&root.join(INSTANCES))?;
    let path = root.join(REFS);
    let bytes = fs::read(&path).map_err(|error| DatasetError::file(&path, error))?;
    let pickle = Pickle::read(&bytes).map_err(|source| DatasetError::Pickle {
        path: path.clone(),
        source,
    })?;
    let Some(refs) = pickle.root().list() else {
        let kind = pickle.root().kind();
        return Err(DatasetError::format(
            &path,
            format!("it holds {kind} where a list should be"),
        ));
    };
    let mut contents = Contents::default();
    for (number, item) in refs.enumerate() {
        let id = match item.get("ref_id").and_then(Item::int) {
            Some(id) => id.to_string(),
            None => format!("number {number}"),
        };
        match records(item, &id, root, &tables) {
            Ok(records) => contents.records.extend(records),
            Err(reason) => contents.rejected.push(Rejected {
                id,
                split: text(item, "split")
                    .ok()
                    .and_then(|split| split.parse().ok()),
                reason,
            }),
        }
    }
    Ok(contents)
}

impl Tables {
    fn read(path: &Path) -> Result<Self, DatasetError> {
        let bytes = fs::read(path).map_err(|error| DatasetError::file(path, error))?;
        let instances: Instances =
            serde_json::from_slice(&bytes).map_err(|error| DatasetError::format(path, error))?;
        drop(bytes);
        let annotations = instances.annotations.into_iter().filter_map(|value| {
            let id = value.get("id")?.as_i64()?;
            let annotation = serde_json::from_value(value).map_err(|error| error.to_string());
            Some((id, annotation))
        });
        let sizes = instances.images.iter();
        let categories = instances.categories.into_iter();
        Ok(Self {
            sizes: sizes
                .map(|image| (image.id, [image.width, image.height]))
                .collect(),
            categories: categories
                .map(|category| (category.id, category.name))
                .collect(),
            annotations: annotations.collect(),
        })
    }
}

/// The records of one item of the list, one per sentence. Items in published files have exactly one sentence.
fn records(item: Item<'_>, id: &str, root: &Path, tables: &Tables) -> Result<Vec<Record>, String> {
    let split = text(item, "split")?.parse()?;
    let file = text(item, "file_name")?;
    let number = item
        .get("ann_id")
        .and_then(Item::int)
        .ok_or("ann_id is missing")?;
    let annotation = match tables.annotations.get(&number) {
        Some(Ok(annotation)) => annotation,
        Some(Err(reason)) => {
            return Err(format!("annotation {number} in instances.json: {reason}"));
        }
        None => return Err(format!("instances.json has no annotation {number}")),
    };
    let class = item.get("category_id").and_then(Item::int);
    let category = class
        .or(annotation.categories_id)
        .or(annotation.category_id)
        .and_then(|class| tables.categories.get(&class));
    let stated = Stated {
        area: annotation.area,
        size: annotation
            .image_id
            .and_then(|image| tables.sizes.get(&image).copied()),
        bounds: annotation.bbox,
        classes: annotation
            .categories_id
            .zip(annotation.category_id)
            .filter(|(one, other)| one != other)
            .map(|(one, other)| [one, other]),
        ..Stated::default()
    };
    let sentences: Vec<_> = match item.get("sentences").and_then(Item::list) {
        Some(sentences) if sentences.len() > 0 => sentences.collect(),
        _ => return Err("it has no sentence".to_owned()),
    };
    let record = |(index, sentence): (usize, &Item<'_>)| {
        let phrase = text(*sentence, "raw").or_else(|_| text(*sentence, "sent"))?;
        if phrase.is_empty() {
            return Err("the phrase is empty".to_owned());
        }
        Ok(Record {
            id: match index {
                0 => id.to_owned(),
                _ => format!("{id}#{}", index + 1),
            },
            image: root.join(IMAGES).join(&file),
            phrase,
            category: category.cloned(),
            split,
            mask: MaskSource::Runs(annotation.segmentation.clone()),
            stated,
        })
    };
    sentences.iter().enumerate().map(record).collect()
}

fn text(item: Item<'_>, key: &str) -> Result<String, String> {
    let text = item.get(key).and_then(Item::text);
    let text = text.ok_or_else(|| format!("{key} is missing"))?;
    Ok(text.trim().to_owned())
}
