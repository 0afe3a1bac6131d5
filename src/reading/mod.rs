//! From a phrase to what it asks for, by rules alone: no network, and the same result on every target.
//!
//! [`read`] knows the words and sentence forms of the generator of training phrases and of the field's data sets. A
//! noun that it does not know stays as it is written, and the network decides what it is. If any other word is not
//! understood, there is no request. [`read_most`] then reads the beginning of the phrase; if that is not understood
//! either, the network gets the whole phrase.

mod direction;
mod lexicon;
mod most;
#[cfg(test)]
mod negation_tests;
mod nouns;
mod order;
mod parse;
mod path;
mod problem;
mod prompt;
#[allow(clippy::module_inception)]
mod reading;
mod request;
mod say;
mod spelling;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
mod tokens;
mod unknown;
mod words;

pub use most::{Understood, read_most};
pub use nouns::head_class;
pub use path::{Path, Step};
pub use problem::Problem;
pub use reading::{Question, Reading, Role, Span, Token};
pub use request::{Condition, Key, Number, Rank, Relation, Request, Thing};
pub use say::say;
pub use unknown::is_known_noun;

use parse::parse;
use words::Word;

/// Maximum number of characters of a phrase. Longer phrases are not read.
pub const MOST_CHARACTERS: usize = 2_000;

/// Reads a phrase. A typical phrase takes well below a millisecond, and the worst text of [`MOST_CHARACTERS`] takes a
/// few milliseconds; a longer one is not read.
pub fn read(phrase: &str) -> Reading {
    refusal(phrase).unwrap_or_else(|| reading_of(phrase, &words_of(phrase)))
}

/// The reading of a phrase that is not read at all, or `None` for other phrases.
fn refusal(phrase: &str) -> Option<Reading> {
    let problem = if phrase.chars().nth(MOST_CHARACTERS).is_some() {
        Problem::TooLong
    } else if phrase.chars().any(is_foreign) {
        Problem::OtherScript
    } else {
        return None;
    };
    Some(Reading {
        request: None,
        tokens: Vec::new(),
        unread: Vec::new(),
        unknown: Vec::new(),
        question: Question::Mask,
        problems: vec![problem],
    })
}

/// The words of a phrase, with typing errors corrected.
fn words_of(phrase: &str) -> Vec<Word> {
    let mut words = words::words(phrase);
    for word in &mut words {
        if let Some(right) = spelling::corrected(&word.text) {
            word.text = right.to_owned();
        }
    }
    words
}

/// Reads words of a phrase.
fn reading_of(phrase: &str, words: &[Word]) -> Reading {
    let parsed = parse(words);
    let span = |at: std::ops::Range<usize>| span(phrase, words, at);
    let unread: Vec<Span> = parsed.unread.iter().map(|&at| span(at..at + 1)).collect();
    let problems = parsed.problems;
    let request = parsed.draft.request();
    let is_unknown = |at: &usize| {
        request
            .as_ref()
            .is_some_and(|request| unknown::is_in_noun(&words[*at].text, request))
    };
    let unknown = (0..words.len())
        .filter(is_unknown)
        .map(|at| span(at..at + 1))
        .collect();
    let request = request.filter(|_| unread.is_empty() && problems.is_empty());
    let mut tokens = tokens::tokens(&parsed.draft, &span);
    let (question, asked) = parsed.question;
    if !asked.is_empty() {
        let label = if question == Question::Count {
            "how many"
        } else {
            "is there any"
        }
        .to_owned();
        tokens.insert(
            0,
            Token {
                span: span(asked),
                label,
                role: Role::Question,
                path: Path::default(),
            },
        );
    }
    Reading {
        request,
        tokens,
        unread,
        unknown,
        question,
        problems,
    }
}

/// Whether a character is a letter of a script other than Latin.
fn is_foreign(letter: char) -> bool {
    letter.is_alphabetic()
        && !matches!(letter, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{fb00}'..='\u{fb06}')
}

/// The part of a phrase that a range of its words covers.
fn span(phrase: &str, words: &[Word], at: std::ops::Range<usize>) -> Span {
    let start = words.get(at.start).map_or(phrase.len(), |word| word.start);
    let end = words
        .get(at.end.saturating_sub(1))
        .map_or(start, |word| word.end)
        .max(start);
    let text = phrase.get(start..end).unwrap_or_default().to_owned();
    Span { start, end, text }
}
