//! Nouns: which class they name, and whether they mean one thing, several or a mass.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::things::class::Class;

/// Grammatical number of a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// One thing.
    One,
    /// Several things.
    Many,
    /// Something that cannot be counted.
    Mass,
    /// One thing or several, with the same word: "aircraft".
    Either,
}

/// A noun in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noun {
    /// The class that it names, if any.
    pub class: Option<Class>,
    /// Its grammatical number.
    pub count: Count,
}

/// What the lists say about nouns.
#[derive(Default)]
struct Table {
    nouns: BTreeMap<String, Noun>,
    /// The plurals of the singular nouns.
    plurals: BTreeMap<String, String>,
    /// The words that the network is asked for some nouns.
    asked: BTreeMap<&'static str, &'static str>,
    /// Things that cross water.
    crossing: BTreeSet<&'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    let (mut asked, mut crossing) = (BTreeMap::new(), BTreeSet::new());
    let mut add = |one: &str, many: &str, class: Option<Class>, mass: bool| {
        let (first, second) = match (mass, one == many) {
            (true, _) => (Count::Mass, Count::Mass),
            (_, true) => (Count::Either, Count::Either),
            _ => (Count::One, Count::Many),
        };
        for (text, count) in [(one, first), (many, second)] {
            let text = text.to_lowercase().replace('-', " ");
            if text.contains(" the ") {
                table
                    .nouns
                    .entry(text.replace(" the ", " "))
                    .or_insert(Noun { class, count });
            }
            table.nouns.entry(text).or_insert(Noun { class, count });
        }
        if first == Count::One {
            table
                .plurals
                .entry(one.to_lowercase())
                .or_insert_with(|| many.to_lowercase());
        }
    };
    let lines = |text: &'static str| {
        text.lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
    };
    let fields = |line: &'static str| line.split('|').map(str::trim).collect::<Vec<_>>();
    for line in lines(include_str!("../things/nouns.txt")) {
        if let [class, _, one, many, tags] = fields(line).as_slice() {
            add(one, many, named(class), tags.contains("mass"));
        }
    }
    for class in Class::ALL {
        for (one, many) in class.names() {
            add(one, many, Some(class), one == many && *one != "aircraft");
        }
    }
    for line in lines(include_str!("nouns.txt")) {
        if let [one, many, class, word @ ..] = fields(line).as_slice() {
            add(one, many, named(class), one == many && *one != "sheep");
            let other = word.first().filter(|word| **word != "-");
            asked.extend(
                other
                    .iter()
                    .flat_map(|&&word| [(*one, word), (*many, word)]),
            );
            if word.get(1) == Some(&"over water") {
                crossing.extend([*one, *many]);
            }
        }
    }
    Table {
        asked,
        crossing,
        ..table
    }
});

fn named(class: &str) -> Option<Class> {
    Class::ALL
        .into_iter()
        .find(|known| format!("{known:?}") == class)
}

/// Looks up a noun in the tables. `text` is in lower case, with spaces instead of hyphens.
pub fn noun(text: &str) -> Option<Noun> {
    TABLE.nouns.get(text).copied()
}

/// The word that the network is asked instead of a noun, because it knows that one: "bunkers" for "sand trap". `text` is
/// in lower case, with spaces instead of hyphens.
pub fn asked(text: &str) -> Option<&'static str> {
    let last = last_word(text);
    let decides = match noun(text).is_none() && crosses_water(last) {
        true => last,
        false => text,
    };
    TABLE.asked.get(decides).copied()
}

/// Whether such a thing crosses water, as a bridge does. The last word decides for a noun that is in no list. `text` is
/// in lower case, with spaces instead of hyphens.
pub fn crosses_water(text: &str) -> bool {
    let decides = match noun(text) {
        Some(_) => text,
        None => last_word(text),
    };
    TABLE.crossing.contains(decides)
}

fn last_word(text: &str) -> &str {
    text.rsplit(' ').next().unwrap_or(text)
}

/// The class of the last words of a noun that is not in the tables: that of a building for "flat-roofed building".
/// `None` if the tables have the noun, or if it contains words such as "of".
pub fn head_class(text: &str) -> Option<Class> {
    let text = text.to_lowercase().replace('-', " ");
    let inner = ["of", "with", "for", "without"];
    if noun(&text).is_some() || text.split(' ').any(|word| inner.contains(&word)) {
        return None;
    }
    let mut rest = text.as_str();
    while let Some((_, last)) = rest.split_once(' ') {
        if let Some(known) = noun(last) {
            return known.class;
        }
        rest = last;
    }
    None
}

/// Every word that occurs in a noun of the tables.
pub fn words() -> impl Iterator<Item = &'static str> {
    TABLE.nouns.keys().flat_map(|noun| noun.split(' '))
}

/// Guesses the grammatical number of a noun that is not in the tables from its last word.
pub fn guessed(text: &str) -> Count {
    let last = text.rsplit([' ', '-']).next().unwrap_or(text);
    let mass = [
        "vegetation",
        "equipment",
        "furniture",
        "machinery",
        "scrap",
        "grass",
        "water",
        "soil",
        "asphalt",
        "land",
    ];
    let singular = ["ss", "us", "is"]
        .iter()
        .any(|ending| last.ends_with(ending));
    match noun(last) {
        Some(known) => known.count,
        None if mass.contains(&last) => Count::Mass,
        None if last.len() > 3 && last.ends_with('s') && !singular => Count::Many,
        None => Count::One,
    }
}

/// The plural of a singular noun.
pub fn plural(text: &str) -> String {
    if let Some(many) = TABLE.plurals.get(text) {
        return many.clone();
    }
    let consonant_y = text.ends_with('y')
        && !["ay", "ey", "oy", "uy"]
            .iter()
            .any(|end| text.ends_with(end));
    if consonant_y {
        format!("{}ies", &text[..text.len() - 1])
    } else if ["s", "x", "ch", "sh"].iter().any(|end| text.ends_with(end)) {
        format!("{text}es")
    } else {
        format!("{text}s")
    }
}

/// The singular of a plural noun.
pub fn singular(text: &str) -> String {
    let of_table = TABLE
        .plurals
        .iter()
        .find(|(_, many)| *many == text)
        .map(|(one, _)| one.clone());
    of_table.unwrap_or_else(|| {
        let stem = text.strip_suffix("ies").map(|stem| format!("{stem}y"));
        let long = ["ches", "shes", "xes", "sses"]
            .iter()
            .any(|end| text.ends_with(end));
        let cut = text
            .strip_suffix(if long { "es" } else { "s" })
            .map(str::to_owned);
        stem.or(cut).unwrap_or_else(|| text.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_an_unknown_noun_has_a_class() {
        assert_eq!(head_class("flat-roofed building"), Some(Class::Building));
        assert_eq!(head_class("round tennis court"), Some(Class::TennisCourt));
        for other in ["building", "plot of bare land", "strange crane", "crane"] {
            assert_eq!(head_class(other), None, "{other}");
        }
    }

    #[test]
    fn every_name_of_a_class_is_known() {
        for class in Class::ALL {
            for (one, many) in class.names() {
                assert_eq!(noun(one).and_then(|noun| noun.class), Some(class), "{one}");
                assert_eq!(
                    noun(many).and_then(|noun| noun.class),
                    Some(class),
                    "{many}"
                );
            }
        }
        assert_eq!(
            noun("pv panels"),
            Some(Noun {
                class: Some(Class::SolarPanel),
                count: Count::Many
            })
        );
        assert_eq!(noun("grass").map(|noun| noun.count), Some(Count::Mass));
    }

    #[test]
    fn numbers_of_other_nouns_follow_their_endings() {
        assert_eq!(guessed("silver tent towns"), Count::Many);
        assert_eq!(
            (guessed("gas"), guessed("glass"), guessed("gazebo")),
            (Count::One, Count::One, Count::One)
        );
        assert_eq!(
            (plural("factory"), plural("bus"), plural("church")),
            ("factories".into(), "buses".into(), "churches".into())
        );
    }
}
