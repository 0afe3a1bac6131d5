//! Reading a phrase, saying it again, and what the page offers for its parts.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use s4eca_fuzz::memory;
use s4eca_fuzz::mutate;
use s4eca_fuzz::reading::{read, say};

const WORDS: [&str; 64] = [
    "the",
    "a",
    "all",
    "largest",
    "smallest",
    "second",
    "third",
    "two",
    "three",
    "building",
    "buildings",
    "road",
    "roof",
    "tree",
    "trees",
    "pool",
    "car",
    "cars",
    "river",
    "field",
    "red",
    "white",
    "blue",
    "bright",
    "dark",
    "round",
    "long",
    "left",
    "right",
    "top",
    "bottom",
    "north",
    "south-west",
    "corner",
    "centre",
    "middle",
    "of",
    "in",
    "on",
    "at",
    "near",
    "next to",
    "between",
    "and",
    "or",
    "but",
    "not",
    "except",
    "without",
    "with",
    "that",
    "is",
    "are",
    "which",
    "how many",
    "is there",
    "closest to",
    "from",
    "than",
    "more",
    "5",
    "12th",
    ",",
    "?",
];

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::bytes_or_text(data, size, most, seed, &WORDS)
});

fuzz_target!(|data: &[u8]| memory::limited(|| {
    let Ok(phrase) = std::str::from_utf8(data) else {
        return;
    };
    let reading = read(phrase);
    for token in &reading.tokens {
        let span = &token.span;
        assert_eq!(
            phrase.get(span.start..span.end),
            Some(span.text.as_str()),
            "a part is where it says"
        );
    }
    let Some(request) = reading.request else {
        return;
    };
    let said = say(&request);
    read(&said);
    for token in reading.tokens.iter().take(8) {
        say(&request.without(&token.path));
        for (_, other) in request.alternatives(&token.path).iter().take(8) {
            say(other);
        }
    }
}));
