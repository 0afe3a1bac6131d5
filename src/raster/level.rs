//! One image of a TIFF, the scene itself or an overview, read block by block.

use super::blocks::Blocks;
use super::depth::kind_of;
use super::directory::Directory;
use super::layout::Layout;
use super::predictor::{add_up, add_up_floats};
use super::problem::{Problem, REWRITE};
use super::reader::ByteSource;
use super::samples::OwnedSamples;
use super::subsampled::full_chroma;
use super::unpack::unpack;
use crate::vision::Window;

/// Maximum memory for a block, in bytes: stored, decoded, as samples and as colours.
pub const MAX_BLOCK_BYTES: u64 = 256 << 20;

/// One image of a TIFF.
#[derive(Debug)]
pub struct Level {
    /// How it is stored.
    pub layout: Layout,
    blocks: Blocks,
    kind: OwnedSamples,
    fill: Vec<f64>,
    indices: bool,
}

/// The bytes of a block as stored, for each plane; None if it was never written.
#[derive(Debug)]
pub struct Fetched(Vec<Option<Vec<u8>>>);

impl Fetched {
    /// Number of bytes.
    pub fn bytes(&self) -> usize {
        self.0.iter().flatten().map(Vec::len).sum()
    }
}

impl Level {
    /// Opens the image in `directory`.
    ///
    /// # Errors
    /// Fails if the file is damaged, incomplete, or of a kind that is not supported.
    pub fn open(source: &mut ByteSource, directory: &Directory) -> Result<Self, Problem> {
        let mut layout = Layout::read(source, directory)?;
        let kind = kind_of(&layout.depths);
        let blocks = Blocks::read(source, directory, &mut layout)?;
        check_size(&layout, &kind)?;
        let fill = vec![0.0; layout.depths.len()];
        Ok(Self {
            layout,
            blocks,
            kind,
            fill,
            indices: false,
        })
    }

    /// Sets the no-data values of the bands, which pixels have that were never written, and whether samples are palette
    /// indices.
    pub fn set_meaning(&mut self, no_data: &[Option<f64>], indices: bool) {
        let value = |band| no_data.get(band).copied().flatten().unwrap_or(0.0);
        self.fill = (0..self.samples()).map(value).collect();
        self.indices = indices;
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.layout.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.layout.height
    }

    /// Samples per pixel.
    pub fn samples(&self) -> usize {
        self.layout.depths.len()
    }

    /// An empty list of the samples' type.
    pub fn kind(&self) -> &OwnedSamples {
        &self.kind
    }

    /// Whether samples are scaled to 0..255, because they have fewer than 8 bits and are not palette indices.
    pub fn is_scaled(&self) -> bool {
        !self.indices && matches!(self.kind, OwnedSamples::U8(_))
    }

    /// Bytes of a block's samples and colours.
    pub fn block_bytes(&self) -> usize {
        let pixels = self.layout.block.0 * self.layout.block.1;
        pixels * (self.samples() * self.kind.sample_bytes() + 4)
    }

    /// Number of blocks that are listed.
    pub fn blocks(&self) -> usize {
        self.blocks.count()
    }

    /// Number of blocks per row of blocks.
    fn across(&self) -> usize {
        self.width().div_ceil(self.layout.block.0)
    }

    /// Returns the numbers of the blocks that overlap `window`, row by row.
    pub fn blocks_of(&self, window: &Window) -> Vec<u32> {
        let (across, down) = self.layout.block;
        let columns = window.x / across..window.right().div_ceil(across);
        let rows = window.y / down..window.bottom().div_ceil(down);
        rows.flat_map(|row| columns.clone().map(move |column| (row, column)))
            .map(|(row, column)| (row * self.across() + column) as u32)
            .collect()
    }

    /// Returns the pixels that block `number` covers.
    pub fn place(&self, number: u32) -> Window {
        let (across, down) = self.layout.block;
        let (x, y) = (
            number as usize % self.across() * across,
            number as usize / self.across() * down,
        );
        let (width, height) = (across.min(self.width() - x), down.min(self.height() - y));
        Window::new(x, y, width, height)
    }

    /// Number of stored rows of block `number`: tiles always have their full height.
    fn rows(&self, number: u32) -> usize {
        match self.layout.tiled {
            true => self.layout.block.1,
            false => self.place(number).height,
        }
    }

    /// Reads the bytes of block `number`.
    ///
    /// # Errors
    /// Fails if the reader fails.
    pub fn fetch(&self, source: &mut ByteSource, number: u32) -> Result<Fetched, Problem> {
        let place = self.place(number);
        let rows = place.y..place.bottom();
        let plane = |plane| {
            let (layout, rows) = (&self.layout, rows.clone());
            self.blocks
                .fetch(source, layout, plane, number as usize, rows)
        };
        let planes: Result<Vec<_>, Problem> = (0..self.layout.planes()).map(plane).collect();
        Ok(Fetched(planes?))
    }

    /// Decodes block `number` to the samples of the pixels that it covers, with the bands interleaved.
    ///
    /// # Errors
    /// Fails if the block is damaged.
    pub fn decode(&self, number: u32, fetched: Fetched) -> Result<OwnedSamples, Problem> {
        let place = self.place(number);
        let each = self.layout.samples_per_block();
        let mut found = Vec::with_capacity(fetched.0.len());
        for (plane, bytes) in fetched.0.into_iter().enumerate() {
            found.push(match bytes {
                Some(bytes) => {
                    let samples = self.plane(bytes, plane, self.rows(number))?;
                    self.cut(samples, each, &place)
                }
                None => {
                    let fill = &self.fill[plane..plane + each];
                    self.kind.filled(place.pixels() as usize, fill)
                }
            });
        }
        match found.len() {
            1 => Ok(found.remove(0)),
            _ => Ok(OwnedSamples::interleaved(&found)),
        }
    }

    /// Reads and decodes block `number`.
    ///
    /// # Errors
    /// Fails if the block is damaged or the reader fails.
    pub fn read(&self, source: &mut ByteSource, number: u32) -> Result<OwnedSamples, Problem> {
        let fetched = self.fetch(source, number)?;
        self.decode(number, fetched)
    }

    /// Decodes a block of `rows` rows of one plane.
    fn plane(&self, bytes: Vec<u8>, plane: usize, rows: usize) -> Result<OwnedSamples, Problem> {
        let layout = &self.layout;
        let shape = layout.shape(plane, rows);
        let depths = shape.depths;
        let mut decoded = layout.compression.decode(bytes, &shape)?;
        if let Some(units) = layout.subsampling {
            return Ok(OwnedSamples::U8(full_chroma(
                &decoded,
                layout.block.0,
                rows,
                units,
            )));
        }
        let order = layout.compression.order(layout.order);
        let (row, bits) = (shape.bytes / rows.max(1), depths[0].bits);
        match layout.predictor {
            2 => add_up(&mut decoded, row, depths.len(), bits, order),
            3 => add_up_floats(&mut decoded, row, depths.len(), bits, order),
            _ => {}
        }
        let samples = layout.block.0 * depths.len();
        let scaled = self.is_scaled();
        Ok(unpack(decoded, depths, samples, order, &self.kind, scaled))
    }

    /// Cuts the samples of a block, `each` per pixel, to the pixels that are in the image.
    fn cut(&self, samples: OwnedSamples, each: usize, place: &Window) -> OwnedSamples {
        let (row, wanted) = (self.layout.block.0 * each, place.width * each);
        if row == wanted && samples.as_samples().len() == row * place.height {
            return samples;
        }
        let mut cut = self.kind.clone();
        for y in 0..place.height {
            cut.extend_from(&samples, y * row..y * row + wanted);
        }
        cut
    }
}

/// Checks that a block fits in memory, with room for its samples and colours.
fn check_size(layout: &Layout, kind: &OwnedSamples) -> Result<(), Problem> {
    let size = |plane| layout.block_bytes(plane, layout.block.1);
    let stored = (0..layout.planes())
        .map(size)
        .try_fold(0, |sum: u64, bytes| sum.checked_add(bytes?));
    let pixels = (layout.block.0 as u64).checked_mul(layout.block.1 as u64);
    let total = stored.zip(pixels).and_then(|(stored, pixels)| {
        let decoding = layout
            .compression
            .working_bytes(stored)?
            .checked_add(stored)?;
        // Samples of 8 bits are used as they are stored.
        let samples = match kind {
            OwnedSamples::U8(_) if !layout.planar && layout.subsampling.is_none() => 0,
            _ => kind.sample_bytes() as u64 * layout.depths.len() as u64,
        };
        let colouring = pixels.checked_mul(samples + 4)?.checked_add(stored)?;
        Some(decoding.max(colouring))
    });
    match total {
        Some(total) if total <= MAX_BLOCK_BYTES => Ok(()),
        _ => {
            let what = if layout.tiled { "tiles" } else { "strips" };
            let (across, down) = layout.block;
            let found = format!("{what} of {across} x {down} pixels");
            Err(Problem::unsupported(found, REWRITE))
        }
    }
}
