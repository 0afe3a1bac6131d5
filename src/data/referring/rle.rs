//! COCO run lengths: how masks are stored in JSON.
//!
//! A mask is read down its columns, from left to right, in runs that are alternately off and on, the first one off.
//! The compressed form (`maskApi.c` of cocodataset/cocoapi) writes each run as a signed number in groups of five
//! bits. From the fourth run on, the number is the difference to the run two before. Each group is a printable
//! character, whose sixth bit says that more groups follow.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::vision::{MAX_PIXELS, Mask};

/// Maximum number of groups of five bits per run: `maskApi.c` counts in 32 bits, so seven are enough.
const MAX_GROUPS: u32 = 7;

/// Why run lengths do not form a mask.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RleError {
    /// The size is not that of an image.
    #[error("run lengths of {width} x {height} pixels: no image has that size")]
    Size {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// A character that the compressed form does not have.
    #[error(
        "{found:?} at character {position} is not part of compressed run lengths: the text is damaged"
    )]
    Character {
        /// The character.
        found: char,
        /// Counted from 0.
        position: usize,
    },
    /// The text ends inside a number.
    #[error("the compressed run lengths end inside a number: the text was cut off")]
    Truncated,
    /// A run length that is negative or larger than any image.
    #[error("run {index} is {value} pixels long: the text is damaged")]
    Run {
        /// Counted from 0.
        index: usize,
        /// Its length.
        value: i64,
    },
    /// The runs do not fill the mask.
    #[error(
        "the runs add up to {found} pixels, but {width} x {height} need {expected}: the text is damaged"
    )]
    Sum {
        /// Sum of the runs, as far as they were added.
        found: u64,
        /// Pixels of the mask.
        expected: u64,
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// Parts of one mask with different sizes.
    #[error("the parts of the mask differ in size: the annotation is damaged")]
    Parts,
    /// No run lengths at all.
    #[error("the annotation has no run lengths")]
    None,
}

/// The runs, in either form that COCO files use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Counts {
    /// Compressed.
    Text(String),
    /// One number per run.
    Runs(Vec<i64>),
}

/// A mask as run lengths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rle {
    /// Height and width in pixels, in this order.
    pub size: [usize; 2],
    /// The runs.
    pub counts: Counts,
}

impl Rle {
    /// The mask as compressed run lengths.
    pub fn encode(mask: &Mask) -> Self {
        Self {
            size: [mask.height(), mask.width()],
            counts: Counts::Text(compress(&runs_of(mask))),
        }
    }

    /// The lengths of the runs in pixels, the first one off; their sum is the number of pixels.
    ///
    /// # Errors
    /// See [`RleError`].
    pub fn runs(&self) -> Result<Vec<u32>, RleError> {
        let [height, width] = self.size;
        let expected = width
            .checked_mul(height)
            .filter(|&pixels| pixels > 0 && pixels <= MAX_PIXELS);
        let Some(expected) = expected else {
            return Err(RleError::Size { width, height });
        };
        let runs = match &self.counts {
            Counts::Text(text) => decompress(text, expected)?,
            Counts::Runs(runs) => checked(runs, expected)?,
        };
        let found: u64 = runs.iter().map(|&run| u64::from(run)).sum();
        let expected = expected as u64;
        if found != expected {
            return Err(RleError::Sum {
                found,
                expected,
                width,
                height,
            });
        }
        Ok(runs)
    }

    /// The mask.
    ///
    /// # Errors
    /// See [`RleError`].
    pub fn decode(&self) -> Result<Mask, RleError> {
        let runs = self.runs()?;
        let [height, width] = self.size;
        let mut mask = Mask::empty(width, height);
        let mut position = 0;
        for (index, &run) in runs.iter().enumerate() {
            let end = position + run as usize;
            if index % 2 == 1 {
                for pixel in position..end {
                    mask.bits_mut()[pixel % height * width + pixel / height] = true;
                }
            }
            position = end;
        }
        Ok(mask)
    }

    /// The union of several masks of one size.
    ///
    /// # Errors
    /// See [`RleError`].
    pub fn decode_all(parts: &[Self]) -> Result<Mask, RleError> {
        let (first, rest) = parts.split_first().ok_or(RleError::None)?;
        if rest.iter().any(|part| part.size != first.size) {
            return Err(RleError::Parts);
        }
        let mut mask = first.decode()?;
        for part in rest {
            mask.union_with(&part.decode()?);
        }
        Ok(mask)
    }
}

fn checked(runs: &[i64], pixels: usize) -> Result<Vec<u32>, RleError> {
    let check = |(index, &value): (usize, &i64)| match u32::try_from(value) {
        Ok(run) if run as usize <= pixels => Ok(run),
        _ => Err(RleError::Run { index, value }),
    };
    runs.iter().enumerate().map(check).collect()
}

fn runs_of(mask: &Mask) -> Vec<u32> {
    let (mut runs, mut run, mut on) = (Vec::new(), 0, false);
    for x in 0..mask.width() {
        for y in 0..mask.height() {
            if mask.get(x, y) != on {
                runs.push(run);
                (run, on) = (0, !on);
            }
            run += 1;
        }
    }
    runs.push(run);
    runs
}

fn compress(runs: &[u32]) -> String {
    let mut text = String::new();
    for (index, &run) in runs.iter().enumerate() {
        let mut rest = i64::from(run);
        if index > 2 {
            rest -= i64::from(runs[index - 2]);
        }
        loop {
            let group = (rest & 0x1f) as u8;
            rest >>= 5;
            // The fifth bit is the sign of what follows.
            let done = rest == if group & 0x10 == 0 { 0 } else { -1 };
            text.push(char::from(48 + group + if done { 0 } else { 0x20 }));
            if done {
                break;
            }
        }
    }
    text
}

fn decompress(text: &str, pixels: usize) -> Result<Vec<u32>, RleError> {
    let mut runs: Vec<u32> = Vec::new();
    let (mut value, mut groups) = (0i64, 0);
    for (position, found) in text.chars().enumerate() {
        let Some(code) = u32::from(found).checked_sub(48).filter(|&code| code < 64) else {
            return Err(RleError::Character { found, position });
        };
        value |= i64::from(code & 0x1f) << (5 * groups);
        groups += 1;
        let index = runs.len();
        if code & 0x20 != 0 {
            if groups == MAX_GROUPS {
                return Err(RleError::Run { index, value });
            }
            continue;
        }
        if code & 0x10 != 0 {
            value |= -1 << (5 * groups);
        }
        if index > 2 {
            value += i64::from(runs[index - 2]);
        }
        match u32::try_from(value) {
            Ok(run) if run as usize <= pixels => runs.push(run),
            _ => return Err(RleError::Run { index, value }),
        }
        (value, groups) = (0, 0);
    }
    if groups > 0 {
        return Err(RleError::Truncated);
    }
    Ok(runs)
}

#[cfg(test)]
#[path = "rle_tests.rs"]
mod tests;
