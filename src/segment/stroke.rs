//! The map pixels that a stroke covers.

use std::ops::Range;

use super::parts::Parts;
use crate::sorting::sort_by;

/// Maximum number of points of a stroke, which limits the time that one stroke can take.
pub const MAX_STROKE_POINTS: usize = 100_000;
/// Largest radius of a brush, in map pixels.
pub const MAX_BRUSH_RADIUS: f64 = 256.0;

/// A pixel grid on which strokes are drawn. Points are `[x, y]` in map pixels, where the first pixel reaches from 0 to
/// 1.
#[derive(Debug, Clone, Copy)]
pub struct Strokes {
    /// Columns of the map.
    pub width: usize,
    /// Rows of the map.
    pub height: usize,
}

impl Strokes {
    /// The pixels whose centres are at most `radius` from the line through `points`, and the pixels that contain the
    /// points, as ranges of pixel numbers, each within one row. Points that are not finite numbers are left out.
    pub fn brush(&self, points: &[[f64; 2]], radius: f64) -> Vec<Range<usize>> {
        let radius = if radius > 0.0 {
            radius.min(MAX_BRUSH_RADIUS)
        } else {
            0.0
        };
        let points = usable(points);
        let Some((columns, rows)) = self.bounds(&points, radius) else {
            return Vec::new();
        };
        let (x, y) = (columns.start, rows.start);
        let mut canvas = Canvas::new(columns.len(), rows.len());
        for &[px, py] in &points {
            if let Some((column, row)) = self.pixel(px, py) {
                canvas.set(column - x, row - y);
            }
        }
        let ends = points.iter().skip(1).chain(points.last());
        for (&from, &to) in points.iter().zip(ends) {
            let (left, right) = (from[0].min(to[0]) - radius, from[0].max(to[0]) + radius);
            let (top, bottom) = (from[1].min(to[1]) - radius, from[1].max(to[1]) + radius);
            for row in clipped(top, bottom, self.height) {
                for column in clipped(left, right, self.width) {
                    let centre = [column as f64 + 0.5, row as f64 + 0.5];
                    if distance_squared(centre, from, to) <= radius * radius {
                        canvas.set(column - x, row - y);
                    }
                }
            }
        }
        canvas.runs(x, y, self.width)
    }

    /// The pixels whose centres are inside the closed outline through `points`, as ranges of pixel numbers, each within
    /// one row. An outline that crosses itself encloses every point that it goes around (nonzero winding).
    pub fn lasso(&self, points: &[[f64; 2]]) -> Vec<Range<usize>> {
        let points = usable(points);
        let mut runs = Vec::new();
        let Some((_, rows)) = self.bounds(&points, 0.0) else {
            return runs;
        };
        // Edges that cross a row's centre line: where, and in which direction.
        let mut crossings: Vec<(f64, i32)> = Vec::new();
        for row in rows {
            let line = row as f64 + 0.5;
            crossings.clear();
            let ends = points.iter().skip(1).chain(points.first());
            for (&[x0, y0], &[x1, y1]) in points.iter().zip(ends) {
                if (y0 <= line) != (y1 <= line) {
                    let x = x0 + (line - y0) / (y1 - y0) * (x1 - x0);
                    crossings.push((x, if y0 < y1 { 1 } else { -1 }));
                }
            }
            sort_by(&mut crossings, |a, b| a.0.total_cmp(&b.0));
            let mut winding = 0;
            for pair in crossings.windows(2) {
                winding += pair[0].1;
                if winding != 0 {
                    // Pixel centres from the first crossing up to, but not including, the second.
                    let column = |x: f64| (x - 0.5).ceil().clamp(0.0, self.width as f64) as usize;
                    let (start, end) = (column(pair[0].0), column(pair[1].0));
                    if end > start {
                        runs.push(row * self.width + start..row * self.width + end);
                    }
                }
            }
        }
        runs
    }

    /// The 4-connected component of set pixels of `bits` that contains a point, as ranges of pixel numbers, each within
    /// one row. It is empty if the point is outside the map or on a clear pixel.
    pub fn part(&self, bits: &[bool], point: [f64; 2]) -> Vec<Range<usize>> {
        match self.pixel(point[0], point[1]) {
            Some((x, y)) => Parts::of(bits, self.width, true).runs_at(y * self.width + x),
            None => Vec::new(),
        }
    }

    /// Column and row of the pixel that contains a point.
    fn pixel(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let is_inside = x >= 0.0 && y >= 0.0 && x < self.width as f64 && y < self.height as f64;
        is_inside.then_some((x as usize, y as usize))
    }

    /// The columns and rows within `reach` of the points; `None` if there are none.
    fn bounds(&self, points: &[[f64; 2]], reach: f64) -> Option<(Range<usize>, Range<usize>)> {
        let span = |axis: usize, length: usize| {
            let values = points.iter().map(|point| point[axis]);
            let least = values.clone().reduce(f64::min)?;
            let most = values.reduce(f64::max)?;
            let range = clipped(least - reach, most + reach, length);
            (!range.is_empty()).then_some(range)
        };
        Some((span(0, self.width)?, span(1, self.height)?))
    }
}

/// One bit for each pixel of a part of the map.
struct Canvas {
    width: usize,
    height: usize,
    bits: Vec<u64>,
}

impl Canvas {
    fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            bits: vec![0; (width * height).div_ceil(64)],
        }
    }

    fn set(&mut self, x: usize, y: usize) {
        let at = y * self.width + x;
        self.bits[at / 64] |= 1 << (at % 64);
    }

    fn get(&self, x: usize, y: usize) -> bool {
        let at = y * self.width + x;
        self.bits[at / 64] >> (at % 64) & 1 == 1
    }

    /// The set pixels as ranges of pixel numbers of a map of `columns`, in which the canvas lies at `left`, `top`.
    fn runs(&self, left: usize, top: usize, columns: usize) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        for y in 0..self.height {
            let first = (top + y) * columns + left;
            let mut x = 0;
            while x < self.width {
                if !self.get(x, y) {
                    x += 1;
                    continue;
                }
                let start = x;
                while x < self.width && self.get(x, y) {
                    x += 1;
                }
                runs.push(first + start..first + x);
            }
        }
        runs
    }
}

/// The finite points, at most [`MAX_STROKE_POINTS`]. They are moved to within the range of exact arithmetic.
fn usable(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let finite = |point: &&[f64; 2]| point.iter().all(|value| value.is_finite());
    let points = points.iter().filter(finite).take(MAX_STROKE_POINTS);
    points
        .map(|point| point.map(|value| value.clamp(-1e7, 1e7)))
        .collect()
}

/// The pixels of an axis of `length` pixels that `least` to `most` touches.
fn clipped(least: f64, most: f64, length: usize) -> Range<usize> {
    let start = least.floor().clamp(0.0, length as f64) as usize;
    let end = (most.floor() + 1.0).clamp(0.0, length as f64) as usize;
    start..end.max(start)
}

/// The squared distance of `point` from the line between two points.
fn distance_squared(point: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let (px, py) = (point[0] - from[0], point[1] - from[1]);
    let length = dx * dx + dy * dy;
    let share = if length > 0.0 {
        ((px * dx + py * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (px - share * dx).powi(2) + (py - share * dy).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: Strokes = Strokes {
        width: 40,
        height: 30,
    };

    fn painted(runs: &[Range<usize>]) -> Vec<bool> {
        let mut bits = vec![false; MAP.width * MAP.height];
        for run in runs {
            assert_eq!(run.start / MAP.width, (run.end - 1) / MAP.width, "one row");
            for at in run.clone() {
                assert!(!bits[at], "no pixel twice");
                bits[at] = true;
            }
        }
        bits
    }

    fn count(runs: &[Range<usize>]) -> usize {
        runs.iter().map(Range::len).sum()
    }

    #[test]
    fn a_brush_covers_what_is_within_its_radius() {
        let line = [[5.0, 6.0], [20.5, 11.0], [20.5, 25.0]];
        for radius in [0.5, 1.0, 3.3, 7.0] {
            let bits = painted(&MAP.brush(&line, radius));
            for (at, bit) in bits.iter().enumerate() {
                let centre = [(at % 40) as f64 + 0.5, (at / 40) as f64 + 0.5];
                let near = distance_squared(centre, line[0], line[1])
                    .min(distance_squared(centre, line[1], line[2]));
                let is_point = line
                    .iter()
                    .any(|&[x, y]| at == y as usize * 40 + x as usize);
                assert_eq!(
                    *bit,
                    near <= radius * radius || is_point,
                    "{at}, radius {radius}"
                );
            }
        }
    }

    #[test]
    fn the_smallest_brush_covers_the_pixel_under_it() {
        for (point, radius) in [([3.0, 4.0], 0.0), ([3.99, 4.99], 0.5)] {
            let runs = MAP.brush(&[point], radius);
            assert_eq!(count(&runs), 1);
            assert_eq!(runs[0].start, 4 * 40 + 3);
        }
        assert_eq!(count(&MAP.brush(&[[10.5, 10.5]], 1.0)), 5);
    }

    #[test]
    fn strokes_are_cut_at_the_edge_of_the_map() {
        assert!(MAP.brush(&[[-50.0, 5.0]], 3.0).is_empty());
        assert!(MAP.brush(&[], 3.0).is_empty());
        assert!(MAP.brush(&[[f64::NAN, 1.0]], 3.0).is_empty());
        assert_eq!(
            count(&MAP.brush(&[[-1e300, 15.0], [1e300, 15.0]], 500.0)),
            1200
        );
        let all = [[-9.0, -9.0], [99.0, -9.0], [99.0, 99.0], [-9.0, 99.0]];
        assert_eq!(count(&MAP.lasso(&all)), 1200);
        assert!(
            MAP.lasso(&[[-9.0, -9.0], [-3.0, -9.0], [-9.0, -3.0]])
                .is_empty()
        );
    }

    #[test]
    fn a_lasso_covers_the_centres_inside_it() {
        let square = [[2.0, 3.0], [12.0, 3.0], [12.0, 8.0], [2.0, 8.0]];
        assert_eq!(count(&MAP.lasso(&square)), 50);
        let reversed: Vec<_> = square.iter().rev().copied().collect();
        assert_eq!(MAP.lasso(&square), MAP.lasso(&reversed));
        assert!(MAP.lasso(&square[..2]).is_empty());
        // A point that the line encircles twice is still inside.
        let twice: Vec<_> = square.iter().chain(&square).copied().collect();
        assert_eq!(painted(&MAP.lasso(&twice)), painted(&MAP.lasso(&square)));
        // Two triangles that share a corner: the inside of both counts, whatever their direction.
        let bow = [[5.0, 5.0], [15.0, 15.0], [15.0, 5.0], [5.0, 15.0]];
        assert!(count(&MAP.lasso(&bow)) > 40);
    }

    #[test]
    fn a_part_is_what_hangs_together_with_a_pixel() {
        let rows = ["#.##", "##.#", "..#."];
        let bits: Vec<bool> = rows
            .iter()
            .flat_map(|row| row.bytes().map(|byte| byte == b'#'))
            .collect();
        let map = Strokes {
            width: 4,
            height: 3,
        };
        assert_eq!(map.part(&bits, [0.5, 0.5]), [0..1, 4..6]);
        assert_eq!(map.part(&bits, [3.5, 1.5]), [2..4, 7..8]);
        assert!(map.part(&bits, [0.2, 2.9]).is_empty());
        assert!(map.part(&bits, [4.0, 0.0]).is_empty());
    }
}
