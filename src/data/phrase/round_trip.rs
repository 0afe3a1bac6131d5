//! Tests the reader of phrases against the generator: generated phrases must be read with the intended meaning.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::data::synth::{SynthConfig, scene};
use crate::reading::{self, Condition, Key, Rank, Relation, Request};
use crate::things::class::Class;

use super::anchor::Anchor;
use super::predicate::Predicate;
use super::query::{Query, Superlative};
use super::request::key_of;
use super::words::{Form, Number};
use super::{Referring, referring_expressions};

/// The number of phrases in a test, and the share of them that must be read as intended.
const PHRASES: usize = 2_000;
const LEAST: f64 = 0.995;

/// The content of a query, in a comparable form: its class, its conditions, its rank.
#[derive(Debug, PartialEq)]
struct Meaning {
    class: Option<Class>,
    conditions: Vec<String>,
    rank: Option<String>,
}

fn of_anchor(anchor: &Anchor) -> String {
    let colour = anchor
        .colour
        .map(|colour| format!("{:?}", Condition::Colour(colour)));
    format!(
        "{:?} {:?} {}",
        anchor.class,
        Vec::from_iter(colour),
        anchor.largest
    )
}

fn of_other(request: &Request) -> String {
    let conditions: Vec<String> = request
        .conditions
        .iter()
        .map(|condition| format!("{condition:?}"))
        .collect();
    let largest = request.rank
        == Some(Rank {
            key: Key::Largest,
            place: 1,
            count: 1,
        });
    let other = if request.rank.is_some() && !largest {
        " ranked"
    } else {
        ""
    };
    let class = request
        .thing
        .class
        .map_or_else(|| request.thing.noun.clone(), |class| format!("{class:?}"));
    format!("{class} {conditions:?} {largest}{other}")
}

fn of_query(query: &Query) -> Meaning {
    let mut conditions: Vec<String> = query
        .predicates
        .iter()
        .map(|predicate| match predicate {
            Predicate::Position(position) => format!("{:?}", Condition::Position(*position)),
            Predicate::Colour(colour) => format!("{:?}", Condition::Colour(*colour)),
            Predicate::Size(size) => format!("{:?}", Condition::Size(*size)),
            Predicate::Material(material) => format!("{:?}", Condition::Material(*material)),
            Predicate::Tone(tone) => format!("{:?}", Condition::Tone(*tone)),
            Predicate::Shape(shape) => format!("{:?}", Condition::Shape(*shape)),
            Predicate::Relation(kind, anchor) => {
                let relation = Relation::from(*kind);
                format!("{relation:?} {}", of_anchor(anchor))
            }
        })
        .collect();
    conditions.sort();
    let rank = query.superlative.map(|superlative| match superlative {
        Superlative::Largest => "Largest 1".to_owned(),
        Superlative::Smallest => "Smallest 1".to_owned(),
        Superlative::Leftmost => "Leftmost 1".to_owned(),
        Superlative::Rightmost => "Rightmost 1".to_owned(),
        Superlative::Topmost => "Topmost 1".to_owned(),
        Superlative::Bottommost => "Bottommost 1".to_owned(),
        Superlative::Closest(anchor) => format!("Closest {}", of_anchor(&anchor)),
        Superlative::Farthest(anchor) => format!("Farthest {}", of_anchor(&anchor)),
        Superlative::Ordinal(ordinal) => {
            format!("{:?} {}", key_of(ordinal.order), ordinal.place)
        }
    });
    Meaning {
        class: Some(query.class),
        conditions,
        rank,
    }
}

fn of_request(request: &Request) -> Meaning {
    let mut conditions: Vec<String> = request
        .conditions
        .iter()
        .map(|condition| match condition {
            Condition::Relation(relation, to) => format!("{relation:?} {}", of_other(to)),
            other => format!("{other:?}"),
        })
        .collect();
    conditions.sort();
    let rank = request.rank.as_ref().map(|rank| match &rank.key {
        Key::ClosestTo(to) => format!("Closest {}", of_other(to)),
        Key::FarthestFrom(from) => format!("Farthest {}", of_other(from)),
        key => format!("{key:?} {}", rank.place),
    });
    Meaning {
        class: request.thing.class,
        conditions,
        rank,
    }
}

/// Why a phrase was not read as intended, or `None` if it was.
fn fault(referring: &Referring) -> Option<String> {
    let reading = reading::read(&referring.phrase);
    let Some(request) = reading.request else {
        return Some(format!(
            "unread {:?} {:?}",
            reading.unread, reading.problems
        ));
    };
    // A small vehicle is a car, or a vehicle that is small.
    let mut wanted = of_query(&referring.query);
    let mut found = of_request(&request);
    let small = format!("{:?}", Condition::Size(crate::things::size::Size::Small));
    if request.thing.noun.starts_with("small vehicle") && wanted.class == Some(Class::Vehicle) {
        (found.class, wanted.class) = (None, None);
        wanted.conditions.retain(|condition| *condition != small);
    }
    if wanted != found || !request.and.is_empty() || !request.except.is_empty() {
        return Some(format!(
            "{found:?} and {:?} except {:?}, not {wanted:?}",
            request.and, request.except
        ));
    }
    let several = referring.number == Number::Many && referring.query.superlative.is_none();
    let single = request.number == reading::Number::One;
    let loose = referring.form == Form::RefSegRs || referring.absent || referring.parts.is_bare();
    // "The aircraft" is one or several.
    let loose = loose || request.thing.noun.ends_with("craft");
    (several && single && !loose).then(|| format!("one thing: {:?}", request.number))
}

/// Set `S4ECA_PHRASES` for another number of phrases; the faults are printed by kind.
#[test]
fn what_the_generator_says_is_read_as_it_was_meant() {
    let most = std::env::var("S4ECA_PHRASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(PHRASES);
    let (mut total, mut faults) = (0usize, BTreeMap::<String, Vec<String>>::new());
    for seed in 0.. {
        if total >= most {
            break;
        }
        let scene = scene(50_000 + seed, &SynthConfig::new(128));
        for referring in referring_expressions(&scene, &mut ChaCha8Rng::seed_from_u64(seed), 12) {
            total += 1;
            if let Some(fault) = fault(&referring) {
                let kind = format!(
                    "{:?} absent {} {:?}",
                    referring.form, referring.absent, referring.parts
                );
                faults
                    .entry(kind)
                    .or_default()
                    .push(format!("{}: {fault}", referring.phrase));
            }
        }
    }
    let wrong: usize = faults.values().map(Vec::len).sum();
    for (kind, phrases) in &faults {
        println!("{kind}: {}", phrases.len());
        phrases.iter().for_each(|phrase| println!("    {phrase}"));
    }
    println!("{wrong} of {total} phrases are read as something else or not at all");
    assert!(
        (total - wrong) as f64 >= LEAST * total as f64,
        "{wrong} of {total}"
    );
}
