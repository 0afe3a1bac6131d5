//! Whole scenes: place, ground resolution and area, against numbers from pyproj 3.7.2 (PROJ 9.5.1, GeographicLib):
//! centres by `Transformer`, metres per pixel by `Geod.inv` over one pixel along each axis, and areas by
//! `Geod.polygon_area_perimeter` of the scene's border in 80,000 points.

use super::*;
use crate::segment::Refine;
use crate::vision::Mask;

pub(super) struct Scene {
    name: &'static str,
    epsg: u32,
    affine: [f64; 6],
    pub(super) size: (usize, usize),
    centre: (f64, f64),
    metres: f64,
    area: f64,
}

#[rustfmt::skip]
const SCENES: [Scene; 13] = [
    scene("UTM north", 32633, [5e5, 0.3, 0.0, 4.6e6, 0.0, -0.3], (2000, 1000), (15.0035972026, 41.5503133600), 0.300120048, 180144.086),
    scene("UTM south", 32733, [2.8e5, 0.5, 0.0, 8.2e6, 0.0, -0.5], (1200, 900), (12.9441277419, -16.2728795089), 0.499901556, 269893.691),
    scene("rotated", 25832, [6.9e5, 0.4, 0.3, 5.33e6, 0.3, -0.4], (800, 600), (11.5551990355, 48.0948428467), 0.499977621, 119989.256),
    scene("Web Mercator", 3857, [1.2e6, 0.6, 0.0, 9e6, 0.0, -0.6], (1000, 1000), (10.7824783553, 62.5870365998), 0.276774296, 76604.010),
    scene("geographic", 4326, [8.5, 1e-5, 0.0, 47.4, 0.0, -8e-6], (1000, 800), (8.5050000000, 47.3968000000), 0.819414027, 537151.479),
    scene("whole earth", 4326, [-180.0, 0.1, 0.0, 90.0, 0.0, -0.1], (3600, 1800), (0.0, 0.0), 11094.625775875, 510065621724088.4),
    scene("feet", 2225, [6.1e6, 1.0, 0.0, 2.2e6, 0.0, -1.0], (2000, 2000), (-123.6655021674, 40.8546441617), 0.304832709, 371691.925),
    scene("NAD83", 26910, [5.5e5, 1.0, 0.0, 4.18e6, 0.0, -1.0], (500, 500), (-122.4294873274, 37.7636929262), 1.000369035, 250184.552),
    scene("Lambert", 2154, [6.5e5, 0.2, 0.0, 6.86e6, 0.0, -0.2], (1000, 1000), (2.3201646780, 48.8372185704), 0.200024289, 40009.716),
    scene("equal area", 3035, [4.321e6, 10.0, 0.0, 3.21e6, 0.0, -10.0], (500, 400), (10.0363871877, 51.9820196410), 10.000000001, 20000000.005),
    scene("north pole", 3413, [-3e5, 1e3, 0.0, 3e5, 0.0, -1e3], (600, 600), (-45.0, 90.0), 1031.078573582, 382426482835.250),
    scene("180th meridian", 32601, [3.1e5, 500.0, 0.0, 7.2e6, 0.0, -500.0], (200, 200), (-179.9095840937, 64.4466939205), 500.080016200, 10002996990.073),
    scene("centimetres", 32633, [5e5, 0.01, 0.0, 5.6e6, 0.0, -0.01], (300, 300), (15.0000211735, 50.5519188929), 0.010004002, 9.007),
];

const fn scene(
    name: &'static str,
    epsg: u32,
    affine: [f64; 6],
    size: (usize, usize),
    centre: (f64, f64),
    metres: f64,
    area: f64,
) -> Scene {
    Scene {
        name,
        epsg,
        affine,
        size,
        centre,
        metres,
        area,
    }
}

impl Scene {
    pub(super) fn georeference(&self) -> Georeference {
        let crs = Crs::from_epsg(self.epsg).unwrap();
        let tags = GeoTags::new(&Affine(self.affine), Some(&crs));
        Georeference::from_tags(tags)
    }
}

pub(super) fn named(name: &str) -> &'static Scene {
    SCENES.iter().find(|scene| scene.name == name).unwrap()
}

pub(super) fn close(found: f64, expected: f64, share: f64) -> bool {
    (found / expected - 1.0).abs() < share
}

/// A mask with the pixels of `columns` x `rows` set.
pub(super) fn block(size: (usize, usize), columns: [usize; 2], rows: [usize; 2]) -> Mask {
    let mut mask = Mask::empty(size.0, size.1);
    for y in rows[0]..rows[1] {
        for x in columns[0]..columns[1] {
            mask.set(x, y, true);
        }
    }
    mask
}

pub(super) fn layer<'a>(mask: &'a Mask, grid: Grid) -> Layer<'a> {
    Layer {
        footprint: Footprint::new(mask, grid),
        phrase: "the <red> roof & \"its\" shade".into(),
        colour: "#ff8000".into(),
        score: 0.75,
        threshold: 0.5,
    }
}

#[test]
fn centre_resolution_and_area_of_every_kind_of_system() {
    for scene in &SCENES {
        let (width, height) = scene.size;
        let georeference = scene.georeference();
        let info = georeference.info(width, height);
        assert_eq!(
            (info.epsg, &info.problem),
            (Some(scene.epsg), &None),
            "{}",
            scene.name
        );
        assert_eq!(info.rotated, scene.name == "rotated");
        let (lon, lat) = georeference
            .place(width as f64 / 2.0, height as f64 / 2.0)
            .unwrap();
        assert!((lat - scene.centre.1).abs() < 1e-8, "{} {lat}", scene.name);
        let same = scene.name == "north pole" || (lon - scene.centre.0).abs() < 1e-8;
        assert!(same, "{} {lon}", scene.name);
        let metres = info.metres_per_pixel.unwrap();
        // A geodesic over one pixel of the map of the whole earth does not give the size at the point.
        assert!(close(metres, scene.metres, 1e-5), "{} {metres}", scene.name);

        // Once on the scene's own pixels, and once on a map of a quarter of its width and height.
        for step in [1, 4] {
            let (columns, rows) = (width / step, height / step);
            let grid = Grid {
                step_x: step as f64,
                step_y: step as f64,
                ..Grid::SCENE
            };
            let ground = GroundArea::new(&georeference, grid, columns, rows).unwrap();
            let mask = Mask::full(columns, rows);
            let area = ground.of(&Footprint::new(&mask, grid)).unwrap();
            // Four corners of an eighth of a pixel each are cut off.
            let cut = 0.5 / (columns * rows) as f64;
            let share = if scene.name == "whole earth" {
                4e-4
            } else {
                3e-5
            };
            let expected = scene.area * (1.0 - cut);
            assert!(
                close(area, expected, share),
                "{} {area} {expected}",
                scene.name
            );
        }
    }
}

#[test]
fn the_area_of_a_footprint_is_that_of_its_polygons() {
    // Blobs with holes and smooth probabilities.
    let (width, height) = (97, 61);
    let probability: Vec<u8> = (0..width * height)
        .map(|i| {
            let (x, y) = ((i % width) as f64, (i / width) as f64);
            (127.5 + 127.0 * (x / 5.0).sin() * (y / 4.0 + x / 17.0).cos()) as u8
        })
        .collect();
    let mut mask = Mask::new(
        width,
        height,
        probability.iter().map(|&p| p >= 102).collect(),
    );
    // Flips every 37th pixel, so that the mask differs from the thresholded map.
    for i in (0..width * height).step_by(37) {
        let (x, y) = (i % width, i / width);
        mask.set(x, y, !mask.get(x, y));
    }
    let refine = Refine {
        threshold: 0.4,
        ..Refine::default()
    };
    let grid = Grid {
        origin_x: 12.0,
        origin_y: 5.0,
        step_x: 2.0,
        step_y: 1.5,
    };
    for scene in SCENES
        .iter()
        .filter(|scene| !["whole earth", "north pole"].contains(&scene.name))
    {
        let georeference = scene.georeference();
        let footprint = Footprint::refined(&mask, grid, &probability, &refine);
        let parts = placed(&polygons(&footprint), &georeference, &grid, width).unwrap();
        assert!(parts.len() > 20);
        let sum: f64 = parts.iter().map(|part| part.area).sum();
        let ground = GroundArea::new(&georeference, grid, width, height).unwrap();
        let area = ground.of(&footprint).unwrap();
        // Geodesic sums are rounded to a few square millimetres per polygon.
        let share = if scene.name == "centimetres" {
            1e-4
        } else {
            1e-5
        };
        assert!(close(area, sum, share), "{} {area} {sum}", scene.name);
        for ring in parts.iter().flat_map(|part| part.pieces.iter()) {
            assert!(twice_area(ring.exterior()) > 0.0);
            assert!(ring.interiors().iter().all(|hole| twice_area(hole) < 0.0));
        }
    }
}

pub(super) fn twice_area(ring: &::geo::LineString<f64>) -> f64 {
    let origin = ring.0[0];
    let sides = ring
        .0
        .windows(2)
        .map(|side| (side[0] - origin, side[1] - origin));
    sides.map(|(a, b)| a.x * b.y - b.x * a.y).sum()
}

#[test]
fn a_scale_alone_gives_areas_and_no_place() {
    let georeference = Georeference::from_scale(25.0).unwrap();
    let info = georeference.info(400, 300);
    assert_eq!(
        (info.kind, info.metres_per_pixel),
        (Kind::Scale, Some(0.25))
    );
    assert_eq!((info.bounds, info.problem), (None, None));
    let mask = block((200, 150), [10, 110], [20, 70]);
    let grid = Grid {
        step_x: 2.0,
        step_y: 2.0,
        ..Grid::SCENE
    };
    let ground = GroundArea::new(&georeference, grid, 200, 150).unwrap();
    let area = ground.of(&Footprint::new(&mask, grid)).unwrap();
    assert!((area - (5000.0 - 0.5) * 0.25).abs() < 1e-9);
    let error = features(&[layer(&mask, grid)], &georeference, "GeoJSON");
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("GeoJSON needs a georeferenced image"),
        "{error}"
    );
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(Georeference::from_scale(scale).is_err());
    }
}
