//! What came of an executed request, for the page.

use serde::Serialize;

use crate::reading::{Condition, Key, Relation, Request};

use super::chosen::ChoiceProblem;
use super::target::parts;

/// The result of a request.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Name of the objects, in the plural.
    pub noun: String,
    /// Name of one object.
    pub one: String,
    /// Number of objects of the kinds asked for.
    pub found: usize,
    /// Number of objects in the mask.
    pub chosen: usize,
    /// Number of objects that fit nearly as well and are not in the mask.
    pub near: usize,
    /// Whether one thing is asked for.
    pub single: bool,
    /// Whether the things cannot be counted.
    pub mass: bool,
    /// Whether all things of the kind are asked for.
    pub bare: bool,
    /// Whether everything but the chosen objects is in the mask.
    pub complement: bool,
    /// Whether only the network can know what the noun means.
    pub unknown: bool,
    /// Whether the choice was changed manually.
    pub changed: bool,
    /// What could not be done as requested.
    pub problem: Option<ChoiceProblem>,
    /// How the missing thing of [`ChoiceProblem::AnchorMissing`] is referred to: the name of a relation.
    pub relation: Option<String>,
}

/// Whether the noun of the things, or that of their class, has no plural.
pub(super) fn is_mass(request: &Request) -> bool {
    let class = request.thing.class.and_then(|class| class.names().first());
    request.thing.mass || class.is_some_and(|(one, many)| one == many)
}

/// How a request refers to its anchor: the name of the relation, "Between", "ClosestTo" or "FarthestFrom".
pub(super) fn relation_to(request: &Request, noun: &str) -> Option<String> {
    let is = |other: &Request| other.thing.noun == noun;
    for part in parts(request) {
        for condition in &part.conditions {
            match condition.stated() {
                Condition::Relation(relation, other) if is(other) => return Some(name(*relation)),
                Condition::Between(one, two) if is(one) || two.as_deref().is_some_and(is) => {
                    return Some("Between".to_owned());
                }
                _ => {}
            }
        }
        match part.rank.as_ref().map(|rank| &rank.key) {
            Some(Key::ClosestTo(other)) if is(other) => return Some("ClosestTo".to_owned()),
            Some(Key::FarthestFrom(other)) if is(other) => return Some("FarthestFrom".to_owned()),
            _ => {}
        }
    }
    None
}

/// Names, each once.
pub(super) fn joined(names: impl Iterator<Item = String>, word: &str) -> String {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found.join(word)
}

fn name(relation: Relation) -> String {
    format!("{relation:?}")
}
