//! Compass words of phrases, rewritten after an image is rotated or mirrored. North is the top of the image.

use super::transform::D4;

/// Endings that compass words take.
const ENDINGS: [&str; 9] = [
    "", "ern", "ernmost", "most", "erly", "ward", "wards", "bound", "side",
];

/// A compass word: "north", "southwestern", "easternmost".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Compass {
    /// `Some(true)` for north, `Some(false)` for south, `None` for neither; `west` likewise for west and east.
    north: Option<bool>,
    west: Option<bool>,
    ending: &'static str,
}

impl Compass {
    /// Reads a lower-case word. Returns `None` if it is not a compass word.
    pub(super) fn read(word: &str) -> Option<Self> {
        let (north, rest) = match (word.strip_prefix("north"), word.strip_prefix("south")) {
            (Some(rest), _) => (Some(true), rest),
            (_, Some(rest)) => (Some(false), rest),
            _ => (None, word),
        };
        let (west, rest) = match (rest.strip_prefix("west"), rest.strip_prefix("east")) {
            (Some(rest), _) => (Some(true), rest),
            (_, Some(rest)) => (Some(false), rest),
            _ => (None, rest),
        };
        let ending = ENDINGS.into_iter().find(|ending| *ending == rest)?;
        (north.is_some() || west.is_some()).then_some(Self {
            north,
            west,
            ending,
        })
    }

    /// Joins the two if they are the halves of one word, such as "north" and "western".
    pub(super) fn joined(self, other: Self) -> Option<Self> {
        let halves = self.west.is_none() && self.ending.is_empty() && other.north.is_none();
        halves.then_some(Self {
            north: self.north,
            ..other
        })
    }

    /// The compass word after a transform of the image.
    pub(super) fn after(self, transform: D4) -> Self {
        let mut moved = Self {
            north: None,
            west: None,
            ending: self.ending,
        };
        let vertical = self.north.map(|north| (0, if north { -1 } else { 1 }));
        let side = self.west.map(|west| (if west { -1 } else { 1 }, 0));
        for direction in [vertical, side].into_iter().flatten() {
            match transform.direction(direction) {
                (0, y) => moved.north = Some(y < 0),
                (x, _) => moved.west = Some(x < 0),
            }
        }
        moved
    }

    /// The word, with `joint` between its halves.
    pub(super) fn word(self, joint: &str) -> String {
        let north = self
            .north
            .map(|north| if north { "north" } else { "south" });
        let west = self.west.map(|west| if west { "west" } else { "east" });
        let joint = if north.is_some() && west.is_some() {
            joint
        } else {
            ""
        };
        let (north, west) = (north.unwrap_or_default(), west.unwrap_or_default());
        format!("{north}{joint}{west}{}", self.ending)
    }

    /// Whether the two name an axis in the usual order: "north-south", "east-west".
    pub(super) fn is_axis(self, other: Self) -> bool {
        let plain = self.ending.is_empty() && other.ending.is_empty();
        let is = |one: Option<bool>, other: Option<bool>, first: bool| {
            one == Some(first) && other == Some(!first)
        };
        let upright = is(self.north, other.north, true) && self.west.or(other.west).is_none();
        let level = is(self.west, other.west, false) && self.north.or(other.north).is_none();
        plain && (upright || level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compass_words_are_read_and_turned() {
        for (word, turned, mirrored) in [
            ("north", "east", "north"),
            ("western", "northern", "eastern"),
            ("southwest", "northwest", "southeast"),
            ("northeasternmost", "southeasternmost", "northwesternmost"),
            ("westerly", "northerly", "easterly"),
        ] {
            let compass = Compass::read(word).expect("a compass word");
            assert_eq!(compass.word(""), word);
            assert_eq!(compass.after(D4::TURN).word(""), turned);
            assert_eq!(compass.after(D4::MIRROR).word(""), mirrored);
        }
        for word in ["", "ern", "easter", "westminster", "southampton", "most"] {
            assert_eq!(Compass::read(word), None, "{word}");
        }
    }
}
