//! The JPEG decoder: pictures, and tiles of a TIFF whose tables are apart.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};
use s4eca_fuzz::jpeg::{
    Conversion, check_jpeg, decode_jpeg, decode_jpeg_with_tables, read_jpeg_header,
};
use s4eca_fuzz::memory;
use s4eca_fuzz::mutate::{self, Random};

/// Pictures of more pixels are valid, but only slow, if there is a bit for each block of them.
const LARGE: usize = 1 << 22;

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    let mut random = Random::new(seed);
    let known = match random.below(3) {
        0 => None,
        _ => mutate::jpeg(data, size, &mut random),
    };
    known.unwrap_or_else(|| fuzzer_mutate(data, size, most))
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let pixels = read_jpeg_header(data).map_or(0, |header| header.width * header.height);
    if pixels > LARGE && pixels / 512 <= data.len() {
        return Corpus::Reject;
    }
    memory::limited(|| {
        let checked = check_jpeg(data).is_ok();
        if let Ok(image) = decode_jpeg(data) {
            assert!(checked, "a picture is decoded that the check refuses");
            assert_eq!(
                image.pixels.len(),
                image.width * image.height * image.channels
            );
        }
        // Tables and picture are split where a first picture would end.
        let end = data
            .windows(2)
            .position(|pair| pair == [0xff, 0xd9])
            .map_or(0, |at| at + 2);
        let (tables, rest) = data.split_at(end);
        for conversion in [Conversion::FromLuma, Conversion::Stored] {
            drop(decode_jpeg_with_tables(rest, Some(tables), conversion));
        }
    });
    Corpus::Keep
});
