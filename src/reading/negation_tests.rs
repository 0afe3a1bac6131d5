//! What is not meant, and words that are in no list.

use super::*;
use crate::things::class::Class;
use crate::things::colour::Colour;

/// The request in plain words, or what was not understood.
fn heard(phrase: &str) -> String {
    let reading = read(phrase);
    let unread: Vec<&str> = reading
        .unread
        .iter()
        .map(|span| span.text.as_str())
        .collect();
    reading
        .request
        .as_ref()
        .map_or_else(|| format!("unread: {}", unread.join(" ")), say)
}

#[test]
fn everything_except_something_is_a_complement() {
    for (phrase, meant) in [
        (
            "everything except buildings",
            "everything except the buildings",
        ),
        (
            "Show me everything but the roads, please",
            "everything except the roads",
        ),
        ("all but the roads", "everything except the roads"),
        ("all except for roads", "everything except the roads"),
        (
            "anything that is not a building",
            "everything except every building",
        ),
        ("anything that isn't water", "everything except the water"),
        (
            "everything in the image except the pools",
            "everything except the pools",
        ),
        (
            "the whole image without the buildings",
            "everything except the buildings",
        ),
        ("areas without trees", "everything except the trees"),
        ("no cars", "everything except the cars"),
        ("not the cars", "everything except the cars"),
        ("without cars", "everything except the cars"),
        ("non-buildings", "everything except the buildings"),
        ("no red cars", "everything except the red cars"),
        (
            "everything except cars and trucks",
            "everything except (the cars, and the trucks)",
        ),
        (
            "everything but the largest building left of the road",
            "everything except the largest building to the left of the road",
        ),
    ] {
        assert_eq!(heard(phrase), meant, "{phrase}");
        let request = read(phrase).request.expect("it is understood");
        assert!(request.complement, "{phrase}");
        let tokens = read(phrase).tokens;
        assert_eq!(tokens[0].role, Role::Complement, "{phrase}");
        assert_eq!(tokens[0].label, "everything except");
        assert!(!request.without(&tokens[0].path).complement);
    }
    for phrase in [
        "nothing but the buildings",
        "all other buildings",
        "everything green",
        "the notable building",
    ] {
        let request = read(phrase).request;
        assert!(
            request.is_none_or(|request| !request.complement),
            "{phrase}"
        );
    }
    assert!(read("except the red ones, all cars").request.is_none());
}

#[test]
fn without_something_is_a_relation() {
    for phrase in [
        "buildings without a pool",
        "buildings with no pool",
        "buildings that have no pool",
        "buildings that don't have a pool",
    ] {
        let request = read(phrase).request.expect("it is understood");
        assert_eq!(request.thing.class, Some(Class::Building), "{phrase}");
        let [Condition::Not(inner)] = request.conditions.as_slice() else {
            panic!("{phrase}: {request:?}");
        };
        let Condition::Relation(Relation::NextTo, other) = inner.as_ref() else {
            panic!("{phrase}: {request:?}");
        };
        assert_eq!(other.thing.class, Some(Class::Pool), "{phrase}");
        assert!(request.except.is_empty() && !request.complement);
        assert_eq!(
            say::condition_label(&request.conditions[0]),
            "without: pool"
        );
        assert_eq!(request.prompts(), ["the buildings", "the swimming pools"]);
    }
    for (phrase, meant) in [
        ("buildings with a pool", "the buildings next to the pool"),
        (
            "houses with solar panels",
            "the houses next to the solar panels",
        ),
        (
            "vehicles without the buses",
            "the vehicles, except the buses",
        ),
        ("grass without the trees", "the grass, except the trees"),
        (
            "buildings without red roofs",
            "the buildings that are not red",
        ),
        (
            "houses without solar panels",
            "the houses that are not beside the solar panels",
        ),
        (
            "houses with a pool and solar panels on the roof",
            "the houses next to the pool, next to (the solar panels on the roof)",
        ),
        (
            "houses with a pool but without solar panels",
            "the houses next to the pool, that are not beside the solar panels",
        ),
        (
            "houses without a pool or solar panels",
            "the houses that are not beside the pool, that are not beside the solar panels",
        ),
        (
            "a house without trees around it",
            "the house that is not beside the trees",
        ),
        (
            "no cars and no trucks",
            "everything except (the cars, and the trucks)",
        ),
        ("non-residential buildings", "the non-residential buildings"),
        ("houses that are not concrete", "unread: not"),
        ("houses without chimneys", "unread: without chimneys"),
    ] {
        assert_eq!(heard(phrase), meant, "{phrase}");
    }
}

#[test]
fn a_negated_description_is_negated() {
    let not = |condition| Condition::Not(Box::new(condition));
    for phrase in [
        "cars that are not red",
        "cars that aren't red",
        "non-red cars",
        "not red cars",
    ] {
        let request = read(phrase).request.expect("it is understood");
        assert_eq!(
            request.conditions,
            [not(Condition::Colour(Colour::Red))],
            "{phrase}"
        );
        assert_eq!(say::condition_label(&request.conditions[0]), "not red");
    }
    for (phrase, meant) in [
        ("cars not on the road", "the cars that are not on the road"),
        (
            "buildings not on the left",
            "the buildings that are not on the left",
        ),
        ("cars not near the road", "the cars far from the road"),
        (
            "cars that are not red or blue",
            "the cars that are not red that are not blue",
        ),
    ] {
        assert_eq!(heard(phrase), meant, "{phrase}");
    }
    let both = read("red cars that are not red").problems;
    assert_eq!(
        both,
        [Problem::Contradiction("red".into(), "not red".into())]
    );
}

#[test]
fn words_that_only_the_network_can_know_are_marked() {
    let unknown = |phrase: &str| -> Vec<String> {
        let spans = read(phrase).unknown.into_iter();
        spans.map(|span| span.text).collect()
    };
    for (phrase, words) in [
        ("H\u{e4}user", vec!["H\u{e4}user"]),
        ("asdfgh", vec!["asdfgh"]),
        (
            "the red Geb\u{e4}ude left of the qwertz",
            vec!["Geb\u{e4}ude", "qwertz"],
        ),
        ("derelict houses", vec![]),
        ("blorped houses", vec!["blorped"]),
        (
            "the two largest red buildings next to the tennis courts on the left",
            vec![],
        ),
        ("wind turbines", vec![]),
    ] {
        assert_eq!(unknown(phrase), words, "{phrase}");
    }
    let reading = read("12345");
    assert!(reading.request.is_none() && reading.tokens.is_empty());
    assert_eq!(reading.unread[0].text, "12345");
}

#[test]
fn a_noun_that_is_not_known_has_no_plural() {
    let prompts = |phrase: &str| read(phrase).request.map(|request| request.prompts());
    assert_eq!(
        prompts("H\u{e4}user"),
        Some(vec!["the h\u{e4}user".to_owned()])
    );
    assert_eq!(
        prompts("the asdfgh on the left"),
        Some(vec!["the asdfgh".to_owned()])
    );
    assert_eq!(
        prompts("the derelict house"),
        Some(vec!["the derelict houses".to_owned()])
    );
}
