//! A scene in a file of any supported kind.

#[cfg(feature = "native")]
use std::path::{Path, PathBuf};

use super::averaging::Averaging;
use super::error::RasterError;
use super::facts::Facts;
use super::preview::Preview;
use super::reader::ByteReader;
use super::tiff_source::TiffSource;
#[cfg(feature = "native")]
use crate::files::{Picture, SidecarFiles, Turn, read_picture};
use crate::geo::GeoTags;
#[cfg(feature = "native")]
use crate::scene::Stretch;
use crate::vision::RgbImage;
use crate::vision::Window;

/// Number of rows that are processed at once.
const ROWS_AT_ONCE: usize = 32;

/// A part of a scene, for the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its pixels; grey where there is no data.
    pub image: RgbImage,
    /// For every pixel, whether it has data.
    pub valid: Vec<bool>,
}

impl Piece {
    /// Whether there is no data at all.
    pub fn is_empty(&self) -> bool {
        !self.valid.contains(&true)
    }
}

enum Content {
    #[cfg(feature = "native")]
    Picture(Picture),
    Tiff(Box<TiffSource>),
}

/// A scene in a file.
///
/// A TIFF is read on demand, in bounded memory; other pictures are held whole.
pub struct RasterSource {
    #[cfg(feature = "native")]
    path: Option<PathBuf>,
    content: Content,
}

impl RasterSource {
    /// Opens the file at `path`. A picture with a georeferencing sidecar file is used as stored, because such files
    /// refer to stored pixels; other pictures are rotated according to their EXIF data.
    ///
    /// # Errors
    /// Fails if the file is missing, damaged, or of a kind that is not supported.
    #[cfg(feature = "native")]
    pub fn open(path: &Path) -> Result<Self, RasterError> {
        let mut source = match super::file::open(path)? {
            Some((file, size)) => {
                let name = path.display().to_string();
                let files = SidecarFiles::beside(path).unwrap_or_default();
                Self::from_tiff(Box::new(file), &name, size, files.texts(None).aux)?
            }
            None => {
                let placed = SidecarFiles::beside(path).is_ok_and(|files| files.places_pixels());
                let turn = match placed {
                    true => Turn::AsStored,
                    false => Turn::Upright,
                };
                Self::from_picture(read_picture(path, turn)?)
            }
        };
        source.path = Some(path.into());
        Ok(source)
    }

    /// Opens the TIFF or BigTIFF `name` of `size` bytes. `aux` is the text of the `.aux.xml` file beside it, which can
    /// state no-data values.
    ///
    /// # Errors
    /// Fails if it is damaged, incomplete, or of a kind that is not supported.
    pub fn from_tiff(
        reader: Box<dyn ByteReader>,
        name: &str,
        size: u64,
        aux: Option<&str>,
    ) -> Result<Self, RasterError> {
        let tiff = TiffSource::open(reader, name, size, aux)?;
        Ok(Self {
            #[cfg(feature = "native")]
            path: None,
            content: Content::Tiff(Box::new(tiff)),
        })
    }

    /// A scene that is a decoded picture.
    #[cfg(feature = "native")]
    pub fn from_picture(image: Picture) -> Self {
        Self {
            path: None,
            content: Content::Picture(image),
        }
    }

    /// Facts about a TIFF's bands and versions.
    pub fn facts(&self) -> Option<&Facts> {
        match &self.content {
            #[cfg(feature = "native")]
            Content::Picture(_) => None,
            Content::Tiff(tiff) => Some(tiff.facts()),
        }
    }

    /// Width and height of the scene in pixels.
    pub fn size(&self) -> (usize, usize) {
        match &self.content {
            #[cfg(feature = "native")]
            Content::Picture(picture) => (picture.image.width(), picture.image.height()),
            Content::Tiff(tiff) => tiff.size(),
        }
    }

    /// The geotags of a TIFF.
    pub fn geo_tags(&self) -> Option<&GeoTags> {
        match &self.content {
            #[cfg(feature = "native")]
            Content::Picture(_) => None,
            Content::Tiff(tiff) => Some(tiff.tags()),
        }
    }

    /// The file, if the scene was opened from one.
    #[cfg(feature = "native")]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Whether the picture's EXIF data asks for a rotation or a reflection that was not applied.
    #[cfg(feature = "native")]
    pub fn exif_ignored(&self) -> bool {
        match &self.content {
            #[cfg(feature = "native")]
            Content::Picture(picture) => picture.exif_ignored,
            Content::Tiff(_) => false,
        }
    }

    /// Reads the pixels of `window` (scene pixels) for a map of `step` scene pixels per map pixel.
    ///
    /// They come from the coarsest version in the file that still has a pixel for every map pixel, and very large
    /// windows are averaged down. The piece therefore covers the window but can have fewer pixels.
    ///
    /// # Errors
    /// Fails if a part of the file is damaged, or the window is empty.
    pub fn read(&mut self, window: Window, step: f64) -> Result<Piece, RasterError> {
        let level = self.level_for(step);
        let window = self.on_level(level, window);
        let mut averaging = Averaging::new(window.width, window.height);
        if averaging.factor() == 1 {
            let rgba = self.rgba(level, window)?;
            return piece(window.width, window.height, &rgba);
        }
        let rows_at_once = averaging.rows_at_once();
        for y in (window.y..window.bottom()).step_by(rows_at_once) {
            let rows = rows_at_once.min(window.bottom() - y);
            averaging.push(&self.rgba(level, Window::new(window.x, y, window.width, rows))?);
        }
        let (width, height) = averaging.size();
        piece(width, height, &averaging.rgba())
    }

    /// Reads the pixels of `window` (scene pixels) at full resolution, grey where there is no data. Takes 3 bytes per
    /// pixel.
    ///
    /// # Errors
    /// Fails if a part of the file is damaged, or the window is empty or too large for a picture.
    pub fn picture(&mut self, window: Window) -> Result<RgbImage, RasterError> {
        let (width, height) = self.size();
        let window = Window::all(width, height).intersection(&window);
        let mut pixels = Vec::with_capacity(window.pixels() as usize * 3);
        for y in (window.y..window.bottom()).step_by(ROWS_AT_ONCE) {
            let rows = ROWS_AT_ONCE.min(window.bottom() - y);
            let rgba = self.rgba(0, Window::new(window.x, y, window.width, rows))?;
            pixels.extend(rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]));
        }
        Ok(RgbImage::new(window.width, window.height, pixels)?)
    }

    /// Returns the coarsest version in the file, 0 being the scene itself, that still has a pixel for every `step`
    /// scene pixels.
    pub fn level_for(&self, step: f64) -> usize {
        match &self.content {
            #[cfg(feature = "native")]
            Content::Picture(_) => 0,
            Content::Tiff(tiff) => tiff.level_for(step),
        }
    }

    /// Width and height of a version, in its own pixels. `level` must be at most the number of overviews.
    pub fn level_size(&self, level: usize) -> (usize, usize) {
        match &self.content {
            #[cfg(feature = "native")]
            Content::Picture(picture) => (picture.image.width(), picture.image.height()),
            Content::Tiff(tiff) => tiff.level_size(level),
        }
    }

    /// Converts a window of the scene to a window of a version, in its own pixels.
    pub fn on_level(&self, level: usize, window: Window) -> Window {
        let ((width, height), size) = (self.size(), self.level_size(level));
        let window = Window::all(width, height).intersection(&window);
        let across = scaled(window.x, window.right(), width, size.0);
        let down = scaled(window.y, window.bottom(), height, size.1);
        Window::new(across.0, down.0, across.1, down.1)
    }

    /// Begins a preview of a TIFF whose longer side has at most `side` pixels.
    pub fn preview(&self, side: usize) -> Option<Preview> {
        match &self.content {
            #[cfg(feature = "native")]
            Content::Picture(_) => None,
            Content::Tiff(tiff) => Some(Preview::new(tiff, side)),
        }
    }

    /// Makes one step of a preview that this scene began. Returns whether there is more to do.
    ///
    /// # Errors
    /// Fails if a part of the file is damaged.
    pub fn advance(&mut self, preview: &mut Preview) -> Result<bool, RasterError> {
        match &mut self.content {
            #[cfg(feature = "native")]
            Content::Picture(_) => Ok(false),
            Content::Tiff(tiff) => preview.advance(tiff),
        }
    }

    /// Reads the pixels of `window` of a version (in its own pixels, inside it) as RGBA; alpha is 0 where there is no
    /// data, else 255. Takes 4 bytes per pixel.
    ///
    /// # Errors
    /// Fails if a part of the file is damaged.
    pub fn rgba(&mut self, level: usize, window: Window) -> Result<Vec<u8>, RasterError> {
        match &mut self.content {
            Content::Tiff(tiff) => tiff.rgba(level, window),
            #[cfg(feature = "native")]
            Content::Picture(picture) => Ok(picture_rgba(picture, window)),
        }
    }
}

/// RGBA of a window; alpha is 0 where the picture has no data, and the colour is grey there.
#[cfg(feature = "native")]
fn picture_rgba(picture: &Picture, window: Window) -> Vec<u8> {
    let image = &picture.image;
    let mut rgba = Vec::with_capacity(window.pixels() as usize * 4);
    for y in window.y..window.bottom() {
        let start = y * image.width() + window.x;
        let row = &image.pixels()[start * 3..(start + window.width) * 3];
        rgba.extend(row.chunks_exact(3).flat_map(|c| [c[0], c[1], c[2], 255]));
        let Some(has_data) = &picture.has_data else {
            continue;
        };
        let from = rgba.len() - window.width * 4;
        let pixels = rgba[from..].chunks_exact_mut(4);
        for (pixel, _) in pixels.zip(&has_data[start..]).filter(|(_, has)| !**has) {
            pixel.copy_from_slice(&Stretch::NO_DATA);
        }
    }
    rgba
}

/// Scales pixels `start..end` of a side of `from` pixels to a side of `to` pixels. Returns start and length, rounded to
/// the nearest pixel, at least one pixel long.
fn scaled(start: usize, end: usize, from: usize, to: usize) -> (usize, usize) {
    if from == to {
        return (start, end - start);
    }
    let nearest = |at: usize| (2 * at as u64 * to as u64 + from as u64) / (2 * from as u64);
    let first = (nearest(start) as usize).min(to - 1);
    let last = (nearest(end) as usize).clamp(first + 1, to);
    (first, last - first)
}

fn piece(width: usize, height: usize, rgba: &[u8]) -> Result<Piece, RasterError> {
    let pixels = rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]);
    let image = RgbImage::new(width, height, pixels.collect())?;
    let valid = rgba.chunks_exact(4).map(|pixel| pixel[3] > 0).collect();
    Ok(Piece { image, valid })
}
