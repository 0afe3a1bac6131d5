//! As much of a phrase as is understood: all of it, or its beginning.

use super::direction::Sides;
use super::parse::ending_position;
use super::reading::{Question, Reading, Span};
use super::unknown::is_known_noun;
use super::words::Word;
use super::{lexicon, reading_of, refusal, span, words_of};

/// Words with which a phrase means something else without its end.
const NEGATIONS: &[&str] = &[
    "not",
    "no",
    "nor",
    "never",
    "neither",
    "none",
    "nobody",
    "nothing",
    "nowhere",
    "without",
    "except",
    "but",
    "excluding",
    "minus",
    "unless",
    "barely",
    "hardly",
];

/// Words after which a position may be that of another thing than the one asked for.
const OTHERS: &[&str] = &[
    "with", "of", "whose", "has", "have", "having", "where", "from", "than", "and",
];

/// Maximum number of beginnings that are tried.
const MOST_TRIES: usize = 24;

/// What was understood of a phrase.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// The reading of the phrase without `rest`. If there is no request, not even its beginning was understood, and it
    /// is the reading of the whole phrase.
    pub reading: Reading,
    /// The part of the phrase that was not understood and is left out; `None` if nothing is left out.
    pub rest: Option<Span>,
}

/// Reads as much of a phrase as is understood: all of it, or its longest beginning that names known things, together
/// with a position at the very end: "the red car \[waiting\] at the bottom right". A phrase that counts, or that
/// excludes something in words that are not understood, is read as a whole or not at all.
pub fn read_most(phrase: &str) -> Understood {
    let whole = |reading| Understood {
        reading,
        rest: None,
    };
    if let Some(refused) = refusal(phrase) {
        return whole(refused);
    }
    let words = words_of(phrase);
    let reading = reading_of(phrase, &words);
    let cut = reading.unread.first().map(|unread| unread.start);
    let Some(cut) = cut.filter(|_| reading.question == Question::Mask) else {
        return whole(reading);
    };
    let first = words.iter().take_while(|word| word.start < cut).count();
    if words
        .iter()
        .any(|word| NEGATIONS.contains(&word.text.as_str()))
    {
        return whole(reading);
    }
    let last = first.saturating_sub(MOST_TRIES);
    let ends = (last..=first).rev().filter(|&end| {
        // Not within a noun, unless the grammar ends it there.
        let next = words[end].text.as_str();
        end > 0
            && next != "'s"
            && (end == first || lexicon::is_bound(next) || Sides::of(next).is_some())
    });
    for end in ends {
        let beginning = reading_of(phrase, &words[..end]);
        if !names_known_things(&beginning) {
            continue;
        }
        let (reading, stop) = with_place(phrase, &words, end).unwrap_or((beginning, words.len()));
        return Understood {
            reading,
            rest: Some(span(phrase, &words, end..stop)),
        };
    }
    whole(reading)
}

/// The reading of the words before `end` with the position at the end of the phrase, and the index of its first word.
fn with_place(phrase: &str, words: &[Word], end: usize) -> Option<(Reading, usize)> {
    let start = ending_position(words, end)?;
    let of_another = |word: &Word| OTHERS.contains(&word.text.as_str());
    if start == end || words[end..start].iter().any(of_another) {
        return None;
    }
    let kept = [&words[..end], &words[start..]].concat();
    let reading = reading_of(phrase, &kept);
    names_known_things(&reading).then_some((reading, start))
}

/// Whether there is a request for a kind of thing that is in the tables.
fn names_known_things(reading: &Reading) -> bool {
    reading
        .request
        .as_ref()
        .is_some_and(|request| request.thing.class.is_some() || is_known_noun(&request.thing.noun))
}

#[cfg(test)]
mod tests {
    use super::super::say;
    use super::*;

    /// The request in plain words, and what is left out.
    fn most(phrase: &str) -> (Option<String>, Option<String>) {
        let found = read_most(phrase);
        let rest = found.rest.map(|rest| rest.text);
        (found.reading.request.as_ref().map(say), rest)
    }

    #[test]
    fn a_beginning_is_read_where_the_end_is_not() {
        for (phrase, request, rest) in [
            (
                "the plane with the red tail",
                "the plane",
                "with the red tail",
            ),
            (
                "the storage tank located at the top-right corner of the image is partially cut off by the edge",
                "the storage tank in the top right",
                "partially cut off by the edge",
            ),
            (
                "The small bridge spans across the image vertically over a body of water",
                "the small bridge",
                "spans across the image vertically over a body of water",
            ),
            (
                "red car waiting at the bottom right",
                "the red car in the bottom right",
                "waiting",
            ),
            (
                "the boat with the bright cover in the upper left",
                "the boat",
                "with the bright cover in the upper left",
            ),
        ] {
            let found = most(phrase);
            let wanted = (Some(request.to_owned()), Some(rest.to_owned()));
            assert_eq!(found, wanted, "{phrase}");
        }
    }

    #[test]
    fn what_is_understood_is_not_cut() {
        for phrase in ["the largest building left of the road", "the gravel pits"] {
            let found = read_most(phrase);
            assert_eq!(found.reading, super::super::read(phrase), "{phrase}");
            assert_eq!(found.rest, None, "{phrase}");
        }
    }

    #[test]
    fn a_phrase_that_would_mean_something_else_is_not_cut() {
        for phrase in [
            "the buildings that nobody ever blorked at",
            "how many cars are blorked by them",
            "the pitcher's mound",
            "the blorked whatever with of it",
            "the largest smallest building",
            "",
        ] {
            assert_eq!(most(phrase), (None, None), "{phrase}");
        }
    }
}
