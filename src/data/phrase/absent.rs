//! Phrases for things that are not in a scene: a class that it lacks, or a colour or place that no thing of a class
//! has. Their mask is empty.

use rand::{Rng, RngExt};

use crate::things::class::Class;
use crate::things::colour::Colour;
use crate::things::position::Position;
use crate::vision::mask::Mask;

use super::Referring;
use super::choice::{Choice, enough_is_known};
use super::parts::Parts;
use super::predicate::Predicate;
use super::query::Query;
use super::speech::say_absent;
use super::view::View;
use super::words::{Form, Number};

/// Share of these phrases in which an attribute is absent rather than a class, if there are things that lack it.
const ATTRIBUTE_SHARE: f64 = 0.45;

/// How informative a phrase for an absent class is; `None` if the class is present or something might be mistaken for
/// it.
pub fn interest(view: &View, class: Class) -> Option<f32> {
    let scene = view.scene;
    let open = |other: &Class| view.pixels(*other) > 0;
    let mistaken = class.rivals().iter().chain(lookalikes(class)).any(open);
    let lacks = scene.complete.contains(class) && !open(&class) && !mistaken;
    (lacks && enough_is_known(view, class)).then_some(match class {
        Class::RoadMarking | Class::Sidewalk => 0.3,
        Class::Vegetation | Class::Vehicle => 0.6,
        _ => 1.0,
    })
}

/// Classes that people could mistake for this one, besides its rivals.
fn lookalikes(class: Class) -> &'static [Class] {
    match class {
        Class::Field => &[Class::Grass, Class::BareLand, Class::Vegetation],
        Class::BareLand => &[Class::Pavement, Class::Sidewalk, Class::Grass],
        Class::Grass => &[Class::Vegetation, Class::BareLand],
        Class::Water => &[Class::Pool],
        Class::Pool => &[Class::Water],
        Class::ParkingLot | Class::Sidewalk => &[Class::Pavement],
        Class::Pavement => &[
            Class::Road,
            Class::ParkingLot,
            Class::Sidewalk,
            Class::BareLand,
        ],
        Class::Road => &[Class::Pavement, Class::ParkingLot],
        Class::Bus => &[Class::Truck],
        Class::Truck => &[Class::Bus],
        Class::Building => &[Class::StorageTank],
        _ => &[],
    }
}

/// A phrase for something absent: a class out of `missing`, or a class out of `present` with an attribute that none
/// of its things has.
pub fn attempt(
    view: &View,
    missing: &mut [Choice],
    present: &mut [Choice],
    (form, house): (Form, bool),
    rng: &mut (impl Rng + ?Sized),
) -> Option<Referring> {
    let of_attribute = missing.is_empty() || rng.random_bool(ATTRIBUTE_SHARE);
    if of_attribute
        && let Some(class) = Choice::draw(present, rng)
        && let Some(query) = (0..6).find_map(|_| denied(view, class, rng))
    {
        return Some(say(view, query, form, house, rng));
    }
    let class = Choice::draw(missing, rng)?;
    let predicates = match rng.random_range(0..4) {
        // "the red plane" in a scene without planes.
        0 => Vec::from_iter(attribute(class, rng)),
        _ => Vec::new(),
    };
    let query = Query {
        class,
        predicates,
        superlative: None,
    };
    Some(say(
        view,
        query,
        form,
        house && class != Class::Building,
        rng,
    ))
}

/// A colour or a place that a phrase may state for a class.
fn attribute(class: Class, rng: &mut (impl Rng + ?Sized)) -> Option<Predicate> {
    if class.has_colour() && rng.random_bool(0.6) {
        let colour = plausible(class)[rng.random_range(0..plausible(class).len())];
        Some(Predicate::Colour(colour))
    } else if class.is_ground() {
        None
    } else {
        let position = Position::ALL[rng.random_range(0..Position::ALL.len())];
        Some(Predicate::Position(position))
    }
}

/// Colours that things of a class have.
fn plausible(class: Class) -> &'static [Colour] {
    match class {
        Class::Field => &[Colour::Green, Colour::Brown, Colour::Yellow],
        Class::TennisCourt | Class::BasketballCourt => &[Colour::Green, Colour::Blue, Colour::Red],
        Class::StorageTank | Class::Plane => &[Colour::White, Colour::Grey, Colour::Black],
        _ => &[
            Colour::White,
            Colour::Grey,
            Colour::Black,
            Colour::Red,
            Colour::Blue,
            Colour::Green,
            Colour::Brown,
            Colour::Yellow,
            Colour::Orange,
        ],
    }
}

/// A query that certainly fits no thing of a class that is present.
fn denied(view: &View, class: Class, rng: &mut (impl Rng + ?Sized)) -> Option<Query> {
    let query = Query {
        class,
        predicates: vec![attribute(class, rng)?],
        superlative: None,
    };
    query.is_denied(view).then_some(query)
}

fn say(
    view: &View,
    query: Query,
    form: Form,
    house: bool,
    rng: &mut (impl Rng + ?Sized),
) -> Referring {
    let scene = view.scene;
    let number = if rng.random_bool(0.5) {
        Number::One
    } else {
        Number::Many
    };
    let class = query.class;
    Referring {
        phrase: say_absent(&query, number, form, house, rng),
        mask: Mask::empty(scene.width(), scene.height()),
        known: scene.known(class),
        absent: true,
        class,
        class_mask: scene.class_mask(class),
        form,
        parts: Parts::of(&query),
        query,
        number,
    }
}
