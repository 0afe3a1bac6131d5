//! A scene in a file of any supported kind.

use std::path::{Path, PathBuf};

use super::error::RasterError;
use super::kind::Kind;
use super::tiff_source::TiffSource;
use crate::files::{Picture, Turn, read_picture};
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
    Picture(Picture),
    Tiff(Box<TiffSource>),
}

/// A scene in a file.
///
/// A TIFF is read on demand, in bounded memory; other pictures are held whole.
pub struct RasterSource {
    path: PathBuf,
    content: Content,
}

impl RasterSource {
    /// Opens the file. A picture with a world file beside it is taken as stored, because a world file counts stored
    /// pixels; others are turned as their EXIF data says.
    ///
    /// # Errors
    /// Fails if the file is missing, damaged, or of a kind that is not supported.
    pub fn open(path: &Path) -> Result<Self, RasterError> {
        let content = match Kind::of(path)? {
            Kind::Tiff => Content::Tiff(Box::new(TiffSource::open(path)?)),
            Kind::Picture => {
                let turn = match world_file(path) {
                    Some(_) => Turn::AsStored,
                    None => Turn::Upright,
                };
                Content::Picture(read_picture(path, turn)?)
            }
        };
        Ok(Self {
            path: path.into(),
            content,
        })
    }

    /// Width and height of the scene in pixels.
    pub fn size(&self) -> (usize, usize) {
        match &self.content {
            Content::Picture(picture) => (picture.image.width(), picture.image.height()),
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
    pub fn world_file(&self) -> Option<PathBuf> {
        world_file(&self.path)
    }

    /// Whether the picture's EXIF data asks for a rotation or a reflection that was not applied.
    pub fn exif_ignored(&self) -> bool {
        match &self.content {
            Content::Picture(picture) => picture.exif_ignored,
            Content::Tiff(_) => false,
        }
    }

    /// Reads the pixels of `window` (scene pixels) for a map of `step` scene pixels per map pixel.
    ///
    /// They come from the coarsest version in the file that still has a pixel for every map pixel, and very large
    /// windows are averaged down. So the piece covers the window but can have fewer pixels.
    ///
    /// # Errors
    /// Fails if a part of the file is damaged, or the window is empty.
    pub fn read(&mut self, window: Window, step: f64) -> Result<Piece, RasterError> {
        let (width, height) = self.size();
        let (level, size) = match &self.content {
            Content::Picture(_) => (0, (width, height)),
            Content::Tiff(tiff) => tiff.level_for(step),
        };
        let window = Window::all(width, height).intersection(&window);
        let across = scaled(window.x, window.right(), width, size.0);
        let down = scaled(window.y, window.bottom(), height, size.1);
        let window = Window::new(across.0, down.0, across.1, down.1);
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

    fn rgba(&mut self, level: usize, window: Window) -> Result<Vec<u8>, RasterError> {
        match &mut self.content {
            Content::Tiff(tiff) => tiff.rgba(level, window),
            Content::Picture(picture) => Ok(picture_rgba(picture, window)),
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

/// The world file beside `path`, if there is one.
fn world_file(path: &Path) -> Option<PathBuf> {
    let extension = path.extension()?.to_string_lossy().to_lowercase();
    let mut endings = Vec::new();
    if let (Some(first), Some(last)) = (extension.chars().next(), extension.chars().last()) {
        endings.push(format!("{first}{last}w"));
    }
    endings.push(format!("{extension}w"));
    endings.push("wld".to_owned());
    endings
        .iter()
        .flat_map(|ending| [ending.clone(), ending.to_uppercase()])
        .map(|ending| path.with_extension(ending))
        .find(|path| path.is_file())
}

/// RGBA of a window; alpha is 0 where the picture has no data, and the colour is grey there.
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
            pixel.copy_from_slice(&[NO_DATA_GREY, NO_DATA_GREY, NO_DATA_GREY, 0]);
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
