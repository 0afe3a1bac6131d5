//! Typing errors: one wrong, missing, added or swapped letter in a word of five letters or more.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::direction::{self, Sides};
use super::{lexicon, nouns, words};

static VOCABULARY: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    // Adding one word after the other takes less code than collecting, which sorts them before.
    let mut words = BTreeSet::new();
    words.extend(lexicon::vocabulary().chain(nouns::words()));
    words
});

/// Known words that are rarely written: errors are not corrected to them.
const RARE: &[&str] = &[
    "closer", "store", "stores", "thing", "things", "bench", "items", "least", "stream",
];

/// Words that are correct although they are close to a known word.
const RIGHT: &[&str] = &[
    "night", "tight", "might", "crown", "polls", "house's", "towel", "bears", "boards", "board",
    "bands", "banks", "brand", "grown", "place", "plain", "plans", "plants", "planes", "coach",
    "couch", "mound", "rider", "rivers", "later", "water", "matter", "seven", "years", "trace",
    "track", "truck", "trick", "trunk", "steel", "steep", "sheet", "shed", "stone", "slope",
    "stripe", "stripes", "striped", "string", "sport", "sports", "short", "shorter", "cloud",
    "clouds", "field", "yield", "flight", "mobile", "model", "modern", "lone", "loan", "roof",
    "root", "rook", "room", "rooms", "boots", "books", "goats", "coats", "birds", "metro",
    "mental", "mark", "marks", "curve", "curved", "block", "blocks", "back", "bare", "plan",
    "hose", "glass", "stall", "stalls", "brick", "bricks", "start", "stars", "fenced", "walled",
    "paved", "tanks", "piled", "least", "store", "woods", "works", "wheel", "white", "whole",
    "while", "these", "those", "three", "there", "then", "class", "brass", "cross", "dress",
    "ships", "chips", "shops", "hips", "caravan", "parked", "barked", "pitcher",
];

/// Returns the vocabulary word that was meant, if the written word is not in the vocabulary and a vocabulary word is
/// one error away. If there are several, the likelier error wins: swapped or doubled letters, then lost letters and
/// adjacent keys, then others.
pub fn corrected(word: &str) -> Option<&'static str> {
    if matches!(word, "teh" | "hte") {
        return Some("the");
    }
    let letters = word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    if is_known(word) || RIGHT.contains(&word) || !letters {
        return None;
    }
    let near = VOCABULARY
        .iter()
        .filter(|known| known.len() >= 5 && !RARE.contains(known));
    let found = near.filter_map(|known| {
        let cost = cost(word.as_bytes(), known.as_bytes())?;
        // Of two equally likely words, the name of a class wins.
        Some((
            cost,
            nouns::noun(known).is_none_or(|noun| noun.class.is_none()),
            *known,
        ))
    });
    found.min().map(|(_, _, known)| known)
}

/// Whether a word is in a list of the reader: as a part of a noun, a word with a meaning of its own, or a function
/// word.
pub fn is_known(word: &str) -> bool {
    VOCABULARY.contains(word)
        || lexicon::adjective(word).is_some()
        || Sides::of(word).is_some()
        || direction::is_part(word)
        || direction::is_image(word)
        || words::cardinal(word).or(words::ordinal(word)).is_some()
}

/// How unlikely the error is that turns `right` into `wrong`; `None` if it takes more than one error or if the first
/// letter differs.
fn cost(wrong: &[u8], right: &[u8]) -> Option<u8> {
    let same = wrong.iter().zip(right).take_while(|(a, b)| a == b).count();
    if same == 0 {
        return None;
    }
    let (a, b) = (&wrong[same..], &right[same..]);
    match (wrong.len() as isize) - (right.len() as isize) {
        0 if a.len() >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..] => Some(0),
        0 if !a.is_empty() && a[1..] == b[1..] => {
            if are_neighbours(a[0], b[0]) {
                Some(2)
            } else {
                (right.len() >= 6).then_some(4)
            }
        }
        1 if a.get(1..) == Some(b) => {
            if a[0] == wrong[same - 1] {
                Some(1)
            } else {
                (right.len() >= 6).then_some(4)
            }
        }
        -1 if b.get(1..) == Some(a) => Some(3),
        _ => None,
    }
}

/// Whether two letters are side by side on the keyboard.
fn are_neighbours(a: u8, b: u8) -> bool {
    const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    ROWS.iter().any(|row| {
        let place = |letter: u8| row.iter().position(|&key| key == letter);
        place(a)
            .zip(place(b))
            .is_some_and(|(a, b)| a.abs_diff(b) == 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_is_put_right() {
        let cases = [
            ("biulding", "building"),
            ("buildng", "building"),
            ("buildiing", "building"),
            ("largwst", "largest"),
            ("larges", "largest"),
            ("uper", "upper"),
            ("lefftmost", "leftmost"),
            ("tenis", "tennis"),
        ];
        for (wrong, right) in cases {
            assert_eq!(corrected(wrong), Some(right), "{wrong}");
        }
    }

    #[test]
    fn other_words_stay() {
        for word in [
            "building", "gazebo", "tower", "lef", "night", "turbine", "beach", "red", "carousel",
            "pier",
        ] {
            assert_eq!(corrected(word), None, "{word}");
        }
    }
}
