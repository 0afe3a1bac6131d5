//! A query in the words of one person.

use rand::{Rng, RngExt};

use crate::things::class::Class;
use crate::things::material::Material;
use crate::things::position::Position;
use crate::things::size::Size;

use super::adjective;
use super::anchor::Anchor;
use super::comparison;
use super::facts::Facts;
use super::forms::Kind;
use super::manner::material_name;
use super::noun::{Noun, Role};
use super::place::Place;
use super::predicate::{Predicate, RelationKind};
use super::query::{Query, Superlative};
use super::said::Said;
use super::style::{Style, draw};
use super::template::{Grammar, Piece, Slot, Template};
use super::tidy::{ARTICLE, count_word, single_spaced, terse, with_articles};
use super::words::{Number, pick};

/// Puts a query into the words of one person.
pub struct Utterance<'a, R: Rng + ?Sized> {
    query: &'a Query,
    number: Number,
    facts: &'a Facts,
    style: Style,
    noun: &'static Noun,
    rng: &'a mut R,
}

impl<'a, R: Rng + ?Sized> Utterance<'a, R> {
    /// Draws a style and a noun for a query. Returns `None` if the class has no noun.
    pub fn new(query: &'a Query, number: Number, facts: &'a Facts, rng: &'a mut R) -> Option<Self> {
        let said = Said::of(query);
        let style = Style::draw(rng);
        let role = if query.is_bare() {
            Role::All
        } else {
            Role::Some
        };
        let mut noun = Noun::draw(query.class, role, style, facts.house, rng)?;
        // Avoids "big small vehicle".
        while noun.is_sized() && said.meets(Said::SIZE.with(Said::MOST)) {
            noun = Noun::draw(query.class, role, style, facts.house, rng)?;
        }
        Some(Self {
            query,
            number,
            facts,
            style,
            noun,
            rng,
        })
    }

    /// The phrase in a form of this kind, or as a noun phrase if no form of this kind fits. Returns `None` if no form
    /// states exactly the parts of the query.
    pub fn phrase(&mut self, kind: Kind) -> Option<String> {
        let said = Said::of(self.query);
        let text = match kind {
            Kind::Plain => self.noun_phrase(said, Article::Any),
            _ => self.in_form(kind, said),
        };
        let text = text.or_else(|| self.noun_phrase(said, Article::Any))?;
        let text = with_articles(&text);
        Some(if self.style.terse { terse(&text) } else { text })
    }

    fn in_form(&mut self, kind: Kind, said: Said) -> Option<String> {
        let grammar = self.grammar();
        let fitting = kind.fitting(grammar, |form| self.fits(form, said));
        let form = draw(fitting.iter().copied(), self.rng)?;
        self.fill(form, said)
    }

    /// A noun phrase that states `said`, with its article.
    fn noun_phrase(&mut self, said: Said, article: Article) -> Option<String> {
        let grammar = self.grammar();
        let fitting = Kind::Plain.fitting(grammar, |form| self.fits(form, said));
        let form = draw(fitting.iter().copied(), self.rng)?;
        let core = self.fill(form, said)?;
        let words = self.article(article, said.singles_out());
        Some(if words.is_empty() {
            core
        } else {
            format!("{words} {core}")
        })
    }

    fn grammar(&self) -> Grammar {
        if self.noun.mass {
            Grammar::MASS
        } else if self.number == Number::One {
            Grammar::ONE
        } else {
            Grammar::MANY
        }
    }

    /// Whether a form states exactly `said`, and its slots can be filled.
    fn fits(&self, form: &Template, said: Said) -> bool {
        let slots = form.pieces.iter().all(|piece| match piece {
            Piece::Slot(Slot::Side) => self.position().is_some_and(|position| !position.is_half()),
            Piece::Slot(Slot::Roof | Slot::Roofs) => self.is_roofed(),
            Piece::Slot(Slot::Counted) => self.counts_from_a_side(),
            Piece::Slot(Slot::Both) => self.facts.count == Some(2),
            Piece::Slot(Slot::Count) => self
                .facts
                .count
                .is_some_and(|count| (2..=9).contains(&count)),
            _ => true,
        });
        slots && form.covers(said)
    }

    fn fill(&mut self, form: &Template, said: Said) -> Option<String> {
        let rest = said.without(form.says)?;
        let article = if form.states() {
            Article::The
        } else {
            Article::Definite
        };
        let ordinal = match self.query.superlative {
            Some(Superlative::Ordinal(ordinal)) => {
                Some(comparison::ordinal(ordinal, self.style, self.rng))
            }
            _ => None,
        };
        let mut to = String::new();
        let mut text = String::new();
        for piece in &form.pieces {
            match piece {
                Piece::Text(words) => text.push_str(words),
                Piece::Choice(options) => {
                    text.push_str(&options[self.rng.random_range(0..options.len())]);
                }
                Piece::Slot(Slot::NounPhrase) => text.push_str(&self.noun_phrase(rest, article)?),
                Piece::Slot(Slot::Nearest) => {
                    let most = self.query.superlative?;
                    let (word, place) =
                        comparison::nearest(most, (self.style, self.facts.house), self.rng)?;
                    to = place;
                    text.push_str(word);
                }
                Piece::Slot(Slot::To) => text.push_str(&to),
                Piece::Slot(Slot::Nth) => text.push_str(&ordinal.as_ref()?.0),
                Piece::Slot(Slot::From | Slot::Counted) => {
                    text.push_str(ordinal.as_ref()?.1.as_deref().unwrap_or_default());
                }
                Piece::Slot(slot) => text.push_str(&self.slot(*slot, rest)?),
            }
        }
        Some(single_spaced(&text))
    }

    fn slot(&mut self, slot: Slot, rest: Said) -> Option<String> {
        let one = self.number == Number::One;
        let grammatically_one = one || self.noun.mass;
        let number = |one: &str, many: &str| if grammatically_one { one } else { many }.to_owned();
        Some(match slot {
            Slot::Thing => self.thing(rest, one),
            Slot::Things => self.thing(rest, false),
            Slot::Class => self.noun.text(one).to_owned(),
            Slot::Singular => self.noun.one.clone(),
            Slot::One => format!("{} {}", comparison::article(&self.noun.one), self.noun.one),
            Slot::Size => self.size()?.to_owned(),
            Slot::Hue => self.colour_word()?,
            Slot::Shape => adjective::shape(adjective::shape_of(self.query)?, self.rng).to_owned(),
            Slot::Roof => {
                let hue = self.colour_word()?;
                number(&format!("{ARTICLE} {hue} roof"), &format!("{hue} roofs"))
            }
            Slot::Roofs => number("roof", "roofs"),
            Slot::Where => self.place()?.whereabouts(self.rng),
            Slot::Side => self.place()?.adjective(self.rng)?,
            Slot::Corner => self.place()?.short(self.rng),
            Slot::Relation => {
                let (kind, anchor) = self.relation()?;
                let manner = (self.style, self.facts.house);
                comparison::relation(kind, &anchor, self.query.class, manner, self.rng)
            }
            Slot::Most => {
                comparison::most(self.query.superlative?, self.style, self.rng)?.to_owned()
            }
            Slot::Extreme => comparison::extreme(self.query.superlative?, self.style, self.rng)?,
            Slot::Near => {
                let manner = (self.style, self.facts.house);
                let (word, to) = comparison::nearest(self.query.superlative?, manner, self.rng)?;
                format!("{word} {to}")
            }
            Slot::Count => count_word(self.facts.count?)?.to_owned(),
            Slot::Both => "both".to_owned(),
            Slot::A => number(&ARTICLE.to_string(), "")
                .replace(ARTICLE, if self.noun.mass { "" } else { "\u{1}" }),
            Slot::Is => number("is", "are"),
            Slot::Has => number("has", "have"),
            Slot::Looks => number("looks", "look"),
            Slot::It => number("it", "they"),
            Slot::Them => number("it", "them"),
            Slot::Image => self.style.image(self.rng).to_owned(),
            Slot::ColourWord => self.style.spelt("colour", "color").to_owned(),
            Slot::Coloured => self.style.spelt("coloured", "colored").to_owned(),
            Slot::Digitise => self.style.spelt("digitise", "digitize").to_owned(),
            // Filled in by `fill`.
            Slot::NounPhrase
            | Slot::Nearest
            | Slot::To
            | Slot::Nth
            | Slot::From
            | Slot::Counted => {
                return None;
            }
        })
    }

    /// The noun with the adjectives that `said` asks for.
    fn thing(&mut self, said: Said, singular: bool) -> String {
        let (mut front, mut after): (Vec<String>, Vec<String>) = Default::default();
        if said.meets(Said::SIZE) {
            front.extend(self.size().map(str::to_owned));
        }
        if said.meets(Said::SHAPE)
            && let Some(shape) = adjective::shape_of(self.query)
        {
            front.push(adjective::shape(shape, self.rng).to_owned());
        }
        let roofed = self.is_roofed();
        let a = if singular { "\u{1} " } else { "" };
        let roof = if singular { "roof" } else { "roofs" };
        let colour = self.colour_word().filter(|_| said.meets(Said::COLOUR));
        let material = self.material().filter(|_| said.meets(Said::MATERIAL));
        let material = material.map(|material| material_name(material, self.rng));
        match (colour, material) {
            (Some(colour), Some(material)) if roofed && self.rng.random_bool(0.4) => {
                after.push(format!("with {a}{colour} {material} {roof}"));
            }
            (Some(colour), None) if roofed => match self.rng.random_range(0..20) {
                0..=3 => after.push(format!("with {a}{colour} {roof}")),
                4..=8 => front.push(format!("{}-roofed", colour.replace(' ', "-"))),
                9 => front.push(format!("{colour} roofed")),
                10..=12 => front.push(format!("{}-roof", colour.replace(' ', "-"))),
                _ => front.push(colour),
            },
            (colour, Some(material)) if roofed => {
                front.extend(colour);
                if self.rng.random_bool(0.5) {
                    after.push(format!("with {a}{material} {roof}"));
                } else {
                    let material = material
                        .replace("tiled", "tile")
                        .replace("thatched", "thatch")
                        .replace(' ', "-");
                    front.push(format!("{material}-roofed"));
                }
            }
            (colour, material) => {
                front.extend(colour);
                front.extend(material.map(str::to_owned));
            }
        }
        front.push(self.noun.text(singular).to_owned());
        front.extend(after);
        front.join(" ")
    }

    /// Whether the class has roofs, whose colour a phrase can name separately.
    fn is_roofed(&self) -> bool {
        self.query.class == Class::Building && !self.noun.is_roof()
    }

    fn counts_from_a_side(&self) -> bool {
        matches!(self.query.superlative, Some(Superlative::Ordinal(o)) if !o.order.is_size())
    }

    fn article(&mut self, wanted: Article, single: bool) -> &'static str {
        let definite = wanted != Article::Any;
        let chance = self.rng.random_range(0..100);
        let one = self.number == Number::One;
        let counted = self
            .facts
            .count
            .filter(|_| !one && !self.noun.mass && wanted != Article::The);
        if let Some(count) = counted
            && chance < 12
        {
            return match count {
                2 if chance < 4 => "both",
                2 if chance < 6 => "both the",
                2 => "the two",
                3 => "the three",
                4 => "the four",
                5 => "the five",
                _ => "all the",
            };
        }
        match (wanted, one || self.noun.mass) {
            (Article::The, _) => "the",
            (_, true) if definite => {
                pick(self.rng, &["the", "the", "the", "the", "the", "the", ""])
            }
            (_, true) if chance < 48 => "the",
            (_, true) if chance < 53 && one && !single && !self.noun.mass => "\u{1}",
            (_, true) => "",
            (_, false) if definite => pick(
                self.rng,
                &[
                    "the", "the", "the", "the", "all the", "all the", "all", "", "",
                ],
            ),
            _ => match chance {
                0..40 => "the",
                40..78 => "",
                78..90 => "all the",
                _ => "all",
            },
        }
    }

    fn position(&self) -> Option<Position> {
        self.query
            .predicates
            .iter()
            .find_map(|predicate| match predicate {
                Predicate::Position(position) => Some(*position),
                _ => None,
            })
    }

    fn place(&self) -> Option<Place<'a>> {
        Some(Place::new(self.position()?, self.facts, self.style))
    }

    fn relation(&self) -> Option<(RelationKind, Anchor)> {
        self.query
            .predicates
            .iter()
            .find_map(|predicate| match predicate {
                Predicate::Relation(kind, anchor) => Some((*kind, *anchor)),
                _ => None,
            })
    }

    fn size(&mut self) -> Option<&'static str> {
        let size = self
            .query
            .predicates
            .iter()
            .find_map(|predicate| match predicate {
                Predicate::Size(size) => Some(*size),
                _ => None,
            })?;
        Some(match size {
            Size::Large => pick(self.rng, &["large", "large", "large", "big", "big"]),
            Size::Small => pick(self.rng, &["small", "small", "small", "small", "little"]),
        })
    }

    fn colour_word(&mut self) -> Option<String> {
        let (colour, tone) = (adjective::colour(self.query), adjective::tone(self.query));
        adjective::hue(colour, tone, self.style, self.rng)
    }

    fn material(&self) -> Option<Material> {
        self.query
            .predicates
            .iter()
            .find_map(|predicate| match predicate {
                Predicate::Material(material) => Some(*material),
                _ => None,
            })
    }
}

/// Which article a noun phrase gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Article {
    /// On its own: any article or none.
    Any,
    /// In a question or command: mostly "the".
    Definite,
    /// In a statement, where "all" would claim too much.
    The,
}
