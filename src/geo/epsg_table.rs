//! The definitions of EPSG codes as one short text, which build.rs writes for the scene worker's wasm modules.
//!
//! A definition has three parts: projection, datum, unit. Many codes share one, so each part has a list of its
//! different texts, and each code has their places. An empty line is between the three lists, and before the codes.
//!
//! A list's first line has the names of the parameters; one without a value ends with `!`. The second has, separated by
//! `|`, groups of parameters by their places in the first. The third has for each text the place of its group, and the
//! next, a line for each parameter with values, the values of the texts in turn. An empty value is that before.
//!
//! A code's line has its distance from the code before, empty for 1, and three places. An empty place is the usual one,
//! which is that of the code before or, for projections, the next; `+` is the first that no code had yet.

/// Returns the definition of a code in a text of this form.
pub fn definition(text: &str, wanted: u16) -> Option<String> {
    let mut sections = text.splitn(4, "\n\n");
    let lists = [sections.next()?, sections.next()?, sections.next()?];
    let places = places(sections.next()?, wanted.into())?;
    let mut definition = String::new();
    for (list, place) in lists.into_iter().zip(places) {
        definition.push_str(&nth(list, place)?);
    }
    Some(definition.trim_start().to_owned())
}

/// The places of a code's projection, datum and unit in their lists.
fn places(codes: &str, wanted: usize) -> Option<[usize; 3]> {
    let (mut code, mut counts, mut places) = (0, [0; 3], [0; 3]);
    for line in codes.split('\n') {
        let mut words = line.split(' ');
        code += number(words.next()?).unwrap_or(1);
        for (place, count) in places.iter_mut().zip(&mut counts) {
            match words.next().unwrap_or_default() {
                "" => {}
                "+" => *place = *count,
                other => *place = number(other)?,
            }
            *count = (*place + 1).max(*count);
        }
        if code == wanted {
            return Some(places);
        }
        places[0] += 1;
    }
    None
}

/// The text at a place of a list, with a space before each parameter.
fn nth(list: &str, place: usize) -> Option<String> {
    let mut lines = list.split('\n');
    let names: Vec<&str> = lines.next()?.split(' ').collect();
    let groups: Vec<&str> = lines.next()?.split('|').collect();
    let mut chosen = Values::of(lines.next()?);
    let mut values = Vec::new();
    for name in &names {
        let has_values = !name.ends_with('!');
        values.push(Values::of(if has_values { lines.next()? } else { "" }));
    }
    let mut text = String::new();
    for _ in 0..=place {
        text.clear();
        let group = groups.get(number(chosen.next()?)?)?;
        for at in group.split(',').filter_map(number) {
            text.push_str(" +");
            match names.get(at)?.strip_suffix('!') {
                Some(name) => text.push_str(name),
                None => text.extend([*names.get(at)?, "=", values.get_mut(at)?.next()?]),
            }
        }
    }
    Some(text)
}

/// Values of which those are empty that repeat the one before.
struct Values<'a> {
    words: std::str::Split<'a, char>,
    last: &'a str,
}

impl<'a> Values<'a> {
    fn of(line: &'a str) -> Self {
        let words = line.split(' ');
        Self { words, last: "" }
    }

    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.next()?;
        if !word.is_empty() {
            self.last = word;
        }
        Some(self.last)
    }
}

fn number(text: &str) -> Option<usize> {
    text.parse().ok()
}

#[cfg(test)]
#[path = "epsg_writer.rs"]
mod writer;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_the_definition_of_the_table() {
        let all = (0..=u16::MAX).filter_map(|code| {
            let found = crs_definitions::from_code(code)?;
            Some((code, found.proj4))
        });
        let all: Vec<(u16, &str)> = all.collect();
        let text = writer::table(all.iter().copied());
        assert!(all.len() > 6000 && text.len() < 125_000, "{}", text.len());
        // Each takes a pass over the text.
        for &(code, definition) in all.iter().step_by(37).chain(all.last()) {
            let words: Vec<&str> = definition.split_whitespace().collect();
            assert_eq!(
                self::definition(&text, code),
                Some(words.join(" ")),
                "{code}"
            );
        }
        assert_eq!(self::definition(&text, 1), None);
        assert_eq!(self::definition(&text, u16::MAX), None);
    }
}
