//! Parts of a request, and variants of the request with one of them removed or replaced.

use serde::{Deserialize, Serialize};

use crate::things::colour::Colour;
use crate::things::material::Material;
use crate::things::position::Position;
use crate::things::shape::Shape;
use crate::things::size::Size;
use crate::things::tone::Tone;

use super::request::{Condition, Key, Number, Rank, Relation, Request};
use super::say;

/// Maximum number of alternatives offered.
const MOST: usize = 8;

/// A step from a request to one of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// The kind of thing.
    Thing,
    /// Everything but the rest.
    Complement,
    /// How many.
    Number,
    /// The place in an order.
    Rank,
    /// A condition, by its place in the list.
    Condition(usize),
    /// A request that is added, by its place in the list.
    And(usize),
    /// A request that is excluded, by its place in the list.
    Except(usize),
}

/// The path from a request to one of its parts: steps through "and" and "except", then the part.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Returns the path extended by one step.
    pub fn to(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl Request {
    /// Returns the request without one of its parts. A kind of thing cannot be removed: the request then stays
    /// unchanged, as for a path that leads to no part.
    pub fn without(&self, path: &Path) -> Request {
        let mut request = self.clone();
        request.remove(&path.0);
        request
    }

    fn remove(&mut self, path: &[Step]) {
        fn take<T>(list: &mut Vec<T>, place: usize) {
            if place < list.len() {
                list.remove(place);
            }
        }
        match path {
            [Step::Rank] => {
                self.rank = None;
                self.number = Number::All;
            }
            [Step::Number] => self.number = Number::All,
            [Step::Complement] => self.complement = false,
            [Step::Condition(place)] => take(&mut self.conditions, *place),
            [Step::And(place)] => take(&mut self.and, *place),
            [Step::Except(place)] => take(&mut self.except, *place),
            [Step::And(place), rest @ ..] => {
                if let Some(other) = self.and.get_mut(*place) {
                    other.remove(rest);
                }
            }
            [Step::Except(place), rest @ ..] => {
                if let Some(other) = self.except.get_mut(*place) {
                    other.remove(rest);
                }
            }
            _ => {}
        }
    }

    /// Returns what could replace a part, each with a label: the other colours, positions or superlatives; at most 8.
    /// Empty for a part without alternatives.
    pub fn alternatives(&self, path: &Path) -> Vec<(String, Request)> {
        self.others(&path.0).into_iter().take(MOST).collect()
    }

    fn others(&self, path: &[Step]) -> Vec<(String, Request)> {
        match path {
            [Step::Rank] => {
                let Some(rank) = &self.rank else {
                    return Vec::new();
                };
                let with = |rank: Rank| {
                    (
                        say::rank_label(&rank),
                        Request {
                            rank: Some(rank),
                            ..self.clone()
                        },
                    )
                };
                other_keys(&rank.key)
                    .into_iter()
                    .map(|key| {
                        with(Rank {
                            key,
                            ..rank.clone()
                        })
                    })
                    .collect()
            }
            [Step::Condition(place)] => {
                let Some(condition) = self.conditions.get(*place) else {
                    return Vec::new();
                };
                let with = |condition: Condition| {
                    let label = say::condition_label(&condition);
                    let mut request = self.clone();
                    request.conditions[*place] = condition;
                    (label, request)
                };
                other_conditions(condition).into_iter().map(with).collect()
            }
            [Step::And(place), rest @ ..] => {
                let Some(other) = self.and.get(*place) else {
                    return Vec::new();
                };
                let with = |(label, other): (String, Request)| {
                    let mut request = self.clone();
                    request.and[*place] = other;
                    (label, request)
                };
                other.others(rest).into_iter().map(with).collect()
            }
            [Step::Except(place), rest @ ..] => {
                let Some(other) = self.except.get(*place) else {
                    return Vec::new();
                };
                let with = |(label, other): (String, Request)| {
                    let mut request = self.clone();
                    request.except[*place] = other;
                    (label, request)
                };
                other.others(rest).into_iter().map(with).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn other_keys(key: &Key) -> Vec<Key> {
    use Key::*;
    let swapped = match key {
        ClosestTo(to) => Some(FarthestFrom(to.clone())),
        FarthestFrom(from) => Some(ClosestTo(from.clone())),
        _ => None,
    };
    // The opposite alternative comes first.
    let mut keys = vec![
        Largest,
        Smallest,
        Leftmost,
        Rightmost,
        Topmost,
        Bottommost,
        MostCentral,
        Longest,
    ];
    if let Some(place) = keys.iter().position(|other| other == key) {
        keys.remove(place);
        if place < 6 {
            let opposite = keys.remove(if place % 2 == 0 { place } else { place - 1 });
            keys.insert(0, opposite);
        }
    }
    swapped.into_iter().chain(keys).collect()
}

fn other_conditions(condition: &Condition) -> Vec<Condition> {
    fn without<T: PartialEq + Copy>(all: &[T], one: T) -> impl Iterator<Item = T> {
        all.iter().copied().filter(move |other| *other != one)
    }
    match condition {
        Condition::Position(one) => without(&Position::ALL, *one)
            .map(Condition::Position)
            .collect(),
        Condition::Colour(one) => without(&Colour::ALL, *one).map(Condition::Colour).collect(),
        Condition::Tone(one) => without(&[Tone::Light, Tone::Dark], *one)
            .map(Condition::Tone)
            .collect(),
        Condition::Size(one) => without(&[Size::Large, Size::Small], *one)
            .map(Condition::Size)
            .collect(),
        Condition::Shape(one) => without(&Shape::ALL, *one).map(Condition::Shape).collect(),
        Condition::Material(one) => {
            let all = [
                Material::Concrete,
                Material::Tin,
                Material::ClayTiles,
                Material::Thatch,
            ];
            without(&all, *one).map(Condition::Material).collect()
        }
        Condition::Relation(one, to) => {
            use Relation::*;
            let all = [
                LeftOf,
                RightOf,
                Above,
                Below,
                NextTo,
                FarFrom,
                On,
                SurroundedBy,
            ];
            without(&all, *one)
                .map(|relation| Condition::Relation(relation, to.clone()))
                .collect()
        }
        Condition::Not(inner) => {
            let others = other_conditions(inner).into_iter();
            let negated = others.map(|other| Condition::Not(Box::new(other)));
            std::iter::once(inner.as_ref().clone())
                .chain(negated)
                .collect()
        }
        Condition::Between(one, _) => {
            use Relation::*;
            [NextTo, LeftOf, RightOf, Above, Below, FarFrom]
                .map(|relation| Condition::Relation(relation, one.clone()))
                .into()
        }
    }
}
