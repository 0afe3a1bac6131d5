//! Puts a request into plain English that reads back as the same request.

use crate::sorting::sort_by_key;
use crate::things::class::Class;
use crate::things::material::Material;
use crate::things::position::Position;
use crate::things::shape::Shape;
use crate::things::size::Size;
use crate::things::tone::Tone;

use super::nouns;
use super::order::order_of;
use super::request::{Condition, Key, Number, Rank, Relation, Request};
use super::words::ORDINALS;

/// Puts a request into plain English. If its conditions are in the order of [`Request::sorted`], the text reads back as
/// the same request.
pub fn say(request: &Request) -> String {
    if request.complement {
        let inner = Request {
            complement: false,
            ..request.clone()
        };
        return format!("everything except {}", part(&inner, has_sets(&inner)));
    }
    let mut text = thing(request);
    for other in &request.and {
        text.push_str(&format!(", and {}", part(other, has_sets(other))));
    }
    for other in &request.except {
        text.push_str(&format!(", except {}", part(other, has_sets(other))));
    }
    text
}

impl Request {
    /// Returns the request with its conditions in the order in which phrases are read: size, shape, tone, colour,
    /// material, position, then relations in their original order.
    pub fn sorted(mut self) -> Self {
        for condition in &mut self.conditions {
            for other in condition.others_mut() {
                *other = other.clone().sorted();
            }
        }
        if let Some(Rank {
            key: Key::ClosestTo(to) | Key::FarthestFrom(to),
            ..
        }) = &mut self.rank
        {
            **to = to.as_ref().clone().sorted();
        }
        sort_by_key(&mut self.conditions, order_of);
        self.and = self.and.into_iter().map(Request::sorted).collect();
        self.except = self.except.into_iter().map(Request::sorted).collect();
        self
    }
}

fn has_sets(request: &Request) -> bool {
    !request.and.is_empty() || !request.except.is_empty()
}

/// A request inside another, in brackets if it would otherwise absorb the words that follow.
fn part(request: &Request, brackets: bool) -> String {
    if brackets {
        format!("({})", say(request))
    } else {
        say(request)
    }
}

/// The anchor of a relation.
fn other(request: &Request) -> String {
    let plain = |condition: &Condition| order_in_front(condition, request);
    let reaches =
        !request.conditions.iter().all(plain) || request.rank.as_ref().is_some_and(is_said_behind);
    part(request, reaches || has_sets(request))
}

fn is_said_behind(rank: &Rank) -> bool {
    matches!(rank.key, Key::ClosestTo(_) | Key::FarthestFrom(_)) || from_side(rank).is_some()
}

/// Whether a condition is an adjective before the noun.
fn order_in_front(condition: &Condition, request: &Request) -> bool {
    match condition {
        Condition::Size(_) | Condition::Shape(_) | Condition::Tone(_) | Condition::Colour(_) => {
            // "Small vehicle" and "round tank" are nouns of their own.
            nouns::noun(&format!(
                "{} {}",
                condition_label(condition),
                request.thing.noun
            ))
            .is_none()
        }
        Condition::Material(_) => request.thing.class == Some(Class::Building),
        Condition::Position(_)
        | Condition::Relation(..)
        | Condition::Between(..)
        | Condition::Not(_) => false,
    }
}

fn thing(request: &Request) -> String {
    let mut words: Vec<String> = Vec::new();
    let rank = request.rank.as_ref();
    words.push(
        match request.number {
            Number::All if rank.is_none() && nouns_is_singular(request) => "every",
            _ => "the",
        }
        .to_owned(),
    );
    if let Number::Exactly(count) = request.number {
        words.push(number(count));
    }
    if let Some(rank) = rank {
        words.extend(before(rank));
    }
    let (front, behind): (Vec<&Condition>, Vec<&Condition>) = request
        .conditions
        .iter()
        .partition(|condition| order_in_front(condition, request));
    words.extend(front.iter().map(|condition| condition_label(condition)));
    words.push(request.thing.noun.clone());
    let mut text = words.join(" ");
    if let Some(rank) = rank {
        text.push_str(&after(rank));
    }
    let mut commas = rank.is_some_and(is_said_behind);
    let looks: Vec<String> = behind
        .iter()
        .filter(|condition| order_of(condition) < 4)
        .map(|condition| condition_label(condition))
        .collect();
    let are = if is_one(request) {
        "that is"
    } else {
        "that are"
    };
    if !looks.is_empty() {
        let comma = if commas { "," } else { "" };
        text.push_str(&format!("{comma} {are} {}", looks.join(" and ")));
    }
    for condition in behind
        .into_iter()
        .filter(|condition| order_of(condition) >= 4)
    {
        text.push_str(if commas { ", " } else { " " });
        text.push_str(&match condition {
            Condition::Not(inner) => format!("{are} not {}", said_not(inner)),
            other => said_behind(other),
        });
        commas |= condition.relates();
    }
    text
}

/// A condition in the words after a noun.
fn said_behind(condition: &Condition) -> String {
    match condition {
        Condition::Material(_) => format!("with a {} roof", condition_label(condition)),
        Condition::Position(position) => whereabouts(*position),
        Condition::Relation(relation, to) => format!("{} {}", preposition(*relation), other(to)),
        Condition::Between(one, None) => format!("between {}", other(one)),
        Condition::Between(one, Some(second)) => {
            format!("between {} and {}", other(one), other(second))
        }
        _ => condition_label(condition),
    }
}

/// A condition in the words after "not". "Not next to" means far from, and "not far from" next to.
fn said_not(condition: &Condition) -> String {
    match condition {
        Condition::Relation(Relation::NextTo, to) => format!("beside {}", other(to)),
        Condition::Relation(Relation::FarFrom, to) => format!("distant from {}", other(to)),
        _ => said_behind(condition),
    }
}

fn nouns_is_singular(request: &Request) -> bool {
    matches!(count(request), nouns::Count::One | nouns::Count::Either) && !request.thing.mass
}

/// Whether "is" follows the noun.
fn is_one(request: &Request) -> bool {
    request.thing.mass || count(request) != nouns::Count::Many
}

fn count(request: &Request) -> nouns::Count {
    let noun = &request.thing.noun;
    nouns::noun(&noun.replace('-', " ")).map_or_else(|| nouns::guessed(noun), |noun| noun.count)
}

fn number(count: u32) -> String {
    const WORDS: [&str; 12] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    WORDS
        .get(count.wrapping_sub(1) as usize)
        .map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

fn ordinal(place: u32) -> String {
    if let Some(word) = ORDINALS.get(place.wrapping_sub(1) as usize) {
        return (*word).to_owned();
    }
    let ending = match (place % 10, place % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{place}{ending}")
}

/// The side from which an ordinal counts.
fn from_side(rank: &Rank) -> Option<&'static str> {
    Some(match rank.key {
        _ if rank.place < 2 => return None,
        Key::Leftmost => "left",
        Key::Rightmost => "right",
        Key::Topmost => "top",
        Key::Bottommost => "bottom",
        _ => return None,
    })
}

/// A rank's words before the noun.
fn before(rank: &Rank) -> Vec<String> {
    let mut words = Vec::new();
    match (rank.place, rank.count) {
        (0 | 1, 0 | 1) => {}
        (0 | 1, count) => words.push(number(count)),
        (place, 0 | 1) => words.push(ordinal(place)),
        (place, count) => words.push(format!(
            "{} to {}",
            ordinal(place),
            ordinal(place + count - 1)
        )),
    }
    if from_side(rank).is_none() {
        words.push(key_word(&rank.key).to_owned());
    }
    words
}

/// A rank's words after the noun.
fn after(rank: &Rank) -> String {
    match &rank.key {
        Key::ClosestTo(to) => format!(" to {}", other(to)),
        Key::FarthestFrom(from) => format!(" from {}", other(from)),
        _ => from_side(rank)
            .map(|side| format!(" from the {side}"))
            .unwrap_or_default(),
    }
}

fn key_word(key: &Key) -> &'static str {
    match key {
        Key::Largest => "largest",
        Key::Smallest => "smallest",
        Key::Longest => "longest",
        Key::Leftmost => "leftmost",
        Key::Rightmost => "rightmost",
        Key::Topmost => "topmost",
        Key::Bottommost => "bottommost",
        Key::MostCentral => "most central",
        Key::ClosestTo(_) => "closest",
        Key::FarthestFrom(_) => "farthest",
    }
}

/// A rank in a few words: "second largest", "third from the left", "closest to: road".
pub fn rank_label(rank: &Rank) -> String {
    let words = before(rank).join(" ");
    match &rank.key {
        Key::ClosestTo(to) => format!("{words} to: {}", bare(to)),
        Key::FarthestFrom(from) => format!("{words} from: {}", bare(from)),
        _ => format!("{words}{}", after(rank)),
    }
}

/// A condition in a few words: "red", "top left", "left of: road".
pub fn condition_label(condition: &Condition) -> String {
    match condition {
        Condition::Position(position) => place_name(*position).to_owned(),
        Condition::Colour(colour) => colour
            .names()
            .first()
            .copied()
            .unwrap_or_default()
            .to_owned(),
        Condition::Tone(Tone::Light) => "light".to_owned(),
        Condition::Tone(Tone::Dark) => "dark".to_owned(),
        Condition::Size(Size::Large) => "large".to_owned(),
        Condition::Size(Size::Small) => "small".to_owned(),
        Condition::Shape(shape) => match shape {
            Shape::Round => "round",
            Shape::Square => "square",
            Shape::Long => "long",
            Shape::LShaped => "L-shaped",
        }
        .to_owned(),
        Condition::Material(material) => match material {
            Material::Concrete => "concrete",
            Material::Tin => "metal",
            Material::ClayTiles => "tiled",
            Material::Thatch => "thatched",
        }
        .to_owned(),
        Condition::Relation(relation, to) => format!("{}: {}", relation_name(*relation), bare(to)),
        Condition::Between(one, None) => format!("between: {}", bare(one)),
        Condition::Between(one, Some(other)) => format!("between: {}, {}", bare(one), bare(other)),
        Condition::Not(inner) => match inner.as_ref() {
            Condition::Relation(Relation::NextTo, to) => format!("without: {}", bare(to)),
            inner => format!("not {}", condition_label(inner)),
        },
    }
}

/// A request without its article.
fn bare(request: &Request) -> String {
    let text = say(request);
    let word = ["the ", "every "]
        .iter()
        .find_map(|article| text.strip_prefix(article));
    word.unwrap_or(&text).to_owned()
}

fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::LeftOf => "left of",
        Relation::RightOf => "right of",
        Relation::Above => "above",
        Relation::Below => "below",
        Relation::AboveLeft => "upper left of",
        Relation::AboveRight => "upper right of",
        Relation::BelowLeft => "lower left of",
        Relation::BelowRight => "lower right of",
        Relation::NextTo => "next to",
        Relation::On => "on",
        Relation::SurroundedBy => "surrounded by",
        Relation::FarFrom => "far from",
    }
}

fn preposition(relation: Relation) -> &'static str {
    match relation {
        Relation::LeftOf => "to the left of",
        Relation::RightOf => "to the right of",
        Relation::AboveLeft => "to the upper left of",
        Relation::AboveRight => "to the upper right of",
        Relation::BelowLeft => "to the lower left of",
        Relation::BelowRight => "to the lower right of",
        other => relation_name(other),
    }
}

fn place_name(position: Position) -> &'static str {
    match position {
        Position::Left => "left",
        Position::Right => "right",
        Position::Top => "top",
        Position::Bottom => "bottom",
        Position::TopLeft => "top left",
        Position::TopRight => "top right",
        Position::BottomLeft => "bottom left",
        Position::BottomRight => "bottom right",
        Position::Centre => "center",
        Position::TopCentre => "top center",
        Position::BottomCentre => "bottom center",
        Position::MiddleLeft => "middle left",
        Position::MiddleRight => "middle right",
        Position::LeftHalf => "left half",
        Position::RightHalf => "right half",
        Position::TopHalf => "top half",
        Position::BottomHalf => "bottom half",
    }
}

fn whereabouts(position: Position) -> String {
    let preposition = match position {
        Position::Left | Position::Right => "on",
        Position::Top | Position::Bottom | Position::TopCentre | Position::BottomCentre => "at",
        _ => "in",
    };
    format!("{preposition} the {}", place_name(position))
}
