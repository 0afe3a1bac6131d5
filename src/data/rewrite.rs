//! Rewrites the direction words of phrases after an image is rotated or mirrored.
//!
//! For data sets that come with phrases. Words for a direction in the image are replaced. Compass words are replaced as
//! if north were the top of the image. Words in an ambiguous sense ("top" of a list) do not occur in such phrases.

use super::compass::Compass;
use super::phrase::words::capital;
use super::transform::D4;

/// Kinds of direction words. A replacement is of the same kind, which keeps the style of the phrase.
#[derive(Clone, Copy, PartialEq)]
enum Family {
    /// left, right, top, bottom
    Plain,
    /// leftmost, rightmost, topmost, bottommost
    Most,
    /// upper, lower; horizontally left, right
    Upper,
    /// above, below; horizontally "to the left of"
    Above,
    /// leftward(s)
    Ward,
}

const LEFT: (i8, i8) = (-1, 0);
const RIGHT: (i8, i8) = (1, 0);
const UP: (i8, i8) = (0, -1);
const DOWN: (i8, i8) = (0, 1);

fn meaning(word: &str) -> Option<(Family, (i8, i8))> {
    Some(match word {
        "left" => (Family::Plain, LEFT),
        "right" => (Family::Plain, RIGHT),
        "top" => (Family::Plain, UP),
        "bottom" => (Family::Plain, DOWN),
        "leftmost" => (Family::Most, LEFT),
        "rightmost" => (Family::Most, RIGHT),
        "topmost" | "uppermost" => (Family::Most, UP),
        "bottommost" | "lowermost" | "lowest" => (Family::Most, DOWN),
        "upper" => (Family::Upper, UP),
        "lower" => (Family::Upper, DOWN),
        // Joined by `relations_joined`.
        "lefthandof" => (Family::Above, LEFT),
        "righthandof" => (Family::Above, RIGHT),
        "above" => (Family::Above, UP),
        "below" | "beneath" | "under" | "underneath" => (Family::Above, DOWN),
        "leftward" | "leftwards" => (Family::Ward, LEFT),
        "rightward" | "rightwards" => (Family::Ward, RIGHT),
        "upward" | "upwards" => (Family::Ward, UP),
        "downward" | "downwards" => (Family::Ward, DOWN),
        _ => return None,
    })
}

fn word_of(family: Family, direction: (i8, i8)) -> &'static str {
    match (family, direction) {
        (Family::Plain, LEFT) => "left",
        (Family::Plain, RIGHT) => "right",
        (Family::Plain, UP) => "top",
        (Family::Plain, _) => "bottom",
        (Family::Most, LEFT) => "leftmost",
        (Family::Most, RIGHT) => "rightmost",
        (Family::Most, UP) => "topmost",
        (Family::Most, _) => "bottommost",
        (Family::Upper, LEFT) => "left",
        (Family::Upper, RIGHT) => "right",
        (Family::Upper, UP) => "upper",
        (Family::Upper, _) => "lower",
        (Family::Above, LEFT) => "to the left of",
        (Family::Above, RIGHT) => "to the right of",
        (Family::Above, UP) => "above",
        (Family::Above, _) => "below",
        (Family::Ward, LEFT) => "leftwards",
        (Family::Ward, RIGHT) => "rightwards",
        (Family::Ward, UP) => "upwards",
        (Family::Ward, _) => "downwards",
    }
}

/// Returns the phrase that holds for the image after `transform` if `phrase` held before it.
///
/// ```text
/// mirrored:      "the ship on the upper left"    -> "the ship on the upper right"
/// turned (cw):   "the tank to the left of a car" -> "the tank above a car"
/// ```
pub fn phrase_after(transform: D4, phrase: &str) -> String {
    if transform == D4::IDENTITY {
        return phrase.to_owned();
    }
    let tokens = relations_joined(&split(phrase));
    let mut out: Vec<String> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let lower = tokens[at].to_lowercase();
        // A corner is two directions in a row. In the result, the vertical word comes first.
        let pair = (at + 2 < tokens.len() && matches!(tokens[at + 1].as_str(), " " | "-"))
            .then(|| (meaning(&lower), meaning(&tokens[at + 2].to_lowercase())));
        if let Some((Some((first, one)), Some((second, other)))) = pair
            && (one.0 == 0) != (other.0 == 0)
            && is_place(first)
            && is_place(second)
        {
            let (one, other) = (transform.direction(one), transform.direction(other));
            let (vertical, side) = if one.0 == 0 {
                (one, other)
            } else {
                (other, one)
            };
            let style = if first == Family::Upper || second == Family::Upper {
                Family::Upper
            } else {
                Family::Plain
            };
            out.push(cased(&tokens[at], word_of(style, vertical)));
            out.push(tokens[at + 1].clone());
            out.push(word_of(Family::Plain, side).to_owned());
            at += 3;
            continue;
        }
        if let Some(compass) = Compass::read(&lower) {
            let (words, count) = compass_after(transform, compass, &tokens[at..]);
            out.push(cased(&tokens[at], &words));
            at += count;
            continue;
        }
        // The "hand" of "left-hand" and the "column" of "left column" change with the direction word.
        if let Some((family, direction)) = meaning(&lower)
            && is_place(family)
            && transform.swaps_sides()
            && let [_, joint, next, ..] = &tokens[at..]
            && let Some(next) = beside_direction(&next.to_lowercase())
        {
            out.push(cased(
                &tokens[at],
                word_of(family, transform.direction(direction)),
            ));
            if !next.is_empty() {
                out.extend([joint.clone(), next.to_owned()]);
            }
            at += 3;
            continue;
        }
        // The "above" of "seen from above" is not a place in the image.
        let after_from = at >= 2 && tokens[at - 2].eq_ignore_ascii_case("from");
        out.push(match (meaning(&lower), lower.as_str()) {
            (Some((Family::Above, _)), _) if after_from => tokens[at].clone(),
            (Some((family, direction)), _) => {
                let next = tokens.get(at + 1).is_some_and(|token| token == " ");
                let moved = transform.direction(direction);
                // "the upper ship" may become "the left ship", but "above" at the end of a phrase becomes "to the
                // left" without an "of".
                if family == Family::Above && moved.1 == 0 && !next {
                    cased(
                        &tokens[at],
                        if moved == LEFT {
                            "to the left"
                        } else {
                            "to the right"
                        },
                    )
                } else {
                    cased(&tokens[at], word_of(family, moved))
                }
            }
            (None, "clockwise") if transform.reverses() => cased(&tokens[at], "counterclockwise"),
            (None, "counterclockwise" | "anticlockwise") if transform.reverses() => {
                cased(&tokens[at], "clockwise")
            }
            (None, "horizontal" | "horizontally" | "vertical" | "vertically")
                if transform.swaps_sides() =>
            {
                let turned = match lower.as_str() {
                    "horizontal" => "vertical",
                    "horizontally" => "vertically",
                    "vertical" => "horizontal",
                    _ => "horizontally",
                };
                cased(&tokens[at], turned)
            }
            _ => tokens[at].clone(),
        });
        at += 1;
    }
    out.concat()
}

/// The replacement of a word that goes with a direction word, for transforms that turn left and right into top and
/// bottom. The "-hand" of "left-hand" is dropped. Returns `None` for other words.
fn beside_direction(word: &str) -> Option<&'static str> {
    Some(match word {
        "hand" => "",
        "column" => "row",
        "columns" => "rows",
        "row" => "column",
        "rows" => "columns",
        _ => return None,
    })
}

/// The replacement of the compass word at the start of `tokens`, and the number of tokens that it replaces.
fn compass_after(transform: D4, compass: Compass, tokens: &[String]) -> (String, usize) {
    if let [_, joint, next, ..] = tokens
        && matches!(joint.as_str(), " " | "-")
        && let Some(next) = Compass::read(&next.to_lowercase())
    {
        if let Some(whole) = compass.joined(next) {
            return (whole.after(transform).word(joint), 3);
        }
        if compass.is_axis(next) {
            let (one, other) = (compass.after(transform), next.after(transform));
            let (one, other) = if one.is_axis(other) {
                (one, other)
            } else {
                (other, one)
            };
            return (format!("{}{joint}{}", one.word(""), other.word("")), 3);
        }
    }
    (compass.after(transform).word(""), 1)
}

fn is_place(family: Family) -> bool {
    matches!(family, Family::Plain | Family::Upper)
}

/// Splits a phrase into its words and the characters between them, in order.
fn split(phrase: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_word = false;
    for letter in phrase.chars() {
        let word = letter.is_alphanumeric();
        match tokens.last_mut() {
            Some(last) if word && in_word => last.push(letter),
            _ => tokens.push(letter.to_string()),
        }
        in_word = word;
    }
    tokens
}

/// Joins "to the left of", "right of" and the like into one word each, so that a turn can make them "above" or
/// "below".
fn relations_joined(tokens: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let words: Vec<String> = tokens[at..]
            .iter()
            .step_by(2)
            .take(4)
            .map(|token| token.to_lowercase())
            .collect();
        let spaced = |count: usize| {
            tokens.len() >= at + count * 2 - 1
                && tokens[at + 1..at + count * 2 - 1]
                    .iter()
                    .step_by(2)
                    .all(|token| token == " ")
        };
        let side = |word: &str| match word {
            "left" => Some("lefthandof"),
            "right" => Some("righthandof"),
            _ => None,
        };
        let long = words.len() == 4
            && spaced(4)
            && matches!(words[0].as_str(), "to" | "on" | "at")
            && words[1] == "the"
            && words[3] == "of"
            && !of_the_image(&tokens[at + 6..]);
        let short =
            words.len() >= 2 && spaced(2) && words[1] == "of" && !of_the_image(&tokens[at + 2..]);
        match (
            long.then(|| side(&words[2])).flatten(),
            short.then(|| side(&words[0])).flatten(),
        ) {
            (Some(joined), _) => {
                out.push(cased(&tokens[at], joined));
                at += 7;
            }
            (None, Some(joined)) => {
                out.push(cased(&tokens[at], joined));
                at += 3;
            }
            (None, None) => {
                out.push(tokens[at].clone());
                at += 1;
            }
        }
    }
    out
}

/// Whether the tokens from an "of" on name the image itself: "of the image" is a place, not a relation.
fn of_the_image(tokens: &[String]) -> bool {
    let words = tokens
        .iter()
        .filter(|token| token.chars().all(char::is_alphanumeric));
    let ahead: Vec<String> = words.take(4).map(|word| word.to_lowercase()).collect();
    ahead.iter().any(|word| {
        matches!(
            word.as_str(),
            "image" | "picture" | "scene" | "photo" | "photograph" | "frame" | "view" | "screen"
        )
    })
}

/// `new`, capitalised if the word that it replaces was.
fn cased(old: &str, new: &str) -> String {
    if !old.chars().next().is_some_and(char::is_uppercase) {
        return new.to_owned();
    }
    capital(new)
}

#[cfg(test)]
#[path = "rewrite_tests.rs"]
mod tests;
