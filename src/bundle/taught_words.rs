//! The words that a pack was taught.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::reading::{Request, read};

/// The prompts that a pack was taught, such as "the crosswalks", in lower case.
///
/// A network that ten masks of crosswalks have adapted finds roofs less well, so a pack must not answer every phrase.
/// Every other prompt goes to the bundle's own network, whose answers stay bit-identical.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaughtWords(BTreeSet<String>);

impl TaughtWords {
    /// The words of these prompts.
    pub fn new(prompts: impl IntoIterator<Item = String>) -> Self {
        Self(prompts.into_iter().map(|one| normal(&one)).collect())
    }

    /// Whether `prompt`, a phrase as the network gets it, names a thing that was taught.
    pub fn include(&self, prompt: &str) -> bool {
        let prompt = normal(prompt);
        if self.0.contains(&prompt) {
            return true;
        }
        match read(&prompt).request {
            Some(request) => {
                let mut things = std::iter::once(&request).chain(&request.and);
                things.any(|one| self.0.contains(&normal(&things_of(one))))
            }
            None => self.0.iter().any(|taught| is_named(taught, &prompt)),
        }
    }

    /// The prompts, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// The prompt for all things of a request's kind, without its conditions.
fn things_of(request: &Request) -> String {
    let bare = Request {
        conditions: Vec::new(),
        ..request.clone()
    };
    bare.prompt()
}

/// Whether a phrase that cannot be read contains the things of a taught prompt, in the singular or the plural.
fn is_named(taught: &str, phrase: &str) -> bool {
    let noun = taught.strip_prefix("the ").unwrap_or(taught);
    let noun = noun.strip_suffix('s').unwrap_or(noun);
    let starts = phrase.match_indices(noun).map(|(at, _)| at);
    let mut starts = starts.filter(|&at| !phrase[..at].ends_with(char::is_alphanumeric));
    starts.any(|at| {
        let rest = &phrase[at + noun.len()..];
        let rest = rest.strip_prefix("es").unwrap_or(rest);
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        !rest.starts_with(char::is_alphanumeric)
    })
}

/// Lower case, single spaces.
fn normal(phrase: &str) -> String {
    let words: Vec<String> = phrase.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_answers_for_its_words_only() {
        let prompts = ["the crosswalks", "The  buildings", "the shed on the left"];
        let words = TaughtWords::new(prompts.map(str::to_owned));
        for prompt in [
            "the crosswalks",
            "the crosswalk",
            "Crosswalks",
            "the houses",
            "the largest building left of the road",
            "the buildings with metal roofs",
            "the shed on the left",
            "the trees and the crosswalks",
            "zebra stripes of a crosswalk, painted thrice",
        ] {
            assert!(words.include(prompt), "{prompt}");
        }
        for prompt in [
            "the sheds",
            "the roads",
            "the cars near the buildings",
            "the sidewalks",
            "",
        ] {
            assert!(!words.include(prompt), "{prompt}");
        }
    }
}
