//! The sentence around the requested things: commands, questions, and statements that start with a position.

use std::ops::Range;

use crate::reading::direction::{Sides, is_image};
use crate::reading::lexicon;
use crate::reading::problem::Problem;
use crate::reading::reading::Question;
use crate::reading::request::{Condition, Rank};

use super::draft::Article;
use super::{Draft, Parser, Said, Scope};

/// What a phrase may ask for instead of the thing itself: "the outline of", "all pixels of".
const DRAWINGS: &[&str] = &[
    "mask",
    "masks",
    "outline",
    "outlines",
    "segmentation",
    "shape",
    "pixels",
    "pixel",
    "area",
    "areas",
    "part",
    "parts",
    "view",
    "position",
    "location",
    "layer",
    "group",
    "line",
    "number",
    "detection",
];

/// Words before the requested things that could be mistaken for a relation. Longer entries come first.
const FRAMES: &[&str] = &[
    "the target is",
    "target is",
    "interested in",
    "look at",
    "point to",
    "point me to",
    "go to",
    "take me to",
    "zoom to",
    "zoom in on",
    "draw a mask over",
    "draw a mask for",
    "draw a mask on",
    "put a mask on",
    "put mask on",
    "draw mask over",
    "trace around",
    "draw a line around",
    "draw line around",
    "you know",
];

impl Parser<'_> {
    /// Reads the whole phrase.
    pub(super) fn phrase(&mut self) -> (Draft, (Question, Range<usize>)) {
        let (mut question, asked) = self.question();
        let mut draft = Draft::default();
        let mut leading = Draft::default();
        let mut counted: Option<(Sides, Range<usize>)> = None;
        let mut complement: Option<Range<usize>> = None;
        let (mut next, mut all, mut of) = (0, false, false);
        while next < self.words.len() {
            if self.is(next, &[",", ";", ":", "-", ".", "?", "(", ")"]) && self.text(next) != "(" {
                next += 1;
                continue;
            }
            if question == Question::Mask
                && complement.is_none()
                && let Some(end) = self.complement(next)
            {
                complement = Some(next..end);
                next = end;
                continue;
            }
            if self.text(next) == "counting"
                && let Some((sides, end)) = self.side_counted(next + 1)
            {
                counted = Some((sides, next..end));
                next = end;
                continue;
            }
            if let Some(end) = self.any_at(next, FRAMES) {
                next = end;
                continue;
            }
            if let Some(end) = self.image_phrase(next).filter(|end| *end > next + 1) {
                next = end;
                continue;
            }
            if is_image(self.text(next)) && self.is(next + 1, &["for", "show", "have"]) {
                next += 1;
                continue;
            }
            if let Some(end) = self.leading(&mut leading, next) {
                next = end;
                continue;
            }
            if let Some(end) = self.drawing_of(next) {
                all |= self.is(next, &["areas", "parts"]);
                next = end;
                continue;
            }
            if next > 0 && self.text(next) == "that" && self.is(next + 1, &["is", "are"]) {
                next += 1;
                continue;
            }
            if !lexicon::is_start(self.text(next)) || self.is_noun_start(next) {
                break;
            }
            all |= self.is(next, &["everything", "anything", "anywhere"]);
            of = self.is(next, &["of", "among", "amongst"]);
            next += 1;
        }
        if let Some((found, end)) = self.noun_phrase(next) {
            draft = found;
            self.antecedent = draft.name.clone();
            draft.partitive |= of && draft.is_plural();
            next = end;
        }
        draft.complement = complement;
        let start = draft.at.clone();
        let scope = Scope {
            roofed: draft.has_roof(),
            ..Scope::PHRASE
        };
        next = self.after(&mut draft, next, scope);
        // A closing bracket without an opening one.
        while next < self.words.len() {
            self.unread.push(next);
            next = self.after(&mut draft, next + 1, scope);
        }
        // "The red and the blue car".
        if draft.name.is_none() && !draft.pronoun {
            draft.name = draft.and.first().and_then(|other| other.name.clone());
        }
        let merged = draft.merge(leading);
        self.checked(merged);
        if let (Some((sides, at)), Some(ordinal)) = (counted, draft.ordinal.take())
            && let Some(key) = sides.key()
        {
            let (place, last) = ordinal.what;
            let ordered = draft.order(
                Rank {
                    key,
                    place,
                    count: last - place + 1,
                },
                at.start..ordinal.at.end,
            );
            self.checked(ordered);
        }
        if question == Question::Mask && self.is_any_question() {
            question = Question::Exists;
        }
        let indefinite = matches!(draft.article, Article::A | Article::None);
        if all
            || (question != Question::Mask || draft.complement.is_some())
                && indefinite
                && !draft.orders()
                && draft.count.is_none()
        {
            draft.article = Article::All;
        }
        draft.at = start;
        self.finish(&mut draft);
        // An article alone means nothing.
        if self
            .unread
            .iter()
            .all(|&at| self.is(at, &["the", "a", "an"]))
        {
            self.unread.clear();
        }
        if draft.name.is_none() && self.unread.is_empty() {
            self.note(Problem::NoThing);
        }
        (draft, (question, asked))
    }

    /// The question that the first words ask.
    fn question(&self) -> (Question, Range<usize>) {
        let start = (0..self.words.len())
            .find(|&at| !self.is(at, &["please", ",", "hi", "hello", "hey"]))
            .unwrap_or(0);
        let counts = [
            "how many",
            "count",
            "the number of",
            "number of",
            "what is the number of",
        ];
        if let Some(end) = self.any_at(start, &counts) {
            return (Question::Count, start..end);
        }
        let exists = [
            "is there",
            "are there",
            "is any",
            "are any",
            "do you see",
            "do we have",
            "have we got",
            "have you got",
            "got any",
            "would there be",
            "can you see any",
            "does this image have",
            "does the image have",
        ];
        if let Some(end) = self.any_at(start, &exists) {
            return (Question::Exists, start..end);
        }
        if self.text(start) == "does"
            && let Some(end) = self.image_phrase(start + 1)
            && self.is(end, &["show", "have", "contain", "include"])
        {
            return (Question::Exists, start..end + 1);
        }
        (Question::Mask, 0..0)
    }

    /// "Any pools?", "a pool?"
    fn is_any_question(&self) -> bool {
        self.words.last().is_some_and(|word| word.text == "?") && self.is(0, &["any", "a", "an"])
    }

    /// Whether a command word starts a noun here: "cover crops", "map store".
    fn is_noun_start(&self, at: usize) -> bool {
        self.noun_at(at).is_some_and(|(end, _)| end > at + 1)
    }

    /// "The outline of", "all pixels of", "the part of the image with". Returns the index after it.
    fn drawing_of(&self, at: usize) -> Option<usize> {
        let mut next = at;
        while self.is(
            next,
            &[
                "a", "an", "the", "all", "every", "each", "which", "what", "aerial", "full",
            ],
        ) {
            next += 1;
        }
        if !self.is(next, DRAWINGS) && !is_image(self.text(next)) {
            return None;
        }
        next += 1;
        next = self.image_phrase(next).unwrap_or(next);
        next += usize::from(self.text(next) == "covered");
        let of = [
            "of",
            "for",
            "with",
            "by",
            "that shows",
            "that show",
            "that are",
            "that is",
            "showing",
            "show",
            "is",
            "are",
            "which are",
            "which is",
            "belong to",
            "around",
            "over",
            "on",
            "do you see for",
            "does",
        ];
        let end = self.any_at(next, &of)?;
        // "The area on the left" is not the area of something.
        (self.position(next).is_none()).then_some(end)
    }

    /// A position or relation before the noun: "at the top: ", "next to the road there is". Returns the index after it.
    fn leading(&mut self, draft: &mut Draft, at: usize) -> Option<usize> {
        let bare = Sides::of(self.text(at)).is_some();
        if let Some((sides, end)) = self.position(at) {
            let ends = self.is(
                end,
                &[":", ",", "-", "there", "is", "are", "you", "i", "we"],
            );
            let noun = self.is(end, &["the", "a", "an", "all"]) && !bare;
            let condition = Condition::Position(sides.position()?);
            if ends || noun {
                let added = draft.add(condition, at..end);
                self.checked(added);
                return Some(end);
            }
            return None;
        }
        let starts = lexicon::is_bound(self.text(at)) || bare;
        if !starts
            || self.is(
                at,
                &[
                    "with", "the", "a", "an", "all", "is", "are", "of", "among", "amongst",
                ],
            )
        {
            return None;
        }
        let place = Draft::default();
        let (condition, end) = self.attempt(|parser| {
            let (condition, end) = parser.relation(at, &place, true)?;
            parser
                .is(end, &[":", ",", "-", "there", "you", "i", "we"])
                .then_some((condition, end))
        })?;
        draft.conditions.push(Said {
            what: condition,
            at: at..end,
        });
        Some(end)
    }
}
