//! A noun with its article and adjectives: "the two large red buildings", "the second largest of the pools".

use crate::reading::direction::{Sides, is_part};
use crate::reading::lexicon;
use crate::reading::request::Condition;
use crate::reading::words;

use super::draft::Article;
use super::{Draft, Parser, Said, Scope};

/// States before a noun that do not describe its appearance.
const PARTICIPLES: &[&str] = &[
    "parked", "docked", "moored", "standing", "located", "visible", "driving", "moving",
];

/// Words before a noun that do not describe it.
const SKIPPED: &[&str] = &[
    "other",
    "different",
    "similar",
    "same",
    "single",
    "entire",
    "whole",
    "visible",
    "own",
    "only",
    "next",
    "nearby",
    "neighboring",
    "neighbouring",
    "particular",
    "given",
    "next",
    "likewise",
];

impl Parser<'_> {
    /// Reads a noun with the words before it, or a pronoun in its place ("the largest one"). Also returns the index
    /// after it.
    pub(super) fn noun_phrase(&mut self, at: usize) -> Option<(Draft, usize)> {
        let wordless = |draft: &Draft| {
            let name = draft.name.as_ref();
            name.is_some_and(|name| !name.text.contains(char::is_alphabetic))
        };
        self.attempt(|parser| parser.noun_phrase_inner(at))
            .filter(|(draft, _)| !draft.is_empty() && !wordless(draft))
    }

    fn noun_phrase_inner(&mut self, at: usize) -> Option<(Draft, usize)> {
        if self.text(at) == "(" {
            let (mut draft, next) = self.noun_phrase(at + 1)?;
            let next = self.after(&mut draft, next, Scope::PHRASE);
            draft.closed = true;
            return (self.text(next) == ")").then_some((draft, next + 1));
        }
        let mut draft = Draft {
            at: at..at,
            ..Draft::default()
        };
        let mut next = at;
        // Words of the noun before those in the tables, and adjectives of material.
        let mut before: Vec<usize> = Vec::new();
        let mut materials: Vec<Said<Condition>> = Vec::new();
        // The state before a comma or "and". If no noun follows, the phrase ends there.
        let mut fallback: Option<(Draft, usize)> = None;
        loop {
            self.steps += 1;
            if before.is_empty()
                && let Some(after) = self.determiner(&mut draft, next)
            {
                next = after;
                continue;
            }
            if before.is_empty()
                && let Some((condition, after)) = self.unlike(next)
            {
                let added = draft.add(condition, next..after);
                self.checked(added);
                next = after;
                continue;
            }
            let known = self.noun_at(next);
            let long = known.filter(|(end, _)| {
                *end > next + 1 || lexicon::adjective(self.text(next)).is_none()
            });
            if let Some((end, noun)) = long
                && (Sides::of(self.text(next)).is_none() || end > next + 1)
            {
                if self.continues(end) {
                    before.extend(next..end);
                    next = end;
                    continue;
                }
                self.name(&mut draft, &before, next..end, Some(noun));
                next = self.drawing(&mut draft, end);
                break;
            }
            if before.is_empty()
                && let Some(after) = self.order_before(&mut draft, next)
            {
                next = after;
                continue;
            }
            if let Some(after) = self.motley(next) {
                before.extend(next..after);
                next = after;
                continue;
            }
            if let Some((conditions, after)) =
                self.adjective(next).filter(|_| !self.closes(next, &before))
            {
                for condition in conditions {
                    if matches!(condition, Condition::Material(_)) {
                        materials.push(Said {
                            what: condition,
                            at: next..after,
                        });
                    } else {
                        let added = draft.add(condition, next..after);
                        self.checked(added);
                    }
                }
                next = after;
                continue;
            }
            if before.is_empty()
                && let Some(after) = self.side_before(&mut draft, next)
            {
                next = after;
                continue;
            }
            let sized = self.text(next + 1) == "sized";
            if self.is(next, SKIPPED)
                && (sized
                    || !self.ends_noun(next + 1)
                    || self.is(next + 1, &["one", "ones"])
                    || self.is(next + 1, PARTICIPLES))
            {
                draft.other |= self.is(next, &["other", "different", "similar", "same"]);
                next += 1 + usize::from(self.text(next + 1) == "sized");
                continue;
            }
            let adjectives =
                draft.orders() || !draft.conditions.is_empty() || !materials.is_empty();
            if before.is_empty() && adjectives && self.is(next, &[",", "and"]) {
                let comma = next + usize::from(self.text(next) == ",");
                let after = comma + usize::from(self.text(comma) == "and");
                let list = self.adjective(after).is_some()
                    || self.most(after).is_some()
                    || self.is_content(after);
                if list && !self.is(after, &["the", "a", "an"]) {
                    fallback.get_or_insert_with(|| (draft.clone(), next));
                    next = after;
                    continue;
                }
            }
            if self.is(next, &["one", "ones"]) && !self.text(next).is_empty() && before.is_empty() {
                draft.pronoun = true;
                if self.text(next) == "ones" {
                    draft.article = Article::All;
                }
                next += 1;
                break;
            }
            // "A parked car", "a flat-roofed house".
            let parked =
                before.is_empty() && self.is(next, PARTICIPLES) && !self.ends_noun(next + 1);
            if parked {
                next += 1;
                continue;
            }
            if !before.is_empty()
                && self.words.get(next).is_some_and(|word| word.joined)
                && !self.ends_noun(next + 1)
            {
                before.push(next);
                next += 1;
                continue;
            }
            let counts = self.places(next).is_some();
            if counts || self.ends_noun(next) || self.is_verb(next, !before.is_empty()) {
                let part = before.len() == 1 && is_part(self.text(before[0]));
                if !before.is_empty() && !part {
                    let head = before.remove(before.len() - 1);
                    self.name(&mut draft, &before, head..head + 1, None);
                }
                break;
            }
            before.push(next);
            next += 1;
        }
        if draft.name.is_none() && next > at && self.is(next - 1, &["another", "those", "these"]) {
            draft.pronoun = true;
            if self.text(next - 1) != "another" {
                draft.article = Article::All;
            }
        }
        self.measure(&mut draft, &mut next);
        self.partitive(&mut draft, &mut next);
        if draft.name.is_none()
            && let Some((earlier, place)) = fallback
        {
            (draft, next) = (earlier, place);
        }
        self.square(&mut draft);
        self.materials(&mut draft, materials);
        draft.at = at..next;
        Some((draft, next))
    }

    /// Whether another noun follows and forms a compound: "car dealership".
    pub(super) fn continues(&self, at: usize) -> bool {
        if self.ends_noun(at) || !self.is_content(at) || self.is_verb(at, true) {
            return false;
        }
        let drawn = lexicon::is_drawing(self.text(at)) && (self.ends_noun(at + 1));
        !drawn && words::cardinal(self.text(at)).is_none()
    }

    /// Whether an unknown word looks like a verb or an adverb rather than part of a noun.
    pub(super) fn is_verb(&self, at: usize, inside: bool) -> bool {
        let word = self.text(at);
        if word.ends_with("ly") && word.len() > 4 {
            return true;
        }
        // "The tallest": an unknown order must not become part of the noun.
        if word.ends_with("est") && word.len() > 5 && self.noun_at(at).is_none() {
            return true;
        }
        let form = word.len() > 4 && (word.ends_with("ing") || word.ends_with("ed"));
        form && self.noun_at(at).is_none() && inside && self.ends_noun(at + 1)
    }

    /// "Building mask" means all buildings.
    pub(super) fn drawing(&self, draft: &mut Draft, at: usize) -> usize {
        if lexicon::is_drawing(self.text(at)) && self.ends_noun(at + 1) {
            draft.article = Article::All;
            return at + 1;
        }
        at
    }

    /// Whether an adjective ends a noun that is not in the tables, rather than preceding one.
    pub(super) fn closes(&self, at: usize, before: &[usize]) -> bool {
        !before.is_empty()
            && self
                .adjective(at)
                .is_some_and(|(_, after)| self.ends_noun(after))
    }
}
