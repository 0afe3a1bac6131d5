use super::*;

#[test]
fn mirrors_change_one_axis() {
    for (before, mirrored, flipped) in [
        (
            "The ship on the upper left",
            "The ship on the upper right",
            "The ship on the lower left",
        ),
        (
            "The ship is at the bottom-left corner of the image",
            "The ship is at the bottom-right corner of the image",
            "The ship is at the top-left corner of the image",
        ),
        ("Leftmost tank", "Rightmost tank", "Leftmost tank"),
        (
            "the car above the road",
            "the car above the road",
            "the car below the road",
        ),
        (
            "car to the left of a bus",
            "car to the right of a bus",
            "car to the left of a bus",
        ),
        (
            "leftover rightful topping",
            "leftover rightful topping",
            "leftover rightful topping",
        ),
        (
            "the northern dock",
            "the northern dock",
            "the southern dock",
        ),
        (
            "The house north-west of the road",
            "The house north-east of the road",
            "The house south-west of the road",
        ),
        ("Southeast corner", "Southwest corner", "Northeast corner"),
        (
            "westernmost car on the north-south street",
            "easternmost car on the north-south street",
            "westernmost car on the north-south street",
        ),
        (
            "the second car from the left at the top",
            "the second car from the right at the top",
            "the second car from the left at the bottom",
        ),
        (
            "pool in the top left-hand corner",
            "pool in the top right-hand corner",
            "pool in the bottom left-hand corner",
        ),
        (
            "the left roof, seen from above",
            "the right roof, seen from above",
            "the left roof, seen from above",
        ),
        (
            "the left-most tank of the left column",
            "the right-most tank of the right column",
            "the left-most tank of the left column",
        ),
        (
            "the car on the left of the aerial image",
            "the car on the right of the aerial image",
            "the car on the left of the aerial image",
        ),
        (
            "a clockwise lane",
            "a counterclockwise lane",
            "a counterclockwise lane",
        ),
    ] {
        assert_eq!(phrase_after(D4::MIRROR, before), mirrored);
        assert_eq!(phrase_after(D4::FLIP, before), flipped);
    }
}

#[test]
fn turns_swap_the_axes() {
    for (before, after) in [
        ("The ship on the upper left", "The ship on the upper right"),
        ("The ship on the lower left", "The ship on the upper left"),
        ("the plane on the top", "the plane on the right"),
        ("the tank to the left of a car", "the tank above a car"),
        ("the tank left of the car", "the tank above the car"),
        ("the tank above the car", "the tank to the right of the car"),
        ("on the left of the image", "on the top of the image"),
        ("the vertical runway", "the horizontal runway"),
        ("the north-south street", "the east-west street"),
        ("north of the pool", "east of the pool"),
        ("in the south west corner", "in the north west corner"),
        ("the most westerly car", "the most northerly car"),
        ("on the left-hand side", "on the top side"),
        ("in the top row", "in the right column"),
        (
            "pool in the top left-hand corner",
            "pool in the top right-hand corner",
        ),
        ("ship nearest the left edge", "ship nearest the top edge"),
        ("second car from the left", "second car from the top"),
    ] {
        assert_eq!(phrase_after(D4::TURN, before), after);
    }
}

#[test]
fn four_turns_and_two_mirrors_give_the_phrase_back() {
    for phrase in [
        "The large ship in the top-right corner of the image",
        "the leftmost plane",
        "the tank to the left of the car",
        "the building above the lake on the lower left",
        "the northernmost house in the south-west, on the east-west road",
        "a row of cars in the left column",
        "",
        "植物 🌳 left",
    ] {
        let turned = (0..4).fold(phrase.to_owned(), |text, _| phrase_after(D4::TURN, &text));
        assert_eq!(turned, phrase);
        for mirror in [D4::MIRROR, D4::FLIP] {
            assert_eq!(phrase_after(mirror, &phrase_after(mirror, phrase)), phrase);
        }
    }
}
