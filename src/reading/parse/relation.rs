//! Spatial relations to other things: "next to the red house", "between the road and the river".

use crate::reading::direction::{is_image, is_part};
use crate::reading::nouns::{self, Count};
use crate::reading::request::{Condition, Relation, Request};

use super::draft::Article;
use super::{Draft, Parser, Scope};

/// Words for relations. Longer entries come first.
const WORDS: &[(&str, Relation)] = &[
    ("in the immediate vicinity of", Relation::NextTo),
    ("in the general vicinity of", Relation::NextTo),
    ("in the vicinity of", Relation::NextTo),
    ("in vicinity of", Relation::NextTo),
    ("on both sides of", Relation::NextTo),
    ("on either side of", Relation::NextTo),
    ("on the side of", Relation::NextTo),
    ("on side of", Relation::NextTo),
    ("at the side of", Relation::NextTo),
    ("at side of", Relation::NextTo),
    ("by the side of", Relation::NextTo),
    ("at the edge of", Relation::NextTo),
    ("along the edge of", Relation::NextTo),
    ("on the edge of", Relation::NextTo),
    ("at the end of", Relation::NextTo),
    ("at the corner of", Relation::NextTo),
    ("on the corner of", Relation::NextTo),
    ("not far away from", Relation::NextTo),
    ("not far from", Relation::NextTo),
    ("not next to", Relation::FarFrom),
    ("not near to", Relation::FarFrom),
    ("not near", Relation::FarFrom),
    ("nowhere near", Relation::FarFrom),
    ("far away from", Relation::FarFrom),
    ("far from", Relation::FarFrom),
    ("distant from", Relation::FarFrom),
    ("away from", Relation::FarFrom),
    ("next to", Relation::NextTo),
    ("near to", Relation::NextTo),
    ("nearby to", Relation::NextTo),
    ("close to", Relation::NextTo),
    ("close by", Relation::NextTo),
    ("closer to", Relation::NextTo),
    ("adjacent to", Relation::NextTo),
    ("connected to", Relation::NextTo),
    ("attached to", Relation::NextTo),
    ("joined to", Relation::NextTo),
    ("in front of", Relation::NextTo),
    ("surrounded by", Relation::SurroundedBy),
    ("enclosed by", Relation::SurroundedBy),
    ("bounded by", Relation::SurroundedBy),
    ("bordered by", Relation::SurroundedBy),
    ("ringed by", Relation::SurroundedBy),
    ("on top of", Relation::On),
    ("inside of", Relation::On),
    ("near", Relation::NextTo),
    ("beside", Relation::NextTo),
    ("besides", Relation::NextTo),
    ("by", Relation::NextTo),
    ("alongside", Relation::NextTo),
    ("along", Relation::NextTo),
    ("around", Relation::NextTo),
    ("behind", Relation::NextTo),
    ("adjoining", Relation::NextTo),
    ("bordering", Relation::NextTo),
    ("touching", Relation::NextTo),
    ("against", Relation::NextTo),
    ("off", Relation::NextTo),
    ("at", Relation::NextTo),
    ("among", Relation::SurroundedBy),
    ("amongst", Relation::SurroundedBy),
    ("amid", Relation::SurroundedBy),
    ("inside", Relation::On),
    ("within", Relation::On),
    ("upon", Relation::On),
    ("onto", Relation::On),
    ("across", Relation::On),
    ("crossing", Relation::On),
    ("spanning", Relation::On),
    ("on", Relation::On),
    ("in", Relation::On),
];

/// Words for several things together that do not name a kind of thing.
const GROUPS: &[&str] = &[
    "row", "rows", "line", "lines", "group", "groups", "cluster", "bunch", "grid", "rest", "others",
];

impl Parser<'_> {
    /// A relation to other things, and the index after it. With `place`, a position after the other things describes
    /// them.
    pub(super) fn relation(
        &mut self,
        at: usize,
        draft: &Draft,
        place: bool,
    ) -> Option<(Condition, usize)> {
        self.attempt(|parser| parser.related(at, draft, place))
    }

    fn related(&mut self, at: usize, draft: &Draft, place: bool) -> Option<(Condition, usize)> {
        let mut at = at;
        while self.is(
            at,
            &[
                "just",
                "slightly",
                "directly",
                "immediately",
                "specifically",
                "exactly",
                "closely",
                "right",
            ],
        ) && (self.text(at) != "right"
            || self.is(
                at + 1,
                &["next", "beside", "by", "on", "above", "below", "at"],
            ))
        {
            at += 1;
        }
        let scope = Scope {
            head: false,
            sets: false,
            place,
            roofed: draft.has_roof(),
        };
        if let Some(first) = self.any_at(at, &["in between", "between"]) {
            return self.between(first, scope);
        }
        // A bridge over a river is on it, not above it in the image.
        let bridge = [
            "bridge", "overpass", "viaduct", "crossing", "road", "flyover",
        ];
        let spans = draft
            .name
            .as_ref()
            .is_some_and(|name| bridge.iter().any(|word| name.text.contains(word)));
        if spans && self.text(at) == "over" {
            return self.with_other(at + 1, Relation::On, scope);
        }
        if let Some((sides, next)) = self.directional(at) {
            return self.with_other(next, sides.relation()?, scope);
        }
        if let Some(found) = self.attempt(|parser| parser.possessive(at, scope)) {
            return Some(found);
        }
        let (relation, next) = WORDS
            .iter()
            .find_map(|(words, relation)| Some((*relation, self.phrase_at(at, words)?)))?;
        self.with_other(next, relation, scope)
    }

    fn with_other(
        &mut self,
        at: usize,
        relation: Relation,
        scope: Scope,
    ) -> Option<(Condition, usize)> {
        self.clause();
        let (other, next) = self.other_things(at, scope)?;
        Some((Condition::Relation(relation, Box::new(other)), next))
    }

    /// "To the harbour's left".
    fn possessive(&mut self, at: usize, scope: Scope) -> Option<(Condition, usize)> {
        if !self.is(at, &["to", "on", "at"]) {
            return None;
        }
        self.clause();
        let (other, next) = self.other_things(
            at + 1,
            Scope {
                place: false,
                ..scope
            },
        )?;
        let (sides, end) = self.sides(next + 1).filter(|_| self.text(next) == "'s")?;
        let end = end + usize::from(crate::reading::direction::is_part(self.text(end)));
        Some((Condition::Relation(sides.relation()?, Box::new(other)), end))
    }

    fn between(&mut self, at: usize, scope: Scope) -> Option<(Condition, usize)> {
        self.clause();
        let (one, next) = self.other_things(at, scope)?;
        if self.text(next) == "and"
            && let Some((other, end)) = self.attempt(|parser| parser.other_things(next + 1, scope))
        {
            return Some((
                Condition::Between(Box::new(one), Some(Box::new(other))),
                end,
            ));
        }
        Some((Condition::Between(Box::new(one), None), next))
    }

    /// The things that a relation refers to, with everything that describes them.
    pub(super) fn other_things(&mut self, at: usize, scope: Scope) -> Option<(Request, usize)> {
        self.attempt(|parser| {
            let (mut draft, next) = parser.noun_phrase(at)?;
            // "Under another one": another thing of the same kind.
            if draft.pronoun && draft.name.is_none() {
                draft.name = parser.antecedent.clone();
                let several = draft.article == Article::All
                    || draft.count.as_ref().is_some_and(|count| count.what > 1);
                let name = draft.name.as_mut()?;
                if several && name.count == Count::One {
                    name.text = nouns::plural(&name.text);
                }
                name.count = if several { Count::Many } else { Count::One };
            }
            // "Right of another court", in a phrase about tennis courts.
            let antecedent = parser.antecedent.clone();
            if let (true, Some(name), Some(head)) = (draft.other, &mut draft.name, antecedent) {
                let one = nouns::singular(&name.text);
                let whole = nouns::singular(&head.text);
                // A small vehicle is a vehicle, but a baseball field is not a farm field.
                let same = name
                    .class
                    .zip(head.class)
                    .is_some_and(|(one, whole)| one.covers(whole.id()));
                if !same && whole.ends_with(&format!(" {one}")) {
                    name.text = if name.count == Count::Many {
                        nouns::plural(&whole)
                    } else {
                        whole
                    };
                    name.class = head.class;
                }
            }
            let text = &draft.name.as_ref()?.text;
            // "In the group": the phrase does not state which things form the group.
            if GROUPS.contains(&text.as_str()) {
                return None;
            }
            if text.rsplit(' ').next().is_some_and(is_image) || is_part(text) {
                return None;
            }
            let next = if draft.closed {
                next
            } else {
                parser.after(&mut draft, next, scope)
            };
            // "Next to a second house" means next to another house.
            draft.ordinal = draft.ordinal.take_if(|_| draft.article != Article::A);
            if draft.ordinal.is_some() || draft.nearest.is_some() {
                return None;
            }
            let settled = draft.settle();
            parser.checked(settled);
            Some((draft.request()?, next))
        })
    }
}
