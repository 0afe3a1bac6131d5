//! "And", "except" and lists.

use crate::reading::lexicon;

use super::draft::Article;
use super::{Draft, Parser, Scope};

impl Parser<'_> {
    /// "Except the largest one".
    pub(super) fn exception(&mut self, draft: &mut Draft, at: usize, start: usize) -> usize {
        self.clause();
        let found = self.attempt(|parser| {
            let (other, next) = parser.noun_phrase(start)?;
            Some((other, next))
        });
        let Some((mut other, mut next)) = found else {
            self.unread.extend(at..start);
            return start;
        };
        if !other.closed {
            next = self.after(&mut other, next, Scope::PART);
        }
        if other.name.is_none() {
            other.name = draft.name.clone();
            other.partitive = other.orders() || other.pronoun && other.article != Article::All;
        }
        other.at = at..next;
        self.finish(&mut other);
        draft.except.push(other);
        // "Except the largest and the smallest": both.
        if self.text(next) == "and" && self.is(next + 1, &["the", "a", "an", "all"]) {
            return self.exception(draft, next, next + 1);
        }
        next
    }

    /// "And the pools".
    pub(super) fn addition(
        &mut self,
        draft: &mut Draft,
        at: usize,
        start: usize,
        own: usize,
    ) -> usize {
        self.clause();
        let found = self.attempt(|parser| {
            let (other, next) = parser.noun_phrase(start)?;
            let verb =
                other.article == Article::None && parser.is(start, &["find", "mark", "show"]);
            Some((other, next)).filter(|(other, _)| (other.is_named() || other.orders()) && !verb)
        });
        let Some((mut other, mut next)) = found else {
            self.unread.extend(at..start);
            return start;
        };
        let before = other.conditions.len();
        let bare = other.article == Article::None
            && before == 0
            && other.count.is_none()
            && !other.orders();
        if !other.closed {
            next = self.after(&mut other, next, Scope::PART);
        }
        if other.name.is_none() {
            other.name = draft.name.clone();
            other.partitive = other.orders() || other.pronoun && other.article != Article::All;
        }
        // "The houses and pools on the left": both.
        if bare && draft.conditions.len() == own && draft.and.is_empty() {
            for said in &other.conditions[before..] {
                let added = draft.add(said.what.clone(), said.at.clone());
                self.checked(added);
            }
        }
        other.at = at..next;
        self.finish(&mut other);
        draft.and.push(other);
        next
    }

    /// Whether a noun phrase in a list starts there, after a comma.
    pub(super) fn lists(&self, at: usize) -> bool {
        self.is(at, &["the", "a", "an", "all"]) || self.noun_at(at).is_some()
    }

    /// "The red one", after a comma; or another noun in a list: "cars, trucks and buses".
    pub(super) fn apposition(
        &mut self,
        draft: &mut Draft,
        at: usize,
        scope: Scope,
        comma: bool,
    ) -> Option<usize> {
        let article = self.is(at, &["the", "a", "an", "both", "all", "one", "ones"]);
        if !(article
            || comma && self.lists(at)
            || comma && lexicon::adjective(self.text(at)).is_some())
        {
            return None;
        }
        let (other, next) = self.noun_phrase(at)?;
        if !other.is_named() {
            let partitive = other.orders() || other.pronoun && other.article != Article::All;
            draft.partitive |= partitive;
            draft.pronoun &= !other.pronoun;
            let merged = draft.merge(other);
            self.checked(merged);
            return Some(next);
        }
        if draft.name.is_none() {
            let merged = draft.merge(other);
            self.checked(merged);
            return Some(next);
        }
        if !comma || !scope.sets {
            return None;
        }
        self.clause();
        let mut other = other;
        let next = if other.closed {
            next
        } else {
            self.after(&mut other, next, Scope::PART)
        };
        other.at = at..next;
        self.finish(&mut other);
        draft.and.push(other);
        Some(next)
    }
}
