//! Writes the text that `epsg_table` reads. build.rs includes this file.

/// Writes definitions, `(code, definition)` in the order of codes, as a text of this form.
pub fn table<'a>(definitions: impl Iterator<Item = (u16, &'a str)>) -> String {
    let (mut names, mut lists, mut lines) = (Vec::<String>::new(), Vec::<String>::new(), vec![]);
    let mut values: Vec<&str> = Vec::new();
    let (mut last_code, mut last_list) = (0, 0);
    for (code, definition) in definitions {
        let (mut list, mut words) = (Vec::new(), Vec::new());
        for word in definition.split_whitespace() {
            let word = word.trim_start_matches('+');
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value)),
                None => (format!("{word}!"), None),
            };
            let at = place_of(&mut names, name);
            values.resize(names.len(), "");
            list.push(at.to_string());
            if let Some(value) = value {
                words.push(if values[at] == value { "" } else { value });
                values[at] = value;
            }
        }
        let list = match list.is_empty() {
            true => "-".to_owned(),
            false => list.join(" "),
        };
        let list = place_of(&mut lists, list);
        let number = |number: usize, usual: usize| match number == usual {
            true => String::new(),
            false => number.to_string(),
        };
        let start = [
            number(usize::from(code) - last_code, 1),
            number(list, last_list),
        ];
        lines.push([start.join(" "), words.join(" ")].join(" "));
        (last_code, last_list) = (code.into(), list);
    }
    [
        names.join(" "),
        lists.join("\n"),
        String::new(),
        lines.join("\n"),
    ]
    .join("\n")
}

/// The place of a text in a list, to which it is added if it is new.
fn place_of(list: &mut Vec<String>, text: String) -> usize {
    list.iter().position(|one| *one == text).unwrap_or_else(|| {
        list.push(text);
        list.len() - 1
    })
}
