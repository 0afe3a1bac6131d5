//! Written-out systems in every form, with points by GDAL 3.6 and PROJ 9.1 (tests/reference/systems.py).

use serde::Deserialize;

use crate::geo::{Crs, GeoError, GeoTags};

/// Metres that a point may be off.
const SLACK: f64 = 0.005;

#[derive(Deserialize)]
pub(super) struct System {
    pub(super) name: String,
    wkt1: String,
    pub(super) esri: Option<String>,
    wkt2: String,
    pub(super) tags: Tags,
    /// X, y, longitude, latitude.
    points: Vec<[f64; 4]>,
}

#[derive(Deserialize)]
pub(super) struct Tags {
    keys: Vec<u16>,
    doubles: Vec<f64>,
    ascii: String,
}

impl Tags {
    pub(super) fn geo(&self) -> GeoTags {
        GeoTags {
            keys: self.keys.clone(),
            doubles: self.doubles.clone(),
            ascii: self.ascii.clone(),
            ..GeoTags::default()
        }
    }
}

pub(super) fn systems() -> Vec<System> {
    serde_json::from_str(include_str!("../../../tests/fixtures/systems.json")).unwrap()
}

impl System {
    pub(super) fn check(&self, crs: &Crs, form: &str) {
        for &[x, y, lon, lat] in &self.points {
            let (found_lon, found_lat) = crs
                .to_wgs84(x, y)
                .unwrap_or_else(|| panic!("{} {form}: {x} {y}", self.name));
            let east = (found_lon - lon) * 111_320.0 * lat.to_radians().cos();
            let off = east.hypot((found_lat - lat) * 110_900.0);
            assert!(off < SLACK, "{} by {form} is {off} m off", self.name);
        }
    }
}

#[test]
fn every_text_gives_the_places_of_proj() {
    for system in systems() {
        let texts = [
            ("WKT 1", Some(&system.wkt1)),
            ("Esri's WKT", system.esri.as_ref()),
            ("WKT 2", Some(&system.wkt2)),
        ];
        for (form, text) in texts {
            let Some(text) = text else { continue };
            let crs = Crs::from_wkt(text)
                .unwrap_or_else(|error| panic!("{} {form}: {error}", system.name));
            system.check(&crs, form);
            let code = match system.name.as_str() {
                "UTM 33N" => Some(32633),
                "UTM 19S" => Some(32719),
                "compound with a height" => Some(25832),
                _ => None,
            };
            assert_eq!(crs.epsg(), code, "{} {form}", system.name);
        }
    }
}

fn wkt(projection: &str) -> String {
    format!(
        "PROJCS[\"site\",GEOGCS[\"GCS\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137,298.257223563]],\
         PRIMEM[\"Greenwich\",0],UNIT[\"Degree\",0.0174532925199433]],{projection}]"
    )
}

const UTM: &str = "PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"False_Easting\",500000],\
    PARAMETER[\"False_Northing\",0],PARAMETER[\"Central_Meridian\",15],PARAMETER[\"Scale_Factor\",0.9996],\
    PARAMETER[\"Latitude_Of_Origin\",0],UNIT[\"Meter\",1]";

#[test]
fn what_is_wrong_or_not_supported_is_named() {
    let utm = wkt(UTM);
    assert_eq!(Crs::from_wkt(&utm).unwrap().epsg(), Some(32633));
    let without = |part: &str| {
        assert!(utm.contains(part), "{part}");
        utm.replace(part, "")
    };
    let changed = |from: &str, to: &str| {
        assert!(utm.contains(from), "{from}");
        utm.replace(from, to)
    };
    for (text, part) in [
        (
            without(",PARAMETER[\"Central_Meridian\",15]"),
            "the central meridian",
        ),
        (
            without(",PARAMETER[\"Latitude_Of_Origin\",0]"),
            "the latitude of origin",
        ),
        (
            without("PROJECTION[\"Transverse_Mercator\"],"),
            "PROJECTION is missing",
        ),
        (without(",UNIT[\"Meter\",1]"), "UNIT is missing"),
        (
            without(",SPHEROID[\"WGS_1984\",6378137,298.257223563]"),
            "SPHEROID is missing",
        ),
        (changed("UNIT[\"Meter\",1]", "UNIT[\"furlong\"]"), "furlong"),
        (changed("UNIT[\"Meter\",1]", "UNIT[\"Meter\",0]"), "Meter"),
        (
            changed("\"Central_Meridian\",15", "\"Central_Meridian\",NaN"),
            "Central_Meridian",
        ),
        (
            changed("\"Central_Meridian\",15", "\"Central_Meridian\",1e999"),
            "central meridian",
        ),
        (
            changed("\"Latitude_Of_Origin\",0", "\"Latitude_Of_Origin\",91"),
            "cannot be 91",
        ),
        (changed("0.9996", "-0.9996"), "scale factor"),
        (changed("6378137,", "12,"), "ellipsoid"),
        (
            changed("6378137,298.257223563", "6378137"),
            "the size is missing",
        ),
        (
            changed("Transverse_Mercator", "Krovak"),
            "not supported, Krovak",
        ),
        (
            changed("Transverse_Mercator", "Stereographic_South_Pole"),
            "first standard parallel",
        ),
        (
            "LOCAL_CS[\"site\",UNIT[\"m\",1]]".into(),
            "\"site\" is a local system",
        ),
        ("VERT_CS[\"height\"]".into(), "VERT_CS is not a kind"),
        (
            "COMPD_CS[\"a\",VERT_CS[\"height\"]]".into(),
            "horizontal system is missing",
        ),
        ("GEOCCS[\"a\"]".into(), "geocentric"),
    ] {
        let error = Crs::from_wkt(&text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    let west = changed("UNIT[\"Meter\",1]", "UNIT[\"Meter\",1],AXIS[\"Y\",WEST]");
    assert!(matches!(Crs::from_wkt(&west), Err(GeoError::Projection(_))));
}

#[test]
fn web_mercator_is_known_under_all_its_names() {
    let mercator = "PROJECTION[\"Mercator_1SP\"],PARAMETER[\"central_meridian\",0],PARAMETER[\"scale_factor\",1],\
        PARAMETER[\"false_easting\",0],PARAMETER[\"false_northing\",0],UNIT[\"metre\",1]";
    let plain = wkt(mercator);
    let code = |text: &str| Crs::from_wkt(text).map(|crs| crs.epsg());
    assert_eq!(code(&plain), Ok(None), "Mercator of the ellipsoid");
    for name in [
        "WGS 84 / Pseudo-Mercator",
        "WGS_1984_Web_Mercator_Auxiliary_Sphere",
    ] {
        assert_eq!(
            code(&plain.replace("\"site\"", &format!("{name:?}"))),
            Ok(Some(3857))
        );
    }
    let extended = |proj: &str| code(&wkt(&format!("{mercator},EXTENSION[\"PROJ4\",\"{proj}\"]")));
    assert_eq!(
        extended("+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +nadgrids=@null"),
        Ok(Some(3857))
    );
    assert!(matches!(
        extended("+proj=merc +lon_wrap=180"),
        Err(GeoError::Projection(_))
    ));
    let esri = mercator.replace("Mercator_1SP", "Mercator_Auxiliary_Sphere");
    assert_eq!(code(&wkt(&esri)), Ok(Some(3857)));
    let moved = esri.replace("\"central_meridian\",0", "\"central_meridian\",10");
    assert!(code(&wkt(&moved)).is_err());
}

#[test]
fn a_damaged_text_is_an_error_and_never_a_panic() {
    for system in systems() {
        for text in [&system.wkt1, &system.wkt2] {
            for (end, _) in text.char_indices().step_by(7) {
                assert!(Crs::from_wkt(&text[..end]).is_err());
            }
            for digit in ["0", "9", "-", "]", "\"", "e"] {
                for (at, _) in text.match_indices(|c: char| c.is_ascii_digit()).step_by(5) {
                    let mut other = text.clone();
                    other.replace_range(at..=at, digit);
                    if let Ok(crs) = Crs::from_wkt(&other) {
                        for place in [0.0, 5e5, -4e6, f64::MAX] {
                            crs.to_wgs84(place, place);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn the_shift_of_a_datum_is_known_or_said_to_be_unknown() {
    let shift = |datum: &str| {
        let text = wkt(UTM).replace(
            "DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137,298.257223563]]",
            datum,
        );
        let crs = Crs::from_wkt(&text).unwrap();
        (crs.epsg(), crs.has_datum_shift())
    };
    let bessel = "SPHEROID[\"Bessel_1841\",6377397.155,299.1528128]";
    let grs80 = "SPHEROID[\"GRS_1980\",6378137,298.257222101]";
    assert_eq!(shift(&format!("DATUM[\"D_Site\",{bessel}]")), (None, false));
    assert_eq!(
        shift(&format!("DATUM[\"D_Site\",{bessel},TOWGS84[1,2,3]]")),
        (None, true)
    );
    assert_eq!(
        shift(&format!(
            "DATUM[\"D_Deutsches_Hauptdreiecksnetz\",{bessel}]"
        )),
        (None, true)
    );
    // A datum that is a national realisation of the geocentric datum, and one that is not known to be.
    assert_eq!(
        shift(&format!("DATUM[\"D_KGD_2002\",{grs80}]")),
        (None, true)
    );
    assert_eq!(
        shift(&format!(
            "DATUM[\"Not specified (based on GRS 1980)\",{grs80}]"
        )),
        (None, false)
    );
    assert_eq!(
        shift(&format!("DATUM[\"D_ETRS_1989\",{grs80}]")),
        (Some(25833), true)
    );
    assert_eq!(
        shift(&format!("DATUM[\"D_North_American_1983\",{grs80}]")),
        (None, true)
    );
    // A name that contradicts its ellipsoid.
    assert_eq!(
        shift(&format!("DATUM[\"D_WGS_1984\",{bessel}]")),
        (None, false)
    );
    let clarke = "SPHEROID[\"Clarke_1866\",6378206.4,294.9786982]";
    assert_eq!(
        shift(&format!("DATUM[\"D_North_American_1927\",{clarke}]")),
        (None, false)
    );
}
