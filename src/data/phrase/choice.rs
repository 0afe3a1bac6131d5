//! Which classes of a scene to speak of.

use rand::{Rng, RngExt};

use crate::things::class::Class;

use super::predicate::MIN_AREA;
use super::view::View;

/// A class that phrases can be about.
#[derive(Clone)]
pub struct Choice {
    /// The class.
    pub class: Class,
    /// How informative phrases about it are.
    pub weight: f32,
    /// How often it was drawn.
    pub used: u32,
}

impl Choice {
    /// Draws a class by weight and counts it as used. Classes that were used less are drawn more often.
    pub fn draw(choices: &mut [Choice], rng: &mut (impl Rng + ?Sized)) -> Option<Class> {
        let chance = |choice: &Choice| choice.weight / (1.0 + 1.5 * choice.used as f32);
        let mut left = rng.random::<f32>() * choices.iter().map(chance).sum::<f32>();
        let drawn = choices.iter_mut().find(|choice| {
            left -= chance(choice);
            left <= 0.0
        })?;
        drawn.used += 1;
        Some(drawn.class)
    }
}

/// How informative phrases about single things of a class are; `None` if none of them can be singled out.
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
    // If a class has only one thing, its name is enough, and the rest of a phrase teaches little.
    let alone = if objects.len() == 1 { 0.2 } else { 1.0 };
    (usable > 0).then_some(weight * alone)
}

/// How informative a phrase for all of a class is; `None` if it would be ambiguous.
pub fn interest_in_all(view: &View, class: Class) -> Option<f32> {
    // People also call roads and parking lots paved areas.
    let clear = class != Class::Pavement && speaks_of_all(view, class);
    clear.then_some(if class.is_ground() { 0.7 } else { 1.0 })
}

/// Smallest share of an image that must be known for a phrase for all of a class.
const LEAST_KNOWN: f32 = 0.4;

/// Whether a phrase can mean all of a class: its labels are complete, or certain on enough of the image, nothing
/// else might be mistaken for it, and it does not fill the image.
pub fn speaks_of_all(view: &View, class: Class) -> bool {
    let pixels = view.pixels(class);
    let scene = view.scene;
    let labelled = scene.complete.contains(class) || scene.partial.contains(class);
    labelled
        && pixels >= MIN_AREA
        && pixels * 100 <= scene.labels.len() * 97
        && !class.rivals().iter().any(|&rival| view.pixels(rival) > 0)
        && enough_is_known(view, class)
}

/// Whether enough pixels are known to belong or not to belong to the class.
pub fn enough_is_known(view: &View, class: Class) -> bool {
    view.known_pixels(class) as f32 >= LEAST_KNOWN * view.scene.labels.len() as f32
}

/// Minimum area in pixels of an object that is named on its own: a few pixels of water are not a water area.
pub fn min_area(class: Class) -> usize {
    if class.is_ground() {
        5 * MIN_AREA
    } else {
        MIN_AREA
    }
}
