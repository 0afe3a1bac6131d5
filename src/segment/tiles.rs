//! Which parts of a scene the network processes, and where the results go.
//!
//! There are three grids. **Scene pixels** are those of the opened picture. **Map pixels** are those of the
//! probabilities: `scene = origin + map * step`. A **tile** is a piece of the map that is resized to the network's
//! input. All tiles have the same size, so the network sees each at the same ground resolution, except for an
//! **overview**: a first tile of the whole area, after which closer looks may follow.

use std::ops::Range;

use thiserror::Error;

use super::axis::Axis;
use super::limits::MAP_PIXELS;
use crate::vision::Window;

/// Why no plan could be made.
#[derive(Debug, Error, PartialEq)]
pub enum PlanError {
    /// The part has no pixels.
    #[error("the part to segment has no pixels: choose a larger part")]
    Empty,
    /// The part is not, or not wholly, in the scene.
    #[error(
        "the part to segment ({}, {}, {} x {}) is not in the scene, which is {width} x {height} pixels",
        region.x, region.y, region.width, region.height
    )]
    Outside {
        /// The part, in scene pixels.
        region: Window,
        /// The scene's width.
        width: usize,
        /// The scene's height.
        height: usize,
    },
    /// Finer than the scene.
    #[error(
        "{0} scene pixels per map pixel: the map cannot be finer than the scene; give 1 or more"
    )]
    Step(f64),
    /// Tiles without pixels, or with too much overlap.
    #[error(
        "tiles of {side} pixels cannot overlap by {overlap}: give an overlap below {}",
        side.div_ceil(2).max(1)
    )]
    Overlap {
        /// Side of a tile, in map pixels.
        side: usize,
        /// Overlap, in map pixels.
        overlap: usize,
    },
    /// More than [`MAP_PIXELS`].
    #[error(
        "the map would be {width} x {height} pixels, over the limit of 2,000 million: choose a coarser \
         resolution or a smaller part"
    )]
    TooLarge {
        /// Width in map pixels.
        width: u64,
        /// Height in map pixels.
        height: u64,
    },
}

/// Column and row of an overview.
const OVERVIEW: usize = usize::MAX;
/// Closer looks overlap by their area's length over this number.
const CLOSER_OVERLAP: usize = 12;

/// One tile, which the network processes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// What to read, in scene pixels.
    pub source: Window,
    /// Where its probabilities go, in map pixels of the whole scene's grid. Its size is that of the map requested from
    /// the network.
    pub place: Window,
    pub(super) column: usize,
    pub(super) row: usize,
}

impl Tile {
    /// Whether this is the overview of a plan.
    pub fn is_overview(&self) -> bool {
        self.column == OVERVIEW
    }
}

/// The tiles of a scene, or of a part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TilePlan {
    /// Scene pixel at the map grid's pixel 0, 0: the start of the scene, except for a single pass and closer looks.
    grid_origin: (usize, usize),
    /// Scene pixels that the grid covers, from its origin.
    covered: (usize, usize),
    step: (f64, f64),
    columns: Axis,
    rows: Axis,
    /// The part, in map pixels of the grid.
    region: Window,
    /// Tiles of the part: columns and rows of the grid's tiles.
    across: (usize, usize),
    down: (usize, usize),
    /// Whether tile 0 is an overview.
    has_overview: bool,
}

impl TilePlan {
    /// Plans a single pass over `window` (scene pixels). The map has the window's size, scaled down if its longest side
    /// exceeds `longest`.
    ///
    /// # Errors
    /// Fails if the window or the map has no pixels.
    pub fn whole(window: Window, longest: usize) -> Result<Self, PlanError> {
        if window.is_empty() || longest == 0 {
            return Err(PlanError::Empty);
        }
        let side = window.width.max(window.height);
        let scaled = |length: usize| match side <= longest {
            true => length,
            false => ((length as u64 * longest as u64 / side as u64) as usize).max(1),
        };
        let (width, height) = (scaled(window.width), scaled(window.height));
        let step = |scene: usize, map: usize| scene as f64 / map as f64;
        Ok(Self {
            grid_origin: (window.x, window.y),
            covered: (window.width, window.height),
            step: (step(window.width, width), step(window.height, height)),
            columns: Axis::new(width, width, 0),
            rows: Axis::new(height, height, 0),
            region: Window::all(width, height),
            across: (0, 1),
            down: (0, 1),
            has_overview: false,
        })
    }

    /// Plans an overview of `window`, which is [`Self::whole`], and then closer looks: at its quarters, or at its
    /// halves if it is long. They may be omitted; see [`super::Mosaic::is_enough`].
    ///
    /// # Errors
    /// Fails if the window or the map has no pixels.
    pub fn closer(window: Window, longest: usize) -> Result<Self, PlanError> {
        let overview = Self::whole(window, longest)?;
        let (width, height) = overview.map_size();
        let axis = |length: usize, other: usize| {
            if 3 * length < 2 * other {
                return Axis::new(length, length, 0);
            }
            let overlap = length / CLOSER_OVERLAP;
            Axis::new(length, (length + overlap).div_ceil(2), overlap)
        };
        let (columns, rows) = (axis(width, height), axis(height, width));
        Ok(Self {
            columns,
            rows,
            across: (0, columns.count()),
            down: (0, rows.count()),
            has_overview: true,
            ..overview
        })
    }

    /// Plans the tiles that touch `region` (scene pixels) of a scene of `scene` (width, height), at `step` scene pixels
    /// per map pixel: squares of `side` map pixels that overlap by `overlap`.
    ///
    /// The grid starts at the start of the scene, whatever the region. So the tiles of a region are tiles of the whole
    /// scene, and the result for a region is bit for bit that part of the result for the whole scene. A tile that would
    /// extend beyond the scene is moved back inside. If a scene is smaller than a tile in one direction, its tiles are
    /// as small as the scene. The map covers the scene exactly. For this the step can differ a little from the
    /// requested one: by half a map pixel over the whole scene.
    ///
    /// # Errors
    /// Fails if the region is empty or not in the scene, the step is below 1, the overlap is half a side or more, or
    /// the map is over [`MAP_PIXELS`].
    pub fn tiled(
        scene: (usize, usize),
        region: Window,
        step: f64,
        side: usize,
        overlap: usize,
    ) -> Result<Self, PlanError> {
        if region.is_empty() {
            return Err(PlanError::Empty);
        }
        if !Window::all(scene.0, scene.1).contains(&region) {
            let (width, height) = scene;
            return Err(PlanError::Outside {
                region,
                width,
                height,
            });
        }
        if !step.is_finite() || step < 1.0 {
            return Err(PlanError::Step(step));
        }
        if side == 0 || overlap >= side.div_ceil(2) {
            return Err(PlanError::Overlap { side, overlap });
        }
        // The nearest whole number of map pixels; the step is then adjusted to cover the scene exactly.
        let length = |scene: usize| (scene as f64 / step).round().max(1.0) as usize;
        let columns = Axis::new(length(scene.0), side, overlap);
        let rows = Axis::new(length(scene.1), side, overlap);
        let horizontal = map_span(region.x, region.right(), columns.length(), scene.0);
        let vertical = map_span(region.y, region.bottom(), rows.length(), scene.1);
        let (across, down) = (columns.touching(&horizontal), rows.touching(&vertical));
        let region = Window::new(
            horizontal.start,
            vertical.start,
            horizontal.len(),
            vertical.len(),
        );
        if region.pixels() > MAP_PIXELS {
            let (width, height) = (region.width as u64, region.height as u64);
            return Err(PlanError::TooLarge { width, height });
        }
        Ok(Self {
            grid_origin: (0, 0),
            covered: scene,
            step: (
                scene.0 as f64 / columns.length() as f64,
                scene.1 as f64 / rows.length() as f64,
            ),
            columns,
            rows,
            region,
            across: (across.start, across.end),
            down: (down.start, down.end),
            has_overview: false,
        })
    }

    /// Width and height of the map.
    pub fn map_size(&self) -> (usize, usize) {
        (self.region.width, self.region.height)
    }

    /// Position of the map's top left corner in scene pixels.
    pub fn origin(&self) -> (f64, f64) {
        (
            self.grid_origin.0 as f64 + self.region.x as f64 * self.step.0,
            self.grid_origin.1 as f64 + self.region.y as f64 * self.step.1,
        )
    }

    /// Scene pixels per map pixel, across and down.
    pub fn step(&self) -> (f64, f64) {
        self.step
    }

    /// Map pixels that the network sees at once: in the overview, if there is one. What is a speck there stays one in
    /// closer looks.
    pub fn look_pixels(&self) -> usize {
        self.tile(0).map_or(0, |tile| tile.place.pixels() as usize)
    }

    /// The map, in map pixels of the whole scene's grid.
    pub fn map_region(&self) -> Window {
        self.region
    }

    /// Tiles per row.
    pub fn columns(&self) -> usize {
        self.across.1 - self.across.0
    }

    /// Number of tiles, an overview included.
    pub fn len(&self) -> usize {
        usize::from(self.has_overview) + self.columns() * (self.down.1 - self.down.0)
    }

    /// Whether tile 0 is an overview of the whole area.
    pub fn has_overview(&self) -> bool {
        self.has_overview
    }

    /// Always false: a plan has at least one tile.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns tile `index` of [`TilePlan::len`]: the overview if there is one, then row by row from the top left; None
    /// beyond.
    pub fn tile(&self, index: usize) -> Option<Tile> {
        if index >= self.len() {
            return None;
        }
        if self.has_overview && index == 0 {
            let ((x, y), (width, height)) = (self.grid_origin, self.covered);
            return Some(Tile {
                source: Window::new(x, y, width, height),
                place: self.region,
                column: OVERVIEW,
                row: OVERVIEW,
            });
        }
        let index = index - usize::from(self.has_overview);
        let column = self.across.0 + index % self.columns();
        let row = self.down.0 + index / self.columns();
        let (x, y) = (self.columns.span(column), self.rows.span(row));
        let across = scene_span(&x, self.columns.length(), self.covered.0);
        let down = scene_span(&y, self.rows.length(), self.covered.1);
        Some(Tile {
            source: Window::new(
                self.grid_origin.0 + across.0,
                self.grid_origin.1 + down.0,
                across.1,
                down.1,
            ),
            place: Window::new(x.start, y.start, x.len(), y.len()),
            column,
            row,
        })
    }

    /// All tiles: the overview if there is one, then row by row.
    pub fn tiles(&self) -> impl Iterator<Item = Tile> + '_ {
        (0..self.len()).filter_map(|index| self.tile(index))
    }

    /// Returns the first map row of the grid that tiles from number `index` on still add to; after the last tile, the
    /// end of the map. With an overview, all rows stay open until the last tile.
    pub fn first_open_row(&self, index: usize) -> usize {
        if self.has_overview {
            return match index < self.len() {
                true => self.region.y,
                false => self.region.bottom(),
            };
        }
        match self.tile(index - index % self.columns()) {
            Some(tile) => tile.place.y.clamp(self.region.y, self.region.bottom()),
            None => self.region.bottom(),
        }
    }

    pub(super) fn axes(&self) -> (Axis, Axis) {
        (self.columns, self.rows)
    }
}

/// Returns the map pixels that overlap scene pixels `start..end`, if `map` map pixels cover `scene` scene pixels. In 64
/// bits: the products are too large for 32.
fn map_span(start: usize, end: usize, map: usize, scene: usize) -> Range<usize> {
    let (map, scene) = (map as u64, scene as u64);
    let first = start as u64 * map / scene;
    let last = (end as u64 * map).div_ceil(scene).max(first + 1);
    first as usize..last as usize
}

/// Returns start and length in scene pixels of map pixels `span`, to the nearest whole pixel, if `map` map pixels cover
/// `scene` scene pixels.
fn scene_span(span: &Range<usize>, map: usize, scene: usize) -> (usize, usize) {
    let (map, scene) = (map as u64, scene as u64);
    let at = |place: usize| (2 * place as u64 * scene + map) / (2 * map);
    let start = at(span.start).min(scene - 1);
    let end = at(span.end).max(start + 1);
    (start as usize, (end - start) as usize)
}
