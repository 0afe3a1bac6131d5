//! Classifies what a phrase says besides its class, by its words.
//!
//! This is a word list, not a parser. It is made to split the phrases of RRSIS-D, RefSegRS and RISBench into
//! groups worth comparing, and is sometimes wrong. It is the same for every measured model. Statements about another
//! thing count too: "above the gray vehicle" is a relation and a colour.
//!
//! The one hard case is a direction word. A direction is either a position in the image ("on the left", "the top of the
//! image") or part of a relation ("to the left of the road", "the top of the hill"). The words after it decide.

use serde::{Deserialize, Serialize};

use super::phrase_words::{
    ABSTRACT, COLOURS, DIRECTIONS, FILLERS, NEAR, NO_THING, PARTS, PICTURES, PLACED, QUALITIES,
    RELATIONS, SIZES,
};

/// The kinds of statements in a phrase. Several can apply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PhraseKinds {
    /// A place in the image: "on the upper left", "in the middle of the image".
    pub position: bool,
    /// A size or a comparison of sizes: "small", "the largest".
    pub size: bool,
    /// A colour: "gray", "white-roofed".
    pub colour: bool,
    /// A place beside or among other things: "driving on the road", "to the left of the dam".
    pub relation: bool,
}

impl PhraseKinds {
    /// The names of the kinds in the order of reports; the last one is for phrases of no kind.
    pub const NAMES: [&'static str; 5] = ["position", "size", "colour", "relation", "class only"];

    /// Returns the names of the phrase's kinds; "class only" if it has none.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let none = self == Self::default();
        let kinds = [self.position, self.size, self.colour, self.relation, none];
        Self::NAMES
            .into_iter()
            .zip(kinds)
            .filter_map(|(name, is)| is.then_some(name))
    }
}

/// Returns the kinds of statements, without knowing the name of the class.
///
/// "Small vehicle" and "large vehicle" are classes in RISBench and sizes elsewhere: here they are sizes. If
/// the category is known, [`kinds_of_object`] is more accurate.
pub fn kinds_of(phrase: &str) -> PhraseKinds {
    kinds_of_object(phrase, "")
}

/// Returns the kinds of statements besides the name of the phrase's category: in the category `small-vehicle`, "the
/// small vehicle" does not state a size.
pub fn kinds_of_object(phrase: &str, category: &str) -> PhraseKinds {
    let words = without(words_of(phrase), &words_of(category));
    let mut kinds = PhraseKinds::default();
    for (at, word) in words.iter().map(String::as_str).enumerate() {
        let after = &words[at + 1..];
        kinds.colour |= has(COLOURS, word);
        kinds.size |= has(SIZES, word);
        if has(DIRECTIONS, word) && !is_adverb(word, after) {
            // Of several direction words in a row, the last one decides.
            if !after.first().is_some_and(|next| has(DIRECTIONS, next)) {
                let of_thing = is_of_thing(after);
                kinds.relation |= of_thing;
                kinds.position |= !of_thing;
            }
        }
        let building = word == "under" && after.first().is_some_and(|next| next == "construction");
        kinds.relation |= has(RELATIONS, word) && !building;
        kinds.relation |= has(NEAR, word) && is_thing(before(&words, at), word, after);
    }
    kinds
}

fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Replaces every mention of `name`, also in the plural, by "object".
fn without(words: Vec<String>, name: &[String]) -> Vec<String> {
    let Some((last, first)) = name.split_last() else {
        return words;
    };
    let mut kept = Vec::with_capacity(words.len());
    let mut rest = words.as_slice();
    while let Some((word, others)) = rest.split_first() {
        let found = rest.len() >= name.len()
            && rest[..first.len()] == *first
            && rest[first.len()]
                .strip_prefix(last.as_str())
                .is_some_and(|end| matches!(end, "" | "s" | "es"));
        if found {
            // A word must remain: "near the airport" is near something.
            kept.push("object".to_owned());
            rest = &rest[name.len()..];
        } else {
            kept.push(word.clone());
            rest = others;
        }
    }
    kept
}

fn before(words: &[String], at: usize) -> &str {
    at.checked_sub(1).map_or("", |place| &words[place])
}

/// Returns whether "right" is an adverb: "right next to", "right behind".
fn is_adverb(word: &str, after: &[String]) -> bool {
    let next = after.first().map_or("", String::as_str);
    word == "right"
        && (has(RELATIONS, next) || has(NEAR, next) && !matches!(next, "in" | "on" | "at" | "from"))
}

/// Returns whether a direction is relative to a thing: followed by "of" or "to" and not by the image.
fn is_of_thing(after: &[String]) -> bool {
    let mut rest = after
        .iter()
        .map(String::as_str)
        .skip_while(|word| has(PARTS, word));
    if !matches!(rest.next(), Some("of" | "to")) {
        return false;
    }
    let mut object = rest.skip_while(|word| has(FILLERS, word));
    match object.next() {
        Some(first) if has(DIRECTIONS, first) => thing_at_direction(object),
        first => first.is_some_and(|word| !has(PICTURES, word)),
    }
}

/// Returns whether the words after a direction name a thing, as in "the left *ship*", unlike "the left *of*" or "the
/// left *edge*".
fn thing_at_direction<'a>(mut after: impl Iterator<Item = &'a str>) -> bool {
    let next = after.find(|word| !has(DIRECTIONS, word) && !has(PARTS, word));
    let no_things = [FILLERS, NEAR, RELATIONS, PICTURES, NO_THING];
    next.is_some_and(|next| !no_things.iter().any(|list| has(list, next)))
}

/// Returns whether a preposition is followed by a thing, and not by the image, a part of it, a colour or a
/// manner.
fn is_thing(previous: &str, word: &str, after: &[String]) -> bool {
    // "Characterized by", "based on": the preposition belongs to a participle, unless the participle states a place.
    if matches!(word, "by" | "from") && previous.ends_with("ed") && !has(PLACED, previous) {
        return false;
    }
    let mut rest = after
        .iter()
        .map(String::as_str)
        .skip_while(|word| has(FILLERS, word));
    let Some(first) = rest.next() else {
        return false;
    };
    if has(PICTURES, first) || has(ABSTRACT, first) {
        return false;
    }
    if has(COLOURS, first) || has(SIZES, first) {
        // "In white", "in dark color" and "in small size" are not relations; "on the gray road" and "on the long pier"
        // are.
        return !has(QUALITIES, first)
            && rest
                .next()
                .is_some_and(|word| !has(QUALITIES, word) && !has(NEAR, word));
    }
    if has(DIRECTIONS, first) {
        // "Near the left edge" is a position, which the direction word itself covers; "near the left ship" is
        // a relation.
        return word != "from" && thing_at_direction(rest);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(phrase: &str, category: &str) -> String {
        kinds_of_object(phrase, category)
            .names()
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Phrases as in RRSIS-D, RefSegRS and RISBench, with the kinds that a reader would assign.
    #[test]
    fn phrases_of_the_data_sets_are_told_apart() {
        for (phrase, expected) in [
            ("The baseball field on the top", "position"),
            ("A gray small vehicle on the left", "position, size, colour"),
            (
                "The airplane is on the lower right of the airplane on the left",
                "position, relation",
            ),
            ("The ship to the left of the harbor", "relation"),
            ("The windmill", "class only"),
            ("A ground track field in the middle", "position"),
            ("The vehicle is above the large bridge", "size, relation"),
            ("The largest storage tank", "size"),
            ("The second tennis court from the right", "position"),
            ("The overpass across the river", "relation"),
            ("The white ship right next to the dock", "colour, relation"),
            ("light-duty vehicle driving on the road", "relation"),
            ("sidewalk along with tree", "relation"),
            ("vehicle in the parking area", "relation"),
            ("road marking", "class only"),
            ("low vegetation", "class only"),
            (
                "impervious surface beside the building with a gray roof",
                "colour, relation",
            ),
            ("van parked by the bikeway", "relation"),
            (
                "The ship that is closest to the top edge of the image.",
                "position",
            ),
            (
                "The aircraft located near the center of the image.",
                "position",
            ),
            ("The ship in the middle right of the image.", "position"),
            ("The tank at the very bottom of the image.", "position"),
            (
                "The ship that is located on central part of the image.",
                "position",
            ),
            (
                "The harbor situated at the mid-left part of the image.",
                "position",
            ),
            (
                "The tank positioned furthest to the right side, below the top-right tank.",
                "position, relation",
            ),
            (
                "The white truck is positioned towards the middle-right of the pavement.",
                "colour, relation",
            ),
            (
                "The truck located at the top-left position within the cluster of trucks.",
                "position, relation",
            ),
            ("The small, rectangular swimming pool.", "size"),
            ("The building under construction", "class only"),
            ("The dam is characterized by a concrete wall", "class only"),
            ("The stadium near the left bridge", "position, relation"),
            ("The chimney in white color", "colour"),
            (
                "The expressway service area is above the gray tiny vehicle",
                "size, colour, relation",
            ),
            (
                "The tennis court is on the right of the green and orange baseball field",
                "colour, relation",
            ),
            (
                "The plane placed immediately to the left of the bottom right plane",
                "position, relation",
            ),
            (
                "The overpass has a dark surface and extends from the left to the right side of the frame.",
                "position, colour",
            ),
            (
                "The vehicle at the middle right of the image, positioned along the edge",
                "position",
            ),
            ("The airplane on the far right", "position"),
            ("", "class only"),
        ] {
            assert_eq!(names(phrase, ""), expected, "{phrase}");
        }
    }

    #[test]
    fn the_name_of_the_category_is_no_kind() {
        let phrase = "The small vehicle is positioned at the bottom-right corner.";
        assert_eq!(names(phrase, ""), "position, size");
        assert_eq!(names(phrase, "small-vehicle"), "position");
        assert_eq!(
            names("The small vehicles near the dam", "Small Vehicle"),
            "relation"
        );
        assert_eq!(
            names("The large plane near the small vehicle", "plane"),
            "size, relation"
        );
        assert_eq!(
            names("small", "small vehicle"),
            "size",
            "a part of the name is not the name"
        );
    }
}
