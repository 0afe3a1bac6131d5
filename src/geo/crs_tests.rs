use super::*;

/// `(code, coordinates, longitude and latitude)`, from pyproj 3.7.2 (PROJ 9.5.1, without grids) by
/// `Transformer.from_crs(4326, code, always_xy=True)`.
type Case = (u32, [f64; 2], [f64; 2]);

/// Systems on WGS 84, ETRS89, NAD83 and similar datums.
const EXACT: [Case; 22] = [
    (4326, [8.5, 47.4], [8.5, 47.4]),
    (3857, [946215.6717, 6007610.4144], [8.5, 47.4]),
    (32633, [525019.5766, 4599858.6498], [15.3, 41.55]),
    (32733, [279855.5173, 8200089.2549], [12.94, -16.27]),
    (25832, [686121.7558, 5330438.1301], [11.5, 48.1]),
    (4258, [8.5, 47.4], [8.5, 47.4]),
    (26910, [552849.8557, 4179356.5207], [-122.4, 37.76]),
    (2154, [650081.0008, 6859097.4814], [2.32, 48.83]),
    (3035, [4323061.2577, 3207775.0804], [10.03, 51.98]),
    (3413, [0.0, -1085920.2974], [-45.0, 80.0]),
    (3031, [1419227.9158, -819391.6192], [120.0, -75.0]),
    (6933, [1929725.6050, 1269436.7435], [20.0, 10.0]),
    (2225, [6119084.5111, 2196970.8110], [-123.6, 40.85]),
    (2263, [984250.0, 194305.3389], [-74.0, 40.7]),
    (7855, [500000.0, 5905127.6297], [147.0, -37.0]),
    (3577, [199585.0042, -2704133.2310], [134.0, -25.0]),
    (2193, [1750697.5213, 5426376.6232], [174.8, -41.3]),
    (31983, [684623.6733, 7466421.4007], [-43.2, -22.9]),
    (3763, [-40159.0344, -18577.0805], [-8.6, 39.5]),
    (2180, [500000.0, 459309.2094], [19.0, 52.0]),
    (3006, [670817.9156, 6577304.5670], [18.0, 59.3]),
    // Axes to the west and to the south.
    (2053, [-20023.5682, 2876849.8927], [29.2, -26.0]),
];

/// Systems on older datums, with one set of shift parameters each.
const SHIFTED: [Case; 7] = [
    (27700, [434039.4573, 289239.2811], [-1.5, 52.5]),
    (28992, [142173.0695, 456878.0514], [5.2, 52.1]),
    (31467, [3514562.3183, 5484814.2737], [9.2, 49.5]),
    (2056, [2658014.0180, 1194602.0994], [8.2, 46.9]),
    (2039, [181197.4145, 645301.0235], [34.8, 31.9]),
    (2326, [838650.9506, 817895.9220], [114.2, 22.3]),
    // Grads from the Paris meridian.
    (4807, [-0.040561006, 54.222299169], [2.3, 48.8]),
];

/// Metres between the computed point and that of a case.
fn miss((code, [x, y], [lon, lat]): Case) -> f64 {
    let (found_lon, found_lat) = Crs::from_epsg(code).unwrap().to_wgs84(x, y).unwrap();
    let east = (found_lon - lon) * 111_320.0 * lat.to_radians().cos();
    east.hypot((found_lat - lat) * 110_900.0)
}

#[test]
fn places_are_those_of_proj() {
    for case in EXACT {
        assert!(
            miss(case) < 0.001,
            "EPSG:{} is {} m off",
            case.0,
            miss(case)
        );
    }
    for case in SHIFTED {
        assert!(miss(case) < 20.0, "EPSG:{} is {} m off", case.0, miss(case));
    }
}

#[test]
fn what_is_not_known_is_said() {
    let error = |code| Crs::from_epsg(code).unwrap_err();
    assert!(matches!(
        error(999),
        GeoError::UnknownCode { code: 999, .. }
    ));
    assert!(matches!(error(102_100), GeoError::UnknownCode { .. }));
    assert_eq!(error(4978), GeoError::Geocentric);
    assert_eq!(error(27200), GeoError::Unsupported(27200));
    assert_eq!(error(2065), GeoError::Unsupported(2065));
    assert!(!Crs::from_epsg(4267).unwrap().has_datum_shift());
    assert!(Crs::from_epsg(27700).unwrap().has_datum_shift());
    assert!(Crs::from_epsg(7855).unwrap().has_datum_shift());
}

#[test]
fn every_known_system_answers_anywhere_without_a_panic() {
    let far = [
        0.0,
        1.0,
        -1e3,
        5e5,
        -4e6,
        2.1e7,
        -1e9,
        1e30,
        f64::MAX,
        f64::NAN,
    ];
    let mut known = 0;
    for crs in (1..=u32::from(u16::MAX)).filter_map(|code| Crs::from_epsg(code).ok()) {
        known += 1;
        for (x, y) in far.iter().flat_map(|&x| far.map(|y| (x, y))) {
            if let Some((lon, lat)) = crs.to_wgs84(x, y) {
                assert!(lon.abs() <= 180.0 && lat.abs() <= 90.0, "{crs:?} {x} {y}");
            }
        }
    }
    assert!(known > 5900, "{known}");
}

#[test]
fn longitudes_are_brought_into_one_turn() {
    assert_eq!(wrap(180.0), 180.0);
    assert_eq!(wrap(-180.0), -180.0);
    assert_eq!(wrap(190.0), -170.0);
    assert_eq!(wrap(-350.0), 10.0);
    let geographic = Crs::from_epsg(4326).unwrap();
    assert_eq!(geographic.to_wgs84(359.0, 90.0), Some((-1.0, 90.0)));
    assert_eq!(geographic.to_wgs84(10.0, 91.0), None);
    assert_eq!(geographic.to_wgs84(4e5, 10.0), None);
}
