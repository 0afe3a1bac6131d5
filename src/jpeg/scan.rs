//! Scans: the entropy-coded data of one or several components.

use super::bits::Bits;
use super::block::{Block, Pass, ac_first, ac_refine, dc_first, dc_refine, sequential};
use super::error::JpegError;
use super::frame::Frame;
use super::huffman::Huffman;
use super::segments::Tables;
use super::store::Store;

const WRONG: JpegError = JpegError::Damaged("a scan header of the JPEG is not valid");
const NO_TABLE: JpegError = JpegError::Damaged("a table of the JPEG is missing");

/// A scan header (T.81, B.2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// For each component: its index, the number of its DC table, the number of its AC table.
    pub parts: Vec<(usize, usize, usize)>,
    /// The part of the coefficients that is coded, for a progressive picture.
    pub pass: Pass,
}

impl Scan {
    /// Reads the header's content behind its length.
    ///
    /// # Errors
    /// Fails if it is not valid for `frame`.
    pub fn read(content: &[u8], frame: &Frame) -> Result<Self, JpegError> {
        let (&count, rest) = content.split_first().ok_or(WRONG)?;
        let count = usize::from(count);
        if !(1..=4).contains(&count) || rest.len() != 2 * count + 3 {
            return Err(WRONG);
        }
        let mut parts: Vec<(usize, usize, usize)> = Vec::with_capacity(count);
        for pair in rest[..2 * count].chunks_exact(2) {
            let component = frame
                .components
                .iter()
                .position(|one| one.id == pair[0])
                .ok_or(WRONG)?;
            let (dc, ac) = (usize::from(pair[1] >> 4), usize::from(pair[1] & 15));
            if dc > 3 || ac > 3 || parts.iter().any(|part| part.0 == component) {
                return Err(WRONG);
            }
            parts.push((component, dc, ac));
        }
        let last = &rest[2 * count..];
        let pass = Pass {
            first: usize::from(last[0]),
            last: usize::from(last[1]),
            high: u32::from(last[2] >> 4),
            low: u32::from(last[2] & 15),
        };
        if frame.progressive {
            let alone = pass.first == 0 && pass.last == 0 || pass.first > 0 && count == 1;
            let ordered = pass.first <= pass.last && pass.last < 64;
            let refines = pass.high == 0 || pass.high == pass.low + 1;
            if !alone || !ordered || !refines || pass.low > 13 {
                return Err(WRONG);
            }
        }
        Ok(Self { parts, pass })
    }

    /// Reads all blocks of the scan, whose data begins at byte `at`. Returns the position of the marker after them.
    ///
    /// # Errors
    /// Fails if the data ends before the last block, is not valid, or a table is missing.
    pub fn decode(
        &self,
        bytes: &[u8],
        at: usize,
        frame: &Frame,
        tables: &Tables,
        store: &mut dyn Store,
    ) -> Result<usize, JpegError> {
        let mut reader = Reader {
            bits: Bits::new(bytes, at),
            pass: self.pass,
            progressive: frame.progressive,
            run: 0,
        };
        let mut coders = Vec::with_capacity(self.parts.len());
        for &(component, dc, ac) in &self.parts {
            let (dc, ac) = (tables.dc[dc].as_ref(), tables.ac[ac].as_ref());
            coders.push(Coder {
                component,
                dc,
                ac,
                before: 0,
            });
        }
        let alone = match coders.len() {
            1 => Some(&frame.components[coders[0].component]),
            _ => None,
        };
        let units = alone.map_or(frame.units(), |component| component.blocks);
        let mut until_restart = tables.restart;
        let mut restarts = 0u8;
        for y in 0..units.1 {
            for x in 0..units.0 {
                if tables.restart > 0 {
                    if until_restart == 0 {
                        reader.bits.restart(restarts % 8)?;
                        restarts = restarts.wrapping_add(1);
                        reader.run = 0;
                        coders.iter_mut().for_each(|coder| coder.before = 0);
                        until_restart = tables.restart;
                    }
                    until_restart -= 1;
                }
                for coder in &mut coders {
                    let component = coder.component;
                    let (across, down) = match alone {
                        Some(_) => (1, 1),
                        None => {
                            let part = &frame.components[component];
                            (part.across, part.down)
                        }
                    };
                    for v in 0..down {
                        for u in 0..across {
                            let place = (x * across + u, y * down + v);
                            store
                                .block(component, place, &mut |block| reader.block(coder, block))?;
                        }
                    }
                }
            }
        }
        if reader.bits.restarts() {
            return Err(JpegError::Damaged(
                "a restart marker of the JPEG is out of place",
            ));
        }
        Ok(reader.bits.marker())
    }
}

/// The tables and state for reading one component.
struct Coder<'a> {
    component: usize,
    dc: Option<&'a Huffman>,
    ac: Option<&'a Huffman>,
    /// DC coefficient of the block before.
    before: i32,
}

struct Reader<'a> {
    bits: Bits<'a>,
    pass: Pass,
    progressive: bool,
    /// Number of blocks without coefficients that still follow.
    run: u32,
}

impl Reader<'_> {
    fn block(&mut self, coder: &mut Coder<'_>, block: &mut Block) -> Result<(), JpegError> {
        let (dc, ac) = (coder.dc.ok_or(NO_TABLE), coder.ac.ok_or(NO_TABLE));
        let Pass {
            first, high, low, ..
        } = self.pass;
        match (self.progressive, first, high) {
            (false, ..) => sequential(&mut self.bits, (dc?, ac?), &mut coder.before, block),
            (true, 0, 0) => dc_first(&mut self.bits, dc?, &mut coder.before, low, block),
            (true, 0, _) => dc_refine(&mut self.bits, low, block),
            (true, _, 0) => ac_first(&mut self.bits, ac?, &self.pass, &mut self.run, block),
            (true, ..) => ac_refine(&mut self.bits, ac?, &self.pass, &mut self.run, block),
        }
    }
}
