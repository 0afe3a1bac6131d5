//! Coordinate systems as well-known text: a `.prj` file beside a picture with a world file.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use s4eca_fuzz::geo::{Georeference, Grid, Sidecars};
use s4eca_fuzz::memory;
use s4eca_fuzz::mutate;

const WORDS: [&str; 40] = [
    "PROJCS[",
    "GEOGCS[",
    "PROJCRS[",
    "GEOGCRS[",
    "COMPD_CS[",
    "BASEGEOGCRS[",
    "DATUM[",
    "SPHEROID[",
    "ELLIPSOID[",
    "PRIMEM[",
    "UNIT[",
    "LENGTHUNIT[",
    "ANGLEUNIT[",
    "PROJECTION[",
    "METHOD[",
    "CONVERSION[",
    "PARAMETER[",
    "AXIS[",
    "CS[",
    "VERTCS[",
    "AUTHORITY[",
    "ID[",
    "TOWGS84[",
    "EXTENSION[",
    "]",
    "\"",
    "\"Transverse_Mercator\"",
    "\"Lambert_Conformal_Conic_2SP\"",
    "\"Albers_Conic_Equal_Area\"",
    "\"Polar_Stereographic\"",
    "\"Hotine_Oblique_Mercator\"",
    "\"Mercator_1SP\"",
    "\"latitude_of_origin\"",
    "\"central_meridian\"",
    "\"standard_parallel_1\"",
    "\"scale_factor\"",
    "\"false_easting\"",
    "\"azimuth\"",
    "NORTH",
    "EAST",
];

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::bytes_or_text(data, size, most, seed, &WORDS)
});

fuzz_target!(|data: &[u8]| memory::limited(|| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let beside = Sidecars {
        world: Some("0.5\n0\n0\n-0.5\n500000\n5000000\n"),
        prj: Some(text),
        ..Sidecars::default()
    };
    let Ok(scene) = Georeference::from_files(None, &beside) else {
        return;
    };
    scene.info(1000, 700);
    if let Some((lon, lat)) = scene.place(10.0, 20.0) {
        assert!(lon.is_finite() && lat.is_finite(), "{lon}, {lat}");
    }
    // What is exported is read again.
    if let Some(tags) = scene.tags(&Grid::SCENE) {
        Georeference::from_tags(tags).info(1000, 700);
    }
}));
