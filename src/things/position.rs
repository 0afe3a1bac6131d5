//! Positions in the image.

use serde::{Deserialize, Serialize};

use super::fit::Fit;
use super::region::Region;
use super::score;

/// A position in the image.
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

    /// Whether a region of an image of `width` x `height` pixels is at this position. "Left" means the left third, with
    /// a dead zone up to the middle; a half has a dead zone of 6 % around the middle.
    pub fn fit(self, region: &Region, width: usize, height: usize) -> Fit {
        let (x, y) = spans(region, width, height);
        let (across, down) = self.parts();
        let fit = |part: Option<Part>, span| part.map_or(Fit::Yes, |part| part.fit(span));
        fit(across, x).and(fit(down, y))
    }

    /// How well a region of an image of `width` x `height` pixels is at this position, from 0 to 1.
    pub fn score(self, region: &Region, width: usize, height: usize) -> f32 {
        let (x, y) = spans(region, width, height);
        let (across, down) = self.parts();
        let score = |part: Option<Part>, span| part.map_or(1.0, |part| part.score(span));
        score(across, x).min(score(down, y))
    }

    /// Shares of the width and of the height of the image, `(first, last)`, within which the position applies.
    pub fn bounds(self) -> ((f32, f32), (f32, f32)) {
        let (across, down) = self.parts();
        let bounds = |part: Option<Part>| part.map_or((0.0, 1.0), Part::bounds);
        (bounds(across), bounds(down))
    }

    /// The parts of the width and of the height that it requires.
    fn parts(self) -> (Option<Part>, Option<Part>) {
        use Part::{High, Low, LowerHalf, Middle, UpperHalf};
        match self {
            Position::Left => (Some(Low), None),
            Position::Right => (Some(High), None),
            Position::Top => (None, Some(Low)),
            Position::Bottom => (None, Some(High)),
            Position::TopLeft => (Some(Low), Some(Low)),
            Position::TopRight => (Some(High), Some(Low)),
            Position::BottomLeft => (Some(Low), Some(High)),
            Position::BottomRight => (Some(High), Some(High)),
            Position::Centre => (Some(Middle), Some(Middle)),
            Position::TopCentre => (Some(Middle), Some(Low)),
            Position::BottomCentre => (Some(Middle), Some(High)),
            Position::MiddleLeft => (Some(Low), Some(Middle)),
            Position::MiddleRight => (Some(High), Some(Middle)),
            Position::LeftHalf => (Some(LowerHalf), None),
            Position::RightHalf => (Some(UpperHalf), None),
            Position::TopHalf => (None, Some(LowerHalf)),
            Position::BottomHalf => (None, Some(UpperHalf)),
        }
    }

    /// Whether it names a half of the image.
    pub fn is_half(self) -> bool {
        matches!(
            self,
            Position::LeftHalf | Position::RightHalf | Position::TopHalf | Position::BottomHalf
        )
    }

    /// Whether the position is the middle of a side.
    pub fn is_mid_side(self) -> bool {
        matches!(
            self,
            Position::TopCentre
                | Position::BottomCentre
                | Position::MiddleLeft
                | Position::MiddleRight
        )
    }

    /// Whether the position names two sides.
    pub fn is_corner(self) -> bool {
        matches!(
            self,
            Position::TopLeft | Position::TopRight | Position::BottomLeft | Position::BottomRight
        )
    }
}

/// A part of one axis of the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Near the start: left or top.
    Low,
    Middle,
    High,
    LowerHalf,
    UpperHalf,
}

impl Part {
    fn fit(self, span: Span) -> Fit {
        match self {
            Part::Low => low(span),
            Part::Middle => middle(span),
            Part::High => low(mirrored(span)),
            Part::LowerHalf => half(span),
            Part::UpperHalf => half(mirrored(span)),
        }
    }

    /// Graded by the centre; regions that extend far beyond the part are uncertain.
    fn score(self, (first, centre, last): Span) -> f32 {
        match self {
            Part::Low => score::below(centre, 0.36, 0.5).min(score::below(last, 0.62, 1.0)),
            Part::Middle => {
                let away = score::below((centre - 0.5).abs(), 0.1, 0.2);
                away.min(score::below(last - first, 0.7, 1.2))
            }
            Part::LowerHalf => score::below(centre, 0.47, 0.53).min(score::below(last, 0.6, 1.0)),
            Part::High => Part::Low.score(mirrored((first, centre, last))),
            Part::UpperHalf => Part::LowerHalf.score(mirrored((first, centre, last))),
        }
    }

    fn bounds(self) -> (f32, f32) {
        match self {
            Part::Low => (0.0, 0.43),
            Part::Middle => (0.35, 0.65),
            Part::High => (0.57, 1.0),
            Part::LowerHalf => (0.0, 0.5),
            Part::UpperHalf => (0.5, 1.0),
        }
    }
}

fn spans(region: &Region, width: usize, height: usize) -> (Span, Span) {
    let (x0, y0, x1, y1) = region.bounding_box();
    let (cx, cy) = region.centre();
    let (w, h) = (width as f32, height as f32);
    let x = (x0 as f32 / w, cx / w, x1 as f32 / w);
    let y = (y0 as f32 / h, cy / h, y1 as f32 / h);
    (x, y)
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

    #[test]
    fn scores_agree_with_the_three_values() {
        for position in Position::ALL {
            for (width, height) in [(8, 12), (40, 10), (70, 60)] {
                for x in (0..100 - width).step_by(3) {
                    for y in (0..100 - height).step_by(3) {
                        let region = Region::rectangle(x, y, width, height);
                        let score = position.score(&region, 100, 100);
                        match position.fit(&region, 100, 100) {
                            Fit::Yes => assert!(score >= 0.5, "{position:?} {x} {y}: {score}"),
                            Fit::No => assert!(score < 0.5, "{position:?} {x} {y}: {score}"),
                            Fit::Unsure => {}
                        }
                    }
                }
            }
        }
    }
}
