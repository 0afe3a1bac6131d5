//! Zstandard (RFC 8878).

use ruzstd::decoding::FrameDecoder;

use super::{Problem, damaged};

/// Frames may ask for this much memory whatever the size of the block is: writers use up to 8 MB.
const LEAST_WINDOW: u64 = 8 << 20;

/// Decodes up to `most` bytes.
///
/// # Errors
/// Fails if the data is invalid or longer than that.
pub fn decode(bytes: &[u8], most: usize) -> Result<Vec<u8>, Problem> {
    let mut decoded = vec![0; most];
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(LEAST_WINDOW.max(most as u64));
    let count = decoder.decode_all(bytes, &mut decoded);
    let count = count.map_err(|error| damaged("Zstandard", error))?;
    decoded.truncate(count);
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    #[test]
    fn whole_and_damaged_data() {
        let whole: Vec<u8> = (0..50_000u32).map(|i| (i / 9 % 200) as u8).collect();
        let packed = compress_to_vec(&whole[..], CompressionLevel::Fastest);
        assert_eq!(decode(&packed, whole.len()).expect("whole"), whole);
        assert!(decode(&packed, 100).is_err());
        assert!(decode(&packed[..packed.len() / 2], whole.len()).is_err());
        assert!(decode(b"no frame", 9).is_err());
    }
}
