//! Exports, the 180th meridian, the poles and the limits of projections, on the scenes of the area tests.

use super::scene_tests::{block, close, layer, named, twice_area};
use super::*;
use crate::vision::Mask;

#[test]
fn the_180th_meridian_cuts_polygons_and_turns_bounds() {
    let scene = named("180th meridian");
    let georeference = scene.georeference();
    let bounds = georeference.info(200, 200).bounds.unwrap();
    // Computed by pyproj along the border.
    let expected = [178.988245488, -178.841223506, 63.974850745, 64.911994297];
    for (found, expected) in [bounds[0], bounds[2], bounds[1], bounds[3]]
        .iter()
        .zip(expected)
    {
        assert!((found - expected).abs() < 1e-3, "{bounds:?}");
    }
    let mut mask = block(scene.size, [20, 180], [50, 150]);
    // One hole on each side.
    for (x, y) in [(40, 100), (160, 100)] {
        mask.set(x, y, false);
    }
    let footprint = Footprint::new(&mask, Grid::SCENE);
    let parts = placed(&polygons(&footprint), &georeference, &Grid::SCENE, 200).unwrap();
    assert_eq!((parts.len(), parts[0].pieces.0.len()), (1, 2));
    let mut holes = Vec::new();
    for piece in &parts[0].pieces {
        let xs = piece.exterior().0.iter().map(|point| point.x);
        assert!(
            xs.clone().all(|x| (178.0..=180.0).contains(&x)) || xs.clone().all(|x| x <= -178.0)
        );
        assert!(twice_area(piece.exterior()) > 0.0);
        holes.push(piece.interiors().len());
    }
    assert_eq!(holes, [1, 1]);
    use ::geo::GeodesicArea;
    let pieces: f64 = parts[0].pieces.geodesic_area_unsigned();
    assert!(
        close(pieces, parts[0].area, 1e-6),
        "{pieces} {}",
        parts[0].area
    );
}

#[test]
fn a_pole_is_within_bounds_and_not_within_polygons() {
    let georeference = named("north pole").georeference();
    let bounds = georeference.info(600, 600).bounds.unwrap();
    assert_eq!((bounds[0], bounds[2], bounds[3]), (-180.0, 180.0, 90.0));
    assert!((bounds[1] - 86.084961).abs() < 1e-5);
    let mask = Mask::full(600, 600);
    let around = features(&[layer(&mask, Grid::SCENE)], &georeference, "KML");
    assert_eq!(around, Err(GeoError::Pole));
    let beside = block((600, 600), [0, 100], [0, 100]);
    assert!(features(&[layer(&beside, Grid::SCENE)], &georeference, "KML").is_ok());
}

#[test]
fn what_lies_outside_the_projection_is_an_error() {
    let tags = GeoTags::new(
        &Affine([0.0, 1.0, 0.0, 120.0, 0.0, -1.0]),
        Some(&Crs::from_epsg(4326).unwrap()),
    );
    let georeference = Georeference::from_tags(tags);
    let info = georeference.info(50, 100);
    assert_eq!(info.bounds, None);
    assert_eq!(info.problem, Some(GeoError::OutOfRange.to_string()));
    let grid = Grid::SCENE;
    let ground = GroundArea::new(&georeference, grid, 50, 100).unwrap();
    let outside = block((50, 100), [0, 10], [0, 10]);
    assert_eq!(ground.of(&Footprint::new(&outside, grid)), None);
    let inside = block((50, 100), [0, 10], [60, 70]);
    assert!(ground.of(&Footprint::new(&inside, grid)).is_some());
    let found = features(&[layer(&outside, grid)], &georeference, "KML");
    assert_eq!(found, Err(GeoError::OutOfRange));
}

#[test]
fn exports_carry_the_attributes_and_the_right_hand_rule() {
    let georeference = named("UTM north").georeference();
    let mut mask = block((2000, 1000), [200, 1200], [100, 600]);
    for y in 200..300 {
        for x in 400..500 {
            mask.set(x, y, false);
        }
    }
    mask.set(1500, 800, true);
    let layers = [layer(&mask, Grid::SCENE)];
    let origin = Origin {
        source: "town.tif".into(),
        model: "tiny".into(),
    };
    let one = features(&layers, &georeference, "GeoJSON").unwrap();
    assert_eq!(one.len(), 1);
    assert_eq!(
        (
            one[0].polygons.0.len(),
            one[0].polygons.0[0].interiors().len()
        ),
        (2, 1)
    );
    // 490,000 pixels of 0.3 m, minus the corners of two rings, converted to the ellipsoid with the scale at the centre.
    assert!(close(one[0].area, 490_000.5 * 0.300120048f64.powi(2), 1e-5));

    let json: serde_json::Value = serde_json::from_str(&geojson(&one, &origin)).unwrap();
    let properties = &json["features"][0]["properties"];
    assert_eq!(properties["prompt"], layers[0].phrase);
    assert_eq!(properties["source"], "town.tif");
    assert_eq!(properties["score"], 0.75);
    let area = properties["area_m2"].as_f64().unwrap();
    assert!(close(area, one[0].area, 1e-6));
    assert!(close(
        properties["area_ha"].as_f64().unwrap(),
        area / 1e4,
        1e-6
    ));
    let first = &json["features"][0]["geometry"]["coordinates"][0][0][0];
    assert!(
        first[0].as_f64().unwrap() > 14.9 && first[0].to_string().len() <= 12,
        "{first}"
    );

    let kml = kml(&one, &origin);
    assert!(kml.contains("the &lt;red&gt; roof &amp; "), "{kml}");
    assert!(kml.contains("<color>800080ff</color>") && kml.contains("<innerBoundaryIs>"));

    let wkb = wkb(&one[0].polygons);
    let points: usize = one[0]
        .polygons
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .map(|ring| ring.0.len())
        .sum();
    assert_eq!(wkb.len(), 9 + 2 * 9 + 3 * 4 + points * 16);
    let nothing = Mask::empty(2000, 1000);
    let empty = features(&[layer(&nothing, Grid::SCENE)], &georeference, "KML");
    assert!(geojson(&empty.unwrap(), &origin).contains("\"geometry\":null"));
}
