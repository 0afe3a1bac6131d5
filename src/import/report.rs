//! The report of an import: what it took from a checkpoint, and what it did not use.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// Maximum number of lines per list of tensors.
const LINES: usize = 20;

/// What an import took, and what it did not use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The kind of checkpoint, judged by its sizes.
    pub found: String,
    /// Common prefix of the encoder's tensor names, often empty.
    pub prefix: String,
    /// Number of the checkpoint's tensors that were used.
    pub loaded: usize,
    /// Names of the tensors that the encoder does not use.
    pub unused: Vec<String>,
    /// Names of optional tensors that the checkpoint does not have; they are replaced by zeros.
    pub missing: Vec<String>,
}

impl Report {
    /// Returns the unused tensors, grouped by part of the checkpoint: `pooler.* (2)`.
    pub fn unused_groups(&self) -> Vec<String> {
        groups(&self.unused, &self.prefix)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} tensors loaded", self.found, self.loaded)?;
        if !self.prefix.is_empty() {
            write!(f, ", from {}*", self.prefix)?;
        }
        for (title, names) in [("unused", &self.unused), ("missing, zero", &self.missing)] {
            if names.is_empty() {
                continue;
            }
            write!(f, "\n{title}: {}", names.len())?;
            let groups = groups(names, &self.prefix);
            for group in groups.iter().take(LINES) {
                write!(f, "\n  {group}")?;
            }
            if groups.len() > LINES {
                write!(f, "\n  and {} more groups", groups.len() - LINES)?;
            }
        }
        Ok(())
    }
}

/// Groups names by their first part after the prefix; a name that is alone stays as it is.
fn groups(names: &[String], prefix: &str) -> Vec<String> {
    let mut parts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in names {
        let rest = name.strip_prefix(prefix).unwrap_or(name);
        let end = rest.find('.').unwrap_or(rest.len());
        let part = &name[..name.len() - rest.len() + end];
        parts.entry(part).or_default().push(name);
    }
    let line = |(part, names): (&str, Vec<&str>)| match names.as_slice() {
        [only] => (*only).to_owned(),
        many => format!("{part}.* ({})", many.len()),
    };
    parts.into_iter().map(line).collect()
}
