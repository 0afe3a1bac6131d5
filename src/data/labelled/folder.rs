//! A folder of labelled images.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Deserialize;

use crate::data::scene::{Object, Scene};
use crate::things::class::{Class, ClassSet, OTHER, UNKNOWN};
use crate::things::colour::ColourSet;
use crate::things::components::connected_regions;
use crate::vision::image::RgbImage;

use super::error::LabelledError;
use super::name::Meaning;
use super::outline::draw_outlines;
use super::record::Record;

/// A part of a folder. The parts share no ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// The scenes to train on.
    Train,
    /// The scenes to validate on.
    Val,
}

impl Split {
    /// Its name in `scenes.jsonl`.
    pub fn name(self) -> &'static str {
        match self {
            Split::Train => "train",
            Split::Val => "val",
        }
    }
}

/// A scene of a folder.
#[derive(Debug, Clone)]
pub struct LabelledScene {
    /// Its id, such as `dubai-1-001`.
    pub id: String,
    /// The collection that it comes from, such as `dubai`.
    pub source: String,
    /// Its weight when scenes are drawn. The scenes of one place have a total weight of 1, unless the collection has a
    /// weight of its own.
    pub weight: f32,
    /// Image, labels and objects.
    pub scene: Scene,
}

/// The content of `classes.json`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ClassFile {
    /// Names by number, and the classes that are labelled exhaustively.
    Names {
        classes: BTreeMap<String, String>,
        #[serde(default)]
        complete: Vec<String>,
    },
    /// The older form, a list of names.
    List(Vec<String>),
}

/// What the numbers of label maps mean.
#[derive(Debug)]
struct Legend {
    meanings: [Meaning; 256],
    complete: ClassSet,
    /// Whether the file is in the older form. Then `background` means unlabelled, buildings are not complete in
    /// label maps, and outlines are of buildings and complete.
    older: bool,
}

/// A folder of labelled images. Its list of scenes is read, its images are not.
#[derive(Debug)]
pub struct LabelledFolder {
    folder: PathBuf,
    records: Vec<Record>,
    legend: Option<Legend>,
    weights: BTreeMap<String, f32>,
}

impl LabelledFolder {
    /// Reads the list of scenes of a folder.
    ///
    /// # Errors
    /// Fails if a file is missing, a line is not a scene, or the classes are in neither form. The message names the
    /// file and the line.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, LabelledError> {
        let folder = folder.as_ref().to_path_buf();
        let read = |name: &str| {
            let path = folder.join(name);
            match fs::read_to_string(&path) {
                Ok(text) => Ok((path, text)),
                Err(source) => Err(LabelledError::File { path, source }),
            }
        };
        let (path, text) = read("scenes.jsonl")?;
        let mut records: Vec<Record> = Vec::new();
        for (place, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let wrong = |message: String| LabelledError::Line {
                path: path.clone(),
                line: place + 1,
                message,
            };
            let record: Record = serde_json::from_str(line)
                .map_err(|error| wrong(format!("not a scene ({error})")))?;
            if record.split != "train" && record.split != "val" {
                let message = format!("the split is \"{}\", not train or val", record.split);
                return Err(wrong(message));
            }
            records.push(record);
        }
        let mapped = records.iter().any(|record| record.labels.is_some());
        let legend = match read("classes.json") {
            Ok((path, text)) => Some(Legend::read(path, &text)?),
            Err(error) if mapped => return Err(error),
            Err(_) => None,
        };
        Ok(Self {
            folder,
            records,
            legend,
            weights: BTreeMap::new(),
        })
    }

    /// The folder with a weight for each scene of some collections, by the collection's name.
    pub fn with_weights(mut self, weights: &BTreeMap<String, f32>) -> Self {
        self.weights.clone_from(weights);
        self
    }

    /// Number of scenes of a split.
    pub fn count(&self, split: Split) -> usize {
        self.records
            .iter()
            .filter(|record| record.split == split.name())
            .count()
    }

    /// Decodes the scenes of a split, in the order of `scenes.jsonl`. Each takes about 1 MB of memory.
    ///
    /// # Errors
    /// Fails if an image or label map is missing, broken or of another size than stated, or if the split has no
    /// scene.
    pub fn scenes(&self, split: Split) -> Result<Vec<LabelledScene>, LabelledError> {
        let chosen: Vec<&Record> = self
            .records
            .iter()
            .filter(|record| record.split == split.name())
            .collect();
        if chosen.is_empty() {
            let path = self.folder.join("scenes.jsonl");
            return Err(LabelledError::Empty {
                path,
                split: split.name(),
            });
        }
        let mut places: HashMap<&str, usize> = HashMap::new();
        for record in &chosen {
            *places.entry(record.place()).or_default() += 1;
        }
        chosen
            .into_par_iter()
            .map(|record| {
                let own = self.weights.get(&record.source).copied();
                self.load(record, own.unwrap_or(1.0 / places[record.place()] as f32))
            })
            .collect()
    }

    fn load(&self, record: &Record, weight: f32) -> Result<LabelledScene, LabelledError> {
        let (width, height) = (record.width, record.height);
        let path = self.folder.join(&record.image);
        let decoded = decode(&path, width, height)?.to_rgb8();
        let image = RgbImage::new(width, height, decoded.into_raw()).map_err(|error| {
            LabelledError::Image {
                path,
                message: error.to_string(),
            }
        })?;
        let mut scene = Scene {
            image,
            labels: Vec::new(),
            objects: Vec::new(),
            complete: ClassSet::NONE,
            partial: ClassSet::NONE,
            countable: ClassSet::NONE,
            gsd_m: record.gsd_m,
        };
        scene.complete = match (&record.complete, &self.legend) {
            (Some(names), _) => complete_of(names),
            (None, Some(legend)) if legend.older && record.labels.is_none() => {
                ClassSet::of(&[Class::Building])
            }
            (None, Some(legend)) => legend.complete,
            (None, None) => ClassSet::NONE,
        };
        match (&record.labels, &self.legend) {
            (Some(labels), Some(legend)) => {
                let path = self.folder.join(labels);
                let map = decode(&path, width, height)?.to_luma8();
                legend.add_labels(&mut scene, map.as_raw(), record.instances.is_empty());
            }
            _ => {
                let outside = match scene.complete {
                    ClassSet::NONE => UNKNOWN,
                    _ => OTHER,
                };
                scene.labels = vec![outside; width * height];
            }
        }
        if record.labels.is_none() || !record.instances.is_empty() {
            draw_outlines(&mut scene, &record.instances);
            for class in Class::ALL {
                if scene.complete.contains(class) && !class.is_ground() {
                    scene.countable.insert(class);
                }
            }
        }
        scene.measure_colours();
        Ok(LabelledScene {
            id: record.id.clone(),
            source: record.source.clone(),
            weight,
            scene,
        })
    }
}

impl Legend {
    fn read(path: PathBuf, text: &str) -> Result<Self, LabelledError> {
        let wrong = |line: usize, message: String| LabelledError::Line {
            path: path.clone(),
            line,
            message,
        };
        let file: ClassFile = serde_json::from_str(text).map_err(|error| {
            let message = format!("neither class names by number nor a list of them ({error})");
            wrong(error.line().max(1), message)
        })?;
        let mut meanings = [Meaning::Unknown; 256];
        match file {
            ClassFile::List(names) => {
                for (slot, name) in meanings.iter_mut().zip(&names) {
                    *slot = match Meaning::of(name) {
                        Meaning::Class(class) => Meaning::Class(class),
                        _ => Meaning::Unknown,
                    };
                }
                let complete = ClassSet::of(&[
                    Class::Road,
                    Class::Water,
                    Class::Vegetation,
                    Class::BareLand,
                ]);
                Ok(Self {
                    meanings,
                    complete,
                    older: true,
                })
            }
            ClassFile::Names { classes, complete } => {
                for (number, name) in &classes {
                    let number: u8 = number.parse().map_err(|_| {
                        wrong(1, format!("{number:?} is not a class number from 0 to 255"))
                    })?;
                    if number != UNKNOWN {
                        meanings[usize::from(number)] = Meaning::of(name);
                    }
                }
                Ok(Self {
                    meanings,
                    complete: complete_of(&complete),
                    older: false,
                })
            }
        }
    }

    /// Adds dense labels. In the older form, the connected components of water, vegetation and buildings are
    /// objects. Buildings are not countable: where they are dense, some are unlabelled, so no phrase may single one
    /// out.
    fn add_labels(&self, scene: &mut Scene, ids: &[u8], regions: bool) {
        scene.labels = ids
            .iter()
            .map(|&id| self.meanings[usize::from(id)].label())
            .collect();
        if !self.older {
            for meaning in self.meanings {
                if let Meaning::Class(class) = meaning
                    && !scene.complete.contains(class)
                {
                    scene.partial.insert(class);
                }
            }
            return;
        }
        scene.countable = ClassSet::of(&[Class::Water, Class::Vegetation]);
        if !regions {
            return;
        }
        let (width, height) = (scene.width(), scene.height());
        for class in [Class::Building, Class::Water, Class::Vegetation] {
            let regions = connected_regions(&scene.labels, width, |label| label == class.id());
            scene.objects.extend(regions.into_iter().map(|region| {
                let (x0, y0, x1, y1) = region.bounding_box();
                let truncated = x0 == 0 || y0 == 0 || x1 == width || y1 == height;
                Object {
                    class,
                    region,
                    colours: ColourSet::UNKNOWN,
                    material: None,
                    truncated,
                }
            }));
        }
    }
}

/// The classes in a list of names, plus the umbrella classes whose usual classes are all in it.
fn complete_of(names: &[String]) -> ClassSet {
    let mut set = ClassSet::NONE;
    for name in names {
        if let Meaning::Class(class) = Meaning::of(name) {
            set.insert(class);
        }
    }
    for (umbrella, parts) in [
        (Class::Vehicle, [Class::Car, Class::Truck]),
        (Class::Vegetation, [Class::Tree, Class::Grass]),
    ] {
        if parts.iter().all(|&part| set.contains(part)) {
            set.insert(umbrella);
        }
    }
    set
}

fn decode(path: &Path, width: usize, height: usize) -> Result<image::DynamicImage, LabelledError> {
    let bytes = fs::read(path).map_err(|source| LabelledError::File {
        path: path.to_path_buf(),
        source,
    })?;
    let fail = |message: String| LabelledError::Image {
        path: path.to_path_buf(),
        message,
    };
    let decoded = image::load_from_memory(&bytes)
        .map_err(|error| fail(format!("cannot be read as an image ({error})")))?;
    if (decoded.width() as usize, decoded.height() as usize) != (width, height) {
        return Err(fail(format!(
            "{} x {} pixels, but scenes.jsonl says {width} x {height}",
            decoded.width(),
            decoded.height()
        )));
    }
    Ok(decoded)
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
