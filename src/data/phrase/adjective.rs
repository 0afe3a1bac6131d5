//! Colours, tones and shapes in words.

use rand::{Rng, RngExt};

use crate::things::colour::Colour;
use crate::things::shape::Shape;
use crate::things::tone::Tone;

use super::predicate::Predicate;
use super::query::Query;
use super::style::Style;
use super::words::pick;

/// The tone that a query states.
pub fn tone(query: &Query) -> Option<Tone> {
    query
        .predicates
        .iter()
        .find_map(|predicate| match predicate {
            Predicate::Tone(tone) => Some(*tone),
            _ => None,
        })
}

/// The colour that a query states.
pub fn colour(query: &Query) -> Option<Colour> {
    query
        .predicates
        .iter()
        .find_map(|predicate| match predicate {
            Predicate::Colour(colour) => Some(*colour),
            _ => None,
        })
}

/// The shape that a query states.
pub fn shape_of(query: &Query) -> Option<Shape> {
    query
        .predicates
        .iter()
        .find_map(|predicate| match predicate {
            Predicate::Shape(shape) => Some(*shape),
            _ => None,
        })
}

/// Whether people say this colour in this tone: "light grey", but not "light red".
pub fn is_said(colour: Colour, tone: Tone) -> bool {
    match tone {
        Tone::Light => matches!(
            colour,
            Colour::Grey | Colour::Brown | Colour::Green | Colour::Blue | Colour::Yellow
        ),
        Tone::Dark => matches!(
            colour,
            Colour::Grey | Colour::Brown | Colour::Green | Colour::Blue | Colour::Red
        ),
    }
}

/// A word for a colour, a tone or both; `None` without either.
pub fn hue(
    colour: Option<Colour>,
    tone: Option<Tone>,
    style: Style,
    rng: &mut (impl Rng + ?Sized),
) -> Option<String> {
    let coloured = style.spelt("coloured", "colored");
    let word = match (colour, tone) {
        (None, None) => return None,
        (Some(colour), None) => style.colour(colour).to_owned(),
        (None, Some(Tone::Light)) => match rng.random_range(0..8) {
            0 => format!("light-{coloured}"),
            1 => "pale".to_owned(),
            2 => "bright".to_owned(),
            _ => "light".to_owned(),
        },
        (None, Some(Tone::Dark)) => match rng.random_range(0..8) {
            0 => format!("dark-{coloured}"),
            _ => "dark".to_owned(),
        },
        (Some(Colour::Brown), Some(Tone::Light)) if rng.random_bool(0.5) => {
            pick(rng, &["beige", "tan"]).to_owned()
        }
        (Some(Colour::Blue), Some(Tone::Dark)) if rng.random_bool(0.15) => "navy blue".to_owned(),
        (Some(Colour::Red), Some(Tone::Dark)) if rng.random_bool(0.15) => "maroon".to_owned(),
        (Some(colour), Some(Tone::Light)) => {
            format!(
                "{} {}",
                pick(rng, &["light", "light", "light", "pale"]),
                style.colour(colour)
            )
        }
        (Some(colour), Some(Tone::Dark)) => format!("dark {}", style.colour(colour)),
    };
    Some(word)
}

/// A word for a shape.
pub fn shape(shape: Shape, rng: &mut (impl Rng + ?Sized)) -> &'static str {
    let words: &[&str] = match shape {
        Shape::Round => &["round", "round", "round", "circular"],
        Shape::Square => &["square"],
        Shape::Long => &["long", "long", "long", "elongated", "long narrow"],
        Shape::LShaped => &["L-shaped"],
    };
    pick(rng, words)
}
