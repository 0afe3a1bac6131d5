//! Masks and probabilities as GeoTIFF, written strip by strip.

use std::io::{Seek, Write};

use tiff::encoder::compression::{CompressionAlgorithm, Deflate, DeflateLevel};
use tiff::encoder::{
    DirectoryEncoder, Rational, TiffEncoder, TiffKind, TiffKindBig, TiffKindStandard,
};
use tiff::tags::{CompressionMethod, PhotometricInterpretation, ResolutionUnit, Tag};

use super::affine::Grid;
use super::georeference::Georeference;
use super::tags::GeoTags;

/// Approximate number of bytes per strip before compression. A reader loads a whole strip at a time.
const STRIP: usize = 1 << 18;

/// Number of pixel bytes above which a file is a BigTIFF. Deflate adds little even to noise, so smaller files stay
/// under the 4 GiB that a classic TIFF can address.
const BIG: u64 = 4_000_000_000;

/// Why a GeoTIFF was not written.
#[derive(Debug, thiserror::Error)]
pub enum MaskTiffError {
    /// Sides that a TIFF cannot have.
    #[error("a TIFF cannot be {0} x {1} pixels")]
    Size(usize, usize),
    /// The number of pixels differs from the image's.
    #[error("the mask has the wrong number of pixels: {0} missing (negative: too many)")]
    Length(i64),
    /// The system's error, for example a full disk or a folder without write permission.
    #[error("the GeoTIFF could not be written: {0}")]
    Write(#[from] tiff::TiffError),
}

impl From<std::io::Error> for MaskTiffError {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error.into())
    }
}

/// What is written: one band of bytes, on a grid over a scene.
#[derive(Debug, Clone, Copy)]
pub struct MaskTiff<'a> {
    /// Pixels per row.
    pub width: usize,
    /// Number of rows.
    pub height: usize,
    /// Where the pixels are in the scene.
    pub grid: Grid,
    /// Where the scene is on the earth. Its geotags are copied and adapted to the grid.
    pub georeference: Option<&'a Georeference>,
    /// Text for the file's ImageDescription, in ASCII; omitted if empty.
    pub description: &'a str,
}

impl MaskTiff<'_> {
    /// Writes the file. `fill` is called once and supplies the pixels from the top, in chunks of any size; only one
    /// strip is held at a time. Errors of `fill` are returned.
    pub fn write<W, E>(
        &self,
        writer: W,
        fill: impl FnOnce(&mut Rows<'_>) -> Result<(), E>,
    ) -> Result<(), E>
    where
        W: Write + Seek,
        E: From<MaskTiffError>,
    {
        if (self.width as u64).saturating_mul(self.height as u64) > BIG {
            self.write_as::<W, TiffKindBig, E>(writer, fill)
        } else {
            self.write_as::<W, TiffKindStandard, E>(writer, fill)
        }
    }

    fn write_as<W, K, E>(
        &self,
        writer: W,
        fill: impl FnOnce(&mut Rows<'_>) -> Result<(), E>,
    ) -> Result<(), E>
    where
        W: Write + Seek,
        K: TiffKind,
        E: From<MaskTiffError>,
    {
        let failed = |error: tiff::TiffError| E::from(error.into());
        let size = || E::from(MaskTiffError::Size(self.width, self.height));
        let width = u32::try_from(self.width).map_err(|_| size())?;
        let height = u32::try_from(self.height).map_err(|_| size())?;
        if width == 0 || height == 0 {
            return Err(size());
        }
        let rows = STRIP.div_ceil(self.width).min(self.height);
        let mut tiff = TiffEncoder::<W, K>::new_generic(writer).map_err(failed)?;
        let mut directory = tiff.image_directory().map_err(failed)?;
        self.describe(&mut directory, width, height, rows as u32)
            .map_err(failed)?;

        let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
        let mut packed = Vec::new();
        let mut write = |strip: &[u8]| {
            packed.clear();
            Deflate::with_level(DeflateLevel::Balanced).write_to(&mut packed, strip)?;
            offsets.push(K::convert_offset(directory.write_data(&packed[..])?)?);
            lengths.push(K::convert_offset(packed.len() as u64)?);
            Ok(())
        };
        let mut sink = Rows {
            strip: Vec::with_capacity(rows * self.width),
            full: rows * self.width,
            missing: self.width as i64 * self.height as i64,
            write: &mut write,
        };
        fill(&mut sink)?;
        sink.finish()?;

        let strips =
            |values: &[K::OffsetType], tag: Tag, directory: &mut DirectoryEncoder<_, K>| {
                directory.write_tag(tag, K::convert_slice(values))
            };
        strips(&offsets, Tag::StripOffsets, &mut directory).map_err(failed)?;
        strips(&lengths, Tag::StripByteCounts, &mut directory).map_err(failed)?;
        directory.finish().map_err(failed)
    }

    fn describe<W: Write + Seek, K: TiffKind>(
        &self,
        directory: &mut DirectoryEncoder<'_, W, K>,
        width: u32,
        height: u32,
        rows: u32,
    ) -> tiff::TiffResult<()> {
        directory.write_tag(Tag::ImageWidth, width)?;
        directory.write_tag(Tag::ImageLength, height)?;
        directory.write_tag(Tag::BitsPerSample, 8u16)?;
        directory.write_tag(Tag::Compression, CompressionMethod::Deflate.to_u16())?;
        let grey = PhotometricInterpretation::BlackIsZero.to_u16();
        directory.write_tag(Tag::PhotometricInterpretation, grey)?;
        directory.write_tag(Tag::SamplesPerPixel, 1u16)?;
        directory.write_tag(Tag::RowsPerStrip, rows)?;
        if !self.description.is_empty() {
            let ascii: String = self.description.chars().filter(char::is_ascii).collect();
            directory.write_tag(Tag::ImageDescription, ascii.replace('\0', "").as_str())?;
        }
        let Some(georeference) = self.georeference else {
            return Ok(());
        };
        if let Some(metres) = georeference.scale() {
            return self.scale(directory, metres);
        }
        match georeference.tags(&self.grid) {
            Some(tags) => geotags(directory, &tags.storable()),
            None => Ok(()),
        }
    }

    /// Writes the pixels per centimetre on the ground, for a scene with a known scale but no position.
    fn scale<W: Write + Seek, K: TiffKind>(
        &self,
        directory: &mut DirectoryEncoder<'_, W, K>,
        metres: f64,
    ) -> tiff::TiffResult<()> {
        directory.write_tag(Tag::ResolutionUnit, ResolutionUnit::Centimeter.to_u16())?;
        for (tag, step) in [
            (Tag::XResolution, self.grid.step_x),
            (Tag::YResolution, self.grid.step_y),
        ] {
            // The denominator is in micrometres per pixel; 10,000 micrometres are a centimetre.
            let pixel = (metres * step * 1e6)
                .round()
                .clamp(1.0, f64::from(u32::MAX));
            directory.write_tag(
                tag,
                Rational {
                    n: 10_000,
                    d: pixel as u32,
                },
            )?;
        }
        Ok(())
    }
}

fn geotags<W: Write + Seek, K: TiffKind>(
    directory: &mut DirectoryEncoder<'_, W, K>,
    tags: &GeoTags,
) -> tiff::TiffResult<()> {
    for (tag, values) in [
        (Tag::ModelPixelScaleTag, &tags.scale),
        (Tag::ModelTiepointTag, &tags.tiepoints),
        (Tag::ModelTransformationTag, &tags.transformation),
        (Tag::GeoDoubleParamsTag, &tags.doubles),
    ] {
        if !values.is_empty() {
            directory.write_tag(tag, &values[..])?;
        }
    }
    if !tags.keys.is_empty() {
        directory.write_tag(Tag::GeoKeyDirectoryTag, &tags.keys[..])?;
    }
    if !tags.ascii.is_empty() {
        directory.write_tag(Tag::GeoAsciiParamsTag, tags.ascii.as_str())?;
    }
    Ok(())
}

/// Receives the pixels of a file that is being written.
pub struct Rows<'a> {
    strip: Vec<u8>,
    full: usize,
    missing: i64,
    write: &'a mut dyn FnMut(&[u8]) -> tiff::TiffResult<()>,
}

impl Rows<'_> {
    /// Adds pixels, row by row from the top; 0 and 255 for a mask, 0 to 255 for probabilities.
    pub fn push(&mut self, mut pixels: &[u8]) -> Result<(), MaskTiffError> {
        self.missing -= pixels.len() as i64;
        if self.missing < 0 {
            return Err(MaskTiffError::Length(self.missing));
        }
        while !pixels.is_empty() {
            let room = (self.full - self.strip.len()).min(pixels.len());
            self.strip.extend_from_slice(&pixels[..room]);
            pixels = &pixels[room..];
            if self.strip.len() == self.full {
                (self.write)(&self.strip)?;
                self.strip.clear();
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(), MaskTiffError> {
        if self.missing != 0 {
            return Err(MaskTiffError::Length(self.missing));
        }
        if !self.strip.is_empty() {
            (self.write)(&self.strip)?;
        }
        Ok(())
    }
}

/// Fills one row of a scene from a map on `grid` over it. Each scene pixel takes the map pixel under its centre, or
/// zero outside the map. `map` has `map_width` bytes per row; `pixels` is the scene's row.
pub fn scene_row(map: &[u8], map_width: usize, grid: &Grid, row: usize, pixels: &mut [u8]) {
    let (_, y) = grid.invert(0.0, row as f64 + 0.5);
    let line = if y >= 0.0 && map_width > 0 {
        map.chunks_exact(map_width).nth(y as usize)
    } else {
        None
    };
    let Some(line) = line else {
        pixels.fill(0);
        return;
    };
    for (column, pixel) in pixels.iter_mut().enumerate() {
        let (x, _) = grid.invert(column as f64 + 0.5, 0.0);
        *pixel = if x >= 0.0 {
            line.get(x as usize).copied().unwrap_or(0)
        } else {
            0
        };
    }
}

#[cfg(test)]
#[path = "mask_tiff_tests.rs"]
mod tests;
