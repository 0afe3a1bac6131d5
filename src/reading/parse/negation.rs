//! What is not meant: "everything except the roads", "buildings without a pool", "cars that are not red".

use crate::reading::direction::is_image;
use crate::reading::nouns::Count;
use crate::reading::request::{Condition, Relation, Request};
use crate::things::class::Class;

use super::{Draft, Parser, Scope};

/// Words after "everything" that exclude what follows. Longer entries come first.
const EXCEPT: &[&str] = &[
    "that does not belong to",
    "that do not belong to",
    "that does not show",
    "that do not show",
    "that is not part of",
    "that are not part of",
    "that is not covered by",
    "that are not covered by",
    "which is not",
    "which are not",
    "that is not",
    "that are not",
    "not covered by",
    "except for",
    "except",
    "but not",
    "but",
    "other than",
    "apart from",
    "aside from",
    "excluding",
    "without",
    "with no",
    "minus",
    "outside of",
    "outside",
    "leaving out",
    "is not",
    "not",
];

/// Words that exclude what follows at the start of a phrase.
const ALONE: &[&str] = &[
    "except for",
    "except",
    "other than",
    "apart from",
    "aside from",
    "excluding",
    "exclude",
    "omit",
    "ignore",
    "leave out",
    "the opposite of",
    "the inverse of",
    "without",
    "not",
    "non",
    "no",
];

/// Parts of the image that "without" can follow: "areas without trees".
const PARTS: &[&str] = &[
    "area", "areas", "part", "parts", "pixel", "pixels", "region", "regions", "rest",
];

/// Words for not having something. Longer entries come first.
const WITHOUT: &[&str] = &[
    "which do not have",
    "which does not have",
    "that do not have",
    "that does not have",
    "do not have",
    "does not have",
    "which have no",
    "which has no",
    "that have no",
    "that has no",
    "not having",
    "having no",
    "have no",
    "has no",
    "with no",
    "that lack",
    "lacking",
    "without",
    "and without",
    "but without",
    "and with no",
    "but with no",
    "and no",
    "but no",
];

/// Where things are that others have. Longer entries come first.
const WHERE: &[&str] = &[
    "on the roof",
    "on its roof",
    "on their roofs",
    "next to it",
    "next to them",
    "around it",
    "around them",
    "beside it",
    "beside them",
    "near it",
    "near them",
    "nearby",
    "on it",
    "on them",
    "in it",
    "in the garden",
    "in the yard",
];

impl Parser<'_> {
    /// "Everything except", "all areas without", "no": the words before the things whose complement is asked for.
    /// Returns the index after them.
    pub(super) fn complement(&self, at: usize) -> Option<usize> {
        if let Some(end) = self.any_at(at, ALONE) {
            // "Not red buildings" are buildings, and after a comma other things may follow: "except for the red ones,
            // all cars".
            let listed = self.words.iter().any(|word| word.text == ",");
            let negates = self.is(at, &["not", "non"]);
            let is_adjective = negates && self.adjective(end).is_some();
            // "Non-residential buildings" are buildings too, but only the network can know which.
            let joined = self.words.get(end).is_some_and(|word| word.joined);
            let is_unknown = joined && self.noun_at(end).is_none();
            return (!listed && !is_adjective && !is_unknown).then_some(end);
        }
        let mut next = at;
        if self.is(
            next,
            &[
                "everything",
                "anything",
                "whatever",
                "anywhere",
                "everywhere",
            ],
        ) {
            next += 1;
        } else if self.text(next) == "all" && self.is(next + 1, &["except", "but", "other", "not"])
        {
            return self.any_at(next + 1, EXCEPT);
        } else {
            while self.is(
                next,
                &[
                    "the", "all", "a", "an", "any", "every", "of", "entire", "whole", "full",
                ],
            ) {
                next += 1;
            }
            if !self.is(next, PARTS) && !is_image(self.text(next)) {
                return None;
            }
            next += 1;
        }
        next += usize::from(self.text(next) == "else");
        let end = self.image_phrase(next).unwrap_or(next);
        self.any_at(end, EXCEPT)
    }

    /// "Not red", "non-red", before a noun. Also returns the index after it.
    pub(super) fn unlike(&self, at: usize) -> Option<(Condition, usize)> {
        if !self.is(at, &["not", "non"]) {
            return None;
        }
        let (conditions, end) = self.adjective(at + 1)?;
        let condition = negatable(conditions)?;
        Some((Condition::Not(Box::new(condition)), end))
    }

    /// "Without a pool": a relation to things of a known class, a roof that is not so ("without red roofs"), or an
    /// exception of things of the same kind ("without the red ones"). Returns the index after it.
    pub(super) fn without(&mut self, draft: &mut Draft, at: usize, scope: Scope) -> Option<usize> {
        let start = self.any_at(at, WITHOUT)?;
        // "No cars and no trucks": neither. "With a pool but without trees": the house is.
        if self.is(at, &["and", "but"]) && (draft.complement.is_some() || !scope.head) {
            return None;
        }
        if let Some((condition, end)) = self.roof_without(draft, start) {
            let added = draft.add(Condition::Not(Box::new(condition)), at..end);
            self.checked(added);
            return Some(end);
        }
        if let Some(end) = self.had(draft, at, start, scope, true) {
            return Some(end);
        }
        if self.text(at) != "without" || !scope.sets {
            return None;
        }
        let excepted = self.attempt(|parser| {
            let (other, end) = parser.noun_phrase(start)?;
            is_excepted(draft, &other).then_some(end)
        });
        excepted?;
        Some(self.exception(draft, at, start))
    }

    /// "A red roof", after "without".
    fn roof_without(&self, draft: &Draft, at: usize) -> Option<(Condition, usize)> {
        let start = at + usize::from(self.is(at, &["a", "an"]));
        let (found, end) = self.roof(start).filter(|_| draft.has_roof())?;
        let conditions = found.into_iter().map(|(condition, _)| condition);
        Some((negatable(conditions)?, end))
    }

    /// The things that the draft's things have, or do not have: "a pool and solar panels". `at` is the first word that
    /// says so. Returns the index after them.
    pub(super) fn had(
        &mut self,
        draft: &mut Draft,
        at: usize,
        start: usize,
        scope: Scope,
        is_negated: bool,
    ) -> Option<usize> {
        let inner = Scope {
            head: false,
            sets: false,
            place: false,
            roofed: scope.roofed,
        };
        let (mut from, mut next, mut last) = (at, start, None);
        loop {
            let found = self.attempt(|parser| {
                parser.clause();
                let (other, end) = parser.other_things(next, inner)?;
                // "With a pool and trees", other than "with a pool, and the trees"; "without a pool or a car".
                let either = parser.is(next - 1, &["or", "nor"]);
                let plain = !parser.is(next, &["the", "all"]) && is_part_of_plots(&other);
                let listed = last.is_none() || either || plain;
                (listed && is_had(draft, &other, is_negated)).then_some((other, end))
            });
            let Some((other, end)) = found else {
                return last;
            };
            let end = self.any_at(end, WHERE).unwrap_or(end);
            let with = Condition::Relation(Relation::NextTo, Box::new(other));
            let condition = if is_negated {
                Condition::Not(Box::new(with))
            } else {
                with
            };
            let added = draft.add(condition, from..end);
            self.checked(added);
            let joins = if is_negated {
                &["or", "nor", "and"][..]
            } else {
                &["and"]
            };
            if !self.is(end, joins) {
                return Some(end);
            }
            (from, next, last) = (end, end + 1, Some(end));
        }
    }

    /// "Not red", "not on the left", "not beside the road or the pool". Returns the index after it.
    pub(super) fn negated(&mut self, draft: &mut Draft, at: usize, scope: Scope) -> Option<usize> {
        if self.text(at) != "not" || self.relation(at, draft, false).is_some() {
            return None;
        }
        let (mut start, mut next) = (at, at + 1);
        loop {
            let found = self.described(draft, next, scope);
            let Some((condition, end)) = found else {
                return (start > at).then_some(start);
            };
            let added = draft.add(Condition::Not(Box::new(condition)), start..end);
            self.checked(added);
            if !self.is(end, &["or", "nor"]) {
                return Some(end);
            }
            (start, next) = (end, end + 1);
        }
    }

    /// A single description: an appearance, a position or a relation.
    fn described(&mut self, draft: &Draft, at: usize, scope: Scope) -> Option<(Condition, usize)> {
        if let Some((conditions, end)) = self.adjective(at) {
            return Some((negatable(conditions)?, end));
        }
        if let Some((found, end)) = self.looks(at) {
            let conditions = found.into_iter().map(|(condition, _)| condition);
            return Some((negatable(conditions)?, end));
        }
        if let Some((sides, end)) = self.position(at) {
            let position = sides.position().filter(|_| scope.place)?;
            return Some((Condition::Position(position), end));
        }
        self.relation(at, draft, scope.place && !scope.head)
    }
}

/// A single condition whose opposite can be decided: the network finds roofs of a material, and not roofs of any other.
fn negatable(conditions: impl IntoIterator<Item = Condition>) -> Option<Condition> {
    let mut conditions = conditions.into_iter();
    let first = conditions.next()?;
    let is_material = matches!(first, Condition::Material(_));
    (conditions.next().is_none() && !is_material).then_some(first)
}

/// Whether things can be had by others, beside or on them: things of a known class, because others may be part of the
/// thing itself, which only the network can decide. `is_negated`: of the same kind or on a ground, they are excluded
/// instead ("the grass without the trees").
fn is_had(draft: &Draft, other: &Request, is_negated: bool) -> bool {
    let Some(class) = other.thing.class else {
        return false;
    };
    let had = class != Class::RoadMarking && !other.thing.noun.contains("roof");
    let Some(name) = draft.name.as_ref().filter(|_| is_negated) else {
        return had;
    };
    let is_excluded = |head: Class| {
        let whole = head.is_ground() && !head.is_area();
        let kind = head.covers(class.id()) || class.covers(head.id());
        whole || kind && class != Class::SolarPanel
    };
    had && name.count != Count::Mass && !name.class.is_some_and(is_excluded)
}

/// Whether things usually belong to a building or its plot, so that "and" lists them with others of the kind: "with a
/// pool and solar panels".
fn is_part_of_plots(request: &Request) -> bool {
    matches!(
        request.thing.class,
        Some(Class::Pool | Class::SolarPanel | Class::Tree | Class::Grass)
    )
}

/// Whether "without" excludes these things: some of the same kind, or things on a ground.
fn is_excepted(draft: &Draft, other: &Draft) -> bool {
    let Some(name) = &other.name else {
        return true;
    };
    let Some(head) = &draft.name else {
        return false;
    };
    let of_kind = |class: Class| head.class.is_some_and(|head| head.covers(class.id()));
    head.count == Count::Mass
        || head.class.is_some_and(Class::is_ground)
        || name.class.is_some_and(of_kind)
}
