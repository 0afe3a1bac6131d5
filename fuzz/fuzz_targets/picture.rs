//! Pictures: PNG, JPEG, WebP and small TIFFs, read whole.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};
use s4eca_fuzz::files::read_image;
use s4eca_fuzz::memory;
use s4eca_fuzz::memory_file::with_file;
use s4eca_fuzz::mutate::{self, Random};

/// Pictures of more pixels are valid, but only slow.
const LARGE: u64 = 1 << 22;
/// Deflate makes no more pixels of a byte, even if they are single bits.
const DENSEST: u64 = 8300;

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    let mut random = Random::new(seed);
    let known = match random.below(4) {
        0 | 1 => None,
        _ if data.starts_with(b"\xff\xd8") => mutate::jpeg(data, size, &mut random),
        _ if data.starts_with(b"\x89PNG") => mutate::png(data, size, &mut random),
        _ => mutate::tiff(data, size, &mut random),
    };
    known.unwrap_or_else(|| fuzzer_mutate(data, size, most))
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let reader = image::ImageReader::new(Cursor::new(data)).with_guessed_format();
    let size = reader.ok().and_then(|reader| reader.into_dimensions().ok());
    let pixels = size.map_or(0, |(width, height)| u64::from(width) * u64::from(height));
    // What cannot possibly hold its pixels must be refused cheaply.
    if pixels > LARGE && pixels / DENSEST <= data.len() as u64 {
        return Corpus::Reject;
    }
    memory::limited(|| {
        if let Ok(image) = with_file(data, read_image) {
            assert_eq!(image.pixels().len(), image.width() * image.height() * 3);
        }
    });
    Corpus::Keep
});
