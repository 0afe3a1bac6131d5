//! Joins words into a text.

use super::comparison;

/// Placeholder for "a" or "an" until the next word is known.
pub const ARTICLE: char = '\u{1}';

/// The word for a number from two to nine.
pub fn count_word(count: usize) -> Option<&'static str> {
    const WORDS: [&str; 8] = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    WORDS.get(count.checked_sub(2)?).copied()
}

/// The text with single spaces, none before a punctuation mark or at its ends.
pub fn single_spaced(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let text = words.join(" ");
    [",", "?", ";", ":"]
        .iter()
        .fold(text, |text, mark| text.replace(&format!(" {mark}"), mark))
}

/// The text with "a" or "an" for every placeholder.
pub fn with_articles(text: &str) -> String {
    let mut parts = text.split(ARTICLE);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        whole.push_str(comparison::article(part.trim_start()));
        whole.push_str(part);
    }
    whole
}

/// The text without its articles.
pub fn terse(text: &str) -> String {
    let words = text
        .split(' ')
        .filter(|word| !matches!(*word, "the" | "a" | "an"));
    words.collect::<Vec<_>>().join(" ")
}
