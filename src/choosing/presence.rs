//! Whether the objects found can be the ones that are meant: patches far smaller or fainter than real objects are noise
//! of the network.

use crate::reading::{Condition, Number, Request};
use crate::things::class::Class;

use super::objects::Candidate;

/// An object below this share of the median area is unlikely to be the one that is asked for.
const SMALL: f32 = 0.6;

/// "The airplane" alone means no object below this share of the largest object's area: these are fragments and false
/// finds.
const FRAGMENT: f32 = 0.1;

/// Factor on the score of the most doubtful object.
const DOUBT: f32 = 0.1;

/// Power of an object's mean probability in its likelihood.
const CERTAINTY: i32 = 8;

/// Minimum share of the network's field of view that the largest patch of a class covers. In 98 of 100 training scenes
/// that have the class, it covers at least twice as much. The limits leave room for lone buildings; classes that can
/// have any size are not judged.
pub fn least_share(class: Class) -> f32 {
    match class {
        Class::BareLand | Class::Field | Class::ParkingLot => 0.005,
        Class::Road | Class::Pavement => 0.004,
        Class::TennisCourt
        | Class::BasketballCourt
        | Class::SoccerField
        | Class::BaseballField
        | Class::TrackField => 0.003,
        Class::Building => 0.0015,
        Class::Water | Class::Grass | Class::Vegetation | Class::Pool => 0.0003,
        Class::SolarPanel => 0.000_25,
        Class::Car | Class::Truck | Class::Bus | Class::Vehicle => 0.000_15,
        _ => 0.0,
    }
}

/// Whether all objects of a class are too small or too faint to be believed. `largest` is the area of the largest
/// object, and `look` is the area that the network sees at once, both in pixels. `peak` is the highest value of the
/// class's map. If `look` is unknown, 0, nothing is noise.
pub fn is_noise(class: Class, largest: usize, peak: u8, look: usize) -> bool {
    (largest as f32) < least_share(class) * look as f32 || look > 0 && peak < least_peak(class)
}

/// Least value that the most certain pixel of a class's map must have. Dirt tracks and dams pass for roads, but with
/// less certainty: of 34 phrases for absent roads on open-aerial, 4 get a mask with this limit and 8 without it. Of 48
/// for faint roads (massachusetts-roads), it refuses one.
fn least_peak(class: Class) -> u8 {
    match class {
        Class::Road => 247,
        _ => 0,
    }
}

/// Lowers the scores of objects that are much smaller than is typical for their kind in this scene: nobody who asks for
/// one thing means a fragment.
pub fn doubt_small(product: &mut [f32], objects: &[Candidate], request: &Request) {
    if request.number != Number::One || judges_size(request) {
        return;
    }
    let mut areas: Vec<usize> = objects.iter().map(|object| object.area).collect();
    if areas.is_empty() {
        return;
    }
    let middle = areas.len() / 2;
    let typical = *areas.select_nth_unstable(middle).1 as f32;
    for (score, object) in product.iter_mut().zip(objects) {
        *score *= (object.area as f32 / (SMALL * typical)).clamp(DOUBT, 1.0);
    }
}

/// The objects that a request without conditions means, by their places: all, or for one countable thing all but fragments.
pub fn whole_things(objects: &[Candidate], request: &Request, countable: bool) -> Vec<usize> {
    let single = request.number == Number::One && countable;
    let largest = objects.iter().map(|object| object.area).max().unwrap_or(0);
    let least = if single {
        FRAGMENT * largest as f32
    } else {
        0.0
    };
    (0..objects.len())
        .filter(|&place| objects[place].area as f32 >= least)
        .collect()
}

/// How likely each object is the one that is asked for: its product of scores, and if one thing is asked for, also the
/// network's certainty of it. A request with conditions on size or shape is ordered by these alone.
pub fn likelihoods(product: &[f32], objects: &[Candidate], request: &Request) -> Vec<f32> {
    if request.number != Number::One || judges_size(request) {
        return product.to_vec();
    }
    let scored = product.iter().zip(objects);
    scored
        .map(|(product, object)| product * object.score.powi(CERTAINTY))
        .collect()
}

/// Whether a request has conditions on size or shape.
fn judges_size(request: &Request) -> bool {
    let is_size = |condition: &Condition| {
        matches!(condition.stated(), Condition::Size(_) | Condition::Shape(_))
    };
    request.conditions.iter().any(is_size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_road_of_a_few_pixels_is_noise_and_a_car_is_not() {
        let look = 384 * 384;
        let is_small = |class, largest, look| is_noise(class, largest, u8::MAX, look);
        assert!(is_small(Class::Road, 500, look) && !is_small(Class::Road, 600, look));
        assert!(is_small(Class::Car, 20, look) && !is_small(Class::Car, 30, look));
        assert!(!is_small(Class::Plane, 1, look) && !is_small(Class::Road, 1, 0));
    }

    #[test]
    fn a_faint_road_is_noise_and_a_faint_car_is_not() {
        let is_faint = |class, peak| is_noise(class, 10_000, peak, 384 * 384);
        assert!(is_faint(Class::Road, 240) && !is_faint(Class::Road, 250));
        assert!(!is_faint(Class::Car, 130));
    }
}
