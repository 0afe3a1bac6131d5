//! A noun with its article and adjectives: "the two large red buildings", "the second largest of the pools".

use std::ops::Range;

use crate::reading::direction::{Sides, is_part};
use crate::reading::lexicon;
use crate::reading::nouns::{self, Count};
use crate::reading::request::{Condition, Rank};
use crate::reading::words;
use crate::things::class::Class;

use super::draft::{Article, Name};
use super::{Draft, Parser, Said, Scope};

/// Words before a noun that say nothing of it.
const SKIPPED: &[&str] = &[
    "other", "different", "similar", "same", "single", "entire", "whole", "visible", "own", "only", "next", "nearby",
    "neighboring", "neighbouring", "particular", "given", "next", "likewise",
];

impl Parser<'_> {
    /// A noun with what stands before it, or what stands for one ("the largest one"); the place behind it.
    pub(super) fn noun_phrase(&mut self, at: usize) -> Option<(Draft, usize)> {
        self.attempt(|parser| parser.noun_phrase_inner(at)).filter(|(draft, _)| !draft.is_empty())
    }

    fn noun_phrase_inner(&mut self, at: usize) -> Option<(Draft, usize)> {
        if self.text(at) == "(" {
            let (mut draft, next) = self.noun_phrase(at + 1)?;
            let next = self.after(&mut draft, next, Scope::PHRASE);
            draft.closed = true;
            return (self.text(next) == ")").then_some((draft, next + 1));
        }
        let mut draft = Draft { at: at..at, ..Draft::default() };
        let mut next = at;
        // Words of the noun before the one that the tables know; adjectives of what something is made of.
        let mut before: Vec<usize> = Vec::new();
        let mut materials: Vec<Said<Condition>> = Vec::new();
        // State before a comma or "and": the noun must follow, or the phrase ends there.
        let mut fallback: Option<(Draft, usize)> = None;
        loop {
            self.steps += 1;
            if before.is_empty()
                && let Some(after) = self.determiner(&mut draft, next)
            {
                next = after;
                continue;
            }
            let known = self.noun_at(next);
            let long = known.filter(|(end, _)| *end > next + 1 || lexicon::adjective(self.text(next)).is_none());
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
            if let Some((conditions, after)) = self.adjective(next).filter(|_| !self.closes(next, &before)) {
                for condition in conditions {
                    if matches!(condition, Condition::Material(_)) {
                        materials.push(Said { what: condition, at: next..after });
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
            if self.is(next, SKIPPED) || self.is(next, &["similar", "same"]) {
                next += 1 + usize::from(self.text(next + 1) == "sized");
                continue;
            }
            let adjectives = draft.orders() || !draft.conditions.is_empty() || !materials.is_empty();
            if before.is_empty() && adjectives && fallback.is_none() && self.is(next, &[",", "and"]) {
                let comma = next + usize::from(self.text(next) == ",");
                let after = comma + usize::from(self.text(comma) == "and");
                let list = self.adjective(after).is_some() || self.most(after).is_some() || self.is_content(after);
                if list && !self.is(after, &["the", "a", "an"]) {
                    fallback = Some((draft.clone(), next));
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
            if self.ends_noun(next) || self.is_verb(next, !before.is_empty()) {
                if !before.is_empty() {
                    let head = before.remove(before.len() - 1);
                    self.name(&mut draft, &before, head..head + 1, None);
                }
                break;
            }
            before.push(next);
            next += 1;
        }
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

    /// An article or number, with what it does to the draft.
    fn determiner(&mut self, draft: &mut Draft, at: usize) -> Option<usize> {
        let word = self.text(at);
        let fresh = draft.article == Article::None;
        let article = match word {
            "the" | "this" | "that" | "these" | "those" | "its" | "their" if fresh || draft.article == Article::All => {
                if fresh { Article::The } else { draft.article }
            }
            "a" | "an" | "another" if fresh => {
                let pair = self.any_at(at + 1, &["pair of", "couple of"]);
                if let Some(after) = pair {
                    draft.count = Some(Said { what: 2, at: at..after });
                    return Some(after);
                }
                let group = self.any_at(at + 1, &["group of", "cluster of", "number of", "lot of"]);
                if let Some(after) = group {
                    draft.article = Article::All;
                    return Some(after);
                }
                Article::A
            }
            "all" | "every" | "each" | "any" | "some" | "several" | "many" | "few" | "multiple" | "various" | "these"
            | "numerous" => Article::All,
            "both" if draft.count.is_none() => {
                draft.count = Some(Said { what: 2, at: at..at + 1 });
                return Some(at + 1);
            }
            _ => {
                // "One" before a noun is a number, alone it stands for one.
                let number = words::cardinal(word).filter(|_| draft.count.is_none())?;
                if number == 1 && (self.text(at) != "one" || !self.is_content(at + 1)) {
                    return None;
                }
                draft.count = Some(Said { what: number, at: at..at + 1 });
                return Some(at + 1);
            }
        };
        draft.article = article;
        let each = self.any_at(at, &["each and every", "every single", "each one"]);
        Some(each.unwrap_or(at + 1))
    }

    /// A superlative or ordinal before the noun.
    fn order_before(&mut self, draft: &mut Draft, at: usize) -> Option<usize> {
        if let Some(((first, last), after)) = self.places(at) {
            if draft.ordinal.is_some() || draft.rank.is_some() {
                return None;
            }
            draft.ordinal = Some(Said { what: (first, last), at: at..after });
            return Some(after);
        }
        if let Some((key, after)) = self.most(at) {
            let (mut place, mut count, mut start) = (1, 1, at);
            if let Some(ordinal) = draft.ordinal.take() {
                place = ordinal.what.0;
                count = ordinal.what.1 - ordinal.what.0 + 1;
                start = ordinal.at.start;
            }
            let ordered = draft.order(Rank { key, place, count }, start..after);
            self.checked(ordered);
            return Some(after);
        }
        if self.is(at, &["closest", "nearest", "furthest", "farthest"]) && draft.nearest.is_none() {
            // "Closest to" belongs behind the noun.
            if self.is(at + 1, &["to", "from", "away", "the"]) && self.text(at + 1) != "of" {
                return None;
            }
            let closest = self.is(at, &["closest", "nearest"]);
            draft.nearest = Some(Said { what: closest, at: at..at + 1 });
            return Some(at + 1);
        }
        None
    }

    /// A position before the noun: "top left", "left-hand", "northern".
    fn side_before(&mut self, draft: &mut Draft, at: usize) -> Option<usize> {
        let mut start = at;
        while self.is(start, &["very", "far", "extreme", "outer"]) {
            start += 1;
        }
        let (sides, mut next) = self.sides(start)?;
        while is_part(self.text(next)) && self.text(next) != "half" {
            next += 1;
        }
        // A noun must follow, perhaps behind more adjectives.
        let mut noun = next;
        while let Some((_, after)) = self.adjective(noun) {
            noun = after;
        }
        let ordered = self.most(noun).is_some() || self.is(noun, &["one", "ones", ","]) && draft.article == Article::The;
        if self.ends_noun(noun) && !ordered {
            return None;
        }
        let position = sides.position()?;
        let added = draft.add(Condition::Position(position), at..next);
        self.checked(added);
        Some(next)
    }

    /// Whether a noun goes on with another word: "car dealership".
    fn continues(&self, at: usize) -> bool {
        if self.ends_noun(at) || !self.is_content(at) || self.is_verb(at, true) {
            return false;
        }
        let drawn = lexicon::is_drawing(self.text(at)) && (self.ends_noun(at + 1));
        !drawn && words::cardinal(self.text(at)).is_none()
    }

    /// Whether an unknown word looks like a verb or an adverb rather than part of a noun.
    fn is_verb(&self, at: usize, inside: bool) -> bool {
        let word = self.text(at);
        if word.ends_with("ly") && word.len() > 4 {
            return true;
        }
        let form = word.len() > 4 && (word.ends_with("ing") || word.ends_with("ed"));
        form && self.noun_at(at).is_none() && inside && self.ends_noun(at + 1)
    }

    /// "Building mask" means all buildings.
    fn drawing(&self, draft: &mut Draft, at: usize) -> usize {
        if lexicon::is_drawing(self.text(at)) && self.ends_noun(at + 1) {
            draft.article = Article::All;
            return at + 1;
        }
        at
    }

    /// Whether an adjective stands at the end of a noun that the tables lack: then it is not before one.
    fn closes(&self, at: usize, before: &[usize]) -> bool {
        !before.is_empty() && self.adjective(at).is_some_and(|(_, after)| self.ends_noun(after))
    }

    fn name(&self, draft: &mut Draft, before: &[usize], at: Range<usize>, noun: Option<nouns::Noun>) {
        let mut text = String::new();
        for place in before.iter().copied().chain(at.clone()) {
            let word = &self.words[place];
            if !text.is_empty() {
                text.push(if word.joined { '-' } else { ' ' });
            }
            text.push_str(&word.text);
        }
        let start = before.first().copied().unwrap_or(at.start);
        let whole = nouns::noun(&text.replace('-', " "));
        let count = match (noun.or(whole), before.is_empty()) {
            (Some(noun), _) => noun.count,
            (None, _) => nouns::guessed(&text),
        };
        let class: Option<Class> = whole.and_then(|noun| noun.class);
        draft.name = Some(Name { text, class, count, at: start..at.end });
    }

    /// "Of the pools", behind "the largest", "each", "one".
    fn partitive(&mut self, draft: &mut Draft, next: &mut usize) {
        let open = draft.name.is_none() && (draft.pronoun || draft.orders() || draft.article != Article::None || draft.count.is_some());
        if !open || self.text(*next) != "of" || self.image_phrase(*next).is_some() {
            return;
        }
        let Some((inner, after)) = self.noun_phrase(*next + 1).filter(|(inner, _)| inner.is_named()) else { return };
        draft.partitive = draft.article != Article::All && draft.count.as_ref().is_none_or(|count| count.what == 1);
        let merged = draft.merge(Draft { count: None, ..inner });
        self.checked(merged);
        *next = after;
    }

    /// "The square" is a noun.
    fn square(&self, draft: &mut Draft) {
        let last = draft.conditions.last().map(|said| said.at.clone());
        if let Some(at) = last.filter(|at| draft.name.is_none() && !draft.pronoun && self.is(at.end - 1, &["square", "squares"])) {
            draft.conditions.pop();
            self.name(draft, &[], at, None);
        }
    }

    /// Materials are conditions of buildings and part of any other noun.
    fn materials(&mut self, draft: &mut Draft, materials: Vec<Said<Condition>>) {
        let Some(name) = &mut draft.name else {
            for said in materials {
                let added = draft.add(said.what, said.at);
                self.checked(added);
            }
            return;
        };
        if name.class == Some(Class::Building) {
            for said in materials {
                let added = draft.add(said.what, said.at);
                self.checked(added);
            }
            return;
        }
        for said in materials.into_iter().rev() {
            let words: Vec<&str> = self.words[said.at.clone()].iter().map(|word| word.text.as_str()).collect();
            name.text = format!("{} {}", words.join("-"), name.text);
            name.at.start = name.at.start.min(said.at.start);
            if name.class.take().is_some() && name.count == Count::Either {
                name.count = Count::One;
            }
        }
    }
}
