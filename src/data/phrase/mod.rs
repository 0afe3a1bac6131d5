//! Referring expressions for a scene, by set logic. A phrase is a class, predicates and possibly a superlative; its
//! mask is the union of the objects that fit. A phrase is made only if no object is in doubt, so that exactly the
//! masked pixels fit it.

mod absent;
mod adjective;
mod anchor;
mod choice;
mod comparison;
mod facts;
mod forms;
mod manner;
mod noun;
mod ordinal;
mod parts;
mod place;
mod predicate;
mod propose;
mod query;
#[cfg(test)]
mod reading;
mod request;
#[cfg(test)]
mod round_trip;
mod said;
mod sentence;
mod slip;
mod speaker;
mod speech;
mod style;
mod template;
mod tidy;
mod utterance;
mod view;
pub(in crate::data) mod words;

use choice::min_area;
use facts::Facts;
use rand::{Rng, RngExt};
use speaker::Speaker;

use crate::things::class::Class;
use crate::vision::mask::Mask;

use super::scene::Scene;

pub use anchor::{Anchor, Place};
pub use ordinal::{Order, Ordinal};
pub use parts::Parts;
pub use predicate::{Predicate, RelationKind};
pub use query::{Query, Superlative};
pub use view::View;
pub use words::{Form, Number};

/// A phrase and what it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Referring {
    /// The referring expression.
    pub phrase: String,
    /// Exactly the pixels that fit it, as far as they are known; empty if the phrase names something absent.
    pub mask: Mask,
    /// The pixels for which it is known whether they fit, or `None` if it is known for all.
    pub known: Option<Mask>,
    /// Whether nothing fits.
    pub absent: bool,
    /// The class named.
    pub class: Class,
    /// All pixels of the class named.
    pub class_mask: Mask,
    /// Manner of phrasing.
    pub form: Form,
    /// The parts that it has.
    pub parts: Parts,
    /// Its meaning.
    pub query: Query,
    /// Whether it means one thing or several.
    pub number: Number,
}

/// Up to `count` different phrases for a scene, spread over its classes. If little can be stated about the scene with
/// certainty, there are fewer, or some state the same in other words.
pub fn referring_expressions(
    scene: &Scene,
    rng: &mut (impl Rng + ?Sized),
    count: usize,
) -> Vec<Referring> {
    Speaker::new(&View::new(scene)).phrases(count, rng)
}

/// Whether buildings may be called houses: the ground sample distance is known and no building is larger than 400
/// square metres.
fn has_only_houses(view: &View) -> bool {
    let Some(gsd) = view.scene.gsd_m else {
        return false;
    };
    let largest = view
        .objects(Class::Building)
        .iter()
        .map(|&o| view.region(o).area())
        .max()
        .unwrap_or(0);
    largest as f32 * gsd * gsd <= 400.0
}

/// A phrase for all of a class, which names the class and nothing else.
fn say_all(
    view: &View,
    class: Class,
    form: Form,
    house: bool,
    rng: &mut (impl Rng + ?Sized),
) -> Referring {
    let query = Query {
        class,
        predicates: Vec::new(),
        superlative: None,
    };
    let single = view.scene.countable.contains(class) && view.objects(class).len() == 1;
    let number = if single { Number::One } else { Number::Many };
    let all = if view.scene.countable.contains(class) {
        view.objects(class)
    } else {
        &[]
    };
    let phrase = speech::say_of(&query, number, form, &Facts::of(view, all, house), rng);
    let mask = view.scene.class_mask(class);
    let (class_mask, parts) = (mask.clone(), Parts::default());
    Referring {
        phrase,
        mask,
        known: view.scene.known(class),
        absent: false,
        class,
        class_mask,
        form,
        parts,
        query,
        number,
    }
}

/// A phrase about an object of a class, if it turns out to be unambiguous.
fn attempt(
    view: &View,
    class: Class,
    form: Form,
    house: bool,
    rng: &mut (impl Rng + ?Sized),
) -> Option<Referring> {
    let scene = view.scene;
    let objects = view.objects(class);
    let least = min_area(class);
    let target = draw_target(view, objects, least, rng)?;
    let query = propose::propose(view, class, target, form, rng);
    if query.is_bare() {
        return None;
    }
    let fitting = query.evaluate(view)?;
    let number = if fitting.len() == 1 {
        Number::One
    } else {
        Number::Many
    };
    let large_enough = |&object: &usize| view.region(object).area() >= least;
    if number == Number::One && !fitting.iter().all(large_enough) {
        return None;
    }
    // A phrase that fits all of several objects is true but seldom used.
    if number == Number::Many && fitting.len() == objects.len() && rng.random_bool(0.85) {
        return None;
    }
    let mut mask = Mask::empty(scene.width(), scene.height());
    for &object in &fitting {
        view.region(object).draw_into(&mut mask);
    }
    if mask.area() < least {
        return None;
    }
    let parts = Parts::of(&query);
    let phrase = speech::say_of(&query, number, form, &Facts::of(view, &fitting, house), rng);
    let class_mask = scene.class_mask(class);
    Some(Referring {
        phrase,
        mask,
        known: scene.known(class),
        absent: false,
        class,
        class_mask,
        form,
        parts,
        query,
        number,
    })
}

/// Draws an object for a phrase, large objects more often.
fn draw_target(
    view: &View,
    objects: &[usize],
    least: usize,
    rng: &mut (impl Rng + ?Sized),
) -> Option<usize> {
    let weight = |object: usize| {
        let area = view.region(object).area();
        if area < least {
            0.0
        } else {
            (area as f32).sqrt().min(80.0)
        }
    };
    let total: f32 = objects.iter().map(|&object| weight(object)).sum();
    let mut left = rng.random::<f32>() * total;
    objects
        .iter()
        .copied()
        .filter(|&object| weight(object) > 0.0)
        .find(|&object| {
            left -= weight(object);
            left <= 0.0
        })
}

#[cfg(test)]
pub(super) mod tests;
