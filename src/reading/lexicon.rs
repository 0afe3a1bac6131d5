//! Words with a meaning of their own, and function words.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::things::colour::Colour;
use crate::things::material::Material;
use crate::things::shape::Shape;
use crate::things::size::Size;
use crate::things::tone::Tone;

use super::request::{Condition, Key};

/// The conditions that an adjective states; `None` for any other word.
pub fn adjective(word: &str) -> Option<Vec<Condition>> {
    use Condition as C;
    let one = |condition: Condition| Some(vec![condition]);
    let toned = |tone: Tone, colour: Colour| Some(vec![C::Tone(tone), C::Colour(colour)]);
    match word {
        "large" | "big" | "huge" | "broad" | "wide" | "enormous" | "giant" | "massive"
        | "sizable" | "sizeable" | "larger" | "bigger" | "great" | "spacious" | "expansive" => {
            one(C::Size(Size::Large))
        }
        "small" | "tiny" | "little" | "narrow" | "compact" | "smaller" | "mini" | "thin"
        | "slim" => one(C::Size(Size::Small)),
        "round" | "circular" => one(C::Shape(Shape::Round)),
        "square" => one(C::Shape(Shape::Square)),
        "long" | "elongated" | "slender" => one(C::Shape(Shape::Long)),
        "light" | "pale" | "bright" | "lighter" | "brighter" | "lightest" | "brightest"
        | "paler" => one(C::Tone(Tone::Light)),
        "dark" | "darker" | "darkest" | "shaded" | "shadowed" | "shadowy" => {
            one(C::Tone(Tone::Dark))
        }
        "beige" | "tan" | "cream" => toned(Tone::Light, Colour::Brown),
        "navy" => toned(Tone::Dark, Colour::Blue),
        "maroon" => toned(Tone::Dark, Colour::Red),
        "concrete" => one(C::Material(Material::Concrete)),
        "tin" | "metal" | "metallic" => one(C::Material(Material::Tin)),
        "tiled" | "tile" | "terracotta" => one(C::Material(Material::ClayTiles)),
        "thatched" | "thatch" => one(C::Material(Material::Thatch)),
        _ => one(C::Colour(colour(word)?)),
    }
}

fn colour(word: &str) -> Option<Colour> {
    let named = Colour::ALL
        .into_iter()
        .find(|colour| colour.names().contains(&word));
    named.or(match word {
        "silver" | "greyish" | "grayish" => Some(Colour::Grey),
        "whitish" => Some(Colour::White),
        "reddish" | "pink" => Some(Colour::Red),
        "brownish" => Some(Colour::Brown),
        "golden" | "yellowish" => Some(Colour::Yellow),
        "greenish" => Some(Colour::Green),
        "cyan" | "turquoise" | "teal" | "bluish" => Some(Colour::Blue),
        "violet" => Some(Colour::Purple),
        _ => None,
    })
}

/// The key of a one-word superlative, before or after the noun. Closest and farthest need more words.
pub fn superlative(word: &str) -> Option<Key> {
    Some(match word {
        "largest" | "biggest" | "greatest" | "widest" | "broadest" => Key::Largest,
        "smallest" | "tiniest" | "littlest" | "narrowest" => Key::Smallest,
        "longest" => Key::Longest,
        "leftmost" | "westernmost" => Key::Leftmost,
        "rightmost" | "easternmost" => Key::Rightmost,
        "topmost" | "uppermost" | "northernmost" | "highest" => Key::Topmost,
        "bottommost" | "lowermost" | "lowest" | "southernmost" => Key::Bottommost,
        "centermost" | "centremost" | "middlemost" => Key::MostCentral,
        _ => return None,
    })
}

/// Whether a word names a depiction of the thing rather than the thing: "mask of", "building outlines".
pub fn is_drawing(word: &str) -> bool {
    matches!(
        word,
        "mask"
            | "masks"
            | "outline"
            | "outlines"
            | "segmentation"
            | "shape"
            | "pixel"
            | "pixels"
            | "layer"
            | "map"
            | "detection"
            | "cover"
    )
}

/// The word lists.
#[derive(Default)]
struct Lists {
    start: BTreeSet<&'static str>,
    fillers: BTreeSet<&'static str>,
    bounds: BTreeSet<&'static str>,
    others: BTreeSet<&'static str>,
    ordinary: BTreeSet<&'static str>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists::default();
    for line in include_str!("words.txt").lines() {
        let Some((name, words)) = line.split_once(": ").filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let list = match name {
            "start" => &mut lists.start,
            "filler" => &mut lists.fillers,
            "bound" => &mut lists.bounds,
            "ordinary" => &mut lists.ordinary,
            _ => &mut lists.others,
        };
        list.extend(words.split_whitespace());
    }
    lists
});

/// Every word of the lists, for correcting typing errors.
pub fn vocabulary() -> impl Iterator<Item = &'static str> {
    let lists = [&LISTS.start, &LISTS.fillers, &LISTS.bounds, &LISTS.others];
    lists.into_iter().flatten().copied()
}

/// Whether a word describes a noun to the network, without a meaning to the reader.
pub fn is_ordinary(word: &str) -> bool {
    LISTS.ordinary.contains(word)
}

/// Whether a word is skipped at the start of a phrase.
pub fn is_start(word: &str) -> bool {
    LISTS.start.contains(word)
}

/// Whether a word is skipped after the noun.
pub fn is_filler(word: &str) -> bool {
    LISTS.fillers.contains(word)
}

/// Whether a word cannot be part of a noun.
pub fn is_bound(word: &str) -> bool {
    !word.starts_with(|letter: char| letter.is_alphanumeric())
        || LISTS.bounds.contains(word)
        || is_filler(word)
}
