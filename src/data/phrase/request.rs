//! The meaning of a generated phrase as a request that can be executed.

use crate::reading::{Condition, Key, Number, Rank, Relation, Request, Thing};
use crate::things::class::Class;

use super::anchor::Anchor;
use super::anchor::Place;
use super::ordinal::Order;
use super::predicate::{Predicate, RelationKind};
use super::query::{Query, Superlative};

impl From<RelationKind> for Relation {
    fn from(kind: RelationKind) -> Self {
        match kind {
            RelationKind::LeftOf => Self::LeftOf,
            RelationKind::RightOf => Self::RightOf,
            RelationKind::Above => Self::Above,
            RelationKind::Below => Self::Below,
            RelationKind::NextTo => Self::NextTo,
            RelationKind::On => Self::On,
        }
    }
}

impl Query {
    /// The request that the query makes; `number` says whether it means one thing.
    pub fn to_request(&self, number: super::Number) -> Request {
        let number = match number {
            super::Number::One => Number::One,
            super::Number::Many => Number::All,
        };
        let mut request = plain(self.class, number);
        request.conditions = self.predicates.iter().map(condition).collect();
        request.rank = self.superlative.as_ref().map(rank);
        // A phrase that adds something to the name of a ground class means single areas of it, such as water areas.
        request.thing.mass &= self.is_bare();
        request
    }
}

fn plain(class: Class, number: Number) -> Request {
    let (one, several) = class.names().first().copied().unwrap_or_default();
    let noun = if number == Number::One { one } else { several };
    Request {
        thing: Thing {
            noun: noun.to_owned(),
            class: Some(class),
            mass: one == several,
        },
        number,
        conditions: Vec::new(),
        rank: None,
        and: Vec::new(),
        except: Vec::new(),
        complement: false,
    }
}

fn anchor(anchor: &Anchor) -> Box<Request> {
    let number = match anchor.place {
        Place::Class(_) => Number::All,
        Place::Object(_) => Number::One,
    };
    let mut request = plain(anchor.class, number);
    request
        .conditions
        .extend(anchor.colour.map(Condition::Colour));
    if anchor.largest {
        request.rank = Some(first(Key::Largest));
    }
    Box::new(request)
}

fn first(key: Key) -> Rank {
    Rank {
        key,
        place: 1,
        count: 1,
    }
}

fn condition(predicate: &Predicate) -> Condition {
    match *predicate {
        Predicate::Position(position) => Condition::Position(position),
        Predicate::Colour(colour) => Condition::Colour(colour),
        Predicate::Size(size) => Condition::Size(size),
        Predicate::Material(material) => Condition::Material(material),
        Predicate::Tone(tone) => Condition::Tone(tone),
        Predicate::Shape(shape) => Condition::Shape(shape),
        Predicate::Relation(kind, to) => Condition::Relation(kind.into(), anchor(&to)),
    }
}

/// The key of a request's rank for an ordinal's order.
pub(super) fn key_of(order: Order) -> Key {
    match order {
        Order::Largest => Key::Largest,
        Order::Smallest => Key::Smallest,
        Order::FromLeft => Key::Leftmost,
        Order::FromRight => Key::Rightmost,
        Order::FromTop => Key::Topmost,
        Order::FromBottom => Key::Bottommost,
    }
}

fn rank(superlative: &Superlative) -> Rank {
    match superlative {
        Superlative::Largest => first(Key::Largest),
        Superlative::Smallest => first(Key::Smallest),
        Superlative::Leftmost => first(Key::Leftmost),
        Superlative::Rightmost => first(Key::Rightmost),
        Superlative::Topmost => first(Key::Topmost),
        Superlative::Bottommost => first(Key::Bottommost),
        Superlative::Closest(to) => first(Key::ClosestTo(anchor(to))),
        Superlative::Farthest(to) => first(Key::FarthestFrom(anchor(to))),
        Superlative::Ordinal(ordinal) => {
            let key = key_of(ordinal.order);
            Rank {
                place: ordinal.place as u32,
                ..first(key)
            }
        }
    }
}
