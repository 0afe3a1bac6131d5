//! How a phrase is answered: by the network, which gets the phrase unchanged, or by executing the request read from it.

use serde::{Deserialize, Serialize};

use crate::reading::{Condition, Key, Number, Request, read_most};

use super::chooser::is_bare;
use super::general::{generalise, generalise_ground};
use super::target::{mapped, parts};

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// The network gets the phrase unchanged.
    Network,
    /// The request that was read: the network finds the kinds of things, and rules choose among them.
    Execute,
}

/// How each kind of phrase is answered. If a phrase is of several kinds, the first in the order of the fields decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ways {
    /// "The second largest", "the three leftmost".
    pub ordinal: Way,
    /// "The largest", "the nearest to the road".
    pub superlative: Way,
    /// "Left of the pool", "along the road", "except the red one", and counts of things.
    pub relation: Way,
    /// "On the left".
    pub position: Way,
    /// "Large", "round".
    pub size: Way,
    /// "Red", "dark".
    pub colour: Way,
    /// A kind of thing and nothing else.
    pub whole: Way,
}

/// As measured with the shipped weights: execution was better for every kind of phrase with enough samples to decide,
/// including whole kinds asked for by their usual name.
impl Default for Ways {
    fn default() -> Self {
        Self::all(Way::Execute)
    }
}

impl Ways {
    /// One way for every kind of phrase.
    pub fn all(way: Way) -> Self {
        Self {
            ordinal: way,
            superlative: way,
            relation: way,
            position: way,
            size: way,
            colour: way,
            whole: way,
        }
    }

    /// How a request is answered.
    pub fn of(&self, request: &Request) -> Way {
        let parts = parts(request);
        let has = |test: &dyn Fn(&Condition) -> bool| {
            let mut stated = parts.iter().flat_map(|part| &part.conditions);
            stated.any(|condition| test(condition.stated()))
        };
        if let Some(rank) = parts.iter().find_map(|part| part.rank.as_ref()) {
            let first = rank.place <= 1 && rank.count <= 1;
            let near = matches!(rank.key, Key::ClosestTo(_) | Key::FarthestFrom(_));
            return if first || near {
                self.superlative
            } else {
                self.ordinal
            };
        }
        let counted = parts
            .iter()
            .any(|part| matches!(part.number, Number::Exactly(_)));
        let related = parts.len() > 1 || counted;
        if related {
            self.relation
        } else if has(&|condition| matches!(condition, Condition::Position(_))) {
            self.position
        } else if has(&|condition| matches!(condition, Condition::Size(_) | Condition::Shape(_))) {
            self.size
        } else if has(&|condition| matches!(condition, Condition::Colour(_) | Condition::Tone(_))) {
            self.colour
        } else {
            self.whole
        }
    }

    /// How a phrase is answered: by what is understood of it, if anything is.
    pub fn answer(&self, phrase: &str) -> Answer {
        let Some(request) = read_most(phrase).reading.request else {
            return Answer::Phrase(phrase.to_owned());
        };
        if self.of(&request) == Way::Network {
            return Answer::Phrase(phrase.to_owned());
        }
        let request = executed(request);
        if is_alone(&request) && request.thing.class.is_none() && request.crossed().is_none() {
            return Answer::Phrase(request.prompt());
        }
        Answer::Request(Box::new(request))
    }
}

/// How a phrase is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The network is given this text, and its map is the answer.
    Phrase(String),
    /// The network is prompted for every part of the request, and rules choose.
    Request(Box<Request>),
}

impl Answer {
    /// Whether rules choose among the things that the prompts name. Such a prompt means the same in any part of an
    /// image, a whole phrase does not.
    pub fn is_request(&self) -> bool {
        matches!(self, Answer::Request(_))
    }

    /// The prompts for the network: for a request, one for each of [`mapped`].
    pub fn prompts(&self) -> Vec<String> {
        match self {
            Answer::Phrase(phrase) => vec![phrase.clone()],
            Answer::Request(request) => mapped(request).into_iter().map(Request::prompt).collect(),
        }
    }
}

/// A request in the form in which it is executed: if it has conditions or asks for a kind of ground, its nouns get
/// classes where possible.
pub fn executed(mut request: Request) -> Request {
    if names_alone(&request) {
        generalise_ground(&mut request);
    } else {
        generalise(&mut request);
    }
    request
}

/// Whether a request asks for all things of one kind and nothing else.
pub fn is_alone(request: &Request) -> bool {
    names_alone(request) && !request.complement
}

/// Whether a request is bare and neither adds nor excludes anything.
fn names_alone(request: &Request) -> bool {
    is_bare(request) && request.and.is_empty() && request.except.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_phrase_decides() {
        let ways = Ways {
            colour: Way::Network,
            ..Ways::default()
        };
        for phrase in [
            "the building on the left",
            "the second largest building",
            "the cars next to the road",
        ] {
            let Answer::Request(request) = ways.answer(phrase) else {
                panic!("{phrase} is executed");
            };
            assert_eq!(ways.of(&request), Way::Execute);
        }
        for phrase in [
            "the red building",
            "the gravel pits",
            "the building that nobody ever blorked at",
        ] {
            assert_eq!(ways.answer(phrase), Answer::Phrase(phrase.to_owned()));
        }
        let Answer::Request(whole) = ways.answer("the buildings") else {
            panic!("whether there is any is decided by rules");
        };
        assert!(is_alone(&whole));
        let executed = Ways::all(Way::Execute);
        assert_eq!(
            executed.answer("all of the houses").prompts(),
            ["the buildings"]
        );
        let prompts = executed.answer("the cars next to the road").prompts();
        assert_eq!(prompts, ["the cars", "the roads"]);
    }
}
