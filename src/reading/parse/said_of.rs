//! A description after a noun: an order, a relation, a position, an appearance.

use crate::reading::request::{Condition, Number, Rank, Relation};
use crate::things::class::Class;

use super::rank::Order;
use super::{Draft, Parser, Said, Scope};

impl Parser<'_> {
    /// Reads one description after the noun: an order, a relation, a position, an appearance. Returns the index after
    /// it.
    pub(super) fn said_of(
        &mut self,
        draft: &mut Draft,
        at: usize,
        scope: Scope,
        stated: bool,
    ) -> Option<usize> {
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
                    Order::Nearest(closest) => {
                        draft.nearest = Some(Said {
                            what: closest,
                            at: at..end,
                        })
                    }
                }
                return Some(end);
            }
        }
        if let Some(end) = self.negated(draft, at, scope) {
            return Some(end);
        }
        let attributes = scope.head
            || draft.has_roof() && !scope.roofed
            || self.is(at.wrapping_sub(1), &["is", "are"]);
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
            // "Bordered by trees to the north": the position may belong to the trees, so it is not understood.
            if added.is_err() && self.related == at {
                self.unread.extend(at..end);
            } else {
                self.checked(added);
            }
            return Some(end);
        }
        if self.is(
            at,
            &["with", "featuring", "containing", "has", "have", "having"],
        ) {
            return self.had(draft, at, at + 1, scope, false);
        }
        let place = stated || draft.position().is_some() || !scope.head && scope.place;
        let (condition, mut end) = self.relation(at, draft, place)?;
        // "Surrounded by a road and a building": by both. For other relations, "and" joins the things asked for.
        let mut others = Vec::new();
        if let Condition::Relation(relation @ (Relation::SurroundedBy | Relation::NextTo), to) =
            &condition
            && (*relation == Relation::SurroundedBy
                || to.number == Number::One && !matches!(to.thing.class, Some(Class::Road)))
        {
            let inner = Scope {
                head: false,
                sets: false,
                place,
                roofed: draft.has_roof(),
            };
            while self.text(end) == "and"
                && let Some((other, after)) = self.attempt(|parser| {
                    let article = parser.is(end + 1, &["the", "a", "an"])
                        || *relation == Relation::SurroundedBy;
                    parser.clause();
                    parser.other_things(end + 1, inner).filter(|(other, _)| {
                        article
                            && (*relation == Relation::SurroundedBy || other.number == Number::One)
                    })
                })
            {
                others.push((
                    Condition::Relation(*relation, Box::new(other)),
                    end + 1..after,
                ));
                end = after;
            }
        }
        self.related = end;
        let start = others.first().map_or(end, |(_, range)| range.start - 1);
        let added = draft.add(condition, at..start);
        self.checked(added);
        for (other, range) in others {
            let added = draft.add(other, range);
            self.checked(added);
        }
        Some(end)
    }

    /// Completes an ordinal or "closest" before the noun: "from the left", "to the road".
    pub(super) fn missing_order(&mut self, draft: &mut Draft, at: usize) -> Option<usize> {
        if let Some(ordinal) = draft.ordinal.clone()
            && let Some((sides, end)) = self.side_counted(at)
        {
            draft.ordinal = None;
            let (place, last) = ordinal.what;
            let rank = Rank {
                key: sides.key()?,
                place,
                count: last - place + 1,
            };
            let ordered = draft.order(rank, ordinal.at.start..end);
            self.checked(ordered);
            return Some(end);
        }
        let nearest = draft.nearest.clone()?;
        let fits = if nearest.what {
            self.text(at) == "to"
        } else {
            self.is(at, &["from", "away"])
        };
        if !fits {
            return None;
        }
        let (key, end) = self.attempt(|parser| parser.nearest_of(at, nearest.what, false))?;
        draft.nearest = None;
        let rank = self.with_ordinal(
            draft,
            Rank {
                key,
                place: 1,
                count: 1,
            },
        );
        let ordered = draft.order(rank, nearest.at.start..end);
        self.checked(ordered);
        Some(end)
    }

    /// Combines a rank with an ordinal that was separate: "the second building closest to the road".
    pub(super) fn with_ordinal(&self, draft: &mut Draft, rank: Rank) -> Rank {
        match draft.ordinal.take() {
            Some(ordinal) if rank.place == 1 => Rank {
                place: ordinal.what.0,
                count: ordinal.what.1 - ordinal.what.0 + 1,
                ..rank
            },
            other => {
                draft.ordinal = other;
                rank
            }
        }
    }
}
