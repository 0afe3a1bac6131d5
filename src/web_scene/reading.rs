//! Reads phrases for the page.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::choosing::{Way, Ways, executed, is_alone, measures_pixels};
use crate::js::to_js;
use crate::reading::{Question, Request, Role, Span, Understood, read, read_most, say};

/// A phrase as the page shows it and runs it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    /// Whether all of it was understood.
    understood: bool,
    /// Whether it is executed: it was understood, or its beginning, and execution is the better way for phrases of its
    /// kind with these weights.
    executed: bool,
    /// Whether the phrase only names things and has no condition that selects among them.
    bare: bool,
    question: Question,
    tokens: Vec<Part>,
    /// The words that were not understood, or the part of the phrase that is left out.
    unread: Vec<String>,
    /// The words of its nouns that only the network can know.
    unknown: Vec<String>,
    /// Why there is no reading, in plain words.
    problems: Vec<String>,
    /// The prompts for the network.
    prompts: Vec<String>,
    /// Whether colours have to be measured.
    looks: bool,
}

/// One understood part.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    label: String,
    role: Role,
    /// The phrase without this part, if it can be omitted.
    without: Option<String>,
    others: Vec<Other>,
}

/// An alternative to a part.
#[derive(Serialize)]
struct Other {
    label: String,
    /// The whole phrase with the alternative.
    phrase: String,
}

/// Reads a phrase: `{ understood, executed, bare, question, tokens, unread, unknown, problems, prompts, looks }`, where
/// a token is `{ label, role, without, others: [{ label, phrase }] }`. `ways` is `reading` of the weights' manifest;
/// `undefined` or null means the default.
#[wasm_bindgen]
pub fn read_phrase(phrase: &str, ways: JsValue) -> Result<JsValue, JsError> {
    let ways: Option<Ways> = serde_wasm_bindgen::from_value(ways)?;
    let ways = ways.unwrap_or_default();
    let Understood { reading, rest } = read_most(phrase);
    let request = reading.request.as_ref();
    let question = reading.question;
    let tokens = reading.tokens.iter().map(|token| {
        let others = request.map_or_else(Vec::new, |request| request.alternatives(&token.path));
        let without = request.and_then(|request| match token.role {
            Role::Question => Some(say(request)),
            _ => Some(request.without(&token.path))
                .filter(|less| less != request)
                .map(|less| asked(&less, question)),
        });
        Part {
            label: token.label.clone(),
            role: token.role,
            without,
            others: others
                .into_iter()
                .map(|(label, request)| Other {
                    label,
                    phrase: asked(&request, question),
                })
                .collect(),
        }
    });
    let texts = |spans: Vec<Span>| spans.into_iter().map(|span| span.text).collect();
    Ok(to_js(&Read {
        understood: request.is_some() && rest.is_none(),
        executed: request.is_some_and(|request| ways.of(request) == Way::Execute),
        bare: request.is_some_and(is_alone),
        question,
        tokens: tokens.collect(),
        unread: texts(rest.map_or(reading.unread, |rest| vec![rest])),
        unknown: texts(reading.unknown),
        problems: reading.problems.iter().map(ToString::to_string).collect(),
        prompts: request
            .map(|request| executed(request.clone()).prompts())
            .unwrap_or_default(),
        looks: request.is_some_and(measures_pixels),
    })?)
}

/// Returns a request in words that ask the same question, if there are such words, or in plain words.
fn asked(request: &Request, question: Question) -> String {
    let plain = say(request);
    if question != Question::Count {
        return plain;
    }
    let things = plain.strip_prefix("the ").or(plain.strip_prefix("all "));
    let counted = format!("how many {}", things.unwrap_or(&plain));
    let again = read(&counted);
    if again.question == question && again.request.as_ref() == Some(request) {
        counted
    } else {
        plain
    }
}
