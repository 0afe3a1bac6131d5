//! From the meaning of a phrase to its words.

use rand::{Rng, RngExt};

use crate::data::class::Class;
use crate::data::scene::Material;

use super::adjective;
use super::comparison;
use super::facts::Facts;
use super::forms::Kind;
use super::look::Tone;
use super::predicate::{Anchor, Predicate, RelationKind, Size};
use super::query::{Query, Superlative};
use super::sentence::{position_words, sentence, subject};
use super::slip;
use super::style::Style;
use super::utterance::Utterance;

/// Manner of speaking, after the data sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// "The baseball field on the top".
    RrsisD,
    /// "vehicle along the road": no article, the singular for all that fit.
    RefSegRs,
    /// "The ship is located at the bottom-left corner of the image".
    RisBench,
    /// "blue building left of the road", as people type.
    Plain,
}

impl Form {
    /// A manner in the proportions of training: people's own above all.
    pub fn draw(rng: &mut (impl Rng + ?Sized)) -> Self {
        match rng.random_range(0..20) {
            0..=1 => Form::RrsisD,
            2 => Form::RefSegRs,
            3..=4 => Form::RisBench,
            _ => Form::Plain,
        }
    }
}

/// How many things a phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Exactly one.
    One,
    /// Several, or all of a class.
    Many,
}

/// One of several words.
pub fn pick<'a>(rng: &mut (impl Rng + ?Sized), options: &[&'a str]) -> &'a str {
    options[rng.random_range(0..options.len())]
}

/// Says a query in words. `house` allows to call buildings houses.
pub fn say(
    query: &Query,
    number: Number,
    form: Form,
    house: bool,
    rng: &mut (impl Rng + ?Sized),
) -> String {
    say_of(query, number, form, &Facts::unknown(house), rng)
}

/// Says a query in words; `facts` are what is known of all that it means.
pub fn say_of(
    query: &Query,
    number: Number,
    form: Form,
    facts: &Facts,
    rng: &mut (impl Rng + ?Sized),
) -> String {
    let text = clean(query, number, form, facts, rng);
    if form == Form::Plain {
        slip::written(&text, rng)
    } else {
        text
    }
}

/// Says in words what is not there: often as a question whether it is, as people do. Which words
/// are used tells nothing of whether it is there, as [`say_of`] uses all of them too.
pub fn say_absent(
    query: &Query,
    number: Number,
    form: Form,
    house: bool,
    rng: &mut (impl Rng + ?Sized),
) -> String {
    let facts = Facts::unknown(house);
    let asks = form == Form::Plain && rng.random_bool(0.4);
    let question = asks
        .then(|| Utterance::new(query, number, &facts, rng)?.phrase(Kind::Exists))
        .flatten();
    match question {
        Some(text) => slip::written(&text, rng),
        None => say_of(query, number, form, &facts, rng),
    }
}

/// The words as they are meant to be written.
pub(super) fn clean(
    query: &Query,
    number: Number,
    form: Form,
    facts: &Facts,
    rng: &mut (impl Rng + ?Sized),
) -> String {
    if form == Form::Plain {
        let kind = Kind::random(query.is_bare(), rng);
        let said = Utterance::new(query, number, facts, rng)
            .and_then(|mut utterance| utterance.phrase(kind));
        if let Some(text) = said {
            return text;
        }
    }
    in_manner(query, number, form, facts.house, rng)
}

/// Says a query in the manner of a data set.
fn in_manner(
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
        // All of a mass, such as "the water", is singular.
        let mass = query.class.is_ground() && query.is_bare();
        let plural = number == Number::Many && !mass;
        let subject = subject(&phrase.core, number, plural, rng);
        let subject = [vec![subject], after].concat().join(" ");
        // "The largest ship is located at the top" would speak of all ships.
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
    // No "big small vehicle".
    let sized = query
        .predicates
        .iter()
        .any(|p| matches!(p, Predicate::Size(_)));
    let noun = match noun.strip_prefix("small vehicle") {
        Some(end) if sized => format!("car{end}"),
        _ => noun,
    };
    // A roof does not have a roof.
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
    // The usual name half of the time.
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
                    name.replace("tiled", "tile").replace(' ', "-")
                ));
            }
        }
    }
    (front, after)
}

/// What a roof is made of, as an adjective.
pub fn material_name(material: Material, rng: &mut (impl Rng + ?Sized)) -> &'static str {
    let names: &[&str] = match material {
        Material::Concrete => &["concrete"],
        Material::Tin => &["tin", "metal"],
        Material::ClayTiles => &["tiled", "clay tile"],
    };
    pick(rng, names)
}

fn anchor_words(anchor: &Anchor, rng: &mut (impl Rng + ?Sized)) -> String {
    let noun = match anchor.place {
        super::view::Place::Class(class) => noun(class, true, false, rng),
        super::view::Place::Object(_) => piece(anchor.class, true, false, rng),
    };
    if anchor.largest {
        return format!("the largest {noun}");
    }
    if let Some(colour) = anchor.colour {
        return format!("the {} {noun}", pick(rng, colour.names()));
    }
    match anchor.place {
        super::view::Place::Class(class) if !class.is_ground() => {
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

/// The text with its first letter as a capital.
pub(in crate::data) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::colour::Colour;
    use crate::data::phrase::position::Position;
    use crate::data::phrase::reading::{Token, counted, expected, read};
    use crate::data::phrase::referring_expressions;
    use crate::data::phrase::view::View;
    use crate::data::synth::{SynthConfig, scene};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn every_part_of_the_meaning_is_said() {
        let query = Query {
            class: Class::Ship,
            predicates: vec![
                Predicate::Colour(Colour::Red),
                Predicate::Position(Position::BottomLeft),
                Predicate::Size(Size::Large),
            ],
            superlative: None,
        };
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        for round in 0..400 {
            let form = [Form::RrsisD, Form::RefSegRs, Form::RisBench, Form::Plain][round % 4];
            for number in [Number::One, Number::Many] {
                let text = clean(&query, number, form, &Facts::default(), &mut rng);
                let said = read(&text);
                for token in [
                    Token::Colour(Colour::Red as u8),
                    Token::Left,
                    Token::Down,
                    Token::Large,
                ] {
                    assert!(said.contains(&token), "{text}");
                }
                assert!(!text.contains("  ") && text.trim() == text, "{text:?}");
            }
        }
    }

    #[test]
    fn words_say_what_the_query_says_and_nothing_else() {
        let (mut total, mut wrong) = (0, Vec::new());
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        for seed in 0..120 {
            let scene = scene(seed, &SynthConfig::new(160));
            let view = View::new(&scene);
            let found = referring_expressions(&scene, &mut ChaCha8Rng::seed_from_u64(seed), 8);
            for referring in found.iter().filter(|referring| !referring.query.is_bare()) {
                let objects = referring.query.evaluate(&view).unwrap_or_default();
                assert_eq!(objects.is_empty(), referring.absent);
                let facts = Facts::of(&view, &objects, false);
                let wanted = expected(&referring.query);
                // "Closest to the left edge" is a way to say leftmost.
                let free = [Token::Closest, Token::Farthest].into_iter();
                let free = free.filter(|_| referring.query.superlative.is_some());
                let allowed = wanted.iter().copied().chain(free).collect();
                for round in 0..16 {
                    total += 1;
                    let form = [Form::RrsisD, Form::RefSegRs, Form::RisBench];
                    let form = form.get(round).copied().unwrap_or(Form::Plain);
                    let (query, number) = (&referring.query, referring.number);
                    let mut text = clean(query, number, form, &facts, &mut rng);
                    if round % 4 == 3
                        && let Some(mut asked) = Utterance::new(query, number, &facts, &mut rng)
                    {
                        text = asked.phrase(Kind::Exists).unwrap_or(text);
                    }
                    let mut said = read(&text);
                    // A small vehicle is a car, or a vehicle that is small.
                    if text.to_lowercase().contains("small vehicle") {
                        said.extend(wanted.contains(&Token::Small).then_some(Token::Small));
                    }
                    let counts = counted(&text).is_none_or(|count| count == objects.len());
                    if !(said.is_superset(&wanted) && said.is_subset(&allowed) && counts) {
                        wrong.push(format!("{text:?} says {said:?}, not {wanted:?}"));
                    }
                }
            }
        }
        assert!(
            wrong.is_empty(),
            "{} wrong: {:#?}",
            wrong.len(),
            &wrong[..wrong.len().min(20)]
        );
        assert!(total > 3000, "only {total} phrases");
    }

    #[test]
    fn what_is_absent_is_asked_for_in_the_same_words() {
        let query = Query {
            class: Class::TennisCourt,
            predicates: Vec::new(),
            superlative: None,
        };
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let asked = (0..400)
            .map(|_| say_absent(&query, Number::Many, Form::Plain, false, &mut rng).to_lowercase())
            .filter(|text| {
                ["any", "is there", "are there"]
                    .iter()
                    .any(|word| text.contains(word))
            })
            .count();
        let present = (0..2000)
            .map(|_| {
                clean(
                    &query,
                    Number::Many,
                    Form::Plain,
                    &Facts::unknown(false),
                    &mut rng,
                )
            })
            .filter(|text| text.contains("any ") || text.contains("are there "))
            .count();
        assert!((60..280).contains(&asked), "{asked}");
        assert!(present > 100, "{present}");
    }
}
