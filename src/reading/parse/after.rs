//! What is said of things after their noun.

use crate::reading::lexicon;
use crate::reading::problem::Problem;
use crate::reading::request::{Condition, Rank};
use crate::things::class::Class;

use super::draft::Article;
use super::rank::Order;
use super::{Draft, Parser, Said, Scope};

/// Words that say nothing, anywhere after the noun. The longer ones come first.
const IDLE: &[&str] = &[
    "if you can find it", "if you can find them", "if you see one", "if you see any", "if there is one",
    "if there are any", "if there is any", "if there are some", "if any", "mark it", "mark them", "find it", "find them",
    "show it", "show them", "and nothing else", "and nothing more", "nothing more", "nothing else", "for me",
    "from the rest", "from rest", "should be marked", "should be highlighted", "should be selected",
    "as seen from above", "seen from above", "from above", "large and small", "of any kind", "of any size", "of all",
    "in view", "in sight", "you can see", "you can find", "there may be", "to be found", "to be seen", "can be found",
    "can be seen", "anywhere", "everywhere", "outlined", "marked", "highlighted", "please", "thanks", "thank you",
    "on the map", "on map", "on the ground", "just", "only", "visible", "would be", "you see", "in here", "together",
];

const SETS: &[&str] = &[
    "except for", "except", "but not", "without", "excluding", "other than", "apart from", "aside from", "minus",
    "leaving out",
];

impl Parser<'_> {
    /// Adds to a draft what is said after its noun, and returns the place behind it.
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
            if scope.head && let Some(end) = self.idle(next) {
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
            if let Some(end) = self.any_at(next, &["as well as", "along with", "and also", "and", "plus", "or"]) {
                if !scope.head {
                    return next;
                }
                let modifier = self.skip_fillers(end);
                if word != "or" && self.says_more(modifier, draft) {
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
                if start > next && (relative || !self.is(next, &["is", "are", "there", "it", "they", "also"])) {
                    let end = self.said_of(draft, start, scope, false);
                    if let Some(end) = end {
                        next = end;
                        continue;
                    }
                }
                return next;
            }
            if lexicon::is_filler(word) || word == "has" && lexicon::is_filler(self.text(next + 1)) {
                stated = matches!(word, "is" | "are") && !(next > 0 && self.is(next - 1, &["that", "which", "it"]));
                next += 1;
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
            next += 1;
        }
        next
    }

    fn idle(&self, at: usize) -> Option<usize> {
        let end = self.any_at(at, IDLE)?;
        // "Around" and the like need an end behind them.
        let around = self.text(at) == "on" && self.image_phrase(at).is_none() && self.is_content(end);
        (!around).then_some(end)
    }

    fn skip_fillers(&self, at: usize) -> usize {
        let mut next = at;
        while lexicon::is_filler(self.text(next)) {
            next += 1;
        }
        next
    }

    /// Whether something more is said of the same things there, rather than of others.
    fn says_more(&mut self, at: usize, draft: &Draft) -> bool {
        if self.text(at).is_empty() {
            return false;
        }
        let adjectives = self.looks(at).is_some();
        let order = |parser: &mut Self| parser.order_after(at, draft).map(|_| ());
        let related = |parser: &mut Self| parser.relation(at, draft, false).map(|_| ());
        let (problems, unread, clauses) = (self.problems.clone(), self.unread.clone(), self.clauses);
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

    /// One thing said of the noun: an order, a relation, a place, a look. The place behind it.
    fn said_of(&mut self, draft: &mut Draft, at: usize, scope: Scope, stated: bool) -> Option<usize> {
        if scope.head {
            if let Some(end) = self.missing_order(draft, at) {
                return Some(end);
            }
            let order = self.attempt(|parser| parser.order_after(at, draft));
            if let Some((order, end)) = order {
                match order {
                    Order::Whole(rank) => {
                        let rank = self.with_ordinal(draft, rank);
                        let ordered = draft.order(rank, at..end);
                        self.checked(ordered);
                    }
                    Order::Nearest(closest) => draft.nearest = Some(Said { what: closest, at: at..end }),
                }
                return Some(end);
            }
        }
        let attributes = scope.head || draft.has_roof() && !scope.roofed || self.is(at.wrapping_sub(1), &["is", "are"]);
        if attributes && let Some((conditions, end)) = self.looks(at) {
            for (condition, range) in conditions {
                let added = draft.add(condition, range);
                self.checked(added);
            }
            return Some(end);
        }
        if let Some((sides, end)) = self.position(at) {
            if !scope.place {
                return None;
            }
            let added = draft.add(Condition::Position(sides.position()?), at..end);
            self.checked(added);
            return Some(end);
        }
        if self.text(at) == "with" {
            return self.with_things(draft, at, scope);
        }
        let place = stated || draft.position().is_some() || !scope.head && scope.place;
        let (condition, end) = self.relation(at, draft, place)?;
        let added = draft.add(condition, at..end);
        self.checked(added);
        Some(end)
    }

    /// What an ordinal or "closest" before the noun still lacks: "from the left", "to the road".
    fn missing_order(&mut self, draft: &mut Draft, at: usize) -> Option<usize> {
        if let Some(ordinal) = draft.ordinal.clone()
            && let Some((sides, end)) = self.from_side(at)
        {
            draft.ordinal = None;
            let (place, last) = ordinal.what;
            let rank = Rank { key: sides.key()?, place, count: last - place + 1 };
            let ordered = draft.order(rank, ordinal.at.start..end);
            self.checked(ordered);
            return Some(end);
        }
        let nearest = draft.nearest.clone()?;
        let fits = if nearest.what { self.text(at) == "to" } else { self.is(at, &["from", "away"]) };
        if !fits {
            return None;
        }
        let (key, end) = self.attempt(|parser| parser.nearest_of(at, nearest.what))?;
        draft.nearest = None;
        let rank = self.with_ordinal(draft, Rank { key, place: 1, count: 1 });
        let ordered = draft.order(rank, nearest.at.start..end);
        self.checked(ordered);
        Some(end)
    }

    /// A rank with an ordinal that stood alone: "the second building closest to the road".
    fn with_ordinal(&self, draft: &mut Draft, rank: Rank) -> Rank {
        match draft.ordinal.take() {
            Some(ordinal) if rank.place == 1 => {
                Rank { place: ordinal.what.0, count: ordinal.what.1 - ordinal.what.0 + 1, ..rank }
            }
            other => {
                draft.ordinal = other;
                rank
            }
        }
    }

    /// "With a pool": near things of a known class. What the classes lack may be part of the thing itself, which
    /// only the network can tell.
    fn with_things(&mut self, draft: &mut Draft, at: usize, scope: Scope) -> Option<usize> {
        use crate::reading::request::Relation;
        let inner = Scope { head: false, sets: false, place: false, roofed: scope.roofed };
        let (other, end) = self.attempt(|parser| {
            parser.clause();
            parser.other_things(at + 1, inner).filter(|(other, _)| {
                other.thing.class.is_some_and(|class| !matches!(class, Class::RoadMarking)) && !other.thing.noun.contains("roof")
            })
        })?;
        let added = draft.add(Condition::Relation(Relation::NextTo, Box::new(other)), at..end);
        self.checked(added);
        Some(end)
    }

    /// "Except the largest one".
    fn exception(&mut self, draft: &mut Draft, at: usize, start: usize) -> usize {
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
            other.partitive = other.orders();
        }
        other.at = at..next;
        self.finish(&mut other);
        draft.except.push(other);
        next
    }

    /// "And the pools".
    fn addition(&mut self, draft: &mut Draft, at: usize, start: usize, own: usize) -> usize {
        self.clause();
        let found = self.attempt(|parser| {
            let (other, next) = parser.noun_phrase(start)?;
            let verb = other.article == Article::None && parser.is(start, &["find", "mark", "show"]);
            Some((other, next)).filter(|(other, _)| (other.is_named() || other.orders()) && !verb)
        });
        let Some((mut other, mut next)) = found else {
            self.unread.extend(at..start);
            return start;
        };
        let before = other.conditions.len();
        let bare = other.article == Article::None && before == 0 && other.count.is_none() && !other.orders();
        if !other.closed {
            next = self.after(&mut other, next, Scope::PART);
        }
        if other.name.is_none() {
            other.name = draft.name.clone();
            other.partitive = other.orders();
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

    /// Whether a noun phrase of a list starts there, after a comma.
    fn lists(&self, at: usize) -> bool {
        self.is(at, &["the", "a", "an", "all"]) || self.noun_at(at).is_some()
    }

    /// "The red one", after a comma; or another noun of a list: "cars, trucks and buses".
    fn apposition(&mut self, draft: &mut Draft, at: usize, scope: Scope, comma: bool) -> Option<usize> {
        let article = self.is(at, &["the", "a", "an", "both", "all", "one", "ones"]);
        if !(article || comma && self.lists(at) || comma && lexicon::adjective(self.text(at)).is_some()) {
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
        let next = if other.closed { next } else { self.after(&mut other, next, Scope::PART) };
        other.at = at..next;
        self.finish(&mut other);
        draft.and.push(other);
        Some(next)
    }

    /// Makes number and rank final, and notes the words of orders that were never completed.
    pub(super) fn finish(&mut self, draft: &mut Draft) {
        let ordinal = draft.ordinal.take().map(|said| said.at);
        let nearest = draft.nearest.take().map(|said| said.at);
        self.unread.extend(ordinal.into_iter().chain(nearest).flatten());
        let settled = draft.settle();
        self.checked(settled);
    }
}
