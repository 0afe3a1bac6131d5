//! A zip of examples as a folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::example_error::ExampleError;
use crate::archive::{Archive, Entry};
use crate::data::referring::DatasetError;

/// The lists of phrases, and the folders beside them.
const LISTS: [&str; 2] = ["phrases.csv", "phrases.jsonl"];
const FOLDERS: [&str; 2] = ["images/", "masks/"];
/// The folder that macOS adds to a zip.
const FORKS: &str = "__MACOSX/";

/// A temporary folder with the files of a zip, in the layout of one's own data. It is deleted when this is dropped.
#[derive(Debug)]
pub(super) struct Unpacked {
    folder: TempDir,
}

impl Unpacked {
    /// Unpacks the list of phrases, the images and the masks of the zip at `path`. They may be in a folder of the zip.
    /// Other files are skipped.
    ///
    /// # Errors
    /// Fails if the zip cannot be read, is refused by [`Archive`], or has no list of phrases or several.
    pub(super) fn of(path: &Path) -> Result<Self, ExampleError> {
        let archive_error = |source| ExampleError::Archive {
            path: path.to_owned(),
            source,
        };
        let unpack_error = |source| ExampleError::Unpack {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(|source| archive_error(source.into()))?;
        let mut archive = Archive::open(file).map_err(archive_error)?;
        let entries = archive.entries().to_vec();
        let layout_error = |problem| ExampleError::Layout {
            path: path.to_owned(),
            problem,
        };
        let root = root(&entries).map_err(layout_error)?;
        let folder = TempDir::new().map_err(unpack_error)?;
        for entry in &entries {
            let Some(name) = entry.name().strip_prefix(&root) else {
                continue;
            };
            if !LISTS.contains(&name) && !FOLDERS.iter().any(|part| name.starts_with(part)) {
                continue;
            }
            let bytes = archive.read(entry).map_err(archive_error)?;
            // The archive has checked that the name is a path inside of the folder.
            let target = folder.path().join(name);
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent).map_err(unpack_error)?;
            }
            fs::write(target, bytes).map_err(unpack_error)?;
        }
        Ok(Self { folder })
    }

    /// The folder.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Converts an error about a file of the folder to one about a file of the zip at `path`.
    pub(super) fn in_zip(&self, error: &DatasetError, path: &Path) -> ExampleError {
        let folder = format!("{}/", self.folder.path().display());
        ExampleError::Line {
            path: path.to_owned(),
            reason: error.to_string().replace(&folder, ""),
        }
    }
}

/// The folder of the zip that holds the list of phrases: "", or a path that ends with a slash.
fn root(entries: &[Entry]) -> Result<String, &'static str> {
    let names = entries.iter().map(Entry::name);
    let lists = names.filter(|name| !name.starts_with(FORKS));
    let roots = lists.filter_map(|name| {
        let root = LISTS.iter().find_map(|list| name.strip_suffix(list))?;
        (root.is_empty() || root.ends_with('/')).then_some(root)
    });
    let mut roots: Vec<&str> = roots.collect();
    roots.sort_unstable();
    roots.dedup();
    match roots.as_slice() {
        [root] => Ok((*root).to_owned()),
        [] => Err("no list of phrases"),
        _ => Err("several lists of phrases"),
    }
}
