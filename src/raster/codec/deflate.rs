//! Deflate with a zlib header (RFC 1950), for both of its compression numbers.

use flate2::{Decompress, FlushDecompress, Status};

use super::{Problem, damaged};

/// Decodes up to `most` bytes; fewer if the data ends.
///
/// # Errors
/// Fails if the data is invalid within that many bytes.
pub fn decode(bytes: &[u8], most: usize) -> Result<Vec<u8>, Problem> {
    let mut decoded = vec![0; most];
    let mut inflate = Decompress::new(true);
    loop {
        let (from, to) = (inflate.total_in(), inflate.total_out());
        let (from, to) = (from as usize, to as usize);
        let rest = bytes.get(from..).unwrap_or_default();
        let step = inflate.decompress(rest, &mut decoded[to..], FlushDecompress::Finish);
        let done = inflate.total_out() as usize;
        match step {
            _ if done >= most => break,
            Ok(Status::StreamEnd) => break,
            Ok(_) if done == to && inflate.total_in() as usize == from => break,
            Ok(_) => {}
            // The words of the library depend on what is below it, which differs in the browser.
            Err(_) => return Err(damaged("Deflate", "its codes or its checksum are wrong")),
        }
    }
    decoded.truncate(inflate.total_out() as usize);
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::ZlibEncoder;

    use super::*;

    #[test]
    fn whole_cut_and_damaged_data() {
        let whole: Vec<u8> = (0..50_000u32).map(|i| (i / 7 * i % 253) as u8).collect();
        let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&whole).expect("memory");
        let packed = encoder.finish().expect("memory");
        assert_eq!(decode(&packed, whole.len()).expect("whole"), whole);
        assert_eq!(decode(&packed, 1000).expect("whole"), whole[..1000]);
        let half = decode(&packed[..packed.len() / 2], whole.len()).expect("a part");
        assert!(half.len() < whole.len() && whole.starts_with(&half));
        assert!(decode(&[0x55; 40], 99).is_err());
    }
}
