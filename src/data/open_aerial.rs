//! The open-aerial collection: real aerial images with building outlines or dense labels.
//!
//! `scenes.jsonl` holds a scene a line; `classes.json` names the ids of the label maps. Banepa and Kampala
//! have outlines of buildings and nothing else, Dubai has a label for every pixel.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::vision::image::RgbImage;

use super::class::{Class, ClassSet, UNKNOWN};
use super::colour::ColourSet;
use super::components::connected_regions;
pub use super::open_error::OpenAerialError;
use super::open_record::{Record, add_outlines};
use super::scene::{Object, Scene};

/// A part of the collection; no ground is in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// To train on.
    Train,
    /// To validate on.
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

/// A scene of the collection.
#[derive(Debug, Clone)]
pub struct OpenScene {
    /// Its id, such as `dubai-1-001`.
    pub id: String,
    /// `banepa`, `kampala` or `dubai`.
    pub source: String,
    /// Image, labels and objects.
    pub scene: Scene,
}

/// The collection in a folder: its lines are read, its images are not.
#[derive(Debug)]
pub struct OpenAerial {
    folder: PathBuf,
    records: Vec<Record>,
    classes: Vec<Option<Class>>,
}

impl OpenAerial {
    /// Reads the list of scenes of a folder.
    ///
    /// # Errors
    /// A missing file, a line that is not a scene, or classes of which none is known; the message names
    /// file and line.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, OpenAerialError> {
        let folder = folder.as_ref().to_path_buf();
        let read = |name: &str| {
            let path = folder.join(name);
            match fs::read_to_string(&path) {
                Ok(text) => Ok((path, text)),
                Err(source) => Err(OpenAerialError::File { path, source }),
            }
        };
        let (path, text) = read("classes.json")?;
        let names: Vec<String> = serde_json::from_str(&text).map_err(|error| {
            let (line, message) = (error.line(), format!("not a list of class names ({error})"));
            OpenAerialError::Line {
                path,
                line,
                message,
            }
        })?;
        let class_of = |name: &String| match name.as_str() {
            "building" => Some(Class::Building),
            "road" => Some(Class::Road),
            "water" => Some(Class::Water),
            "vegetation" => Some(Class::Vegetation),
            "land" => Some(Class::BareLand),
            _ => None,
        };
        let classes = names.iter().map(class_of).collect();
        let (path, text) = read("scenes.jsonl")?;
        let mut records = Vec::new();
        for (place, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let record: Record = serde_json::from_str(line).map_err(|error| {
                let message = format!("not a scene ({error})");
                OpenAerialError::Line {
                    path: path.clone(),
                    line: place + 1,
                    message,
                }
            })?;
            if record.split != "train" && record.split != "val" {
                let message = format!("the split is \"{}\", not train or val", record.split);
                return Err(OpenAerialError::Line {
                    path,
                    line: place + 1,
                    message,
                });
            }
            records.push(record);
        }
        Ok(Self {
            folder,
            records,
            classes,
        })
    }

    /// Number of scenes of a split.
    pub fn count(&self, split: Split) -> usize {
        self.records
            .iter()
            .filter(|record| record.split == split.name())
            .count()
    }

    /// Decodes the scenes of a split, in the order of `scenes.jsonl`: about 1 MB of memory each.
    ///
    /// # Errors
    /// An image or label map that is missing, broken or of another size than stated; a split without a
    /// scene.
    pub fn scenes(&self, split: Split) -> Result<Vec<OpenScene>, OpenAerialError> {
        let chosen: Vec<&Record> = self
            .records
            .iter()
            .filter(|record| record.split == split.name())
            .collect();
        if chosen.is_empty() {
            let path = self.folder.join("scenes.jsonl");
            return Err(OpenAerialError::Empty {
                path,
                split: split.name(),
            });
        }
        chosen
            .into_par_iter()
            .map(|record| self.load(record))
            .collect()
    }

    fn load(&self, record: &Record) -> Result<OpenScene, OpenAerialError> {
        let (width, height) = (record.width, record.height);
        let path = self.folder.join(&record.image);
        let decoded = decode(&path, width, height)?.to_rgb8();
        let image = RgbImage::new(width, height, decoded.into_raw()).map_err(|error| {
            OpenAerialError::Image {
                path,
                message: error.to_string(),
            }
        })?;
        let mut scene = Scene {
            image,
            labels: vec![UNKNOWN; width * height],
            objects: Vec::new(),
            complete: ClassSet::NONE,
            countable: ClassSet::NONE,
            gsd_m: record.gsd_m,
        };
        match &record.labels {
            Some(labels) => {
                let path = self.folder.join(labels);
                let map = decode(&path, width, height)?.to_luma8();
                self.add_labels(&mut scene, map.as_raw());
            }
            None => add_outlines(&mut scene, &record.instances),
        }
        scene.measure_colours();
        Ok(OpenScene {
            id: record.id.clone(),
            source: record.source.clone(),
            scene,
        })
    }

    /// Dense labels: ground classes are complete. Buildings are not, as some are unlabelled where they
    /// stand dense, so that no phrase singles one out.
    fn add_labels(&self, scene: &mut Scene, ids: &[u8]) {
        let class = |id: u8| self.classes.get(usize::from(id)).copied().flatten();
        scene.labels = ids
            .iter()
            .map(|&id| class(id).map_or(UNKNOWN, Class::id))
            .collect();
        scene.complete = ClassSet::of(&[
            Class::Road,
            Class::Water,
            Class::Vegetation,
            Class::BareLand,
        ]);
        scene.countable = ClassSet::of(&[Class::Water, Class::Vegetation]);
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

fn decode(
    path: &Path,
    width: usize,
    height: usize,
) -> Result<image::DynamicImage, OpenAerialError> {
    let bytes = fs::read(path).map_err(|source| OpenAerialError::File {
        path: path.to_path_buf(),
        source,
    })?;
    let fail = |message: String| OpenAerialError::Image {
        path: path.to_path_buf(),
        message,
    };
    let decoded = image::load_from_memory(&bytes)
        .map_err(|error| fail(format!("not an image that can be read ({error})")))?;
    if (decoded.width() as usize, decoded.height() as usize) != (width, height) {
        return Err(fail(format!(
            "{} x {} pixels where scenes.jsonl says {width} x {height}",
            decoded.width(),
            decoded.height()
        )));
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::scene::Material;

    /// A folder with one 8 x 8 grey scene, whose only line is `line`.
    fn folder(line: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("images")).expect("a folder for images");
        image::RgbImage::from_pixel(8, 8, image::Rgb([40, 90, 200]))
            .save(path("images/a.png"))
            .expect("an image");
        let map = image::GrayImage::from_fn(8, 8, |x, _| image::Luma([if x < 3 { 3 } else { 5 }]));
        map.save(path("images/map.png")).expect("a label map");
        let classes = r#"["background","building","road","water","vegetation","land"]"#;
        fs::write(path("classes.json"), classes).expect("the classes");
        fs::write(path("scenes.jsonl"), line).expect("the scenes");
        folder
    }

    const OUTLINE: &str = r#"{"id":"a","source":"banepa","split":"train","image":"images/a.png",
        "width":8,"height":8,"gsd_m":0.13,"labels":null,"instances":[{"class":"building","polygon":
        [[1,1],[5,1],[5,4],[1,4]],"truncated":false,"attributes":{"roof_material":"concerte"}}]}"#;

    fn one_line(text: &str) -> String {
        text.replace('\n', " ")
    }

    #[test]
    fn outlines_become_buildings_on_unknown_ground() {
        let folder = folder(&one_line(OUTLINE));
        let data = OpenAerial::open(folder.path()).expect("a good folder");
        assert_eq!((data.count(Split::Train), data.count(Split::Val)), (1, 0));
        let scene = &data.scenes(Split::Train).expect("its scene")[0].scene;
        assert_eq!(scene.objects.len(), 1);
        let object = &scene.objects[0];
        assert_eq!(object.region.bounding_box(), (1, 1, 5, 4));
        assert_eq!(object.material, Some(Material::Concrete));
        assert_eq!(
            object.colours.certain(),
            Some(crate::data::colour::Colour::Blue)
        );
        assert_eq!(scene.labels[0], UNKNOWN);
        assert!(scene.complete.contains(Class::Building) && !scene.complete.contains(Class::Road));
        assert!(matches!(
            data.scenes(Split::Val),
            Err(OpenAerialError::Empty { .. })
        ));
    }

    #[test]
    fn dense_labels_become_regions() {
        let line = one_line(OUTLINE).replace("null", "\"images/map.png\"");
        let folder = folder(&line);
        let data = OpenAerial::open(folder.path()).expect("a good folder");
        let scene = &data.scenes(Split::Train).expect("its scene")[0].scene;
        assert_eq!(scene.objects.len(), 1);
        assert_eq!(scene.objects[0].class, Class::Water);
        assert_eq!(scene.objects[0].region.area(), 24);
        assert!(!scene.countable.contains(Class::Building));
    }

    #[test]
    fn errors_name_the_file_and_the_line() {
        let message = |result: Result<OpenAerial, OpenAerialError>| match result {
            Err(error) => error.to_string(),
            Ok(data) => match data.scenes(Split::Train) {
                Err(error) => error.to_string(),
                Ok(_) => String::new(),
            },
        };
        let missing = message(OpenAerial::open("/nowhere/at/all"));
        assert!(
            missing.contains("/nowhere/at/all/classes.json"),
            "{missing}"
        );
        let good = one_line(OUTLINE);
        let broken = folder(&format!("{good}\n{{\"id\": 3\n"));
        let text = message(OpenAerial::open(broken.path()));
        assert!(text.contains("scenes.jsonl, line 2"), "{text}");
        let split = folder(&good.replace("train", "test"));
        let text = message(OpenAerial::open(split.path()));
        assert!(
            text.contains("line 1") && text.contains("not train or val"),
            "{text}"
        );
        let gone = folder(&good.replace("a.png", "b.png"));
        let text = message(OpenAerial::open(gone.path()));
        assert!(text.contains("b.png"), "{text}");
        let size = folder(&good.replace("\"width\":8", "\"width\":9"));
        let text = message(OpenAerial::open(size.path()));
        assert!(
            text.contains("8 x 8 pixels where scenes.jsonl says 9 x 8"),
            "{text}"
        );
        let truncated = folder(&good);
        let path = truncated.path().join("images/a.png");
        let bytes = fs::read(&path).expect("the image");
        fs::write(&path, &bytes[..30]).expect("half an image");
        let text = message(OpenAerial::open(truncated.path()));
        assert!(text.contains("not an image that can be read"), "{text}");
    }
}
