//! Numbers at which readers break.

use super::random::Random;

/// Limits of integer types, sizes of blocks, and their neighbours.
pub const INTERESTING: [u64; 40] = [
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
    12,
    15,
    16,
    17,
    31,
    32,
    33,
    63,
    64,
    65,
    100,
    127,
    128,
    255,
    256,
    257,
    511,
    512,
    1023,
    4096,
    32767,
    32768,
    65535,
    65536,
    0x00ff_ffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fffe,
    0xffff_ffff,
    0x7fff_ffff_ffff_ffff,
    u64::MAX,
];

/// Byte order of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Low byte first.
    Little,
    /// High byte first.
    Big,
}

impl Order {
    /// The number in all bytes of `bytes`, at most 8.
    pub fn get(self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, &byte: &u8| sum << 8 | u64::from(byte);
        match self {
            Self::Little => bytes.iter().rev().fold(0, add),
            Self::Big => bytes.iter().fold(0, add),
        }
    }

    /// Writes the low bytes of `value` into all of `bytes`, at most 8.
    pub fn put(self, bytes: &mut [u8], value: u64) {
        let length = bytes.len();
        let low = value.to_le_bytes();
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = match self {
                Self::Little => low[at],
                Self::Big => low[length - 1 - at],
            };
        }
    }
}

/// A number near `former`, or one of those at which readers break.
pub fn changed(former: u64, random: &mut Random) -> u64 {
    match random.below(6) {
        0 => former.wrapping_add(1 + random.below(4) as u64),
        1 => former.wrapping_sub(1 + random.below(4) as u64),
        2 => former ^ 1 << random.below(64),
        3 => former.wrapping_mul(2 + random.below(6) as u64),
        _ => *random.one_of(&INTERESTING),
    }
}
