//! The probabilities of many tiles, blended into one map.
//!
//! Only integers are used: where tiles overlap, their weights add up to exactly one, so the map does not depend on the
//! order of the tiles, on the requested region, or on the platform.

use std::collections::BTreeSet;

use thiserror::Error;

use super::axis::{Axis, FULL};
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

    /// Share of the map that is covered, 0 to 1.
    pub fn covered(&self) -> f64 {
        let whole = u64::from(FULL * FULL) as f64 * self.region.pixels() as f64;
        self.weight as f64 / whole
    }

    /// The map so far, 0 to 255, `[height, width]` without the rows that were taken. It is 0 where no tile was added
    /// yet.
    pub fn values(&self) -> Vec<u8> {
        let mut values = whole(&self.sums);
        values.resize((self.region.bottom() - self.top) * self.region.width, 0);
        values
    }

    /// Takes the rows above `end` that were not taken yet; `end` is in map pixels of the grid, as
    /// [`TilePlan::first_open_row`] returns it. No tile may be added to these rows afterwards.
    pub fn take_rows(&mut self, end: usize) -> Vec<u8> {
        let end = end.clamp(self.top, self.region.bottom());
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Reproducible pseudo-random numbers.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 33) as usize % end
        }
    }

    /// Stands for the output of a network: two tiles over the same place have different values.
    fn answer(tile: &Tile) -> Vec<u8> {
        let seed = (tile.source.x * 7919 + tile.source.y * 104_729 + 1) as u64;
        let mut numbers = Numbers(seed);
        (0..tile.place.pixels())
            .map(|_| numbers.below(256) as u8)
            .collect()
    }

    fn mosaic(plan: &TilePlan) -> Mosaic {
        let mut mosaic = Mosaic::new(plan);
        for tile in plan.tiles() {
            mosaic.add(&tile, &answer(&tile)).expect("a tile");
        }
        assert_eq!(mosaic.covered(), 1.0);
        mosaic
    }

    /// Returns the size of a scene and a function that plans its regions.
    fn random_plan(numbers: &mut Numbers) -> ((usize, usize), impl Fn(Window) -> TilePlan + use<>) {
        let scene = (1 + numbers.below(160), 1 + numbers.below(160));
        let step = 1.0 + numbers.below(300) as f64 / 100.0;
        let side = 1 + numbers.below(40);
        let overlap = numbers.below(side.div_ceil(2));
        let plan =
            move |region| TilePlan::tiled(scene, region, step, side, overlap).expect("a plan");
        (scene, plan)
    }

    fn random_whole(numbers: &mut Numbers) -> TilePlan {
        let ((width, height), plan) = random_plan(numbers);
        plan(Window::all(width, height))
    }

    #[test]
    fn constant_tiles_make_a_constant_map() {
        let mut numbers = Numbers(1);
        for round in 0..300 {
            let plan = random_whole(&mut numbers);
            let value = [0, 1, 127, 128, 254, 255][round % 6];
            let mut mosaic = Mosaic::new(&plan);
            for tile in plan.tiles() {
                let values = vec![value; tile.place.pixels() as usize];
                mosaic.add(&tile, &values).expect("a tile");
            }
            assert!(
                mosaic.values().iter().all(|&found| found == value),
                "{plan:?}"
            );
        }
    }

    #[test]
    fn a_region_is_the_crop_of_the_whole() {
        let mut numbers = Numbers(2);
        for _ in 0..300 {
            let (scene, part) = random_plan(&mut numbers);
            let all = part(Window::all(scene.0, scene.1));
            let whole = mosaic(&all).values();
            let (width, height) = all.map_size();
            let (x, y) = (numbers.below(scene.0), numbers.below(scene.1));
            let region = Window::new(
                x,
                y,
                1 + numbers.below(scene.0 - x),
                1 + numbers.below(scene.1 - y),
            );
            let part = part(region);
            let at = part.map_region();
            assert!(at.right() <= width && at.bottom() <= height);
            let crop: Vec<u8> = (at.y..at.bottom())
                .flat_map(|y| whole[y * width + at.x..y * width + at.right()].to_vec())
                .collect();
            assert_eq!(mosaic(&part).values(), crop, "{region:?} of {all:?}");
        }
    }

    #[test]
    fn the_order_of_tiles_and_taking_rows_change_nothing() {
        let mut numbers = Numbers(3);
        for _ in 0..100 {
            let plan = random_whole(&mut numbers);
            let expected = mosaic(&plan).values();
            let mut tiles: Vec<_> = plan.tiles().collect();
            for index in (1..tiles.len()).rev() {
                tiles.swap(index, numbers.below(index + 1));
            }
            let mut shuffled = Mosaic::new(&plan);
            for tile in &tiles {
                shuffled.add(tile, &answer(tile)).expect("a tile");
            }
            assert_eq!(shuffled.values(), expected);

            let (mut banded, mut rows) = (Mosaic::new(&plan), Vec::new());
            for (index, tile) in plan.tiles().enumerate() {
                banded.add(&tile, &answer(&tile)).expect("a tile");
                rows.extend(banded.take_rows(plan.first_open_row(index + 1)));
            }
            assert_eq!(rows, expected);
        }
    }

    #[test]
    fn the_blend_stays_between_the_tiles() {
        let plan = TilePlan::tiled((100, 20), Window::all(100, 20), 1.0, 40, 10).expect("a plan");
        let mut mosaic = Mosaic::new(&plan);
        for (tile, value) in plan.tiles().zip([10, 210, 10]) {
            let values = vec![value; tile.place.pixels() as usize];
            mosaic.add(&tile, &values).expect("a tile");
        }
        let row = &mosaic.values()[..100];
        assert_eq!((row[29], row[30], row[39], row[40]), (10, 20, 200, 210));
        assert!(
            row[30..40].windows(2).all(|pair| pair[1] == pair[0] + 20),
            "{row:?}"
        );
    }

    #[test]
    fn what_does_not_belong_is_refused() {
        let plan = TilePlan::tiled((90, 40), Window::all(90, 40), 1.0, 40, 10).expect("a plan");
        let other = TilePlan::tiled((95, 40), Window::all(95, 40), 1.0, 30, 10).expect("a plan");
        let mut mosaic = Mosaic::new(&plan);
        let tile = plan.tile(0).expect("a tile");
        let length = mosaic.add(&tile, &[0; 3]);
        assert!(matches!(
            length,
            Err(MosaicError::Length {
                expected: 1600,
                found: 3
            })
        ));
        mosaic.add(&tile, &answer(&tile)).expect("a tile");
        assert!(mosaic.covered() > 0.35 && mosaic.covered() < 0.45);
        let twice = mosaic.add(&tile, &answer(&tile));
        assert_eq!(twice, Err(MosaicError::Twice { x: 0, y: 0 }));
        let foreign = other.tile(1).expect("a tile");
        let foreign = mosaic.add(&foreign, &answer(&foreign));
        assert!(matches!(foreign, Err(MosaicError::Foreign { .. })));
    }
}
