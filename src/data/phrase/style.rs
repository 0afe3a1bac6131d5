//! How one person writes: spelling, compass words, the word for the image.

use rand::{Rng, RngExt};

use crate::things::colour::Colour;

use super::words::pick;

/// A manner of writing that a phrase keeps throughout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether spelling and usage are British rather than American.
    pub british: bool,
    /// Whether compass words are used, with north at the top of the image.
    pub compass: bool,
    /// Whether articles are omitted.
    pub terse: bool,
}

impl Style {
    /// Draws someone's style.
    pub fn draw(rng: &mut (impl Rng + ?Sized)) -> Self {
        Self {
            british: rng.random_bool(0.5),
            compass: rng.random_bool(0.2),
            terse: rng.random_bool(0.12),
        }
    }

    /// The British word or the American one.
    pub fn spelt(self, british: &'static str, american: &'static str) -> &'static str {
        if self.british { british } else { american }
    }

    /// The name of a colour.
    pub fn colour(self, colour: Colour) -> &'static str {
        match colour {
            Colour::Grey => self.spelt("grey", "gray"),
            other => other.names().first().copied().unwrap_or_default(),
        }
    }

    /// A word for the image.
    pub fn image(self, rng: &mut (impl Rng + ?Sized)) -> &'static str {
        const NAMES: [&str; 15] = [
            "image",
            "image",
            "image",
            "image",
            "picture",
            "picture",
            "picture",
            "photo",
            "photo",
            "scene",
            "frame",
            "view",
            "photograph",
            "aerial photo",
            "aerial image",
        ];
        pick(rng, &NAMES)
    }
}

/// Draws one of several options by weight. Returns `None` if no weight is positive.
pub fn draw<'w, T: ?Sized>(
    options: impl Iterator<Item = (u32, &'w T)> + Clone,
    rng: &mut (impl Rng + ?Sized),
) -> Option<&'w T> {
    let total: u32 = options.clone().map(|(weight, _)| weight).sum();
    if total == 0 {
        return None;
    }
    let mut left = rng.random_range(0..total);
    let mut options = options;
    options.find_map(|(weight, option)| {
        if left < weight {
            return Some(option);
        }
        left -= weight;
        None
    })
}
