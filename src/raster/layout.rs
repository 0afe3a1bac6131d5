//! How an image of a TIFF is stored: its size, samples, blocks and compression.

use super::codec::{Compression, Shape};
use super::depth::{Depth, Format};
use super::directory::Directory;
use super::order::ByteOrder;
use super::problem::{Problem, REAL_PART, REWRITE};
use super::reader::ByteSource;

/// Tags, by their names in TIFF 6.0 and its supplements.
pub mod tag {
    pub const NEW_SUBFILE_TYPE: u16 = 254;
    pub const IMAGE_WIDTH: u16 = 256;
    pub const IMAGE_LENGTH: u16 = 257;
    pub const BITS_PER_SAMPLE: u16 = 258;
    pub const COMPRESSION: u16 = 259;
    pub const PHOTOMETRIC: u16 = 262;
    pub const FILL_ORDER: u16 = 266;
    pub const STRIP_OFFSETS: u16 = 273;
    pub const SAMPLES_PER_PIXEL: u16 = 277;
    pub const ROWS_PER_STRIP: u16 = 278;
    pub const STRIP_BYTE_COUNTS: u16 = 279;
    pub const PLANAR_CONFIGURATION: u16 = 284;
    pub const T4_OPTIONS: u16 = 292;
    pub const PREDICTOR: u16 = 317;
    pub const COLOR_MAP: u16 = 320;
    pub const TILE_WIDTH: u16 = 322;
    pub const TILE_LENGTH: u16 = 323;
    pub const TILE_OFFSETS: u16 = 324;
    pub const TILE_BYTE_COUNTS: u16 = 325;
    pub const EXTRA_SAMPLES: u16 = 338;
    pub const SAMPLE_FORMAT: u16 = 339;
    pub const JPEG_TABLES: u16 = 347;
    pub const YCBCR_SUBSAMPLING: u16 = 530;
    pub const MODEL_PIXEL_SCALE: u16 = 33550;
    pub const MODEL_TIEPOINT: u16 = 33922;
    pub const MODEL_TRANSFORMATION: u16 = 34264;
    pub const GEO_KEY_DIRECTORY: u16 = 34735;
    pub const GEO_DOUBLE_PARAMS: u16 = 34736;
    pub const GEO_ASCII_PARAMS: u16 = 34737;
    pub const GDAL_METADATA: u16 = 42112;
    pub const GDAL_NO_DATA: u16 = 42113;
    pub const LERC_PARAMETERS: u16 = 50674;
    pub const RPC_COEFFICIENTS: u16 = 50844;
}

/// More samples per pixel than any sensor has; a file with more is not valid.
const MAX_SAMPLES: u64 = 65_535;
/// Longest JPEG tables: four tables of either kind, with room.
const MAX_TABLES: u64 = 1 << 16;
/// Values of PhotometricInterpretation.
const PALETTE: u16 = 3;
const YCBCR: u16 = 6;

/// How an image is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Width and height of a block: a tile, or a strip as wide as the image.
    pub block: (usize, usize),
    /// Whether blocks are tiles.
    pub tiled: bool,
    /// Whether bands are stored one after the other.
    pub planar: bool,
    /// Bits of each sample of a pixel.
    pub depths: Vec<Depth>,
    /// Byte order of the file.
    pub order: ByteOrder,
    /// How blocks are compressed.
    pub compression: Compression,
    /// Predictor: 1 is none, 2 differences of integers, 3 of floating-point numbers.
    pub predictor: u16,
    /// Whether the first pixel is in the lowest bit of a byte.
    pub reversed: bool,
    /// PhotometricInterpretation.
    pub photometric: u16,
    /// Luma samples per chroma sample, across and down, of YCbCr stored without JPEG.
    pub subsampling: Option<(usize, usize)>,
    /// Tables that all JPEG blocks share.
    pub jpeg_tables: Option<Vec<u8>>,
    /// Compression of LERC blocks: 0 is none, 1 Deflate, 2 Zstandard.
    pub lerc_compression: u64,
    /// Options of CCITT Group 3.
    pub t4_options: u64,
}

impl Layout {
    /// Reads how the image is stored.
    ///
    /// # Errors
    /// Fails if the tags are not valid or describe a kind of image that is not read.
    pub fn read(source: &mut ByteSource, directory: &Directory) -> Result<Self, Problem> {
        let mut number = |tag, otherwise: u64| -> Result<u64, Problem> {
            Ok(directory.number(source, tag)?.unwrap_or(otherwise))
        };
        let (width, height) = (number(tag::IMAGE_WIDTH, 0)?, number(tag::IMAGE_LENGTH, 0)?);
        let tile = (number(tag::TILE_WIDTH, 0)?, number(tag::TILE_LENGTH, 0)?);
        let rows = number(tag::ROWS_PER_STRIP, height)?;
        let samples = number(tag::SAMPLES_PER_PIXEL, 1)?;
        let compression = Compression::of(number(tag::COMPRESSION, 1)?)?;
        let planar = number(tag::PLANAR_CONFIGURATION, 1)? == 2 && samples > 1;
        let otherwise = if samples >= 3 { 2 } else { 1 };
        let photometric = number(tag::PHOTOMETRIC, otherwise)? as u16;
        let lerc = directory.numbers(source, tag::LERC_PARAMETERS, 2)?;
        let lerc = lerc.unwrap_or_default();
        let mut number = |tag, otherwise: u64| -> Result<u64, Problem> {
            Ok(directory.number(source, tag)?.unwrap_or(otherwise))
        };
        let predictor = match compression.is_predicted() {
            true => number(tag::PREDICTOR, 1)? as u16,
            false => 1,
        };
        let reversed = number(tag::FILL_ORDER, 1)? == 2;
        let t4_options = number(tag::T4_OPTIONS, 0)?;
        let size = |length: u64| {
            usize::try_from(length)
                .ok()
                .filter(|&l| l <= u32::MAX as usize)
        };
        let (Some(width), Some(height)) = (size(width), size(height)) else {
            return Err(Problem::damaged("its size is not valid"));
        };
        if width == 0 || height == 0 || samples == 0 || samples > MAX_SAMPLES {
            return Err(Problem::damaged(format!(
                "it states {width} x {height} pixels of {samples} samples"
            )));
        }
        // RowsPerStrip of 0 or beyond the height: one strip.
        let rows = match size(rows) {
            Some(rows @ 1..) => rows.min(height),
            _ => height,
        };
        let tiled = tile.0 > 0;
        let block = match tiled {
            true => match (size(tile.0), size(tile.1)) {
                (Some(across), Some(down @ 1..)) => (across, down),
                _ => return Err(Problem::damaged("the size of its tiles is not valid")),
            },
            false => (width, rows),
        };
        let layout = Self {
            width,
            height,
            block,
            tiled,
            planar,
            depths: depths(source, directory, samples as usize)?,
            order: directory.order(),
            compression,
            predictor,
            reversed,
            photometric,
            subsampling: subsampling(source, directory, compression, photometric, planar)?,
            jpeg_tables: directory.bytes(source, tag::JPEG_TABLES, MAX_TABLES),
            lerc_compression: lerc.get(1).copied().unwrap_or(0),
            t4_options,
        };
        layout.check()?;
        Ok(layout)
    }

    /// Whether samples are indices into a palette.
    pub fn is_palette(&self) -> bool {
        self.photometric == PALETTE
    }

    /// Samples per pixel in one block.
    pub fn samples_per_block(&self) -> usize {
        if self.planar { 1 } else { self.depths.len() }
    }

    /// Number of planes that a piece of the image consists of.
    pub fn planes(&self) -> usize {
        if self.planar { self.depths.len() } else { 1 }
    }

    /// The depths of the samples in blocks of that plane.
    pub fn depths_of(&self, plane: usize) -> &[Depth] {
        match self.planar {
            true => &self.depths[plane..=plane],
            false => &self.depths,
        }
    }

    /// Bytes of one row of a block of that plane; every row starts with a new byte. None if it is beyond 64 bits.
    pub fn row_bytes(&self, plane: usize) -> Option<u64> {
        let bits = self.depths_of(plane).iter();
        let bits: u64 = bits.map(|depth| u64::from(depth.bits)).sum();
        Some((self.block.0 as u64).checked_mul(bits)?.div_ceil(8))
    }

    /// Bytes of `rows` rows of a decompressed block of that plane.
    pub fn block_bytes(&self, plane: usize, rows: usize) -> Option<u64> {
        match self.subsampling {
            Some((across, down)) => {
                let units = self.block.0.div_ceil(across) as u64 * rows.div_ceil(down) as u64;
                units.checked_mul((across * down + 2) as u64)
            }
            None => self.row_bytes(plane)?.checked_mul(rows as u64),
        }
    }

    /// A block of `rows` rows of that plane, as codecs need to know it.
    pub fn shape(&self, plane: usize, rows: usize) -> Shape<'_> {
        let bytes = self.block_bytes(plane, rows).unwrap_or(u64::MAX);
        Shape {
            depths: self.depths_of(plane),
            width: self.block.0,
            rows,
            whole_rows: self.block.1,
            bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
            reversed: self.reversed,
            luma: self.photometric == YCBCR,
            jpeg_tables: self.jpeg_tables.as_deref(),
            lerc_compression: self.lerc_compression,
            t4_options: self.t4_options,
        }
    }

    fn check(&self) -> Result<(), Problem> {
        let first = self.depths[0];
        if let Some(other) = self.depths.iter().find(|depth| !depth.is_known()) {
            let found = format!("{} samples", other.name());
            return Err(Problem::unsupported(found, REWRITE));
        }
        let same = self.depths.iter().all(|depth| *depth == first);
        let mixed = !same && !self.planar;
        let bits: Vec<String> = self.depths.iter().map(|one| one.bits.to_string()).collect();
        let with = |what: &str| {
            let found = format!("{} samples of {} bits", what, bits.join(" and "));
            Err(Problem::unsupported(found, REWRITE))
        };
        let bytes = [Depth {
            bits: 8,
            format: Format::Unsigned,
        }; 3];
        if self.subsampling.is_some() && self.depths != bytes {
            return with("subsampled YCbCr");
        }
        match self.predictor {
            1 => {}
            2 if !mixed && matches!(first.bits, 8 | 16 | 32 | 64) => {}
            3 if !mixed && first.format == Format::Float => {}
            2 | 3 => return with("predicted"),
            other => return Err(Problem::damaged(format!("its predictor is {other}"))),
        }
        if !self.compression.fits(&self.depths, self.planar) {
            return with(self.compression.name());
        }
        Ok(())
    }
}

/// The depth of each sample. Fewer numbers than samples: the last one holds for the others.
fn depths(
    source: &mut ByteSource,
    directory: &Directory,
    samples: usize,
) -> Result<Vec<Depth>, Problem> {
    let most = samples as u64;
    let bits = directory.numbers(source, tag::BITS_PER_SAMPLE, most)?;
    let bits = bits.filter(|list| !list.is_empty()).unwrap_or(vec![1]);
    let formats = directory.numbers(source, tag::SAMPLE_FORMAT, most)?;
    let formats = formats.filter(|list| !list.is_empty()).unwrap_or(vec![1]);
    let nth = |list: &[u64], at: usize| list[at.min(list.len() - 1)];
    let mut depths = Vec::with_capacity(samples);
    for at in 0..samples {
        let format = match nth(&formats, at) {
            2 => Format::Signed,
            3 => Format::Float,
            5 | 6 => {
                return Err(Problem::unsupported(
                    "complex numbers as samples",
                    REAL_PART,
                ));
            }
            // 4 is undefined, which writers use for plain numbers.
            _ => Format::Unsigned,
        };
        let bits = nth(&bits, at);
        let bits = u16::try_from(bits).ok().filter(|&bits| bits > 0);
        let Some(bits) = bits else {
            return Err(Problem::damaged(
                "its number of bits per sample is not valid",
            ));
        };
        depths.push(Depth { bits, format });
    }
    Ok(depths)
}

/// Luma samples per chroma sample; None unless the blocks are made of luma and chroma units. JPEG has its own.
fn subsampling(
    source: &mut ByteSource,
    directory: &Directory,
    compression: Compression,
    photometric: u16,
    planar: bool,
) -> Result<Option<(usize, usize)>, Problem> {
    if photometric != YCBCR || compression.has_own_colours() || planar {
        return Ok(None);
    }
    let stated = directory.numbers(source, tag::YCBCR_SUBSAMPLING, 2)?;
    match stated.as_deref() {
        None => Ok(Some((2, 2))),
        Some([1, 1]) => Ok(None),
        Some(&[across @ (1 | 2 | 4), down @ (1 | 2 | 4)]) => {
            Ok(Some((across as usize, down as usize)))
        }
        Some(_) => Err(Problem::damaged("its subsampling of chroma is not valid")),
    }
}
