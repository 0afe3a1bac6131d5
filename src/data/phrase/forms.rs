//! The sentence forms, read once.

use std::sync::LazyLock;

use rand::{Rng, RngExt};

use super::template::{Grammar, Template};

/// The purpose of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Noun phrases without their article.
    Plain,
    /// Questions and commands.
    Ask,
    /// Statements and loose ways of speaking.
    Free,
    /// All of a class and nothing else.
    All,
    /// Whether something is there.
    Exists,
}

/// The forms of every kind.
struct Forms {
    of_kind: [Vec<Template>; 5],
}

const FILES: [(Kind, &str); 5] = [
    (Kind::Plain, include_str!("forms/plain.txt")),
    (Kind::Ask, include_str!("forms/ask.txt")),
    (Kind::Free, include_str!("forms/free.txt")),
    (Kind::All, include_str!("forms/all.txt")),
    (Kind::Exists, include_str!("forms/exists.txt")),
];

static FORMS: LazyLock<Forms> = LazyLock::new(|| Forms {
    of_kind: FILES.map(|(_, text)| {
        lines(text)
            .filter_map(|line| Template::parse(line).ok())
            .collect()
    }),
});

/// The lines of a file of forms that hold a form.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

impl Kind {
    /// The forms of this kind.
    pub fn forms(self) -> &'static [Template] {
        &FORMS.of_kind[self as usize]
    }

    /// The forms of this kind that fit, with their weights.
    pub fn fitting(
        self,
        grammar: Grammar,
        fits: impl Fn(&Template) -> bool,
    ) -> Vec<(u32, &'static Template)> {
        self.forms()
            .iter()
            .filter(|form| form.grammar.meets(grammar) && fits(form))
            .map(|form| (form.weight, form))
            .collect()
    }

    /// Draws a kind, in the proportions in which people use them. `bare`: the phrase states only a class.
    pub fn random(bare: bool, rng: &mut (impl Rng + ?Sized)) -> Self {
        match (bare, rng.random_range(0..20)) {
            (true, 0..=2) => Self::Exists,
            (true, _) => Self::All,
            (_, 0..=10) => Self::Plain,
            (_, 11..=15) => Self::Ask,
            (_, 16) => Self::Exists,
            _ => Self::Free,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::phrase::said::Said;
    use std::collections::HashSet;

    #[test]
    fn every_line_is_a_form_and_none_is_there_twice() {
        let mut total = 0;
        for (kind, text) in FILES {
            let mut seen = HashSet::new();
            for line in lines(text) {
                let form = Template::parse(line);
                assert!(form.is_ok(), "{form:?}");
                let words = line.splitn(3, ' ').nth(2);
                assert!(seen.insert(words), "{kind:?} has {words:?} twice");
                total += 1;
            }
            assert_eq!(kind.forms().len(), seen.len());
        }
        assert!(total >= 500, "only {total} forms");
    }

    #[test]
    fn every_query_has_a_noun_phrase_and_forms_of_other_kinds() {
        let which = [Said::NOTHING, Said::MOST, Said::NEAREST, Said::ORDINAL];
        for which in which {
            for bits in 0..32 {
                let parts = [
                    Said::SIZE,
                    Said::COLOUR,
                    Said::MATERIAL,
                    Said::POSITION,
                    Said::RELATION,
                ];
                let chosen = parts
                    .into_iter()
                    .enumerate()
                    .filter(|(bit, _)| bits >> bit & 1 == 1);
                let said = chosen.fold(which, |said, (_, part)| said.with(part));
                let numbers: &[Grammar] = if which == Said::NOTHING {
                    &[Grammar::ONE, Grammar::MANY]
                } else {
                    &[Grammar::ONE]
                };
                for &number in numbers {
                    for kind in [Kind::Plain, Kind::Ask, Kind::Free] {
                        let fitting = kind.fitting(number, |form| form.covers(said));
                        assert!(!fitting.is_empty(), "{kind:?} for {said:?}");
                    }
                }
            }
        }
    }
}
