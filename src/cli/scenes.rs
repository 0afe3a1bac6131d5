//! `s4eca scenes`: writes what the scene reader finds in the TIFFs of a folder, the reference for the page.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use crate::bundle::sha256;
use crate::files::{SidecarFiles, write_atomic};
use crate::geo::{Georeference, Info};
use crate::raster::{HEAD, Kind, RasterSource};
use crate::vision::Window;

/// Larger scenes are left out: their pixels would not fit in memory.
const MOST_PIXELS: usize = 1 << 24;

/// Arguments of `scenes`.
#[derive(Debug, Args)]
pub struct SceneArgs {
    /// Folder of the scenes
    folder: PathBuf,
    /// JSON file to write
    #[arg(long)]
    out: PathBuf,
}

/// What is found in a file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Found {
    Read {
        versions: Vec<Version>,
        place: Info,
    },
    /// The error, without the folder.
    Refused(String),
}

/// The scene or an overview.
#[derive(Serialize)]
struct Version {
    width: usize,
    height: usize,
    /// SHA-256 of the RGBA bytes.
    pixels: String,
}

/// Runs the command.
pub fn run(args: &SceneArgs) -> anyhow::Result<()> {
    let list = fs::read_dir(&args.folder).with_context(|| args.folder.display().to_string())?;
    let mut all = BTreeMap::new();
    for entry in list {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if is_tiff(&path)
            && let Some(found) = found(&path)
        {
            all.insert(name.into_owned(), found);
        }
    }
    write_atomic(&args.out, |file| {
        serde_json::to_writer(file, &all).map_err(std::io::Error::from)
    })?;
    Ok(())
}

/// Whether the file is a TIFF, whatever is wrong with it. The page decodes other pictures by itself.
fn is_tiff(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let kind = Kind::of(&head, &path.display().to_string());
    read.is_ok() && kind.is_ok_and(|kind| kind == Kind::Tiff)
}

/// Reads a scene; None if it is too large.
fn found(path: &Path) -> Option<Found> {
    let read = || -> anyhow::Result<Option<Found>> {
        let mut source = RasterSource::open(path)?;
        let (width, height) = source.size();
        if width.saturating_mul(height) > MOST_PIXELS {
            return Ok(None);
        }
        let overviews = source.facts().map_or(0, |facts| facts.overviews);
        let mut versions = Vec::new();
        for level in 0..=overviews {
            let (width, height) = source.level_size(level);
            let rgba = source.rgba(level, Window::all(width, height))?;
            versions.push(Version {
                width,
                height,
                pixels: sha256(&rgba),
            });
        }
        let files = SidecarFiles::beside(path)?;
        let place = Georeference::from_files(source.geo_tags().cloned(), &files.texts(None))?;
        let place = place.info(width, height);
        Ok(Some(Found::Read { versions, place }))
    };
    let folder = path.parent().map(|folder| folder.join(""));
    let folder = folder.unwrap_or_default().display().to_string();
    let refused = |error: anyhow::Error| Found::Refused(error.to_string().replace(&folder, ""));
    read().unwrap_or_else(|error| Some(refused(error)))
}
