//! Polygons that cross the 180th meridian, cut there (RFC 7946, section 3.1.9).

use ::geo::{Coord, LineString, MultiPolygon, Polygon};

use crate::sorting::places_by;

/// Cuts a polygon at the 180th meridian, with all longitudes in -180 to 180. Its longitudes continue without a jump,
/// its outer ring runs counterclockwise and its holes run clockwise; so do those of the pieces.
pub fn cut(polygon: Polygon<f64>) -> MultiPolygon<f64> {
    let longitudes = polygon.exterior().0.iter().map(|point| point.x);
    let (west, east) = longitudes.fold((f64::MAX, f64::MIN), |(west, east), x| {
        (west.min(x), east.max(x))
    });
    if west >= -180.0 && east <= 180.0 {
        return MultiPolygon::new(vec![polygon]);
    }
    let first = ((west + 180.0) / 360.0).floor() as i32;
    let last = ((east + 180.0) / 360.0).ceil() as i32 - 1;
    let (mut pieces, mut rest) = (Vec::new(), vec![polygon]);
    for turn in first..=last {
        let shift = 360.0 * f64::from(turn);
        let here = match turn == last {
            true => std::mem::take(&mut rest),
            false => {
                let end = shift + 180.0;
                let here = rest.iter().flat_map(|part| west_of(part, end)).collect();
                rest = rest.iter().flat_map(|part| east_of(part, end)).collect();
                here
            }
        };
        let moved = |x: f64| (x - shift).clamp(-180.0, 180.0);
        pieces.extend(here.into_iter().map(|piece| with_longitudes(piece, moved)));
    }
    MultiPolygon::new(pieces)
}

fn with_longitudes(mut polygon: Polygon<f64>, of: impl Fn(f64) -> f64) -> Polygon<f64> {
    let change =
        |line: &mut LineString<f64>| line.0.iter_mut().for_each(|point| point.x = of(point.x));
    polygon.exterior_mut(change);
    polygon.interiors_mut(|lines| lines.iter_mut().for_each(change));
    polygon
}

/// The parts of a polygon east of a meridian: the mirror image of what is west of it.
fn east_of(polygon: &Polygon<f64>, meridian: f64) -> Vec<Polygon<f64>> {
    let parts = west_of(&mirrored(polygon), -meridian);
    parts.iter().map(mirrored).collect()
}

fn mirrored(polygon: &Polygon<f64>) -> Polygon<f64> {
    let mut mirrored = with_longitudes(polygon.clone(), |x| -x);
    mirrored.exterior_mut(|line| line.0.reverse());
    mirrored.interiors_mut(|lines| lines.iter_mut().for_each(|line| line.0.reverse()));
    mirrored
}

/// The parts of a polygon west of a meridian.
fn west_of(polygon: &Polygon<f64>, meridian: f64) -> Vec<Polygon<f64>> {
    let mut chains = Vec::new();
    if is_whole(polygon.exterior(), meridian, &mut chains) {
        return vec![polygon.clone()];
    }
    let holes = polygon.interiors().iter();
    let holes: Vec<_> = holes
        .filter(|hole| is_whole(hole, meridian, &mut chains))
        .collect();
    let mut parts: Vec<_> = joined(&chains)
        .into_iter()
        .map(|ring| Polygon::new(ring, Vec::new()))
        .collect();
    for hole in holes {
        let around = parts
            .iter()
            .position(|part| surrounds(part.exterior(), hole.0[0]));
        if let Some(part) = parts.get_mut(around.unwrap_or(0)) {
            part.interiors_push(hole.clone());
        }
    }
    parts
}

/// Whether a closed ring is wholly west of a meridian. Otherwise adds its parts west of it to `chains`; each begins and
/// ends on the meridian.
fn is_whole(ring: &LineString<f64>, meridian: f64, chains: &mut Vec<Vec<Coord<f64>>>) -> bool {
    let points = &ring.0[..ring.0.len() - 1];
    let count = points.len();
    let at = |index: usize| points[index % count];
    let is_west = |index: usize| at(index).x < meridian;
    let touches =
        |index: usize| at(index).x == meridian && is_west(index + count - 1) && is_west(index + 1);
    // A ring that only touches the meridian does not cross it.
    if (0..count).all(|index| is_west(index) || touches(index)) {
        return true;
    }
    // Where the polygon is on both sides of a vertex that touches it, the ring is parted.
    let is_convex = |index: usize| {
        let (before, here, after) = (at(index + count - 1), at(index), at(index + 1));
        let (one, other) = (here - before, after - here);
        one.x * other.y - one.y * other.x >= 0.0
    };
    let inside: Vec<bool> = (0..count)
        .map(|index| is_west(index) || touches(index) && is_convex(index))
        .collect();
    let start = inside.iter().position(|inside| !inside).unwrap_or(0);
    let mut chain = Vec::new();
    for (from, to) in (start..start + count).map(|index| (index % count, (index + 1) % count)) {
        match (inside[from], inside[to]) {
            (true, true) => chain.push(points[to]),
            (false, true) => {
                chain.extend([crossing(points[from], points[to], meridian), points[to]])
            }
            (true, false) => {
                chain.push(crossing(points[from], points[to], meridian));
                chain.dedup();
                chains.push(std::mem::take(&mut chain));
            }
            (false, false) => {}
        }
    }
    false
}

/// Where a side crosses a meridian.
fn crossing(from: Coord<f64>, to: Coord<f64>, meridian: f64) -> Coord<f64> {
    let share = (meridian - from.x) / (to.x - from.x);
    let y = match share {
        1.0 => to.y,
        _ => from.y + share * (to.y - from.y),
    };
    Coord { x: meridian, y }
}

/// Joins the parts of rings along the meridian, of which the polygon is west: where one leaves the polygon's inside is
/// north of it, up to where the next one comes back.
fn joined(chains: &[Vec<Coord<f64>>]) -> Vec<LineString<f64>> {
    let sorted = |end: fn(&[Coord<f64>]) -> Option<&Coord<f64>>| {
        let y = |chain: usize| end(&chains[chain]).map_or(0.0, |point| point.y);
        places_by(chains.len(), &|one, other| y(one).total_cmp(&y(other)))
    };
    let (starts, ends) = (sorted(<[_]>::first), sorted(<[_]>::last));
    let mut next = vec![0; chains.len()];
    for (end, start) in ends.into_iter().zip(starts) {
        next[end] = start;
    }
    let mut is_used = vec![false; chains.len()];
    let mut rings = Vec::new();
    for first in 0..chains.len() {
        let (mut at, mut ring) = (first, Vec::new());
        while !std::mem::replace(&mut is_used[at], true) {
            ring.extend_from_slice(&chains[at]);
            at = next[at];
        }
        if !ring.is_empty() {
            ring.push(ring[0]);
            ring.dedup();
            rings.push(LineString::new(ring));
        }
    }
    rings
}

/// Whether a point is inside a ring: a line to the west crosses it an odd number of times.
fn surrounds(ring: &LineString<f64>, point: Coord<f64>) -> bool {
    let sides = ring.0.windows(2).filter(|side| {
        let (a, b) = (side[0], side[1]);
        let is_beside = (a.y > point.y) != (b.y > point.y);
        is_beside && a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x) < point.x
    });
    sides.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use ::geo::{Area, BooleanOps, Rect, Validation};

    use super::*;

    fn ring(points: &[(f64, f64)]) -> LineString<f64> {
        let mut line: LineString<f64> = points.to_vec().into();
        line.close();
        line
    }

    /// The areas west of the meridian and east of it, which must be valid, by this room and by geo's own operations.
    fn compared(polygon: &Polygon<f64>, meridian: f64) -> [f64; 2] {
        let window = |from: f64, to: f64| {
            Rect::new(Coord { x: from, y: -1.0 }, Coord { x: to, y: 9.0 }).to_polygon()
        };
        let windows = [window(-11.0, meridian), window(meridian, 11.0)];
        let sides = [west_of(polygon, meridian), east_of(polygon, meridian)];
        let mut areas = [0.0; 2];
        for (side, window) in sides.into_iter().zip(windows).enumerate() {
            let (parts, window) = window;
            let expected = polygon.intersection(&window).signed_area();
            for part in &parts {
                assert!(part.is_valid(), "{part:?}");
                assert!(part.signed_area() > 0.0);
                areas[side] += part.signed_area();
            }
            assert!((areas[side] - expected).abs() < 1e-6, "{parts:?}");
        }
        areas
    }

    #[test]
    fn parts_have_the_areas_that_other_operations_find() {
        let comb = ring(&[
            (0.0, 0.0),
            (9.0, 0.0),
            (9.0, 1.0),
            (2.0, 1.0),
            (2.0, 2.0),
            (9.0, 2.0),
            (9.0, 4.0),
            (2.0, 4.0),
            (2.0, 5.0),
            (7.0, 5.0),
            (7.0, 6.0),
            (0.0, 6.0),
        ]);
        let hole = |x: f64, y: f64| ring(&[(x, y), (x, y + 0.5), (x + 0.7, y + 0.5), (x + 0.7, y)]);
        let holes = vec![
            hole(0.5, 0.2),
            hole(6.2, 2.5),
            hole(3.0, 3.0),
            hole(0.5, 5.2),
        ];
        let polygon = Polygon::new(comb, holes);
        // Through vertices, along sides, through holes, along their sides, and beyond.
        for meridian in [
            -1.0, 0.0, 0.5, 1.2, 2.0, 3.3, 5.0, 6.2, 6.5, 7.0, 8.0, 9.0, 10.0,
        ] {
            let [west, east] = compared(&polygon, meridian);
            assert!(
                (west + east - polygon.signed_area()).abs() < 1e-9,
                "{meridian}"
            );
        }
    }

    #[test]
    fn vertices_on_the_meridian_make_no_parts_without_area() {
        let zigzag = ring(&[
            (0.0, 0.0),
            (5.0, 1.0),
            (1.0, 2.0),
            (5.0, 3.0),
            (1.0, 4.0),
            (9.0, 5.0),
            (5.0, 6.0),
            (8.0, 7.0),
            (0.0, 8.0),
        ]);
        let polygon = Polygon::new(zigzag, Vec::new());
        let [west, east] = compared(&polygon, 5.0);
        assert!(west > 0.0 && east > 0.0);
        let step = ring(&[
            (-1.0, 0.0),
            (1.0, 0.0),
            (1.0, 2.0),
            (0.0, 2.0),
            (0.0, 1.0),
            (-1.0, 1.0),
        ]);
        assert_eq!(compared(&Polygon::new(step, Vec::new()), 0.0), [1.0, 2.0]);
    }

    #[test]
    fn pieces_are_moved_to_their_own_side() {
        let around = Polygon::new(
            ring(&[(-190.0, 0.0), (200.0, 0.0), (200.0, 10.0), (-190.0, 10.0)]),
            Vec::new(),
        );
        let pieces = cut(around);
        let west = |piece: &Polygon<f64>| {
            piece
                .exterior()
                .0
                .iter()
                .map(|p| p.x)
                .fold(f64::MAX, f64::min)
        };
        let sides: Vec<_> = pieces
            .iter()
            .map(|piece| (west(piece), piece.signed_area()))
            .collect();
        assert_eq!(sides, [(170.0, 100.0), (-180.0, 3600.0), (-180.0, 200.0)]);
    }
}
