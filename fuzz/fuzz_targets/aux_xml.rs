//! `.aux.xml` files: a system, a grid or ground control points.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use s4eca_fuzz::geo::{Georeference, Sidecars};
use s4eca_fuzz::memory;
use s4eca_fuzz::mutate;

const WORDS: [&str; 20] = [
    "<PAMDataset>",
    "</PAMDataset>",
    "<SRS>",
    "</SRS>",
    "<GeoTransform>",
    "</GeoTransform>",
    "<GCPList Projection=\"\">",
    "</GCPList>",
    "<GCP Id=\"1\" Pixel=\"1\" Line=\"2\" X=\"3\" Y=\"4\"/>",
    "Pixel=",
    "Line=",
    "X=",
    "Y=",
    "<![CDATA[",
    "]]>",
    "&lt;",
    "&amp;",
    "&#x41;",
    "<!--",
    "-->",
];

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::bytes_or_text(data, size, most, seed, &WORDS)
});

fuzz_target!(|data: &[u8]| memory::limited(|| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let beside = Sidecars {
        aux: Some(text),
        ..Sidecars::default()
    };
    if let Ok(scene) = Georeference::from_files(None, &beside) {
        scene.info(1000, 700);
        scene.fit().map(|fit| fit.note());
    }
}));
