//! Whether the objects found can be the ones that are meant: patches far smaller than real objects are noise of the
//! network.

use crate::reading::{Condition, Number, Request};
use crate::things::class::Class;

use super::objects::Candidate;

/// An object below this share of the median area is unlikely to be the one that is asked for.
const SMALL: f32 = 0.6;

/// Factor on the score of the most doubtful object.
const DOUBT: f32 = 0.1;

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

/// Whether all objects of a class are too small to be believed. `largest` is the area of the largest object, and `look`
/// is the area that the network sees at once, both in pixels; `look` is 0 if unknown.
pub fn is_noise(class: Class, largest: usize, look: usize) -> bool {
    (largest as f32) < least_share(class) * look as f32
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

/// Whether a request has conditions on size or shape.
fn judges_size(request: &Request) -> bool {
    let is_size =
        |condition: &Condition| matches!(condition, Condition::Size(_) | Condition::Shape(_));
    request.conditions.iter().any(is_size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_road_of_a_few_pixels_is_noise_and_a_car_is_not() {
        let look = 384 * 384;
        assert!(is_noise(Class::Road, 500, look) && !is_noise(Class::Road, 600, look));
        assert!(is_noise(Class::Car, 20, look) && !is_noise(Class::Car, 30, look));
        assert!(!is_noise(Class::Plane, 1, look) && !is_noise(Class::Road, 1, 0));
    }
}
