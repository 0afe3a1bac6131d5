//! LZW, as in TIFF 6.0, section 13, and as older writers used it, with codes that begin at the low bit.

use weezl::decode::Configuration;
use weezl::{BitOrder, LzwStatus};

use super::{Problem, damaged};

/// Decodes up to `most` bytes; fewer if the data ends.
///
/// # Errors
/// Fails if a code is not valid.
pub fn decode(bytes: &[u8], most: usize) -> Result<Vec<u8>, Problem> {
    // The first code is Clear, 256: in the old bit order its low byte comes first.
    let old = matches!(bytes, [0, second, ..] if second & 1 == 1);
    let configuration = match old {
        true => Configuration::new(BitOrder::Lsb, 8),
        false => Configuration::with_tiff_size_switch(BitOrder::Msb, 8),
    };
    let mut decoder = configuration.with_yield_on_full_buffer(true).build();
    let mut decoded = vec![0; most];
    let (mut from, mut to) = (0, 0);
    while to < most {
        let step = decoder.decode_bytes(&bytes[from..], &mut decoded[to..]);
        from += step.consumed_in;
        to += step.consumed_out;
        match step.status {
            Ok(LzwStatus::Ok) if step.consumed_in + step.consumed_out > 0 => {}
            Ok(_) => break,
            Err(error) => return Err(damaged("LZW", error)),
        }
    }
    decoded.truncate(to);
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use weezl::encode::Encoder;

    use super::*;

    #[test]
    fn new_and_old_codes() {
        let whole: Vec<u8> = (0..20_000u32).map(|i| (i * i % 251) as u8).collect();
        let new = Encoder::with_tiff_size_switch(BitOrder::Msb, 8).encode(&whole);
        let old = Encoder::new(BitOrder::Lsb, 8).encode(&whole);
        for packed in [new.expect("codes"), old.expect("codes")] {
            assert_eq!(decode(&packed, whole.len()).expect("codes"), whole);
            assert_eq!(decode(&packed, 99).expect("codes"), whole[..99]);
            let half = decode(&packed[..packed.len() / 2], whole.len()).expect("codes");
            assert!(half.len() < whole.len() && whole.starts_with(&half));
        }
        assert!(decode(&[], 9).expect("nothing").is_empty());
        assert!(decode(&[0x80, 0x3f, 0xff, 0xff], 9).is_err());
    }
}
