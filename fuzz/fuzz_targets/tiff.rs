//! The scene reader: TIFF and BigTIFF. Opens the file, reads windows of it, starts a preview, places it. Opening has
//! the limit of all targets; reading may fill the cache.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use s4eca_fuzz::geo::Georeference;
use s4eca_fuzz::memory;
use s4eca_fuzz::mutate::{self, Random};
use s4eca_fuzz::raster::RasterSource;
use s4eca_fuzz::vision::Window;

/// Scenes of up to this many pixels are read whole.
const WHOLE: usize = 1 << 20;
/// Side of the windows of a larger scene.
const SIDE: usize = 96;

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    let mut random = Random::new(seed);
    let known = match random.below(4) {
        0 => None,
        _ => mutate::tiff(data, size, &mut random),
    };
    known.unwrap_or_else(|| fuzzer_mutate(data, size, most))
});

fuzz_target!(|data: &[u8]| {
    let reader = Box::new(Cursor::new(data.to_vec()));
    let opened = memory::limited_to(memory::LIMIT, || {
        RasterSource::from_tiff(reader, "scene.tif", data.len() as u64, None)
    });
    if let Ok(source) = opened {
        memory::limited_to(memory::SCENE_LIMIT, || read(source));
    }
});

fn read(mut source: RasterSource) {
    let (width, height) = source.size();
    assert!(width > 0 && height > 0, "an empty scene is opened");
    if width.saturating_mul(height) <= WHOLE {
        let piece = source.read(Window::all(width, height), 4.0);
        check(piece.map(|piece| {
            (
                piece.image.width() * piece.image.height(),
                piece.valid.len(),
            )
        }));
    }
    for (x, y) in [
        (0, 0),
        (width.saturating_sub(SIDE), height.saturating_sub(SIDE)),
        (width / 2, height / 2),
    ] {
        let piece = source.read(Window::new(x, y, SIDE, SIDE), 1.0);
        check(piece.map(|piece| {
            (
                piece.image.width() * piece.image.height(),
                piece.valid.len(),
            )
        }));
    }
    if let Some(mut preview) = source.preview(64) {
        for _ in 0..4 {
            if !source.advance(&mut preview).unwrap_or(false) {
                break;
            }
        }
        assert_eq!(preview.rgba().len(), preview.width() * preview.height() * 4);
    }
    if let Some(tags) = source.geo_tags() {
        Georeference::from_tags(tags.clone()).info(width, height);
    }
}

fn check<E>(piece: Result<(usize, usize), E>) {
    if let Ok((pixels, valid)) = piece {
        assert!(
            pixels > 0 && pixels == valid,
            "a piece of {pixels} pixels and {valid} flags"
        );
    }
}
