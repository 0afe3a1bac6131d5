//! Pictures decoded by libjpeg-turbo (tests/reference/jpegs.py), complete and with missing parts.

use super::*;

macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        [$((
            $name,
            include_bytes!(concat!("../../tests/fixtures/jpeg/", $name, ".jpg")).as_slice(),
            include_bytes!(concat!("../../tests/fixtures/jpeg/", $name, ".raw")).as_slice(),
        )),*]
    };
}

/// Name, file, and its size and samples.
type Fixture = (&'static str, &'static [u8], &'static [u8]);

const FIXTURES: [Fixture; 13] = fixtures![
    "444",
    "422",
    "420",
    "440",
    "411",
    "progressive",
    "restarts",
    "progressive-restarts",
    "narrow",
    "rgb",
    "grey",
    "cmyk",
    "ycck",
];

/// Position of the first byte of the first scan's data.
fn scan_start(bytes: &[u8]) -> usize {
    let mut at = 2;
    while let Some(segment) = segments::segment(bytes, at).expect("segments") {
        at = segment.end;
        if segment.marker == 0xda {
            break;
        }
    }
    at
}

fn ended(bytes: &[u8]) -> Vec<u8> {
    [bytes, &[0xff, 0xd9]].concat()
}

#[test]
fn the_pixels_are_those_of_libjpeg_turbo() {
    for (name, file, raw) in FIXTURES {
        let found = decode_jpeg(file).expect(name);
        let number = |at: usize| usize::from(u16::from_le_bytes([raw[at], raw[at + 1]]));
        assert_eq!(
            (found.width, found.height),
            (number(0), number(2)),
            "{name}"
        );
        assert_eq!(found.channels, number(4), "{name}");
        assert!(found.pixels == raw[6..], "{name}: other pixels");
        assert_eq!(check_jpeg(file), Ok(()), "{name}");
        let header = read_jpeg_header(file).expect(name);
        assert_eq!((header.width, header.height), (found.width, found.height));
    }
}

#[test]
fn a_picture_cut_anywhere_is_refused_whether_an_end_marker_is_put_behind_it_or_not() {
    for (name, file, _) in FIXTURES {
        for end in 0..file.len() {
            let cut = check_jpeg(&file[..end]).expect_err(name);
            // Between two restart markers, the end of a scan looks like a restart marker out of place.
            assert!(
                matches!(cut, JpegError::CutShort | JpegError::Damaged(_)),
                "{name}, {end}: {cut}"
            );
        }
        for end in scan_start(file)..file.len() - 2 {
            let glued = ended(&file[..end]);
            let error = check_jpeg(&glued).expect_err(name);
            assert_eq!(decode_jpeg(&glued).expect_err(name), error, "{name}, {end}");
            assert!(
                matches!(error, JpegError::Damaged(_)),
                "{name}, {end}: {error}"
            );
        }
    }
}

#[test]
fn a_picture_with_a_damaged_middle_is_not_called_cut_short() {
    for (name, file, _) in FIXTURES {
        let middle = usize::midpoint(scan_start(file), file.len());
        for wrong in [[0xff, 0xd9], [0xff, 0xe5], [0xff, 0xc4], [0x00, 0x00]] {
            let mut bytes = file.to_vec();
            bytes[middle..middle + 2].copy_from_slice(&wrong);
            // A wrong bit can also give a whole picture of other pixels.
            if let Err(error) = check_jpeg(&bytes) {
                assert!(matches!(error, JpegError::Damaged(_)), "{name}: {error}");
            }
            bytes[middle..middle + 2].copy_from_slice(&[0xff, 0xd9]);
            let error = check_jpeg(&bytes).expect_err(name);
            assert!(matches!(error, JpegError::Damaged(_)), "{name}: {error}");
        }
    }
}

#[test]
fn what_follows_the_end_is_ignored() {
    for (name, file, _) in FIXTURES {
        let more = [file, &[0, 0, 0xff, 0xd8, 0xff, 0xe1, 7][..]].concat();
        assert_eq!(decode_jpeg(&more), decode_jpeg(file), "{name}");
    }
}

#[test]
fn a_missing_restart_marker_is_damage() {
    let (_, file, _) = FIXTURES[6];
    let from = scan_start(file);
    let at = file[from..]
        .windows(2)
        .position(|pair| pair == [0xff, 0xd1])
        .expect("a restart")
        + from;
    let mut bytes = file.to_vec();
    bytes[at + 1] = 0xd5;
    assert!(matches!(check_jpeg(&bytes), Err(JpegError::Damaged(_))));
}

#[test]
fn every_changed_byte_gives_a_picture_or_an_error() {
    for (name, file, _) in FIXTURES {
        for at in (2..file.len()).step_by(3) {
            for value in [0, 0xff, file[at] ^ 0x10] {
                let mut bytes = file.to_vec();
                bytes[at] = value;
                let decoded = decode_jpeg(&bytes);
                assert_eq!(decoded.is_ok(), check_jpeg(&bytes).is_ok(), "{name}, {at}");
            }
        }
    }
}

#[test]
fn a_size_that_the_file_cannot_hold_is_refused_before_memory_is_asked_for() {
    let (_, file, _) = FIXTURES[0];
    let frame = file
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .expect("a frame");
    let mut bytes = file.to_vec();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0x40, 0, 0x40, 0]);
    assert!(matches!(decode_jpeg(&bytes), Err(JpegError::Damaged(_))));
    bytes.truncate(bytes.len() - 2);
    assert_eq!(decode_jpeg(&bytes), Err(JpegError::CutShort));
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    assert!(matches!(
        decode_jpeg(&bytes),
        Err(JpegError::TooLarge { .. })
    ));
}

#[test]
fn other_kinds_of_jpeg_are_named() {
    let (_, file, _) = FIXTURES[0];
    let frame = file
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .expect("a frame");
    for (marker, part) in [
        (0xc3, "lossless"),
        (0xc9, "arithmetic"),
        (0xc5, "hierarchical"),
    ] {
        let mut bytes = file.to_vec();
        bytes[frame + 1] = marker;
        let error = decode_jpeg(&bytes).expect_err(part).to_string();
        assert!(error.contains(part), "{error}");
    }
    let mut bytes = file.to_vec();
    bytes[frame + 4] = 12;
    assert!(decode_jpeg(&bytes).is_err_and(|error| error.to_string().contains("8 bits")));
    assert!(matches!(decode_jpeg(b"RIFF"), Err(JpegError::Damaged(_))));
}

#[test]
fn tables_may_be_in_a_file_of_their_own() {
    let (_, file, _) = FIXTURES[2];
    let (mut tables, mut rest) = (vec![0xff, 0xd8], vec![0xff, 0xd8]);
    let mut at = 2;
    while let Some(segment) = segments::segment(file, at).expect("segments") {
        let part = &file[segment.start..segment.end];
        at = segment.end;
        match segment.marker {
            0xdb | 0xc4 => tables.extend(part),
            _ => rest.extend(part),
        }
        if segment.marker == 0xda {
            break;
        }
    }
    rest.extend(&file[at..]);
    let tables = ended(&tables);
    let alone = decode_jpeg_with_tables(&rest, Some(&tables), Conversion::FromLuma);
    assert_eq!(alone, decode_jpeg(file));
    assert!(matches!(decode_jpeg(&rest), Err(JpegError::Damaged(_))));
    let stored = decode_jpeg_with_tables(&rest, Some(&tables), Conversion::Stored).expect("planes");
    assert_ne!(stored.pixels, decode_jpeg(file).expect("a picture").pixels);
}

/// The bits of `text`, zeros and ones, as bytes.
fn packed(text: &str) -> Vec<u8> {
    let bits: Vec<u8> = text.bytes().map(|bit| bit & 1).collect();
    let byte = |bits: &[u8]| (0..8).fold(0, |sum, at| sum << 1 | bits.get(at).unwrap_or(&0));
    bits.chunks(8).map(byte).collect()
}

#[test]
fn many_scans_over_a_large_picture_are_refused() {
    // 16,384 x 16,384 grey pixels, progressive. One bit is a DC coefficient of zero or, with 14 more, the end of 21,845
    // blocks, so that each further scan is 360 bytes.
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xdb, 0, 67, 0];
    bytes.extend([1; 64]);
    bytes.extend([0xff, 0xc2, 0, 11, 8, 0x40, 0, 0x40, 0, 1, 1, 0x11, 0]);
    for (class, symbol) in [(0, 0), (0x10, 0xe0)] {
        bytes.extend([0xff, 0xc4, 0, 20, class, 1]);
        bytes.extend([0; 15]);
        bytes.push(symbol);
    }
    let blocks: usize = 2048 * 2048;
    bytes.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0]);
    bytes.extend(vec![0; blocks / 8]);
    let whole = |scans: usize| {
        let mut bytes = bytes.clone();
        for _ in 0..scans {
            bytes.extend([0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, 0]);
            bytes.extend(packed(&"001010101010101".repeat(blocks.div_ceil(21_845))));
        }
        bytes.extend([0xff, 0xd9]);
        check_jpeg(&bytes)
    };
    assert_eq!(whole(1), Ok(()));
    assert!(matches!(whole(30), Err(JpegError::Unsupported(_))));
}
