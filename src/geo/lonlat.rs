//! Polygons of a scene in WGS 84 longitude and latitude.

use ::geo::{Coord, GeodesicArea, LineString, MultiPolygon, Polygon};

use super::affine::Grid;
use super::antimeridian::cut;
use super::error::GeoError;
use super::georeference::Georeference;
use super::longitude::continued;

/// Sides up to this length, in map pixels, count as straight in every projection.
const SHORT: f64 = 16.0;
/// Number of pieces into which a bent side as long as the map is cut.
const PIECES: f64 = 64.0;
/// How far, in map pixels, a side may deviate from its chord in longitude and latitude.
const BEND: f64 = 0.02;
/// Longest side in degrees of longitude. A longer one is not close to its geodesic.
const LONG: f64 = 0.1;

/// A part of a footprint on the earth.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedPolygon {
    /// The polygon in degrees, longitude first: outer ring counterclockwise, holes clockwise (RFC 7946, section 3.1.6).
    /// There are several polygons if the 180th meridian cuts it (section 3.1.9).
    pub pieces: MultiPolygon<f64>,
    /// Area on the WGS 84 ellipsoid, square metres.
    pub area: f64,
}

/// Places polygons given in scene pixels. `grid` and the map's longer side determine how finely they are sampled. Fails
/// if a part is outside what the projection can map, or around a pole.
pub fn placed(
    polygons: &MultiPolygon<f64>,
    georeference: &Georeference,
    grid: &Grid,
    longest: usize,
) -> Result<Vec<PlacedPolygon>, GeoError> {
    let placer = Placer {
        georeference,
        grid,
        piece: SHORT.max(longest as f64 / PIECES),
    };
    polygons
        .iter()
        .map(|polygon| placer.polygon(polygon))
        .collect()
}

struct Placer<'a> {
    georeference: &'a Georeference,
    grid: &'a Grid,
    /// Length of the pieces of a bent side, in map pixels.
    piece: f64,
}

impl Placer<'_> {
    fn polygon(&self, polygon: &Polygon<f64>) -> Result<PlacedPolygon, GeoError> {
        let start = polygon.exterior().0[0];
        let mut outer = self.ring(polygon.exterior(), self.place(start)?.x)?;
        orient(&mut outer, true);
        let mut holes = Vec::with_capacity(polygon.interiors().len());
        for hole in polygon.interiors() {
            // Follow a path through the polygon, so that the hole is on the right side of the 180th meridian.
            let near = self.lon_along(start, hole.0[0], outer.0[0].x)?;
            let mut ring = self.ring(hole, near)?;
            orient(&mut ring, false);
            holes.push(ring);
        }
        let polygon = Polygon::new(outer, holes);
        let area = polygon.geodesic_area_signed().abs();
        Ok(PlacedPolygon {
            pieces: cut(polygon),
            area,
        })
    }

    fn place(&self, point: Coord<f64>) -> Result<Coord<f64>, GeoError> {
        let (x, y) = self
            .georeference
            .place(point.x, point.y)
            .ok_or(GeoError::OutOfRange)?;
        Ok(Coord { x, y })
    }

    /// A ring whose longitudes continue from `lon` without a jump.
    fn ring(&self, ring: &LineString<f64>, lon: f64) -> Result<LineString<f64>, GeoError> {
        let mut placed: Vec<Coord<f64>> = Vec::with_capacity(ring.0.len());
        let mut first = self.place(ring.0[0])?;
        first.x = continued(lon, first.x);
        placed.push(first);
        let mut last = first;
        for side in ring.0.windows(2) {
            last = self.side(side[0], side[1], last, &mut placed)?;
        }
        if (last.x - first.x).abs() > 180.0 {
            return Err(GeoError::Pole);
        }
        if let Some(end) = placed.last_mut() {
            *end = first;
        }
        Ok(LineString::new(placed))
    }

    /// Adds the end of a side that starts at `before`, and intermediate points if the side is bent.
    fn side(
        &self,
        from: Coord<f64>,
        to: Coord<f64>,
        before: Coord<f64>,
        placed: &mut Vec<Coord<f64>>,
    ) -> Result<Coord<f64>, GeoError> {
        let length = ((to.x - from.x) / self.grid.step_x).hypot((to.y - from.y) / self.grid.step_y);
        let pieces = if length > SHORT {
            (length / self.piece).ceil().max(2.0) as usize
        } else {
            1
        };
        let start = placed.len();
        let mut last = before;
        for piece in 1..=pieces {
            let share = piece as f64 / pieces as f64;
            let mut point = self.place(Coord {
                x: from.x + share * (to.x - from.x),
                y: from.y + share * (to.y - from.y),
            })?;
            point.x = continued(last.x, point.x);
            placed.push(point);
            last = point;
        }
        if pieces > 1 && is_straight(before, &placed[start..], BEND / length) {
            placed.truncate(start);
            placed.push(last);
        }
        Ok(last)
    }

    /// The longitude at the end of a path through the scene that starts at longitude `lon`.
    fn lon_along(&self, from: Coord<f64>, to: Coord<f64>, lon: f64) -> Result<f64, GeoError> {
        let pieces = PIECES as usize;
        (1..=pieces).try_fold(lon, |lon, piece| {
            let share = piece as f64 / pieces as f64;
            let point = self.place(Coord {
                x: from.x + share * (to.x - from.x),
                y: from.y + share * (to.y - from.y),
            });
            match point {
                Ok(point) => Ok(continued(lon, point.x)),
                // Only the hole's own point must be mappable, not the points on the path.
                Err(_) if piece < pieces => Ok(lon),
                Err(error) => Err(error),
            }
        })
    }
}

/// Whether evenly spaced points of a side lie on its chord, with a tolerance relative to its length.
fn is_straight(from: Coord<f64>, points: &[Coord<f64>], share: f64) -> bool {
    let Some(&to) = points.last() else {
        return true;
    };
    let narrow = to.y.to_radians().cos();
    let length = ((to.x - from.x) * narrow).hypot(to.y - from.y);
    (to.x - from.x).abs() <= LONG
        && points.iter().enumerate().all(|(index, point)| {
            let along = (index + 1) as f64 / points.len() as f64;
            let x = from.x + along * (to.x - from.x) - point.x;
            let y = from.y + along * (to.y - from.y) - point.y;
            (x * narrow).hypot(y) <= share * length
        })
}

/// Makes a ring run counterclockwise, or clockwise.
fn orient(ring: &mut LineString<f64>, counterclockwise: bool) {
    let Some(&origin) = ring.0.first() else {
        return;
    };
    let twice_area: f64 = ring
        .0
        .windows(2)
        .map(|side| {
            let (a, b) = (side[0] - origin, side[1] - origin);
            a.x * b.y - b.x * a.y
        })
        .sum();
    if (twice_area > 0.0) != counterclockwise {
        ring.0.reverse();
    }
}
