//! Affine transforms of the plane, and regular grids, their simplest kind.

/// An affine transform in GDAL's order, `[x0, x per column, x per row, y0, y per column, y per row]`. A point `(column,
/// row)` in pixels maps to `(x0 + a column + b row, y0 + d column + e row)`. Pixel corners are whole numbers, and pixel
/// centres end in .5 (GDAL's raster data model, "Affine geotransform").
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine(pub [f64; 6]);

impl Affine {
    /// Maps a point in pixels to the target.
    pub fn apply(&self, column: f64, row: f64) -> (f64, f64) {
        let [x0, a, b, y0, d, e] = self.0;
        (x0 + a * column + b * row, y0 + d * column + e * row)
    }

    /// This transform applied after `grid`: from the grid's map pixels to the target.
    pub fn after(&self, grid: &Grid) -> Self {
        let [_, a, b, _, d, e] = self.0;
        let (x0, y0) = self.apply(grid.origin_x, grid.origin_y);
        let (sx, sy) = (grid.step_x, grid.step_y);
        Self([x0, a * sx, b * sy, y0, d * sx, e * sy])
    }

    /// The same transform with the origin moved by `(columns, rows)` pixels.
    pub fn shifted(&self, columns: f64, rows: f64) -> Self {
        let (x0, y0) = self.apply(columns, rows);
        let [_, a, b, _, d, e] = self.0;
        Self([x0, a, b, y0, d, e])
    }

    /// Area of a pixel in the target's units, negative if the image is mirrored relative to its usual orientation with
    /// rows going south.
    pub fn determinant(&self) -> f64 {
        let [_, a, b, _, d, e] = self.0;
        b * d - a * e
    }

    /// Whether columns do not run along x, or rows do not run along y.
    pub fn is_rotated(&self) -> bool {
        self.0[2] != 0.0 || self.0[4] != 0.0
    }

    /// Whether the transform is finite and has an inverse.
    pub fn is_usable(&self) -> bool {
        self.0.iter().all(|value| value.is_finite()) && self.determinant() != 0.0
    }
}

/// A map's grid over a scene: `scene = origin + map * step`, with `step` in scene pixels per map pixel, along each
/// axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Scene column of the map's left edge.
    pub origin_x: f64,
    /// Scene row of the map's top edge.
    pub origin_y: f64,
    /// Scene columns per map column.
    pub step_x: f64,
    /// Scene rows per map row.
    pub step_y: f64,
}

impl Grid {
    /// The grid of the scene's own pixels.
    pub const SCENE: Self = Self {
        origin_x: 0.0,
        origin_y: 0.0,
        step_x: 1.0,
        step_y: 1.0,
    };

    /// Maps a point in map pixels to the scene.
    pub fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        (
            self.origin_x + x * self.step_x,
            self.origin_y + y * self.step_y,
        )
    }

    /// Maps a point of the scene to map pixels.
    pub fn invert(&self, x: f64, y: f64) -> (f64, f64) {
        (
            (x - self.origin_x) / self.step_x,
            (y - self.origin_y) / self.step_y,
        )
    }

    /// Whether the numbers are finite and the steps positive.
    pub fn is_usable(&self) -> bool {
        [self.origin_x, self.origin_y, self.step_x, self.step_y]
            .iter()
            .all(|value| value.is_finite())
            && self.step_x > 0.0
            && self.step_y > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_inside_a_rotated_scene_lands_where_the_scene_does() {
        let world_from_scene = Affine([500_000.0, 0.4, 0.3, 4_600_000.0, 0.3, -0.4]);
        let grid = Grid {
            origin_x: 100.0,
            origin_y: 40.0,
            step_x: 2.5,
            step_y: 2.0,
        };
        let world_from_map = world_from_scene.after(&grid);
        let (x, y) = grid.apply(7.0, 9.5);
        assert_eq!(world_from_scene.apply(x, y), world_from_map.apply(7.0, 9.5));
        assert_eq!(grid.invert(x, y), (7.0, 9.5));
        assert!(world_from_map.is_rotated() && world_from_map.is_usable());
        assert_eq!(world_from_scene.determinant(), 0.25);
        assert!(!Affine([0.0, 1.0, 2.0, 0.0, 2.0, 4.0]).is_usable());
    }
}
