//! From the meaning of a phrase to its words.

use rand::{Rng, RngExt};

use super::facts::Facts;
use super::forms::Kind;
use super::manner::in_manner;
use super::query::Query;
use super::slip;
use super::utterance::Utterance;
use super::words::{Form, Number};

/// Puts a query into words. `facts` are those about everything that the query means.
pub fn say_of(
    query: &Query,
    number: Number,
    form: Form,
    facts: &Facts,
    rng: &mut (impl Rng + ?Sized),
) -> String {
    let text = clean(query, number, form, facts, rng);
    if form == Form::Plain {
        slip::written(&text, rng)
    } else {
        text
    }
}

/// Puts a query for something absent into words, often as a question whether it is present. The words do not reveal
/// that it is absent, because [`say_of`] uses all of them too.
pub fn say_absent(
    query: &Query,
    number: Number,
    form: Form,
    house: bool,
    rng: &mut (impl Rng + ?Sized),
) -> String {
    let facts = Facts::unknown(house);
    let asks = form == Form::Plain && rng.random_bool(0.4);
    let question = asks
        .then(|| Utterance::new(query, number, &facts, rng)?.phrase(Kind::Exists))
        .flatten();
    match question {
        Some(text) => slip::written(&text, rng),
        None => say_of(query, number, form, &facts, rng),
    }
}

/// The intended words, without typos.
fn clean(
    query: &Query,
    number: Number,
    form: Form,
    facts: &Facts,
    rng: &mut (impl Rng + ?Sized),
) -> String {
    if form == Form::Plain {
        let kind = Kind::random(query.is_bare(), rng);
        let said = Utterance::new(query, number, facts, rng)
            .and_then(|mut utterance| utterance.phrase(kind));
        if let Some(text) = said {
            return text;
        }
    }
    in_manner(query, number, form, facts.house, rng)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::phrase::predicate::Predicate;
    use crate::data::phrase::reading::{Token, counted, expected, read};
    use crate::data::phrase::referring_expressions;
    use crate::data::phrase::view::View;
    use crate::data::synth::{SynthConfig, scene};
    use crate::things::class::Class;
    use crate::things::colour::Colour;
    use crate::things::position::Position;
    use crate::things::size::Size;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn every_part_of_the_meaning_is_said() {
        let query = Query {
            class: Class::Ship,
            predicates: vec![
                Predicate::Colour(Colour::Red),
                Predicate::Position(Position::BottomLeft),
                Predicate::Size(Size::Large),
            ],
            superlative: None,
        };
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        for round in 0..400 {
            let form = [Form::RrsisD, Form::RefSegRs, Form::RisBench, Form::Plain][round % 4];
            for number in [Number::One, Number::Many] {
                let text = clean(&query, number, form, &Facts::default(), &mut rng);
                let said = read(&text);
                for token in [
                    Token::Colour(Colour::Red as u8),
                    Token::Left,
                    Token::Down,
                    Token::Large,
                ] {
                    assert!(said.contains(&token), "{text}");
                }
                assert!(!text.contains("  ") && text.trim() == text, "{text:?}");
            }
        }
    }

    #[test]
    fn words_say_what_the_query_says_and_nothing_else() {
        let (mut total, mut wrong) = (0, Vec::new());
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        for seed in 0..120 {
            let scene = scene(seed, &SynthConfig::new(160));
            let view = View::new(&scene);
            let found = referring_expressions(&scene, &mut ChaCha8Rng::seed_from_u64(seed), 8);
            for referring in found.iter().filter(|referring| !referring.query.is_bare()) {
                let objects = referring.query.evaluate(&view).unwrap_or_default();
                assert_eq!(objects.is_empty(), referring.absent);
                let facts = Facts::of(&view, &objects, false);
                let wanted = expected(&referring.query);
                // "Closest to the left edge" is a way to say leftmost.
                let free = [Token::Closest, Token::Farthest].into_iter();
                let free = free.filter(|_| referring.query.superlative.is_some());
                let allowed = wanted.iter().copied().chain(free).collect();
                for round in 0..16 {
                    total += 1;
                    let form = [Form::RrsisD, Form::RefSegRs, Form::RisBench];
                    let form = form.get(round).copied().unwrap_or(Form::Plain);
                    let (query, number) = (&referring.query, referring.number);
                    let mut text = clean(query, number, form, &facts, &mut rng);
                    if round % 4 == 3
                        && let Some(mut asked) = Utterance::new(query, number, &facts, &mut rng)
                    {
                        text = asked.phrase(Kind::Exists).unwrap_or(text);
                    }
                    let mut said = read(&text);
                    // A small vehicle is a car, or a vehicle that is small.
                    if text.to_lowercase().contains("small vehicle") {
                        said.extend(wanted.contains(&Token::Small).then_some(Token::Small));
                    }
                    let counts = counted(&text).is_none_or(|count| count == objects.len());
                    if !(said.is_superset(&wanted) && said.is_subset(&allowed) && counts) {
                        wrong.push(format!("{text:?} says {said:?}, not {wanted:?}"));
                    }
                }
            }
        }
        assert!(
            wrong.is_empty(),
            "{} wrong: {:#?}",
            wrong.len(),
            &wrong[..wrong.len().min(20)]
        );
        assert!(total > 3000, "only {total} phrases");
    }

    #[test]
    fn what_is_absent_is_asked_for_in_the_same_words() {
        let query = Query {
            class: Class::TennisCourt,
            predicates: Vec::new(),
            superlative: None,
        };
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let asked = (0..400)
            .map(|_| say_absent(&query, Number::Many, Form::Plain, false, &mut rng).to_lowercase())
            .filter(|text| {
                ["any", "is there", "are there"]
                    .iter()
                    .any(|word| text.contains(word))
            })
            .count();
        let present = (0..2000)
            .map(|_| {
                clean(
                    &query,
                    Number::Many,
                    Form::Plain,
                    &Facts::unknown(false),
                    &mut rng,
                )
            })
            .filter(|text| text.contains("any ") || text.contains("are there "))
            .count();
        assert!((60..280).contains(&asked), "{asked}");
        assert!(present > 100, "{present}");
    }
}
