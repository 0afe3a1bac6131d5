//! Geotags: the six tags of GeoTIFF with any numbers in them, the place they give, and the tags of a map over it.
#![no_main]

use libfuzzer_sys::arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use s4eca_fuzz::geo::{GeoTags, Georeference, Grid};
use s4eca_fuzz::memory;

/// Keys that are read, and others.
const KEYS: [u16; 24] = [
    1024, 1025, 1026, 2048, 2049, 2050, 2051, 2052, 2054, 2055, 2056, 2057, 2058, 2059, 3072, 3073,
    3074, 3075, 3076, 3077, 3078, 3081, 3092, 4096,
];

fuzz_target!(|data: &[u8]| memory::limited(|| {
    let mut bytes = Unstructured::new(data);
    if let Ok(tags) = tags(&mut bytes) {
        place(tags, &mut bytes);
    }
}));

/// Tags whose directory of keys is well formed most of the time.
fn tags(bytes: &mut Unstructured) -> libfuzzer_sys::arbitrary::Result<GeoTags> {
    let mut tags = GeoTags {
        scale: numbers(bytes, 3)?,
        tiepoints: numbers(bytes, 12)?,
        transformation: numbers(bytes, 16)?,
        keys: Vec::new(),
        doubles: numbers(bytes, 12)?,
        ascii: String::new(),
        rpc: bool::arbitrary(bytes)?,
    };
    if bytes.ratio(1, 16)? {
        tags.keys = Vec::arbitrary(bytes)?;
    } else {
        let count = bytes.int_in_range(0..=12u16)?;
        tags.keys = vec![1, 1, 0, count];
        for _ in 0..count {
            let key = if bytes.ratio(1, 8)? {
                u16::arbitrary(bytes)?
            } else {
                *bytes.choose(&KEYS)?
            };
            let location = *bytes.choose(&[0, 0, 34736, 34737])?;
            let value = match bytes.int_in_range(0..=3)? {
                0 => *bytes.choose(&[
                    0, 1, 2, 3, 4326, 4258, 4269, 9001, 9102, 32633, 25832, 3857, 32767,
                ])?,
                1 => bytes.int_in_range(0..=40)?,
                _ => u16::arbitrary(bytes)?,
            };
            tags.keys
                .extend([key, location, bytes.int_in_range(0..=40)?, value]);
        }
    }
    tags.ascii = String::arbitrary(bytes)?;
    Ok(tags)
}

fn numbers(bytes: &mut Unstructured, most: usize) -> libfuzzer_sys::arbitrary::Result<Vec<f64>> {
    let count = bytes.int_in_range(0..=most)?;
    (0..count)
        .map(|_| {
            Ok(match bytes.int_in_range(0..=3)? {
                0 => f64::from(i32::arbitrary(bytes)?),
                1 => f64::from(i16::arbitrary(bytes)?) / 64.0,
                2 => *bytes.choose(&[
                    0.0,
                    1.0,
                    -1.0,
                    0.5,
                    500_000.0,
                    180.0,
                    -90.0,
                    f64::NAN,
                    f64::INFINITY,
                    f64::MAX,
                ])?,
                _ => f64::arbitrary(bytes)?,
            })
        })
        .collect()
}

fn place(tags: GeoTags, bytes: &mut Unstructured) {
    let side = |bytes: &mut Unstructured| bytes.int_in_range(1..=100_000usize).unwrap_or(1);
    let (width, height) = (side(bytes), side(bytes));
    let scene = Georeference::from_tags(tags);
    let info = scene.info(width, height);
    if let Some([_, south, _, north]) = info.bounds {
        assert!(
            south <= north && (-90.1..=90.1).contains(&south),
            "{:?}",
            info.bounds
        );
    }
    if let Some((lon, lat)) = scene.place(0.5, height as f64) {
        assert!(lon.is_finite() && lat.is_finite(), "{lon}, {lat}");
    }
    let step = f64::from(bytes.int_in_range(1..=800u16).unwrap_or(8)) / 8.0;
    let grid = Grid {
        origin_x: side(bytes) as f64,
        origin_y: side(bytes) as f64,
        step_x: step,
        step_y: step,
    };
    let map = scene.tags(&grid).map(Georeference::from_tags);
    if let Some(map) = map {
        map.info(width, height);
    }
    scene.world_file(&grid).map(|file| file.to_string());
}
