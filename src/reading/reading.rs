//! The understood content of a phrase.

use serde::Serialize;

use super::path::Path;
use super::problem::Problem;
use super::request::Request;

/// The understood content of a phrase.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// What the phrase asks for; `None` unless the whole phrase was understood.
    pub request: Option<Request>,
    /// The parts that were understood, in the order of the request.
    pub tokens: Vec<Token>,
    /// The words that were not understood, in order of appearance.
    pub unread: Vec<Span>,
    /// The words of its nouns that are in no list, in order of appearance: only the network can know them.
    pub unknown: Vec<Span>,
    /// The question of the phrase.
    pub question: Question,
    /// The reasons why there is no request, apart from words that were not understood.
    pub problems: Vec<Problem>,
}

/// A part of a phrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// The index of the first byte after it.
    pub end: usize,
    /// The words as they were written.
    pub text: String,
}

/// The question of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Question {
    /// Which pixels are meant: a mask.
    Mask,
    /// How many there are.
    Count,
    /// Whether there is any.
    Exists,
}

/// One understood part of a phrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// Its position in the phrase.
    pub span: Span,
    /// What was understood, in a few words: "largest", "left of: road".
    pub label: String,
    /// Its role.
    pub role: Role,
    /// The part of the request that it became.
    pub path: Path,
}

/// The role of a part of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Names the things.
    Thing,
    /// Narrows them down.
    Condition,
    /// Picks some of them in an order.
    Rank,
    /// Gives the number of things.
    Number,
    /// Adds other things.
    And,
    /// Excludes other things.
    Except,
    /// Asks for everything but the rest.
    Complement,
    /// Asks how many there are, or whether there is any.
    Question,
}
