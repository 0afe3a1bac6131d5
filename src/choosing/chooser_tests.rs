//! Choices among drawn boxes, by every rule.

use super::*;
use crate::reading::{Condition, Key, Number, Rank, Relation, Request, Thing};
use crate::things::class::Class;
use crate::things::colour::Colour;
use crate::things::position::Position;
use crate::things::size::Size;
use crate::vision::image::RgbImage;

const SIDE: usize = 100;

pub(super) type Drawn = (usize, usize, usize, usize);

fn map(boxes: &[Drawn]) -> Vec<u8> {
    let mut map = vec![0u8; SIDE * SIDE];
    for &(x0, y0, width, height) in boxes {
        for y in y0..y0 + height {
            map[y * SIDE + x0..y * SIDE + x0 + width].fill(255);
        }
    }
    map
}

pub(super) fn all(class: Class) -> Request {
    let (one, several) = class.names()[0];
    Request {
        thing: Thing {
            noun: several.to_owned(),
            class: Some(class),
            mass: one == several,
        },
        number: Number::All,
        conditions: Vec::new(),
        rank: None,
        and: Vec::new(),
        except: Vec::new(),
        complement: false,
    }
}

pub(super) fn one(class: Class) -> Request {
    Request {
        number: Number::One,
        ..all(class)
    }
}

pub(super) fn with(mut request: Request, condition: Condition) -> Request {
    request.conditions.push(condition);
    request
}

pub(super) fn ranked(mut request: Request, key: Key, place: u32, count: u32) -> Request {
    request.rank = Some(Rank { key, place, count });
    request
}

/// Chooses among boxes and settles for the closest match.
fn settled(request: &Request, boxes: &[Drawn]) -> Chosen {
    let maps = Maps::of(request, |_| Ok::<_, ()>(map(boxes))).expect("one map");
    let target = Target {
        width: SIDE,
        height: SIDE,
        image: None,
        maps: &maps,
    };
    let options = ObjectOptions {
        settle: true,
        ..ObjectOptions::default()
    };
    choose(request, target, &options)
}

/// Chooses with the boxes of every class as its map.
pub(super) fn run(
    request: &Request,
    things: &[(Class, &[Drawn])],
    image: Option<&RgbImage>,
) -> Chosen {
    let of = |part: &Request| -> Result<Vec<u8>, ()> {
        let found = things
            .iter()
            .find(|(class, _)| Some(*class) == part.thing.class);
        Ok(map(found.map_or(&[], |(_, boxes)| boxes)))
    };
    let maps = Maps::of(request, of).expect("maps are always made");
    let target = Target {
        width: SIDE,
        height: SIDE,
        image,
        maps: &maps,
    };
    choose(request, target, &ObjectOptions::default())
}

/// Two grey roofs, the second nearly white, on grass.
fn dull_roofs() -> (RgbImage, Vec<Drawn>) {
    let boxes = vec![(10, 10, 20, 20), (60, 60, 15, 15)];
    let mut image = RgbImage::filled(SIDE, SIDE, [90, 120, 70]);
    for (&(x0, y0, width, height), rgb) in boxes.iter().zip([[130; 3], [177; 3]]) {
        for (x, y) in (y0..y0 + height).flat_map(|y| (x0..x0 + width).map(move |x| (x, y))) {
            image.set_pixel(x, y, rgb);
        }
    }
    (image, boxes)
}

/// The numbers of the boxes that are masked.
pub(super) fn masked(chosen: &Chosen, boxes: &[Drawn]) -> Vec<usize> {
    let full = |&(x, y, width, height): &Drawn| {
        let count = (y..y + height)
            .flat_map(|y| (x..x + width).map(move |x| y * SIDE + x))
            .filter(|&at| chosen.map[at] == 255);
        count.count() * 10 >= width * height * 9
    };
    (0..boxes.len())
        .filter(|&place| full(&boxes[place]))
        .collect()
}

pub(super) const HOUSES: [Drawn; 4] = [
    (5, 5, 12, 12),
    (40, 8, 10, 10),
    (75, 40, 16, 16),
    (10, 70, 11, 10),
];

pub(super) fn houses(request: &Request) -> Vec<usize> {
    masked(&run(request, &[(Class::Building, &HOUSES)], None), &HOUSES)
}

#[test]
fn a_bare_request_keeps_the_whole_map() {
    let chosen = run(&all(Class::Building), &[(Class::Building, &HOUSES)], None);
    assert_eq!(chosen.map, map(&HOUSES));
    assert!(chosen.whole && chosen.count == 4 && chosen.problem.is_none());
    let grass = run(
        &all(Class::Grass),
        &[(Class::Grass, &[(0, 0, 100, 50)])],
        None,
    );
    assert_eq!(grass.map, map(&[(0, 0, 100, 50)]));
}

#[test]
fn positions_choose_all_or_the_best() {
    let left = Condition::Position(Position::Left);
    assert_eq!(houses(&with(all(Class::Building), left.clone())), [0, 3]);
    let corner = Condition::Position(Position::TopLeft);
    assert_eq!(houses(&with(one(Class::Building), corner)), [0]);
    // Both on the left fit well: one is chosen, the other is reported as a near-tie.
    let chosen = run(
        &with(one(Class::Building), left),
        &[(Class::Building, &HOUSES)],
        None,
    );
    assert_eq!((chosen.count, chosen.near_ties.len()), (1, 1));
    let bottom = Condition::Position(Position::BottomRight);
    let chosen = run(
        &with(all(Class::Building), bottom),
        &[(Class::Building, &HOUSES[..2])],
        None,
    );
    let noun = "buildings".to_owned();
    assert_eq!(chosen.problem, Some(ChoiceProblem::NothingFits { noun }));
    assert!(chosen.map.iter().all(|&value| value == 0));
}

#[test]
fn ranks_order_what_fits() {
    let building = || one(Class::Building);
    assert_eq!(houses(&ranked(building(), Key::Largest, 1, 1)), [2]);
    assert_eq!(houses(&ranked(building(), Key::Largest, 2, 1)), [0]);
    assert_eq!(houses(&ranked(building(), Key::Rightmost, 1, 2)), [1, 2]);
    assert_eq!(houses(&ranked(building(), Key::Topmost, 1, 1)), [0]);
    assert_eq!(houses(&ranked(building(), Key::MostCentral, 1, 1)), [2]);
    let left = with(building(), Condition::Position(Position::Left));
    assert_eq!(houses(&ranked(left, Key::Bottommost, 1, 1)), [3]);
    let beyond = run(
        &ranked(building(), Key::Largest, 5, 1),
        &[(Class::Building, &HOUSES)],
        None,
    );
    let noun = "buildings".to_owned();
    let few = ChoiceProblem::TooFew {
        noun,
        wanted: 5,
        found: 4,
    };
    assert_eq!((beyond.problem, beyond.count), (Some(few), 0));
    let smallest = run(
        &ranked(building(), Key::Smallest, 1, 1),
        &[(Class::Building, &HOUSES)],
        None,
    );
    assert_eq!(masked(&smallest, &HOUSES), [1]);
    assert_eq!(smallest.near_ties, [3]);
}

#[test]
fn a_rank_beyond_what_fits_considers_what_nearly_fits() {
    let boxes = [(5, 10, 10, 10), (39, 40, 10, 10), (80, 70, 10, 10)];
    let left = with(one(Class::Building), Condition::Position(Position::Left));
    let second = ranked(left, Key::Topmost, 2, 1);
    let all = run(&second, &[(Class::Building, &boxes)], None);
    assert_eq!(all.count, 0, "{:?}", all.problem);
    let settled = settled(&second, &boxes);
    assert_eq!(masked(&settled, &boxes), [1]);
    let noun = "buildings".to_owned();
    assert_eq!(settled.problem, Some(ChoiceProblem::Closest { noun }));
}

#[test]
fn the_smallest_is_not_what_the_edge_cuts() {
    let boxes = [(0, 20, 5, 8), (30, 30, 9, 9), (60, 60, 20, 20)];
    let request = ranked(one(Class::Building), Key::Smallest, 1, 1);
    assert_eq!(
        masked(&run(&request, &[(Class::Building, &boxes)], None), &boxes),
        [1]
    );
}

#[test]
fn sizes_are_relative_to_the_class() {
    let boxes = [(5, 5, 8, 8), (30, 5, 8, 9), (60, 60, 25, 20), (5, 60, 7, 9)];
    let sized = |size| {
        let request = with(all(Class::Building), Condition::Size(size));
        masked(&run(&request, &[(Class::Building, &boxes)], None), &boxes)
    };
    assert_eq!(sized(Size::Large), [2]);
    assert_eq!(sized(Size::Small), [0, 1, 3]);
}

#[test]
fn colours_are_measured_from_pixels_of_any_size() {
    let mut image = RgbImage::filled(200, 200, [90, 120, 70]);
    for (x, y) in (0..200 * 200).map(|at| (at % 200, at / 200)) {
        let inside = |&(x0, y0, width, height): &Drawn| {
            (2 * x0..2 * (x0 + width)).contains(&x) && (2 * y0..2 * (y0 + height)).contains(&y)
        };
        if let Some(place) = HOUSES.iter().position(inside) {
            image.set_pixel(
                x,
                y,
                [
                    [190, 50, 45],
                    [130, 130, 128],
                    [235, 235, 230],
                    [190, 50, 45],
                ][place],
            );
        }
    }
    let request = with(all(Class::Building), Condition::Colour(Colour::Red));
    let things: [(Class, &[Drawn]); 1] = [(Class::Building, &HOUSES)];
    assert_eq!(
        masked(&run(&request, &things, Some(&image)), &HOUSES),
        [0, 3]
    );
    let blue = with(all(Class::Building), Condition::Colour(Colour::Blue));
    assert_eq!(run(&blue, &things, Some(&image)).count, 0);
    let blind = run(&request, &things, None);
    assert_eq!(
        (blind.problem, blind.count),
        (Some(ChoiceProblem::NoPixels), 0)
    );
}

#[test]
fn an_anchor_that_is_not_there_is_said() {
    let request = with(
        all(Class::Building),
        Condition::Relation(Relation::LeftOf, Box::new(one(Class::Water))),
    );
    let chosen = run(&request, &[(Class::Building, &HOUSES)], None);
    let noun = "water".to_owned();
    assert_eq!(chosen.problem, Some(ChoiceProblem::AnchorMissing { noun }));
    assert!(chosen.map.iter().all(|&value| value == 0));
}

#[test]
fn an_unknown_anchor_that_is_not_there_is_left_out() {
    let mut crane = one(Class::Water);
    crane.thing.class = None;
    crane.thing.noun = "crane".to_owned();
    let left = with(all(Class::Building), Condition::Position(Position::Left));
    let request = with(left, Condition::Relation(Relation::NextTo, Box::new(crane)));
    let chosen = run(&request, &[(Class::Building, &HOUSES)], None);
    let noun = "crane".to_owned();
    assert_eq!(chosen.problem, Some(ChoiceProblem::AnchorLeftOut { noun }));
    assert_eq!(masked(&chosen, &HOUSES), [0, 3]);
}

#[test]
fn one_thing_may_be_merely_like_a_colour() {
    let (image, boxes) = dull_roofs();
    let things: [(Class, &[Drawn]); 1] = [(Class::Building, &boxes)];
    let white = Condition::Colour(Colour::White);
    let chosen = run(
        &with(one(Class::Building), white.clone()),
        &things,
        Some(&image),
    );
    assert_eq!(masked(&chosen, &boxes), [1]);
    let blue = with(one(Class::Building), Condition::Colour(Colour::Blue));
    assert_eq!(run(&blue, &things, Some(&image)).count, 0);
    assert_eq!(
        run(&with(all(Class::Building), white), &things, Some(&image)).count,
        0
    );
}

#[test]
fn one_thing_that_does_not_fit_is_taken_where_that_is_allowed() {
    let request = with(
        one(Class::Building),
        Condition::Position(Position::BottomRight),
    );
    let noun = || "buildings".to_owned();
    let fits = ChoiceProblem::NothingFits { noun: noun() };
    // The second house is somewhat left of the place.
    let boxes = [(5, 5, 12, 12), (40, 70, 10, 10)];
    let strict = run(&request, &[(Class::Building, &boxes)], None);
    assert_eq!((strict.count, strict.problem), (0, Some(fits.clone())));
    let chosen = settled(&request, &boxes);
    assert_eq!(masked(&chosen, &boxes), [1]);
    assert_eq!(
        chosen.problem,
        Some(ChoiceProblem::Closest { noun: noun() })
    );
    // Both of these are elsewhere.
    let elsewhere = settled(&request, &HOUSES[..2]);
    assert_eq!((elsewhere.count, elsewhere.problem), (0, Some(fits)));
}

#[test]
fn requests_are_added_and_taken_away() {
    let mut request = all(Class::Building);
    request.except = vec![ranked(one(Class::Building), Key::Largest, 1, 1)];
    assert_eq!(houses(&request), [0, 1, 3]);
    let mut request = ranked(one(Class::Building), Key::Largest, 1, 1);
    request.and = vec![with(
        one(Class::Building),
        Condition::Position(Position::TopLeft),
    )];
    assert_eq!(houses(&request), [0, 2]);
    let mut exactly = with(all(Class::Building), Condition::Position(Position::Left));
    exactly.number = Number::Exactly(2);
    assert_eq!(houses(&exactly), [0, 3]);
}

#[test]
fn grass_on_the_left_is_cut_there() {
    let lawn: [Drawn; 1] = [(0, 0, 100, 100)];
    let request = with(all(Class::Grass), Condition::Position(Position::Left));
    let chosen = run(&request, &[(Class::Grass, &lawn)], None);
    assert_eq!(chosen.map, map(&[(0, 0, 43, 100)]));
    // A patch that lies entirely at the position is taken as a whole.
    let patches = [(5, 5, 50, 30), (70, 5, 20, 30)];
    let chosen = run(&request, &[(Class::Grass, &patches)], None);
    assert_eq!(masked(&chosen, &patches), [0]);
}

#[test]
fn a_hundred_thousand_objects_stay_bounded() {
    let side = 1000;
    let bit = |at: usize| {
        if (at % side).is_multiple_of(3) && (at / side).is_multiple_of(3) {
            255
        } else {
            0
        }
    };
    let map: Vec<u8> = (0..side * side).map(bit).collect();
    let request = with(all(Class::Car), Condition::Position(Position::Left));
    let maps = Maps::of(&request, |_| Ok::<_, ()>(map.clone())).expect("one map");
    let target = Target {
        width: side,
        height: side,
        image: None,
        maps: &maps,
    };
    let options = ObjectOptions {
        least: 1,
        ..ObjectOptions::default()
    };
    let chosen = choose(&request, target, &options);
    assert_eq!(chosen.objects.len(), MOST_OBJECTS);
    assert!(matches!(
        chosen.problem,
        Some(ChoiceProblem::TooMany { .. })
    ));
}
