//! Positions in words, and whole sentences.

use rand::{Rng, RngExt};

use crate::things::position::Position;

use super::words::{Form, Number, pick};

/// Words for a position.
pub fn position_words(position: Position, form: Form, rng: &mut (impl Rng + ?Sized)) -> String {
    let (plain, corner): (&[&str], &[&str]) = match position {
        Position::Left => (&["on the left", "on the left side", "at the left"], &[]),
        Position::Right => (&["on the right", "on the right side", "at the right"], &[]),
        Position::Top => (
            &[
                "on the top",
                "at the top",
                "in the upper part",
                "on the upper side",
            ],
            &[],
        ),
        Position::Bottom => (
            &[
                "on the bottom",
                "at the bottom",
                "in the lower part",
                "on the lower side",
            ],
            &[],
        ),
        Position::TopLeft => (
            &["on the upper left", "at the top left", "in the upper left"],
            &["in the top-left corner", "in the upper left corner"],
        ),
        Position::TopRight => (
            &[
                "on the upper right",
                "at the top right",
                "in the upper right",
            ],
            &["in the top-right corner", "in the upper right corner"],
        ),
        Position::BottomLeft => (
            &[
                "on the lower left",
                "at the bottom left",
                "in the lower left",
            ],
            &["in the bottom-left corner", "in the lower left corner"],
        ),
        Position::BottomRight => (
            &[
                "on the lower right",
                "at the bottom right",
                "in the lower right",
            ],
            &["in the bottom-right corner", "in the lower right corner"],
        ),
        Position::Centre => (&["in the middle", "in the center", "at the center"], &[]),
        Position::TopCentre => (&["at the top center", "in the upper middle"], &[]),
        Position::BottomCentre => (&["at the bottom center", "in the lower middle"], &[]),
        Position::MiddleLeft => (&["in the middle left", "at the center left"], &[]),
        Position::MiddleRight => (&["in the middle right", "at the center right"], &[]),
        Position::LeftHalf => (&["in the left half"], &[]),
        Position::RightHalf => (&["in the right half"], &[]),
        Position::TopHalf => (&["in the upper half", "in the top half"], &[]),
        Position::BottomHalf => (&["in the lower half", "in the bottom half"], &[]),
    };
    let words = if !corner.is_empty() && rng.random_bool(0.35) {
        pick(rng, corner)
    } else {
        pick(rng, plain)
    };
    if form == Form::Plain && rng.random_bool(0.2) {
        format!("{words} of the image")
    } else {
        words.to_owned()
    }
}

/// The subject of a sentence: an article and the noun with its adjectives.
pub fn subject(core: &str, number: Number, plural: bool, rng: &mut (impl Rng + ?Sized)) -> String {
    match number {
        Number::One => format!("The {core}"),
        Number::Many if !plural => format!("The {core}"),
        Number::Many => format!("{} {core}", pick(rng, &["The", "All the", "All"])),
    }
}

/// A whole sentence in RISBench's manner. `plural` asks for "are".
pub fn sentence(
    subject: &str,
    plural: bool,
    position: Option<Position>,
    relation: Option<String>,
    rng: &mut (impl Rng + ?Sized),
) -> String {
    let is = if plural { "are" } else { "is" };
    let verb = pick(
        rng,
        &["located", "situated", "positioned", "located", "found"],
    );
    let image = pick(
        rng,
        &[
            "of the image",
            "of the image",
            "of the picture",
            "of the scene",
        ],
    );
    let place = position.map(|position| {
        let words = match position {
            Position::Centre => {
                pick(rng, &["in the center", "in the middle", "at the center"]).to_owned()
            }
            position if position.is_corner() => {
                let (vertical, side) = match position {
                    Position::TopLeft => (["top", "upper"], "left"),
                    Position::TopRight => (["top", "upper"], "right"),
                    Position::BottomLeft => (["bottom", "lower"], "left"),
                    _ => (["bottom", "lower"], "right"),
                };
                let vertical = pick(rng, &vertical);
                let joined = if vertical == "top" || vertical == "bottom" {
                    "-"
                } else {
                    " "
                };
                let corner = pick(rng, &[" corner", " part", " area", ""]);
                let at = if corner.is_empty() {
                    "at"
                } else {
                    pick(rng, &["at", "in"])
                };
                format!("{at} the {vertical}{joined}{side}{corner}")
            }
            position => position_words(position, Form::RrsisD, rng),
        };
        format!("{words} {image}")
    });
    match (place, relation) {
        (Some(place), None) => match rng.random_range(0..5) {
            0 => format!("{subject} {place}"),
            1 => format!("{subject} that {is} {verb} {place}"),
            _ => format!("{subject} {is} {verb} {place}"),
        },
        (None, Some(relation)) => {
            if rng.random_bool(0.5) {
                format!("{subject} {is} {relation}")
            } else {
                format!("{subject} {is} {verb} {relation}")
            }
        }
        (Some(place), Some(relation)) => {
            if rng.random_bool(0.5) {
                format!("{subject} {relation} {is} {verb} {place}")
            } else {
                format!("{subject} {is} {verb} {place}, {relation}")
            }
        }
        (None, None) => {
            let words = pick(
                rng,
                &[
                    "in the image",
                    "visible in the image",
                    "in the scene",
                    "in this aerial image",
                ],
            );
            format!("{subject} {words}")
        }
    }
}
