//! The prompts sent to the network for the things named in a request.

use std::sync::LazyLock;

use crate::things::class::Class;
use crate::things::material::Material;

use super::nouns::{self, Count};
use super::request::{Condition, Key, Number, Request, Thing};
use super::unknown::is_known;

/// "The water".
static WATER: LazyLock<Request> = LazyLock::new(|| Request {
    thing: Thing {
        noun: Class::Water.name().to_owned(),
        class: Some(Class::Water),
        mass: true,
    },
    number: Number::All,
    conditions: Vec::new(),
    rank: None,
    and: Vec::new(),
    except: Vec::new(),
    complement: false,
});

impl Request {
    /// The prompt for all things of the request's kind: "the buildings", "the grass", "the buildings with metal roofs".
    /// Some nouns become one that the network knows: "the bunkers" for a sand trap.
    /// It contains no other conditions: these are evaluated on the objects that the network finds.
    pub fn prompt(&self) -> String {
        let noun = self.thing.noun.to_lowercase().replace('-', " ");
        match (self.thing.class, nouns::asked(&noun)) {
            (None, Some(word)) => format!("the {word}"),
            _ => format!("the {}", self.several()),
        }
    }

    /// The water that the things cross, if they are such things: it shows where a bridge is.
    pub fn crossed(&self) -> Option<&'static Request> {
        let noun = self.thing.noun.to_lowercase().replace('-', " ");
        (self.thing.class.is_none() && nouns::crosses_water(&noun)).then(|| &*WATER)
    }

    /// Name of several of the things, with their roofs if these are stated: "buildings with metal roofs".
    pub fn several(&self) -> String {
        let named = match self.thing.class {
            Some(class) => class
                .names()
                .first()
                .map_or("things", |names| names.1)
                .to_owned(),
            None => self.plural(),
        };
        let material = self
            .conditions
            .iter()
            .find_map(|condition| match condition {
                Condition::Material(material) => Some(*material),
                _ => None,
            });
        match material {
            Some(material) => {
                let roof = match material {
                    Material::Concrete => "concrete",
                    Material::Tin => "metal",
                    Material::ClayTiles => "tiled",
                    Material::Thatch => "thatched",
                };
                format!("{named} with {roof} roofs")
            }
            None => named,
        }
    }

    /// Name of one of the things: that of their class, or the noun in the singular. A noun that is in no list stays as it
    /// was written.
    pub fn one(&self) -> String {
        match self.thing.class {
            Some(class) => class.name().to_owned(),
            None => match nouns::noun(&self.thing.noun.replace('-', " ")) {
                Some(known) if known.count == Count::Many => nouns::singular(&self.thing.noun),
                _ => self.thing.noun.clone(),
            },
        }
    }

    /// The prompts of the request and of everything that it refers to, without duplicates, its own first.
    pub fn prompts(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect(&self, found: &mut Vec<String>) {
        let prompt = self.prompt();
        if !found.contains(&prompt) {
            found.push(prompt);
        }
        if let Some(crossed) = self.crossed() {
            crossed.collect(found);
        }
        let others = self.conditions.iter().flat_map(Condition::others);
        others.for_each(|other| other.collect(found));
        if let Some(Key::ClosestTo(to) | Key::FarthestFrom(to)) =
            self.rank.as_ref().map(|rank| &rank.key)
        {
            to.collect(found);
        }
        self.and
            .iter()
            .chain(&self.except)
            .for_each(|other| other.collect(found));
    }

    /// The noun in the plural. Mass nouns stay unchanged, and so do nouns whose last word is in no list.
    fn plural(&self) -> String {
        let noun = &self.thing.noun;
        let known = nouns::noun(&noun.replace('-', " "));
        let count = known.map_or_else(|| nouns::guessed(noun), |known| known.count);
        let is_known = known.is_some() || is_known(noun.rsplit([' ', '-']).next().unwrap_or(noun));
        if self.thing.mass || !is_known || matches!(count, Count::Many | Count::Mass) {
            noun.clone()
        } else {
            nouns::plural(noun)
        }
    }

    /// The classes named by the request and by everything that it refers to, without duplicates, in order.
    pub fn classes(&self) -> Vec<Class> {
        let mut found: Vec<Class> = self.thing.class.into_iter().collect();
        let mut others: Vec<&Request> = self.and.iter().chain(&self.except).collect();
        others.extend(self.conditions.iter().flat_map(Condition::others));
        if let Some(Key::ClosestTo(to) | Key::FarthestFrom(to)) =
            self.rank.as_ref().map(|rank| &rank.key)
        {
            others.push(to);
        }
        for class in others.into_iter().flat_map(Request::classes) {
            if !found.contains(&class) {
                found.push(class);
            }
        }
        found
    }
}
