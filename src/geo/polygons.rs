//! Footprints as polygons in scene pixels.

use ::geo::{Coord, LineString, MultiPolygon, Polygon};

use super::footprint::Footprint;
use super::outline::{Ring, rings};

/// The polygons of a footprint in scene pixels, one per part, with their holes; every ring is closed. Vertices on
/// straight sides are omitted.
pub fn polygons(footprint: &Footprint<'_>) -> MultiPolygon<f64> {
    let rings = rings(footprint);
    let mut places = vec![None; rings.len()];
    let mut parts: Vec<(LineString<f64>, Vec<LineString<f64>>)> = Vec::new();
    for (index, ring) in rings.iter().enumerate() {
        if ring.around.is_none() {
            places[index] = Some(parts.len());
            parts.push((line(ring), Vec::new()));
        }
    }
    for ring in &rings {
        if let Some(place) = ring.around.and_then(|outer| places[outer]) {
            parts[place].1.push(line(ring));
        }
    }
    let polygons = parts
        .into_iter()
        .map(|(outer, holes)| in_scene(Polygon::new(outer, holes), footprint));
    MultiPolygon::new(polygons.collect())
}

fn line(ring: &Ring) -> LineString<f64> {
    let mut line: Vec<Coord<f64>> = ring.points.iter().map(|&[x, y]| Coord { x, y }).collect();
    line.extend(line.first().copied());
    LineString::new(line)
}

fn in_scene(mut polygon: Polygon<f64>, footprint: &Footprint<'_>) -> Polygon<f64> {
    let grid = footprint.grid();
    let place = |line: &mut LineString<f64>| {
        for point in &mut line.0 {
            (point.x, point.y) = grid.apply(point.x, point.y);
        }
    };
    polygon.exterior_mut(place);
    polygon.interiors_mut(|lines| lines.iter_mut().for_each(place));
    polygon
}
