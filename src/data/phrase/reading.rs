//! For tests: the meaning of a phrase's words, read without knowing its query.

use std::collections::BTreeSet;

use crate::things::colour::Colour;
use crate::things::shape::Shape;
use crate::things::size::Size;
use crate::things::tone::Tone;

use super::anchor::Anchor;
use super::ordinal::Order;
use super::predicate::{Predicate, RelationKind};
use super::query::{Query, Superlative};

/// A meaning, regardless of the words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Token {
    Left,
    Right,
    Up,
    Down,
    Middle,
    Large,
    Small,
    Largest,
    Smallest,
    Closest,
    Farthest,
    Colour(u8),
    Material,
    Near,
    Light,
    Dark,
    Round,
    Square,
    Long,
    Angled,
    Ordinal(u8),
}

/// Words with their meanings, including compass words and both spellings.
const LEXICON: &[(&str, Token)] = &[
    ("left", Token::Left),
    ("west", Token::Left),
    ("right", Token::Right),
    ("east", Token::Right),
    ("top", Token::Up),
    ("upper", Token::Up),
    ("north", Token::Up),
    ("above", Token::Up),
    ("bottom", Token::Down),
    ("lower", Token::Down),
    ("lowest", Token::Down),
    ("south", Token::Down),
    ("below", Token::Down),
    ("beneath", Token::Down),
    ("underneath", Token::Down),
    ("middle", Token::Middle),
    ("centre", Token::Middle),
    ("center", Token::Middle),
    ("central", Token::Middle),
    ("mid", Token::Middle),
    ("halfway", Token::Middle),
    ("large", Token::Large),
    ("big", Token::Large),
    ("small", Token::Small),
    ("little", Token::Small),
    ("largest", Token::Largest),
    ("biggest", Token::Largest),
    ("most ground", Token::Largest),
    ("most space", Token::Largest),
    ("larger", Token::Largest),
    ("bigger", Token::Largest),
    ("smallest", Token::Smallest),
    ("tiniest", Token::Smallest),
    ("littlest", Token::Smallest),
    ("smaller", Token::Smallest),
    ("least", Token::Smallest),
    ("closest to", Token::Closest),
    ("nearest", Token::Closest),
    ("closest", Token::Closest),
    ("furthest", Token::Farthest),
    ("farthest", Token::Farthest),
    ("white", Token::Colour(0)),
    ("grey", Token::Colour(1)),
    ("gray", Token::Colour(1)),
    ("black", Token::Colour(2)),
    ("light", Token::Light),
    ("pale", Token::Light),
    ("bright", Token::Light),
    ("beige", Token::Light),
    ("tan", Token::Light),
    ("dark", Token::Dark),
    ("navy", Token::Dark),
    ("maroon", Token::Dark),
    ("beige", Token::Colour(5)),
    ("tan", Token::Colour(5)),
    ("navy", Token::Colour(8)),
    ("maroon", Token::Colour(3)),
    ("round", Token::Round),
    ("circular", Token::Round),
    ("square", Token::Square),
    ("long", Token::Long),
    ("elongated", Token::Long),
    ("l shaped", Token::Angled),
    ("second", Token::Ordinal(2)),
    ("2nd", Token::Ordinal(2)),
    ("third", Token::Ordinal(3)),
    ("3rd", Token::Ordinal(3)),
    ("fourth", Token::Ordinal(4)),
    ("4th", Token::Ordinal(4)),
    ("fifth", Token::Ordinal(5)),
    ("5th", Token::Ordinal(5)),
    ("red", Token::Colour(3)),
    ("orange", Token::Colour(4)),
    ("brown", Token::Colour(5)),
    ("yellow", Token::Colour(6)),
    ("green", Token::Colour(7)),
    ("blue", Token::Colour(8)),
    ("purple", Token::Colour(9)),
    ("concrete", Token::Material),
    ("tin", Token::Material),
    ("metal", Token::Material),
    ("tiled", Token::Material),
    ("tile", Token::Material),
    ("thatch", Token::Material),
    ("thatched", Token::Material),
    ("next to", Token::Near),
    ("beside", Token::Near),
    ("by", Token::Near),
    ("along", Token::Near),
    ("alongside", Token::Near),
    ("close to", Token::Near),
    ("near", Token::Near),
    ("not far from", Token::Near),
    ("vicinity of", Token::Near),
    ("at side of", Token::Near),
];

/// Names of things that contain a word of the lexicon.
const NAMES: &[&str] = &[
    "small vehicle",
    "small vehicles",
    "low vegetation",
    "green area",
    "green areas",
    "green space",
    "green spaces",
    "green cover",
    "rooftop",
    "round tank",
    "round tanks",
    "rooftops",
    "track field",
    "track fields",
];

/// Words around a position that are not a relation: "near the top", "by the left edge".
const PLACES: &[&str] = &["near", "by", "along", "nearest", "nearest to", "closest to"];

/// The meaning of a phrase's words.
pub fn read(phrase: &str) -> BTreeSet<Token> {
    let words: Vec<String> = phrase
        .to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !matches!(*word, "" | "the" | "a" | "an"))
        .map(str::to_owned)
        .collect();
    let mut text = format!(" {} ", words.join(" "));
    for name in NAMES {
        text = text.replace(&format!(" {name} "), " thing ");
    }
    let sides = [
        "top", "bottom", "upper", "lower", "left", "right", "middle", "centre", "center",
    ];
    for (place, side) in PLACES
        .iter()
        .flat_map(|place| sides.map(|side| (place, side)))
    {
        text = text.replace(&format!(" {place} {side} "), &format!(" {side} "));
    }
    for place in ["covered by", "from above"] {
        text = text.replace(&format!(" {place} "), " ");
    }
    let mut found = BTreeSet::new();
    for (word, token) in LEXICON {
        let endings = ["", "most", "ern", "ernmost", "erly", "roof", "roofed"];
        let said = |end: &str| text.contains(&format!(" {word}{end} "));
        if endings.into_iter().any(said) {
            found.insert(*token);
        }
    }
    // "northwest", "southeastern"
    for (vertical, up) in [("north", Token::Up), ("south", Token::Down)] {
        for (side, beside) in [("west", Token::Left), ("east", Token::Right)] {
            if text.contains(&format!(" {vertical}{side}")) {
                found.extend([up, beside]);
            }
        }
    }
    found
}

/// The number of things that a phrase states.
pub fn counted(phrase: &str) -> Option<usize> {
    let words = [
        ("both", 2),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
    ];
    let text = phrase.to_lowercase();
    let mut said = text.split(|letter: char| !letter.is_alphabetic());
    said.find_map(|word| {
        words
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, count)| *count)
    })
}

/// The meaning that the words for a query must have.
pub fn expected(query: &Query) -> BTreeSet<Token> {
    let mut found = BTreeSet::new();
    for predicate in &query.predicates {
        match predicate {
            Predicate::Position(position) => found.extend(sides(*position)),
            Predicate::Colour(colour) => {
                found.insert(colour_token(*colour));
            }
            Predicate::Size(Size::Large) => {
                found.insert(Token::Large);
            }
            Predicate::Size(Size::Small) => {
                found.insert(Token::Small);
            }
            Predicate::Tone(Tone::Light) => {
                found.insert(Token::Light);
            }
            Predicate::Tone(Tone::Dark) => {
                found.insert(Token::Dark);
            }
            Predicate::Shape(shape) => {
                found.insert(match shape {
                    Shape::Round => Token::Round,
                    Shape::Square => Token::Square,
                    Shape::Long => Token::Long,
                    Shape::LShaped => Token::Angled,
                });
            }
            Predicate::Material(_) => {
                found.insert(Token::Material);
            }
            Predicate::Relation(kind, anchor) => {
                found.extend(match kind {
                    RelationKind::LeftOf => Some(Token::Left),
                    RelationKind::RightOf => Some(Token::Right),
                    RelationKind::Above => Some(Token::Up),
                    RelationKind::Below => Some(Token::Down),
                    RelationKind::NextTo => Some(Token::Near),
                    RelationKind::On => None,
                });
                found.extend(of_anchor(anchor));
            }
        }
    }
    match query.superlative {
        None => {}
        Some(Superlative::Largest) => found.extend([Token::Largest]),
        Some(Superlative::Smallest) => found.extend([Token::Smallest]),
        Some(Superlative::Leftmost) => found.extend([Token::Left]),
        Some(Superlative::Rightmost) => found.extend([Token::Right]),
        Some(Superlative::Topmost) => found.extend([Token::Up]),
        Some(Superlative::Bottommost) => found.extend([Token::Down]),
        Some(Superlative::Ordinal(ordinal)) => {
            found.insert(Token::Ordinal(ordinal.place as u8));
            found.insert(match ordinal.order {
                Order::Largest => Token::Largest,
                Order::Smallest => Token::Smallest,
                Order::FromLeft => Token::Left,
                Order::FromRight => Token::Right,
                Order::FromTop => Token::Up,
                Order::FromBottom => Token::Down,
            });
        }
        Some(Superlative::Closest(anchor)) => {
            found.insert(Token::Closest);
            found.extend(of_anchor(&anchor));
        }
        Some(Superlative::Farthest(anchor)) => {
            found.insert(Token::Farthest);
            found.extend(of_anchor(&anchor));
        }
    }
    found
}

fn colour_token(colour: Colour) -> Token {
    Token::Colour(colour as u8)
}

fn of_anchor(anchor: &Anchor) -> impl Iterator<Item = Token> {
    let largest = anchor.largest.then_some(Token::Largest);
    anchor.colour.map(colour_token).into_iter().chain(largest)
}

fn sides(position: crate::things::position::Position) -> Vec<Token> {
    use crate::things::position::Position::*;
    match position {
        Left | LeftHalf => vec![Token::Left],
        Right | RightHalf => vec![Token::Right],
        Top | TopHalf => vec![Token::Up],
        Bottom | BottomHalf => vec![Token::Down],
        TopLeft => vec![Token::Up, Token::Left],
        TopRight => vec![Token::Up, Token::Right],
        BottomLeft => vec![Token::Down, Token::Left],
        BottomRight => vec![Token::Down, Token::Right],
        Centre => vec![Token::Middle],
        TopCentre => vec![Token::Up, Token::Middle],
        BottomCentre => vec![Token::Down, Token::Middle],
        MiddleLeft => vec![Token::Left, Token::Middle],
        MiddleRight => vec![Token::Right, Token::Middle],
    }
}
