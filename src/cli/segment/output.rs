//! Masks, probabilities and pictures as files.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{bail, ensure};

use super::ground::Ground;
use super::layer::Layer;
use crate::files::{FileError, write_atomic, write_png_gray, write_png_rgb};
use crate::geo::{Grid, MaskTiff, MaskTiffError};
use crate::raster::RasterSource;
use crate::segment::overlay;
use crate::vision::Window;
use crate::vision::{MAX_PIXELS, Mask};

/// Largest picture, in pixels, that a mask is drawn over.
const MAX_OVERLAY: u64 = 100_000_000;
/// Opacity of the mask's colour in the overlay, 0 to 1.
const OPACITY: f32 = 0.45;

/// Kind of values in a raster file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// The mask, as 0 and 255.
    Mask,
    /// The probabilities, as 0 to 255.
    Probabilities,
}

/// Format of a raster file, by its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Png,
    Tiff,
}

/// Returns the path for layer `index` of `count`. `%n` in the name becomes its number, from 1. If there are several
/// layers and no `%n`, the number goes before the extension.
pub fn numbered(path: &Path, index: usize, count: usize) -> PathBuf {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return path.to_owned();
    };
    let number = (index + 1).to_string();
    if name.contains("%n") {
        return path.with_file_name(name.replace("%n", &number));
    }
    if count < 2 {
        return path.to_owned();
    }
    let mut numbered = OsString::from(path.file_stem().unwrap_or_default());
    numbered.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        numbered.push(".");
        numbered.push(extension);
    }
    path.with_file_name(numbered)
}

/// Checks that `path` names a raster that can be written for `window`, before any result is computed.
///
/// # Errors
/// Fails for another extension, a picture too large for a PNG, or a folder that does not exist.
pub fn can_be_written(path: &Path, window: &Window) -> anyhow::Result<()> {
    if form(path)? == Form::Png {
        ensure!(
            window.pixels() <= MAX_PIXELS as u64,
            "a PNG of {} x {} pixels would be over the limit of 300 million: give a name that ends in .tif",
            window.width,
            window.height
        );
    }
    has_folder(path)
}

/// Checks that the folder of `path` exists.
///
/// # Errors
/// Fails if it does not.
pub fn has_folder(path: &Path) -> anyhow::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            let path = folder.into();
            Err(FileError::NoFolder { path }.into())
        }
        _ => Ok(()),
    }
}

/// Checks that writing overwrites neither the scene nor another output: no two of them may be the same file.
///
/// # Errors
/// Fails if two are the same.
pub fn are_apart(scene: &Path, written: &[PathBuf]) -> anyhow::Result<()> {
    let mut seen = vec![one_name(scene)];
    for path in written {
        let name = one_name(path);
        ensure!(
            name != seen[0],
            "{} is the scene itself, which would be lost: give another name",
            path.display()
        );
        ensure!(
            !seen.contains(&name),
            "{} would be written twice: give each file a name of its own",
            path.display()
        );
        seen.push(name);
    }
    Ok(())
}

/// Returns the canonical path of a file, whether it exists or not.
fn one_name(path: &Path) -> PathBuf {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let beside = |folder: PathBuf| folder.join(path.file_name().unwrap_or_default());
    fs::canonicalize(path)
        .or_else(|_| fs::canonicalize(folder).map(beside))
        .unwrap_or_else(|_| path.to_owned())
}

/// Checks that the mask can be drawn over the pixels of `window` and written to `path`.
///
/// # Errors
/// Fails if there are too many pixels, or the name is not that of a PNG.
pub fn can_be_drawn(path: &Path, window: &Window) -> anyhow::Result<()> {
    ensure!(
        form(path).is_ok_and(|form| form == Form::Png),
        "{}: --overlay writes a PNG; give a name that ends in .png",
        path.display()
    );
    ensure!(
        window.pixels() <= MAX_OVERLAY,
        "--overlay draws up to 100 million pixels, and this is {} x {}: choose a smaller --window, or \
         show the .tif over the scene in a GIS",
        window.width,
        window.height
    );
    has_folder(path)
}

fn form(path: &Path) -> anyhow::Result<Form> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    match extension.to_lowercase().as_str() {
        "png" => Ok(Form::Png),
        "tif" | "tiff" => Ok(Form::Tiff),
        _ => bail!(
            "{}: masks are written as .png or .tif; give a name with one of these extensions",
            path.display()
        ),
    }
}

/// Makes rows of scene pixels from rows of map pixels: every scene pixel takes the map pixel under its centre.
struct SceneRows<'a> {
    layer: &'a mut Layer,
    values: Values,
    /// Map column under each scene column of the window.
    columns: Vec<usize>,
    map_row: Vec<u8>,
    /// Index of the row in `map_row`.
    at: Option<usize>,
    grid: Grid,
    height: usize,
    window: Window,
}

impl<'a> SceneRows<'a> {
    fn new(
        layer: &'a mut Layer,
        values: Values,
        grid: Grid,
        map: (usize, usize),
        window: Window,
    ) -> Self {
        let under = |scene: usize, origin: f64, step: f64, length: usize| {
            (((scene as f64 + 0.5 - origin) / step).max(0.0) as usize).min(length - 1)
        };
        let columns = (window.x..window.right())
            .map(|x| under(x, grid.origin_x, grid.step_x, map.0))
            .collect();
        Self {
            layer,
            values,
            columns,
            map_row: vec![0; map.0],
            at: None,
            grid,
            height: map.1,
            window,
        }
    }

    /// Reads row `y` of the window.
    fn row(&mut self, y: usize, row: &mut [u8]) -> anyhow::Result<()> {
        let (_, map_y) = self.grid.invert(0.0, (self.window.y + y) as f64 + 0.5);
        let at = (map_y.max(0.0) as usize).min(self.height - 1);
        if self.at != Some(at) {
            match self.values {
                Values::Mask => self.layer.mask(at, &mut self.map_row)?,
                Values::Probabilities => self.layer.probabilities(at, &mut self.map_row)?,
            }
            self.at = Some(at);
        }
        for (value, &column) in row.iter_mut().zip(&self.columns) {
            *value = self.map_row[column];
        }
        Ok(())
    }
}

/// What the output files of a run have in common.
pub struct Output<'a> {
    /// The part of the scene that is written.
    pub window: Window,
    /// Width and height of the map.
    pub map: (usize, usize),
    /// Position of the map in the scene.
    pub grid: Grid,
    /// Position and scale of the scene.
    pub ground: &'a Ground,
}

impl Output<'_> {
    /// Writes a layer's mask or probabilities at the scene's resolution, as PNG or GeoTIFF according to the extension.
    ///
    /// # Errors
    /// Fails if the disk is full, the folder does not exist, or the map cannot be read back.
    pub fn raster(
        &self,
        path: &Path,
        layer: &mut Layer,
        values: Values,
        phrase: &str,
    ) -> anyhow::Result<()> {
        match form(path)? {
            Form::Png => {
                let pixels = self.pixels(layer, values)?;
                write_png_gray(path, self.window.width, self.window.height, &pixels)?;
            }
            Form::Tiff => self.tiff(path, layer, values, phrase)?,
        }
        Ok(())
    }

    fn pixels(&self, layer: &mut Layer, values: Values) -> anyhow::Result<Vec<u8>> {
        let mut rows = SceneRows::new(layer, values, self.grid, self.map, self.window);
        let mut pixels = vec![0; self.window.pixels() as usize];
        for (y, row) in pixels.chunks_exact_mut(self.window.width).enumerate() {
            rows.row(y, row)?;
        }
        Ok(pixels)
    }

    fn tiff(
        &self,
        path: &Path,
        layer: &mut Layer,
        values: Values,
        phrase: &str,
    ) -> anyhow::Result<()> {
        let Window { width, height, .. } = self.window;
        let description = match values {
            Values::Mask => format!("mask: {phrase}"),
            Values::Probabilities => format!("probabilities: {phrase}"),
        };
        let tiff = MaskTiff {
            width,
            height,
            grid: Grid {
                origin_x: self.window.x as f64,
                origin_y: self.window.y as f64,
                step_x: 1.0,
                step_y: 1.0,
            },
            georeference: self.ground.georeference(),
            description: &description,
        };
        let mut rows = SceneRows::new(layer, values, self.grid, self.map, self.window);
        write_atomic(path, |file| {
            tiff.write(file, |sink| {
                let mut row = vec![0; width];
                for y in 0..height {
                    rows.row(y, &mut row).map_err(io::Error::other)?;
                    sink.push(&row)?;
                }
                Ok::<_, WriteError>(())
            })
            .map_err(|error| error.0)
        })?;
        Ok(())
    }

    /// Writes the mask drawn over the scene as a PNG.
    ///
    /// # Errors
    /// Fails if the disk is full, or the scene or the map cannot be read.
    pub fn overlay(
        &self,
        path: &Path,
        source: &mut RasterSource,
        layer: &mut Layer,
        colour: [u8; 3],
    ) -> anyhow::Result<()> {
        let pixels = self.pixels(layer, Values::Mask)?;
        let bits = pixels.into_iter().map(|value| value > 0).collect();
        let mask = Mask::new(self.window.width, self.window.height, bits);
        let image = source.picture(self.window)?;
        write_png_rgb(path, &overlay(&image, &mask, colour, OPACITY))?;
        Ok(())
    }
}

/// Error while writing a GeoTIFF, as the I/O error behind it, so that a full disk is reported as one.
struct WriteError(io::Error);

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

impl From<MaskTiffError> for WriteError {
    fn from(error: MaskTiffError) -> Self {
        match error {
            MaskTiffError::Write(tiff::TiffError::IoError(error)) => Self(error),
            other => Self(io::Error::other(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_have_names_of_their_own() {
        let name = |path: &str, index, count| numbered(Path::new(path), index, count);
        assert_eq!(name("out/mask.tif", 0, 1), Path::new("out/mask.tif"));
        assert_eq!(name("out/mask.tif", 1, 3), Path::new("out/mask-2.tif"));
        assert_eq!(name("out/%n-mask.tif", 1, 3), Path::new("out/2-mask.tif"));
        assert_eq!(name("mask", 0, 2), Path::new("mask-1"));
    }

    #[test]
    fn what_cannot_be_written_is_said_before() {
        let small = Window::all(10, 10);
        let large = Window::all(20_000, 20_000);
        assert!(can_be_written(Path::new("mask.TIF"), &large).is_ok());
        assert!(can_be_written(Path::new("mask.png"), &small).is_ok());
        let error = can_be_written(Path::new("mask.png"), &large).expect_err("too large");
        assert!(error.to_string().contains(".tif"), "{error}");
        let error = can_be_written(Path::new("mask.jpg"), &small).expect_err("another ending");
        assert!(error.to_string().contains(".png or .tif"), "{error}");
        let error = can_be_written(Path::new("no-such-folder/mask.png"), &small);
        let error = error.expect_err("no folder").to_string();
        assert!(error.contains("no-such-folder"), "{error}");
        let drawn = |path: &str, window| can_be_drawn(Path::new(path), window).is_ok();
        assert!(drawn("over.png", &small) && !drawn("over.png", &large));
        assert!(!drawn("over.jpg", &small) && !drawn("over.tif", &small));
    }

    #[test]
    fn nothing_overwrites_the_scene_or_another_file() {
        let apart = |written: &[&str]| {
            let written: Vec<PathBuf> = written.iter().map(PathBuf::from).collect();
            are_apart(Path::new("scene.tif"), &written).map_err(|error| error.to_string())
        };
        assert_eq!(
            apart(&["mask.tif", "src/mask.tif", "no-such/mask.tif"]),
            Ok(())
        );
        assert!(apart(&["mask.tif", "./scene.tif"]).is_err_and(|words| words.contains("lost")));
        assert!(
            apart(&["mask.tif", "src/../mask.tif"]).is_err_and(|words| words.contains("twice"))
        );
    }
}
