//! Queries in the manner of the data sets RRSIS-D, RefSegRS and RISBench.

use rand::{Rng, RngExt};

use crate::things::class::Class;
use crate::things::material::Material;
use crate::things::size::Size;
use crate::things::tone::Tone;

use super::adjective;
use super::anchor::Anchor;
use super::comparison;
use super::predicate::{Predicate, RelationKind};
use super::query::{Query, Superlative};
use super::sentence::{position_words, sentence, subject};
use super::style::Style;
use super::words::{Form, Number, capital, pick};

/// Puts a query into words in the manner of a data set.
pub fn in_manner(
    query: &Query,
    number: Number,
    form: Form,
    house: bool,
    rng: &mut (impl Rng + ?Sized),
) -> String {
    let singular = number == Number::One || (form == Form::RefSegRs && rng.random_bool(0.6));
    let phrase = noun_phrase(query, singular, house, rng);
    let mut after: Vec<String> = phrase.after;
    let position = query
        .predicates
        .iter()
        .find_map(|predicate| match predicate {
            Predicate::Position(position) => Some(*position),
            _ => None,
        });
    let relation = query
        .predicates
        .iter()
        .find_map(|predicate| match predicate {
            Predicate::Relation(kind, anchor) => {
                Some(relation_words(*kind, anchor, query.class, rng))
            }
            _ => None,
        });
    if form == Form::RisBench {
        // A phrase for all of a mass, such as "the water", is singular.
        let mass = query.class.is_ground() && query.is_bare();
        let plural = number == Number::Many && !mass;
        let subject = subject(&phrase.core, number, plural, rng);
        let subject = [vec![subject], after].concat().join(" ");
        // "The largest ship is located at the top" would mean the largest of all ships.
        if query.superlative.is_some() {
            let place = position.map(|position| position_words(position, Form::RrsisD, rng));
            let parts = [Some(subject), place, relation].into_iter().flatten();
            let words = parts.collect::<Vec<_>>().join(" ");
            return format!(
                "{words} {}",
                pick(rng, &["in the image", "in the picture", "in the scene"])
            );
        }
        return sentence(&subject, plural, position, relation, rng);
    }
    if let Some(relation) = relation {
        after.push(relation);
    }
    if let Some(position) = position {
        let words = position_words(position, form, rng);
        let place = if rng.random_bool(0.3) { 0 } else { after.len() };
        after.insert(place, words);
    }
    let article = match (form, number) {
        (Form::RefSegRs, _) => "",
        (_, Number::Many) if query.class.is_ground() => pick(rng, &["the ", "", "all the "]),
        (_, Number::Many) => pick(rng, &["all the ", "the ", "all "]),
        (Form::RrsisD, Number::One) => {
            let unique = query.superlative.is_some();
            if !unique && rng.random_bool(0.12) {
                "a "
            } else {
                "the "
            }
        }
        (_, Number::One) => pick(rng, &["the ", "", "the "]),
    };
    let core = phrase.core;
    let article = if article == "a " && starts_with_vowel(&core) {
        "an "
    } else {
        article
    };
    let text = [vec![format!("{article}{core}")], after].concat().join(" ");
    if form == Form::RrsisD {
        capital(&text)
    } else {
        text
    }
}

struct NounPhrase {
    /// Adjectives and noun.
    core: String,
    /// What follows the noun.
    after: Vec<String>,
}

fn noun_phrase(
    query: &Query,
    singular: bool,
    house: bool,
    rng: &mut (impl Rng + ?Sized),
) -> NounPhrase {
    let noun = if query.is_bare() {
        noun(query.class, singular, house, rng)
    } else {
        piece(query.class, singular, house, rng)
    };
    // Avoids "big small vehicle".
    let sized = query
        .predicates
        .iter()
        .any(|p| matches!(p, Predicate::Size(_)));
    let noun = match noun.strip_prefix("small vehicle") {
        Some(end) if sized => format!("car{end}"),
        _ => noun,
    };
    // A noun that names a roof does not have a roof.
    let roofed = query.class == Class::Building && !noun.contains("roof");
    let (mut words, after) = adjectives(query, roofed, rng);
    words.push(noun);
    NounPhrase {
        core: words.join(" "),
        after,
    }
}

/// The name of one thing of a class, or of several; water and vegetation come in areas.
fn piece(class: Class, singular: bool, house: bool, rng: &mut (impl Rng + ?Sized)) -> String {
    let places = match class {
        Class::Water => [
            ("water area", "water areas"),
            ("body of water", "bodies of water"),
            ("water area", "water areas"),
        ],
        Class::Vegetation => [
            ("vegetation area", "vegetation areas"),
            ("green area", "green areas"),
            ("patch of vegetation", "patches of vegetation"),
        ],
        _ => return noun(class, singular, house, rng),
    };
    let (one, many) = places[rng.random_range(0..places.len())];
    if singular { one } else { many }.to_owned()
}

/// The name of a class.
pub fn noun(class: Class, singular: bool, house: bool, rng: &mut (impl Rng + ?Sized)) -> String {
    if house && class == Class::Building && rng.random_bool(0.4) {
        return if singular { "house" } else { "houses" }.to_owned();
    }
    let names = class.names();
    // Half of the time, the usual name.
    let place = if rng.random_bool(0.5) {
        0
    } else {
        rng.random_range(0..names.len())
    };
    let (one, many) = names[place];
    if singular { one } else { many }.to_owned()
}

/// Adjectives in front of the noun and words after it for superlative, size, colour and material.
fn adjectives(
    query: &Query,
    roofed: bool,
    rng: &mut (impl Rng + ?Sized),
) -> (Vec<String>, Vec<String>) {
    let (mut front, mut after) = (Vec::new(), Vec::new());
    match query.superlative {
        None => {}
        Some(Superlative::Largest) => front.push(pick(rng, &["largest", "biggest"]).to_owned()),
        Some(Superlative::Smallest) => front.push("smallest".to_owned()),
        Some(Superlative::Leftmost) => front.push("leftmost".to_owned()),
        Some(Superlative::Rightmost) => front.push("rightmost".to_owned()),
        Some(Superlative::Topmost) => front.push(pick(rng, &["topmost", "uppermost"]).to_owned()),
        Some(Superlative::Bottommost) => {
            front.push(pick(rng, &["bottommost", "lowest"]).to_owned());
        }
        Some(Superlative::Ordinal(ordinal)) => {
            let style = Style {
                british: false,
                compass: false,
                terse: false,
            };
            let (word, from) = comparison::ordinal(ordinal, style, rng);
            front.push(word);
            after.extend(from);
        }
        Some(Superlative::Closest(anchor)) => {
            let word = pick(rng, &["closest to", "nearest to"]);
            after.push(format!("{word} {}", anchor_words(&anchor, rng)));
        }
        Some(Superlative::Farthest(anchor)) => {
            after.push(format!("farthest from {}", anchor_words(&anchor, rng)));
        }
    }
    for predicate in &query.predicates {
        match predicate {
            Predicate::Size(Size::Large) => {
                front.push(pick(rng, &["large", "large", "big"]).to_owned())
            }
            Predicate::Size(Size::Small) => {
                front.push(pick(rng, &["small", "small", "little"]).to_owned())
            }
            _ => {}
        }
    }
    for predicate in &query.predicates {
        if let Predicate::Shape(shape) = predicate {
            front.push(adjective::shape(*shape, rng).to_owned());
        }
    }
    let coloured = query
        .predicates
        .iter()
        .any(|p| matches!(p, Predicate::Colour(_)));
    for predicate in &query.predicates {
        let word = match predicate {
            Predicate::Colour(colour) => Some(colour.names()[0]),
            Predicate::Tone(Tone::Light) if !coloured => Some("light"),
            Predicate::Tone(Tone::Dark) if !coloured => Some("dark"),
            _ => None,
        };
        if let Some(plain) = word {
            let tone = adjective::tone(query)
                .filter(|_| coloured)
                .map(|tone| match tone {
                    Tone::Light => "light ",
                    Tone::Dark => "dark ",
                });
            let word = &format!("{}{plain}", tone.unwrap_or_default());
            match (roofed, rng.random_range(0..4)) {
                (true, 0) => {
                    let article = comparison::article(word);
                    after.insert(0, format!("with {article} {word} roof"));
                }
                (true, 1) => front.push(format!("{}-roofed", word.replace(' ', "-"))),
                _ => front.push(word.to_owned()),
            }
        }
    }
    for predicate in &query.predicates {
        if let Predicate::Material(material) = predicate {
            let name = material_name(*material, rng);
            if !roofed {
                front.push(name.to_owned());
            } else if after.is_empty() && rng.random_bool(0.6) {
                after.push(format!("with a {name} roof"));
            } else {
                front.push(format!(
                    "{}-roofed",
                    name.replace("tiled", "tile")
                        .replace("thatched", "thatch")
                        .replace(' ', "-")
                ));
            }
        }
    }
    (front, after)
}

/// A roof material, as an adjective.
pub fn material_name(material: Material, rng: &mut (impl Rng + ?Sized)) -> &'static str {
    let names: &[&str] = match material {
        Material::Concrete => &["concrete"],
        Material::Tin => &["tin", "metal"],
        Material::ClayTiles => &["tiled", "clay tile"],
        Material::Thatch => &["thatched", "thatch"],
    };
    pick(rng, names)
}

fn anchor_words(anchor: &Anchor, rng: &mut (impl Rng + ?Sized)) -> String {
    let noun = match anchor.place {
        super::anchor::Place::Class(class) => noun(class, true, false, rng),
        super::anchor::Place::Object(_) => piece(anchor.class, true, false, rng),
    };
    if anchor.largest {
        return format!("the largest {noun}");
    }
    if let Some(colour) = anchor.colour {
        return format!("the {} {noun}", pick(rng, colour.names()));
    }
    match anchor.place {
        super::anchor::Place::Class(class) if !class.is_ground() => {
            let plural = class.names()[0].1;
            format!("the {plural}")
        }
        _ => format!("the {noun}"),
    }
}

fn relation_words(
    kind: RelationKind,
    anchor: &Anchor,
    class: Class,
    rng: &mut (impl Rng + ?Sized),
) -> String {
    let lines = matches!(anchor.class, Class::Road | Class::Water | Class::Sidewalk);
    let words = match kind {
        RelationKind::LeftOf => pick(rng, &["to the left of", "left of", "on the left of"]),
        RelationKind::RightOf => pick(rng, &["to the right of", "right of", "on the right of"]),
        RelationKind::Above => pick(rng, &["above", "above"]),
        RelationKind::Below => pick(rng, &["below", "below", "beneath"]),
        RelationKind::On => "on",
        RelationKind::NextTo if lines && class != Class::Ship => pick(
            rng,
            &["next to", "near", "along", "beside", "by", "close to"],
        ),
        RelationKind::NextTo => pick(rng, &["next to", "near", "beside", "close to"]),
    };
    format!("{words} {}", anchor_words(anchor, rng))
}

fn starts_with_vowel(word: &str) -> bool {
    word.starts_with(['a', 'e', 'i', 'o', 'u'])
}
