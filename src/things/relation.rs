//! Spatial relations between two things.

use super::fit::Fit;
use super::region::Region;
use super::score;

/// A side on which something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Side {
    Left,
    Right,
    Above,
    Below,
}

/// Distances as shares of the shorter side of the image: up to the first one things are near, and from the second one
/// on they are not.
pub const NEAR: (f32, f32) = (0.045, 0.09);

/// Shares of a kind of ground around a thing: from the first one on the thing is on that ground, and up to the second
/// one it is not.
pub const ON: (f32, f32) = (0.75, 0.1);

/// The offset of a thing from another along one of the sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offset {
    /// Distance between the facing edges, negative if the boxes overlap.
    pub gap: f32,
    /// Distance of the centres towards the side.
    pub along: f32,
    /// Distance of the centres at right angles to the side.
    pub aside: f32,
}

impl Offset {
    /// The offset of `region` from `other`, in pixels.
    pub fn between(region: &Region, other: &Region, side: Side) -> Self {
        let ((ax, ay), (bx, by)) = (region.centre(), other.centre());
        let (a, b) = (region.bounding_box(), other.bounding_box());
        let (gap, along, aside) = match side {
            Side::Left => (b.0 as f32 - a.2 as f32, bx - ax, (by - ay).abs()),
            Side::Right => (a.0 as f32 - b.2 as f32, ax - bx, (by - ay).abs()),
            Side::Above => (b.1 as f32 - a.3 as f32, by - ay, (bx - ax).abs()),
            Side::Below => (a.1 as f32 - b.3 as f32, ay - by, (bx - ax).abs()),
        };
        Self { gap, along, aside }
    }

    /// Whether the thing is on the side. `extent` is the shorter side of the image in pixels.
    pub fn fit(self, extent: f32) -> Fit {
        let Self { gap, along, aside } = self;
        if gap >= -2.0 && aside <= along * 0.75 && along >= extent * 0.02 {
            Fit::Yes
        } else if along <= -extent * 0.02 || (aside > along * 2.5 && gap < 0.0) {
            Fit::No
        } else {
            Fit::Unsure
        }
    }

    /// How clearly the thing is on the side, from 0 to 1.
    pub fn score(self, extent: f32) -> f32 {
        let Self { gap, along, aside } = self;
        let margin = extent * 0.02;
        let turned = aside / along.max(margin * 0.1);
        // Overlapping boxes leave doubt. It grows with how far the thing reaches past the facing edge.
        let reach = score::below(-gap, 2.0, 2.0 + 4.0 * along.max(margin));
        score::below(-along, -margin, margin)
            .min(score::below(turned, 0.75, 2.5))
            .min(reach)
    }
}

/// Pixels between two boxes `(x0, y0, x1, y1)`, 0 if they touch or overlap.
pub fn box_gap(a: (usize, usize, usize, usize), b: (usize, usize, usize, usize)) -> f32 {
    let apart = |a0: usize, a1: usize, b0: usize, b1: usize| {
        b0.saturating_sub(a1).max(a0.saturating_sub(b1)) as f32
    };
    let (dx, dy) = (apart(a.0, a.2, b.0, b.2), apart(a.1, a.3, b.1, b.3));
    (dx * dx + dy * dy).sqrt()
}

/// Share of the ground around a region that belongs to the other thing. For a pixel `(x, y)`, `ground` returns whether
/// it belongs to the other thing, or `None` if the pixel does not count. Returns 0.5 if no pixel counts. The image has
/// `width` x `height` pixels.
pub fn surrounded(
    region: &Region,
    (width, height): (usize, usize),
    ground: impl Fn(usize, usize) -> Option<bool>,
) -> f32 {
    let (x0, y0, x1, y1) = region.bounding_box();
    let (left, top) = (x0.saturating_sub(2), y0.saturating_sub(2));
    let (right, bottom) = ((x1 + 2).min(width), (y1 + 2).min(height));
    let (mut seen, mut belongs) = (0usize, 0usize);
    let step = ((right - left).max(bottom - top) / 60).max(1);
    for y in (top..bottom).step_by(step) {
        for x in (left..right).step_by(step) {
            if let Some(of_other) = ground(x, y)
                && !region.contains(x, y)
            {
                seen += 1;
                belongs += usize::from(of_other);
            }
        }
    }
    if seen == 0 {
        0.5
    } else {
        belongs as f32 / seen as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_agree_with_the_three_values() {
        let other = Region::rectangle(40, 40, 12, 9);
        for x in (0..88).step_by(3) {
            for y in (0..88).step_by(3) {
                let region = Region::rectangle(x, y, 11, 8);
                for side in [Side::Left, Side::Right, Side::Above, Side::Below] {
                    let offset = Offset::between(&region, &other, side);
                    let score = offset.score(100.0);
                    match offset.fit(100.0) {
                        Fit::Yes => assert!(score >= 0.5, "{offset:?}: {score}"),
                        Fit::No => assert!(score < 0.5, "{offset:?}: {score}"),
                        Fit::Unsure => {}
                    }
                }
            }
        }
    }

    #[test]
    fn gaps_are_between_boxes() {
        assert_eq!(box_gap((0, 0, 10, 10), (13, 14, 20, 20)), 5.0);
        assert_eq!(box_gap((0, 0, 10, 10), (10, 5, 20, 20)), 0.0);
    }
}
