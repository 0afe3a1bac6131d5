//! The words before a noun: articles, numbers, superlatives, positions.

use crate::reading::direction::is_part;
use crate::reading::request::{Condition, Rank};
use crate::reading::words;

use super::draft::Article;
use super::{Draft, Parser, Said};

impl Parser<'_> {
    /// An article or number, with its effect on the draft.
    pub(super) fn determiner(&mut self, draft: &mut Draft, at: usize) -> Option<usize> {
        let word = self.text(at);
        let fresh = draft.article == Article::None;
        let article = match word {
            "the" | "this" | "that" | "these" | "those" | "its" | "their"
                if fresh || draft.article == Article::All =>
            {
                if fresh {
                    Article::The
                } else {
                    draft.article
                }
            }
            "a" | "an" | "another" if fresh => {
                draft.other |= word == "another";
                let pair = self.any_at(at + 1, &["pair of", "couple of"]);
                if let Some(after) = pair {
                    draft.count = Some(Said {
                        what: 2,
                        at: at..after,
                    });
                    return Some(after);
                }
                let group = self.any_at(at + 1, &["group of", "cluster of", "number of", "lot of"]);
                if let Some(after) = group {
                    draft.article = Article::All;
                    return Some(after);
                }
                Article::A
            }
            "all" | "every" | "each" | "any" | "some" | "several" | "many" | "few" | "multiple"
            | "various" | "these" | "numerous" => Article::All,
            "both" if draft.count.is_none() => {
                draft.count = Some(Said {
                    what: 2,
                    at: at..at + 1,
                });
                return Some(at + 1);
            }
            _ => {
                // Before a noun, "one" is a number; alone it stands for a noun.
                let number = words::cardinal(word).filter(|_| draft.count.is_none())?;
                if number == 1 && (self.text(at) != "one" || !self.is_content(at + 1)) {
                    return None;
                }
                draft.count = Some(Said {
                    what: number,
                    at: at..at + 1,
                });
                return Some(at + 1);
            }
        };
        draft.article = article;
        let each = self.any_at(at, &["each and every", "every single", "each one"]);
        Some(each.unwrap_or(at + 1))
    }

    /// A superlative or ordinal before the noun.
    pub(super) fn order_before(&mut self, draft: &mut Draft, at: usize) -> Option<usize> {
        if let Some(((first, last), after)) = self.places(at) {
            if draft.ordinal.is_some() || draft.rank.is_some() {
                return None;
            }
            draft.ordinal = Some(Said {
                what: (first, last),
                at: at..after,
            });
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
            // "Closest to" belongs after the noun.
            if self.is(at + 1, &["to", "from", "away", "the"]) && self.text(at + 1) != "of" {
                return None;
            }
            let closest = self.is(at, &["closest", "nearest"]);
            draft.nearest = Some(Said {
                what: closest,
                at: at..at + 1,
            });
            return Some(at + 1);
        }
        None
    }

    /// A position before the noun: "top left", "left-hand", "northern".
    pub(super) fn side_before(&mut self, draft: &mut Draft, at: usize) -> Option<usize> {
        let mut start = at;
        while self.is(start, &["very", "far", "extreme", "outer"]) {
            start += 1;
        }
        let (sides, mut next) = self.sides(start)?;
        while is_part(self.text(next)) && self.text(next) != "half" {
            next += 1;
        }
        next += usize::from(self.text(start) == "centrally" && self.text(next) == "located");
        // A noun must follow, possibly after more adjectives.
        let mut noun = next;
        while let Some((_, after)) = self.adjective(noun) {
            noun = after;
        }
        let ordered = self.most(noun).is_some()
            || self.is(noun, &["one", "ones", ","]) && draft.article == Article::The;
        if self.ends_noun(noun) && !ordered && self.noun_at(noun).is_none() {
            return None;
        }
        let position = sides.position()?;
        let added = draft.add(Condition::Position(position), at..next);
        self.checked(added);
        Some(next)
    }

    /// Two colours at once, "red and white", "grey-blue": only the network can decide these. Returns the index after
    /// them.
    pub(super) fn motley(&self, at: usize) -> Option<usize> {
        let end = self.two_colours(at)?;
        (!self.ends_noun(end)).then_some(end)
    }
}
