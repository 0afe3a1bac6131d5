//! A small picture of a whole scene, made in steps: the caller decides when to stop.

use super::error::RasterError;
use super::tiff_source::TiffSource;
use crate::scene::NO_DATA_GREY;
use crate::vision::Window;

/// An overview down to this share of the wanted width is good enough.
const GOOD_ENOUGH: f64 = 0.5;
/// Samples per pixel of the preview, in either direction, if not all are used.
const FINER: usize = 3;
/// Maximum number of samples per pixel of the preview; more are ignored. The sum of this many times 255 fits 16 bits.
const MOST_SAMPLES: u16 = 257;
/// Rows and columns of the first pass are this far apart.
const FIRST_STRIDE: usize = 16;
/// Levels of up to this many pixels are always read completely.
const SMALL: u64 = 6_000_000;
/// Rows of a small level that one step reads.
const ROWS_AT_ONCE: usize = 64;

/// A part of the level that one step reads.
#[derive(Debug, Clone, Copy)]
struct Part {
    window: Window,
    /// Only every `every`-th column is used, and every `every`-th row unless it is one row.
    every: usize,
    /// Row of the preview that the part is drawn to; None if its pixels are drawn at their own positions.
    line: Option<usize>,
}

/// A preview that is being made.
///
/// It is made of the coarsest overview that is fine enough. In a large file without overviews, each step reads one tile
/// or one row of pixels, in an order that covers the whole scene early; rows that were not read are filled with the
/// nearest row above.
#[derive(Debug, Clone)]
pub struct Preview {
    width: usize,
    height: usize,
    level: usize,
    size: (usize, usize),
    parts: Vec<Part>,
    done: usize,
    /// Sums of red, green and blue, and the number of pixels.
    sums: Vec<[u16; 4]>,
    /// Whether each row of the preview was read, if rows are read one at a time.
    rows: Option<Vec<bool>>,
}

impl Preview {
    /// Plans a preview whose longer side has at most `side` pixels.
    pub(super) fn new(tiff: &TiffSource, side: usize) -> Self {
        let (width, height) = tiff.size();
        let scale = (side.max(1) as f64 / width.max(height) as f64).min(1.0);
        let wanted = |length: usize| ((length as f64 * scale).round() as usize).max(1);
        let fine =
            |level: &usize| tiff.level_size(*level).0 as f64 >= wanted(width) as f64 * GOOD_ENOUGH;
        let level = (0..=tiff.overviews()).rev().find(fine).unwrap_or(0);
        let size = tiff.level_size(level);
        // An overview can be smaller than the requested size.
        let (width, height) = (wanted(width).min(size.0), wanted(height).min(size.1));
        let every = (size.0 / width / FINER).max(1);
        let mut rows = None;
        let parts = if size.0 as u64 * size.1 as u64 <= SMALL {
            bands_of_rows(size)
        } else if let Some(tile) = tiff.tile_size(level) {
            tiles(size, tile, every)
        } else {
            rows = Some(vec![false; height]);
            single_rows(size, height, every)
        };
        Self {
            width,
            height,
            level,
            size,
            parts,
            done: 0,
            sums: vec![[0; 4]; width * height],
            rows,
        }
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The share of the steps that were made, 0 to 1.
    pub fn share(&self) -> f64 {
        self.done as f64 / self.parts.len().max(1) as f64
    }

    /// Makes the next step: decodes one tile, or the rows that one row of the preview needs. Returns whether there is
    /// more to do.
    ///
    /// # Errors
    /// Fails if that part of the file is damaged.
    pub(super) fn advance(&mut self, tiff: &mut TiffSource) -> Result<bool, RasterError> {
        let Some(&part) = self.parts.get(self.done) else {
            return Ok(false);
        };
        let window = part.window;
        let rgba = tiff.rgba(self.level, window)?;
        for (row, pixels) in rgba
            .chunks_exact(window.width * 4)
            .enumerate()
            .step_by(part.every)
        {
            let y = match part.line {
                Some(line) => line,
                None => scaled(window.y + row, self.size.1, self.height),
            };
            let sums = &mut self.sums[y * self.width..(y + 1) * self.width];
            for (column, pixel) in pixels.chunks_exact(4).enumerate().step_by(part.every) {
                let sum = &mut sums[scaled(window.x + column, self.size.0, self.width)];
                if pixel[3] > 0 && sum[3] < MOST_SAMPLES {
                    for (sum, &value) in sum.iter_mut().zip(&pixel[..3]) {
                        *sum += u16::from(value);
                    }
                    sum[3] += 1;
                }
            }
        }
        if let (Some(rows), Some(line)) = (&mut self.rows, part.line) {
            rows[line] = true;
        }
        self.done += 1;
        Ok(self.done < self.parts.len())
    }

    /// The picture as it is now, RGBA. Alpha is 0 where there is no data or nothing was read yet.
    pub fn rgba(&self) -> Vec<u8> {
        let mut rgba = Vec::with_capacity(self.sums.len() * 4);
        let mut line = 0;
        for y in 0..self.height {
            if self.rows.as_ref().is_none_or(|rows| rows[y]) {
                line = y;
            }
            let sums = &self.sums[line * self.width..(line + 1) * self.width];
            rgba.extend(sums.iter().flat_map(|&[red, green, blue, count]| {
                let mean = |sum: u16| {
                    let (sum, count) = (u32::from(sum), u32::from(count.max(1)));
                    ((sum + count / 2) / count) as u8
                };
                match count {
                    0 => [NO_DATA_GREY, NO_DATA_GREY, NO_DATA_GREY, 0],
                    _ => [mean(red), mean(green), mean(blue), 255],
                }
            }));
        }
        rgba
    }
}

/// On a side that is scaled from `from` to `to` pixels: the new pixel that contains pixel `at`.
fn scaled(at: usize, from: usize, to: usize) -> usize {
    (at as u64 * to as u64 / from as u64) as usize
}

/// A small level, some rows at a time.
fn bands_of_rows((width, height): (usize, usize)) -> Vec<Part> {
    let tops = (0..height).step_by(ROWS_AT_ONCE);
    tops.map(|top| Part {
        window: Window::new(0, top, width, ROWS_AT_ONCE.min(height - top)),
        every: 1,
        line: None,
    })
    .collect()
}

/// One row of pixels for each row of the preview.
fn single_rows((width, height): (usize, usize), lines: usize, every: usize) -> Vec<Part> {
    let places = passes(lines, 1).into_iter();
    places
        .map(|(_, line)| {
            let middle = (2 * line as u64 + 1) * height as u64 / (2 * lines as u64);
            Part {
                window: Window::new(0, (middle as usize).min(height - 1), width, 1),
                every,
                line: Some(line),
            }
        })
        .collect()
}

/// Every tile.
fn tiles(size: (usize, usize), tile: (usize, usize), every: usize) -> Vec<Part> {
    let all = Window::all(size.0, size.1);
    let places = passes(size.1.div_ceil(tile.1), size.0.div_ceil(tile.0)).into_iter();
    places
        .map(|(column, row)| Part {
            window: all.intersection(&Window::new(column * tile.0, row * tile.1, tile.0, tile.1)),
            every,
            line: None,
        })
        .collect()
}

/// All positions of a grid, column and row, in passes that each halve the spacing.
fn passes(rows: usize, columns: usize) -> Vec<(usize, usize)> {
    let mut places = Vec::with_capacity(rows * columns);
    let mut stride = FIRST_STRIDE;
    while stride > 0 {
        for row in (0..rows).step_by(stride) {
            for column in (0..columns).step_by(stride) {
                let former = 2 * stride;
                let came = stride < FIRST_STRIDE
                    && row.is_multiple_of(former)
                    && column.is_multiple_of(former);
                if !came {
                    places.push((column, row));
                }
            }
        }
        stride /= 2;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_visit_every_place_once_and_spread_early() {
        let mut places = passes(40, 21);
        assert_eq!(places.len(), 40 * 21);
        assert_eq!(places[..4], [(0, 0), (16, 0), (0, 16), (16, 16)]);
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), 40 * 21);
    }
}
