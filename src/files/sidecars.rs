//! Sidecar files that georeference a scene: a world file, a `.prj` and an `.aux.xml`.

use std::fs;
use std::path::{Path, PathBuf};

use super::atomic_file::FileError;
use crate::geo::Sidecars;

/// Longest file that is read, in bytes. Longer files are something else and are ignored.
const LONGEST: u64 = 16 << 20;

/// The world file beside a scene, if there is one: `.tfw`, `.jgw` and so on, or `.wld`.
pub fn world_file(scene: &Path) -> Option<PathBuf> {
    let extension = scene.extension()?.to_string_lossy().to_lowercase();
    let mut endings = Vec::new();
    if let (Some(first), Some(last)) = (extension.chars().next(), extension.chars().last()) {
        endings.push(format!("{first}{last}w"));
    }
    endings.push(format!("{extension}w"));
    endings.push("wld".to_owned());
    first_of(scene, &endings)
}

/// The content of a scene's sidecar files.
#[derive(Debug, Default)]
pub struct SidecarFiles {
    /// The world file and its text.
    pub world: Option<(PathBuf, String)>,
    /// The `.prj` file and its text.
    pub prj: Option<(PathBuf, String)>,
    /// The `.aux.xml` file and its text.
    pub aux: Option<(PathBuf, String)>,
}

impl SidecarFiles {
    /// Reads the files beside a scene. Bytes that are not UTF-8 are replaced: they can only be in names.
    ///
    /// # Errors
    /// Fails if a file is there and cannot be read.
    pub fn beside(scene: &Path) -> Result<Self, FileError> {
        let mut aux = scene.as_os_str().to_owned();
        aux.push(".aux.xml");
        let aux = Some(PathBuf::from(aux)).filter(|path| path.is_file());
        Ok(Self {
            world: read(world_file(scene))?,
            prj: read(first_of(scene, &["prj".to_owned()]))?,
            aux: read(aux.or_else(|| first_of(scene, &["aux.xml".to_owned()])))?,
        })
    }

    /// Whether they place the scene's pixels. Such files refer to the pixels as stored.
    pub fn places_pixels(&self) -> bool {
        let by_aux = |(_, text): &(PathBuf, String)| {
            ["<GeoTransform", "<GCP"]
                .iter()
                .any(|tag| text.contains(tag))
        };
        self.world.is_some() || self.aux.as_ref().is_some_and(by_aux)
    }

    /// The texts, with the user's EPSG code.
    pub fn texts(&self, epsg: Option<u32>) -> Sidecars<'_> {
        fn text(file: &Option<(PathBuf, String)>) -> Option<&str> {
            file.as_ref().map(|(_, text)| text.as_str())
        }
        Sidecars {
            world: text(&self.world),
            prj: text(&self.prj),
            aux: text(&self.aux),
            epsg,
        }
    }
}

/// The first file beside a scene with one of these endings, in lower or upper case.
fn first_of(scene: &Path, endings: &[String]) -> Option<PathBuf> {
    endings
        .iter()
        .flat_map(|ending| [ending.clone(), ending.to_uppercase()])
        .map(|ending| scene.with_extension(ending))
        .find(|path| path != scene && path.is_file())
}

fn read(path: Option<PathBuf>) -> Result<Option<(PathBuf, String)>, FileError> {
    let Some(path) = path else { return Ok(None) };
    let failed = |source| FileError::Io {
        path: path.clone(),
        source,
    };
    if fs::metadata(&path).map_err(failed)?.len() > LONGEST {
        return Ok(None);
    }
    let bytes = fs::read(&path).map_err(failed)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Some((path, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_beside_the_scene() {
        let folder = tempfile::tempdir().unwrap();
        let scene = folder.path().join("scene.tif");
        fs::write(&scene, "").unwrap();
        assert_eq!(world_file(&scene), None);
        for name in ["scene.wld", "scene.TFW", "scene.tfw"] {
            let beside = folder.path().join(name);
            fs::write(&beside, "1\n0\n0\n-1\n0\n0\n").unwrap();
            assert_eq!(world_file(&scene), Some(beside));
        }
        fs::write(folder.path().join("scene.PRJ"), b"PROJCS[\"S\xe9te\"]").unwrap();
        fs::write(folder.path().join("scene.tif.aux.xml"), "<PAMDataset/>").unwrap();
        let found = SidecarFiles::beside(&scene).unwrap();
        let texts = found.texts(Some(32633));
        assert_eq!(texts.prj, Some("PROJCS[\"S\u{fffd}te\"]"));
        assert_eq!(
            (texts.aux, texts.epsg),
            (Some("<PAMDataset/>"), Some(32633))
        );
        assert!(texts.world.is_some());
        let alone = SidecarFiles::beside(&folder.path().join("other.png")).unwrap();
        assert_eq!(alone.texts(None), Sidecars::default());
    }
}
