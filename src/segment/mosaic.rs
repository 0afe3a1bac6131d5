//! The probabilities of many tiles, blended into one map.
//!
//! With an overview, its map and the blended closer looks are joined, thing by thing. Until all closer looks are added,
//! each pixel has the larger of both.
//!
//! Only integers are used: where tiles overlap, their weights add up to exactly one, so the map does not depend on the
//! order of the tiles, on the requested region, or on the platform.

use std::collections::BTreeSet;

use thiserror::Error;

use super::axis::{Axis, FULL};
use super::closer::shows_small_things;
use super::looks::{join, larger};
use super::tiles::{Tile, TilePlan};
use crate::vision::Window;

/// Why a tile was not added.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum MosaicError {
    /// The number of probabilities differs from the number of the tile's pixels.
    #[error("a tile of {expected} pixels was given {found} probabilities")]
    Length {
        /// Pixels of the tile.
        expected: usize,
        /// Probabilities given.
        found: usize,
    },
    /// The tile was added before, or its rows were already taken.
    #[error("the tile at {x}, {y} was already added to the map")]
    Twice {
        /// Column of its first pixel.
        x: usize,
        /// Row of its first pixel.
        y: usize,
    },
    /// Not a tile of this plan.
    #[error("the tile at {x}, {y} does not belong to this map")]
    Foreign {
        /// Column of its first pixel.
        x: usize,
        /// Row of its first pixel.
        y: usize,
    },
}

/// A map that grows tile by tile.
///
/// [`Mosaic::values`] is the map so far; for maps too large for memory, [`Mosaic::take_rows`] returns the finished rows
/// and drops them.
#[derive(Debug, Clone)]
pub struct Mosaic {
    columns: Axis,
    rows: Axis,
    region: Window,
    /// First row that is kept, in map pixels of the grid.
    top: usize,
    /// Sums of `probability * weight` for rows from `top` on, where a weight of 256 is one. Grows as tiles are added.
    sums: Vec<u16>,
    added: BTreeSet<(usize, usize)>,
    /// Sum of all weights so far.
    weight: u64,
    /// None until it is added, if the plan has one.
    overview: Option<Overview>,
}

/// The map of an overview.
#[derive(Debug, Clone)]
struct Overview {
    values: Vec<u8>,
    /// Whether it shows small things.
    is_small: bool,
}

impl Mosaic {
    /// An empty map for `plan`.
    pub fn new(plan: &TilePlan) -> Self {
        let (columns, rows) = plan.axes();
        let region = plan.map_region();
        Self {
            columns,
            rows,
            region,
            top: region.y,
            sums: Vec::new(),
            added: BTreeSet::new(),
            weight: 0,
            overview: None,
        }
    }

    /// Adds the probabilities of `tile`, 0 to 255, `[place.height, place.width]`.
    ///
    /// # Errors
    /// Fails if the number of values is wrong, or the tile is not part of the plan or was added before.
    pub fn add(&mut self, tile: &Tile, probabilities: &[u8]) -> Result<(), MosaicError> {
        let Window { x, y, .. } = tile.place;
        let expected = tile.place.width * tile.place.height;
        if probabilities.len() != expected {
            let found = probabilities.len();
            return Err(MosaicError::Length { expected, found });
        }
        if tile.is_overview() {
            return self.add_overview(tile, probabilities);
        }
        let part = tile.place.intersection(&self.region);
        if part.is_empty() || !self.has(tile) {
            return Err(MosaicError::Foreign { x, y });
        }
        if part.y < self.top || !self.added.insert((tile.row, tile.column)) {
            return Err(MosaicError::Twice { x, y });
        }
        let width = self.region.width;
        let needed = (part.bottom() - self.top) * width;
        if self.sums.len() < needed {
            self.sums.resize(needed, 0);
        }
        let across: Vec<u32> = (part.x..part.right())
            .map(|at| self.columns.weight(tile.column, at))
            .collect();
        let total: u64 = across.iter().map(|&weight| u64::from(weight)).sum();
        for at in part.y..part.bottom() {
            let down = self.rows.weight(tile.row, at);
            self.weight += total * u64::from(down);
            let source = (at - tile.place.y) * tile.place.width + part.x - tile.place.x;
            let target = (at - self.top) * width + part.x - self.region.x;
            let sums = &mut self.sums[target..target + part.width];
            let values = &probabilities[source..source + part.width];
            for ((sum, &value), &weight) in sums.iter_mut().zip(values).zip(&across) {
                // At most 255 * 256 for all tiles together. Each of the up to four terms is truncated by less than
                // 1/256 of a probability step; the rounding in `whole` compensates for that.
                *sum += (u32::from(value) * weight * down / FULL) as u16;
            }
        }
        Ok(())
    }

    fn add_overview(&mut self, tile: &Tile, values: &[u8]) -> Result<(), MosaicError> {
        let Window { x, y, .. } = tile.place;
        if tile.place != self.region {
            return Err(MosaicError::Foreign { x, y });
        }
        if self.overview.is_some() || self.top != self.region.y {
            return Err(MosaicError::Twice { x, y });
        }
        self.overview = Some(Overview {
            values: values.to_vec(),
            is_small: shows_small_things(values, self.region.width),
        });
        Ok(())
    }

    /// Whether the map is complete with the overview alone: whether that was added, and shows no small things. False if
    /// the plan has no overview.
    pub fn is_enough(&self) -> bool {
        self.overview.as_ref().is_some_and(|seen| !seen.is_small)
    }

    fn has(&self, tile: &Tile) -> bool {
        let Window {
            x,
            y,
            width,
            height,
        } = tile.place;
        tile.column < self.columns.count()
            && tile.row < self.rows.count()
            && self.columns.span(tile.column) == (x..x + width)
            && self.rows.span(tile.row) == (y..y + height)
    }

    /// The weight of tiles or closer looks that cover the whole map.
    fn whole(&self) -> u64 {
        u64::from(FULL * FULL) * self.region.pixels()
    }

    /// Share of the map that is covered, 0 to 1.
    pub fn covered(&self) -> f64 {
        if self.overview.is_some() {
            return 1.0;
        }
        self.weight as f64 / self.whole() as f64
    }

    /// The map so far, 0 to 255, `[height, width]` without the rows that were taken. It is 0 where no tile was added
    /// yet.
    pub fn values(&self) -> Vec<u8> {
        let mut values = whole(&self.sums);
        values.resize((self.region.bottom() - self.top) * self.region.width, 0);
        match &self.overview {
            Some(overview) if self.weight == self.whole() => {
                join(&overview.values, &values, self.region.width)
            }
            Some(overview) => larger(&overview.values, &values),
            None => values,
        }
    }

    /// Takes the rows above `end` that were not taken yet; `end` is in map pixels of the grid, as
    /// [`TilePlan::first_open_row`] returns it. No tile may be added to these rows afterwards. With an overview, all
    /// rows are taken together: the things in them are joined as a whole.
    pub fn take_rows(&mut self, end: usize) -> Vec<u8> {
        let end = end.clamp(self.top, self.region.bottom());
        if self.overview.is_some() {
            let all = end == self.region.bottom();
            let values = if all { self.values() } else { Vec::new() };
            self.top = if all { end } else { self.top };
            return values;
        }
        let count = (end - self.top) * self.region.width;
        let known = count.min(self.sums.len());
        let mut values = whole(&self.sums[..known]);
        values.resize(count, 0);
        self.sums.drain(..known);
        self.top = end;
        values
    }
}

fn whole(sums: &[u16]) -> Vec<u8> {
    let half = FULL / 2;
    sums.iter()
        .map(|&sum| ((u32::from(sum) + half) / FULL) as u8)
        .collect()
}
