use super::*;

const UTM: &str = "PROJCS[\"WGS_1984_UTM_Zone_33N\",GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",\
    SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],\
    PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"False_Northing\",0.0],\
    PARAMETER[\"Central_Meridian\",15.0],PARAMETER[\"Scale_Factor\",0.9996],PARAMETER[\"Latitude_Of_Origin\",0.0],\
    UNIT[\"Meter\",1.0]]";
const WORLD: &str = "0.3\n0\n0\n-0.3\n390000.15\n5818999.85\n";
const AFFINE: Affine = Affine([390_000.0, 0.3, 0.0, 5_819_000.0, 0.0, -0.3]);

fn read(tags: Option<GeoTags>, beside: Sidecars<'_>) -> (Georeference, Info) {
    let georeference = Georeference::from_files(tags, &beside).unwrap();
    let info = georeference.info(300, 200);
    (georeference, info)
}

fn tags(epsg: Option<u32>) -> GeoTags {
    let crs = epsg.map(|code| Crs::from_epsg(code).unwrap());
    GeoTags::new(&Affine([0.0, 1.0, 0.0, 0.0, 0.0, -1.0]), crs.as_ref())
}

#[test]
fn a_world_file_places_and_a_prj_names_the_system() {
    let beside = Sidecars {
        world: Some(WORLD),
        prj: Some(UTM),
        ..Sidecars::default()
    };
    let (georeference, info) = read(None, beside);
    let found = georeference.affine().unwrap();
    assert!((found.0[0] - AFFINE.0[0]).abs() < 1e-6 && (found.0[3] - AFFINE.0[3]).abs() < 1e-6);
    assert_eq!(
        (info.epsg, info.source, &info.problem),
        (Some(32633), Some(Source::WorldFile), &None)
    );
    // The system that the user chose takes precedence; without any, the coordinates are of an unknown system.
    let asked = Sidecars {
        epsg: Some(25833),
        ..beside
    };
    assert_eq!(read(None, asked).1.epsg, Some(25833));
    let alone = Sidecars {
        prj: None,
        ..beside
    };
    let (georeference, info) = read(None, alone);
    assert_eq!(
        (info.kind, georeference.problem()),
        (Kind::Unknown, Some(&GeoError::NoCrs))
    );
    let wrong = Sidecars {
        prj: Some("Projection UTM\nZone 33"),
        ..beside
    };
    let (georeference, info) = read(None, wrong);
    assert!(georeference.affine().is_some());
    assert!(info.problem.unwrap().contains("not well-known text"));
    let broken = Sidecars {
        world: Some("0.3 0 north"),
        ..beside
    };
    assert!(Georeference::from_files(None, &broken).is_err());
    assert!(
        Georeference::from_files(Some(tags(Some(32633))), &broken).is_ok(),
        "it is not used"
    );
    assert_eq!(
        read(None, Sidecars::default()).1.problem,
        Some(GeoError::Missing.to_string())
    );
}

#[test]
fn what_files_say_goes_in_the_order_of_gdal() {
    let text = format!(
        "<PAMDataset><SRS>{}</SRS><GeoTransform>390000,0.3,0,5819000,0,-0.3</GeoTransform></PAMDataset>",
        UTM.replace('"', "&quot;")
    );
    let aux = Sidecars {
        aux: Some(&text),
        world: Some("9 0 0 -9 9 9"),
        ..Sidecars::default()
    };
    for own in [None, Some(tags(Some(3857)))] {
        let (georeference, info) = read(own, aux);
        assert_eq!(
            (info.epsg, info.source),
            (Some(32633), Some(Source::AuxXml))
        );
        assert_eq!(georeference.affine(), Some(AFFINE));
        let written = georeference.tags(&Grid::SCENE).unwrap();
        assert_eq!(written.affine(), Ok(AFFINE));
    }
    // The file holds only a system: the grid is the file's own.
    let system = text.replace("GeoTransform", "Other");
    let only_system = Sidecars {
        aux: Some(&system),
        ..Sidecars::default()
    };
    let (georeference, info) = read(Some(tags(None)), only_system);
    assert_eq!(
        (info.epsg, info.source),
        (Some(32633), Some(Source::Geotags))
    );
    let written = georeference.tags(&Grid::SCENE).unwrap();
    assert_eq!(
        Georeference::from_tags(written).info(3, 3).epsg,
        Some(32633)
    );
    // A damaged file is reported only if it is needed.
    let damaged = Sidecars {
        aux: Some("<PAMDataset><GeoTransform>1</GeoTransform></PAMDataset>"),
        ..Sidecars::default()
    };
    assert!(
        read(None, damaged)
            .1
            .problem
            .unwrap()
            .contains("GeoTransform")
    );
    assert_eq!(read(Some(tags(Some(32633))), damaged).1.problem, None);
    // A file with statistics alone places nothing.
    let statistics = Sidecars {
        aux: Some("<PAMDataset><PAMRasterBand band=\"1\"/></PAMDataset>"),
        world: Some(WORLD),
        prj: Some(UTM),
        ..Sidecars::default()
    };
    assert_eq!(read(None, statistics).1.source, Some(Source::WorldFile));
}

/// Control points on the grid of `AFFINE`, the last one `off` metres east of it.
fn points(off: f64) -> Vec<ControlPoint> {
    [
        [0.0, 0.0],
        [300.0, 0.0],
        [300.0, 200.0],
        [0.0, 200.0],
        [100.0, 100.0],
    ]
    .into_iter()
    .enumerate()
    .map(|(index, pixel)| {
        let (x, y) = AFFINE.apply(pixel[0], pixel[1]);
        let off = if index == 4 { off } else { 0.0 };
        ControlPoint {
            pixel,
            coordinates: [x + off, y],
        }
    })
    .collect()
}

#[test]
fn control_points_give_a_fitted_grid_that_is_said() {
    let utm = Crs::from_epsg(32633).unwrap();
    let exact = GeoTags::by_control_points(&points(0.0), Some(&utm));
    let (georeference, info) = read(Some(exact.clone()), Sidecars::default());
    let fit = info.control_points.unwrap();
    assert!(fit.points == 5 && fit.residual < 1e-6 && fit.in_metres);
    assert_eq!(
        (info.epsg, info.problem.clone(), info.rotated),
        (Some(32633), None, false)
    );
    assert!((info.metres_per_pixel.unwrap() - 0.3).abs() < 1e-3);
    // A file for a part of the scene keeps the points at shifted positions.
    let grid = Grid {
        origin_x: 10.0,
        origin_y: 20.0,
        ..Grid::SCENE
    };
    let written = georeference.tags(&grid).unwrap();
    assert_eq!(
        written.tiepoints[..5],
        [-10.0, -20.0, 0.0, 390_000.0, 5_819_000.0]
    );
    let point = GeoTags {
        keys: [&exact.keys[..], &[]]
            .concat()
            .iter()
            .enumerate()
            .map(|(i, &v)| if i == 11 { 2 } else { v })
            .collect(),
        ..exact
    };
    assert!(point.pixel_is_point());
    let (moved, _) = read(Some(point), Sidecars::default());
    assert!((moved.affine().unwrap().0[0] - (390_000.0 - 0.15)).abs() < 1e-6);

    let off = GeoTags::by_control_points(&points(3.0), Some(&utm));
    let (_, info) = read(Some(off), Sidecars::default());
    let fit = info.control_points.unwrap();
    assert!(fit.residual > 0.5 && fit.largest < 3.0, "{fit:?}");
    let few = GeoTags::by_control_points(&points(0.0)[..3], Some(&utm));
    assert!(
        read(Some(few), Sidecars::default())
            .1
            .problem
            .unwrap()
            .contains("3 ground control points")
    );
    let far = GeoTags::by_control_points(&points(3e4), Some(&utm));
    assert!(
        read(Some(far), Sidecars::default())
            .1
            .problem
            .unwrap()
            .contains("far from any regular grid")
    );
}

#[test]
fn rational_polynomials_are_refused_by_name_unless_something_else_places() {
    let rpc = GeoTags {
        rpc: true,
        ..GeoTags::default()
    };
    let (_, info) = read(Some(rpc.clone()), Sidecars::default());
    assert!(info.problem.unwrap().contains("(RPC)"));
    let world = Sidecars {
        world: Some(WORLD),
        prj: Some(UTM),
        ..Sidecars::default()
    };
    assert_eq!(read(Some(rpc), world).1.epsg, Some(32633));
}
