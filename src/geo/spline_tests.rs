use serde_json::Value;

use super::super::control_points::affine_fit;
use super::*;

fn point([column, row, x, y]: [f64; 4]) -> ControlPoint {
    ControlPoint {
        pixel: [column, row],
        coordinates: [x, y],
    }
}

/// A pixel on a smoothly bent sheet.
fn sheet(column: f64, row: f64) -> ControlPoint {
    let (x, y) = (column / 1000.0, row / 1000.0);
    let bend = [9.0 * (3.0 * x + y).sin(), 7.0 * (2.0 * y - 3.0 * x).cos()];
    point([
        column,
        row,
        390_000.0 + 300.0 * x + bend[0],
        5_819_000.0 - 290.0 * y + bend[1],
    ])
}

fn lattice(side: usize) -> Vec<ControlPoint> {
    let at = |i: usize| 1000.0 * i as f64 / (side - 1) as f64;
    (0..side * side)
        .map(|i| sheet(at(i % side), at(i / side)))
        .collect()
}

fn through(points: &[ControlPoint]) -> Option<Spline> {
    Spline::through(points, &affine_fit(points).unwrap())
}

/// The largest distance of points from where a spline puts them.
fn off(spline: &Spline, points: &[ControlPoint]) -> f64 {
    let distance = |point: &ControlPoint| {
        let (x, y) = spline.apply(point.pixel[0], point.pixel[1]);
        (x - point.coordinates[0]).hypot(y - point.coordinates[1])
    };
    points.iter().map(distance).fold(0.0, f64::max)
}

// GDAL's GCP_TPS transformer; tests/reference/splines.py.
#[test]
fn splines_are_those_of_gdal() {
    let fixture: Value =
        serde_json::from_str(include_str!("../../tests/fixtures/splines.json")).unwrap();
    let list = |set: &Value, name: &str| -> Vec<ControlPoint> {
        let rows: Vec<[f64; 4]> = serde_json::from_value(set[name].clone()).unwrap();
        rows.into_iter().map(point).collect()
    };
    let sets = fixture["sets"].as_array().unwrap();
    assert_eq!(sets.len(), 4);
    for set in sets {
        let points = list(set, "points");
        let spline = through(&points).unwrap();
        assert!(off(&spline, &points) < 1e-6, "{} points", points.len());
        let far = off(&spline, &list(set, "placed"));
        assert!(far < 1e-5, "{far} m for {} points", points.len());
    }
}

#[test]
fn many_points_are_thinned() {
    let points = lattice(100);
    let spline = through(&points).unwrap();
    assert_eq!((points.len(), spline.nodes.len()), (10_000, MOST));
    // Between the points that were kept the sheet is bent little.
    let most = off(&spline, &points);
    assert!(most > 1e-9 && most < 0.05, "{most}");
}

#[test]
fn points_at_one_pixel_count_once() {
    let mut points = lattice(4);
    let once = through(&points).unwrap();
    let mut again = points[5];
    again.coordinates[0] += 0.5;
    points.extend([points[3], again]);
    let twice = Spline::through(&points, &affine_fit(&points).unwrap()).unwrap();
    assert_eq!((once.nodes.len(), twice.nodes.len()), (16, 16));
    assert!(off(&twice, &lattice(4)) < 1e-6);
}

#[test]
fn points_that_give_no_surface() {
    // On a line, but for one that is nearly on it.
    let line = (0..8).map(|i| sheet(100.0 * f64::from(i), 50.0 * f64::from(i)));
    let line: Vec<ControlPoint> = line.collect();
    let grid = affine_fit(&lattice(4)).unwrap();
    assert!(Spline::through(&line, &grid).is_none());
    assert!(Spline::through(&line[..1], &grid).is_none());
    // Two that are exchanged turn the surface over between them.
    let mut points = lattice(7);
    let (one, other) = (points[23].coordinates, points[25].coordinates);
    (points[23].coordinates, points[25].coordinates) = (other, one);
    assert!(Spline::through(&points, &grid).is_none());
}
