//! What a phrase asks for, in an executable form.

use serde::{Deserialize, Serialize};

use crate::things::class::Class;
use crate::things::colour::Colour;
use crate::things::material::Material;
use crate::things::position::Position;
use crate::things::shape::Shape;
use crate::things::size::Size;
use crate::things::tone::Tone;

/// Things of one kind, narrowed down by conditions and optionally by a rank. Other requests can be added or excluded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The kind of thing.
    pub thing: Thing,
    /// How many of the fitting things are meant.
    pub number: Number,
    /// The conditions that each thing must meet.
    pub conditions: Vec<Condition>,
    /// The place in an order among the things that meet the conditions.
    pub rank: Option<Rank>,
    /// "and": the requests that are added.
    pub and: Vec<Request>,
    /// "except": the requests that are excluded.
    pub except: Vec<Request>,
    /// Whether everything but the rest of the request is meant: "everything except the buildings". Only the outermost
    /// request can be a complement.
    #[serde(default)]
    pub complement: bool,
}

/// A noun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Thing {
    /// The noun as it was written, in lower case, without article and adjectives: "swimming pools".
    pub noun: String,
    /// The class that it names, if it is one of the labelled classes.
    pub class: Option<Class>,
    /// Whether it is uncountable, such as grass: conditions then choose among its connected components.
    pub mass: bool,
}

/// How many things are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Number {
    /// One thing: a singular noun.
    One,
    /// Every thing that fits: a plural or mass noun, "all", "any".
    All,
    /// The stated number of things: "the two buildings".
    Exactly(u32),
}

/// A condition that a thing must meet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Condition {
    /// Its place in the image.
    Position(Position),
    /// Its colour.
    Colour(Colour),
    /// Light or dark.
    Tone(Tone),
    /// Large or small for its class.
    Size(Size),
    /// The shape of its outline.
    Shape(Shape),
    /// The material of its roof. Pixels do not show this, so the network is asked.
    Material(Material),
    /// Its spatial relation to other things.
    Relation(Relation, Box<Request>),
    /// It is between two things, or between things of one kind.
    Between(Box<Request>, Option<Box<Request>>),
    /// It does not meet the condition: "not red", "without a pool".
    Not(Box<Condition>),
}

impl Condition {
    /// The condition itself, or what it negates.
    pub fn stated(&self) -> &Condition {
        match self {
            Condition::Not(inner) => inner.stated(),
            other => other,
        }
    }

    /// The requests that it refers to.
    pub fn others(&self) -> Vec<&Request> {
        match self.stated() {
            Condition::Relation(_, other) | Condition::Between(other, None) => vec![other],
            Condition::Between(one, Some(two)) => vec![one, two],
            _ => Vec::new(),
        }
    }

    /// The requests that it refers to, to change them.
    pub fn others_mut(&mut self) -> Vec<&mut Request> {
        match self {
            Condition::Not(inner) => inner.others_mut(),
            Condition::Relation(_, other) | Condition::Between(other, None) => vec![other],
            Condition::Between(one, Some(two)) => vec![one, two],
            _ => Vec::new(),
        }
    }

    /// Whether it is a relation to other things.
    pub fn relates(&self) -> bool {
        matches!(
            self.stated(),
            Condition::Relation(..) | Condition::Between(..)
        )
    }
}

/// A spatial relation to other things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Relation {
    LeftOf,
    RightOf,
    Above,
    Below,
    AboveLeft,
    AboveRight,
    BelowLeft,
    BelowRight,
    /// Near, next to, beside, along.
    NextTo,
    /// On the other thing or inside it: the surroundings belong to the other thing.
    On,
    /// Among several of the other things.
    SurroundedBy,
    /// Not near.
    FarFrom,
}

/// A place in an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rank {
    /// The property that things are ordered by.
    pub key: Key,
    /// 1 for the first: "the largest"; 2 for "the second largest".
    pub place: u32,
    /// How many things, starting at that place: 1, or 3 for "the three largest".
    pub count: u32,
}

/// The property that things are ordered by, highest degree first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Key {
    Largest,
    Smallest,
    Longest,
    Leftmost,
    Rightmost,
    Topmost,
    Bottommost,
    /// Nearest to the middle of the image.
    MostCentral,
    ClosestTo(Box<Request>),
    FarthestFrom(Box<Request>),
}
