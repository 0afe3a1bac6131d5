//! From pixels to the coordinates of a system: an affine grid, or a thin-plate spline through ground control points.

use std::sync::Arc;

use super::affine::Affine;
use super::control_points::{ControlPoint, Fit, Method, affine_fit, continuous};
use super::crs::Crs;
use super::error::GeoError;
use super::spline::Spline;

/// Fewest points for a spline. GDAL, too, bends images from six points on.
const FEWEST_BENT: usize = 6;
/// An affine grid that is off by more pixels than this, as a root mean square, is replaced by a spline. Points that are
/// set by hand are about a pixel off.
const WORST_GRID: f64 = 1.0;

/// How pixels are mapped to coordinates.
#[derive(Debug, Clone)]
pub(crate) enum Mapping {
    Grid(Affine),
    Bent(Arc<Spline>),
}

impl Mapping {
    /// The mapping that ground control points give, and how well it fits. It is a thin-plate spline if there are at least
    /// six points and an affine grid is off by more than a pixel.
    ///
    /// # Errors
    /// Fails if the points are fewer than four, too many, on one line, not numbers, or far from any grid.
    pub fn fitted(points: &[ControlPoint], crs: Option<&Crs>) -> Result<(Self, Fit), GeoError> {
        let points = continuous(points, crs);
        let affine = affine_fit(&points)?;
        let grid = |column, row| affine.apply(column, row);
        let fit = Fit::of(&points, grid, crs);
        if points.len() < FEWEST_BENT || pixels_off(&points, &affine) <= WORST_GRID {
            return Ok((Self::Grid(affine), fit));
        }
        let Some(spline) = Spline::through(&points, &affine) else {
            return Ok((Self::Grid(affine), fit));
        };
        let bent = Fit::of(&points, |column, row| spline.apply(column, row), crs);
        let fit = Fit {
            method: Method::ThinPlateSpline,
            grid_residual: fit.residual,
            ..bent
        };
        Ok((Self::Bent(Arc::new(spline)), fit))
    }

    /// Maps a point in pixels to coordinates.
    pub fn apply(&self, column: f64, row: f64) -> (f64, f64) {
        match self {
            Self::Grid(affine) => affine.apply(column, row),
            Self::Bent(spline) => spline.apply(column, row),
        }
    }

    /// The grid; `None` if pixels are on none.
    pub fn affine(&self) -> Option<Affine> {
        match self {
            Self::Grid(affine) => Some(*affine),
            Self::Bent(_) => None,
        }
    }
}

/// Root mean square of the distances, in pixels, between points and their places on a grid.
fn pixels_off(points: &[ControlPoint], grid: &Affine) -> f64 {
    let [_, a, b, _, d, e] = grid.0;
    let squares = points.iter().map(|point| {
        let (x, y) = grid.apply(point.pixel[0], point.pixel[1]);
        let (x, y) = (point.coordinates[0] - x, point.coordinates[1] - y);
        let determinant = grid.determinant();
        let [column, row] = [(b * y - e * x) / determinant, (d * x - a * y) / determinant];
        column * column + row * row
    });
    (squares.sum::<f64>() / points.len() as f64).sqrt()
}

#[cfg(test)]
#[path = "mapping_tests.rs"]
mod tests;
