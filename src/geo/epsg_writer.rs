//! Writes the text that `epsg_table` reads. build.rs includes this file.

/// The parameters with which the second part of a definition begins, its datum, and the third, its unit.
const DATUM: [&str; 5] = ["a", "datum", "ellps", "rf", "R"];
const UNIT: [&str; 6] = [
    "geoidgrids",
    "no_defs",
    "to_meter",
    "units",
    "vunits",
    "wktext",
];
/// By part: how much further than that of the code before the place of a code's text usually is.
const STEPS: [usize; 3] = [1, 0, 0];

/// Writes definitions, `(code, definition)` in the order of codes, as a text of this form.
pub fn table<'a>(definitions: impl Iterator<Item = (u16, &'a str)>) -> String {
    let mut texts: [Vec<String>; 3] = Default::default();
    let (mut usual, mut last) = ([0; 3], 0);
    let mut lines = Vec::new();
    for (code, definition) in definitions {
        let distance = code - last;
        let mut line = match distance {
            1 => String::new(),
            _ => distance.to_string(),
        };
        for (at, part) in parts(definition).into_iter().enumerate() {
            let count = texts[at].len();
            let place = place_of(&mut texts[at], part);
            line.push(' ');
            line += &match place {
                _ if place == usual[at] => String::new(),
                _ if place == count => "+".to_owned(),
                _ => place.to_string(),
            };
            usual[at] = place + STEPS[at];
        }
        lines.push(line.trim_end().to_owned());
        last = code;
    }
    let [projections, datums, units] = texts.map(|texts| list(&texts));
    [projections, datums, units, lines.join("\n")].join("\n\n")
}

/// The projection, the datum and the unit of a definition.
fn parts(definition: &str) -> [String; 3] {
    let words = definition.split_whitespace();
    let words: Vec<&str> = words.map(|word| word.trim_start_matches('+')).collect();
    let first_of = |names: &[&str], after: usize| {
        let name = |word: &&str| word.split('=').next().unwrap_or_default().to_owned();
        let found = words[after..]
            .iter()
            .position(|word| names.contains(&name(word).as_str()));
        found.map_or(words.len(), |found| after + found)
    };
    let datum = first_of(&DATUM, 0);
    let unit = first_of(&UNIT, datum);
    [&words[..datum], &words[datum..unit], &words[unit..]].map(|words| words.join(" "))
}

/// Writes the different texts of a part.
fn list(texts: &[String]) -> String {
    let (mut names, mut lists) = (Vec::new(), Vec::new());
    let (mut chosen, mut values) = (Vec::new(), Vec::<Vec<String>>::new());
    for text in texts {
        let mut list = Vec::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value)),
                None => (format!("{word}!"), None),
            };
            let at = place_of(&mut names, name);
            values.resize(names.len(), Vec::new());
            values[at].extend(value.map(str::to_owned));
            list.push(at.to_string());
        }
        chosen.push(place_of(&mut lists, list.join(",")).to_string());
    }
    let values = values.iter().filter(|values| !values.is_empty());
    let mut lines = vec![names.join(" "), lists.join("|"), brief(&chosen)];
    lines.extend(values.map(|values| brief(values)));
    lines.join("\n")
}

/// Writes values, each empty that is the one before.
fn brief(values: &[String]) -> String {
    let mut last = "";
    let mut words = Vec::new();
    for value in values {
        words.push(if value == last { "" } else { value });
        last = value;
    }
    words.join(" ")
}

/// The place of a text in a list, to which it is added if it is new.
fn place_of(list: &mut Vec<String>, text: String) -> usize {
    list.iter().position(|one| *one == text).unwrap_or_else(|| {
        list.push(text);
        list.len() - 1
    })
}
