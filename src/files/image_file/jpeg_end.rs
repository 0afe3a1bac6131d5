//! Whether a JPEG file is complete up to its end marker.

use std::io::{self, BufRead, ErrorKind, Read};

/// Whether the picture in a JPEG stream ends with its end marker (ITU-T T.81, annex B). Data after it, such as a
/// phone's second picture, is ignored, and so is the end marker of a thumbnail inside a segment.
///
/// # Errors
/// Fails if reading fails.
pub fn jpeg_is_complete(mut file: impl BufRead) -> io::Result<bool> {
    match walk(&mut file) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        other => other,
    }
}

fn walk(file: &mut impl BufRead) -> io::Result<bool> {
    loop {
        match next_marker(file)? {
            0xd9 => return Ok(true),
            // Stuffed zeros, TEM, restarts and the start marker have no payload.
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            _ => {
                let mut length = [0; 2];
                file.read_exact(&mut length)?;
                let length = u64::from(u16::from_be_bytes(length).saturating_sub(2));
                if io::copy(&mut file.by_ref().take(length), &mut io::sink())? < length {
                    return Ok(false);
                }
            }
        }
    }
}

/// Returns the next byte after a run of 0xff, also inside entropy-coded data.
fn next_marker(file: &mut impl BufRead) -> io::Result<u8> {
    loop {
        let buffer = file.fill_buf()?;
        if buffer.is_empty() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        match buffer.iter().position(|&byte| byte == 0xff) {
            None => {
                let length = buffer.len();
                file.consume(length);
            }
            Some(position) => {
                file.consume(position + 1);
                break;
            }
        }
    }
    let mut byte = [0xff];
    while byte[0] == 0xff {
        file.read_exact(&mut byte)?;
    }
    Ok(byte[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pictures_own_end_counts() {
        // Start, a segment that holds a thumbnail's end marker, a scan with a stuffed 0xff, the end.
        let whole = [
            0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xd9, 1, 2, 0xff, 0xda, 0, 3, 9, 5, 0xff, 0, 7,
            0xff, 0xd0, 8, 0xff, 0xff, 0xd9,
        ];
        assert!(jpeg_is_complete(&whole[..]).expect("bytes in memory"));
        for length in 0..whole.len() {
            assert!(
                !jpeg_is_complete(&whole[..length]).expect("bytes in memory"),
                "{length} bytes"
            );
        }
        let mut more = whole.to_vec();
        more.extend([1, 2, 3, 0xff]);
        assert!(jpeg_is_complete(&more[..]).expect("bytes in memory"));
    }
}
