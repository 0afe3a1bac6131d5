//! The destination of decoded blocks.

use super::block::Block;
use super::error::JpegError;
use super::frame::Frame;
use super::idct::idct;

/// Takes the blocks of a picture while its scans are read.
pub trait Store {
    /// Passes the block `at` (column, row) of a component, with the values of earlier passes, to `read`, and stores the
    /// result.
    ///
    /// # Errors
    /// Returns the error of `read`.
    fn block(
        &mut self,
        component: usize,
        at: (usize, usize),
        read: &mut dyn FnMut(&mut Block) -> Result<(), JpegError>,
    ) -> Result<(), JpegError>;

    /// Sets the quantisation of a component, before its first block.
    fn quantise(&mut self, _component: usize, _table: &[u16; 64]) {}
}

/// Drops the blocks of a sequential picture, to check that they are there.
pub struct Dropped;

impl Store for Dropped {
    fn block(
        &mut self,
        _component: usize,
        _at: (usize, usize),
        read: &mut dyn FnMut(&mut Block) -> Result<(), JpegError>,
    ) -> Result<(), JpegError> {
        read(&mut [0; 64])
    }
}

/// Stores only which coefficients of a progressive picture are nonzero, because later passes depend on nothing else: 8
/// bytes per block.
pub struct Marked {
    marks: Vec<Vec<u64>>,
    across: Vec<usize>,
}

impl Marked {
    /// Room for the blocks of `frame`.
    pub fn new(frame: &Frame) -> Self {
        let parts = frame.components.iter();
        Self {
            marks: parts
                .clone()
                .map(|one| vec![0; one.stored.0 * one.stored.1])
                .collect(),
            across: parts.map(|one| one.stored.0).collect(),
        }
    }
}

impl Store for Marked {
    fn block(
        &mut self,
        component: usize,
        (x, y): (usize, usize),
        read: &mut dyn FnMut(&mut Block) -> Result<(), JpegError>,
    ) -> Result<(), JpegError> {
        let marks = &mut self.marks[component][y * self.across[component] + x];
        let mut block = [0; 64];
        for (at, value) in block.iter_mut().enumerate() {
            *value = (*marks >> at & 1) as i16;
        }
        read(&mut block)?;
        let bits = block
            .iter()
            .enumerate()
            .map(|(at, &value)| u64::from(value != 0) << at);
        *marks = bits.fold(0, |all, bit| all | bit);
        Ok(())
    }
}

/// The samples of one component, whole blocks.
#[derive(Debug, Clone)]
pub struct Plane {
    /// Samples, row by row.
    pub samples: Vec<u8>,
    /// Samples in a row.
    pub stride: usize,
    quantisation: [u16; 64],
}

impl Plane {
    fn put(&mut self, (x, y): (usize, usize), block: &Block) {
        let start = y * 8 * self.stride + x * 8;
        idct(
            block,
            &self.quantisation,
            &mut self.samples[start..],
            self.stride,
        );
    }
}

/// Samples of a sequential picture: each block is transformed as soon as it is read.
pub struct Planes(pub Vec<Plane>);

impl Planes {
    /// Room for the samples of `frame`.
    pub fn new(frame: &Frame) -> Self {
        let plane = |stored: (usize, usize)| Plane {
            samples: vec![0; stored.0 * stored.1 * 64],
            stride: stored.0 * 8,
            quantisation: [1; 64],
        };
        Self(
            frame
                .components
                .iter()
                .map(|one| plane(one.stored))
                .collect(),
        )
    }
}

impl Store for Planes {
    fn block(
        &mut self,
        component: usize,
        at: (usize, usize),
        read: &mut dyn FnMut(&mut Block) -> Result<(), JpegError>,
    ) -> Result<(), JpegError> {
        let mut block = [0; 64];
        read(&mut block)?;
        self.0[component].put(at, &block);
        Ok(())
    }

    fn quantise(&mut self, component: usize, table: &[u16; 64]) {
        self.0[component].quantisation = *table;
    }
}

/// Coefficients of a progressive picture: 2 bytes per sample.
pub struct Kept {
    blocks: Vec<Vec<Block>>,
    stored: Vec<(usize, usize)>,
    quantisation: Vec<[u16; 64]>,
}

impl Kept {
    /// Room for the coefficients of `frame`.
    pub fn new(frame: &Frame) -> Self {
        let stored: Vec<_> = frame.components.iter().map(|one| one.stored).collect();
        Self {
            blocks: stored
                .iter()
                .map(|size| vec![[0; 64]; size.0 * size.1])
                .collect(),
            quantisation: vec![[1; 64]; stored.len()],
            stored,
        }
    }

    /// The samples, when all passes are read.
    pub fn into_planes(self, frame: &Frame) -> Planes {
        let mut planes = Planes::new(frame);
        let parts = self
            .blocks
            .into_iter()
            .zip(&self.stored)
            .zip(&self.quantisation);
        for (plane, ((blocks, stored), table)) in planes.0.iter_mut().zip(parts) {
            plane.quantisation = *table;
            for (at, block) in blocks.iter().enumerate() {
                plane.put((at % stored.0, at / stored.0), block);
            }
        }
        planes
    }
}

impl Store for Kept {
    fn block(
        &mut self,
        component: usize,
        (x, y): (usize, usize),
        read: &mut dyn FnMut(&mut Block) -> Result<(), JpegError>,
    ) -> Result<(), JpegError> {
        read(&mut self.blocks[component][y * self.stored[component].0 + x])
    }

    fn quantise(&mut self, component: usize, table: &[u16; 64]) {
        self.quantisation[component] = *table;
    }
}
