//! The area that footprints cover on the ground.

use super::affine::Grid;
use super::footprint::Footprint;
use super::georeference::Georeference;
use super::ground;

/// Number of steps along a map's longer side; the pixel size is interpolated linearly between them. With this number
/// the area of a map of the whole earth in degrees is accurate to 3 in 10,000, and that of an aerial scene to better
/// than one in a million.
const STEPS: usize = 128;

/// Shortest distance, in map pixels, over which a pixel's size is measured.
const REACH: f64 = 2.0;

/// The size on the ground of every pixel of a map. It is created once per map; each area is then one pass over the
/// mask, fast enough to follow a slider.
#[derive(Debug, Clone)]
pub struct GroundArea {
    width: usize,
    height: usize,
    /// Square metres per map pixel on a lattice of evenly spaced points over the map; NaN if unknown.
    nodes: Vec<f64>,
    columns: usize,
    rows: usize,
}

impl GroundArea {
    /// Computes the pixel sizes of a map of `width` x `height` pixels on `grid`. Returns `None` if the size of a pixel
    /// cannot be known.
    pub fn new(
        georeference: &Georeference,
        grid: Grid,
        width: usize,
        height: usize,
    ) -> Option<Self> {
        if width == 0 || height == 0 || !grid.is_usable() {
            return None;
        }
        let (columns, rows) = if georeference.scale().is_some() {
            (1, 1)
        } else if georeference.is_placed() {
            let step = (width.max(height) as f64 / STEPS as f64).max(1.0);
            let steps = |length: usize| (length as f64 / step).ceil() as usize;
            (steps(width), steps(height))
        } else {
            return None;
        };
        let mut nodes = Vec::with_capacity((columns + 1) * (rows + 1));
        for row in 0..=rows {
            for column in 0..=columns {
                let x = width as f64 * column as f64 / columns as f64;
                let y = height as f64 * row as f64 / rows as f64;
                let reach_x = (width as f64 / columns as f64 / 8.0).max(REACH);
                let reach_y = (height as f64 / rows as f64 / 8.0).max(REACH);
                let (left, top) = grid.apply((x - reach_x).max(0.0), (y - reach_y).max(0.0));
                let (right, bottom) = grid.apply(
                    (x + reach_x).min(width as f64),
                    (y + reach_y).min(height as f64),
                );
                let area = match georeference.scale() {
                    Some(metres) => Some(metres * metres),
                    None => {
                        let place = |x, y| georeference.place(x, y);
                        ground::around(place, grid.apply(x, y), [left, right, top, bottom])
                    }
                };
                nodes.push(area.map_or(f64::NAN, |area| area * grid.step_x * grid.step_y));
            }
        }
        Some(Self {
            width,
            height,
            nodes,
            columns,
            rows,
        })
    }

    /// Returns the square metres that a footprint covers, or `None` if a part of it is outside what the projection can
    /// map. Its mask must have the size given to [`Self::new`]; another size is a programming error and panics.
    ///
    /// This is the area of the polygons of [`super::polygons()`]. Their corners are cut, so each part is half a pixel
    /// smaller than its pixel count. Other things next to the footprint are ignored: measure the footprint of all
    /// things together.
    pub fn of(&self, footprint: &Footprint<'_>) -> Option<f64> {
        let mask = footprint.mask();
        assert_eq!(
            (mask.width(), mask.height()),
            (self.width, self.height),
            "a mask of the map's size"
        );
        let mut total = 0.0;
        // A border of zeros around the map: nothing is set outside.
        let mut above = vec![0u8; self.width + 2];
        let mut below = above.clone();
        let mut sizes = vec![0.0; self.width + 1];
        for y in 0..=self.height {
            std::mem::swap(&mut above, &mut below);
            let row = mask.bits().chunks_exact(self.width).nth(y);
            match row {
                Some(row) => below[1..=self.width]
                    .iter_mut()
                    .zip(row)
                    .for_each(|(to, &bit)| *to = u8::from(bit)),
                None => below.fill(0),
            }
            self.fill_sizes(y as f64 / self.height as f64, &mut sizes);
            let cells = above.windows(2).zip(below.windows(2)).zip(&sizes);
            for (x, ((up, down), size)) in cells.enumerate() {
                match up[0] + up[1] + down[0] + down[1] {
                    0 => {}
                    4 => total += size,
                    _ => total += size * covered(footprint, x as isize, y as isize),
                }
            }
        }
        total.is_finite().then_some(total)
    }

    /// The sizes at the corners of one row of pixels, at a `share` of the map's height from the top.
    fn fill_sizes(&self, share: f64, sizes: &mut [f64]) {
        let place = share * self.rows as f64;
        let row = (place as usize).min(self.rows - 1);
        let down = place - row as f64;
        let stride = self.columns + 1;
        let node = |column: usize| {
            let (up, low) = (row * stride + column, (row + 1) * stride + column);
            mix(self.nodes[up], self.nodes[low], down)
        };
        let width = self.width as f64 / self.columns as f64;
        let (mut column, mut left, mut right) = (0, node(0), node(1));
        for (x, size) in sizes.iter_mut().enumerate() {
            while column + 1 < self.columns && x as f64 > (column + 1) as f64 * width {
                column += 1;
                (left, right) = (right, node(column + 1));
            }
            *size = mix(left, right, x as f64 / width - column as f64);
        }
    }
}

/// Interpolates linearly between two numbers. A number with no weight may be unknown.
fn mix(from: f64, to: f64, share: f64) -> f64 {
    if share <= 0.0 {
        from
    } else if share >= 1.0 {
        to
    } else {
        from + (to - from) * share
    }
}

/// The covered share of the square between the centres of the four pixels around corner `(x, y)`.
fn covered(footprint: &Footprint<'_>, x: isize, y: isize) -> f64 {
    // In order around the corner, so that consecutive pixels are adjacent.
    let pixels = [(x - 1, y - 1), (x, y - 1), (x, y), (x - 1, y)];
    let set = pixels.map(|(x, y)| footprint.is_set(x, y));
    let way = |from: usize, to: usize| footprint.crossing(pixels[from % 4], pixels[to % 4]);
    // The triangle that the border cuts off at one pixel.
    let corner = |i: usize| way(i, i + 1) * way(i, i + 3) / 2.0;
    match set.iter().filter(|&&set| set).count() {
        0 => 0.0,
        1 => (0..4).find(|&i| set[i]).map_or(0.0, corner),
        2 if set[0] == set[2] => (0..4).filter(|&i| set[i]).map(corner).sum(),
        2 => (0..4)
            .find(|&i| set[i] && set[(i + 1) % 4])
            .map_or(0.0, |i| (way(i, i + 3) + way(i + 1, i + 2)) / 2.0),
        3 => (0..4).find(|&i| !set[i]).map_or(0.0, |i| {
            1.0 - (1.0 - way(i + 1, i)) * (1.0 - way(i + 3, i)) / 2.0
        }),
        _ => 1.0,
    }
}
