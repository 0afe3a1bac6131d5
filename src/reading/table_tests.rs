//! Real phrases, read manually and by the rules.

use super::*;

/// A request in the notation of the table: `~` for everything except, number (1, *, =2), class or noun, conditions, `#`
/// rank, `+` and, `-` except.
fn noted(request: &Request) -> String {
    let number = match request.number {
        Number::One => "1".to_owned(),
        Number::All => "*".to_owned(),
        Number::Exactly(count) => format!("={count}"),
    };
    let class = request.thing.class.map(|class| format!("{class:?}"));
    let mut parts = vec![
        number,
        class.unwrap_or_else(|| format!("'{}'", request.thing.noun)),
    ];
    parts.extend(request.conditions.iter().map(|condition| match condition {
        Condition::Position(position) => format!("@{position:?}"),
        Condition::Relation(relation, to) => format!("{relation:?}({})", noted(to)),
        Condition::Between(one, None) => format!("Between({})", noted(one)),
        Condition::Between(one, Some(other)) => {
            format!("Between({}; {})", noted(one), noted(other))
        }
        other => say::condition_label(other),
    }));
    if let Some(rank) = &request.rank {
        let key = match &rank.key {
            Key::ClosestTo(to) => format!("ClosestTo({})", noted(to)),
            Key::FarthestFrom(from) => format!("FarthestFrom({})", noted(from)),
            key => format!("{key:?}"),
        };
        let count = if rank.count > 1 {
            format!("x{}", rank.count)
        } else {
            String::new()
        };
        parts.push(format!("#{}{count} {key}", rank.place));
    }
    parts.extend(
        request
            .and
            .iter()
            .map(|other| format!("+({})", noted(other))),
    );
    parts.extend(
        request
            .except
            .iter()
            .map(|other| format!("-({})", noted(other))),
    );
    let complement = if request.complement { "~ " } else { "" };
    format!("{complement}{}", parts.join(" "))
}

/// A reading in the notation of the table: the request, or `unread:` with the words that were not understood.
fn noted_reading(phrase: &str) -> String {
    let reading = read(phrase);
    match &reading.request {
        Some(request) => noted(request),
        None => {
            let unread: Vec<&str> = reading
                .unread
                .iter()
                .map(|span| span.text.as_str())
                .collect();
            format!("unread: {}", unread.join(" "))
        }
    }
}

/// Phrases of published sets with their readings, checked manually.
const PHRASES: &str = include_str!("../../tests/fixtures/reading/phrases.tsv");

#[test]
fn real_phrases_are_read_as_people_read_them() {
    check(PHRASES);
}

#[test]
fn forms_of_speech_are_read_as_people_read_them() {
    check(include_str!("../../tests/fixtures/reading/forms.tsv"));
}

#[test]
fn other_words_ask_for_the_same() {
    for (phrase, same) in [
        (
            "The airplane located at the top-most position in the image",
            "the topmost airplane",
        ),
        (
            "The tennis court that is aligned to the left side of the image",
            "the tennis court on the left",
        ),
        (
            "the tennis court abutting the right edge of the image",
            "the tennis court on the right",
        ),
        ("the car closer to the left side", "the car on the left"),
    ] {
        assert_eq!(noted_reading(phrase), noted_reading(same), "{phrase}");
    }
}

/// Compares the reading of every phrase of a table with the reading beside it.
fn check(table: &str) {
    let rows = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'));
    let (mut total, mut wrong) = (0, Vec::new());
    for (phrase, wanted) in rows {
        total += 1;
        let found = noted_reading(phrase);
        if found != wanted {
            wrong.push(format!("{phrase}\n  read {found}\n  not  {wanted}"));
        }
    }
    assert_eq!(total, 100);
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The share of real phrases that are read completely: of the committed table, or of the file of phrases, one per line,
/// that `S4ECA_PHRASE_FILE` names.
#[test]
fn most_real_phrases_are_wholly_read() {
    let text = match std::env::var("S4ECA_PHRASE_FILE") {
        Ok(path) => std::fs::read_to_string(path).expect("the file can be read"),
        Err(_) => PHRASES.to_owned(),
    };
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (mut total, mut whole) = (0, 0);
    for phrase in lines.map(|line| line.split('\t').next().unwrap_or(line)) {
        let reading = noted_reading(phrase);
        total += 1;
        whole += usize::from(!reading.starts_with("unread:"));
        println!("{phrase}\t{reading}");
    }
    println!("{whole} of {total} phrases are wholly read");
    assert!(total >= 100, "only {total} phrases");
    assert!(whole as f64 >= 0.92 * total as f64, "{whole} of {total}");
}
