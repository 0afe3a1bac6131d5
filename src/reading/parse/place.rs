//! Positions in the image: "in the top left corner of the picture".

use crate::reading::direction::{Sides, is_image, is_part};

use super::Parser;

const PREPOSITIONS: &[&str] = &[
    "on", "in", "at", "to", "towards", "toward", "near", "by", "along", "around", "over", "within",
    "inside", "into", "close", "closer", "nearer", "abutting", "touching",
];

const DEGREES: &[&str] = &["very", "far", "extreme", "outer", "absolute", "extremely"];

impl Parser<'_> {
    /// "In the picture", "of this aerial photo": no meaning of its own. Returns the index after it.
    pub(super) fn image_phrase(&self, at: usize) -> Option<usize> {
        let mut next = at;
        if self.is(
            next,
            &[
                "in",
                "of",
                "from",
                "on",
                "within",
                "across",
                "inside",
                "throughout",
            ],
        ) {
            next += 1;
        }
        let named = self.is(
            next,
            &[
                "the", "this", "that", "our", "my", "entire", "whole", "aerial",
            ],
        ) || next > at;
        while self.is(
            next,
            &[
                "the",
                "this",
                "that",
                "our",
                "my",
                "entire",
                "whole",
                "aerial",
                "satellite",
                "drone",
                "given",
            ],
        ) {
            next += 1;
        }
        (named && is_image(self.text(next)) && !self.is_content(next + 1)).then_some(next + 1)
    }

    /// Names of sides in a row, possibly with "hand" between them: "upper left-hand".
    pub(super) fn sides(&self, at: usize) -> Option<(Sides, usize)> {
        let mut sides = Sides::of(self.text(at))?;
        let mut next = at + 1;
        loop {
            if self.text(next) == "hand" && sides.left.is_some() {
                next += 1;
                continue;
            }
            let Some(more) = Sides::of(self.text(next)) else {
                break;
            };
            // "At the top left left of the road": the second "left" starts a relation.
            let both = sides
                .with(more)
                .filter(|both| *both != sides && both.position().is_some());
            let Some(both) = both.filter(|_| !self.turns(next)) else {
                break;
            };
            (sides, next) = (both, next + 1);
        }
        Some((sides, next))
    }

    /// Whether a new direction starts, as in "in the west north of the road": compound compass words start with north
    /// or south.
    fn turns(&self, at: usize) -> bool {
        self.text(at).starts_with("north")
            && self.is(at.wrapping_sub(1), &["west", "east", "western", "eastern"])
            || self.text(at).starts_with("south")
                && self.is(at.wrapping_sub(1), &["west", "east", "western", "eastern"])
    }

    /// Words for a part that follow the names of sides: "corner", "half".
    fn parts(&self, at: usize, sides: &mut Sides) -> usize {
        let mut next = at;
        while is_part(self.text(next)) {
            sides.half |= self.text(next) == "half";
            next += 1;
        }
        if next > at && self.text(next) == "point" {
            next + 1
        } else {
            next
        }
    }

    /// Whether a position with a preposition starts at `at` and ends the phrase.
    pub(super) fn ends_in_position(&self, at: usize) -> bool {
        let ends = |next: usize| (next..self.words.len()).all(|at| self.text(at) == ".");
        self.is(at, PREPOSITIONS) && self.position(at).is_some_and(|(_, next)| ends(next))
    }

    /// A position in the image, with or without a preposition, and the index after it. A side "of" something other than
    /// the image is not a position.
    pub(super) fn position(&self, at: usize) -> Option<(Sides, usize)> {
        let mut next = at;
        while self.is(next, PREPOSITIONS) && next < at + 3 {
            next += 1;
        }
        if self.is(next, &["the", "a"]) && next > at {
            next += 1;
        }
        while self.is(next, DEGREES) {
            next += 1;
        }
        let heart = self.is(next, &["heart", "core"]) && next > at;
        let halfway = self.text(next) == "halfway";
        let (mut sides, mut next) = if heart {
            (
                Sides {
                    middle: true,
                    ..Sides::default()
                },
                next + 1,
            )
        } else {
            self.sides(next)?
        };
        if halfway && self.is(next, &["along", "down", "up"]) {
            let along = next + 1 + usize::from(self.text(next + 1) == "the");
            let (more, after) = self.sides(along)?;
            (sides, next) = (sides.with(more)?, after);
        }
        next = self.parts(next, &mut sides);
        if self.is_content(next) || self.is(next, &["most", "'s", "relative"]) {
            return None;
        }
        // "In the middle of the left edge of the picture".
        while self.text(next) == "of" {
            if let Some(after) = self.image_phrase(next) {
                return Some((sides, after));
            }
            if let Some(after) = self.any_at(next, &["of the area", "of the grid", "of area"]) {
                return Some((sides, after));
            }
            let inner = next + 1 + usize::from(self.text(next + 1) == "the");
            let (more, after) = self.sides(inner)?;
            let mut both = sides.with(more)?;
            let after = self.parts(after, &mut both);
            if self.is_content(after) {
                return None;
            }
            (sides, next) = (both, after);
        }
        sides.position()?;
        let next = self.image_phrase(next).unwrap_or(next);
        Some((sides, next))
    }

    /// A direction relative to what follows: "to the upper left of", "above and to the right of".
    pub(super) fn directional(&self, at: usize) -> Option<(Sides, usize)> {
        let mut sides = Sides::default();
        let mut next = at;
        let open = loop {
            let (more, after, open) = self.direction(next)?;
            sides = sides.with(more)?;
            next = after;
            if self.text(next) == "and" && self.direction(next + 1).is_some() {
                next += 1;
                continue;
            }
            break open;
        };
        (!open).then_some((sides, next))
    }

    /// One direction: the sides, the index after it, and whether "of" is still missing.
    fn direction(&self, at: usize) -> Option<(Sides, usize, bool)> {
        let mut next = at;
        while self.is(
            next,
            &[
                "just",
                "slightly",
                "directly",
                "immediately",
                "positioned",
                "located",
                "situated",
                "right",
            ],
        ) && (self.text(next) != "right" || self.vertical(next + 1).is_some())
        {
            next += 1;
        }
        if let Some(up) = self.vertical(next) {
            let open = self.is(next, &["down", "up"]);
            return Some((
                Sides {
                    up: Some(up),
                    ..Sides::default()
                },
                next + 1,
                open,
            ));
        }
        while self.is(next, PREPOSITIONS) || self.text(next) == "from" {
            next += 1;
        }
        if self.text(next) == "the" {
            next += 1;
        }
        while self.is(next, DEGREES) {
            next += 1;
        }
        let (mut sides, after) = self.sides(next)?;
        next = self.parts(after, &mut sides);
        match self.any_at(next, &["of", "from", "relative to"]) {
            Some(after) => Some((sides, after, false)),
            None => Some((sides, next, true)),
        }
    }

    fn vertical(&self, at: usize) -> Option<bool> {
        match self.text(at) {
            "above" | "over" | "up" => Some(true),
            "below" | "beneath" | "underneath" | "under" | "down" => Some(false),
            _ => None,
        }
    }
}
