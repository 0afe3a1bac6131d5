//! Candidate statements about an object. Only those that prove unambiguous are kept.

use rand::{Rng, RngExt};

use crate::things::class::Class;
use crate::things::colour::Colour;
use crate::things::fit::Fit;
use crate::things::position::Position;
use crate::things::shape::Shape;
use crate::things::size::Size;
use crate::things::tone::Tone;

use super::adjective;
use super::anchor::Anchor;
use super::anchor::Place;
use super::ordinal::{Order, Ordinal};
use super::predicate::{Predicate, RelationKind};
use super::query::{Query, Superlative};
use super::view::View;
use super::words::Form;

/// Probability that a phrase of a form has each part. The frequencies of RISBench come from a sample of 128 of its
/// phrases.
struct Taste {
    position: f64,
    colour: f64,
    size: f64,
    material: f64,
    relation: f64,
    superlative: f64,
}

fn taste(form: Form) -> Taste {
    match form {
        Form::RrsisD => Taste {
            position: 0.7,
            colour: 0.25,
            size: 0.15,
            material: 0.05,
            relation: 0.25,
            superlative: 0.14,
        },
        Form::RefSegRs => Taste {
            position: 0.15,
            colour: 0.45,
            size: 0.15,
            material: 0.15,
            relation: 0.55,
            superlative: 0.0,
        },
        Form::RisBench => Taste {
            position: 0.95,
            colour: 0.1,
            size: 0.45,
            material: 0.03,
            relation: 0.23,
            superlative: 0.19,
        },
        Form::Plain => Taste {
            position: 0.3,
            colour: 0.4,
            size: 0.12,
            material: 0.12,
            relation: 0.25,
            superlative: 0.25,
        },
    }
}

/// A query that a form might make about an object; all of its predicates hold for the object.
pub fn propose(
    view: &View,
    class: Class,
    target: usize,
    form: Form,
    rng: &mut (impl Rng + ?Sized),
) -> Query {
    let taste = taste(form);
    let objects = view.objects(class);
    let several = objects.len() > 1;
    let mut predicates = Vec::new();
    let holds = |predicate: &Predicate| predicate.fit(view, target, objects) == Fit::Yes;
    if rng.random_bool(taste.position) {
        let all: Vec<Position> = Position::ALL
            .into_iter()
            .filter(|&position| holds(&Predicate::Position(position)))
            .collect();
        // Corners are more specific than sides; halves are seldom used.
        let weight = |position: &Position| match position {
            p if p.is_corner() => 5,
            p if p.is_half() => 1,
            _ => 3,
        };
        if let Some(position) = weighted(&all, weight, rng) {
            predicates.push(Predicate::Position(position));
        }
    }
    if rng.random_bool(taste.colour) {
        let colour = view.scene.objects[target].colours.certain();
        let colour = colour.filter(|_| class.has_colour());
        predicates.extend(colour.map(Predicate::Colour));
        let tone = [Tone::Light, Tone::Dark]
            .into_iter()
            .filter(|&tone| colour.is_none_or(|colour| adjective::is_said(colour, tone)))
            .find(|&tone| class.has_colour() && holds(&Predicate::Tone(tone)));
        // Light or dark sometimes adds to a colour, and often replaces one that is uncertain.
        let adds = if colour.is_some() { 0.35 } else { 0.7 };
        predicates.extend(tone.filter(|_| rng.random_bool(adds)).map(Predicate::Tone));
    }
    if has_shapes(class) && rng.random_bool(0.4 * taste.size + 0.04) {
        let shape = Shape::ALL
            .into_iter()
            .find(|&shape| holds(&Predicate::Shape(shape)));
        predicates.extend(shape.map(Predicate::Shape));
    }
    if several && rng.random_bool(taste.size) {
        let size = [Size::Large, Size::Small]
            .into_iter()
            .find(|&size| holds(&Predicate::Size(size)));
        predicates.extend(size.map(Predicate::Size));
    }
    if rng.random_bool(taste.material) {
        predicates.extend(view.scene.objects[target].material.map(Predicate::Material));
    }
    if rng.random_bool(taste.relation) {
        predicates.extend(relation(view, class, target, rng));
    }
    let superlative = (several && rng.random_bool(taste.superlative))
        .then(|| superlative(view, class, target, rng))
        .flatten();
    // Avoids "the smallest large building".
    let by_size = match superlative {
        Some(Superlative::Largest | Superlative::Smallest) => true,
        Some(Superlative::Ordinal(ordinal)) => ordinal.order.is_size(),
        _ => false,
    };
    predicates.retain(|predicate| !(by_size && matches!(predicate, Predicate::Size(_))));
    Query {
        class,
        predicates,
        superlative,
    }
}

/// Whether the things of a class differ enough in shape for people to mention it.
fn has_shapes(class: Class) -> bool {
    matches!(
        class,
        Class::Building | Class::Pool | Class::Field | Class::ParkingLot
    )
}

fn weighted<T: Copy>(
    items: &[T],
    weight: impl Fn(&T) -> u32,
    rng: &mut (impl Rng + ?Sized),
) -> Option<T> {
    let total: u32 = items.iter().map(&weight).sum();
    if total == 0 {
        return None;
    }
    let mut left = rng.random_range(0..total);
    items.iter().copied().find(|item| {
        let share = weight(item);
        let found = left < share;
        left = left.saturating_sub(share);
        found
    })
}

/// Everything in the scene that a relation can refer to without doubt.
fn anchors(view: &View) -> Vec<Anchor> {
    let scene = view.scene;
    let mut found: Vec<Anchor> = Vec::new();
    for class in [
        Class::Road,
        Class::Water,
        Class::Tree,
        Class::Field,
        Class::ParkingLot,
    ] {
        let clear = !class.rivals().iter().any(|&rival| view.pixels(rival) > 0);
        if clear && scene.complete.contains(class) && view.pixels(class) >= 200 {
            found.push(Anchor {
                place: Place::Class(class),
                class,
                colour: None,
                largest: false,
            });
        }
    }
    let large = |object: usize| view.region(object).area() >= 60;
    for class in Class::ALL {
        if !scene.countable.contains(class) || matches!(class, Class::Vehicle | Class::Vegetation) {
            continue;
        }
        let named = |object: usize, colour: Option<Colour>, largest: bool| Anchor {
            place: Place::Object(object),
            class,
            colour,
            largest,
        };
        match view.objects(class) {
            [] => {}
            [single] => found.extend(large(*single).then(|| named(*single, None, false))),
            several => {
                let largest = Superlative::Largest.choose(view, several);
                found.extend(largest.map(|object| named(object, None, true)));
                if !class.has_colour() {
                    continue;
                }
                for colour in Colour::ALL {
                    let predicates = vec![Predicate::Colour(colour)];
                    let query = Query {
                        class,
                        predicates,
                        superlative: None,
                    };
                    if let Some([one]) = query.evaluate(view).as_deref()
                        && large(*one)
                    {
                        found.push(named(*one, Some(colour), false));
                    }
                }
            }
        }
    }
    found
}

/// Draws something that a phrase about an object can refer to.
fn anchor(
    view: &View,
    class: Class,
    target: usize,
    rng: &mut (impl Rng + ?Sized),
) -> Option<Anchor> {
    let all = view.anchors.get_or_init(|| anchors(view));
    let apart = |anchor: &Anchor| {
        if anchor.place == Place::Object(target) || anchor.place == Place::Class(class) {
            0
        } else {
            1
        }
    };
    weighted(all, apart, rng)
}

fn relation(
    view: &View,
    class: Class,
    target: usize,
    rng: &mut (impl Rng + ?Sized),
) -> Option<Predicate> {
    for _ in 0..3 {
        let anchor = anchor(view, class, target, rng)?;
        let on = matches!(anchor.class, Class::Road | Class::ParkingLot)
            && Class::Vehicle.covers(class.id());
        let kinds: Vec<RelationKind> = [
            RelationKind::LeftOf,
            RelationKind::RightOf,
            RelationKind::Above,
            RelationKind::Below,
            RelationKind::NextTo,
            RelationKind::On,
        ]
        .into_iter()
        .filter(|&kind| match kind {
            // A ship is always next to water, and a car on a road is not next to the road.
            RelationKind::NextTo => {
                let afloat = class == Class::Ship && anchor.class == Class::Water;
                !(on || afloat)
            }
            RelationKind::On => on,
            _ => matches!(anchor.place, Place::Object(_)),
        })
        .filter(|&kind| Predicate::Relation(kind, anchor).fit(view, target, &[]) == Fit::Yes)
        .collect();
        if let Some(kind) = weighted(&kinds, |_| 1, rng) {
            return Some(Predicate::Relation(kind, anchor));
        }
    }
    None
}

fn superlative(
    view: &View,
    class: Class,
    target: usize,
    rng: &mut (impl Rng + ?Sized),
) -> Option<Superlative> {
    let mut all = vec![
        Superlative::Largest,
        Superlative::Largest,
        Superlative::Smallest,
        Superlative::Leftmost,
        Superlative::Rightmost,
        Superlative::Topmost,
        Superlative::Bottommost,
    ];
    if rng.random_bool(0.3)
        && let Some(anchor) = anchor(view, class, target, rng)
    {
        all.extend([Superlative::Closest(anchor), Superlative::Farthest(anchor)]);
    }
    if rng.random_bool(0.3) {
        let count = view.objects(class).len().min(5);
        let place = if count > 2 {
            rng.random_range(2..=count)
        } else {
            2
        };
        all.extend(Order::ALL.map(|order| Superlative::Ordinal(Ordinal { place, order })));
    }
    weighted(&all, |_| 1, rng)
}
