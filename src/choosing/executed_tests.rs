use super::*;
use crate::reading::read;

/// A map of 200 x 100 with boxes of one value: `(x, y, width, height, value)`.
fn map(boxes: &[(usize, usize, usize, usize, u8)]) -> Vec<u8> {
    let mut map = vec![0u8; 200 * 100];
    for &(x0, y0, width, height, value) in boxes {
        for y in y0..y0 + height {
            map[y * 200 + x0..y * 200 + x0 + width].fill(value);
        }
    }
    map
}

fn executed(phrase: &str, maps: &[(&str, &[u8])]) -> Execution {
    let request = read(phrase).request.expect("the phrase is understood");
    let mut execution = Execution::new(request, 200, 100, ObjectOptions::default());
    for (prompt, map) in maps {
        execution.add(prompt, map);
    }
    execution.run().expect("all maps are there");
    execution
}

/// The values of the map inside the mask, 0 elsewhere. Pixels outside the mask keep the lowest value if they have data.
fn filled(execution: &Execution, maps: &[(&str, &[u8])]) -> Vec<u8> {
    let mut into = vec![0; 200 * 100];
    for (prompt, map) in maps {
        execution.fill(prompt, map, &mut into);
    }
    for (at, value) in into.iter_mut().enumerate() {
        let has_data = maps.iter().any(|(_, map)| map[at] > 0);
        assert_eq!(*value > 0, has_data, "pixel {at}");
        if *value == LOWEST_PROBABILITY {
            *value = 0;
        }
    }
    into
}

/// Three buildings; the second is the largest and has a fringe of low values on its right.
fn buildings() -> Vec<u8> {
    map(&[
        (10, 10, 20, 20, 250),
        (60, 10, 40, 40, 220),
        (100, 10, 2, 40, 100),
        (150, 60, 20, 20, 240),
    ])
}

#[test]
fn the_largest_building_is_kept_with_its_fringe() {
    let all = buildings();
    let maps: [(&str, &[u8]); 1] = [("the buildings", &all)];
    let execution = executed("the largest building", &maps);
    let outcome = execution.outcome();
    assert_eq!((outcome.found, outcome.chosen, outcome.near), (3, 1, 0));
    assert_eq!(outcome.noun, "buildings");
    assert!(outcome.single && !outcome.changed && outcome.problem.is_none());
    let expected = map(&[(60, 10, 40, 40, 220), (100, 10, 2, 40, 100)]);
    assert_eq!(filled(&execution, &maps), expected);
}

#[test]
fn another_building_is_put_in_its_place_and_taken_back() {
    let all = buildings();
    let maps: [(&str, &[u8]); 1] = [("the buildings", &all)];
    let mut execution = executed("the largest building", &maps);
    execution.pick(&[2, 2, 99]);
    assert!(execution.outcome().changed);
    assert_eq!(execution.picked(), [2]);
    assert_eq!(filled(&execution, &maps), map(&[(150, 60, 20, 20, 240)]));
    execution.pick(&[]);
    assert_eq!(filled(&execution, &maps), map(&[]));
    execution.reset();
    assert_eq!(execution.picked(), [1]);
    assert!(!execution.outcome().changed);
}

#[test]
fn of_a_whole_class_one_thing_is_taken_out() {
    let all = buildings();
    let maps: [(&str, &[u8]); 1] = [("the buildings", &all)];
    let mut execution = executed("all buildings", &maps);
    assert!(execution.outcome().bare);
    assert_eq!(filled(&execution, &maps), all);
    execution.pick(&[0, 2]);
    let left = map(&[(10, 10, 20, 20, 250), (150, 60, 20, 20, 240)]);
    assert_eq!(filled(&execution, &maps), left);
}

#[test]
fn two_kinds_of_things_keep_the_values_of_their_own_maps() {
    let all = buildings();
    let roads = map(&[(0, 80, 200, 10, 200), (60, 10, 5, 5, 30)]);
    let maps: [(&str, &[u8]); 2] = [("the buildings", &all), ("the roads", &roads)];
    let execution = executed("the smallest building and the roads", &maps);
    let into = filled(&execution, &maps);
    assert_eq!(into[85 * 200 + 5], 200);
    assert_eq!(
        into[12 * 200 + 90],
        0,
        "the largest building is not asked for"
    );
    assert_eq!(
        into[12 * 200 + 61],
        30,
        "where it is, the map of roads counts"
    );
    let nouns = execution.nouns();
    assert_eq!(nouns.iter().filter(|noun| *noun == "road").count(), 1);
    assert_eq!(nouns.iter().filter(|noun| *noun == "building").count(), 3);
}

#[test]
fn what_a_relation_refers_to_is_named_where_it_is_missing() {
    let all = buildings();
    let none = map(&[]);
    let maps: [(&str, &[u8]); 2] = [("the buildings", &all), ("the water", &none)];
    let request = read("the buildings left of the river")
        .request
        .expect("understood");
    let request = crate::choosing::executed(request);
    let mut execution = Execution::new(request.clone(), 200, 100, ObjectOptions::default());
    for prompt in request.prompts() {
        execution.add(
            &prompt,
            if prompt == "the buildings" {
                &all
            } else {
                &none
            },
        );
    }
    execution.run().expect("all maps are there");
    let outcome = execution.outcome();
    assert!(matches!(
        outcome.problem,
        Some(ChoiceProblem::AnchorMissing { .. })
    ));
    assert_eq!(outcome.relation.as_deref(), Some("LeftOf"));
    assert_eq!(filled(&execution, &maps), none);
}

#[test]
fn what_has_no_plural_is_not_counted() {
    let water = map(&[(0, 0, 50, 50, 255)]);
    let maps: [(&str, &[u8]); 1] = [("the water", &water)];
    assert!(executed("the water", &maps).outcome().mass);
    assert!(executed("the body of water", &maps).outcome().mass);
    let all = buildings();
    let execution = executed("all buildings", &[("the buildings", &all)]);
    assert!(!execution.outcome().mass);
    assert_eq!(execution.only_noun().as_deref(), Some("building"));
}

#[test]
fn a_prompt_without_a_map_is_an_error() {
    let request = read("the largest building").request.expect("understood");
    let mut execution = Execution::new(request, 200, 100, ObjectOptions::default());
    execution.add("the buildings", &[0; 7]);
    assert_eq!(execution.run(), Err("the buildings".to_owned()));
}

#[test]
fn large_maps_are_reduced_for_the_choice_only() {
    let (width, height) = (3001, 2003);
    let mut all = vec![0u8; width * height];
    for y in 0..height {
        all[y * width..y * width + 801].fill(if y % 2 == 0 { 255 } else { 201 });
        all[y * width + 2500..y * width + 2900].fill(180);
    }
    let request = read("the largest building").request.expect("understood");
    let mut execution = Execution::new(request, width, height, ObjectOptions::default());
    execution.add("the buildings", &all);
    execution.run().expect("the map is there");
    assert_eq!((execution.factor(), execution.grid()), (2, (1501, 1002)));
    let mut into = vec![0; width * height];
    execution.fill("the buildings", &all, &mut into);
    assert_eq!((into[0], into[width], into[2600]), (255, 201, 1));
    assert_eq!(into[2002 * width + 799], 255);
    // The building's last column (800) shares a grid cell of 2 pixels with a column outside of it.
    assert_eq!((into[800], into[801]), (255, 0));
}

#[test]
fn everything_except_something_is_the_opposite_of_its_map_where_there_is_data() {
    let mut all = buildings();
    all[..2000].fill(0);
    for value in &mut all[2000..] {
        *value = (*value).max(LOWEST_PROBABILITY);
    }
    let opposite = |phrase: &str| {
        let maps: [(&str, &[u8]); 1] = [("the buildings", &all)];
        let execution = executed(phrase, &maps);
        let mut into = vec![0; 200 * 100];
        execution.fill("the buildings", &all, &mut into);
        execution.finish(&mut into);
        (into, execution.outcome())
    };
    let (into, outcome) = opposite("everything except the buildings");
    assert!(outcome.complement && (outcome.found, outcome.chosen) == (3, 3));
    for (at, (&value, &of_building)) in into.iter().zip(&all).enumerate() {
        assert_eq!(value == 0, of_building == 0, "no data at {at}");
        assert_eq!(value >= 128, (1..128).contains(&of_building), "{at}");
    }
    let (into, outcome) = opposite("everything except the largest building");
    assert_eq!((outcome.found, outcome.chosen), (3, 1));
    let at = |x: usize, y: usize| into[y * 200 + x];
    assert_eq!((at(80, 30), at(15, 25), at(5, 50)), (35, 254, 254));
}

#[test]
fn several_kinds_are_named_together() {
    let all = buildings();
    let maps: [(&str, &[u8]); 2] = [("the buildings", &all), ("the swimming pools", &all)];
    let outcome = executed("everything except the houses and the pools", &maps).outcome();
    assert_eq!(outcome.noun, "buildings and swimming pools");
    assert_eq!(outcome.one, "building or swimming pool");
    let maps: [(&str, &[u8]); 1] = [("the things", &all)];
    let outcome = executed("the things on the left", &maps).outcome();
    assert_eq!(
        (outcome.noun.as_str(), outcome.one.as_str()),
        ("things", "thing")
    );
    let maps: [(&str, &[u8]); 1] = [("the asdfghs", &all)];
    let outcome = executed("the asdfghs on the left", &maps).outcome();
    assert_eq!((outcome.unknown, outcome.one.as_str()), (true, "asdfghs"));
}

#[test]
fn a_bridge_is_masked_between_the_water_on_both_sides() {
    let (bank, river) = ((0, 0, 200, 100, 5), (80, 0, 40, 100, 250));
    let water = map(&[bank, river, (80, 40, 40, 10, 5)]);
    // The network finds the road and half of the deck.
    let road = map(&[
        (0, 0, 200, 100, 1),
        (0, 40, 90, 10, 220),
        (110, 40, 90, 10, 220),
    ]);
    let maps: [(&str, &[u8]); 2] = [("the overpasses", &road), ("the water", &water)];
    let execution = executed("the bridge", &maps);
    assert_eq!(execution.own_prompts(), ["the overpasses", "the water"]);
    assert_eq!(execution.outcome().chosen, 1);
    for order in [[0, 1], [1, 0]] {
        let into = filled(&execution, &order.map(|at| maps[at]));
        let at = |x: usize| into[45 * 200 + x];
        assert_eq!((at(100), at(125), at(20)), (253, 220, 0), "{order:?}");
    }
}

#[test]
fn an_overpass_beside_a_bridge_is_masked() {
    let water = map(&[
        (0, 0, 200, 100, 5),
        (10, 0, 30, 100, 250),
        (10, 40, 30, 10, 5),
    ]);
    let found = map(&[
        (0, 0, 200, 100, 1),
        (0, 40, 50, 10, 220),
        (100, 20, 20, 60, 220),
    ]);
    let maps: [(&str, &[u8]); 2] = [("the overpasses", &found), ("the water", &water)];
    for phrase in [
        "the bridges and the overpasses",
        "the overpasses and the bridges",
    ] {
        let into = filled(&executed(phrase, &maps), &maps);
        let at = |x: usize| into[45 * 200 + x];
        assert_eq!((at(25), at(110)), (253, 220), "{phrase}");
    }
    let into = filled(&executed("the bridges", &maps), &maps);
    assert_eq!((into[45 * 200 + 25], into[45 * 200 + 110]), (253, 0));
}
