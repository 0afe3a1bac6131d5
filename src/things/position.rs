//! Positions in the image.

use serde::{Deserialize, Serialize};

use super::region::Region;

use super::fit::Fit;

/// Where in the image something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Position {
    Left,
    Right,
    Top,
    Bottom,
    TopLeft,
    TopRight,
    BottomLeft,
    BottomRight,
    Centre,
    /// At the top, in the middle between left and right.
    TopCentre,
    BottomCentre,
    /// At the left, in the middle between top and bottom.
    MiddleLeft,
    MiddleRight,
    LeftHalf,
    RightHalf,
    TopHalf,
    BottomHalf,
}

/// Extent of a region along one axis as shares of the image: first pixel, centre, last pixel.
type Span = (f32, f32, f32);

impl Position {
    /// Every position.
    pub const ALL: [Position; 17] = [
        Position::Left,
        Position::Right,
        Position::Top,
        Position::Bottom,
        Position::TopLeft,
        Position::TopRight,
        Position::BottomLeft,
        Position::BottomRight,
        Position::Centre,
        Position::TopCentre,
        Position::BottomCentre,
        Position::MiddleLeft,
        Position::MiddleRight,
        Position::LeftHalf,
        Position::RightHalf,
        Position::TopHalf,
        Position::BottomHalf,
    ];

    /// Whether a region of an image of `width` x `height` pixels is there. "Left" means the left third,
    /// with a dead zone up to the middle; a half has a dead zone of 6 % around the middle.
    pub fn fit(self, region: &Region, width: usize, height: usize) -> Fit {
        let (x0, y0, x1, y1) = region.bounding_box();
        let (cx, cy) = region.centre();
        let (w, h) = (width as f32, height as f32);
        let x = (x0 as f32 / w, cx / w, x1 as f32 / w);
        let y = (y0 as f32 / h, cy / h, y1 as f32 / h);
        match self {
            Position::Left => low(x),
            Position::Right => low(mirrored(x)),
            Position::Top => low(y),
            Position::Bottom => low(mirrored(y)),
            Position::TopLeft => low(x).and(low(y)),
            Position::TopRight => low(mirrored(x)).and(low(y)),
            Position::BottomLeft => low(x).and(low(mirrored(y))),
            Position::BottomRight => low(mirrored(x)).and(low(mirrored(y))),
            Position::Centre => middle(x).and(middle(y)),
            Position::TopCentre => low(y).and(middle(x)),
            Position::BottomCentre => low(mirrored(y)).and(middle(x)),
            Position::MiddleLeft => low(x).and(middle(y)),
            Position::MiddleRight => low(mirrored(x)).and(middle(y)),
            Position::LeftHalf => half(x),
            Position::RightHalf => half(mirrored(x)),
            Position::TopHalf => half(y),
            Position::BottomHalf => half(mirrored(y)),
        }
    }

    /// Whether it names a half of the image.
    pub fn is_half(self) -> bool {
        matches!(
            self,
            Position::LeftHalf | Position::RightHalf | Position::TopHalf | Position::BottomHalf
        )
    }

    /// Whether it names the middle of a side.
    pub fn is_mid_side(self) -> bool {
        matches!(
            self,
            Position::TopCentre
                | Position::BottomCentre
                | Position::MiddleLeft
                | Position::MiddleRight
        )
    }

    /// Whether it names two sides at once.
    pub fn is_corner(self) -> bool {
        matches!(
            self,
            Position::TopLeft | Position::TopRight | Position::BottomLeft | Position::BottomRight
        )
    }
}

fn mirrored((first, centre, last): Span) -> Span {
    (1.0 - last, 1.0 - centre, 1.0 - first)
}

fn low((first, centre, last): Span) -> Fit {
    if centre <= 0.36 && last <= 0.62 {
        Fit::Yes
    } else if centre >= 0.5 && first >= 0.2 {
        Fit::No
    } else {
        Fit::Unsure
    }
}

fn middle((first, centre, last): Span) -> Fit {
    let away = (centre - 0.5).abs();
    if away <= 0.1 && last - first <= 0.7 {
        Fit::Yes
    } else if away >= 0.2 && (first > 0.5 || last < 0.5) {
        Fit::No
    } else {
        Fit::Unsure
    }
}

fn half((first, centre, last): Span) -> Fit {
    if centre <= 0.47 && last <= 0.6 {
        Fit::Yes
    } else if centre >= 0.53 && first >= 0.4 {
        Fit::No
    } else {
        Fit::Unsure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corner_is_both_its_sides_and_nothing_is_on_two() {
        for x in (0..90).step_by(5) {
            for y in (0..90).step_by(5) {
                let region = Region::rectangle(x, y, 10, 10);
                let fit = |position: Position| position.fit(&region, 100, 100);
                if fit(Position::TopLeft) == Fit::Yes {
                    assert_eq!(fit(Position::Top).and(fit(Position::Left)), Fit::Yes);
                    assert_eq!(fit(Position::LeftHalf), Fit::Yes);
                }
                for (one, other) in [
                    (Position::Left, Position::Right),
                    (Position::Top, Position::Bottom),
                    (Position::LeftHalf, Position::RightHalf),
                    (Position::Centre, Position::TopLeft),
                ] {
                    assert!(
                        fit(one) != Fit::Yes || fit(other) != Fit::Yes,
                        "{one:?} and {other:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn borders_are_in_doubt() {
        let at = |x: usize| Position::Left.fit(&Region::rectangle(x, 40, 10, 10), 100, 100);
        assert_eq!((at(5), at(38), at(60)), (Fit::Yes, Fit::Unsure, Fit::No));
        let wide = Region::rectangle(0, 0, 70, 20);
        assert_eq!(Position::Left.fit(&wide, 100, 100), Fit::Unsure);
    }
}
