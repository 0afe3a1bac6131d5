//! Relations and superlatives in everyday words.

use rand::{Rng, RngExt};

use crate::things::class::Class;

use super::anchor::Anchor;
use super::anchor::Place;
use super::noun::{Noun, Role};
use super::ordinal::{Order, Ordinal};
use super::predicate::RelationKind;
use super::query::Superlative;
use super::style::{Style, draw};
use super::words::pick;

/// Words with their weights.
type Words = &'static [(u32, &'static str)];

fn chosen(words: Words, rng: &mut (impl Rng + ?Sized)) -> &'static str {
    let weighed = words.iter().map(|(weight, word)| (*weight, word));
    draw(weighed, rng).copied().unwrap_or_default()
}

/// What a relation refers to, with its article: "the largest building", "the roads".
pub fn anchor(anchor: &Anchor, style: Style, home: bool, rng: &mut (impl Rng + ?Sized)) -> String {
    let whole = matches!(anchor.place, Place::Class(_));
    let role = if whole {
        Role::WholeAnchor
    } else {
        Role::Anchor
    };
    let Some(noun) = Noun::draw(anchor.class, role, style, home, rng) else {
        return format!("the {}", anchor.class.name());
    };
    if anchor.largest {
        let word = chosen(&[(3, "largest"), (2, "biggest")], rng);
        return format!("the {word} {}", noun.one);
    }
    if let Some(colour) = anchor.colour {
        return format!("the {} {}", style.colour(colour), noun.one);
    }
    if whole && !anchor.class.is_ground() && !noun.mass {
        return format!("the {}", noun.many);
    }
    // Sometimes "a road" instead of "the road".
    if !noun.mass && !style.terse && rng.random_bool(0.08) {
        return format!("{} {}", article(&noun.one), noun.one);
    }
    format!("the {}", noun.one)
}

/// A relation with what it refers to: "to the left of the road".
pub fn relation(
    kind: RelationKind,
    to: &Anchor,
    class: Class,
    (style, home): (Style, bool),
    rng: &mut (impl Rng + ?Sized),
) -> String {
    let lines = matches!(to.class, Class::Road | Class::Water | Class::Sidewalk);
    let words: Words = match (kind, style.compass) {
        (RelationKind::LeftOf, true) => &[(4, "west of"), (2, "to the west of")],
        (RelationKind::RightOf, true) => &[(4, "east of"), (2, "to the east of")],
        (RelationKind::Above, true) => &[(4, "north of"), (2, "to the north of")],
        (RelationKind::Below, true) => &[(4, "south of"), (2, "to the south of")],
        (RelationKind::LeftOf, _) => &[
            (6, "to the left of"),
            (6, "left of"),
            (2, "on the left of"),
            (1, "on the left side of"),
        ],
        (RelationKind::RightOf, _) => &[
            (6, "to the right of"),
            (6, "right of"),
            (2, "on the right of"),
            (1, "on the right side of"),
        ],
        (RelationKind::Above, _) => &[(1, "above")],
        (RelationKind::Below, _) => &[(8, "below"), (1, "beneath"), (1, "underneath")],
        (RelationKind::On, _) => &[(1, "on")],
        (RelationKind::NextTo, _) if lines && class != Class::Ship => &[
            (6, "next to"),
            (4, "near"),
            (3, "along"),
            (3, "by"),
            (3, "beside"),
            (2, "close to"),
            (2, "alongside"),
            (1, "at the side of"),
        ],
        (RelationKind::NextTo, _) => &[
            (8, "next to"),
            (5, "near"),
            (3, "beside"),
            (3, "by"),
            (3, "close to"),
            (1, "not far from"),
            (1, "in the vicinity of"),
        ],
    };
    format!("{} {}", chosen(words, rng), anchor(to, style, home, rng))
}

/// A superlative before a noun; `None` for closest, farthest and ordinals.
pub fn most(
    superlative: Superlative,
    style: Style,
    rng: &mut (impl Rng + ?Sized),
) -> Option<&'static str> {
    let words: Words = match (superlative, style.compass) {
        (Superlative::Largest, _) => &[(6, "largest"), (5, "biggest")],
        (Superlative::Smallest, _) => &[(8, "smallest"), (1, "tiniest"), (1, "littlest")],
        (Superlative::Leftmost, true) => &[(4, "westernmost"), (1, "most westerly")],
        (Superlative::Rightmost, true) => &[(4, "easternmost"), (1, "most easterly")],
        (Superlative::Topmost, true) => &[(4, "northernmost"), (1, "most northerly")],
        (Superlative::Bottommost, true) => &[(4, "southernmost"), (1, "most southerly")],
        (Superlative::Leftmost, _) => &[(6, "leftmost"), (1, "left-most")],
        (Superlative::Rightmost, _) => &[(6, "rightmost"), (1, "right-most")],
        (Superlative::Topmost, _) => &[(6, "topmost"), (2, "uppermost"), (1, "top-most")],
        (Superlative::Bottommost, _) => &[(5, "bottommost"), (2, "lowermost"), (1, "lowest")],
        (Superlative::Closest(_) | Superlative::Farthest(_) | Superlative::Ordinal(_), _) => {
            return None;
        }
    };
    Some(chosen(words, rng))
}

/// A superlative after a noun: "furthest to the left", "with the largest area"; `None` for closest, farthest and
/// ordinals.
pub fn extreme(
    superlative: Superlative,
    style: Style,
    rng: &mut (impl Rng + ?Sized),
) -> Option<String> {
    let (side, compass) = match superlative {
        Superlative::Largest => {
            let words: Words = &[
                (4, "with the largest area"),
                (2, "with the biggest area"),
                (2, "that covers the most ground"),
                (1, "that takes up the most space"),
                (1, "larger than all the others"),
                (1, "bigger than the others"),
            ];
            return Some(chosen(words, rng).to_owned());
        }
        Superlative::Smallest => {
            let words: Words = &[
                (4, "with the smallest area"),
                (2, "that covers the least ground"),
                (1, "that takes up the least space"),
                (1, "smaller than all the others"),
                (1, "smaller than the others"),
            ];
            return Some(chosen(words, rng).to_owned());
        }
        Superlative::Leftmost => ("left", "west"),
        Superlative::Rightmost => ("right", "east"),
        Superlative::Topmost => ("top", "north"),
        Superlative::Bottommost => ("bottom", "south"),
        Superlative::Closest(_) | Superlative::Farthest(_) | Superlative::Ordinal(_) => {
            return None;
        }
    };
    let furthest = style.spelt("furthest", "farthest");
    if style.compass {
        return Some(format!("{furthest} {compass}"));
    }
    let upright = matches!(superlative, Superlative::Topmost | Superlative::Bottommost);
    Some(match rng.random_range(0..5) {
        0 => format!("closest to the {side}"),
        1 => format!("nearest the {side} edge"),
        2 => format!("closest to the {side} edge"),
        _ if upright => format!("nearest the {side}"),
        3 => format!("{furthest} {side}"),
        _ => format!("{furthest} to the {side}"),
    })
}

/// "second largest", or "second" and "from the left".
pub fn ordinal(
    ordinal: Ordinal,
    style: Style,
    rng: &mut (impl Rng + ?Sized),
) -> (String, Option<String>) {
    const WORDS: [(&str, &str); 4] = [
        ("second", "2nd"),
        ("third", "3rd"),
        ("fourth", "4th"),
        ("fifth", "5th"),
    ];
    let at = ordinal.place.saturating_sub(2).min(WORDS.len() - 1);
    let word = if rng.random_bool(0.15) {
        WORDS[at].1
    } else {
        WORDS[at].0
    };
    let (side, compass) = match ordinal.order {
        Order::Largest => {
            return (
                format!("{word} {}", pick(rng, &["largest", "biggest"])),
                None,
            );
        }
        Order::Smallest => return (format!("{word} smallest"), None),
        Order::FromLeft => ("left", "west"),
        Order::FromRight => ("right", "east"),
        Order::FromTop => ("top", "north"),
        Order::FromBottom => ("bottom", "south"),
    };
    let side = if style.compass { compass } else { side };
    (word.to_owned(), Some(format!("from the {side}")))
}

/// "closest" and "to the road", or "farthest" and "from the road"; `None` for other superlatives.
pub fn nearest(
    superlative: Superlative,
    (style, home): (Style, bool),
    rng: &mut (impl Rng + ?Sized),
) -> Option<(&'static str, String)> {
    match superlative {
        Superlative::Closest(to) => {
            let word = chosen(&[(3, "closest"), (3, "nearest")], rng);
            Some((word, format!("to {}", anchor(&to, style, home, rng))))
        }
        Superlative::Farthest(from) => {
            let usual = style.spelt("furthest", "farthest");
            let word = if rng.random_bool(0.25) {
                "farthest"
            } else {
                usual
            };
            let away = if rng.random_bool(0.3) {
                "away from"
            } else {
                "from"
            };
            Some((word, format!("{away} {}", anchor(&from, style, home, rng))))
        }
        _ => None,
    }
}

/// "a" or "an" for what follows.
pub fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) || word.starts_with("L-") {
        "an"
    } else {
        "a"
    }
}
