//! The words that may follow a noun.

use crate::reading::lexicon;
use crate::reading::nouns::Count;
use crate::reading::problem::Problem;

use super::draft::Article;
use super::{Draft, Parser, Scope};

/// Words without meaning that may appear anywhere after the noun. Longer entries come first.
const IDLE: &[&str] = &[
    "if you can find it",
    "if you can find them",
    "if you see one",
    "if you see any",
    "if there is one",
    "if there are any",
    "if there is any",
    "if there are some",
    "if any",
    "mark it",
    "mark them",
    "find it",
    "find them",
    "show it",
    "show them",
    "and nothing else",
    "and nothing more",
    "nothing more",
    "nothing else",
    "for me",
    "from the rest",
    "from rest",
    "should be marked",
    "should be highlighted",
    "should be selected",
    "as seen from above",
    "seen from above",
    "from above",
    "large and small",
    "of any kind",
    "of any size",
    "of all",
    "in view",
    "in sight",
    "you can see",
    "you can find",
    "there may be",
    "to be found",
    "to be seen",
    "can be found",
    "can be seen",
    "anywhere",
    "everywhere",
    "outlined",
    "marked",
    "highlighted",
    "please",
    "thanks",
    "thank you",
    "on the map",
    "on map",
    "on the ground",
    "just",
    "only",
    "visible",
    "would be",
    "you see",
    "in here",
    "together",
];

const SETS: &[&str] = &[
    "except for",
    "except",
    "but not",
    "excluding",
    "other than",
    "apart from",
    "aside from",
    "minus",
    "leaving out",
];

impl Parser<'_> {
    /// Reads the words after a noun, adds their content to the draft, and returns the index after them.
    pub(super) fn after(&mut self, draft: &mut Draft, at: usize, scope: Scope) -> usize {
        let mut next = at;
        let mut comma = false;
        // "Is" without "that" before it: a statement.
        let mut stated = false;
        let own = draft.conditions.len();
        while next < self.words.len() {
            self.steps += 1;
            let word = self.text(next);
            if word == ")" {
                return next;
            }
            if matches!(word, "," | ";" | ":" | "-" | "." | "?") {
                if !scope.head {
                    return next;
                }
                comma = true;
                next += 1;
                continue;
            }
            if let Some(end) = self.image_phrase(next) {
                next = end;
                continue;
            }
            if scope.head
                && let Some(end) = self.idle(next)
            {
                next = end;
                continue;
            }
            if let Some(end) = self.without(draft, next, scope) {
                next = end;
                continue;
            }
            if let Some(end) = self.any_at(next, SETS) {
                if !scope.sets {
                    return next;
                }
                next = self.exception(draft, next, end);
                continue;
            }
            if draft.complement.is_some()
                && let Some(end) = self.any_at(next, &["and no", "or no", "nor"])
            {
                next = self.addition(draft, next, end, own);
                continue;
            }
            if let Some(end) = self.any_at(
                next,
                &["as well as", "along with", "and also", "and", "plus", "or"],
            ) {
                if !scope.head {
                    return next;
                }
                // "With a pool and a red roof".
                let roof = end + usize::from(self.is(end, &["a", "an"]));
                if let Some((conditions, after)) =
                    self.roof(roof).filter(|_| roof > end && draft.has_roof())
                {
                    for (condition, range) in conditions {
                        let added = draft.add(condition, range);
                        self.checked(added);
                    }
                    next = after;
                    continue;
                }
                let modifier = self.skip_fillers(end);
                let another = draft.orders() && self.is(end, &["the", "a", "an"]);
                if word != "or" && !another && self.says_more(modifier, draft) {
                    next = modifier;
                    comma = true;
                    continue;
                }
                if !scope.sets {
                    return next;
                }
                next = self.addition(draft, next, end, own);
                comma = false;
                continue;
            }
            let before = next;
            if let Some(end) = self.said_of(draft, next, scope, stated) {
                comma &= end == before;
                next = end;
                continue;
            }
            if !scope.head {
                // "The house that is red", "the car parked next to the house".
                let start = self.skip_fillers(next);
                let relative = self.is(next, &["that", "which"]);
                if start > next
                    && (relative || !self.is(next, &["is", "are", "there", "it", "they", "also"]))
                {
                    let end = self.said_of(draft, start, scope, false);
                    if let Some(end) = end {
                        next = end;
                        continue;
                    }
                }
                return next;
            }
            if lexicon::is_filler(word) || word == "has" && lexicon::is_filler(self.text(next + 1))
            {
                if self.is(next, &["are", "were"])
                    && let Some(name) = draft
                        .name
                        .as_mut()
                        .filter(|name| name.count == Count::Either)
                {
                    name.count = Count::Many;
                }
                stated = matches!(word, "is" | "are")
                    && !(next > 0 && self.is(next - 1, &["that", "which", "it"]));
                next += 1;
                continue;
            }
            if word == "of"
                && draft.name.is_none()
                && let Some((among, end)) = self.noun_phrase(next + 1)
            {
                draft.partitive = draft.article != Article::All;
                let merged = draft.merge(Draft {
                    count: None,
                    ..among
                });
                self.checked(merged);
                next = end;
                continue;
            }
            if let Some(end) = self.apposition(draft, next, scope, comma) {
                next = end;
                continue;
            }
            if comma && !scope.sets && self.lists(next) {
                return next;
            }
            self.unread.push(next);
            comma = false;
            next += 1;
        }
        next
    }

    pub(super) fn idle(&self, at: usize) -> Option<usize> {
        let ends = |at: usize| matches!(self.text(at), "" | "," | "?" | "." | ")" | "is" | "are");
        if self.text(at) == "around" && ends(at + 1) {
            return Some(at + 1);
        }
        let end = self.any_at(at, IDLE)?;
        // "On the ground" and the like are idle only if no noun follows.
        let around =
            self.text(at) == "on" && self.image_phrase(at).is_none() && self.is_content(end);
        (!around).then_some(end)
    }

    pub(super) fn skip_fillers(&self, at: usize) -> usize {
        let mut next = at;
        while lexicon::is_filler(self.text(next)) {
            next += 1;
        }
        next
    }

    /// Whether the words there describe the same things further, and not other things.
    pub(super) fn says_more(&mut self, at: usize, draft: &Draft) -> bool {
        if self.text(at).is_empty() {
            return false;
        }
        let adjectives = self.looks(at).is_some();
        let order = |parser: &mut Self| parser.order_after(at, draft).map(|_| ());
        let related = |parser: &mut Self| parser.relation(at, draft, false).map(|_| ());
        let (problems, unread, clauses) =
            (self.problems.clone(), self.unread.clone(), self.clauses);
        let more = adjectives
            || self.position(at).is_some()
            || self.attempt(order).is_some()
            || self.attempt(related).is_some();
        let too_long = self.problems.contains(&Problem::TooLong);
        (self.problems, self.unread, self.clauses) = (problems, unread, clauses);
        if too_long {
            self.note(Problem::TooLong);
        }
        more
    }

    /// Makes number and rank final, and notes the words of orders that were never completed.
    pub(super) fn finish(&mut self, draft: &mut Draft) {
        let ordinal = draft.ordinal.take().map(|said| said.at);
        let nearest = draft.nearest.take().map(|said| said.at);
        self.unread
            .extend(ordinal.into_iter().chain(nearest).flatten());
        let settled = draft.settle();
        self.checked(settled);
    }
}
