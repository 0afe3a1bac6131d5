//! A TIFF of any size, read window by window.

use std::sync::Arc;

use super::chunk_cache::ChunkCache;
use super::colours::{bands, geo_tags};
use super::directory::directories;
use super::error::RasterError;
use super::facts::Facts;
use super::level::{Fetched, Level};
use super::problem::Problem;
use super::reader::{ByteReader, ByteSource};
use super::samples::OwnedSamples;
use super::subfiles::{mask_of, overviews};
use super::ycbcr::to_rgb;
use crate::geo::GeoTags;
use crate::scene::{Bands, Photometric, Stretch, sample_windows};
use crate::vision::Window;

/// Memory for decoded blocks. Natively enough for a row of tiles over a scene of 20,000 columns at 10 scene pixels per
/// map pixel; less in a browser.
const CACHE_BYTES: usize = if cfg!(target_family = "wasm") {
    32 << 20
} else {
    384 << 20
};
/// Maximum number of stored bytes of blocks that are decoded together.
const TOGETHER_BYTES: usize = 32 << 20;
/// Blocks that are decoded together. In a browser blocks are decoded one after the other.
const TOGETHER: usize = if cfg!(target_family = "wasm") { 2 } else { 32 };

/// Overviews and masks together may have twice as many blocks as the scene, and this many more.
const SPARE_BLOCKS: usize = 1 << 16;
/// Maximum number of stored bytes of the parts of a mask over one block.
const MAX_MASK_BYTES: usize = 64 << 20;

/// An open TIFF.
pub struct TiffSource {
    source: ByteSource,
    name: String,
    versions: Versions,
    facts: Facts,
    tags: GeoTags,
    cache: ChunkCache,
}

/// The versions of the scene and how their samples become colours.
struct Versions {
    /// The scene, then its overviews from the finest to the coarsest.
    levels: Vec<Level>,
    /// Masks of the levels that have one; 0 means no data.
    masks: Vec<Option<Level>>,
    /// Whether colours are luma and chroma.
    luma: bool,
    stretch: Stretch,
}

/// A block that is to be decoded: its number, its bytes, and the blocks of the mask over it.
struct Job {
    number: u32,
    block: Fetched,
    mask: Vec<(u32, Fetched)>,
}

impl TiffSource {
    /// Opens the file `name` of `file_size` bytes and measures its stretch. `aux` is the text of the `.aux.xml` file
    /// beside it.
    ///
    /// # Errors
    /// Fails if the file is damaged, incomplete, or of a kind that is not supported.
    pub fn open(
        reader: Box<dyn ByteReader>,
        name: &str,
        file_size: u64,
        aux: Option<&str>,
    ) -> Result<Self, RasterError> {
        let mut source = ByteSource::new(reader, file_size);
        match Self::read(&mut source, aux) {
            Ok((versions, facts, tags)) => Ok(Self {
                source,
                name: name.to_owned(),
                versions,
                facts,
                tags,
                cache: ChunkCache::new(CACHE_BYTES),
            }),
            Err(problem) => Err(RasterError::new(name, problem)),
        }
    }

    fn read(
        source: &mut ByteSource,
        aux: Option<&str>,
    ) -> Result<(Versions, Facts, GeoTags), Problem> {
        let list = directories(source)?;
        let mut scene = Level::open(source, &list[0])?;
        let (bands, luma) = bands(source, &list[0], &scene, aux)?;
        let tags = geo_tags(source, &list[0]);
        let indices = matches!(bands.photometric, Photometric::Palette(_));
        scene.set_meaning(&bands.no_data, indices);
        let mut levels = vec![scene];
        let mut room = 2 * levels[0].blocks() + SPARE_BLOCKS;
        levels.extend(overviews(source, &list[1..], &levels[0], &mut room)?);
        for level in &mut levels[1..] {
            level.set_meaning(&bands.no_data, indices);
        }
        let sizes: Vec<_> = levels
            .iter()
            .map(|one| (one.width(), one.height()))
            .collect();
        let masks: Vec<_> = sizes
            .into_iter()
            .map(|size| mask_of(source, &list[1..], size, &mut room))
            .collect::<Result<_, _>>()?;
        let colours = bands.colour_count();
        let facts = Facts {
            bands: bands.count,
            used: colours + usize::from(bands.alpha.is_some_and(|at| at >= colours)),
            bits: levels[0].layout.depths[0].bits,
            overviews: levels.len() - 1,
            stretched: !indices && !matches!(levels[0].kind(), OwnedSamples::U8(_)),
            masked: masks[0].is_some(),
        };
        let stretch = stretch(source, bands, &levels[0])?;
        let versions = Versions {
            levels,
            masks,
            luma,
            stretch,
        };
        Ok((versions, facts, tags))
    }

    /// Width and height of the scene.
    pub fn size(&self) -> (usize, usize) {
        self.level_size(0)
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
            level.width() as f64 + 1.0 >= across && level.height() as f64 + 1.0 >= down
        };
        let levels = &self.versions.levels;
        levels.iter().rposition(fine_enough).unwrap_or(0)
    }

    /// Width and height of a level.
    pub fn level_size(&self, level: usize) -> (usize, usize) {
        let level = &self.versions.levels[level];
        (level.width(), level.height())
    }

    /// Number of overviews.
    pub fn overviews(&self) -> usize {
        self.versions.levels.len() - 1
    }

    /// Width and height of a level's tiles; None if it is in strips.
    pub fn tile_size(&self, level: usize) -> Option<(usize, usize)> {
        let layout = &self.versions.levels[level].layout;
        layout.tiled.then_some(layout.block)
    }

    /// Facts about the bands and versions.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Reads the pixels of `window` of a level as RGBA; alpha is 0 where there is no data.
    ///
    /// # Errors
    /// Fails if a block is damaged.
    pub fn rgba(&mut self, level: usize, window: Window) -> Result<Vec<u8>, RasterError> {
        let mut rgba = vec![0; window.pixels() as usize * 4];
        let mut copy = |place: Window, block: &[u8]| {
            let part = place.intersection(&window);
            for y in part.y..part.bottom() {
                let from = ((y - place.y) * place.width + part.x - place.x) * 4;
                let to = ((y - window.y) * window.width + part.x - window.x) * 4;
                let count = part.width * 4;
                rgba[to..to + count].copy_from_slice(&block[from..from + count]);
            }
        };
        let numbers = self.versions.levels[level].blocks_of(&window);
        let mut missing = Vec::new();
        for number in numbers {
            match self.cache.get((level, number)) {
                Some(block) => copy(self.versions.levels[level].place(number), &block),
                None => missing.push(number),
            }
        }
        let mut missing = missing.into_iter().peekable();
        while missing.peek().is_some() {
            let (mut jobs, mut bytes) = (Vec::new(), 0);
            while jobs.len() < TOGETHER
                && bytes < TOGETHER_BYTES
                && let Some(number) = missing.next()
            {
                let job = self.versions.fetch(&mut self.source, level, number);
                let job = job.map_err(|problem| RasterError::new(&self.name, problem))?;
                bytes += job.block.bytes() + self.versions.levels[level].block_bytes();
                jobs.push(job);
            }
            for decoded in self.versions.decode_all(level, jobs) {
                let (number, block) =
                    decoded.map_err(|problem| RasterError::new(&self.name, problem))?;
                copy(self.versions.levels[level].place(number), &block);
                self.cache.put((level, number), block);
            }
        }
        Ok(rgba)
    }
}

/// A block as RGBA, with its number.
type Decoded = Result<(u32, Arc<[u8]>), Problem>;

impl Versions {
    /// Reads the bytes of a block and of the mask over it.
    fn fetch(&self, source: &mut ByteSource, level: usize, number: u32) -> Result<Job, Problem> {
        let block = self.levels[level].fetch(source, number)?;
        let mut parts = Vec::new();
        if let Some(mask) = &self.masks[level] {
            let mut bytes = 0;
            for number in mask.blocks_of(&self.levels[level].place(number)) {
                let part = mask.fetch(source, number)?;
                bytes += part.bytes();
                parts.push((number, part));
                if bytes > MAX_MASK_BYTES {
                    return Err(Problem::damaged("the blocks of its mask overlap"));
                }
            }
        }
        Ok(Job {
            number,
            block,
            mask: parts,
        })
    }

    /// Decodes blocks of a level, natively on all cores.
    fn decode_all(&self, level: usize, jobs: Vec<Job>) -> Vec<Decoded> {
        #[cfg(feature = "native")]
        {
            use rayon::prelude::*;
            let jobs = jobs.into_par_iter();
            jobs.map(|job| self.decode(level, job)).collect()
        }
        #[cfg(not(feature = "native"))]
        {
            let jobs = jobs.into_iter();
            jobs.map(|job| self.decode(level, job)).collect()
        }
    }

    fn decode(&self, level: usize, job: Job) -> Decoded {
        let own = &self.levels[level];
        let samples = own.decode(job.number, job.block)?;
        let mut rgba = self.stretch.rgba(samples.as_samples());
        if self.luma {
            rgba.chunks_exact_mut(4).for_each(to_rgb);
        }
        if let Some(mask) = &self.masks[level] {
            hide(mask, job.mask, &own.place(job.number), &mut rgba)?;
        }
        Ok((job.number, rgba.into()))
    }
}

/// Clears what the mask hides in the pixels of `place`.
fn hide(
    mask: &Level,
    parts: Vec<(u32, Fetched)>,
    place: &Window,
    rgba: &mut [u8],
) -> Result<(), Problem> {
    for (number, bytes) in parts {
        let at = mask.place(number);
        let samples = mask.decode(number, bytes)?;
        let samples = samples.as_samples();
        let part = at.intersection(place);
        for y in part.y..part.bottom() {
            for x in part.x..part.right() {
                if samples.get((y - at.y) * at.width + x - at.x) == 0.0 {
                    let pixel = ((y - place.y) * place.width + x - place.x) * 4;
                    rgba[pixel..pixel + 4].copy_from_slice(&Stretch::NO_DATA);
                }
            }
        }
    }
    Ok(())
}

/// Measures the stretch in the scene's sample windows.
fn stretch(source: &mut ByteSource, bands: Bands, scene: &Level) -> Result<Stretch, Problem> {
    let mut samples = scene.kind().clone();
    let indices = matches!(bands.photometric, Photometric::Palette(_));
    if indices || matches!(samples, OwnedSamples::U8(_)) {
        return Ok(Stretch::from_samples(bands, samples.as_samples()));
    }
    // Colours come first. Other bands, of which there can be thousands, are not kept.
    let colours = bands.colour_count();
    let alpha = bands.alpha.filter(|&at| at >= colours);
    let kept = Bands {
        count: colours + usize::from(alpha.is_some()),
        alpha: alpha.map(|_| colours).or(bands.alpha),
        ..bands.clone()
    };
    for row in sample_windows(scene.width(), scene.height()).chunks(5) {
        // The windows of a row share wide blocks, such as strips.
        let mut numbers: Vec<u32> = row.iter().flat_map(|at| scene.blocks_of(at)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            let place = scene.place(number);
            let block = scene.read(source, number)?;
            for part in row.iter().map(|at| at.intersection(&place)) {
                for y in part.y..part.bottom() {
                    let start = (y - place.y) * place.width + part.x - place.x;
                    for pixel in (start..start + part.width).map(|at| at * bands.count) {
                        samples.extend_from(&block, pixel..pixel + colours);
                        if let Some(alpha) = alpha {
                            samples.extend_from(&block, pixel + alpha..pixel + alpha + 1);
                        }
                    }
                }
            }
        }
    }
    Ok(Stretch::from_samples(kept, samples.as_samples()).with_bands(bands))
}
