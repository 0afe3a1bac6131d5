//! A request while it is being read.

use std::ops::Range;

use crate::sorting::sort_by_key;
use crate::things::class::Class;
use crate::things::shape::Shape;
use crate::things::size::Size;

use crate::reading::direction::Sides;
use crate::reading::nouns::{self, Count};
use crate::reading::order::order_of;
use crate::reading::problem::Problem;
use crate::reading::request::{Condition, Key, Number, Rank, Relation, Request, Thing};
use crate::reading::say;

/// Words that name things.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The noun as it was written.
    pub text: String,
    /// The class that it names.
    pub class: Option<Class>,
    /// Its grammatical number.
    pub count: Count,
    /// Its words.
    pub at: Range<usize>,
}

/// The words before a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Article {
    /// Nothing.
    #[default]
    None,
    /// "The", "this".
    The,
    /// "A", "another".
    A,
    /// "All", "every", "any".
    All,
}

/// A piece of content with the words that state it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said<T> {
    /// The content.
    pub what: T,
    /// The words that state it.
    pub at: Range<usize>,
}

/// A request while it is being read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    pub name: Option<Name>,
    pub article: Article,
    /// A number before the noun.
    pub count: Option<Said<u32>>,
    pub conditions: Vec<Said<Condition>>,
    pub rank: Option<Said<Rank>>,
    /// First and last place of an order whose key is not yet known.
    pub ordinal: Option<Said<(u32, u32)>>,
    /// "Closest" (true) or "farthest", to or from something not yet known.
    pub nearest: Option<Said<bool>>,
    pub and: Vec<Draft>,
    pub except: Vec<Draft>,
    /// Whether it is one of the things that a plural noun names.
    pub partitive: bool,
    /// Whether it stands for the noun of another part, as "one" does.
    pub pronoun: bool,
    /// Whether it is a different thing from the one that the phrase is about.
    pub other: bool,
    /// Whether it is in brackets, so that nothing can be added to it.
    pub closed: bool,
    /// The words that ask for everything but these things.
    pub complement: Option<Range<usize>>,
    /// All its words.
    pub at: Range<usize>,
}

impl Draft {
    /// Whether it has a noun of its own rather than "one".
    pub fn is_named(&self) -> bool {
        self.name.is_some()
    }

    /// Whether the draft is still empty.
    pub fn is_empty(&self) -> bool {
        !self.is_named() && !self.pronoun && self.conditions.is_empty() && !self.orders()
    }

    /// Whether it states a place in an order.
    pub fn orders(&self) -> bool {
        self.rank.is_some() || self.ordinal.is_some() || self.nearest.is_some()
    }

    /// Whether its noun is plural and not partitive.
    pub fn is_plural(&self) -> bool {
        self.name
            .as_ref()
            .is_some_and(|name| name.count == Count::Many)
            && !self.partitive
    }

    /// Whether its noun names a building, which has a roof.
    pub fn has_roof(&self) -> bool {
        self.name
            .as_ref()
            .is_some_and(|name| name.class == Some(Class::Building))
    }

    /// The index of the position among the conditions, if there is one.
    pub fn position(&self) -> Option<usize> {
        self.conditions
            .iter()
            .position(|said| matches!(said.what, Condition::Position(_)))
    }

    /// Adds a condition. Positions that can be combined become one.
    ///
    /// # Errors
    /// Fails with [`Problem::Contradiction`] if it excludes another condition.
    pub fn add(&mut self, condition: Condition, at: Range<usize>) -> Result<(), Problem> {
        if let (Condition::Position(new), Some(place)) = (&condition, self.position()) {
            let Condition::Position(old) = self.conditions[place].what else {
                return Ok(());
            };
            let sides = Sides::of_position(old).with(Sides::of_position(*new));
            // "At the top, in the top half" is at the top.
            let halved = sides.map(|sides| Sides {
                half: false,
                ..sides
            });
            let Some(sum) = sides
                .and_then(Sides::position)
                .or(halved.and_then(Sides::position))
            else {
                return Err(contradiction(&self.conditions[place].what, &condition));
            };
            let span = self.conditions[place].at.clone();
            let at = span.start.min(at.start)..span.end.max(at.end);
            self.conditions[place] = Said {
                what: Condition::Position(sum),
                at,
            };
            return Ok(());
        }
        if self.conditions.iter().any(|said| said.what == condition) {
            return Ok(());
        }
        if let Some(other) = self
            .conditions
            .iter()
            .find(|said| exclude(&said.what, &condition))
        {
            return Err(contradiction(&other.what, &condition));
        }
        self.conditions.push(Said {
            what: condition,
            at,
        });
        Ok(())
    }

    /// Adds a rank. If there are two, one becomes a condition: a rank by size becomes a size, and a second side a
    /// position.
    ///
    /// # Errors
    /// Fails with [`Problem::Contradiction`] if it excludes the other rank.
    pub fn order(&mut self, rank: Rank, at: Range<usize>) -> Result<(), Problem> {
        let Some(old) = self.rank.take() else {
            self.rank = Some(Said { what: rank, at });
            return Ok(());
        };
        if old.what.key == rank.key {
            self.rank = Some(if old.what.place > 1 {
                old
            } else {
                Said { what: rank, at }
            });
            return Ok(());
        }
        let excluding = matches!(
            (&old.what.key, &rank.key),
            (Key::Largest, Key::Smallest)
                | (Key::Smallest, Key::Largest)
                | (Key::Leftmost, Key::Rightmost)
                | (Key::Rightmost, Key::Leftmost)
                | (Key::Topmost, Key::Bottommost)
                | (Key::Bottommost, Key::Topmost)
        );
        if excluding {
            let problem =
                Problem::Contradiction(say::rank_label(&old.what), say::rank_label(&rank));
            self.rank = Some(old);
            return Err(problem);
        }
        let new = Said { what: rank, at };
        let by_size = |rank: &Rank| matches!(rank.key, Key::Largest | Key::Smallest | Key::Longest);
        let new_stays = by_size(&old.what) && new.what.place == 1 || new.what.place > 1;
        let (stays, other) = if new_stays { (new, old) } else { (old, new) };
        self.rank = Some(stays);
        self.add(loosened(&other.what), other.at)
    }

    /// Takes over the content of another draft; its noun only if this draft has no noun.
    ///
    /// # Errors
    /// Fails with [`Problem::Contradiction`] if the two exclude each other.
    pub fn merge(&mut self, other: Draft) -> Result<(), Problem> {
        self.name = self.name.take().or(other.name);
        if let Some(rank) = other.rank {
            self.order(rank.what, rank.at)?;
        }
        self.ordinal = self.ordinal.take().or(other.ordinal);
        self.nearest = self.nearest.take().or(other.nearest);
        self.count = self.count.take().or(other.count);
        self.and.extend(other.and);
        self.except.extend(other.except);
        for condition in other.conditions {
            self.add(condition.what, condition.at)?;
        }
        Ok(())
    }

    /// Makes number and rank final: "the three largest" are three things, "the largest buildings" are large.
    ///
    /// # Errors
    /// Fails with [`Problem::Contradiction`] if a plural's superlative excludes a condition.
    pub fn settle(&mut self) -> Result<(), Problem> {
        if let (Some(rank), Some(count)) = (&mut self.rank, &self.count)
            && count.what > 1
        {
            rank.what.count = count.what;
            rank.at = rank.at.start.min(count.at.start)..rank.at.end.max(count.at.end);
            self.count = None;
        }
        let plural = self.is_plural();
        if let Some(rank) = self
            .rank
            .take_if(|rank| plural && rank.what.count == 1 && rank.what.place == 1)
        {
            self.add(loosened(&rank.what), rank.at)?;
        }
        sort_by_key(&mut self.conditions, |said| order_of(&said.what));
        Ok(())
    }

    /// How many things are meant.
    pub fn number(&self) -> Number {
        if let Some(rank) = &self.rank {
            return if rank.what.count > 1 {
                Number::All
            } else {
                Number::One
            };
        }
        match (&self.count, self.article) {
            (Some(count), _) if count.what == 1 => Number::One,
            (Some(count), _) => Number::Exactly(count.what),
            (_, Article::All) => Number::All,
            _ if self.partitive => Number::One,
            (_, article) => match self.name.as_ref().map(|name| name.count) {
                Some(Count::Many | Count::Mass) => Number::All,
                _ if article == Article::None && !self.singles_out() => Number::All,
                _ => Number::One,
            },
        }
    }

    /// Whether the phrase states so much that it means a single thing: "red car beside the pool" and "large red roof",
    /// other than "grey car" and "car on the road".
    fn singles_out(&self) -> bool {
        let looks = |said: &&Said<Condition>| {
            !matches!(
                said.what,
                Condition::Position(_) | Condition::Relation(..) | Condition::Between(..)
            )
        };
        let looks = self.conditions.iter().filter(looks).count();
        looks >= 2 || looks == 1 && self.conditions.len() >= 2
    }

    /// The request; `None` without a noun.
    pub fn request(&self) -> Option<Request> {
        let name = self.name.as_ref()?;
        let requests = |drafts: &[Draft]| {
            drafts
                .iter()
                .map(Draft::request)
                .collect::<Option<Vec<_>>>()
        };
        // One of the pools is a pool.
        let single = self.partitive && name.count == Count::Many && self.number() == Number::One;
        let noun = if single {
            nouns::singular(&name.text)
        } else {
            name.text.clone()
        };
        let thing = Thing {
            noun,
            class: name.class,
            mass: name.count == Count::Mass,
        };
        Some(Request {
            thing,
            number: self.number(),
            conditions: self
                .conditions
                .iter()
                .map(|said| said.what.clone())
                .collect(),
            rank: self.rank.as_ref().map(|said| said.what.clone()),
            and: requests(&self.and)?,
            except: requests(&self.except)?,
            complement: self.complement.is_some(),
        })
    }
}

fn contradiction(one: &Condition, other: &Condition) -> Problem {
    Problem::Contradiction(say::condition_label(one), say::condition_label(other))
}

fn exclude(one: &Condition, other: &Condition) -> bool {
    match (one, other) {
        (Condition::Size(_), Condition::Size(_))
        | (Condition::Tone(_), Condition::Tone(_))
        | (Condition::Colour(_), Condition::Colour(_))
        | (Condition::Material(_), Condition::Material(_)) => true,
        (Condition::Shape(a), Condition::Shape(b)) => *a != Shape::LShaped && *b != Shape::LShaped,
        (Condition::Not(inner), other) | (other, Condition::Not(inner)) => **inner == *other,
        (Condition::Relation(a, to), Condition::Relation(b, other)) => {
            let opposite = matches!(
                (a, b),
                (Relation::LeftOf, Relation::RightOf)
                    | (Relation::RightOf, Relation::LeftOf)
                    | (Relation::Above, Relation::Below)
                    | (Relation::Below, Relation::Above)
                    | (Relation::NextTo, Relation::FarFrom)
                    | (Relation::FarFrom, Relation::NextTo)
            );
            opposite && to == other
        }
        _ => false,
    }
}

/// Converts a superlative to a condition if it applies to several things or accompanies another superlative.
fn loosened(rank: &Rank) -> Condition {
    use crate::things::position::Position;
    match &rank.key {
        Key::Largest => Condition::Size(Size::Large),
        Key::Smallest => Condition::Size(Size::Small),
        Key::Longest => Condition::Shape(Shape::Long),
        Key::Leftmost => Condition::Position(Position::Left),
        Key::Rightmost => Condition::Position(Position::Right),
        Key::Topmost => Condition::Position(Position::Top),
        Key::Bottommost => Condition::Position(Position::Bottom),
        Key::MostCentral => Condition::Position(Position::Centre),
        Key::ClosestTo(to) => Condition::Relation(Relation::NextTo, to.clone()),
        Key::FarthestFrom(from) => Condition::Relation(Relation::FarFrom, from.clone()),
    }
}
