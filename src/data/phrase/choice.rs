//! Which classes of a scene to speak of.

use rand::{Rng, RngExt};

use crate::data::class::Class;

use super::propose::MIN_AREA;
use super::view::View;

/// A class to speak of.
pub struct Choice {
    /// The class.
    pub class: Class,
    /// How much there is to say of it.
    pub weight: f32,
    /// How often it was drawn.
    pub used: u32,
}

impl Choice {
    /// Draws one by weight, those seldom used more often.
    pub fn draw<'c>(
        choices: &'c mut [Choice],
        rng: &mut (impl Rng + ?Sized),
    ) -> Option<&'c mut Choice> {
        let chance = |choice: &Choice| choice.weight / (1.0 + 1.5 * choice.used as f32);
        let mut left = rng.random::<f32>() * choices.iter().map(chance).sum::<f32>();
        choices.iter_mut().find(|choice| {
            left -= chance(choice);
            left <= 0.0
        })
    }
}

/// How much there is to say of the things of a class, none where they cannot be told apart.
pub fn interest(view: &View, class: Class) -> Option<f32> {
    if !view.scene.countable.contains(class) {
        return None;
    }
    let objects = view.objects(class);
    let usable = objects
        .iter()
        .filter(|&&o| view.region(o).area() >= MIN_AREA)
        .count();
    let weight = match class {
        Class::Vehicle | Class::Vegetation => 0.4,
        Class::Tree | Class::ParkingLot | Class::Water => 0.7,
        Class::Building => 1.8,
        _ => 1.2,
    };
    // Where there is one thing of a class, its name is enough and the rest of a phrase teaches little.
    let alone = if objects.len() == 1 { 0.2 } else { 1.0 };
    (usable > 0).then_some(weight * alone)
}

/// How much a phrase for all of a class says, none where it would be ambiguous.
pub fn interest_in_all(view: &View, class: Class) -> Option<f32> {
    // What people call paved overlaps with roads and parking lots.
    let clear = class != Class::Pavement && speaks_of_all(view, class);
    clear.then_some(if class.is_ground() { 0.7 } else { 1.0 })
}

/// Whether all of a class can be meant: its labels are complete, nothing else might be counted in, and it
/// does not fill the image.
pub fn speaks_of_all(view: &View, class: Class) -> bool {
    let pixels = view.pixels(class);
    view.scene.complete.contains(class)
        && pixels >= MIN_AREA
        && pixels * 100 <= view.scene.labels.len() * 97
        && !class.rivals().iter().any(|&rival| view.pixels(rival) > 0)
}

/// Fewest pixels of an object that is spoken of on its own: a scrap of water is not a water area.
pub fn min_area(class: Class) -> usize {
    if class.is_ground() {
        5 * MIN_AREA
    } else {
        MIN_AREA
    }
}
