//! Directories that are written byte by byte.

use std::io::Cursor;

use super::*;

fn read(bytes: &[u8]) -> (io::Result<Vec<Directory>>, ByteSource) {
    let size = bytes.len() as u64;
    let mut source = ByteSource::new(Box::new(Cursor::new(bytes.to_vec())), size);
    (directories(&mut source), source)
}

/// A big-endian TIFF whose only directory has a width, a photometric interpretation and a text.
fn classic() -> Vec<u8> {
    let mut bytes = b"MM\0\x2a\0\0\0\x08\0\x03".to_vec();
    bytes.extend([1, 0, 0, 3, 0, 0, 0, 1, 0x12, 0x34, 0, 0]);
    bytes.extend([1, 6, 0, 3, 0, 0, 0, 1, 0, 2, 0, 0]);
    bytes.extend([0xa4, 0x81, 0, 2, 0, 0, 0, 6, 0, 0, 0, 50]);
    bytes.extend([0, 0, 0, 8]); // Points to itself: a cycle.
    bytes.extend(b"-9999\0");
    bytes
}

/// A little-endian BigTIFF with a width as LONG8, two offsets and a double.
fn big() -> Vec<u8> {
    let mut bytes = b"II\x2b\0\x08\0\0\0\x10\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0".to_vec();
    let mut entry = |tag: u16, kind: u16, count: u64, value: u64| {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    };
    entry(256, 16, 1, 70_000);
    entry(273, 4, 2, 5 << 32 | 4);
    entry(33550, 12, 1, 0.5f64.to_bits());
    bytes.extend([0; 8]);
    bytes
}

#[test]
fn values_are_found_where_they_are() {
    let (list, mut source) = read(&classic());
    let list = list.expect("a TIFF");
    assert_eq!(list.len(), 1);
    assert_eq!(
        list[0].number(&mut source, 256).expect("there"),
        Some(0x1234)
    );
    assert_eq!(list[0].number(&mut source, 262).expect("there"), Some(2));
    assert_eq!(list[0].number(&mut source, 257).expect("there"), None);
    assert_eq!(
        list[0].text(&mut source, 42113, 99).as_deref(),
        Some("-9999")
    );
    assert_eq!(list[0].text(&mut source, 42113, 5), None);

    let (list, mut source) = read(&big());
    let first = &list.expect("a TIFF")[0];
    assert_eq!(first.number(&mut source, 256).expect("there"), Some(70_000));
    let offsets = first.numbers(&mut source, 273, 9).expect("there");
    assert_eq!(offsets, Some(vec![4, 5]));
    assert_eq!(first.doubles(&mut source, 33550, 9), [0.5]);
}

#[test]
fn what_is_no_tiff_or_ends_early_is_an_error() {
    for (bytes, spare) in [(classic(), 10), (big(), 8)] {
        for end in 0..bytes.len() - spare {
            assert!(read(&bytes[..end]).0.is_err(), "{end} bytes");
        }
        let mut other = bytes;
        other[2..4].copy_from_slice(&[44, 44]);
        assert!(read(&other).0.is_err());
    }
}

#[test]
fn a_count_beyond_the_file_is_not_allocated() {
    let mut bytes = classic();
    bytes[38..42].copy_from_slice(&[0xff; 4]);
    let (list, mut source) = read(&bytes);
    let first = &list.expect("a TIFF")[0];
    assert_eq!(first.text(&mut source, 42113, u64::MAX), None);
    let mut bytes = big();
    bytes[48..56].copy_from_slice(&[0xff; 8]);
    let (list, mut source) = read(&bytes);
    assert!(
        list.expect("a TIFF")[0]
            .numbers(&mut source, 273, u64::MAX)
            .is_err()
    );
}
