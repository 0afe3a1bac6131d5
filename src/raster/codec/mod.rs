//! From the stored bytes of a block to its samples as TIFF lays them out. One file per codec.

mod deflate;
mod jpeg;
mod lzw;
mod packbits;
#[cfg_attr(not(feature = "rare"), path = "without_rare.rs")]
mod rare;

use super::depth::{Depth, Format};
use super::order::ByteOrder;
use super::problem::{Problem, REWRITE};
use crate::rare::Rare;

/// Compression of an image's blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// None.
    None,
    /// CCITT modified Huffman: Group 3 without end-of-line codes.
    CcittRle,
    /// CCITT Group 3, one- or two-dimensional.
    CcittGroup3,
    /// CCITT Group 4.
    CcittGroup4,
    /// LZW, of TIFF 6.0 or of older writers.
    Lzw,
    /// JPEG.
    Jpeg,
    /// JPEG XL.
    JpegXl,
    /// Deflate with a zlib header.
    Deflate,
    /// PackBits.
    PackBits,
    /// LERC, alone or compressed once more.
    Lerc,
    /// Zstandard.
    Zstd,
    /// WebP.
    WebP,
}

/// A block to be decoded.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'a> {
    /// Depths of the samples of a pixel in this block.
    pub depths: &'a [Depth],
    /// Width in pixels.
    pub width: usize,
    /// Rows that the block must have.
    pub rows: usize,
    /// Rows of the image's blocks; the last strip has fewer.
    pub whole_rows: usize,
    /// Bytes that the decoded block must have.
    pub bytes: usize,
    /// Whether the first pixel is in the lowest bit of a byte.
    pub reversed: bool,
    /// Whether the file says that samples are luma and chroma.
    pub luma: bool,
    /// Tables that all JPEG blocks share.
    pub jpeg_tables: Option<&'a [u8]>,
    /// Compression of LERC blocks: 0 is none, 1 Deflate, 2 Zstandard.
    #[cfg_attr(not(feature = "rare"), expect(dead_code))]
    pub lerc_compression: u64,
    /// Options of CCITT Group 3.
    #[cfg_attr(not(feature = "rare"), expect(dead_code))]
    pub t4_options: u64,
}

impl Compression {
    /// The compression with that number in the Compression tag.
    ///
    /// # Errors
    /// Fails if it is not supported, or if it is [`Rare`] and this is the small module.
    pub fn of(number: u64) -> Result<Self, Problem> {
        let known = Self::numbered(number)?;
        if let Some(rare) = known.rare() {
            rare.check()?;
        }
        Ok(known)
    }

    fn numbered(number: u64) -> Result<Self, Problem> {
        let other = match number {
            1 => return Ok(Self::None),
            2 => return Ok(Self::CcittRle),
            3 => return Ok(Self::CcittGroup3),
            4 => return Ok(Self::CcittGroup4),
            5 => return Ok(Self::Lzw),
            7 => return Ok(Self::Jpeg),
            8 | 32946 => return Ok(Self::Deflate),
            32773 => return Ok(Self::PackBits),
            34887 => return Ok(Self::Lerc),
            50000 => return Ok(Self::Zstd),
            50001 => return Ok(Self::WebP),
            50002 | 52546 => return Ok(Self::JpegXl),
            6 => "old-style JPEG",
            9 | 10 | 34661 => "JBIG",
            32766 => "NeXT",
            32771 => "CCITT modified Huffman with word alignment",
            32809 => "ThunderScan",
            32908 | 32909 => "Pixar",
            32947 => "Kodak DCS",
            33003 | 33005 | 34712 => "JPEG 2000",
            34676 | 34677 => "SGI LogLuv",
            34925 => "LZMA",
            _ => {
                let found = format!("a compression of unknown number {number}");
                return Err(Problem::unsupported(found, REWRITE));
            }
        };
        Err(Problem::unsupported(
            format!("{other} compression"),
            REWRITE,
        ))
    }

    /// What it is if few files have it.
    pub fn rare(self) -> Option<Rare> {
        match self {
            Self::None | Self::PackBits | Self::Lzw | Self::Deflate | Self::Jpeg => None,
            Self::CcittRle | Self::CcittGroup3 | Self::CcittGroup4 => Some(Rare::Ccitt),
            Self::JpegXl => Some(Rare::JpegXl),
            Self::Lerc => Some(Rare::Lerc),
            Self::WebP => Some(Rare::WebP),
            Self::Zstd => Some(Rare::Zstandard),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "uncompressed",
            Self::CcittRle => "CCITT modified Huffman",
            Self::CcittGroup3 => "CCITT Group 3",
            Self::CcittGroup4 => "CCITT Group 4",
            Self::Lzw => "LZW",
            Self::Jpeg => "JPEG",
            Self::JpegXl => "JPEG XL",
            Self::Deflate => "Deflate",
            Self::PackBits => "PackBits",
            Self::Lerc => "LERC",
            Self::Zstd => "Zstandard",
            Self::WebP => "WebP",
        }
    }

    /// Whether the Predictor tag applies; other compressions ignore it.
    pub fn is_predicted(self) -> bool {
        matches!(self, Self::Lzw | Self::Deflate | Self::Zstd)
    }

    /// Whether the decoder returns red, green and blue where the file says YCbCr.
    pub fn has_own_colours(self) -> bool {
        matches!(self, Self::Jpeg | Self::WebP)
    }

    /// Byte order of decoded numbers in a file of that order.
    pub fn order(self, file: ByteOrder) -> ByteOrder {
        match self {
            Self::Lerc | Self::JpegXl => ByteOrder::Little,
            _ => file,
        }
    }

    /// Memory in bytes that a decoder takes in addition to the `decoded` bytes of a block; None if it overflows.
    /// This is allocated before it is known whether the block is in the file.
    pub fn working_bytes(self, decoded: u64) -> Option<u64> {
        match self {
            // Planes of components.
            Self::Jpeg => Some(decoded),
            _ => rare::working_bytes(self, decoded),
        }
    }

    /// Whether it can hold samples of these depths.
    pub fn fits(self, depths: &[Depth], planar: bool) -> bool {
        let byte = Depth {
            bits: 8,
            format: Format::Unsigned,
        };
        match self {
            Self::Jpeg => depths.iter().all(|depth| *depth == byte),
            _ => rare::fits(self, depths, planar),
        }
    }

    /// Decodes a block to exactly `shape.bytes` bytes.
    ///
    /// # Errors
    /// Fails if it is damaged or of a kind that is not supported.
    pub fn decode(self, mut bytes: Vec<u8>, shape: &Shape<'_>) -> Result<Vec<u8>, Problem> {
        let reversible = !matches!(self, Self::Jpeg | Self::WebP | Self::Lerc);
        if shape.reversed && reversible {
            bytes
                .iter_mut()
                .for_each(|byte| *byte = byte.reverse_bits());
        }
        let mut decoded = match self {
            Self::None => bytes,
            Self::PackBits => packbits::decode(&bytes, shape.bytes),
            Self::Lzw => lzw::decode(&bytes, shape.bytes)?,
            Self::Deflate => deflate::decode(&bytes, shape.bytes)?,
            Self::Jpeg => jpeg::decode(&bytes, shape)?,
            _ => rare::decode(self, &bytes, shape)?,
        };
        if decoded.len() < shape.bytes {
            let (has, needs) = (decoded.len(), shape.bytes);
            return Err(Problem::Damaged(format!(
                "a block holds {has} of its {needs} bytes"
            )));
        }
        decoded.truncate(shape.bytes);
        Ok(decoded)
    }
}

/// A damaged block, as a codec reports it.
fn damaged(codec: &str, reason: impl std::fmt::Display) -> Problem {
    Problem::Damaged(format!("a {codec} block is not valid: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compression_that_is_not_read_is_named() {
        for (number, name) in [(34925, "LZMA"), (34712, "JPEG 2000"), (7777, "number 7777")] {
            match Compression::of(number) {
                Err(Problem::Unsupported { found, .. }) => assert!(found.contains(name), "{found}"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(Compression::of(32946), Compression::of(8));
        assert_eq!(Compression::of(52546), Compression::of(50002));
    }
}
