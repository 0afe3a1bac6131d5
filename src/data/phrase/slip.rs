//! How phrases are typed: capitals, punctuation and an occasional typo.

use rand::{Rng, RngExt};

use super::words::capital;

/// Share of phrases with one wrong letter.
const SLIPS: f64 = 0.04;

/// A phrase as someone might type it.
pub fn written(text: &str, rng: &mut (impl Rng + ?Sized)) -> String {
    let mut text = text.to_owned();
    if text.ends_with('?') && rng.random_bool(0.3) {
        text.pop();
    } else if !text.ends_with(['?', '.']) && rng.random_bool(0.06) {
        text.push('.');
    }
    if rng.random_bool(SLIPS) {
        text = slipped(&text, rng).unwrap_or(text);
    }
    match rng.random_range(0..100) {
        0..=19 => capital(&text),
        20 => text.to_uppercase(),
        21 => text.split(' ').map(capital).collect::<Vec<_>>().join(" "),
        22..=29 => text.to_lowercase(),
        _ => text,
    }
}

/// The text with one letter dropped, doubled, swapped or mistyped in one word of five letters or more. The first
/// letter of the word stays. Returns `None` if there is no such word, or if the typo makes one of `WORDS`.
pub fn slipped(text: &str, rng: &mut (impl Rng + ?Sized)) -> Option<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let letters = |word: &str| word.chars().all(|letter| letter.is_ascii_lowercase());
    let long: Vec<usize> = (0..words.len())
        .filter(|&place| words[place].len() >= 5 && letters(words[place]))
        .collect();
    if long.is_empty() {
        return None;
    }
    let place = long[rng.random_range(0..long.len())];
    let mut word: Vec<u8> = words[place].bytes().collect();
    let at = rng.random_range(1..word.len());
    match rng.random_range(0..4) {
        0 => {
            word.remove(at);
        }
        1 => word.insert(at, word[at]),
        2 if at + 1 < word.len() => word.swap(at, at + 1),
        _ => word[at] = neighbour(word[at], rng),
    }
    let wrong = String::from_utf8(word).ok()?;
    if WORDS.contains(&wrong.as_str()) {
        return None;
    }
    let mut out = words;
    out[place] = &wrong;
    Some(out.join(" "))
}

/// A key next to the letter's key on the keyboard.
fn neighbour(letter: u8, rng: &mut (impl Rng + ?Sized)) -> u8 {
    const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    for row in ROWS {
        if let Some(at) = row.iter().position(|&key| key == letter) {
            let left = at > 0 && (at + 1 == row.len() || rng.random_bool(0.5));
            return row[if left { at - 1 } else { at + 1 }];
        }
    }
    letter
}

/// Words with another meaning that a typo could produce.
const WORDS: [&str; 14] = [
    "light", "night", "tight", "might", "while", "crown", "large", "roads", "cars", "ships",
    "polls", "stores", "trains", "fields",
];

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn a_slip_touches_one_long_word() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let text = "the white building on the right";
        let mut changed = 0;
        for _ in 0..300 {
            let Some(wrong) = slipped(text, &mut rng) else {
                continue;
            };
            let pairs: Vec<(&str, &str)> = text.split(' ').zip(wrong.split(' ')).collect();
            assert_eq!(pairs.len(), text.split(' ').count());
            let differ: Vec<_> = pairs.iter().filter(|(old, new)| old != new).collect();
            assert!(differ.len() <= 1, "{wrong}");
            for (old, new) in differ {
                changed += 1;
                assert!(
                    old.len() >= 5 && old.len().abs_diff(new.len()) <= 1,
                    "{wrong}"
                );
                assert_eq!(old.as_bytes()[0], new.as_bytes()[0]);
            }
        }
        assert!(changed > 200);
        assert_eq!(slipped("a red car", &mut rng), None);
    }

    #[test]
    fn most_phrases_are_written_as_they_are() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let text = "the white building on the right";
        let same = (0..1000)
            .filter(|_| written(text, &mut rng).eq_ignore_ascii_case(text))
            .count();
        assert!((850..960).contains(&same), "{same}");
    }
}
