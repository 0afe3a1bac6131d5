//! Words for sides and positions of the image.

use crate::things::position::Position;

use super::request::{Key, Relation};

/// Sides named by one or more words, combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sides {
    /// The vertical side: `true` for the top, `false` for the bottom.
    pub up: Option<bool>,
    /// The horizontal side: `true` for the left, `false` for the right.
    pub left: Option<bool>,
    /// In the middle of the image or of the side.
    pub middle: bool,
    /// A half of the image.
    pub half: bool,
}

impl Sides {
    /// What a word names: "top", "north-western", "central".
    pub fn of(word: &str) -> Option<Self> {
        let stem = word.strip_suffix("ern").unwrap_or(word);
        let compass = match stem {
            "north" => (Some(true), None),
            "south" => (Some(false), None),
            "west" => (None, Some(true)),
            "east" => (None, Some(false)),
            "northwest" => (Some(true), Some(true)),
            "northeast" => (Some(true), Some(false)),
            "southwest" => (Some(false), Some(true)),
            "southeast" => (Some(false), Some(false)),
            _ => (None, None),
        };
        let (up, left) = match word {
            "top" | "upper" => (Some(true), None),
            "bottom" | "lower" => (Some(false), None),
            "left" | "lefthand" => (None, Some(true)),
            "right" | "righthand" => (None, Some(false)),
            _ => compass,
        };
        let middle = matches!(
            word,
            "middle" | "centre" | "center" | "central" | "mid" | "centrally" | "halfway"
        );
        let sides = Self {
            up,
            left,
            middle,
            half: false,
        };
        (sides != Self::default()).then_some(sides)
    }

    /// Combines both; `None` if they exclude each other.
    pub fn with(self, other: Self) -> Option<Self> {
        let both = |a: Option<bool>, b: Option<bool>| match (a, b) {
            (Some(a), Some(b)) if a != b => None,
            _ => Some(a.or(b)),
        };
        Some(Self {
            up: both(self.up, other.up)?,
            left: both(self.left, other.left)?,
            middle: self.middle || other.middle,
            half: self.half || other.half,
        })
    }

    /// The position in the image; `None` for a combination that has no name, such as "top right middle".
    pub fn position(self) -> Option<Position> {
        Some(match (self.up, self.left, self.middle, self.half) {
            (None, None, true, false) => Position::Centre,
            (Some(up), None, false, true) => {
                if up {
                    Position::TopHalf
                } else {
                    Position::BottomHalf
                }
            }
            (None, Some(left), false, true) => {
                if left {
                    Position::LeftHalf
                } else {
                    Position::RightHalf
                }
            }
            (Some(up), None, false, false) => {
                if up {
                    Position::Top
                } else {
                    Position::Bottom
                }
            }
            (None, Some(left), false, false) => {
                if left {
                    Position::Left
                } else {
                    Position::Right
                }
            }
            (Some(up), None, true, false) => {
                if up {
                    Position::TopCentre
                } else {
                    Position::BottomCentre
                }
            }
            (None, Some(left), true, false) => {
                if left {
                    Position::MiddleLeft
                } else {
                    Position::MiddleRight
                }
            }
            (Some(true), Some(left), false, false) => {
                if left {
                    Position::TopLeft
                } else {
                    Position::TopRight
                }
            }
            (Some(false), Some(left), false, false) => {
                if left {
                    Position::BottomLeft
                } else {
                    Position::BottomRight
                }
            }
            _ => return None,
        })
    }

    /// The sides that a position names.
    pub fn of_position(position: Position) -> Self {
        let (up, left, middle, half) = match position {
            Position::Left => (None, Some(true), false, false),
            Position::Right => (None, Some(false), false, false),
            Position::Top => (Some(true), None, false, false),
            Position::Bottom => (Some(false), None, false, false),
            Position::TopLeft => (Some(true), Some(true), false, false),
            Position::TopRight => (Some(true), Some(false), false, false),
            Position::BottomLeft => (Some(false), Some(true), false, false),
            Position::BottomRight => (Some(false), Some(false), false, false),
            Position::Centre => (None, None, true, false),
            Position::TopCentre => (Some(true), None, true, false),
            Position::BottomCentre => (Some(false), None, true, false),
            Position::MiddleLeft => (None, Some(true), true, false),
            Position::MiddleRight => (None, Some(false), true, false),
            Position::LeftHalf => (None, Some(true), false, true),
            Position::RightHalf => (None, Some(false), false, true),
            Position::TopHalf => (Some(true), None, false, true),
            Position::BottomHalf => (Some(false), None, false, true),
        };
        Self {
            up,
            left,
            middle,
            half,
        }
    }

    /// The relation of something on these sides of another thing; without a side, it is on the thing.
    pub fn relation(self) -> Option<Relation> {
        Some(match (self.up, self.left) {
            (None, None) => Relation::On,
            (Some(true), None) => Relation::Above,
            (Some(false), None) => Relation::Below,
            (None, Some(true)) => Relation::LeftOf,
            (None, Some(false)) => Relation::RightOf,
            (Some(true), Some(true)) => Relation::AboveLeft,
            (Some(true), Some(false)) => Relation::AboveRight,
            (Some(false), Some(true)) => Relation::BelowLeft,
            (Some(false), Some(false)) => Relation::BelowRight,
        })
        .filter(|_| !self.half)
    }

    /// The key of an order that puts the outermost on this side first; `None` for corners.
    pub fn key(self) -> Option<Key> {
        match (self.up, self.left, self.middle) {
            (Some(true), None, false) => Some(Key::Topmost),
            (Some(false), None, false) => Some(Key::Bottommost),
            (None, Some(true), false) => Some(Key::Leftmost),
            (None, Some(false), false) => Some(Key::Rightmost),
            (None, None, true) => Some(Key::MostCentral),
            _ => None,
        }
    }
}

/// Words for a part of the image that follow the name of a side: "corner", "half".
pub fn is_part(word: &str) -> bool {
    matches!(
        word,
        "side"
            | "part"
            | "parts"
            | "area"
            | "corner"
            | "edge"
            | "border"
            | "margin"
            | "end"
            | "quarter"
            | "quadrant"
            | "portion"
            | "section"
            | "region"
            | "half"
            | "hand"
            | "position"
            | "zone"
            | "boundary"
            | "third"
            | "sector"
            | "sides"
            | "direction"
    )
}

/// Words for the image itself.
pub fn is_image(word: &str) -> bool {
    matches!(
        word,
        "image"
            | "picture"
            | "photo"
            | "photograph"
            | "scene"
            | "frame"
            | "view"
            | "map"
            | "screen"
            | "shot"
            | "snapshot"
            | "imagery"
            | "img"
            | "pic"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_has_its_sides() {
        for position in Position::ALL {
            assert_eq!(Sides::of_position(position).position(), Some(position));
        }
    }

    #[test]
    fn words_add_up_and_exclude_each_other() {
        let sides = |word: &str| Sides::of(word).expect("a side");
        let corner = sides("upper").with(sides("western")).expect("a corner");
        assert_eq!(corner.position(), Some(Position::TopLeft));
        assert_eq!(sides("left").with(sides("right")), None);
        assert_eq!(
            Sides::of("southeastern").and_then(Sides::position),
            Some(Position::BottomRight)
        );
        assert_eq!(Sides::of("stadium"), None);
    }
}
