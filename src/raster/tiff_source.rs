//! A TIFF of any size, read window by window.

use std::io::ErrorKind;
use std::sync::Arc;

use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::chunk_cache::ChunkCache;
use super::directory::{Directories, Directory};
use super::error::RasterError;
use super::facts::Facts;
use super::level::Level;
use super::reader::{ByteReader, SharedReader};
use super::samples::OwnedSamples;
use super::stored::Stored;
use super::ycbcr::to_rgb;
use crate::geo::GeoTags;
use crate::scene::{Bands, Photometric, Stretch, sample_windows};
use crate::vision::Window;

/// Memory for decoded pieces: a row of tiles over a scene of 20,000 columns at 10 scene pixels per map pixel.
const CACHE_BYTES: usize = 384 << 20;

/// Values of PhotometricInterpretation.
const WHITE_IS_ZERO: u16 = 0;
const PALETTE: u16 = 3;
const YCBCR: u16 = 6;
/// Values whose colours are not supported: CMYK, and the three kinds of Lab.
const OTHER_COLOURS: [u16; 4] = [5, 8, 9, 10];
/// Bits of NewSubfileType.
const SMALLER: u32 = 1;
const MASK: u32 = 4;
/// Compression 7.
const JPEG: u16 = 7;
/// Values of ExtraSamples that are alpha.
const ALPHA: [u16; 2] = [1, 2];

/// GDAL's tag with the no-data value.
const NO_DATA: Tag = Tag::Unknown(42113);

/// An open TIFF.
pub struct TiffSource {
    /// The scene, then its overviews from the finest to the coarsest.
    levels: Vec<Level>,
    /// Masks of the levels that have one; 0 means no data.
    masks: Vec<Option<Level>>,
    ycbcr: bool,
    stretch: Stretch,
    facts: Facts,
    tags: GeoTags,
    cache: ChunkCache,
}

impl TiffSource {
    /// Opens the file `name` of `file_size` bytes and measures its stretch.
    ///
    /// # Errors
    /// Fails if the file is damaged, incomplete, or of a kind that is not supported.
    pub fn open(
        reader: Box<dyn ByteReader>,
        name: &str,
        file_size: u64,
    ) -> Result<Self, RasterError> {
        let broken = |error: std::io::Error| RasterError::Damaged {
            name: name.into(),
            reason: match error.kind() {
                ErrorKind::UnexpectedEof => "its end is missing".to_owned(),
                _ => error.to_string(),
            },
        };
        let mut reader = SharedReader::new(reader);
        let directories = Directories::read(&mut reader).map_err(broken)?;
        let mut scene = Level::open(&reader, name, &directories, 0, file_size)?;
        let stated = directories.list[0].photometric.value as u16;
        let (mut bands, ycbcr) = bands(name, &mut scene, stated)?;
        let tags = geo_tags(scene.decoder());

        let (kind, samples) = (scene.kind(), scene.samples);
        let wanted = |directory: &Directory| {
            directory.subfile.value & SMALLER != 0
                && directory.subfile.value & MASK == 0
                && is_smaller(directory, scene.width, scene.height)
        };
        let mut smaller: Vec<usize> = (1..directories.list.len())
            .filter(|&index| wanted(&directories.list[index]))
            .collect();
        smaller.sort_by_key(|&index| std::cmp::Reverse(directories.list[index].width.value));
        let mut levels = vec![scene];
        for index in smaller {
            // An overview only makes reading faster: skip one that does not match.
            let Ok(level) = Level::open(&reader, name, &directories, index, file_size) else {
                continue;
            };
            if level.samples == samples && level.kind() == kind {
                levels.push(level);
            }
        }
        let masks: Vec<Option<Level>> = levels
            .iter()
            .map(|level| mask_of(&reader, name, &directories, level, file_size))
            .collect();
        let indices = matches!(bands.photometric, Photometric::Palette(_));
        levels[0].set_meaning(0.0, indices);
        // The file gives the no-data value as a stored sample, before scaling.
        let spread = f64::from(levels[0].spread());
        bands.no_data = bands.no_data.map(|value| value * spread);
        for level in &mut levels {
            level.set_meaning(bands.no_data.unwrap_or(0.0), indices);
        }
        let colours = match bands.photometric {
            Photometric::Rgb => 3,
            _ => 1,
        };
        let facts = Facts {
            bands: bands.count,
            used: colours + usize::from(bands.alpha.is_some_and(|at| at >= colours)),
            bits: levels[0].bits,
            overviews: levels.len() - 1,
            stretched: !matches!(levels[0].kind(), OwnedSamples::U8(_))
                && !matches!(bands.photometric, Photometric::Palette(_)),
            masked: masks[0].is_some(),
        };
        let stretch = stretch(bands, &mut levels[0])?;
        Ok(Self {
            levels,
            masks,
            ycbcr,
            stretch,
            facts,
            tags,
            cache: ChunkCache::new(CACHE_BYTES),
        })
    }

    /// Width and height of the scene.
    pub fn size(&self) -> (usize, usize) {
        (self.levels[0].width, self.levels[0].height)
    }

    /// The geotags.
    pub fn tags(&self) -> &GeoTags {
        &self.tags
    }

    /// Returns the coarsest level that still has a pixel for every `step` scene pixels.
    pub fn level_for(&self, step: f64) -> usize {
        let (width, height) = self.size();
        let fine_enough = |level: &Level| {
            // The size of an overview may be rounded up or down.
            let (across, down) = (width as f64 / step, height as f64 / step);
            level.width as f64 + 1.0 >= across && level.height as f64 + 1.0 >= down
        };
        self.levels.iter().rposition(fine_enough).unwrap_or(0)
    }

    /// Width and height of a level.
    pub fn level_size(&self, level: usize) -> (usize, usize) {
        (self.levels[level].width, self.levels[level].height)
    }

    /// Number of overviews.
    pub fn overviews(&self) -> usize {
        self.levels.len() - 1
    }

    /// Width and height of a level's tiles; None if it is in strips.
    pub fn tile_size(&self, level: usize) -> Option<(usize, usize)> {
        self.levels[level].tile()
    }

    /// What is known of the bands and versions.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Reads the pixels of `window` of a level as RGBA; alpha is 0 where there is no data.
    ///
    /// # Errors
    /// Fails if a piece is damaged.
    pub fn rgba(&mut self, level: usize, window: Window) -> Result<Vec<u8>, RasterError> {
        let mut rgba = vec![0; window.pixels() as usize * 4];
        for number in self.levels[level].chunks_of(&window) {
            let place = self.levels[level].place(number);
            let piece = self.chunk(level, number)?;
            let part = place.intersection(&window);
            for y in part.y..part.bottom() {
                let from = ((y - place.y) * place.width + part.x - place.x) * 4;
                let to = ((y - window.y) * window.width + part.x - window.x) * 4;
                let count = part.width * 4;
                rgba[to..to + count].copy_from_slice(&piece[from..from + count]);
            }
        }
        Ok(rgba)
    }

    fn chunk(&mut self, level: usize, number: u32) -> Result<Arc<[u8]>, RasterError> {
        if let Some(piece) = self.cache.get((level, number)) {
            return Ok(piece);
        }
        let samples = self.levels[level].read(number)?;
        let mut rgba = self.stretch.rgba(samples.as_samples());
        if self.ycbcr {
            rgba.chunks_exact_mut(4).for_each(to_rgb);
        }
        if let Some(mask) = &mut self.masks[level] {
            hide(mask, &self.levels[level].place(number), &mut rgba)?;
        }
        let piece: Arc<[u8]> = rgba.into();
        self.cache.put((level, number), piece.clone());
        Ok(piece)
    }
}

/// Clears what the mask hides in the pixels of `place`.
fn hide(mask: &mut Level, place: &Window, rgba: &mut [u8]) -> Result<(), RasterError> {
    for number in mask.chunks_of(place) {
        let at = mask.place(number);
        let samples = mask.read(number)?;
        let part = at.intersection(place);
        for y in part.y..part.bottom() {
            for x in part.x..part.right() {
                let shown = samples.as_samples().get((y - at.y) * at.width + x - at.x);
                if shown == 0.0 {
                    let pixel = ((y - place.y) * place.width + x - place.x) * 4;
                    rgba[pixel..pixel + 4].copy_from_slice(&Stretch::NO_DATA);
                }
            }
        }
    }
    Ok(())
}

fn is_smaller(directory: &Directory, width: usize, height: usize) -> bool {
    let (across, down) = directory.size();
    across > 0 && down > 0 && across <= width && down <= height && (across, down) != (width, height)
}

/// Opens the mask of a level: the directory that is marked as a mask and has the level's size.
fn mask_of(
    reader: &SharedReader,
    name: &str,
    directories: &Directories,
    level: &Level,
    file_size: u64,
) -> Option<Level> {
    let is_its = |directory: &Directory| {
        directory.subfile.value & MASK != 0 && directory.size() == (level.width, level.height)
    };
    let index = directories.list.iter().position(is_its)?;
    let mask = Level::open(reader, name, directories, index, file_size).ok()?;
    (mask.samples == 1).then_some(mask)
}

/// Returns what the bands of the scene mean, and whether its colours are YCbCr.
fn bands(name: &str, scene: &mut Level, photometric: u16) -> Result<(Bands, bool), RasterError> {
    let wrong = |error| RasterError::from_tiff(name, error);
    if OTHER_COLOURS.contains(&photometric) {
        let found = format!("colours that are not RGB (photometric interpretation {photometric})");
        return Err(RasterError::unsupported(name, &found));
    }
    let (count, bits) = (scene.samples, scene.bits);
    let decoder = scene.decoder();
    let list = |decoder: &mut Decoder<Stored>, tag| decoder.find_tag_unsigned_vec::<u16>(tag);
    let extra = list(decoder, Tag::ExtraSamples)
        .map_err(wrong)?
        .unwrap_or_default();
    let no_data = decoder.find_tag(NO_DATA).ok().flatten();
    let no_data = no_data.and_then(|value| value.into_string().ok());
    let no_data = no_data.and_then(|text| text.trim_matches(['\0', ' ']).parse().ok());
    let alpha = extra.iter().position(|kind| ALPHA.contains(kind));
    let mut bands = Bands {
        alpha: alpha
            .map(|at| count - extra.len().min(count) + at)
            .filter(|&at| at > 0),
        no_data,
        ..Bands::guessed(count)
    };
    // The second of two bands is alpha even if the file does not say so.
    if count == 2 && extra.is_empty() {
        bands.alpha = Some(1);
    }
    let ycbcr = photometric == YCBCR && count >= 3;
    if ycbcr {
        let compression = list(decoder, Tag::Compression).map_err(wrong)?;
        let sampling = list(decoder, Tag::ChromaSubsampling).map_err(wrong)?;
        let jpeg = compression.is_some_and(|found| found.first() == Some(&JPEG));
        if bits != 8 || !jpeg && sampling.as_deref() != Some(&[1, 1]) {
            let found = "YCbCr colours that are not 8-bit, or subsampled without JPEG";
            return Err(RasterError::unsupported(name, &found));
        }
    }
    match photometric {
        WHITE_IS_ZERO if count <= 2 => bands.photometric = Photometric::InvertedGrey,
        PALETTE => {
            let map = list(decoder, Tag::ColorMap)
                .map_err(wrong)?
                .unwrap_or_default();
            let size = map.len() / 3;
            // 16 bits each; all reds, all greens, all blues.
            let colour = |at: usize| [0, 1, 2].map(|band| (map[band * size + at] >> 8) as u8);
            bands.photometric = Photometric::Palette((0..size).map(colour).collect());
        }
        _ => {}
    }
    Ok((bands, ycbcr))
}

/// Reads the six tags that georeference the scene, as stored; a tag that cannot be read is absent.
fn geo_tags(decoder: &mut Decoder<Stored>) -> GeoTags {
    fn numbers(decoder: &mut Decoder<Stored>, tag: Tag) -> Vec<f64> {
        let found = decoder.find_tag(tag).ok().flatten();
        let list = found.and_then(|value| value.into_f64_vec().ok());
        list.unwrap_or_default()
    }
    let keys = decoder.find_tag_unsigned_vec(Tag::GeoKeyDirectoryTag);
    let ascii = decoder.find_tag(Tag::GeoAsciiParamsTag).ok().flatten();
    GeoTags {
        scale: numbers(decoder, Tag::ModelPixelScaleTag),
        tiepoints: numbers(decoder, Tag::ModelTiepointTag),
        transformation: numbers(decoder, Tag::ModelTransformationTag),
        keys: keys.ok().flatten().unwrap_or_default(),
        doubles: numbers(decoder, Tag::GeoDoubleParamsTag),
        ascii: ascii
            .and_then(|value| value.into_string().ok())
            .unwrap_or_default(),
    }
}

/// Measures the stretch in the scene's sample windows.
fn stretch(bands: Bands, scene: &mut Level) -> Result<Stretch, RasterError> {
    let mut samples = scene.kind();
    let kept = matches!(bands.photometric, Photometric::Palette(_));
    if kept || matches!(samples, OwnedSamples::U8(_)) {
        return Ok(Stretch::from_samples(bands, samples.as_samples()));
    }
    for row in sample_windows(scene.width, scene.height).chunks(5) {
        // The windows of a row share wide chunks, such as strips.
        let mut numbers: Vec<u32> = row.iter().flat_map(|at| scene.chunks_of(at)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            let place = scene.place(number);
            let piece = scene.read(number)?;
            for part in row.iter().map(|at| at.intersection(&place)) {
                for y in part.y..part.bottom() {
                    let start = (y - place.y) * place.width + part.x - place.x;
                    let range = start * bands.count..(start + part.width) * bands.count;
                    if !part.is_empty() {
                        samples.extend_from(&piece, range);
                    }
                }
            }
        }
    }
    Ok(Stretch::from_samples(bands, samples.as_samples()))
}
