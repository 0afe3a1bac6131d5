//! The border of a footprint as closed rings.
//!
//! Each pixel edge between a set and a clear pixel becomes one vertex, and rings are followed edge by edge. Memory is
//! proportional to the length of the border, plus one bit per pixel. (The `contour` crate finds the same rings but
//! needs at least 8 bytes per pixel, which is too much for a browser at the largest maps.)

use super::cell::{Cell, Pixel};
use super::footprint::Footprint;
use crate::sorting::sort_by_key;

/// A vertex is on the line between its neighbours if its distance from it, in map pixels, is below this.
const ON_LINE: f64 = 1e-9;

/// Sides of a pixel, in the order in which a border that has the pixel on its right passes them.
const TOP: usize = 0;
const RIGHT: usize = 1;
const LEFT: usize = 3;

/// Steps from a pixel across each of its sides: top, right, bottom, left.
const ACROSS: [Pixel; 4] = [(0, -1), (1, 0), (0, 1), (-1, 0)];

/// A closed border, without its first vertex repeated.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ring {
    /// Vertices in map pixels. With y pointing down, set pixels are to the right of the direction of travel.
    pub points: Vec<[f64; 2]>,
    /// For a hole, the index of the ring around it.
    pub around: Option<usize>,
}

/// The row and column where a run of set pixels begins, and the ring that passes there.
type RunStart = (u32, u32, u32);

/// The rings of a footprint: outer borders and holes, each hole with the outer border that contains it.
pub(crate) fn rings(footprint: &Footprint<'_>) -> Vec<Ring> {
    let (width, height) = (footprint.mask().width(), footprint.mask().height());
    let mut tracer = Tracer {
        footprint,
        seen: vec![0; (width * height).div_ceil(64)],
        starts: Vec::new(),
        rings: Vec::new(),
        holes: Vec::new(),
    };
    for y in 0..height {
        for x in 0..width {
            let (column, row) = (x as isize, y as isize);
            if footprint.is_set(column, row)
                && !footprint.is_set(column, row - 1)
                && !tracer.is_seen(y * width + x)
            {
                tracer.follow(column, row);
            }
        }
    }
    tracer.finish()
}

struct Tracer<'a> {
    footprint: &'a Footprint<'a>,
    /// One bit per pixel: whether a ring has passed its top side. Every ring passes at least one top side.
    seen: Vec<u64>,
    starts: Vec<RunStart>,
    rings: Vec<Ring>,
    /// A hole, and the set pixel to the left of its leftmost point.
    holes: Vec<(usize, (isize, isize))>,
}

impl Tracer<'_> {
    fn is_seen(&self, pixel: usize) -> bool {
        self.seen[pixel / 64] >> (pixel % 64) & 1 == 1
    }

    /// Follows the ring that passes the top side of a pixel.
    fn follow(&mut self, x: isize, y: isize) {
        let index = self.rings.len();
        let width = self.footprint.mask().width();
        let mut points: Vec<[f64; 2]> = Vec::new();
        let mut leftmost: Option<(isize, isize)> = None;
        let (mut pixel, mut side) = ((x, y), TOP);
        loop {
            match side {
                TOP => {
                    let bit = pixel.1 as usize * width + pixel.0 as usize;
                    self.seen[bit / 64] |= 1 << (bit % 64);
                }
                RIGHT if leftmost.is_none_or(|best| pixel.0 < best.0) => leftmost = Some(pixel),
                LEFT => self
                    .starts
                    .push((pixel.1 as u32, pixel.0 as u32, index as u32)),
                _ => {}
            }
            push(&mut points, self.vertex(pixel, side));
            if self.footprint.has_others() {
                let bends = self.cell(pixel, side).bends();
                bends.for_each(|bend| push(&mut points, bend));
            }
            (pixel, side) = self.next(pixel, side);
            if (pixel, side) == ((x, y), TOP) {
                break;
            }
        }
        close(&mut points);
        // With y down, a border with its pixels on the right runs clockwise around them.
        if twice_area(&points) < 0.0
            && let Some(pixel) = leftmost
        {
            self.holes.push((index, pixel));
        }
        self.rings.push(Ring {
            points,
            around: None,
        });
    }

    /// The next side of the border: around the pixel's corner, straight on, or around the corner of the next pixel.
    fn next(&self, pixel: Pixel, side: usize) -> (Pixel, usize) {
        let Cell { ahead, beyond, .. } = self.cell(pixel, side);
        if !self.footprint.is_set(ahead.0, ahead.1) {
            (pixel, (side + 1) % 4)
        } else if !self.footprint.is_set(beyond.0, beyond.1) {
            (ahead, side)
        } else {
            (beyond, (side + 3) % 4)
        }
    }

    /// The cell at the end of a pixel's side.
    fn cell(&self, pixel: Pixel, side: usize) -> Cell<'_> {
        let (out, on) = (ACROSS[side], ACROSS[(side + 1) % 4]);
        Cell {
            footprint: self.footprint,
            pixel,
            across: step(pixel, out),
            ahead: step(pixel, on),
            beyond: step(step(pixel, on), out),
        }
    }

    fn vertex(&self, pixel: Pixel, side: usize) -> [f64; 2] {
        self.footprint.vertex(pixel, step(pixel, ACROSS[side]))
    }

    /// Finds the outer border of every hole. The run of set pixels that ends at the hole begins at the outer border, or
    /// at a hole further left in the same border.
    fn finish(mut self) -> Vec<Ring> {
        self.starts.sort_unstable();
        sort_by_key(&mut self.holes, |&(_, (x, _))| x);
        let mut is_hole = vec![false; self.rings.len()];
        for &(hole, _) in &self.holes {
            is_hole[hole] = true;
        }
        for &(hole, (x, y)) in &self.holes {
            let place = (y as u32, x as u32, u32::MAX);
            let after = self.starts.partition_point(|&start| start <= place);
            let ring = self.starts[after - 1].2 as usize;
            self.rings[hole].around = if is_hole[ring] {
                self.rings[ring].around
            } else {
                Some(ring)
            };
        }
        self.rings
    }
}

fn step((x, y): Pixel, (by_x, by_y): Pixel) -> Pixel {
    (x + by_x, y + by_y)
}

/// Adds a vertex. The previous vertex is removed if it is on the line through its neighbours.
fn push(points: &mut Vec<[f64; 2]>, point: [f64; 2]) {
    if let [.., before, last] = points[..]
        && on_line(before, last, point)
    {
        points.pop();
    }
    points.push(point);
}

/// Removes the first and the last vertex if they are on a line with their neighbours.
fn close(points: &mut Vec<[f64; 2]>) {
    while let [first, .., before, last] = points[..]
        && points.len() > 3
        && on_line(before, last, first)
    {
        points.pop();
    }
    while let [first, second, .., last] = points[..]
        && points.len() > 3
        && on_line(last, first, second)
    {
        points.remove(0);
    }
}

fn on_line(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> bool {
    let cross = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
    cross.abs() < ON_LINE
}

/// Twice the area of a ring; positive if it runs clockwise as seen with y down.
fn twice_area(points: &[[f64; 2]]) -> f64 {
    let mut previous = points[points.len() - 1];
    let mut sum = 0.0;
    for &point in points {
        sum += previous[0] * point[1] - point[0] * previous[1];
        previous = point;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::Grid;
    use crate::segment::Refine;
    use crate::vision::Mask;

    fn mask(rows: &[&str]) -> Mask {
        let bits = rows
            .iter()
            .flat_map(|row| row.bytes().map(|byte| byte == b'#'));
        Mask::new(rows[0].len(), rows.len(), bits.collect())
    }

    #[test]
    fn islands_in_holes_keep_their_own_holes() {
        let mask = mask(&[
            ".#########.",
            ".#.......#.",
            ".#.#####.#.",
            ".#.#.#.#.#.",
            ".#.#####.#.",
            ".#.......#.",
            ".#########.",
            "...........",
            "###.#......",
        ]);
        let rings = rings(&Footprint::new(&mask, Grid::SCENE));
        let holes: Vec<Option<usize>> = rings.iter().map(|ring| ring.around).collect();
        let outer = holes.iter().filter(|around| around.is_none()).count();
        assert_eq!((rings.len(), outer), (7, 4));
        let parent_width = |ring: &Ring| {
            let points = &rings[ring.around.unwrap()].points;
            let xs = points.iter().map(|point| point[0]);
            xs.clone().fold(f64::MIN, f64::max) - xs.fold(f64::MAX, f64::min)
        };
        let mut widths: Vec<f64> = rings
            .iter()
            .filter(|ring| ring.around.is_some())
            .map(parent_width)
            .collect();
        widths.sort_by(f64::total_cmp);
        assert_eq!(widths, [5.0, 5.0, 9.0]);
    }

    #[test]
    fn pixels_that_touch_by_a_corner_are_apart_and_straight_sides_have_two_ends() {
        let corner = mask(&["#.", ".#"]);
        assert_eq!(rings(&Footprint::new(&corner, Grid::SCENE)).len(), 2);
        let full = Mask::full(40, 30);
        let found = rings(&Footprint::new(&full, Grid::SCENE));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].points.len(), 8);
        assert_eq!(twice_area(&found[0].points), 2.0 * (1200.0 - 0.5));
        assert!(rings(&Footprint::new(&Mask::empty(5, 4), Grid::SCENE)).is_empty());
    }

    #[test]
    fn borders_run_where_the_probability_passes_the_threshold() {
        let probability = [0, 255, 255, 255, 64, 0];
        let bits = probability.iter().map(|&p| p >= 128).collect();
        let mask = Mask::new(6, 1, bits);
        let footprint = Footprint::refined(&mask, Grid::SCENE, &probability, &Refine::default());
        let points = &rings(&footprint)[0].points;
        let xs = points.iter().map(|point| point[0]);
        let (left, right) = (
            xs.clone().fold(f64::MAX, f64::min),
            xs.fold(f64::MIN, f64::max),
        );
        // From 0.5 to 1.5 the border crosses the level 127.5 in the middle; from 3.5 to 4.5 at 127.5 / 191.
        assert!((left - 1.0).abs() < 1e-12 && (right - (3.5 + 127.5 / 191.0)).abs() < 1e-12);
    }

    #[test]
    fn where_the_mask_leaves_the_threshold_borders_run_along_pixels() {
        let probability = [200, 20, 200, 30];
        let mask = Mask::new(4, 1, vec![true, true, true, false]);
        let footprint = Footprint::refined(&mask, Grid::SCENE, &probability, &Refine::default());
        assert_eq!(footprint.crossing((1, 0), (1, 1)), 0.5);
        assert_eq!(footprint.crossing((2, 0), (3, 0)), (200.0 - 127.5) / 170.0);
        let filled = Mask::new(4, 1, vec![false, true, false, false]);
        let footprint = Footprint::refined(&filled, Grid::SCENE, &probability, &Refine::default());
        assert_eq!(footprint.crossing((1, 0), (0, 0)), 0.5);
    }

    #[test]
    fn no_border_runs_into_pixels_without_data() {
        let probability = [200, 0, 200, 1];
        let mask = Mask::new(4, 1, vec![true, false, true, false]);
        for threshold in [0.1, 0.5, 0.7] {
            let refine = Refine {
                threshold,
                ..Refine::default()
            };
            let footprint = Footprint::refined(&mask, Grid::SCENE, &probability, &refine);
            assert_eq!(footprint.crossing((0, 0), (1, 0)), 0.5);
            assert_ne!(footprint.crossing((2, 0), (3, 0)), 0.5);
        }
    }

    #[test]
    fn the_border_of_a_smoothed_mask_runs_along_its_pixels() {
        let probability = [255, 255, 1, 1];
        let smooth = Refine {
            smooth: 1,
            threshold: 0.2,
            ..Refine::default()
        };
        let mask = smooth.apply(&probability, 4, 1);
        assert_eq!(mask.bits(), [true, true, true, false]);
        let footprint = Footprint::refined(&mask, Grid::SCENE, &probability, &smooth);
        assert_eq!(footprint.crossing((2, 0), (3, 0)), 0.5);
        // A smoothed mask does not follow the probabilities, even where its edge coincides with theirs.
        let mask = Mask::new(4, 1, vec![true, true, false, false]);
        let footprint = Footprint::refined(&mask, Grid::SCENE, &probability, &smooth);
        assert_eq!(footprint.crossing((1, 0), (2, 0)), 0.5);
    }
}
