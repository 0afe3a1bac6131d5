//! Outlines that people have words for.

use serde::{Deserialize, Serialize};

use super::fit::Fit;
use super::region::Region;
use super::score;

/// An outline that people have a word for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Shape {
    Round,
    Square,
    Long,
    LShaped,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Shape; 4] = [Shape::Round, Shape::Square, Shape::Long, Shape::LShaped];
}

/// Measures of an outline, in the frame of the smallest box around it at any angle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outline {
    area: usize,
    /// Share of the box that it fills: 1 for a rectangle, 0.785 for an ellipse.
    fill: f32,
    /// Longer side of the box over the shorter one.
    elongation: f32,
    /// Filled shares of the box's corners in ascending order. Each corner spans a third of the box's sides.
    corners: [f32; 4],
}

impl Outline {
    /// Measures a region.
    pub fn of(region: &Region) -> Self {
        // The first and last pixels of every row contain the extremes at any angle.
        let (x0, y0, x1, y1) = region.bounding_box();
        let mut rim: Vec<(f32, f32)> = Vec::with_capacity(2 * (y1 - y0));
        for y in y0..y1 {
            let first = (x0..x1).find(|&x| region.contains(x, y));
            let last = (x0..x1).rev().find(|&x| region.contains(x, y));
            if let (Some(first), Some(last)) = (first, last) {
                rim.extend([
                    (first as f32 + 0.5, y as f32 + 0.5),
                    (last as f32 + 0.5, y as f32 + 0.5),
                ]);
            }
        }
        let framed = |degrees: f32| {
            let (sin, cos) = degrees.to_radians().sin_cos();
            let mut frame = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
            for &(x, y) in &rim {
                let (u, v) = (x * cos + y * sin, y * cos - x * sin);
                frame[0] = frame[0].min(u);
                frame[1] = frame[1].min(v);
                frame[2] = frame[2].max(u);
                frame[3] = frame[3].max(v);
            }
            // Extends from the centres of the outermost pixels to their edges.
            let frame = [
                frame[0] - 0.5,
                frame[1] - 0.5,
                frame[2] + 0.5,
                frame[3] + 0.5,
            ];
            (sin, cos, frame)
        };
        let size = |frame: [f32; 4]| (frame[2] - frame[0]) * (frame[3] - frame[1]);
        let mut best = framed(0.0);
        for step in 1..30 {
            let next = framed(step as f32 * 3.0);
            // A rotated box must be clearly smaller, because pixels blur its sides.
            if size(next.2) < size(best.2) * if best.0 == 0.0 { 0.97 } else { 1.0 } {
                best = next;
            }
        }
        let (sin, cos, frame) = best;
        let (width, height) = (frame[2] - frame[0], frame[3] - frame[1]);
        let mut corners = [0usize; 4];
        for (x, y) in region.pixels() {
            let (x, y) = (x as f32 + 0.5, y as f32 + 0.5);
            let (u, v) = (x * cos + y * sin, y * cos - x * sin);
            let (u, v) = ((u - frame[0]) / width, (v - frame[1]) / height);
            let corner = |value: f32| match value {
                v if v < 1.0 / 3.0 => Some(0),
                v if v > 2.0 / 3.0 => Some(1),
                _ => None,
            };
            if let (Some(side), Some(end)) = (corner(u), corner(v)) {
                corners[end * 2 + side] += 1;
            }
        }
        let ninth = (width * height / 9.0).max(1.0);
        let mut corners = corners.map(|count| count as f32 / ninth);
        corners.sort_by(f32::total_cmp);
        let area = region.area();
        Self {
            area,
            fill: area as f32 / (width * height).max(1.0),
            elongation: width.max(height) / width.min(height).max(1.0),
            corners,
        }
    }

    /// Length of the longer side of the box, in pixels.
    pub fn length(&self) -> f32 {
        (self.area as f32 / self.fill.max(1e-3) * self.elongation).sqrt()
    }

    /// Whether it has a shape. An outline that the image edge cuts off (`truncated`) may differ from what is visible.
    pub fn fit(&self, shape: Shape, truncated: bool) -> Fit {
        let Outline {
            area,
            fill,
            elongation,
            corners,
        } = *self;
        let fit = match shape {
            Shape::Long => Fit::below(-elongation, -2.6, -1.9),
            // Small outlines are too coarse to distinguish corners from curves.
            _ if area < 60 && elongation < 1.7 => Fit::Unsure,
            Shape::Round if elongation >= 1.35 || fill >= 0.9 => Fit::No,
            Shape::Round if elongation <= 1.15 && (0.74..=0.84).contains(&fill) => Fit::Yes,
            Shape::Square if elongation >= 1.4 || fill <= 0.78 => Fit::No,
            Shape::Square if elongation <= 1.14 && fill >= 0.91 => Fit::Yes,
            Shape::LShaped if fill >= 0.9 || corners[0] >= 0.6 || corners[1] <= 0.3 => Fit::No,
            Shape::LShaped
                if corners[0] <= 0.1 && corners[1] >= 0.8 && (0.5..=0.88).contains(&fill) =>
            {
                Fit::Yes
            }
            _ => Fit::Unsure,
        };
        if truncated { fit.and(Fit::Unsure) } else { fit }
    }

    /// How well it fits a shape, from 0 to 1; uncertain if the outline is too small or the image edge cuts it off.
    pub fn score(&self, shape: Shape, truncated: bool) -> f32 {
        let Outline {
            area,
            fill,
            elongation,
            corners,
        } = *self;
        let score = match shape {
            Shape::Long => score::below(-elongation, -2.6, -1.9),
            Shape::Round => score::below(elongation, 1.15, 1.35).min(score::below(
                (fill - 0.79).abs(),
                0.05,
                0.11,
            )),
            Shape::Square => {
                score::below(elongation, 1.14, 1.4).min(score::below(-fill, -0.91, -0.78))
            }
            Shape::LShaped => score::below(fill, 0.88, 0.9)
                .min(score::below(-fill, -0.5, -0.4))
                .min(score::below(corners[0], 0.1, 0.6))
                .min(score::below(-corners[1], -0.8, -0.3)),
        };
        let coarse = shape != Shape::Long && area < 60 && elongation < 1.7;
        if coarse || (truncated && score > 0.5) {
            score::doubted(score)
        } else {
            score
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(inside: impl Fn(f32, f32) -> bool) -> Region {
        let bits: Vec<bool> = (0..60 * 60)
            .map(|at| inside((at % 60) as f32 - 29.5, (at / 60) as f32 - 29.5))
            .collect();
        Region::from_bitmap(0, 0, 60, &bits).expect("something is drawn")
    }

    fn turned(x: f32, y: f32, degrees: f32) -> (f32, f32) {
        let (sin, cos) = degrees.to_radians().sin_cos();
        (x * cos + y * sin, y * cos - x * sin)
    }

    #[test]
    fn shapes_are_told_apart_at_any_angle() {
        for degrees in [0.0, 12.0, 33.0, 45.0, 78.0] {
            let rectangle = |half_width: f32, half_height: f32| {
                drawn(|x, y| {
                    let (u, v) = turned(x, y, degrees);
                    u.abs() <= half_width && v.abs() <= half_height
                })
            };
            let angled = drawn(|x, y| {
                let (u, v) = turned(x, y, degrees);
                u.abs() <= 18.0 && v.abs() <= 18.0 && !(u > -4.0 && v > -4.0)
            });
            let round = drawn(|x, y| x * x + y * y <= 196.0);
            let shapes = [
                (Shape::Long, rectangle(22.0, 5.0)),
                (Shape::Square, rectangle(14.0, 14.0)),
                (Shape::Round, round),
                (Shape::LShaped, angled),
            ];
            for (shape, region) in &shapes {
                let outline = Outline::of(region);
                for other in Shape::ALL {
                    let fit = outline.fit(other, false);
                    let wanted = if other == *shape { Fit::Yes } else { Fit::No };
                    let close = fit == wanted || (fit == Fit::Unsure && other != *shape);
                    let score = outline.score(other, false);
                    let agrees = match fit {
                        Fit::Yes => score >= 0.5,
                        Fit::No => score < 0.5,
                        Fit::Unsure => true,
                    };
                    assert!(agrees, "{other:?} of {outline:?}: {score}");
                    assert!(
                        close,
                        "{shape:?} as {other:?} at {degrees}: {fit:?}, {outline:?}"
                    );
                }
            }
            let plain = Outline::of(&rectangle(14.0, 9.0));
            for shape in Shape::ALL {
                assert_ne!(plain.fit(shape, false), Fit::Yes, "{shape:?} at {degrees}");
            }
        }
    }
}
