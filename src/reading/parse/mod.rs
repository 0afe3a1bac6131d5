//! The grammar: recursive descent over the words of a phrase.

mod after;
mod before;
mod draft;
mod frame;
mod name;
mod negation;
mod noun_phrase;
mod place;
mod rank;
mod relation;
mod roof;
mod said_of;
mod sets;

pub use draft::{Draft, Said};

use super::direction::Sides;
use super::lexicon;
use super::nouns;
use super::problem::Problem;
use super::reading::Question;
use super::words::{self, Word};

/// Maximum number of relations, additions and exceptions in a phrase.
pub const MOST_CLAUSES: usize = 40;
/// Deepest nesting of requests.
const DEEPEST: usize = 60;
/// Maximum number of steps of the grammar. Normal phrases need fewer than a hundred.
const MOST_STEPS: usize = 20_000;

/// The result of parsing a phrase.
pub struct Parsed {
    /// The request, as far as it was understood.
    pub draft: Draft,
    /// The phrase's question, and the words that ask it.
    pub question: (Question, std::ops::Range<usize>),
    /// Indices of the words that were not understood, in order.
    pub unread: Vec<usize>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Parses words.
pub fn parse(words: &[Word]) -> Parsed {
    let mut parser = Parser::new(words);
    let (draft, question) = parser.phrase();
    let (mut unread, problems) = (parser.unread, parser.problems);
    unread.sort_unstable();
    unread.dedup();
    Parsed {
        draft,
        question,
        unread,
        problems,
    }
}

/// The index of the first word, from `from` on, of a position in the image that ends the phrase: "at the bottom right".
pub fn ending_position(words: &[Word], from: usize) -> Option<usize> {
    let parser = Parser::new(words);
    (from..words.len()).find(|&at| parser.ends_in_position(at))
}

/// The words of a phrase and what has been found in them so far. Positions in the phrase are indices of words.
struct Parser<'a> {
    words: &'a [Word],
    /// Indices of words that were not understood.
    unread: Vec<usize>,
    problems: Vec<Problem>,
    /// What "another one" stands for.
    antecedent: Option<draft::Name>,
    /// The index after the last relation.
    related: usize,
    clauses: usize,
    depth: usize,
    steps: usize,
}

impl<'a> Parser<'a> {
    fn new(words: &'a [Word]) -> Self {
        Self {
            words,
            unread: Vec::new(),
            problems: Vec::new(),
            clauses: 0,
            depth: 0,
            steps: 0,
            antecedent: None,
            related: 0,
        }
    }
}

/// Which words may follow a noun.
#[derive(Debug, Clone, Copy)]
struct Scope {
    /// Also words after a comma, and everything that applies only to the head of a phrase.
    head: bool,
    /// Also "and" and "except".
    sets: bool,
    /// Also a position in the image.
    place: bool,
    /// The head of the phrase has a roof.
    roofed: bool,
}

impl Scope {
    const PHRASE: Self = Self {
        head: true,
        sets: true,
        place: true,
        roofed: false,
    };
    const PART: Self = Self {
        head: true,
        sets: false,
        place: true,
        roofed: false,
    };
}

impl<'a> Parser<'a> {
    /// The word at an index, empty after the last.
    fn text(&self, at: usize) -> &'a str {
        let words: &'a [Word] = self.words;
        words.get(at).map_or("", |word| &word.text)
    }

    fn is(&self, at: usize, options: &[&str]) -> bool {
        options.contains(&self.text(at))
    }

    /// The index after these words, if they are at `at`.
    fn phrase_at(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut place = at;
        for word in phrase.split(' ') {
            if self.text(place) != word {
                return None;
            }
            place += 1;
        }
        Some(place)
    }

    /// The index after the first of these phrases that is at `at`.
    fn any_at(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        phrases.iter().find_map(|phrase| self.phrase_at(at, phrase))
    }

    /// Whether a noun cannot continue at an index.
    fn ends_noun(&self, at: usize) -> bool {
        let word = self.text(at);
        word.is_empty() || lexicon::is_bound(word) || Sides::of(word).is_some()
    }

    /// Whether something that could be a noun is at an index.
    fn is_content(&self, at: usize) -> bool {
        let plain = !self.ends_noun(at)
            && lexicon::adjective(self.text(at)).is_none()
            && lexicon::superlative(self.text(at)).is_none()
            && words::ordinal(self.text(at)).is_none();
        plain || self.noun_at(at).is_some()
    }

    /// The longest noun of the tables that starts at an index, and the index after it.
    fn noun_at(&self, at: usize) -> Option<(usize, nouns::Noun)> {
        let mut text = String::new();
        let mut found = None;
        for end in at..self.words.len().min(at + 5) {
            if end > at {
                text.push(' ');
            }
            text.push_str(&self.words[end].text);
            if let Some(noun) = nouns::noun(&text) {
                found = Some((end + 1, noun));
            }
        }
        found
    }

    /// Runs a rule, and discards its notes if it fails.
    fn attempt<T>(&mut self, rule: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let (unread, problems, clauses) = (self.unread.len(), self.problems.len(), self.clauses);
        self.steps += 1;
        if self.steps > MOST_STEPS || self.depth > DEEPEST {
            self.note(Problem::TooLong);
            return None;
        }
        self.depth += 1;
        let result = rule(self);
        self.depth -= 1;
        let too_long =
            self.problems[problems.min(self.problems.len())..].contains(&Problem::TooLong);
        if result.is_none() {
            self.unread.truncate(unread);
            self.clauses = clauses;
            self.problems.truncate(problems);
            if too_long {
                self.note(Problem::TooLong);
            }
        }
        result
    }

    fn note(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Notes a problem that a rule found.
    fn checked(&mut self, result: Result<(), Problem>) {
        if let Err(problem) = result {
            self.note(problem);
        }
    }

    /// Counts a relation, an addition or an exception.
    fn clause(&mut self) {
        self.clauses += 1;
        if self.clauses > MOST_CLAUSES {
            self.note(Problem::TooLong);
        }
    }
}
