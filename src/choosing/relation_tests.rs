//! Relations between drawn boxes.

use super::chooser_tests::{Drawn, HOUSES, all, houses, masked, one, ranked, run, with};
use crate::reading::{Condition, Key, Relation, Request};
use crate::things::class::Class;
use crate::things::position::Position;

fn related(
    relation: Relation,
    other: Request,
    things: &[(Class, &[Drawn])],
    boxes: &[Drawn],
) -> Vec<usize> {
    let request = with(
        all(Class::Building),
        Condition::Relation(relation, Box::new(other)),
    );
    masked(&run(&request, things, None), boxes)
}

#[test]
fn relations_to_one_thing() {
    let boxes = [
        (10, 45, 10, 10),
        (70, 45, 10, 10),
        (40, 10, 10, 10),
        (15, 15, 9, 9),
    ];
    let things: [(Class, &[Drawn]); 2] =
        [(Class::Building, &boxes), (Class::Pool, &[(42, 46, 8, 8)])];
    let to = |relation| related(relation, one(Class::Pool), &things, &boxes);
    assert_eq!(to(Relation::LeftOf), [0, 3]);
    assert_eq!(to(Relation::RightOf), [1]);
    assert_eq!(to(Relation::Above), [2, 3]);
    assert_eq!(to(Relation::AboveLeft), [3]);
    assert!(
        run(
            &with(
                one(Class::Building),
                Condition::Relation(Relation::BelowRight, Box::new(one(Class::Pool)))
            ),
            &things,
            None
        )
        .problem
        .is_some()
    );
}

#[test]
fn relations_to_a_ground() {
    let boxes = [
        (10, 30, 10, 10),
        (70, 70, 10, 10),
        (40, 54, 6, 4),
        (30, 46, 8, 8),
    ];
    let road: [Drawn; 1] = [(0, 42, 100, 16)];
    let things: [(Class, &[Drawn]); 2] = [(Class::Building, &boxes), (Class::Road, &road)];
    let to = |relation| related(relation, all(Class::Road), &things, &boxes);
    assert_eq!(to(Relation::On), [2, 3]);
    assert_eq!(to(Relation::NextTo), [0, 2, 3]);
    assert_eq!(to(Relation::Above), [0]);
    assert_eq!(to(Relation::Below), [1, 2]);
}

#[test]
fn between_and_surrounded_by() {
    let boxes = [(45, 45, 8, 8), (5, 80, 8, 8)];
    let pools: [Drawn; 4] = [
        (15, 44, 8, 8),
        (75, 45, 8, 8),
        (45, 20, 8, 8),
        (45, 75, 8, 8),
    ];
    let things: [(Class, &[Drawn]); 2] = [(Class::Building, &boxes), (Class::Pool, &pools)];
    let between = with(
        all(Class::Building),
        Condition::Between(Box::new(all(Class::Pool)), None),
    );
    assert_eq!(masked(&run(&between, &things, None), &boxes), [0]);
    let trees: [Drawn; 4] = [
        (30, 30, 40, 10),
        (30, 60, 40, 10),
        (30, 40, 10, 20),
        (60, 40, 10, 20),
    ];
    let things: [(Class, &[Drawn]); 2] = [(Class::Building, &boxes), (Class::Tree, &trees)];
    assert_eq!(
        related(Relation::SurroundedBy, all(Class::Tree), &things, &boxes),
        [0]
    );
}

#[test]
fn nearest_and_things_of_the_same_kind() {
    let pool: [Drawn; 1] = [(60, 10, 5, 5)];
    let things: [(Class, &[Drawn]); 2] = [(Class::Building, &HOUSES), (Class::Pool, &pool)];
    let closest = ranked(
        one(Class::Building),
        Key::ClosestTo(Box::new(one(Class::Pool))),
        1,
        1,
    );
    assert_eq!(masked(&run(&closest, &things, None), &HOUSES), [1]);
    let farthest = ranked(
        one(Class::Building),
        Key::FarthestFrom(Box::new(one(Class::Pool))),
        1,
        1,
    );
    let chosen = run(&farthest, &things, None);
    assert_eq!(masked(&chosen, &HOUSES), [3]);
    assert_eq!(chosen.anchors.len(), 1);
    // The largest is not the nearest to itself.
    let largest = Box::new(ranked(one(Class::Building), Key::Largest, 1, 1));
    let to_largest = ranked(one(Class::Building), Key::ClosestTo(largest), 1, 1);
    assert_eq!(houses(&to_largest), [1]);
}

#[test]
fn what_is_negated_is_not_near_anything_of_the_kind() {
    let boxes = [
        (10, 10, 10, 10),
        (50, 10, 10, 10),
        (10, 80, 10, 10),
        (80, 80, 10, 10),
    ];
    let pools: [Drawn; 2] = [(12, 22, 4, 4), (82, 72, 6, 6)];
    let without = |pools: &[Drawn], other: Request| {
        let things: [(Class, &[Drawn]); 2] = [(Class::Building, &boxes), (Class::Pool, pools)];
        let next = Condition::Relation(Relation::NextTo, Box::new(other));
        let request = with(all(Class::Building), Condition::Not(Box::new(next)));
        let chosen = run(&request, &things, None);
        assert_eq!(chosen.problem, None);
        masked(&chosen, &boxes)
    };
    assert_eq!(without(&pools, one(Class::Pool)), [1, 2]);
    let placed = with(one(Class::Pool), Condition::Position(Position::Bottom));
    assert_eq!(without(&pools, placed), [0, 1, 2]);
    assert_eq!(without(&[], one(Class::Pool)), [0, 1, 2, 3]);
}
