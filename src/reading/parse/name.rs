//! Names of things, of one or more words, with or without a class.

use std::ops::Range;

use crate::reading::nouns::{self, Count};
use crate::reading::request::Condition;
use crate::things::class::Class;

use super::draft::{Article, Name};
use super::{Draft, Parser, Said};

/// Words for a group or quantity of things, before "of".
const MEASURES: &[&str] = &[
    "patch", "patches", "strip", "strips", "row", "rows", "stack", "stacks", "stretch", "piece",
    "pieces", "plot", "plots", "bunch", "pile", "piles", "cluster", "clusters", "group", "groups",
    "line", "lines", "grid", "section", "sections",
];

impl Parser<'_> {
    pub(super) fn name(
        &self,
        draft: &mut Draft,
        before: &[usize],
        at: Range<usize>,
        noun: Option<nouns::Noun>,
    ) {
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
        draft.name = Some(Name {
            text,
            class,
            count,
            at: start..at.end,
        });
    }

    /// "A row of cars", "the patch of lawn": one noun, with the class of what it consists of.
    pub(super) fn measure(&mut self, draft: &mut Draft, next: &mut usize) {
        let Some(name) = draft.name.clone() else {
            return;
        };
        let roof = matches!(
            name.text.as_str(),
            "roof" | "roofs" | "rooftop" | "rooftops"
        );
        if roof && self.text(*next) == "of" {
            // The roof of a building is the building, seen from above.
            let of = self
                .noun_phrase(*next + 1)
                .filter(|(inner, _)| inner.has_roof());
            if let Some((inner, after)) = of {
                draft.name = None;
                let merged = draft.merge(inner);
                self.checked(merged);
                *next = after;
            }
            return;
        }
        let measure = name.class.is_none()
            && MEASURES.contains(&name.text.rsplit([' ', '-']).next().unwrap_or_default());
        if !measure || self.text(*next) != "of" || self.image_phrase(*next).is_some() {
            return;
        }
        let start = *next;
        let Some((inner, after)) = self
            .noun_phrase(start + 1)
            .filter(|(inner, _)| inner.is_named())
        else {
            return;
        };
        let (mut text, plain) = (
            name.text.clone(),
            inner.conditions.is_empty() && !inner.orders(),
        );
        for word in &self.words[start..after] {
            text.push(if word.joined { '-' } else { ' ' });
            text.push_str(&word.text);
        }
        let class = inner.name.and_then(|inner| inner.class).filter(|_| plain);
        draft.name = Some(Name {
            text,
            class,
            at: name.at.start..after,
            count: name.count,
        });
        *next = after;
    }

    /// "Of the pools", after "the largest", "each", "one".
    pub(super) fn partitive(&mut self, draft: &mut Draft, next: &mut usize) {
        let open = draft.name.is_none()
            && (draft.pronoun
                || draft.orders()
                || draft.article == Article::All
                || draft.count.is_some());
        if !open || self.text(*next) != "of" || self.image_phrase(*next).is_some() {
            return;
        }
        let Some((inner, after)) = self
            .noun_phrase(*next + 1)
            .filter(|(inner, _)| inner.is_named())
        else {
            return;
        };
        draft.partitive = draft.article != Article::All
            && draft.count.as_ref().is_none_or(|count| count.what == 1);
        let merged = draft.merge(Draft {
            count: None,
            ..inner
        });
        self.checked(merged);
        *next = after;
    }

    /// "The square" is a noun.
    pub(super) fn square(&self, draft: &mut Draft) {
        let last = draft.conditions.last().map(|said| said.at.clone());
        if let Some(at) = last.filter(|at| {
            draft.name.is_none() && !draft.pronoun && self.is(at.end - 1, &["square", "squares"])
        }) {
            draft.conditions.pop();
            self.name(draft, &[], at, None);
        }
    }

    /// Materials are conditions of buildings, and part of the name for any other noun.
    pub(super) fn materials(&mut self, draft: &mut Draft, materials: Vec<Said<Condition>>) {
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
            let words: Vec<&str> = self.words[said.at.clone()]
                .iter()
                .map(|word| word.text.as_str())
                .collect();
            name.text = format!("{} {}", words.join("-"), name.text);
            name.at.start = name.at.start.min(said.at.start);
            if name.class.take().is_some() && name.count == Count::Either {
                name.count = Count::One;
            }
        }
    }
}
