//! A decoded blob.

use super::bits::Input;
use super::content::Content;
use super::header::Header;
use super::huffman::decode_huffman;
use super::mask::Mask;
use super::number::{Number, Wrapping};
use super::tiles::decode_tiles;
use super::{Problem, damaged};
use crate::raster::problem::REWRITE;

/// A decoded blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Numbers, interleaved, low byte first.
    pub bytes: Vec<u8>,
    /// Which pixels are valid.
    pub mask: Mask,
}

/// Why a blob is not decoded.
enum Stop {
    Damaged,
    FloatHuffman,
}

impl Blob {
    /// Decodes the blob in `bytes`.
    ///
    /// # Errors
    /// Fails if it is damaged or of a kind that is not supported.
    pub fn read(bytes: &[u8], header: Header) -> Result<Self, Problem> {
        let mut input = Input::new(bytes.get(header.length..).unwrap_or_default());
        let Some(mask) = Mask::read(&mut input, &header) else {
            return Err(damaged("LERC", "its mask is not valid"));
        };
        let decoded = match header.data_type {
            0 => pixels::<i8>(&mut input, &header, &mask),
            1 => pixels::<u8>(&mut input, &header, &mask),
            2 => pixels::<i16>(&mut input, &header, &mask),
            3 => pixels::<u16>(&mut input, &header, &mask),
            4 => pixels::<i32>(&mut input, &header, &mask),
            5 => pixels::<u32>(&mut input, &header, &mask),
            6 => pixels::<f32>(&mut input, &header, &mask),
            _ => pixels::<f64>(&mut input, &header, &mask),
        };
        match decoded {
            Ok(bytes) => Ok(Self { bytes, mask }),
            Err(Stop::Damaged) => Err(damaged("LERC", "its numbers are not valid")),
            Err(Stop::FloatHuffman) => Err(Problem::unsupported(
                "LERC compression with Huffman codes for floating-point numbers",
                REWRITE,
            )),
        }
    }
}

/// The numbers of all pixels as bytes.
fn pixels<T: Wrapping>(
    input: &mut Input<'_>,
    header: &Header,
    mask: &Mask,
) -> Result<Vec<u8>, Stop> {
    let mut numbers = vec![T::default(); header.pixels() * header.depth];
    if header.valid > 0 {
        fill(input, header, mask, &mut numbers)?;
    }
    let mut bytes = Vec::with_capacity(size_of_val(&numbers[..]));
    for (at, pixel) in numbers.chunks_exact(header.depth).enumerate() {
        let valid = mask.is_valid(at);
        for &number in pixel {
            if valid { number } else { T::none() }.write(&mut bytes);
        }
    }
    Ok(bytes)
}

fn fill<T: Wrapping>(
    input: &mut Input<'_>,
    header: &Header,
    mask: &Mask,
    numbers: &mut [T],
) -> Result<(), Stop> {
    let depth = header.depth;
    let constant = |values: &[T], numbers: &mut [T]| {
        for pixel in numbers.chunks_exact_mut(depth) {
            pixel.copy_from_slice(values);
        }
    };
    if header.least == header.most {
        constant(&vec![T::of(header.least); depth], numbers);
        return Ok(());
    }
    let mut most = vec![header.most; depth];
    if header.version >= 4 {
        let least = band_numbers::<T>(input, depth).ok_or(Stop::Damaged)?;
        let highest = band_numbers::<T>(input, depth).ok_or(Stop::Damaged)?;
        let reals = |list: &[T]| list.iter().map(|number| number.real()).collect::<Vec<_>>();
        if reals(&least) == reals(&highest) {
            constant(&least, numbers);
            return Ok(());
        }
        if depth > 1 {
            most = reals(&highest);
        }
    }
    let content = Content { header, mask, most };
    if input.u8().ok_or(Stop::Damaged)? != 0 {
        return stored(input, &content, numbers).ok_or(Stop::Damaged);
    }
    let is_byte = header.version >= 2 && header.data_type <= 1 && header.error == 0.5;
    let is_exact = header.version >= 6 && header.data_type >= 6 && header.error == 0.0;
    let mode = match is_byte || is_exact {
        true => input.u8().ok_or(Stop::Damaged)?,
        false => 0,
    };
    match mode {
        0 => decode_tiles(input, &content, numbers).ok_or(Stop::Damaged),
        1 => decode_huffman(input, &content, true, numbers).ok_or(Stop::Damaged),
        2 if header.version >= 4 && is_byte => {
            decode_huffman(input, &content, false, numbers).ok_or(Stop::Damaged)
        }
        3 if is_exact => Err(Stop::FloatHuffman),
        _ => Err(Stop::Damaged),
    }
}

fn band_numbers<T: Number>(input: &mut Input<'_>, depth: usize) -> Option<Vec<T>> {
    (0..depth).map(|_| T::read(input)).collect()
}

/// Numbers that are not compressed.
fn stored<T: Number>(
    input: &mut Input<'_>,
    content: &Content<'_>,
    numbers: &mut [T],
) -> Option<()> {
    let depth = content.header.depth;
    for (at, pixel) in numbers.chunks_exact_mut(depth).enumerate() {
        if content.mask.is_valid(at) {
            for number in pixel {
                *number = T::read(input)?;
            }
        }
    }
    Some(())
}
