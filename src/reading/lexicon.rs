//! Words with a meaning of their own, and the words that hold a phrase together.

use crate::things::colour::Colour;
use crate::things::material::Material;
use crate::things::shape::Shape;
use crate::things::size::Size;
use crate::things::tone::Tone;

use super::request::{Condition, Key};

/// What an adjective says, as conditions; none for other words.
pub fn adjective(word: &str) -> Option<Vec<Condition>> {
    use Condition as C;
    let one = |condition: Condition| Some(vec![condition]);
    let toned = |tone: Tone, colour: Colour| Some(vec![C::Tone(tone), C::Colour(colour)]);
    match word {
        "large" | "big" | "huge" | "broad" | "wide" | "enormous" | "giant" | "massive" | "sizable" | "sizeable"
        | "larger" | "bigger" | "great" | "spacious" | "expansive" => one(C::Size(Size::Large)),
        "small" | "tiny" | "little" | "narrow" | "compact" | "smaller" | "mini" => one(C::Size(Size::Small)),
        "round" | "circular" => one(C::Shape(Shape::Round)),
        "square" => one(C::Shape(Shape::Square)),
        "long" | "elongated" | "slender" => one(C::Shape(Shape::Long)),
        "light" | "pale" | "bright" | "lighter" | "brighter" | "lightest" | "brightest" | "paler" => {
            one(C::Tone(Tone::Light))
        }
        "dark" | "darker" | "darkest" | "shaded" | "shadowed" | "shadowy" => one(C::Tone(Tone::Dark)),
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
    let named = Colour::ALL.into_iter().find(|colour| colour.names().contains(&word));
    named.or(match word {
        "silver" | "greyish" | "grayish" => Some(Colour::Grey),
        "whitish" => Some(Colour::White),
        "reddish" => Some(Colour::Red),
        "brownish" => Some(Colour::Brown),
        "golden" | "yellowish" => Some(Colour::Yellow),
        "greenish" => Some(Colour::Green),
        "cyan" | "turquoise" | "teal" | "bluish" => Some(Colour::Blue),
        "violet" => Some(Colour::Purple),
        _ => None,
    })
}

/// A superlative in one word, before or after the noun. Closest and farthest need more words.
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

/// Whether a word names a picture of the thing rather than the thing: "mask of", "building outlines".
pub fn is_drawing(word: &str) -> bool {
    matches!(
        word,
        "mask" | "masks" | "outline" | "outlines" | "segmentation" | "shape" | "pixel" | "pixels" | "layer" | "map"
            | "detection" | "cover"
    )
}

/// Words that are skipped at the start: commands, politeness and the words of questions.
pub const START: &[&str] = &[
    "please", "can", "could", "would", "will", "shall", "you", "i", "we", "am", "is", "are", "be", "do", "does", "did",
    "see", "find", "show", "me", "us", "where", "what", "which", "want", "need", "like", "to", "looking", "look", "for",
    "search", "searching", "at", "locate", "spot", "segment", "out", "mask", "highlight", "outline", "mark", "select",
    "pick", "extract", "cut", "trace", "around", "detect", "identify", "point", "draw", "put", "on", "over", "give",
    "get", "go", "take", "let", "help", "isolate", "delineate", "map", "label", "digitise", "digitize", "color",
    "colour", "tell", "separate", "keep", "only", "now", "and", "next", "about", "how", "just", "target", "there",
    "it", "know", "mean", "interested", "exactly", "have", "has", "got", "here", "of", "among", "amongst", "nothing",
    "but", "everything", "anything", "call", "anywhere", "leave", "cover", "covered", "by", "with", "hi", "hello",
    "hey", "ok", "okay", "display", "return", "choose", "compute", "create", "make", "provide", "zoom", "remove",
    "delete", "count", "many", "number", "if", "that", "say", "list", "visible", "present",
];

/// Words that are skipped after the noun: they say that something is there, or how directly.
pub const FILLERS: &[&str] = &[
    "is", "are", "was", "were", "be", "being", "that", "which", "who", "it", "they", "located", "situated",
    "positioned", "placed", "found", "seen", "lying", "lies", "lie", "parked", "docked", "moored", "standing", "stands",
    "sitting", "sits", "sit", "visible", "shown", "there", "just", "directly", "immediately", "slightly", "specifically",
    "exactly", "also", "then", "can", "could", "please", "only", "appears", "appear", "looks", "look", "painted",
    "colored", "coloured", "toned", "hued", "roofed", "here", "comes", "everywhere", "itself", "still", "does", "do",
    "cover", "show", "driving", "stopped", "featured", "present", "overall", "up",
];

/// Words that end a noun, beside fillers and names of sides.
pub const BOUNDS: &[&str] = &[
    "on", "in", "at", "to", "towards", "toward", "near", "by", "along", "alongside", "beside", "besides", "next",
    "close", "closer", "closest", "nearest", "furthest", "farthest", "most", "from", "of", "off", "over", "above",
    "below", "beneath", "underneath", "under", "down", "around", "between", "among", "amongst", "amid", "inside",
    "within", "into", "onto", "upon", "across", "through", "behind", "against", "with", "without", "whose", "has",
    "have", "having", "had", "should", "would", "will", "its", "them", "their", "this", "these", "those", "the", "a",
    "an", "all", "every", "each", "any", "both", "another", "and", "or", "but", "plus", "except", "excluding", "minus",
    "marked", "highlighted", "selected", "outlined", "if", "as", "where", "when", "while", "surrounded", "enclosed",
    "bounded", "bordered", "ringed", "adjacent", "connected", "attached", "adjoining", "bordering", "touching", "than",
    "one", "ones", "'s", "what", "how", "not", "no", "far", "away", "facing", "opposite", "anywhere", "covering",
    "covered", "showing", "containing", "very", "extreme", "middle", "not", "you", "may", "for", "nothing", "front",
    "vicinity", "distant", "spanning", "crossing", "running", "passing", "including", "via", "relative", "together",
    "i", "we", "me", "us", "such", "so", "too", "there", "joined", "like", "other", "apart", "both", "either", "mark",
    "aside", "find", "say", "which",
];

/// Words of the other lists, for typing errors.
const OTHERS: &[&str] = &[
    "aerial", "satellite", "image", "picture", "photo", "photograph", "scene", "frame", "second", "third", "fourth",
    "fifth", "three", "seven", "eight", "single", "different", "similar", "corner", "quarter", "quadrant", "portion",
    "section", "region", "border", "margin", "north", "northern", "south", "southern", "western", "eastern", "northwest",
    "northeast", "southwest", "southeast", "upper", "lower", "right", "bottom", "centre", "center", "central", "middle",
    "halfway", "surface", "appearance", "coloring", "colouring", "coloration", "shaped", "larger", "bigger", "smaller",
    "others", "ground", "space", "takes", "covers", "least", "above", "sight", "anywhere", "looking", "counting",
    "westerly", "easterly", "northerly", "southerly", "group", "aerial", "rest", "those", "these", "their", "whole",
    "entire", "pixels", "belong", "separate", "interested", "segmentation", "detection", "layer", "roofed",
];

const ADJECTIVES: &[&str] = &[
    "large", "small", "little", "narrow", "broad", "enormous", "giant", "massive", "sizable", "compact", "round",
    "circular", "square", "elongated", "slender", "light", "bright", "lighter", "brighter", "darker", "darkest", "shaded",
    "shadowed", "beige", "cream", "maroon", "concrete", "metal", "tiled", "terracotta", "thatched", "thatch", "white",
    "black", "orange", "brown", "yellow", "green", "purple", "silver", "turquoise", "largest", "biggest", "greatest",
    "widest", "smallest", "tiniest", "littlest", "longest", "leftmost", "westernmost", "rightmost", "easternmost",
    "topmost", "uppermost", "northernmost", "highest", "bottommost", "lowermost", "lowest", "southernmost",
];

/// Every word with a meaning that this module knows, for typing errors.
pub fn vocabulary() -> impl Iterator<Item = &'static str> {
    [START, FILLERS, BOUNDS, OTHERS, ADJECTIVES].into_iter().flatten().copied()
}

/// Whether a word is skipped after the noun.
pub fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word)
}

/// Whether a word cannot be part of a noun.
pub fn is_bound(word: &str) -> bool {
    !word.starts_with(|letter: char| letter.is_alphanumeric()) || BOUNDS.contains(&word) || is_filler(word)
}
