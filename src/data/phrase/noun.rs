//! Names of things.

use std::sync::LazyLock;

use rand::Rng;

use crate::things::class::Class;

use super::style::{Style, draw};

/// A name of the things of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Noun {
    /// The class that it names.
    pub class: Class,
    weight: u32,
    /// One of them.
    pub one: String,
    /// Several of them.
    pub many: String,
    /// A mass noun: no article "a", no plural.
    pub mass: bool,
    purpose: Purpose,
    british: Option<bool>,
    home: bool,
    /// Whether it must not name the anchor of a relation.
    alone: bool,
}

/// What a noun is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Any,
    /// All of a class.
    All,
    /// Some things of a class.
    Some,
}

/// What the noun will be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// All of a class.
    All,
    /// Things that the phrase describes further.
    Some,
    /// The anchor of a relation, as a whole.
    WholeAnchor,
    /// The anchor of a relation, a single thing.
    Anchor,
}

static NOUNS: LazyLock<Vec<Noun>> = LazyLock::new(|| {
    let lines = include_str!("../../things/nouns.txt").lines();
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(Noun::parse)
        .collect()
});

impl Noun {
    /// Reads a line of the file of nouns.
    fn parse(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [class, weight, one, many, tags] = fields.as_slice() else {
            return None;
        };
        let class = Class::ALL
            .into_iter()
            .find(|known| format!("{known:?}") == *class)?;
        let mut noun = Self {
            class,
            weight: weight.parse().ok()?,
            one: (*one).to_owned(),
            many: (*many).to_owned(),
            mass: false,
            purpose: Purpose::Any,
            british: None,
            home: false,
            alone: false,
        };
        for tag in tags.split_whitespace() {
            match tag {
                "mass" => (noun.mass, noun.purpose) = (true, Purpose::All),
                "all" => noun.purpose = Purpose::All,
                "some" => noun.purpose = Purpose::Some,
                "british" => noun.british = Some(true),
                "american" => noun.british = Some(false),
                "home" => noun.home = true,
                "alone" => noun.alone = true,
                _ => return None,
            }
        }
        Some(noun)
    }

    /// Draws a name for the things of a class. Returns `None` for a class that is not in the table. `home`:
    /// buildings are small.
    pub fn draw(
        class: Class,
        role: Role,
        style: Style,
        home: bool,
        rng: &mut (impl Rng + ?Sized),
    ) -> Option<&'static Self> {
        let fits = |noun: &&Noun| {
            let used = match role {
                Role::All => noun.purpose != Purpose::Some,
                Role::Some => noun.purpose != Purpose::All,
                Role::WholeAnchor => noun.purpose != Purpose::Some && !noun.alone,
                Role::Anchor => noun.purpose != Purpose::All && !noun.alone,
            };
            noun.class == class
                && used
                && (home || !noun.home)
                && noun.british.is_none_or(|british| british == style.british)
        };
        let fitting = NOUNS.iter().filter(fits).map(|noun| (noun.weight, noun));
        draw(fitting, rng)
    }

    /// The noun in the singular or the plural.
    pub fn text(&self, singular: bool) -> &str {
        if singular { &self.one } else { &self.many }
    }

    /// Whether it has a size in its name, such as "small vehicle".
    pub fn is_sized(&self) -> bool {
        self.one.starts_with("small ")
    }

    /// Whether it names a roof, which has no roof itself.
    pub fn is_roof(&self) -> bool {
        self.one.contains("roof")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn every_line_is_read_and_every_class_has_names() {
        let lines = include_str!("../../things/nouns.txt").lines();
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            assert!(Noun::parse(line).is_some(), "{line}");
        }
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for class in Class::ALL {
            for role in [Role::All, Role::Some, Role::WholeAnchor, Role::Anchor] {
                for british in [true, false] {
                    let style = Style {
                        british,
                        compass: false,
                        terse: false,
                    };
                    let noun = Noun::draw(class, role, style, false, &mut rng);
                    assert!(noun.is_some(), "{class:?} as {role:?}");
                    assert!(role != Role::Some || noun.is_some_and(|noun| !noun.mass));
                }
            }
        }
    }

    #[test]
    fn no_two_classes_share_a_name() {
        for one in NOUNS.iter() {
            for other in NOUNS.iter().filter(|other| other.class != one.class) {
                assert_ne!(one.one, other.one);
                assert_ne!(one.many, other.many);
            }
        }
    }
}
