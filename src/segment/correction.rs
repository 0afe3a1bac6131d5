//! Pixels that a user added to a mask or removed from it, kept apart from the probabilities.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::vision::{LOWEST_PROBABILITY, Mask};

/// Side of a tile in map pixels.
const SIDE: usize = 64;
/// States in a byte, two bits each.
const PER_BYTE: usize = 4;
const TILE_BYTES: usize = SIDE * SIDE / PER_BYTE;

/// The state of a pixel in a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// The pixel is as the mask was made from the probabilities.
    #[default]
    Unchanged,
    Added,
    Removed,
}

impl State {
    const fn code(self) -> u8 {
        match self {
            Self::Unchanged => 0,
            Self::Added => 1,
            Self::Removed => 2,
        }
    }

    const fn of(code: u8) -> Self {
        match code {
            1 => Self::Added,
            2 => Self::Removed,
            _ => Self::Unchanged,
        }
    }
}

/// The states of a square of pixels. Corrections that follow each other share the squares that did not change.
#[derive(Debug, Clone, PartialEq)]
enum Tile {
    Uniform(State),
    Mixed(Arc<[u8; TILE_BYTES]>),
}

/// A correction of a mask: each pixel is unchanged, added or removed.
///
/// It depends neither on the probabilities nor on the mask's settings, so it survives a change of the threshold. Memory
/// is needed only for squares of 64 x 64 pixels that are changed in part, a kilobyte each; a correction made from
/// another shares all squares that are the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    width: usize,
    height: usize,
    /// The state outside the tiles.
    base: State,
    /// By number, row-major.
    tiles: BTreeMap<usize, Tile>,
}

impl Correction {
    /// Creates a correction of masks of `width` x `height` pixels that changes nothing.
    pub fn none(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            base: State::Unchanged,
            tiles: BTreeMap::new(),
        }
    }

    /// Creates a correction that removes everything.
    pub fn nothing(width: usize, height: usize) -> Self {
        Self {
            base: State::Removed,
            ..Self::none(width, height)
        }
    }

    /// Returns this correction with the pixels of `runs` added or removed as well. A run is a range of pixel numbers
    /// (`y * width + x`) within one row. Pixels outside the map are ignored.
    pub fn with(&self, runs: &[Range<usize>], added: bool) -> Self {
        let state = if added { State::Added } else { State::Removed };
        let mut next = self.clone();
        if self.width == 0 {
            return next;
        }
        for run in runs {
            let end = run.end.min(self.width * self.height);
            let mut at = run.start;
            while at < end {
                let (x, y) = (at % self.width, at / self.width);
                // A piece of a run lies in one tile.
                let stop = (x / SIDE * SIDE + SIDE).min(self.width);
                let length = (stop - x).min(end - at);
                next.put(x, y, length, state);
                at += length;
            }
        }
        next.merge();
        next
    }

    /// Changes `mask` in place and returns how many pixels were added to it and how many removed. Pixels without data
    /// (probability 0 in `values`) are in no mask. Panics if the sizes differ, which is a programming error.
    pub fn apply(&self, mask: &mut Mask, values: &[u8]) -> (usize, usize) {
        assert_eq!(
            (mask.width(), mask.height(), values.len()),
            (self.width, self.height, self.width * self.height),
            "a correction has the size of its mask"
        );
        let (mut added, mut removed) = (0, 0);
        let mut change = |at: usize, state: State, bits: &mut [bool]| match state {
            State::Added if !bits[at] && values[at] >= LOWEST_PROBABILITY => {
                bits[at] = true;
                added += 1;
            }
            State::Removed if bits[at] => {
                bits[at] = false;
                removed += 1;
            }
            _ => {}
        };
        let bits = mask.bits_mut();
        if self.base == State::Unchanged {
            for (&number, tile) in &self.tiles {
                self.visit(number, tile, |at, state| change(at, state, bits));
            }
        } else {
            for number in 0..self.columns() * self.height.div_ceil(SIDE) {
                let base = Tile::Uniform(self.base);
                let tile = self.tiles.get(&number).unwrap_or(&base);
                self.visit(number, tile, |at, state| change(at, state, bits));
            }
        }
        (added, removed)
    }

    /// Whether the correction adds the pixel at column `x`, row `y`.
    pub fn adds(&self, x: usize, y: usize) -> bool {
        let tile = self.tiles.get(&(y / SIDE * self.columns() + x / SIDE));
        let state = match tile {
            None => self.base,
            Some(Tile::Uniform(state)) => *state,
            Some(Tile::Mixed(bytes)) => unpacked(bytes, y % SIDE * SIDE + x % SIDE),
        };
        x < self.width && y < self.height && state == State::Added
    }

    /// Bytes of the squares that are changed in part.
    pub fn bytes(&self) -> usize {
        let mixed = |tile: &&Tile| matches!(tile, Tile::Mixed(_));
        self.tiles.values().filter(mixed).count() * TILE_BYTES
    }

    /// Number of tiles in a row.
    fn columns(&self) -> usize {
        self.width.div_ceil(SIDE)
    }

    /// Calls `each` with every pixel of a tile that is in the map, and its state.
    fn visit(&self, number: usize, tile: &Tile, mut each: impl FnMut(usize, State)) {
        if *tile == Tile::Uniform(State::Unchanged) {
            return;
        }
        let (left, top) = (
            number % self.columns() * SIDE,
            number / self.columns() * SIDE,
        );
        for y in top..(top + SIDE).min(self.height) {
            for x in left..(left + SIDE).min(self.width) {
                let state = match tile {
                    Tile::Uniform(state) => *state,
                    Tile::Mixed(bytes) => unpacked(bytes, (y - top) * SIDE + x - left),
                };
                each(y * self.width + x, state);
            }
        }
    }

    /// Sets `length` pixels from column `x` of row `y` on, which lie in one tile.
    fn put(&mut self, x: usize, y: usize, length: usize, state: State) {
        let number = y / SIDE * self.columns() + x / SIDE;
        let base = self.base;
        let tile = self.tiles.entry(number).or_insert(Tile::Uniform(base));
        if *tile == Tile::Uniform(state) {
            return;
        }
        if let Tile::Uniform(before) = *tile {
            *tile = Tile::Mixed(Arc::new([before.code() * 0b0101_0101; TILE_BYTES]));
        }
        if let Tile::Mixed(bytes) = tile {
            let bytes = Arc::make_mut(bytes);
            let first = y % SIDE * SIDE + x % SIDE;
            for place in first..first + length {
                let shift = place % PER_BYTE * 2;
                let byte = &mut bytes[place / PER_BYTE];
                *byte = *byte & !(0b11 << shift) | state.code() << shift;
            }
        }
    }

    /// Replaces tiles whose pixels all have the same state. Pixels of the last tiles outside the map count as their
    /// neighbours.
    fn merge(&mut self) {
        let (width, height, columns) = (self.width, self.height, self.columns());
        for (&number, tile) in &mut self.tiles {
            let Tile::Mixed(bytes) = tile else { continue };
            let first = unpacked(bytes, 0);
            let across = SIDE.min(width - number % columns * SIDE);
            let down = SIDE.min(height - number / columns * SIDE);
            let whole = [first.code() * 0b0101_0101; TILE_BYTES];
            let is_alike = **bytes == whole
                || (across < SIDE || down < SIDE)
                    && (0..down)
                        .all(|y| (0..across).all(|x| unpacked(bytes, y * SIDE + x) == first));
            if is_alike {
                *tile = Tile::Uniform(first);
            }
        }
        let base = self.base;
        self.tiles.retain(|_, tile| *tile != Tile::Uniform(base));
    }
}

/// The state of a pixel of a tile.
fn unpacked(bytes: &[u8; TILE_BYTES], place: usize) -> State {
    State::of(bytes[place / PER_BYTE] >> (place % PER_BYTE * 2) & 0b11)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::Refine;

    /// Pseudo-random numbers below `limit`.
    fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
        let mut state = seed;
        move |limit| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % limit
        }
    }

    #[test]
    fn a_correction_says_what_was_painted_last() {
        for (seed, width, height) in [(1, 200, 130), (2, 64, 64), (3, 1, 300), (4, 129, 1)] {
            let mut random = numbers(seed);
            for base in [
                Correction::none(width, height),
                Correction::nothing(width, height),
            ] {
                let start = base.base;
                let mut correction = base;
                let mut expected = vec![start; width * height];
                for _ in 0..40 {
                    let added = random(2) == 0;
                    let (y, x) = (random(height), random(width));
                    let rows = y..(y + 1 + random(40)).min(height);
                    let end = (x + 1 + random(90)).min(width);
                    let runs: Vec<_> = rows.map(|y| y * width + x..y * width + end).collect();
                    correction = correction.with(&runs, added);
                    for at in runs.into_iter().flatten() {
                        expected[at] = if added { State::Added } else { State::Removed };
                    }
                }
                let bits: Vec<bool> = (0..width * height).map(|_| random(2) == 0).collect();
                let values: Vec<u8> = (0..width * height).map(|_| random(3) as u8).collect();
                let mut mask = Mask::new(width, height, bits.clone());
                let (added, removed) = correction.apply(&mut mask, &values);
                let mut counted = (0, 0);
                assert!(!correction.adds(width, 0) && !correction.adds(0, height));
                for at in 0..width * height {
                    let wanted = match expected[at] {
                        State::Unchanged => bits[at],
                        State::Added => bits[at] || values[at] > 0,
                        State::Removed => false,
                    };
                    let adds = correction.adds(at % width, at / width);
                    assert_eq!(adds, expected[at] == State::Added);
                    assert_eq!(mask.bits()[at], wanted, "pixel {at} of {width} x {height}");
                    counted.0 += usize::from(wanted && !bits[at]);
                    counted.1 += usize::from(!wanted && bits[at]);
                }
                assert_eq!((added, removed), counted);
            }
        }
    }

    #[test]
    fn a_new_threshold_keeps_the_correction() {
        let (width, height) = (90, 70);
        let mut random = numbers(7);
        let values: Vec<u8> = (0..width * height).map(|_| 1 + random(255) as u8).collect();
        let painted: Vec<_> = (10..30).map(|y| y * width + 5..y * width + 40).collect();
        let erased: Vec<_> = (20..60).map(|y| y * width + 30..y * width + 80).collect();
        let correction = Correction::none(width, height)
            .with(&painted, true)
            .with(&erased, false);
        for (threshold, smooth) in [(0.1, 0), (0.5, 2), (0.9, 5), (1.5, 0)] {
            let refine = Refine {
                threshold,
                smooth,
                min_area: 9,
                fill_holes: 9,
            };
            let plain = refine.apply(&values, width, height);
            let mut mask = plain.clone();
            correction.apply(&mut mask, &values);
            for y in 0..height {
                for x in 0..width {
                    let erased = (20..60).contains(&y) && (30..80).contains(&x);
                    let painted = (10..30).contains(&y) && (5..40).contains(&x);
                    let wanted = !erased && (painted || plain.get(x, y));
                    assert_eq!(mask.get(x, y), wanted, "{x}, {y} at {threshold}");
                }
            }
        }
    }

    #[test]
    fn memory_is_needed_only_where_something_was_painted() {
        let (width, height) = (6000, 6000);
        let none = Correction::none(width, height);
        assert_eq!(none.bytes(), 0);
        assert_eq!(Correction::nothing(width, height).bytes(), 0);
        let dab: Vec<_> = (100..110)
            .map(|y| y * width + 100..y * width + 110)
            .collect();
        let first = none.with(&dab, true);
        assert_eq!(first.bytes(), TILE_BYTES);
        let all: Vec<_> = (0..height).map(|y| y * width..(y + 1) * width).collect();
        assert_eq!(
            first.with(&all, false).bytes(),
            0,
            "uniform squares are packed"
        );
        assert_eq!(
            Correction::nothing(width, height).with(&all, false),
            Correction::nothing(width, height)
        );
        let far = 5000 * width + 5000..5000 * width + 5001;
        let second = first.with(std::slice::from_ref(&far), true);
        assert_eq!(second.bytes(), 2 * TILE_BYTES);
        let shared = |number| match (&first.tiles[&number], &second.tiles[&number]) {
            (Tile::Mixed(one), Tile::Mixed(other)) => Arc::ptr_eq(one, other),
            _ => false,
        };
        assert!(shared(SIDE.div_ceil(SIDE) * width.div_ceil(SIDE) + 1));
    }

    #[test]
    fn runs_outside_the_map_are_ignored() {
        let empty = Correction::none(0, 0).with(&[0..10, 20..30], true);
        assert_eq!(empty, Correction::none(0, 0));
        let beyond = Correction::none(10, 10).with(&[95..200, 500..600], true);
        let mut mask = Mask::empty(10, 10);
        assert_eq!(beyond.apply(&mut mask, &[9; 100]), (5, 0));
    }
}
