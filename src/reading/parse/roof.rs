//! Adjectives in a row, and adjective phrases after the noun: "with a red roof", "whose roofs are grey".

use std::ops::Range;

use crate::reading::lexicon;
use crate::reading::request::Condition;
use crate::things::colour::Colour;
use crate::things::shape::Shape;
use crate::things::size::Size;
use crate::things::tone::Tone;

use super::Parser;

/// Conditions with the words that state them.
type Conditions = Vec<(Condition, Range<usize>)>;

const LOOKS: &[&str] = &[
    "roof",
    "roofs",
    "rooftop",
    "rooftops",
    "top",
    "color",
    "colour",
    "colors",
    "colours",
    "hue",
    "shade",
    "tone",
    "coloring",
    "colouring",
    "coloration",
    "colouration",
    "appearance",
    "surface",
    "outline",
    "outlines",
    "shape",
    "look",
    "paint",
    "body",
    "roofing",
];

impl Parser<'_> {
    /// One adjective with the words that belong to it: "light-coloured", "L-shaped", "red-roofed". Also returns the
    /// index after it.
    pub(super) fn adjective(&self, at: usize) -> Option<(Vec<Condition>, usize)> {
        let at =
            at + usize::from(self.is(at, &["very", "quite", "really", "rather", "fairly", "so"]));
        let word = self.text(at);
        if matches!(word, "darkly" | "dimly") && !self.text(at + 1).is_empty() {
            return Some((vec![Condition::Tone(Tone::Dark)], at + 2));
        }
        if matches!(word, "brightly" | "lightly") && !self.text(at + 1).is_empty() {
            return Some((vec![Condition::Tone(Tone::Light)], at + 2));
        }
        if word == "l" && self.is(at + 1, &["shaped", "shape"]) {
            return Some((vec![Condition::Shape(Shape::LShaped)], at + 2));
        }
        // RRSIS-D calls chimneys so. Nothing measures it.
        if let Some(end) = self.any_at(at, &["frustum of a cone", "frustum of cone"]) {
            return Some((Vec::new(), end));
        }
        // "Clay tile" means the same as "tile".
        if word == "clay" && self.is(at + 1, &["tile", "tiled", "tiles"]) {
            return self.adjective(at + 1);
        }
        // "Bluish-green" is green.
        if word.ends_with("ish") && lexicon::adjective(self.text(at + 1)).is_some() {
            return self.adjective(at + 1);
        }
        // "Bright blue" is a strong blue, which need not be light.
        if matches!(word, "bright" | "vivid" | "deep") && self.is_hue(at + 1) {
            return self.adjective(at + 1);
        }
        let conditions = lexicon::adjective(word)?;
        let mut next = at + 1;
        loop {
            // "Long narrow" and "long, narrow" are one shape.
            let long = conditions == [Condition::Shape(Shape::Long)];
            let narrow = next + usize::from(self.text(next) == ",");
            if long && self.is(narrow, &["narrow", "thin", "slender", "slim"]) {
                next = narrow + 1;
                continue;
            }
            let absorbed = self.is(
                next,
                &[
                    "coloured", "colored", "toned", "hued", "roofed", "sized", "shaped", "tinted",
                ],
            ) || self.is(next, &["roof", "tone", "color", "colour"])
                && self.words[next].joined;
            if !absorbed {
                return Some((conditions, next));
            }
            next += 1;
        }
    }

    /// Two different colours joined by "and", "or" or a hyphen. Returns the index after them.
    pub(super) fn two_colours(&self, at: usize) -> Option<usize> {
        let colour = |at: usize| {
            let found = lexicon::adjective(self.text(at))
                .filter(|found| matches!(found[..], [Condition::Colour(_)]));
            found.filter(|_| !self.text(at).ends_with("ish"))
        };
        let first = colour(at)?;
        let second = at + 1 + usize::from(self.is(at + 1, &["and", "or"]));
        let joined = second > at + 1 || self.words.get(second).is_some_and(|word| word.joined);
        (joined && colour(second)? != first).then_some(second + 1)
    }

    /// Whether the word at `at` names a colour other than white, grey and black.
    fn is_hue(&self, at: usize) -> bool {
        let neutral =
            |colour: Colour| matches!(colour, Colour::White | Colour::Grey | Colour::Black);
        let conditions = lexicon::adjective(self.text(at));
        matches!(conditions.as_deref(), Some(&[Condition::Colour(colour)]) if !neutral(colour))
    }

    /// Adjectives in a row, with commas and "and" between them.
    pub(super) fn adjectives(&self, at: usize) -> Option<(Conditions, usize)> {
        let mut found = Conditions::new();
        let mut next = at;
        loop {
            let mut start = next;
            if !found.is_empty() {
                start += usize::from(self.text(start) == ",");
                start += usize::from(self.text(start) == "and");
            }
            if self.two_colours(start).is_some() {
                return None;
            }
            let Some((conditions, end)) = self.adjective(start) else {
                break;
            };
            found.extend(
                conditions
                    .into_iter()
                    .map(|condition| (condition, start..end)),
            );
            next = end;
        }
        (!found.is_empty()).then_some((found, next))
    }

    /// "Red roof": the adjectives of a roof, and the index after it.
    pub(super) fn roof(&self, at: usize) -> Option<(Conditions, usize)> {
        let (found, end) = self.adjectives(at)?;
        self.is(end, &["roof", "roofs", "rooftop"])
            .then_some((found, end + 1))
    }

    /// Adjectives after the noun: "with a red roof", "in light grey", "red in colour", "dark". Also returns the index
    /// after them.
    pub(super) fn looks(&self, at: usize) -> Option<(Conditions, usize)> {
        if self.text(at) == "whose" {
            let is = at + 1 + usize::from(self.is(at + 1, LOOKS));
            if is == at + 1 || !self.is(is, &["is", "are", "looks", "look", "appears", "appear"]) {
                return None;
            }
            return self.adjectives(is + 1);
        }
        let mut next = at;
        let with = self.is(at, &["with", "has", "have", "having", "under", "of", "in"]);
        next += usize::from(with);
        while with && self.is(next, &["a", "an", "the", "its", "their"]) {
            next += 1;
        }
        let (mut found, end) = self.adjectives(next)?;
        if with && self.is(end, LOOKS) {
            return Some((found, end + 1));
        }
        if with && self.text(at) != "in" || self.is_content(end) {
            return None;
        }
        // "Dark in colour", and a colour in the middle of a sentence.
        let end = self.any_at(end, &["in color", "in colour"]).unwrap_or(end);
        let article = next > at + usize::from(with);
        if with && article {
            return None;
        }
        // Nobody says "in small".
        let odd =
            |condition: &Condition| matches!(condition, Condition::Size(Size::Large | Size::Small));
        if with && found.iter().any(|(condition, _)| odd(condition)) {
            return None;
        }
        for (_, range) in &mut found {
            *range = range.start.min(at)..range.end.max(end);
        }
        Some((found, end))
    }
}
