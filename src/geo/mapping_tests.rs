use super::*;
use crate::geo::{
    Footprint, GeoTags, Georeference, Grid, GroundArea, Layer, Method, Origin, features, geojson,
};
use crate::vision::Mask;

/// Points of a sheet of 400 x 300 pixels, of 0.5 m, that is bent by so many metres.
fn points(side: u32, bend: f64) -> Vec<ControlPoint> {
    let point = |i: u32| {
        let share = |i: u32| f64::from(i) / f64::from(side - 1);
        let (x, y) = (share(i % side), share(i / side));
        ControlPoint {
            pixel: [400.0 * x, 300.0 * y],
            coordinates: [
                390_000.0 + 200.0 * x + bend * (3.0 * y).sin(),
                5_819_000.0 - 150.0 * y + bend * (2.0 * x + y).cos(),
            ],
        }
    };
    (0..side * side).map(point).collect()
}

#[test]
fn a_spline_is_taken_where_a_grid_does_not_fit() {
    let utm = Crs::from_epsg(32633).unwrap();
    let method = |points: &[ControlPoint]| Mapping::fitted(points, Some(&utm)).unwrap().1.method;
    assert_eq!(method(&points(5, 10.0)), Method::ThinPlateSpline);
    assert_eq!(method(&points(5, 0.2)), Method::Affine);
    // Five points are too few: three corners, the middle and another.
    let few = [0, 4, 12, 20, 17].map(|at| points(5, 10.0)[at]);
    assert_eq!(method(&few), Method::Affine);
}

#[test]
fn exports_go_through_the_spline() {
    let utm = Crs::from_epsg(32633).unwrap();
    let points = points(5, 10.0);
    let georeference = Georeference::from_tags(GeoTags::by_control_points(&points, Some(&utm)));
    let info = georeference.info(400, 300);
    let fit = info.control_points.unwrap();
    assert!(
        fit.method == Method::ThinPlateSpline && fit.residual < 1e-6,
        "{fit:?}"
    );
    assert!(fit.grid_residual > 1.0 && fit.in_metres, "{fit:?}");
    assert!(
        fit.note().contains("thin-plate spline through 25"),
        "{}",
        fit.note()
    );
    assert!(!info.rotated && info.bounds.is_some() && info.problem.is_none());
    // No grid, so no world file; a GeoTIFF of the mask keeps the points.
    assert!(georeference.affine().is_none() && georeference.world_file(&Grid::SCENE).is_none());
    assert_eq!(
        georeference.tags(&Grid::SCENE).unwrap().tiepoints.len(),
        6 * 25
    );
    let place = |point: &ControlPoint| {
        let [x, y] = point.coordinates;
        utm.to_wgs84(x, y).unwrap()
    };
    for point in &points {
        let (lon, lat) = georeference.place(point.pixel[0], point.pixel[1]).unwrap();
        let (expected_lon, expected_lat) = place(point);
        assert!((lon - expected_lon).hypot(lat - expected_lat) < 1e-11);
    }
    // A mask of the whole image: its border runs through the outer points.
    let mask = Mask::new(400, 300, vec![true; 400 * 300]);
    let layer = Layer {
        footprint: Footprint::new(&mask, Grid::SCENE),
        phrase: "all".into(),
        colour: "#ff0000".into(),
        score: 1.0,
        threshold: 0.5,
    };
    let found = features(&[layer], &georeference, "GeoJSON").unwrap();
    let line = found[0].polygons.0[0].exterior();
    let near = |point: &ControlPoint| {
        let (lon, lat) = place(point);
        line.0
            .iter()
            .map(|at| (at.x - lon).hypot(at.y - lat))
            .fold(f64::MAX, f64::min)
    };
    // Corners are cut by half a pixel.
    let corners = [0, 4, 20, 24].map(|at| near(&points[at]));
    assert!(corners.iter().all(|&far| far < 1e-5), "{corners:?}");
    assert!(
        line.0.len() > 40,
        "bent sides have points between their ends"
    );
    assert!(geojson(&found, &Origin::default()).contains("Polygon"));
    let ground = GroundArea::new(&georeference, Grid::SCENE, 400, 300).unwrap();
    let area = ground.of(&Footprint::new(&mask, Grid::SCENE)).unwrap();
    assert!(
        (area / found[0].area - 1.0).abs() < 1e-4,
        "{area} {}",
        found[0].area
    );
}
