//! The definitions of EPSG codes as one short text: neighbouring codes differ in few parameters, and only those are
//! stored. build.rs writes it for the scene worker's wasm modules.
//!
//! The first line has the names of all parameters; one without a value ends with `!`. The next lines, up to an empty one,
//! are lists of parameters by their places in the first, `-` if there are none. Then a line for each code: its distance
//! from the code before, the place of its list, and a value for each parameter of the list that has values. An empty
//! distance is 1, an empty place that of the code before, and an empty value the last one of the same parameter.

/// Returns the definition of a code in a text of this form.
pub fn definition(text: &str, wanted: u16) -> Option<String> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next()?.split(' ').collect();
    let place = |text: &str| text.parse::<usize>().ok();
    let lists = lines.by_ref().take_while(|line| !line.is_empty());
    let lists: Vec<Vec<usize>> = lists
        .map(|line| line.split(' ').filter_map(place).collect())
        .collect();
    let mut values = vec![""; names.len()];
    let (mut code, mut list) = (0, 0);
    for line in lines {
        let mut words = line.split(' ');
        code += words.next().and_then(place).unwrap_or(1);
        list = words.next().and_then(place).unwrap_or(list);
        let list = lists.get(list)?;
        for &at in list.iter().filter(|&&at| !names[at].ends_with('!')) {
            if let Some(value) = words.next().filter(|value| !value.is_empty()) {
                values[at] = value;
            }
        }
        if code == usize::from(wanted) {
            let word = |&at: &usize| match names[at].strip_suffix('!') {
                Some(name) => format!("+{name}"),
                None => format!("+{}={}", names[at], values[at]),
            };
            return Some(list.iter().map(word).collect::<Vec<_>>().join(" "));
        }
    }
    None
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
        assert!(all.len() > 6000 && text.len() < 250_000, "{}", text.len());
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
