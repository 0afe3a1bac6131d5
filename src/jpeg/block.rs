//! The coefficients of one 8 x 8 block, as each kind of scan codes them.

use super::bits::Bits;
use super::error::JpegError;
use super::huffman::Huffman;
use super::idct::ZIGZAG;

/// Coefficients of a block, row by row.
pub type Block = [i16; 64];

const OVERFLOW: JpegError = JpegError::Damaged("a block of the JPEG has too many coefficients");

/// The part of the coefficients that a progressive scan codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// First coefficient, in the order of the file.
    pub first: usize,
    /// Last coefficient.
    pub last: usize,
    /// Lowest bit that was coded before; 0 if no bit was coded yet.
    pub high: u32,
    /// Lowest bit that is coded now.
    pub low: u32,
}

fn difference(bits: &mut Bits<'_>, table: &Huffman) -> Result<i32, JpegError> {
    match table.symbol(bits)? {
        length @ 0..=11 => bits.signed(u32::from(length)),
        _ => Err(JpegError::Damaged(
            "a brightness in the JPEG has too many bits",
        )),
    }
}

/// Reads a whole block of a sequential scan. `before` is the DC coefficient of the component's previous block.
pub fn sequential(
    bits: &mut Bits<'_>,
    (dc, ac): (&Huffman, &Huffman),
    before: &mut i32,
    block: &mut Block,
) -> Result<(), JpegError> {
    *before = before.wrapping_add(difference(bits, dc)?);
    block[0] = *before as i16;
    let mut at = 1;
    while at < 64 {
        let symbol = ac.symbol(bits)?;
        let (zeros, length) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        if length == 0 {
            if zeros < 15 {
                break;
            }
            at += 16;
            continue;
        }
        at += zeros;
        let place = *ZIGZAG.get(at).ok_or(OVERFLOW)?;
        block[place] = bits.signed(length)? as i16;
        at += 1;
    }
    Ok(())
}

/// Reads the DC coefficient of a block in the first progressive pass.
pub fn dc_first(
    bits: &mut Bits<'_>,
    table: &Huffman,
    before: &mut i32,
    low: u32,
    block: &mut Block,
) -> Result<(), JpegError> {
    *before = before.wrapping_add(difference(bits, table)?);
    block[0] = (*before << low) as i16;
    Ok(())
}

/// Reads one more bit of the DC coefficient.
pub fn dc_refine(bits: &mut Bits<'_>, low: u32, block: &mut Block) -> Result<(), JpegError> {
    if bits.bit()? {
        block[0] |= 1 << low;
    }
    Ok(())
}

/// Reads the AC coefficients of a pass for the first time. `run` counts the following blocks without coefficients.
pub fn ac_first(
    bits: &mut Bits<'_>,
    table: &Huffman,
    pass: &Pass,
    run: &mut u32,
    block: &mut Block,
) -> Result<(), JpegError> {
    if *run > 0 {
        *run -= 1;
        return Ok(());
    }
    let mut at = pass.first;
    while at <= pass.last {
        let symbol = table.symbol(bits)?;
        let (zeros, length) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if length == 0 {
            if zeros < 15 {
                *run = (1 << zeros) - 1 + bits.take(zeros)? as u32;
                break;
            }
            at += 16;
            continue;
        }
        at += zeros as usize;
        let place = *ZIGZAG.get(at).ok_or(OVERFLOW)?;
        block[place] = (bits.signed(length)? << pass.low) as i16;
        at += 1;
    }
    Ok(())
}

/// Reads one more bit of the AC coefficients of a pass.
pub fn ac_refine(
    bits: &mut Bits<'_>,
    table: &Huffman,
    pass: &Pass,
    run: &mut u32,
    block: &mut Block,
) -> Result<(), JpegError> {
    let (plus, minus) = (1i16 << pass.low, -1i16 << pass.low);
    let refine = |bits: &mut Bits<'_>, value: &mut i16| {
        if bits.bit()? && *value & plus == 0 {
            let step = if *value >= 0 { plus } else { minus };
            *value = value.wrapping_add(step);
        }
        Ok::<_, JpegError>(())
    };
    let mut at = pass.first;
    if *run == 0 {
        while at <= pass.last {
            let symbol = table.symbol(bits)?;
            let (mut zeros, length) = (u32::from(symbol >> 4), symbol & 15);
            let new = match length {
                0 if zeros < 15 => {
                    *run = (1 << zeros) + bits.take(zeros)? as u32;
                    break;
                }
                0 => 0,
                1 if bits.bit()? => plus,
                1 => minus,
                _ => return Err(OVERFLOW),
            };
            while at <= pass.last {
                let value = &mut block[ZIGZAG[at]];
                at += 1;
                if *value != 0 {
                    refine(bits, value)?;
                } else if zeros == 0 {
                    *value = new;
                    break;
                } else {
                    zeros -= 1;
                }
            }
        }
    }
    if *run > 0 {
        for &place in &ZIGZAG[at.min(64)..=pass.last] {
            if block[place] != 0 {
                refine(bits, &mut block[place])?;
            }
        }
        *run -= 1;
    }
    Ok(())
}
