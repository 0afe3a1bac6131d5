//! Manners of phrasing, and small helpers for words.

use rand::{Rng, RngExt};

/// Manner of phrasing, after the data sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// "The baseball field on the top".
    RrsisD,
    /// "vehicle along the road": no article, the singular for all that fit.
    RefSegRs,
    /// "The ship is located at the bottom-left corner of the image".
    RisBench,
    /// "blue building left of the road", as people type.
    Plain,
}

impl Form {
    /// Draws a manner in the proportions of training; most are [`Form::Plain`].
    pub fn draw(rng: &mut (impl Rng + ?Sized)) -> Self {
        match rng.random_range(0..20) {
            0..=1 => Form::RrsisD,
            2 => Form::RefSegRs,
            3..=4 => Form::RisBench,
            _ => Form::Plain,
        }
    }
}

/// How many things a phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Exactly one.
    One,
    /// Several, or all of a class.
    Many,
}

/// One of several words.
pub fn pick<'a>(rng: &mut (impl Rng + ?Sized), options: &[&'a str]) -> &'a str {
    options[rng.random_range(0..options.len())]
}

/// The text with its first letter capitalised.
pub(in crate::data) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
