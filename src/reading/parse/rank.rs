//! Superlatives and ordinals after the noun: "closest to the road", "third from the left".

use crate::reading::direction::{Sides, is_part};
use crate::reading::lexicon;
use crate::reading::request::{Key, Rank};
use crate::reading::words;

use super::{Draft, Parser, Scope};

/// An order, complete or without its key.
pub(super) enum Order {
    /// A complete rank.
    Whole(Rank),
    /// "Closest" (true) or "farthest", without the thing that it refers to.
    Nearest(bool),
}

impl Parser<'_> {
    /// First and last place of an order: "second", "second to fourth". Also returns the index after it.
    pub(super) fn places(&self, at: usize) -> Option<((u32, u32), usize)> {
        let first = words::ordinal(self.text(at))?;
        let joint = self.text(at + 1);
        if matches!(joint, "to" | "through" | "and")
            && let Some(last) = words::ordinal(self.text(at + 2))
                .filter(|last| *last > first && (joint != "and" || *last == first + 1))
        {
            return Some(((first, last), at + 3));
        }
        Some(((first, first), at + 1))
    }

    /// A superlative other than closest to or farthest from something: "largest", "left-most", "most central",
    /// "furthest left". Also returns the index after it.
    pub(super) fn most(&self, at: usize) -> Option<(Key, usize)> {
        if let Some(key) = lexicon::superlative(self.text(at)) {
            let up = self.text(at) == "highest" && self.is(at + 1, &["up", "point"]);
            return Some((key, at + 1 + usize::from(up)));
        }
        if let Some((sides, next)) = self.sides(at)
            && self.text(next) == "most"
        {
            return Some((sides.key()?, next + 1));
        }
        if self.text(at) == "most" {
            let next = at + 1 + usize::from(self.text(at + 1) == "to");
            let next = next + usize::from(self.text(next) == "the");
            let word = self.text(next);
            let sides = word.strip_suffix("erly").map_or_else(
                || self.sides(next),
                |stem| Some((Sides::of(stem)?, next + 1)),
            );
            if let Some((sides, after)) = sides {
                let end = after + usize::from(is_part(self.text(after)));
                return Some((sides.key()?, end));
            }
            return matches!(word, "expansive" | "spacious").then_some((Key::Largest, next + 1));
        }
        if self.is(at, &["furthest", "farthest"]) {
            let next = at + 1 + usize::from(self.is(at + 1, &["to", "towards", "toward", "on"]));
            let next = next + usize::from(self.text(next) == "the");
            match self.text(next) {
                "up" => return Some((Key::Topmost, next + 1)),
                "down" => return Some((Key::Bottommost, next + 1)),
                _ => {}
            }
            let (sides, after) = self.sides(next)?;
            let after = after + usize::from(is_part(self.text(after)));
            return Some((sides.key()?, self.image_phrase(after).unwrap_or(after)));
        }
        None
    }

    /// Reads the words after "closest" (`closest`) or "farthest": a side, the middle, or other things. With `open`,
    /// "of" may follow, as in "the one closest to the left of the buildings".
    pub(super) fn nearest_of(
        &mut self,
        at: usize,
        closest: bool,
        open: bool,
    ) -> Option<(Key, usize)> {
        let to = if closest {
            at + usize::from(self.text(at) == "to")
        } else {
            let from = at + usize::from(self.text(at) == "away");
            if self.text(from) != "from" {
                return None;
            }
            from + 1
        };
        let side = to + usize::from(self.text(to) == "the");
        if let Some((sides, after)) = self.sides(side) {
            let mut end = after;
            while is_part(self.text(end)) {
                end += 1;
            }
            let end = self.image_phrase(end).unwrap_or(end);
            if let Some(key) = sides.key()
                && !self.is_content(end)
                && (self.text(end) != "of" || open)
            {
                let key = match key {
                    key if closest => key,
                    Key::Leftmost => Key::Rightmost,
                    Key::Rightmost => Key::Leftmost,
                    Key::Topmost => Key::Bottommost,
                    Key::Bottommost => Key::Topmost,
                    _ => return None,
                };
                return Some((key, end));
            }
        }
        self.clause();
        let (other, next) = self.other_things(
            to,
            Scope {
                head: false,
                sets: false,
                place: false,
                roofed: true,
            },
        )?;
        let other = Box::new(other);
        Some((
            if closest {
                Key::ClosestTo(other)
            } else {
                Key::FarthestFrom(other)
            },
            next,
        ))
    }

    /// A superlative or ordinal after a noun, and the index after it.
    pub(super) fn order_after(&mut self, at: usize, draft: &Draft) -> Option<(Order, usize)> {
        let mut next = at;
        while self.is(
            next,
            &["the", "single", "that", "is", "are", "which", "being"],
        ) {
            next += 1;
        }
        if let Some((key, end)) = self.outermost(next) {
            let rank = Rank {
                key,
                place: 1,
                count: 1,
            };
            return Some((Order::Whole(rank), end));
        }
        if let Some((key, end)) = self.idiom(next, draft) {
            return Some((
                Order::Whole(Rank {
                    key,
                    place: 1,
                    count: 1,
                }),
                end,
            ));
        }
        let (mut place, mut count) = (1, 1);
        if let Some(((first, last), after)) = self.places(next) {
            (place, count, next) = (first, last - first + 1, after);
        } else if let Some(number) = words::cardinal(self.text(next)) {
            (count, next) = (number, next + 1);
        }
        if place > 1 || count > 1 {
            // "Third from the left".
            if let Some((sides, end)) = self.side_counted(next) {
                return Some((
                    Order::Whole(Rank {
                        key: sides.key()?,
                        place,
                        count,
                    }),
                    end,
                ));
            }
        }
        let closest = self.is(next, &["closest", "nearest"]);
        if closest || self.is(next, &["furthest", "farthest"]) && self.most(next).is_none() {
            // "Nearest the road", but not "the nearest road".
            let target = !closest
                || self.is(next + 1, &["to", "the", "a", "an"])
                || self.sides(next + 1).is_some();
            let found = self.attempt(|parser| {
                parser
                    .nearest_of(next + 1, closest, draft.name.is_none())
                    .filter(|_| target)
            });
            let Some((key, end)) = found else {
                let behind = self
                    .adjectives(next + 1)
                    .map_or(next + 1, |(_, behind)| behind);
                if self.is_content(behind) || self.sides(next + 1).is_some() {
                    return None;
                }
                return (place == 1 && count == 1).then_some((Order::Nearest(closest), next + 1));
            };
            return Some((Order::Whole(Rank { key, place, count }), end));
        }
        let (key, mut end) = self.most(next)?;
        let behind = self.adjectives(end).map_or(end, |(_, behind)| behind);
        if self.is_content(behind) || self.most(behind).is_some() {
            return None;
        }
        end += usize::from(self.is(end, &["one", "side", "ones"]));
        // "The smallest of the bridges", where the noun is already "bridge".
        if self.text(end) == "of" && draft.is_named() && self.image_phrase(end).is_none() {
            let among = self.attempt(|parser| {
                parser
                    .noun_phrase(end + 1)
                    .filter(|(among, _)| among.is_named())
            });
            end = among.map_or(end, |(_, after)| after);
        }
        Some((Order::Whole(Rank { key, place, count }), end))
    }

    /// "From the left".
    pub(super) fn side_counted(&self, at: usize) -> Option<(Sides, usize)> {
        let side = at + usize::from(self.text(at) == "counting");
        if self.text(side) != "from" {
            return None;
        }
        let side = side + 1 + usize::from(self.text(side + 1) == "the");
        let (sides, mut end) = self.sides(side)?;
        while is_part(self.text(end)) {
            end += 1;
        }
        sides.key()?;
        Some((sides, end))
    }

    /// "At the topmost position of the image". Returns its key and the index after it.
    fn outermost(&self, at: usize) -> Option<(Key, usize)> {
        if !self.is(at, &["at", "in", "on", "to"]) || self.text(at + 1) != "the" {
            return None;
        }
        let (key, end) = self.most(at + 2)?;
        let is_side = matches!(
            key,
            Key::Leftmost | Key::Rightmost | Key::Topmost | Key::Bottommost | Key::MostCentral
        );
        if !is_side || !is_part(self.text(end)) {
            return None;
        }
        let end = self.image_phrase(end + 1).unwrap_or(end + 1);
        (self.text(end) != "of").then_some((key, end))
    }

    /// "With the largest area", "larger than the others", "on the extreme left".
    fn idiom(&self, at: usize, draft: &Draft) -> Option<(Key, usize)> {
        let with = at + usize::from(self.text(at) == "with");
        let with = with + usize::from(self.text(with) == "the");
        if with > at
            && let Some(key @ (Key::Largest | Key::Smallest)) =
                lexicon::superlative(self.text(with))
            && self.is(
                with + 1,
                &["area", "size", "footprint", "surface", "extent"],
            )
        {
            return Some((key, with + 2));
        }
        let covers = self.any_at(
            at,
            &[
                "covers the",
                "covers",
                "takes up the",
                "takes up",
                "occupies the",
            ],
        );
        if let Some(amount) = covers
            && self.is(amount + 1, &["ground", "space", "area"])
        {
            match self.text(amount) {
                "most" => return Some((Key::Largest, amount + 2)),
                "least" => return Some((Key::Smallest, amount + 2)),
                _ => {}
            }
        }
        let key = match self.text(at) {
            "larger" | "bigger" => Some(Key::Largest),
            "smaller" => Some(Key::Smallest),
            _ => None,
        };
        if let Some(key) = key {
            let others = [
                "than all the others",
                "than the others",
                "than all others",
                "than others",
                "than the rest",
            ];
            return self.any_at(at + 1, &others).map(|end| (key, end));
        }
        // "On the leftmost side".
        let side = at + 1 + usize::from(self.text(at + 1) == "the");
        if self.is(at, &["on", "at"])
            && let Some(key) = lexicon::superlative(self.text(side))
            && is_part(self.text(side + 1))
        {
            let end = self.image_phrase(side + 2).unwrap_or(side + 2);
            return Some((key, end)).filter(|_| self.text(end) != "of");
        }
        if let Some(point) = self.any_at(at, &["at the highest point", "at the lowest point"]) {
            let key = if self.text(at + 2) == "highest" {
                Key::Topmost
            } else {
                Key::Bottommost
            };
            return Some((key, point));
        }
        if self.is(at, &["on", "at"]) && !draft.is_plural() && !draft.orders() {
            let extreme = at + 1 + usize::from(self.text(at + 1) == "the");
            if self.text(extreme) == "extreme" {
                let (sides, end) = self.sides(extreme + 1)?;
                let end = end + usize::from(is_part(self.text(end)));
                let end = self.image_phrase(end).unwrap_or(end);
                return Some((sides.key()?, end)).filter(|_| self.text(end) != "of");
            }
        }
        None
    }
}
