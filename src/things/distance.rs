//! Distances to a set of pixels, on a coarse grid.

use super::region::Region;

/// Distance in pixels to the nearest pixel of a set, one value per cell of `cell` x `cell` pixels.
#[derive(Debug, Clone)]
pub struct DistanceField {
    cell: usize,
    columns: usize,
    distances: Vec<f32>,
}

impl DistanceField {
    /// The field of the pixels `(x, y)` in an image of `width` x `height` pixels.
    pub fn of(
        pixels: impl Iterator<Item = (usize, usize)>,
        (width, height): (usize, usize),
        cell: usize,
    ) -> Self {
        let cell = cell.max(1);
        let (columns, rows) = (width.div_ceil(cell), height.div_ceil(cell));
        let mut distances = vec![f32::MAX; columns * rows];
        for (x, y) in pixels {
            distances[y / cell * columns + x / cell] = 0.0;
        }
        chamfer(&mut distances, columns, cell as f32);
        Self {
            cell,
            columns,
            distances,
        }
    }

    /// Distance in pixels from a region, 0 if it touches the set; above 1e6 if the set is empty.
    pub fn from(&self, region: &Region) -> f32 {
        let cell = self.cell;
        let (x0, y0, x1, y1) = region.bounding_box();
        let mut nearest = f32::MAX;
        for row in y0 / cell..=(y1 - 1) / cell {
            for column in x0 / cell..=(x1 - 1) / cell {
                let (x, y) = (column * cell + cell / 2, row * cell + cell / 2);
                // Small regions may miss every cell centre, so their box is used instead.
                if region.area() < cell * cell * 4 || region.contains(x, y) {
                    nearest = nearest.min(self.distances[row * self.columns + column]);
                }
            }
        }
        nearest
    }

    /// Distance in pixels to a pixel.
    pub fn at(&self, x: usize, y: usize) -> f32 {
        self.distances[y / self.cell * self.columns + x / self.cell]
    }
}

/// Two passes of a chamfer transform over `[rows, columns]` values, which are 0 in the set; accurate to about 4 % of
/// the distance. `cell` is the distance between two adjacent values.
pub fn chamfer(distances: &mut [f32], columns: usize, cell: f32) {
    let count = distances.len();
    let rows = count / columns.max(1);
    let (straight, diagonal) = (cell * 0.955, cell * 1.369);
    let relax = |distances: &mut [f32], at: usize, from: Option<usize>, step: f32| {
        if let Some(from) = from {
            distances[at] = distances[at].min(distances[from] + step);
        }
    };
    for backwards in [false, true] {
        for count in 0..count {
            let at = if backwards {
                columns * rows - 1 - count
            } else {
                count
            };
            let (x, y) = (at % columns, at / columns);
            let side = |dx: i32, dy: i32| {
                let (dx, dy) = if backwards { (-dx, -dy) } else { (dx, dy) };
                let (nx, ny) = (x as i32 + dx, y as i32 + dy);
                let inside = nx >= 0 && ny >= 0 && nx < columns as i32 && ny < rows as i32;
                inside.then(|| ny as usize * columns + nx as usize)
            };
            relax(distances, at, side(-1, 0), straight);
            relax(distances, at, side(0, -1), straight);
            relax(distances, at, side(-1, -1), diagonal);
            relax(distances, at, side(1, -1), diagonal);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_right_to_a_cell() {
        let set = Region::rectangle(10, 10, 8, 8);
        for cell in [1, 4] {
            let field = DistanceField::of(set.pixels(), (100, 100), cell);
            let apart = field.from(&Region::rectangle(50, 10, 8, 8));
            assert!((apart - 32.0).abs() <= 4.0, "{apart}");
            assert_eq!(field.from(&Region::rectangle(12, 12, 3, 3)), 0.0);
        }
        let empty = DistanceField::of(std::iter::empty(), (40, 40), 4);
        assert!(empty.from(&set) > 1e6);
    }
}
