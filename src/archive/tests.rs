//! Writing archives, and refusing invalid ones.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::crc::crc32;
use super::*;

type Edit = fn(&mut Vec<u8>);

fn open(bytes: &[u8]) -> Result<Archive<Cursor<&[u8]>>, ArchiveError> {
    Archive::open(Cursor::new(bytes))
}

/// Opens an archive and reads everything in it.
fn read(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    let mut archive = open(bytes)?;
    let entries = archive.entries().to_vec();
    let read = entries
        .iter()
        .map(|entry| Ok((entry.name().to_owned(), archive.read(entry)?)));
    read.collect()
}

/// Why an archive cannot be opened or read; `case` names it if it can.
fn refusal(bytes: &[u8], case: &str) -> String {
    read(bytes).expect_err(case).to_string()
}

/// What [`two`] holds.
const TWO: [(&str, &[u8]); 2] = [("images/é.png", b"first"), ("phrases.csv", b"second one")];

fn two() -> Vec<u8> {
    pack(TWO).expect("an archive")
}

/// Where `part` is in `bytes`.
fn places(bytes: &[u8], part: &[u8]) -> Vec<usize> {
    let windows = bytes.windows(part.len()).enumerate();
    let found = windows.filter(|(_, window)| *window == part);
    found.map(|(at, _)| at).collect()
}

/// An archive of one compressed entry, made of a stored one: `size` is the unpacked size that the entry states.
fn deflated(bytes: &[u8], size: u32) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("room");
    let packed = encoder.finish().expect("room");
    let mut archive = pack([("a", packed.as_slice())]).expect("an archive");
    let directory = archive.len() - 22 - 47;
    for (method, at) in [(8, 14), (directory + 10, directory + 16)] {
        archive[method] = 8;
        archive[at..at + 4].copy_from_slice(&crc32(bytes).to_le_bytes());
        archive[at + 8..at + 12].copy_from_slice(&size.to_le_bytes());
    }
    archive
}

#[test]
fn what_is_written_is_read() {
    let archive = two();
    assert_eq!(archive, two(), "the same bytes every time");
    let found = read(&archive).expect("readable");
    let found: Vec<_> = found
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    assert_eq!(found, TWO);
    assert!(
        read(&pack([]).expect("empty"))
            .expect("readable")
            .is_empty()
    );
}

#[test]
fn compressed_entries_are_read() {
    let bytes = b"the sheds ".repeat(1000);
    let archive = deflated(&bytes, bytes.len() as u32);
    assert!(archive.len() < 300);
    assert_eq!(read(&archive).expect("readable"), [("a".to_owned(), bytes)]);
}

#[test]
fn sizes_may_follow_the_data() {
    let mut archive = two();
    archive[6] |= 1 << 3;
    archive[14..26].fill(0);
    assert_eq!(read(&archive).expect("readable").len(), 2);
    archive[6] &= !(1 << 3);
    assert!(read(&archive).is_err(), "only if the header says so");
}

#[test]
fn cut_anywhere_it_is_refused() {
    let archive = two();
    for length in 0..archive.len() {
        assert!(read(&archive[..length]).is_err(), "{length} bytes");
    }
    let error = refusal(&archive[..archive.len() - 1], "cut");
    assert!(error.contains("cut short"), "{error}");
}

#[test]
fn whatever_byte_is_changed_the_content_is_the_same_or_refused() {
    let archive = two();
    let expected = read(&archive).expect("readable");
    for at in 0..archive.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut edited = archive.clone();
            edited[at] = value;
            if let Ok(found) = read(&edited) {
                assert_eq!(found, expected, "byte {at} is {value}");
            }
        }
    }
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let zeros = vec![0; 100 << 20];
    let error = open(&deflated(&zeros, 100 << 20))
        .expect_err("a bomb")
        .to_string();
    assert!(error.contains("unpacked zip has 100 MB"), "{error}");
    // The entry states a smaller size than it holds.
    let error = refusal(&deflated(&zeros, 1000), "a bomb");
    assert!(error.contains("does not unpack"), "{error}");
    let small = Limits {
        entry: 10,
        ..Limits::default()
    };
    let archive = pack([("a", &[0; 11][..])]).expect("an archive");
    let error = Archive::open_with(Cursor::new(&archive), &small).expect_err("too large");
    assert!(
        error.to_string().contains("\"a\" in the zip has"),
        "{error}"
    );
}

#[test]
fn hostile_archives_are_named() {
    /// Replaces a name by another of the same length, in both headers.
    fn rename(archive: &mut [u8], from: &[u8], to: &[u8]) {
        let places = places(archive, from);
        assert_eq!(places.len(), 2);
        for at in places {
            archive[at..at + to.len()].copy_from_slice(to);
        }
    }
    /// Where the directory begins.
    fn directory(archive: &[u8]) -> usize {
        places(archive, b"PK\x01\x02")[0]
    }
    let cases: [(&str, Edit, &str); 14] = [
        ("not a zip", |zip| zip[0] = b'Q', "not a zip"),
        (
            "out of the folder",
            |zip| rename(zip, b"phrases.csv", b"../ases.csv"),
            "leads out",
        ),
        (
            "absolute",
            |zip| rename(zip, b"phrases.csv", b"/hrases.csv"),
            "absolute",
        ),
        (
            "a drive",
            |zip| rename(zip, b"phrases.csv", b"C:rases.csv"),
            "absolute",
        ),
        (
            "a backslash",
            |zip| rename(zip, b"phrases.csv", b"..\\ases.csv"),
            "backslash",
        ),
        (
            "a zero",
            |zip| rename(zip, b"phrases.csv", b"\0hrases.csv"),
            "control character",
        ),
        (
            "no UTF-8",
            |zip| rename(zip, b"phrases.csv", b"\xffhrases.csv"),
            "UTF-8",
        ),
        ("two names", |zip| zip[30] = b'j', "described in two ways"),
        (
            "encrypted",
            |zip| {
                let at = directory(zip);
                zip[at + 8] |= 1
            },
            "encrypted",
        ),
        (
            "another method",
            |zip| {
                let at = directory(zip);
                zip[at + 10] = 12
            },
            "method 12",
        ),
        (
            "Zip64",
            |zip| {
                let at = directory(zip);
                zip[at + 24..at + 28].fill(0xff)
            },
            "Zip64",
        ),
        (
            "one of several parts",
            |zip| {
                let at = zip.len() - 22;
                zip[at + 4] = 1
            },
            "one part of several",
        ),
        (
            "other bytes",
            |zip| {
                let at = places(zip, b"first")[0];
                zip[at] = b'F'
            },
            "checksum",
        ),
        (
            "bytes in front",
            |zip| {
                zip.splice(0..0, *b"PK\x03\x04");
            },
            "damaged",
        ),
    ];
    for (case, edit, said) in cases {
        let mut archive = two();
        edit(&mut archive);
        let error = refusal(&archive, case);
        assert!(error.contains(said), "{case}: {error}");
    }
    let mut same = pack([("a.png", &b"x"[..]), ("b.png", b"y")]).expect("an archive");
    rename(&mut same, b"b.png", b"A.PNG");
    let error = refusal(&same, "twice");
    assert!(error.contains("twice"), "{error}");
}

#[test]
fn entries_that_share_bytes_are_refused() {
    // The second entry's header lies in the first entry's bytes.
    let inner = pack([("b", &[7; 8][..])]).expect("an archive");
    let inner_local = &inner[..31 + 8];
    let mut archive = pack([("a", inner_local)]).expect("an archive");
    let inner_central = &inner[39..39 + 47];
    let end = archive.len() - 22;
    let mut central = inner_central.to_vec();
    central[42..46].copy_from_slice(&31_u32.to_le_bytes());
    archive.splice(end..end, central);
    let end = archive.len() - 22;
    archive[end + 8] = 2;
    archive[end + 10] = 2;
    archive[end + 12..end + 16].copy_from_slice(&94_u32.to_le_bytes());
    let error = refusal(&archive, "overlap");
    assert!(error.contains("share the same bytes"), "{error}");
}

#[test]
fn the_writer_refuses_what_the_reader_would() {
    for (names, said) in [(["../a", "b"], "leads out"), (["a", "A"], "twice")] {
        let entries = names.map(|name| (name, &b""[..]));
        let error = pack(entries).expect_err(said).to_string();
        assert!(error.contains(said), "{error}");
    }
}
