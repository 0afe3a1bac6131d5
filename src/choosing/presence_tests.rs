//! What happens to maps in which all patches above the threshold are too small or too faint.

use crate::reading::read;

use super::chosen::{ChoiceProblem, Chosen};
use super::options::ObjectOptions;
use super::target::{Maps, Target};
use super::{choose, executed};

const SIDE: usize = 200;

/// The choice from a map with weak values everywhere and one certain square with a side of `sure` pixels.
fn chosen(phrase: &str, sure: usize) -> Chosen {
    chosen_from(phrase, sure, 250)
}

/// The same with a square of `value`.
fn chosen_from(phrase: &str, sure: usize, value: u8) -> Chosen {
    chosen_among(phrase, &[(50, 50, sure, value)])
}

/// The choice from a map with weak values everywhere and these squares: left, top, side, value.
fn chosen_among(phrase: &str, squares: &[(usize, usize, usize, u8)]) -> Chosen {
    let mut map = vec![40u8; SIDE * SIDE];
    for &(left, top, side, value) in squares {
        for y in top..top + side {
            map[y * SIDE + left..y * SIDE + left + side].fill(value);
        }
    }
    let request = executed(read(phrase).request.expect("it is understood"));
    let maps = Maps::of(&request, |_| Ok::<_, ()>(map.clone())).expect("maps are always made");
    let target = Target {
        width: SIDE,
        height: SIDE,
        image: None,
        maps: &maps,
    };
    choose(&request, target, &ObjectOptions::settling(SIDE * SIDE))
}

fn sure(chosen: &Chosen) -> usize {
    chosen.map.iter().filter(|&&value| value >= 128).count()
}

#[test]
fn noise_is_left_out_and_said_and_weak_values_stay() {
    let roads = chosen("the roads", 10);
    assert_eq!((sure(&roads), roads.count, roads.objects.len()), (0, 0, 1));
    let noun = "roads".to_owned();
    assert_eq!(roads.problem, Some(ChoiceProblem::TooSmall { noun }));
    assert_eq!(
        roads.map.iter().filter(|&&value| value == 40).count(),
        SIDE * SIDE - 100
    );
    let roads = chosen("the roads", 20);
    assert_eq!((sure(&roads), roads.count, roads.problem), (400, 1, None));
}

#[test]
fn a_faint_road_is_left_out_and_said() {
    let noun = "roads".to_owned();
    let faint = chosen_from("the roads", 40, 220);
    assert_eq!((sure(&faint), faint.count), (0, 0));
    assert_eq!(faint.problem, Some(ChoiceProblem::TooSmall { noun }));
    assert_eq!(sure(&chosen_from("the cars", 40, 220)), 1600);
}

#[test]
fn specks_below_an_object_are_noise_too_and_small_kinds_are_not() {
    assert_eq!(sure(&chosen("any roads here?", 1)), 0);
    assert_eq!(sure(&chosen("the cars", 3)), 9);
}

#[test]
fn nothing_is_chosen_among_noise() {
    let road = chosen("the longest road", 10);
    assert_eq!((sure(&road), road.count), (0, 0));
    assert!(
        road.map.iter().all(|&value| value == 0),
        "{:?}",
        road.problem
    );
    let cars = chosen("the cars on the road", 10);
    assert!(
        matches!(cars.problem, Some(ChoiceProblem::AnchorMissing { .. })),
        "{:?}",
        cars.problem
    );
}

#[test]
fn of_two_that_fit_alike_the_certain_one_is_chosen() {
    let on_the_left = |upper, lower| {
        let squares = [(20, 30, 30, upper), (20, 130, 30, lower)];
        chosen_among("the building on the left", &squares).chosen
    };
    assert_eq!(on_the_left(250, 180), [0]);
    assert_eq!(on_the_left(180, 250), [1]);
}

#[test]
fn the_airplane_alone_is_no_fragment() {
    let squares = [(20, 20, 60, 250), (120, 20, 18, 250)];
    let count = |phrase| chosen_among(phrase, &squares).chosen.len();
    assert_eq!((count("the airplane"), count("airplanes")), (1, 2));
}
