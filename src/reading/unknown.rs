//! Nouns and words that are in no list: only the network can know what they mean.

use super::request::{Key, Request};
use super::{lexicon, nouns, spelling};

/// Whether a noun is in the tables, or is one of them with words before it that are in the lists.
pub fn is_known_noun(noun: &str) -> bool {
    let text = noun.to_lowercase().replace('-', " ");
    let last = text.rsplit(' ').next().unwrap_or_default();
    nouns::noun(&text).is_some() || nouns::noun(last).is_some() && text.split(' ').all(is_known)
}

/// Whether a word is part of a noun of the request, or of one nested in it, and in none of the lists.
pub fn is_in_noun(word: &str, request: &Request) -> bool {
    !is_known(word) && word.contains(char::is_alphabetic) && names(word, request)
}

/// Whether a word is in a list.
pub fn is_known(word: &str) -> bool {
    spelling::is_known(word) || lexicon::is_ordinary(word)
}

fn names(word: &str, request: &Request) -> bool {
    let own = request
        .thing
        .noun
        .split([' ', '-'])
        .any(|part| part == word);
    let ranked = match request.rank.as_ref().map(|rank| &rank.key) {
        Some(Key::ClosestTo(other) | Key::FarthestFrom(other)) => Some(other.as_ref()),
        _ => None,
    };
    let others = request
        .conditions
        .iter()
        .flat_map(|condition| condition.others());
    let sets = request.and.iter().chain(&request.except);
    own || others
        .chain(ranked)
        .chain(sets)
        .any(|other| names(word, other))
}
