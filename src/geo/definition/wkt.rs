//! The syntax of well-known text, versions 1 and 2 (OGC 01-009, 18-010r11): `KEYWORD["text", 1.5, OTHER[…]]`.

use super::super::error::GeoError;

/// Longest text that is parsed, in bytes. A definition has one to three thousand.
const LONGEST: usize = 64 << 10;
/// Deepest nesting. Real definitions have about eight levels.
const DEEPEST: usize = 24;

/// A keyword with the content of its brackets.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Node {
    /// In upper case.
    pub(crate) keyword: String,
    /// The texts in quotes, in their order.
    pub(crate) texts: Vec<String>,
    /// Words without quotes, in upper case: the directions of axes.
    pub(crate) words: Vec<String>,
    /// The numbers, in their order.
    pub(crate) numbers: Vec<f64>,
    /// The nodes, in their order.
    pub(crate) nodes: Vec<Node>,
}

impl Node {
    /// The first node with one of these keywords.
    pub(crate) fn child(&self, keywords: &[&str]) -> Option<&Self> {
        self.children(keywords).next()
    }

    /// All nodes with one of these keywords.
    pub(crate) fn children(&self, keywords: &[&str]) -> impl Iterator<Item = &Self> {
        let is_meant = move |node: &&Self| keywords.contains(&node.keyword.as_str());
        self.nodes.iter().filter(is_meant)
    }

    /// The first text; empty if there is none.
    pub(crate) fn name(&self) -> &str {
        self.texts.first().map_or("", String::as_str)
    }

    /// The EPSG code of the object that the node describes.
    pub(crate) fn epsg(&self) -> Option<u32> {
        let authority = self.children(&["AUTHORITY", "ID"]).find(|node| {
            node.texts
                .first()
                .is_some_and(|name| name.eq_ignore_ascii_case("EPSG"))
        })?;
        // WKT 1 writes the code in quotes, WKT 2 as a number.
        match authority.texts.get(1) {
            Some(code) => code.trim().parse().ok(),
            None => authority.numbers.first().map(|&code| code as u32),
        }
    }
}

/// Parses the first node of a text. Text after it, such as the height system in Esri's files, is ignored.
///
/// # Errors
/// Fails if the text is not WKT, or too long or too deeply nested to be a coordinate system.
pub(crate) fn parse(text: &str) -> Result<Node, GeoError> {
    let wrong = |what: String| GeoError::Definition(what);
    if text.len() > LONGEST {
        return Err(wrong(format!("its text has {} bytes", text.len())));
    }
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    let mut open: Vec<Node> = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let Some(first) = rest.chars().next() else {
            return Err(wrong("its text ends before its last bracket".into()));
        };
        if matches!(first, ']' | ')')
            && let Some(node) = open.pop()
        {
            rest = &rest[1..];
            match open.last_mut() {
                None => return Ok(node),
                Some(parent) => parent.nodes.push(node),
            }
            continue;
        }
        let word_end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || "_.+-".contains(c)))
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_end);
        let after_space = after.trim_start();
        if let Some(inside) = after_space
            .strip_prefix(['[', '('])
            .filter(|_| !word.is_empty())
        {
            if open.len() >= DEEPEST {
                return Err(wrong(format!(
                    "its text is nested more than {DEEPEST} deep"
                )));
            }
            open.push(Node {
                keyword: word.to_ascii_uppercase(),
                ..Node::default()
            });
            rest = inside;
            continue;
        }
        let Some(node) = open.last_mut() else {
            return Err(wrong("it is not well-known text (WKT)".into()));
        };
        if first == '"' {
            let (text, after) = quoted(&rest[1..])
                .ok_or_else(|| wrong("a text in it has no closing quote".into()))?;
            node.texts.push(text);
            rest = after;
        } else if word.is_empty() {
            return Err(wrong(format!(
                "a {first:?} is in a place where it is not allowed"
            )));
        } else {
            if first.is_ascii_digit() || "+-.".contains(first) {
                let number: f64 = word
                    .parse()
                    .map_err(|_| wrong(format!("\"{}\" is not a number", shown(word))))?;
                node.numbers.push(number);
            } else {
                node.words.push(word.to_ascii_uppercase());
            }
            rest = after;
        }
    }
}

/// The text up to its closing quote, and the rest after it. Two quotes in a row stand for one.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut found = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('"')?;
        found.push_str(part);
        match after.strip_prefix('"') {
            Some(after) => {
                found.push('"');
                rest = after;
            }
            None => return Some((found, after)),
        }
    }
}

/// A part of a file's text, fit to be shown.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_hold_their_texts_numbers_and_codes() {
        let node = parse(
            "\u{feff}PROJCS[\"Bob's \"\"own\"\"\", UNIT (\"metre\", 1.0 , AUTHORITY[\"EPSG\",\"9001\"]),\n AXIS[\"x\",EAST], \
             ID[\"EPSG\",32633]],VERTCS[\"height\"]",
        )
        .unwrap();
        assert_eq!(
            (node.keyword.as_str(), node.name()),
            ("PROJCS", "Bob's \"own\"")
        );
        let unit = node.child(&["UNIT", "LENGTHUNIT"]).unwrap();
        assert_eq!(
            (unit.numbers.as_slice(), unit.epsg()),
            (&[1.0][..], Some(9001))
        );
        assert_eq!(node.epsg(), Some(32633));
    }

    #[test]
    fn other_texts_are_refused_with_words() {
        let deep = "A[".repeat(10_000);
        let long = format!("A[\"{}\"]", "x".repeat(LONGEST));
        for (text, part) in [
            ("", "ends before"),
            ("PROJCS[\"a", "no closing quote"),
            ("PROJCS[\"a\"", "ends before"),
            ("Projection UTM\nZone 10", "not well-known text"),
            ("]", "not well-known text"),
            ("PROJCS[\"a\",#]", "'#'"),
            ("A[1.2.3]", "\"1.2.3\""),
            ("A[é]", "'é'"),
            (&deep, "nested"),
            (&long, "bytes"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
