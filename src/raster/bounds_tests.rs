//! Small files that ask for much memory or time, or that contradict themselves.

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{RasterError, RasterSource};
use crate::vision::Window;

/// An entry of a directory: tag, type, number of values, and the value or its offset.
type Entry = (u16, u16, u32, u32);

/// A reader that counts the bytes that it returns.
struct Counted(Cursor<Vec<u8>>, Arc<AtomicUsize>);

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.fetch_add(count, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

/// Where the lists of blocks begin, behind the directories.
const LISTS: u32 = 8192;

/// Opens a TIFF of these directories, filled up to `size` bytes with `fill`.
fn open(
    directories: &[Vec<Entry>],
    size: usize,
    fill: u8,
) -> (Result<RasterSource, RasterError>, Arc<AtomicUsize>) {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    for (index, entries) in directories.iter().enumerate() {
        bytes.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(count.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        let next = bytes.len() as u32 + 4;
        let is_last = index + 1 == directories.len();
        bytes.extend(if is_last { 0 } else { next }.to_le_bytes());
    }
    assert!(bytes.len() <= LISTS as usize);
    bytes.resize(size.max(bytes.len()), fill);
    let (count, size) = (Arc::new(AtomicUsize::new(0)), bytes.len() as u64);
    let reader = Counted(Cursor::new(bytes), count.clone());
    let source = RasterSource::from_tiff(Box::new(reader), "small.tif", size, None);
    (source, count)
}

/// A directory of 8-bit samples in square tiles.
fn tiled(kind: u32, size: (u32, u32), side: u32, bands: u32, compression: u32) -> Vec<Entry> {
    let tiles = size.0.div_ceil(side) * size.1.div_ceil(side);
    let list = |tag| match tiles {
        1 => (tag, 4, 1, 100),
        _ => (tag, 1, tiles, LISTS),
    };
    vec![
        (254, 4, 1, kind),
        (256, 4, 1, size.0),
        (257, 4, 1, size.1),
        (258, 4, 1, 8),
        (259, 4, 1, compression),
        (262, 4, 1, if bands == 3 { 2 } else { 1 }),
        (277, 4, 1, bands),
        (322, 4, 1, side),
        (323, 4, 1, side),
        list(324),
    ]
}

#[test]
fn what_a_decoder_takes_counts() {
    // 6,000 x 6,000 x 3 bytes and their colours fit into memory; LERC's numbers or WebP's frames in addition do not.
    for (compression, fits) in [
        (5, true),
        (8, true),
        (7, true),
        (34887, false),
        (50001, false),
    ] {
        let (opened, _) = open(&[tiled(0, (6000, 6000), 6000, 3, compression)], 400, 0);
        match (opened, fits) {
            (Ok(_), true) => {}
            (Err(error), false) => assert!(error.to_string().contains("6000 x 6000"), "{error}"),
            (other, _) => panic!("compression {compression}: {:?}", other.map(|_| ())),
        }
        let (opened, _) = open(&[tiled(0, (900, 900), 900, 3, compression)], 400, 0);
        assert!(opened.is_ok(), "compression {compression}");
    }
    assert!(
        open(&[tiled(0, (8000, 8000), 8000, 3, 5)], 400, 0)
            .0
            .is_err()
    );
}

#[test]
fn overviews_have_no_more_blocks_than_their_scene() {
    // 31 overviews with one pixel per block, all of whose lists share the same bytes. Each block takes 16 bytes of
    // memory.
    let mut directories = vec![tiled(0, (300, 300), 1, 1, 5)];
    directories.extend((1..32).map(|less| tiled(1, (300 - less, 300), 1, 1, 5)));
    let (source, _) = open(&directories, LISTS as usize + 90_000, 0);
    let source = source.expect("a scene without a block");
    assert_eq!(source.facts().expect("a TIFF").overviews, 2);
}

#[test]
fn blocks_that_all_claim_the_whole_file_are_read_in_part() {
    // 1,024 blocks of a byte from offset 255 to the end of a megabyte.
    let (source, read) = open(&[tiled(0, (32, 32), 1, 1, 32773)], 1 << 20, 0xff);
    let mut source = source.expect("a scene");
    source.rgba(0, Window::all(32, 32)).expect("PackBits");
    let read = read.load(Ordering::Relaxed);
    assert!(read < 1024 * (70 << 10), "{read} bytes");
}

#[test]
fn the_blocks_of_a_mask_that_overlap_are_refused() {
    let mut scene = tiled(0, (64, 64), 64, 1, 32773);
    scene.push((325, 4, 1, 9));
    let (source, _) = open(&[scene, tiled(4, (64, 64), 1, 1, 32773)], 1 << 20, 0xff);
    let error = source.expect("a scene").rgba(0, Window::all(64, 64));
    let error = error.expect_err("4,096 parts of 64 KB").to_string();
    assert!(error.contains("overlap"), "{error}");
}

#[test]
fn subsampled_colours_are_three_bytes() {
    // YCbCr without a subsampling tag, so the default of 2 x 2 applies, and with one sample more or fewer.
    for bands in [1, 2, 4] {
        let mut scene = tiled(0, (24, 18), 16, bands, 32773);
        scene[5] = (262, 4, 1, 6);
        let (opened, _) = open(&[scene], LISTS as usize + 4000, 1);
        let error = opened.err().map(|error| error.to_string());
        assert!(
            error.is_some_and(|error| error.contains("subsampled")),
            "{bands} bands"
        );
    }
}
