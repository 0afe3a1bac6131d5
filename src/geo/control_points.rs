//! Ground control points: pixels of which a file gives the coordinates, and the affine grid that fits them best.

use serde::Serialize;

use super::affine::Affine;
use super::crs::Crs;
use super::error::GeoError;
use super::ground::in_space;
use super::longitude::continued;

/// Fewest points from which a grid is fitted. Three points always fit exactly, so the error would be unknown.
const FEWEST: usize = 4;
/// Maximum number of points that are read. Files have tens to a few hundred.
const MOST: usize = 10_000;
/// Maximum misfit as a share of the extent of the points. Points with a larger misfit are not on a grid at all.
const WORST: f64 = 0.1;

/// A pixel with its coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ControlPoint {
    /// Column and row; pixel corners are whole numbers.
    pub pixel: [f64; 2],
    /// Coordinates in the file's system.
    pub coordinates: [f64; 2],
}

/// What is fitted to ground control points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// An affine grid, by least squares.
    Affine,
    /// A thin-plate spline through the points.
    ThinPlateSpline,
}

/// How well ground control points are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fit {
    /// What is fitted.
    pub method: Method,
    /// Number of points.
    pub points: usize,
    /// Root mean square of the distances between the points and where the fit puts them; in metres, or in the
    /// coordinates' own unit if their system is not known.
    pub residual: f64,
    /// The largest of these distances.
    pub largest: f64,
    /// The root mean square for an affine grid.
    pub grid_residual: f64,
    /// Whether the distances are in metres.
    pub in_metres: bool,
}

impl Fit {
    /// How well an affine grid that maps pixels by `place` fits points.
    pub(crate) fn of(
        points: &[ControlPoint],
        place: impl Fn(f64, f64) -> (f64, f64),
        crs: Option<&Crs>,
    ) -> Self {
        let pairs = points.iter().map(|point| {
            let [x, y] = point.coordinates;
            (place(point.pixel[0], point.pixel[1]), (x, y))
        });
        let pairs: Vec<_> = pairs.collect();
        let metres: Option<Vec<f64>> = crs.and_then(|crs| {
            let places = pairs.iter().map(|&(one, other)| distance(crs, one, other));
            places.collect()
        });
        let in_metres = metres.is_some();
        let distances = metres.unwrap_or_else(|| {
            let plain = pairs
                .iter()
                .map(|(one, other)| (one.0 - other.0).hypot(one.1 - other.1));
            plain.collect()
        });
        let squares: f64 = distances.iter().map(|off| off * off).sum();
        let residual = (squares / points.len() as f64).sqrt();
        Self {
            method: Method::Affine,
            points: points.len(),
            residual,
            largest: distances.into_iter().fold(0.0, f64::max),
            grid_residual: residual,
            in_metres,
        }
    }

    /// Message to the user: what was fitted, and how large its error is.
    pub fn note(&self) -> String {
        let unit = if self.in_metres { "m" } else { "units" };
        let off = format!(
            "positions are off by {} {unit} (root mean square), {} {unit} at most",
            rounded(self.residual),
            rounded(self.largest)
        );
        let points = self.points;
        match self.method {
            Method::Affine => format!(
                "the image is placed by an affine grid fitted to {points} ground control points: {off}; for exact \
                 positions, warp the image first, with gdalwarp -tps for example"
            ),
            Method::ThinPlateSpline => format!(
                "the image is placed by a thin-plate spline through {points} ground control points, as gdalwarp -tps \
                 has it, because an affine grid would be off by {} {unit} (root mean square): at the points {off}",
                rounded(self.grid_residual)
            ),
        }
    }
}

/// A length rounded to three significant digits.
fn rounded(value: f64) -> String {
    match value {
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 1.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

/// The points with longitudes that continue across the 180th meridian.
pub(crate) fn continuous(points: &[ControlPoint], crs: Option<&Crs>) -> Vec<ControlPoint> {
    let is_geographic = crs.is_some_and(Crs::is_geographic);
    let first = points.first().map_or(0.0, |point| point.coordinates[0]);
    let moved = |point: &ControlPoint| match point.coordinates {
        [x, y] if is_geographic => ControlPoint {
            coordinates: [continued(first, x), y],
            ..*point
        },
        _ => *point,
    };
    points.iter().map(moved).collect()
}

/// The affine grid that minimises the squared distances of the points, in coordinates of their system without a jump.
///
/// # Errors
/// Fails if the points are fewer than four, too many, on one line, not numbers, or far from any grid.
pub(crate) fn affine_fit(points: &[ControlPoint]) -> Result<Affine, GeoError> {
    let unusable = |what| GeoError::UnusablePoints(points.len(), what);
    if points.len() < FEWEST {
        return Err(GeoError::ControlPoints(points.len()));
    }
    if points.len() > MOST {
        return Err(unusable("at most 10,000 are read"));
    }
    let numbers = |point: &ControlPoint| [point.pixel, point.coordinates].concat();
    if !points.iter().flat_map(numbers).all(f64::is_finite) {
        return Err(unusable("some are not numbers"));
    }
    let mean = |axis: &dyn Fn(&ControlPoint) -> f64| {
        points.iter().map(axis).sum::<f64>() / points.len() as f64
    };
    // Sums around the means keep their digits where coordinates are millions.
    let centre: [f64; 2] = std::array::from_fn(|i| mean(&|point| point.pixel[i]));
    let origin: [f64; 2] = std::array::from_fn(|i| mean(&|point| point.coordinates[i]));
    let (mut cc, mut cr, mut rr) = (0.0, 0.0, 0.0);
    let mut sums = [[0.0; 2]; 2];
    for point in points {
        let [column, row] = [point.pixel[0] - centre[0], point.pixel[1] - centre[1]];
        cc += column * column;
        cr += column * row;
        rr += row * row;
        for (axis, sum) in sums.iter_mut().enumerate() {
            let value = point.coordinates[axis] - origin[axis];
            sum[0] += column * value;
            sum[1] += row * value;
        }
    }
    let determinant = cc * rr - cr * cr;
    if determinant.is_nan() || determinant <= 1e-9 * cc * rr {
        return Err(unusable("they are on one line"));
    }
    let line = |axis: usize| {
        let [by_column, by_row] = sums[axis];
        let a = (by_column * rr - by_row * cr) / determinant;
        let b = (by_row * cc - by_column * cr) / determinant;
        [origin[axis] - a * centre[0] - b * centre[1], a, b]
    };
    let ([x0, a, b], [y0, d, e]) = (line(0), line(1));
    let affine = Affine([x0, a, b, y0, d, e]);
    if !affine.is_usable() {
        return Err(unusable("they give the pixels no extent"));
    }
    let from_origin = |point: &ControlPoint| {
        let [x, y] = point.coordinates;
        (x - origin[0]).hypot(y - origin[1])
    };
    let extent = points.iter().map(from_origin).fold(0.0, f64::max);
    let off = |point: &ControlPoint| {
        let (x, y) = affine.apply(point.pixel[0], point.pixel[1]);
        (x - point.coordinates[0]).hypot(y - point.coordinates[1])
    };
    if points.iter().any(|point| off(point) > WORST * extent) {
        return Err(unusable("they are far from any regular grid"));
    }
    Ok(affine)
}

/// Metres between two points of a system that are near each other.
fn distance(crs: &Crs, one: (f64, f64), other: (f64, f64)) -> Option<f64> {
    let [one, other] = [one, other].map(|(x, y)| crs.to_wgs84(x, y).map(in_space));
    let (one, other) = (one?, other?);
    let squares = one.iter().zip(other).map(|(a, b)| (a - b) * (a - b));
    Some(squares.sum::<f64>().sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(points: &[ControlPoint], crs: Option<&Crs>) -> Result<(Affine, Fit), GeoError> {
        let points = continuous(points, crs);
        let affine = affine_fit(&points)?;
        let fit = Fit::of(&points, |column, row| affine.apply(column, row), crs);
        Ok((affine, fit))
    }

    fn points(places: &[[f64; 4]]) -> Vec<ControlPoint> {
        let point = |&[column, row, x, y]: &[f64; 4]| ControlPoint {
            pixel: [column, row],
            coordinates: [x, y],
        };
        places.iter().map(point).collect()
    }

    #[test]
    fn points_on_a_grid_give_the_grid() {
        let grid = Affine([5e5, 0.4, 0.3, 4.6e6, 0.3, -0.4]);
        let at = [
            [0.0, 0.0],
            [1000.0, 3.0],
            [970.0, 800.0],
            [20.0, 790.0],
            [500.0, 400.0],
        ];
        let places = at.map(|[c, r]| {
            let (x, y) = grid.apply(c, r);
            [c, r, x, y]
        });
        let crs = Crs::from_epsg(32633).unwrap();
        let (found, said) = fit(&points(&places), Some(&crs)).unwrap();
        for (value, expected) in found.0.iter().zip(grid.0) {
            assert!((value - expected).abs() < 1e-7, "{found:?}");
        }
        assert!(said.residual < 1e-6 && said.in_metres && said.points == 5);
    }

    // The coefficients that gdal.GCPsToGeoTransform(gcps, 1) gives, GDAL 3.6.
    #[test]
    fn points_beside_a_grid_give_the_grid_of_gdal() {
        let places = [
            [0.0, 0.0, 390000.0, 5819000.0],
            [300.0, 0.0, 390092.0, 5819001.0],
            [300.0, 200.0, 390090.5, 5818938.0],
            [0.0, 200.0, 389999.0, 5818941.0],
        ];
        let expected = [
            390000.125,
            0.3058333333332666,
            -0.006250000000100044,
            5819001.0,
            -0.003333333333284827,
            -0.30500000000014554,
        ];
        let crs = Crs::from_epsg(32633).unwrap();
        let (found, said) = fit(&points(&places), Some(&crs)).unwrap();
        for (value, expected) in found.0.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-6, "{found:?}");
        }
        // Along x every point is 0.125 m off, along y 1 m.
        let expected = 0.125f64.hypot(1.0) / 1.000_2;
        assert!((said.residual - expected).abs() < 2e-3, "{said:?}");
        assert!(said.note().contains("4 ground control points") && said.note().contains("1.0 m"));
        let (_, unknown) = fit(&points(&places), None).unwrap();
        assert!(!unknown.in_metres && (unknown.residual - 0.125f64.hypot(1.0)).abs() < 1e-6);
    }

    #[test]
    fn longitudes_continue_across_the_180th_meridian() {
        let places = [
            [0.0, 0.0, 179.9, 10.0],
            [200.0, 0.0, -179.9, 10.0],
            [200.0, 100.0, -179.9, 9.9],
            [0.0, 100.0, 179.9, 9.9],
        ];
        let crs = Crs::from_epsg(4326).unwrap();
        let (affine, _) = fit(&points(&places), Some(&crs)).unwrap();
        let (x, _) = affine.apply(100.0, 0.0);
        assert!((x - 180.0).abs() < 1e-9, "{x}");
    }

    #[test]
    fn points_that_give_no_grid_are_errors() {
        let square = [
            [0.0, 0.0, 0.0, 0.0],
            [1.0, 0.0, 1.0, 0.0],
            [1.0, 1.0, 1.0, -1.0],
            [0.0, 1.0, 0.0, -1.0],
        ];
        let with = |index: usize, axis: usize, value: f64| {
            let mut places = square;
            places[index][axis] = value;
            fit(&points(&places), None).unwrap_err().to_string()
        };
        assert!(fit(&points(&square), None).is_ok());
        assert_eq!(
            fit(&points(&square[..3]), None),
            Err(GeoError::ControlPoints(3))
        );
        assert!(with(2, 2, f64::NAN).contains("not numbers"));
        assert!(with(2, 2, 9.0).contains("far from any"));
        let many = fit(&points(&vec![square[0]; MOST + 1]), None);
        assert!(many.unwrap_err().to_string().contains("at most 10,000"));
        let line: Vec<[f64; 4]> = (0..5)
            .map(|i| [f64::from(i), f64::from(i), f64::from(i), 1.0])
            .collect();
        assert!(
            fit(&points(&line), None)
                .unwrap_err()
                .to_string()
                .contains("one line")
        );
        let same = square.map(|[c, r, ..]| [c, r, 5.0, 5.0]);
        assert!(
            fit(&points(&same), None)
                .unwrap_err()
                .to_string()
                .contains("no extent")
        );
    }
}
