//! A scene in a file of any supported kind.

#[cfg(feature = "native")]
use std::path::{Path, PathBuf};

use super::error::RasterError;
use super::facts::Facts;
use super::preview::Preview;
use super::reader::ByteReader;
use super::tiff_source::TiffSource;
use crate::geo::GeoTags;
use crate::scene::NO_DATA_GREY;
use crate::vision::RgbImage;
use crate::vision::Window;

/// Pieces of more pixels are averaged down while they are read: with 4,000 pixels per side there are still several per
/// pixel of the network's input.
const MAX_PIECE_PIXELS: u64 = 16_000_000;

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
    Picture(RgbImage),
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
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// Fails if the file is missing, damaged, or of a kind that is not supported.
    #[cfg(feature = "native")]
    pub fn open(path: &Path) -> Result<Self, RasterError> {
        let mut source = match super::file::open(path)? {
            Some((file, size)) => {
                Self::from_tiff(Box::new(file), &path.display().to_string(), size)?
            }
            None => Self::from_picture(crate::files::read_image(path)?),
        };
        source.path = Some(path.into());
        Ok(source)
    }

    /// Opens the TIFF or BigTIFF `name` of `size` bytes.
    ///
    /// # Errors
    /// Fails if it is damaged, incomplete, or of a kind that is not supported.
    pub fn from_tiff(
        reader: Box<dyn ByteReader>,
        name: &str,
        size: u64,
    ) -> Result<Self, RasterError> {
        let tiff = TiffSource::open(reader, name, size)?;
        Ok(Self {
            #[cfg(feature = "native")]
            path: None,
            content: Content::Tiff(Box::new(tiff)),
        })
    }

    /// A scene that is a decoded picture.
    pub fn from_picture(image: RgbImage) -> Self {
        Self {
            #[cfg(feature = "native")]
            path: None,
            content: Content::Picture(image),
        }
    }

    /// What is known of a TIFF's bands and versions.
    pub fn facts(&self) -> Option<&Facts> {
        match &self.content {
            Content::Picture(_) => None,
            Content::Tiff(tiff) => Some(tiff.facts()),
        }
    }

    /// Width and height of the scene in pixels.
    pub fn size(&self) -> (usize, usize) {
        match &self.content {
            Content::Picture(image) => (image.width(), image.height()),
            Content::Tiff(tiff) => tiff.size(),
        }
    }

    /// The geotags of a TIFF.
    pub fn geo_tags(&self) -> Option<&GeoTags> {
        match &self.content {
            Content::Picture(_) => None,
            Content::Tiff(tiff) => Some(tiff.tags()),
        }
    }

    /// The world file beside the scene, if there is one: `.tfw`, `.jgw` and so on, or `.wld`.
    #[cfg(feature = "native")]
    pub fn world_file(&self) -> Option<PathBuf> {
        let own = self.path.as_ref()?;
        let extension = own.extension()?.to_string_lossy().to_lowercase();
        let mut endings = Vec::new();
        if let (Some(first), Some(last)) = (extension.chars().next(), extension.chars().last()) {
            endings.push(format!("{first}{last}w"));
        }
        endings.push(format!("{extension}w"));
        endings.push("wld".to_owned());
        endings
            .iter()
            .flat_map(|ending| [ending.clone(), ending.to_uppercase()])
            .map(|ending| own.with_extension(ending))
            .find(|path| path.is_file())
    }

    /// Reads the pixels of `window` (scene pixels) for a map of `step` scene pixels per map pixel.
    ///
    /// They come from the coarsest version in the file that still has a pixel for every map pixel, and very large
    /// windows are averaged down. So the piece covers the window but can have fewer pixels.
    ///
    /// # Errors
    /// Fails if a part of the file is damaged, or the window is empty.
    pub fn read(&mut self, window: Window, step: f64) -> Result<Piece, RasterError> {
        let level = self.level_for(step);
        let window = self.on_level(level, window);
        let mut factor = 1;
        while window.pixels() / (factor * factor) as u64 > MAX_PIECE_PIXELS {
            factor += 1;
        }
        match factor {
            1 => Ok(piece(
                window.width,
                window.height,
                &self.rgba(level, window)?,
            )?),
            _ => self.averaged(level, window, factor),
        }
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

    /// Returns the coarsest version in the file, 0 being the scene itself, that still has a pixel for every `step` scene
    /// pixels.
    pub fn level_for(&self, step: f64) -> usize {
        match &self.content {
            Content::Picture(_) => 0,
            Content::Tiff(tiff) => tiff.level_for(step),
        }
    }

    /// Width and height of a version, in its own pixels. `level` must be at most the number of overviews.
    pub fn level_size(&self, level: usize) -> (usize, usize) {
        match &self.content {
            Content::Picture(image) => (image.width(), image.height()),
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
            Content::Picture(image) => {
                let mut rgba = Vec::with_capacity(window.pixels() as usize * 4);
                for y in window.y..window.bottom() {
                    let start = (y * image.width() + window.x) * 3;
                    let row = &image.pixels()[start..start + window.width * 3];
                    rgba.extend(row.chunks_exact(3).flat_map(|c| [c[0], c[1], c[2], 255]));
                }
                Ok(rgba)
            }
        }
    }

    /// Reads the window with every `factor` x `factor` pixels averaged to one; pixels without data do not count.
    fn averaged(
        &mut self,
        level: usize,
        window: Window,
        factor: usize,
    ) -> Result<Piece, RasterError> {
        let (width, height) = (
            window.width.div_ceil(factor),
            window.height.div_ceil(factor),
        );
        let mut rgba = Vec::with_capacity(width * height * 4);
        for first in (0..height).step_by(ROWS_AT_ONCE) {
            let top = window.y + first * factor;
            let rows = (ROWS_AT_ONCE * factor).min(window.bottom() - top);
            let part = Window::new(window.x, top, window.width, rows);
            let source = self.rgba(level, part)?;
            for rows in source.chunks(window.width * 4 * factor) {
                // Sums of red, green and blue, and the number of pixels.
                let mut sums = vec![[0u64; 4]; width];
                for row in rows.chunks_exact(window.width * 4) {
                    for (x, pixel) in row.chunks_exact(4).enumerate() {
                        if pixel[3] > 0 {
                            let sum = &mut sums[x / factor];
                            for (sum, &value) in sum.iter_mut().zip(&pixel[..3]) {
                                *sum += u64::from(value);
                            }
                            sum[3] += 1;
                        }
                    }
                }
                rgba.extend(sums.iter().flat_map(|&[red, green, blue, count]| {
                    let mean = |sum: u64| ((sum + count / 2) / count.max(1)) as u8;
                    match count {
                        0 => [NO_DATA_GREY, NO_DATA_GREY, NO_DATA_GREY, 0],
                        _ => [mean(red), mean(green), mean(blue), 255],
                    }
                }));
            }
        }
        piece(width, height, &rgba)
    }
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
