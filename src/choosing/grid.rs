//! Choosing on a smaller grid than the map's own, and applying the choice to the full map.

use crate::vision::LOWEST_PROBABILITY;

/// Maximum number of pixels of the grid on which objects are chosen.
pub const MOST_PIXELS: usize = 4_000_000;

/// A map reduced by an integer factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Width in cells.
    pub width: usize,
    /// Height in cells.
    pub height: usize,
    /// Pixels of the map along one side of a cell.
    pub factor: usize,
    /// Mean of the map in every cell, `[height, width]`.
    pub map: Vec<u8>,
}

/// Builds a [`Grid`] row by row, so that the map need not be in memory.
#[derive(Debug)]
pub struct GridBuilder {
    grid: Grid,
    /// Width and height of the map in pixels.
    size: (usize, usize),
    /// Number of rows that were added so far.
    rows: usize,
    sums: Vec<u32>,
}

impl GridBuilder {
    /// Creates a builder for a map of `width` x `height` pixels, with the smallest factor that leaves at most `most`
    /// cells.
    pub fn new(width: usize, height: usize, most: usize) -> Self {
        let cells = |factor: usize| width.div_ceil(factor) * height.div_ceil(factor);
        let mut factor = 1;
        while cells(factor) > most.max(1) {
            factor += 1;
        }
        let (columns, rows) = (width.div_ceil(factor), height.div_ceil(factor));
        let grid = Grid {
            width: columns,
            height: rows,
            factor,
            map: Vec::with_capacity(columns * rows),
        };
        Self {
            grid,
            size: (width, height),
            rows: 0,
            sums: vec![0; columns],
        }
    }

    /// Adds the next row of the map.
    pub fn push(&mut self, row: &[u8]) {
        let factor = self.grid.factor;
        for (sum, cell) in self.sums.iter_mut().zip(row.chunks(factor)) {
            *sum += cell.iter().map(|&value| u32::from(value)).sum::<u32>();
        }
        self.rows += 1;
        if self.rows.is_multiple_of(factor) || self.rows == self.size.1 {
            let high = (self.rows - 1) % factor + 1;
            for (column, sum) in self.sums.iter_mut().enumerate() {
                let wide = factor.min(self.size.0 - column * factor);
                let count = (wide * high) as u32;
                self.grid.map.push(((*sum + count / 2) / count) as u8);
                *sum = 0;
            }
        }
    }

    /// Returns the grid, after the last row.
    pub fn finish(self) -> Grid {
        self.grid
    }
}

/// The grid of a map in memory, `width` wide, of at most `most` cells.
pub fn decimate(map: &[u8], width: usize, most: usize) -> Grid {
    let width = width.max(1);
    let mut builder = GridBuilder::new(width, map.len() / width, most);
    map.chunks_exact(width).for_each(|row| builder.push(row));
    builder.finish()
}

/// Lowers the values of map pixels that are not chosen: [`LOWEST_PROBABILITY`], or 0 without data.
fn clear(values: &mut [u8]) {
    for value in values {
        *value = (*value).min(LOWEST_PROBABILITY);
    }
}

/// Raises the values of `chosen`, the map of a choice, to [`LOWEST_PROBABILITY`] where `map`, one of the maps chosen
/// from, has data. A choice has 0 wherever it chose nothing, and in a finished map 0 means no data.
pub fn keep_data(chosen: &mut [u8], map: &[u8]) {
    for (value, &known) in chosen.iter_mut().zip(map) {
        *value = (*value).max(known.min(LOWEST_PROBABILITY));
    }
}

/// Turns the map of a choice into that of everything else: probabilities become those of the opposite. Pixels without
/// data, 0, stay.
pub fn complement(map: &mut [u8]) {
    for value in map.iter_mut().filter(|value| **value > 0) {
        *value = (u8::MAX - *value).max(LOWEST_PROBABILITY);
    }
}

/// Applies a choice made on a grid to the full map.
#[derive(Debug, Clone)]
pub struct Restriction {
    width: usize,
    factor: usize,
    /// `[height, width]` of the grid.
    keep: Vec<bool>,
}

impl Restriction {
    /// Creates it from what a choice keeps (`keep`, of [`Chosen`](super::Chosen)) on a grid `width` cells wide, with
    /// cells of `factor` x `factor` pixels. With a factor above 1 the kept area grows by one cell, except into `taken`
    /// cells, which belong to objects: edges of an object reach into cells that are mostly outside of it.
    pub fn new(keep: &[bool], taken: impl Fn(usize) -> bool, width: usize, factor: usize) -> Self {
        let width = width.max(1);
        let mut grown = keep.to_vec();
        if factor > 1 {
            for at in (0..keep.len()).filter(|&at| keep[at]) {
                for (near, _) in super::flood::neighbours(at, width, keep.len()) {
                    grown[near] |= !taken(near);
                }
            }
        }
        Self {
            width,
            factor: factor.max(1),
            keep: grown,
        }
    }

    /// Sets every value in row `y` of the full map that the choice does not keep to [`LOWEST_PROBABILITY`], or 0 where
    /// it has no data.
    pub fn apply_row(&self, row: &mut [u8], y: usize) {
        let start = (y / self.factor * self.width).min(self.keep.len());
        let cells = &self.keep[start..(start + self.width).min(self.keep.len())];
        for (x, cell) in row.chunks_mut(self.factor).enumerate() {
            if !cells.get(x).copied().unwrap_or(false) {
                clear(cell);
            }
        }
    }

    /// Applies the choice to all rows of a full map of `width` columns.
    pub fn apply(&self, map: &mut [u8], width: usize) {
        for (y, row) in map.chunks_exact_mut(width.max(1)).enumerate() {
            self.apply_row(row, y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_means_and_edges_count_what_they_have() {
        let map: Vec<u8> = (0..35).map(|at| if at % 7 < 3 { 200 } else { 0 }).collect();
        let grid = decimate(&map, 7, 12);
        assert_eq!((grid.width, grid.height, grid.factor), (4, 3, 2));
        assert_eq!(grid.map[..4], [200, 100, 0, 0]);
        assert_eq!(grid.map[8..], [200, 100, 0, 0]);
        let same = decimate(&map, 7, 35);
        assert_eq!((same.factor, same.map), (1, map));
    }

    #[test]
    fn what_is_not_chosen_is_not_without_data() {
        let mut map = [0, 1, 90, 200, 0, 90];
        Restriction::new(&[false, true, false, true, true, false], |_| false, 6, 1)
            .apply(&mut map, 6);
        assert_eq!(map, [0, 1, 1, 200, 0, 1]);
        let mut chosen = [0, 0, 0, 200, 0, 0];
        keep_data(&mut chosen, &[0, 1, 90, 200, 0, 90]);
        assert_eq!(chosen, map);
    }

    #[test]
    fn a_choice_comes_back_with_its_edges() {
        let side = 40;
        let inside = |x: usize, y: usize| (3..14).contains(&x) && (3..14).contains(&y);
        let other = |x: usize, y: usize| (25..33).contains(&x) && (3..14).contains(&y);
        let pixel = |at: usize| {
            let (x, y) = (at % side, at / side);
            if inside(x, y) || other(x, y) { 255 } else { 0 }
        };
        let mut map: Vec<u8> = (0..side * side).map(pixel).collect();
        let grid = decimate(&map, side, 100);
        assert_eq!(grid.factor, 4);
        let taken = |at: usize| grid.map[at] >= 128;
        let keep: Vec<bool> = (0..100).map(|at| taken(at) && at % 10 < 5).collect();
        Restriction::new(&keep, taken, grid.width, grid.factor).apply(&mut map, side);
        for (at, &value) in map.iter().enumerate() {
            let kept = value > LOWEST_PROBABILITY;
            assert_eq!(kept, inside(at % side, at / side), "{at}");
        }
    }
}
