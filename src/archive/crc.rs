//! The checksum of zip entries.

/// Remainders of all bytes, for the polynomial of ISO 3309 with its bits reversed.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut rest = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            rest = match rest & 1 {
                1 => 0xedb8_8320 ^ (rest >> 1),
                _ => rest >> 1,
            };
            bit += 1;
        }
        table[byte] = rest;
        byte += 1;
    }
    table
};

/// CRC-32 of `bytes`. It is slower than crc32fast, whose tables alone have 16 KB, which the page would have to fetch.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let rest = bytes.iter().fold(!0_u32, |rest, &byte| {
        TABLE[usize::from(rest as u8 ^ byte)] ^ (rest >> 8)
    });
    !rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_is_right() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }
}
