//! Animated PNGs whose still picture is not a part of the animation.

use std::io::{self, Read, Seek, SeekFrom};

/// Whether the pixels of a PNG (its IDAT chunks) are not a part of its animation. Such a file has two candidates for
/// its first picture, and programs differ in which one they show.
///
/// # Errors
/// Fails if reading fails or the file ends before its pixels.
pub fn still_is_apart(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    file.seek(SeekFrom::Start(8))?;
    let mut animated = false;
    loop {
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        let [a, b, c, d, name @ ..] = head;
        match &name {
            b"acTL" => animated = true,
            b"fcTL" => return Ok(false),
            b"IDAT" => return Ok(animated),
            _ => {}
        }
        // Behind the data is a checksum of four bytes.
        let length = i64::from(u32::from_be_bytes([a, b, c, d])) + 4;
        file.seek(SeekFrom::Current(length))?;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn apart(chunks: &[&[u8; 4]]) -> io::Result<bool> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        for name in chunks {
            bytes.extend([&[0, 0, 0, 1], name.as_slice(), &[7, 0, 0, 0, 0]].concat());
        }
        still_is_apart(&mut Cursor::new(bytes))
    }

    #[test]
    fn the_still_is_apart_if_no_frame_begins_before_it() {
        let is_apart = |chunks: &[&[u8; 4]]| apart(chunks).expect("chunks");
        assert!(!is_apart(&[b"IHDR", b"IDAT"]));
        assert!(!is_apart(&[b"IHDR", b"acTL", b"fcTL", b"IDAT"]));
        assert!(is_apart(&[b"IHDR", b"acTL", b"IDAT", b"fcTL", b"fdAT"]));
        assert!(apart(&[b"IHDR"]).is_err());
    }
}
