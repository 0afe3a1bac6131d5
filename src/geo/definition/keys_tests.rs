use super::from_wkt;
use super::wkt_tests::systems;
use crate::geo::crs_keys::crs_of;
use crate::geo::{Affine, Crs, GeoError, GeoTags};

#[test]
fn the_keys_that_gdal_writes_give_the_places_of_proj() {
    for system in systems() {
        let tags = system.tags.geo();
        let crs = crs_of(&tags.directory().unwrap());
        let crs = crs.unwrap_or_else(|error| panic!("{}: {error}", system.name));
        system.check(&crs, "GDAL's keys");
    }
}

#[test]
fn the_keys_of_a_mask_give_the_same_places() {
    for system in systems() {
        let tags = system.tags.geo();
        let crs = crs_of(&tags.directory().unwrap()).unwrap();
        let written = GeoTags::new(&Affine([0.0, 1.0, 0.0, 0.0, 0.0, -1.0]), Some(&crs)).storable();
        let again = crs_of(&written.directory().unwrap());
        let again = again.unwrap_or_else(|error| panic!("{}: {error}", system.name));
        assert_eq!(again.epsg(), crs.epsg());
        system.check(&again, "our own keys");
    }
}

/// GDAL's keys of the system with this name, with a key's value changed, or the key removed.
fn changed(name: &str, key: u16, value: Option<u16>) -> Result<Crs, GeoError> {
    let systems = systems();
    let system = systems.iter().find(|system| system.name == name).unwrap();
    let mut tags = system.tags.geo();
    let at = tags
        .keys
        .chunks_exact(4)
        .rposition(|entry| entry[0] == key)
        .unwrap()
        * 4;
    match value {
        Some(value) => (tags.keys[at + 1], tags.keys[at + 3]) = (0, value),
        None => {
            tags.keys.drain(at..at + 4);
            tags.keys[3] -= 1;
        }
    }
    crs_of(&tags.directory()?)
}

#[test]
fn what_is_missing_or_not_supported_is_named() {
    let feet = "transverse Mercator in feet";
    let grid = "transverse Mercator, Bessel";
    for (name, key, value, part) in [
        (feet, 3080, None, "the central meridian"),
        (feet, 3081, None, "the latitude of origin"),
        ("Albers", 3079, None, "the second standard parallel"),
        ("oblique Mercator, variant A", 3094, None, "the azimuth"),
        (feet, 3075, None, "does not describe it"),
        (feet, 3075, Some(24), "not supported, sinusoidal"),
        (feet, 3075, Some(60), "number 60"),
        (feet, 3076, Some(9099), "EPSG:9099"),
        (feet, 2054, Some(9199), "EPSG:9199"),
        (grid, 2057, None, "datum and its ellipsoid"),
    ] {
        let error = changed(name, key, value).unwrap_err().to_string();
        assert!(error.contains(part), "{name} {key}: {error}");
    }
}

#[test]
fn the_citation_of_esri_is_read() {
    let text = "ESRI PE String = ";
    let systems = systems();
    let named = |name: &str| systems.iter().find(|system| system.name == name).unwrap();
    let lambert = named("Lambert, two parallels");
    let ascii = format!("{text}{}|", lambert.esri.as_ref().unwrap());
    let tags = GeoTags {
        keys: vec![
            1,
            1,
            0,
            3,
            1024,
            0,
            1,
            1,
            3072,
            0,
            1,
            32767,
            3073,
            34737,
            ascii.len() as u16,
            0,
        ],
        ascii,
        ..GeoTags::default()
    };
    let crs = crs_of(&tags.directory().unwrap()).unwrap();
    lambert.check(&crs, "Esri's citation");
}

#[test]
fn web_mercator_is_known_by_its_citation() {
    let ascii = "PCS Name = WGS_1984_Web_Mercator_Auxiliary_Sphere|";
    let length = ascii.len() as u16;
    let tags = GeoTags {
        keys: vec![
            1, 1, 0, 4, 1024, 0, 1, 1, 3072, 0, 1, 32767, 3073, 34737, length, 0, 3075, 0, 1, 7,
        ],
        ascii: ascii.into(),
        ..GeoTags::default()
    };
    let crs = crs_of(&tags.directory().unwrap()).unwrap();
    assert_eq!(crs.epsg(), Some(3857));
}

#[test]
fn a_definition_has_the_code_that_its_parts_determine() {
    let systems = systems();
    let utm = systems
        .iter()
        .find(|system| system.name == "UTM 19S")
        .unwrap();
    let (code, definition) = from_wkt(utm.esri.as_ref().unwrap()).unwrap();
    assert_eq!((code, definition.unwrap().epsg()), (None, Some(32719)));
}
