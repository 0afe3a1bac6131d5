//! Tables of blocks that writers leave incomplete.

use std::io::Cursor;

use super::*;
use crate::raster::directory::directories;

/// A little-endian grey TIFF of 4 x 6 pixels, its first pixel at offset 8. `entries` replace those of the same tag.
fn grey(entries: &[(u16, u16, u32, u32)]) -> Vec<u8> {
    let mut list = vec![
        (256, 3, 1, 4),
        (257, 3, 1, 6),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (273, 4, 1, 8),
        (278, 3, 1, 6),
        (279, 4, 1, 24),
    ];
    for entry in entries {
        list.retain(|other: &(u16, u16, u32, u32)| other.0 != entry.0);
        // A count of 0 removes a tag.
        if entry.2 > 0 {
            list.push(*entry);
        }
    }
    list.sort_unstable();
    let mut bytes = b"II\x2a\0\x20\0\0\0".to_vec();
    bytes.extend(0..24);
    bytes.extend((list.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in list {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes
}

fn read(bytes: &[u8]) -> Result<(Blocks, Layout, ByteSource), Problem> {
    let mut source = ByteSource::new(Box::new(Cursor::new(bytes.to_vec())), bytes.len() as u64);
    let list = directories(&mut source)?;
    let mut layout = Layout::read(&mut source, &list[0])?;
    let blocks = Blocks::read(&mut source, &list[0], &mut layout)?;
    Ok((blocks, layout, source))
}

#[test]
fn the_length_of_uncompressed_strips_is_known() {
    for entries in [
        &[][..],
        &[(279, 4, 1, 0)],
        &[(279, 4, 0, 0)],
        &[(279, 4, 1, 5)],
    ] {
        let (blocks, layout, mut source) = read(&grey(entries)).expect("a table");
        assert_eq!(layout.block, (4, 6));
        let bytes = blocks.fetch(&mut source, &layout, 0, 0, 2..5);
        let expected: Vec<u8> = (8..20).collect();
        assert_eq!(bytes, Ok(Some(expected)), "{entries:?}");
    }
}

#[test]
fn compressed_strips_reach_up_to_the_next_one() {
    // Two strips of three rows; their offsets, 8 and 20, are two numbers of 16 bits.
    let compressed = [
        (259, 3, 1, 32773),
        (278, 3, 1, 3),
        (273, 3, 2, 20 << 16 | 8),
        (279, 3, 2, 0),
    ];
    let bytes = grey(&compressed);
    let (blocks, layout, mut source) = read(&bytes).expect("a table");
    let first = blocks
        .fetch(&mut source, &layout, 0, 0, 0..3)
        .expect("there");
    assert_eq!(first.map(|bytes| bytes.len()), Some(12));
    let second = blocks
        .fetch(&mut source, &layout, 0, 1, 3..6)
        .expect("there");
    assert_eq!(second.map(|found| found.len()), Some(bytes.len() - 20));
}

#[test]
fn blocks_that_were_never_written_and_blocks_that_are_missing() {
    let never = grey(&[(273, 4, 1, 0), (279, 4, 1, 0)]);
    let (blocks, layout, mut source) = read(&never).expect("a table");
    assert_eq!(blocks.fetch(&mut source, &layout, 0, 0, 0..6), Ok(None));
    let beyond = read(&grey(&[(273, 4, 1, 9999)])).map(|_| ());
    assert_eq!(
        beyond,
        Err(Problem::NoPixels {
            width: 4,
            height: 6
        })
    );
    let tall = read(&grey(&[(257, 3, 1, 600), (278, 3, 1, 600)])).map(|_| ());
    assert!(matches!(tall, Err(Problem::CutShort(_))), "{tall:?}");
    let one_listed = read(&grey(&[(278, 3, 1, 3)])).map(|_| ());
    let listed = Problem::damaged("1 of its 2 blocks are listed");
    assert_eq!(one_listed, Err(listed));
    let many = [(257, 4, 1, u32::MAX), (278, 3, 1, 1)];
    let found = read(&grey(&many)).map(|_| ());
    assert!(
        matches!(found, Err(Problem::Unsupported { .. })),
        "{found:?}"
    );
}
