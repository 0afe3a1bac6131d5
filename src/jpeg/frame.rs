//! A picture's size, components and coding (T.81, B.2.2).

use super::error::JpegError;
use crate::vision::MAX_PIXELS;

/// One component: brightness, a chroma, or an ink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Its identifier in scans.
    pub id: u8,
    /// Samples across in the smallest coded unit.
    pub across: usize,
    /// Samples down in the smallest coded unit.
    pub down: usize,
    /// Number of its quantisation table.
    pub table: usize,
    /// Width and height in samples.
    pub size: (usize, usize),
    /// Blocks across and down that hold samples.
    pub blocks: (usize, usize),
    /// Blocks across and down that are stored: whole coded units.
    pub stored: (usize, usize),
}

/// A frame header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Whether it is coded in passes.
    pub progressive: bool,
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Its components, 1, 3 or 4.
    pub components: Vec<Component>,
    /// Largest sampling factor across and down.
    pub most: (usize, usize),
}

impl Frame {
    /// Reads the header's content behind its length. `marker` is the second byte of its marker.
    ///
    /// # Errors
    /// Fails for kinds of JPEG that are not supported and for sizes that make no picture.
    pub fn read(marker: u8, content: &[u8]) -> Result<Self, JpegError> {
        match marker {
            0xc0..=0xc2 => {}
            0xc3 | 0xc7 | 0xcb | 0xcf => return Err(JpegError::Unsupported("a lossless JPEG")),
            0xc9 | 0xca => return Err(JpegError::Unsupported("a JPEG with arithmetic coding")),
            _ => return Err(JpegError::Unsupported("a hierarchical JPEG")),
        }
        const WRONG: JpegError = JpegError::Damaged("the frame header of the JPEG is not valid");
        let &[depth, y1, y0, x1, x0, count, ref rest @ ..] = content else {
            return Err(WRONG);
        };
        if depth != 8 {
            return Err(JpegError::Unsupported(
                "a JPEG with more than 8 bits per sample",
            ));
        }
        let pair = |high, low| usize::from(u16::from_be_bytes([high, low]));
        let (width, height) = (pair(x1, x0), pair(y1, y0));
        if height == 0 {
            return Err(JpegError::Unsupported(
                "a JPEG that does not state its height",
            ));
        }
        if width == 0 || rest.len() != usize::from(count) * 3 {
            return Err(WRONG);
        }
        if width * height > MAX_PIXELS {
            return Err(JpegError::TooLarge { width, height });
        }
        if !matches!(count, 1 | 3 | 4) {
            return Err(JpegError::Unsupported(
                "a JPEG with neither 1, 3 nor 4 components",
            ));
        }
        let factors = |byte: u8| (usize::from(byte >> 4), usize::from(byte & 15));
        let all: Vec<_> = rest
            .chunks_exact(3)
            .map(|one| (one[0], factors(one[1]), one[2]))
            .collect();
        let most = all.iter().fold((1, 1), |most, (_, own, _)| {
            (most.0.max(own.0), most.1.max(own.1))
        });
        let units = (width.div_ceil(8 * most.0), height.div_ceil(8 * most.1));
        let mut components: Vec<Component> = Vec::with_capacity(all.len());
        for (id, (across, down), table) in all {
            let known = components.iter().any(|other| other.id == id);
            if known || !(1..=4).contains(&across) || !(1..=4).contains(&down) || table > 3 {
                return Err(WRONG);
            }
            let size = (
                (width * across).div_ceil(most.0),
                (height * down).div_ceil(most.1),
            );
            components.push(Component {
                id,
                across,
                down,
                table: usize::from(table),
                size,
                blocks: (size.0.div_ceil(8), size.1.div_ceil(8)),
                stored: (units.0 * across, units.1 * down),
            });
        }
        Ok(Self {
            progressive: marker == 0xc2,
            width,
            height,
            components,
            most,
        })
    }

    /// Coded units across and down in a scan of several components.
    pub fn units(&self) -> (usize, usize) {
        (
            self.width.div_ceil(8 * self.most.0),
            self.height.div_ceil(8 * self.most.1),
        )
    }

    /// Number of blocks. A complete file has at least one bit for each.
    pub fn coded_blocks(&self) -> usize {
        self.components
            .iter()
            .map(|one| one.blocks.0 * one.blocks.1)
            .sum()
    }
}
