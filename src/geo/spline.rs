//! Thin-plate splines (Bookstein 1989, "Principal warps"): the smoothest surface through points that are anywhere.

use super::affine::Affine;
use super::control_points::ControlPoint;

/// Maximum number of points that the surface goes through. The equations of 1,000 take 8 MB and 0.7 billion operations.
/// More points are thinned to those that are farthest apart.
const MOST: usize = 1000;
/// Pixels nearer than this share of the extent of the points are one point: files repeat points.
const SAME: f64 = 1e-7;
/// A pivot below this share of the largest one means that the points determine no surface.
const FLAT: f64 = 1e-13;
/// Points along each side of the area of the points where the surface is checked for folds.
const CHECKS: usize = 32;

/// A surface for either coordinate over pixels: an affine grid, and what bends it to the points.
#[derive(Debug, Clone)]
pub(crate) struct Spline {
    grid: Affine,
    /// The middle of the points in pixels, and half of their longer extent.
    centre: [f64; 2],
    extent: f64,
    nodes: Vec<Node>,
    /// For both coordinates, `[constant, per column, per row]` of the scaled pixels.
    plane: [[f64; 3]; 2],
}

/// A point that the surface goes through.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Scaled pixel.
    at: [f64; 2],
    /// How strongly it bends either coordinate.
    weights: [f64; 2],
}

impl Spline {
    /// The surface through points near `grid`, which must be in one system of coordinates without jumps. Of points at one
    /// pixel the first counts. Returns `None` if the points determine no surface, as points on a line do, or if the
    /// surface folds among them, so that two pixels have one place.
    pub fn through(points: &[ControlPoint], grid: &Affine) -> Option<Self> {
        let range = |axis: usize| {
            let values = points.iter().map(|point| point.pixel[axis]);
            values.fold((f64::MAX, f64::MIN), |(low, high), value| {
                (low.min(value), high.max(value))
            })
        };
        let (columns, rows) = (range(0), range(1));
        let centre = [columns, rows].map(|(low, high)| (low + high) / 2.0);
        let extent = (columns.1 - columns.0).max(rows.1 - rows.0) / 2.0;
        let scaled = |pixel: [f64; 2]| std::array::from_fn(|i| (pixel[i] - centre[i]) / extent);
        let places: Vec<[f64; 2]> = points.iter().map(|point| scaled(point.pixel)).collect();
        let kept = apart(&places);
        let count = kept.len();
        let mut equations = Equations::new(count + 3);
        for (row, &one) in kept.iter().enumerate() {
            let [x, y] = places[one];
            for (column, &other) in kept.iter().enumerate().take(row) {
                let bend = kernel(places[one], places[other]);
                equations.set(row, column, bend);
                equations.set(column, row, bend);
            }
            for (column, value) in [1.0, x, y].into_iter().enumerate() {
                equations.set(row, count + column, value);
                equations.set(count + column, row, value);
            }
            // What is left beside the grid: small numbers keep their digits.
            let ControlPoint { pixel, coordinates } = points[one];
            let (near_x, near_y) = grid.apply(pixel[0], pixel[1]);
            equations.right[row] = [coordinates[0] - near_x, coordinates[1] - near_y];
        }
        let solved = equations.solve()?;
        let nodes = kept.iter().zip(&solved);
        let spline = Self {
            grid: *grid,
            centre,
            extent,
            nodes: nodes
                .map(|(&at, &weights)| Node {
                    at: places[at],
                    weights,
                })
                .collect(),
            plane: [0, 1].map(|axis| [0, 1, 2].map(|term| solved[count + term][axis])),
        };
        (!spline.folds(columns, rows)).then_some(spline)
    }

    /// Maps a point in pixels to coordinates.
    pub fn apply(&self, column: f64, row: f64) -> (f64, f64) {
        let at = [
            (column - self.centre[0]) / self.extent,
            (row - self.centre[1]) / self.extent,
        ];
        let mut off = self
            .plane
            .map(|[constant, by_column, by_row]| constant + by_column * at[0] + by_row * at[1]);
        for node in &self.nodes {
            let bend = kernel(at, node.at);
            off[0] += node.weights[0] * bend;
            off[1] += node.weights[1] * bend;
        }
        let (x, y) = self.grid.apply(column, row);
        (x + off[0], y + off[1])
    }

    /// Whether the surface is turned over anywhere between these columns and rows, on a lattice.
    fn folds(&self, columns: (f64, f64), rows: (f64, f64)) -> bool {
        let step = [columns, rows].map(|(low, high)| (high - low) / CHECKS as f64);
        let lattice = |x: usize, y: usize| {
            let column = columns.0 + step[0] * x as f64;
            self.apply(column, rows.0 + step[1] * y as f64)
        };
        let line = |y: usize| (0..=CHECKS).map(|x| lattice(x, y)).collect::<Vec<_>>();
        let mut above = line(0);
        for y in 1..=CHECKS {
            let here = line(y);
            for x in 1..=CHECKS {
                let (corner, right, below) = (above[x - 1], above[x], here[x - 1]);
                let across = [right.0 - corner.0, right.1 - corner.1];
                let down = [below.0 - corner.0, below.1 - corner.1];
                let turn = down[0] * across[1] - across[0] * down[1];
                let turn = turn * self.grid.determinant();
                if turn.is_nan() || turn <= 0.0 {
                    return true;
                }
            }
            above = here;
        }
        false
    }
}

/// What a point contributes at a distance r: r² log r².
fn kernel(one: [f64; 2], other: [f64; 2]) -> f64 {
    let [x, y] = [one[0] - other[0], one[1] - other[1]];
    let square = x * x + y * y;
    match square > 0.0 {
        true => square * square.ln(),
        false => 0.0,
    }
}

/// The first point and then those farthest from all before, up to [`MOST`]. Points at one place are taken once.
fn apart(places: &[[f64; 2]]) -> Vec<usize> {
    let mut kept = Vec::new();
    let mut nearest = vec![f64::INFINITY; places.len()];
    let mut next = 0;
    while kept.len() < MOST && nearest[next] > SAME * SAME {
        kept.push(next);
        let from = places[next];
        for (near, at) in nearest.iter_mut().zip(places) {
            let square = (at[0] - from[0]).powi(2) + (at[1] - from[1]).powi(2);
            *near = near.min(square);
        }
        // The first of the farthest.
        let farther = |best: usize, at: usize| {
            if nearest[at] > nearest[best] {
                at
            } else {
                best
            }
        };
        next = (0..places.len()).fold(next, farther);
    }
    kept
}

/// Linear equations with two right sides.
struct Equations {
    size: usize,
    rows: Vec<Vec<f64>>,
    right: Vec<[f64; 2]>,
}

impl Equations {
    fn new(size: usize) -> Self {
        Self {
            size,
            rows: vec![vec![0.0; size]; size],
            right: vec![[0.0; 2]; size],
        }
    }

    fn set(&mut self, row: usize, column: usize, value: f64) {
        self.rows[row][column] = value;
    }

    /// Solves them by elimination with the largest pivot of each column. Returns `None` if they have no single solution.
    fn solve(mut self) -> Option<Vec<[f64; 2]>> {
        let mut largest = 0.0f64;
        for step in 0..self.size {
            let size = |row: &usize| self.rows[*row][step].abs();
            let pivot = (step..self.size).max_by(|a, b| size(a).total_cmp(&size(b)))?;
            let weight = size(&pivot);
            largest = largest.max(weight);
            if weight.is_nan() || weight <= FLAT * largest {
                return None;
            }
            self.rows.swap(step, pivot);
            self.right.swap(step, pivot);
            let (done, rest) = self.rows.split_at_mut(step + 1);
            let (top, right) = (&done[step], self.right[step]);
            for (row, side) in rest.iter_mut().zip(&mut self.right[step + 1..]) {
                let factor = row[step] / top[step];
                if factor != 0.0 {
                    let cells = row[step..].iter_mut().zip(&top[step..]);
                    cells.for_each(|(cell, above)| *cell -= factor * above);
                    *side = [side[0] - factor * right[0], side[1] - factor * right[1]];
                }
            }
        }
        for step in (0..self.size).rev() {
            let mut value = self.right[step];
            for column in step + 1..self.size {
                let factor = self.rows[step][column];
                value[0] -= factor * self.right[column][0];
                value[1] -= factor * self.right[column][1];
            }
            self.right[step] = value.map(|value| value / self.rows[step][step]);
        }
        Some(self.right)
    }
}

#[cfg(test)]
#[path = "spline_tests.rs"]
mod tests;
