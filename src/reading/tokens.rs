//! The understood parts of a phrase, for the page.

use std::ops::Range;

use super::parse::Draft;
use super::path::{Path, Step};
use super::reading::{Role, Span, Token};
use super::request::Number;
use super::say;

/// The parts of a draft, followed by those of its "and" and "except" drafts.
pub fn tokens(draft: &Draft, span: &impl Fn(Range<usize>) -> Span) -> Vec<Token> {
    let mut found = Vec::new();
    collect(draft, &Path::default(), span, &mut found);
    found
}

fn collect(
    draft: &Draft,
    path: &Path,
    span: &impl Fn(Range<usize>) -> Span,
    found: &mut Vec<Token>,
) {
    let mut add = |at: &Range<usize>, label: String, role: Role, step: Step| {
        found.push(Token {
            span: span(at.clone()),
            label,
            role,
            path: path.to(step),
        });
    };
    if let Some(at) = &draft.complement {
        let label = "everything except".to_owned();
        add(at, label, Role::Complement, Step::Complement);
    }
    if let (Some(count), Number::Exactly(number)) = (&draft.count, draft.number()) {
        add(&count.at, number.to_string(), Role::Number, Step::Number);
    }
    if let Some(rank) = &draft.rank {
        add(
            &rank.at,
            say::rank_label(&rank.what),
            Role::Rank,
            Step::Rank,
        );
    }
    if let Some(name) = &draft.name {
        add(&name.at, name.text.clone(), Role::Thing, Step::Thing);
    }
    for (place, condition) in draft.conditions.iter().enumerate() {
        add(
            &condition.at,
            say::condition_label(&condition.what),
            Role::Condition,
            Step::Condition(place),
        );
    }
    let sets = [(&draft.and, Role::And), (&draft.except, Role::Except)];
    for (others, role) in sets {
        for (place, other) in others.iter().enumerate() {
            let step = if role == Role::And {
                Step::And(place)
            } else {
                Step::Except(place)
            };
            let inner = path.to(step);
            let name = other
                .name
                .as_ref()
                .map(|name| name.text.clone())
                .unwrap_or_default();
            found.push(Token {
                span: span(other.at.clone()),
                label: name,
                role,
                path: inner.clone(),
            });
            let at = found.len();
            collect(other, &inner, span, found);
            // The token for the whole part already covers its noun.
            found[at..]
                .iter()
                .position(|token| token.role == Role::Thing && token.path == inner.to(Step::Thing))
                .map(|place| found.remove(at + place));
        }
    }
}
