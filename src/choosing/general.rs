//! Assigns kinds of things without a class to the class that they belong to.

use crate::reading::{Condition, Key, Request, head_class};
use crate::things::class::Class;

/// Nouns that mean some objects of a class, matched by their last word in the singular.
const SPECIAL: [(&str, Class); 35] = [
    ("warehouse", Class::Building),
    ("hangar", Class::Building),
    ("factory", Class::Building),
    ("church", Class::Building),
    ("mosque", Class::Building),
    ("temple", Class::Building),
    ("school", Class::Building),
    ("hospital", Class::Building),
    ("garage", Class::Building),
    ("shed", Class::Building),
    ("barn", Class::Building),
    ("greenhouse", Class::Building),
    ("villa", Class::Building),
    ("cottage", Class::Building),
    ("skyscraper", Class::Building),
    ("freeway", Class::Road),
    ("highway", Class::Road),
    ("motorway", Class::Road),
    ("boulevard", Class::Road),
    ("avenue", Class::Road),
    ("dirt road", Class::Road),
    ("dirt track", Class::Road),
    ("intersection", Class::Road),
    ("crossroads", Class::Road),
    ("bush", Class::Tree),
    ("shrub", Class::Tree),
    ("palm", Class::Tree),
    ("trailer", Class::Truck),
    ("river", Class::Water),
    ("stream", Class::Water),
    ("canal", Class::Water),
    ("lake", Class::Water),
    ("pond", Class::Water),
    ("reservoir", Class::Water),
    ("lot", Class::BareLand),
];

/// Nouns of [`SPECIAL`] that mean a small part of a class.
const SPOTS: [&str; 2] = ["intersection", "crossroads"];

/// Assigns a class, based on the noun, to things without one in a request and everything nested in it: "the flat-roofed
/// building" is a building, and so is a warehouse. Maps of a class are more reliable than those of an arbitrary noun,
/// and the conditions then choose among its objects. Without conditions the class would include too much.
pub fn generalise(request: &mut Request) {
    let thing = &mut request.thing;
    if thing.class.is_none() {
        thing.class = class_of(&thing.noun);
    }
    let others = request
        .conditions
        .iter_mut()
        .flat_map(Condition::others_mut);
    others.for_each(generalise);
    if let Some(Key::ClosestTo(other) | Key::FarthestFrom(other)) =
        request.rank.as_mut().map(|rank| &mut rank.key)
    {
        generalise(other);
    }
    let more = request.and.iter_mut().chain(&mut request.except);
    more.for_each(generalise);
}

/// Assigns a class to a request for nothing but a kind of ground: "the freeway" covers most of the roads, whereas "the
/// church" covers few of the buildings.
pub fn generalise_ground(request: &mut Request) {
    let thing = &mut request.thing;
    let class = class_of(&thing.noun);
    let is_ground = class.is_some_and(Class::is_ground);
    if thing.class.is_none() && is_ground && !SPOTS.iter().any(|spot| ends_in(&thing.noun, spot)) {
        thing.class = class;
    }
}

fn class_of(noun: &str) -> Option<Class> {
    let special = SPECIAL.iter().find(|(word, _)| ends_in(noun, word));
    head_class(noun).or(special.map(|(_, class)| *class))
}

/// Whether a noun ends in these words, in the singular or plural.
fn ends_in(noun: &str, words: &str) -> bool {
    let is = |noun: &str| {
        let before = noun.strip_suffix(words);
        before.is_some_and(|before| before.is_empty() || before.ends_with(' '))
    };
    let endings = ["", "s", "es"].into_iter();
    endings
        .filter_map(|ending| noun.strip_suffix(ending))
        .any(is)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::read;

    #[test]
    fn nouns_without_a_class_get_the_one_they_belong_to() {
        for (phrase, class) in [
            (
                "the flat-roofed building on the left",
                Some(Class::Building),
            ),
            ("the large warehouses", Some(Class::Building)),
            ("the kidney-shaped pool on the right", Some(Class::Pool)),
            ("the winding dirt track on the left", Some(Class::Road)),
            ("the crane on the left", None),
        ] {
            let mut request = read(phrase).request.expect("it is understood");
            generalise(&mut request);
            assert_eq!(request.thing.class, class, "{phrase}");
        }
        let mut request = read("the car on the lower intersection")
            .request
            .expect("it is understood");
        generalise(&mut request);
        let [Condition::Relation(_, other), ..] = request.conditions.as_slice() else {
            panic!("{request:?}");
        };
        assert_eq!(other.thing.class, Some(Class::Road));
    }

    #[test]
    fn ground_that_is_asked_for_alone_is_generalised_and_things_are_not() {
        for (phrase, class) in [
            ("the freeway", Some(Class::Road)),
            ("the lake", Some(Class::Water)),
            ("the vacant lot", Some(Class::BareLand)),
            ("the intersection", None),
            ("the church", None),
            ("the railway tracks", None),
        ] {
            let mut request = read(phrase).request.expect("it is understood");
            generalise_ground(&mut request);
            assert_eq!(request.thing.class, class, "{phrase}");
        }
    }
}
