//! A report as a human-readable table.

use std::collections::BTreeSet;
use std::fmt;

use super::finding::Finding;
use super::report::Report;
use crate::data::referring::Split;

/// Findings of each kind that the table names; the list in the files has all of them.
const EXAMPLES: usize = 3;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}: {} records of {} images",
            self.layout,
            self.records(),
            self.images
        )?;
        for (split, count) in Split::ALL.into_iter().zip(self.splits) {
            write!(f, "  {split:<6}{count:>8}")?;
            match self.layout.published_in(split) {
                Some(published) => writeln!(f, "   published: {published}")?,
                None => writeln!(f)?,
            }
        }
        for note in &self.notes {
            writeln!(f, "  note: {note}")?;
        }
        self.write_findings(f)?;
        self.write_classes(f)?;
        writeln!(
            f,
            "\n{:<26}{:>8}{:>8}{:>8}",
            "mask, % of the image", "train", "val", "test"
        )?;
        for bin in &self.areas {
            let range = format!("{} to {}", 100.0 * bin.above, 100.0 * bin.up_to);
            let [train, val, test] = bin.counts;
            writeln!(f, "  {range:<24}{train:>8}{val:>8}{test:>8}")?;
        }
        Ok(())
    }
}

impl Report {
    fn write_findings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.entries.is_empty() {
            return writeln!(f, "\nno problems found");
        }
        writeln!(f, "\n{:<20}{:>8}  action", "finding", "records")?;
        for kind in Finding::KINDS {
            let entries: Vec<_> = self.of_kind(kind).collect();
            let Some(first) = entries.first() else {
                continue;
            };
            writeln!(
                f,
                "{:<20}{:>8}  {}",
                kind.replace('_', " "),
                entries.len(),
                first.action
            )?;
            for entry in entries.iter().take(EXAMPLES) {
                writeln!(f, "    {}: {}", entry.id, entry.finding)?;
            }
            if entries.len() > EXAMPLES {
                writeln!(f, "    and {} more", entries.len() - EXAMPLES)?;
            }
        }
        let records: BTreeSet<_> = self
            .entries
            .iter()
            .filter_map(|entry| entry.index)
            .collect();
        writeln!(
            f,
            "{} of {} records have a finding",
            records.len(),
            self.records()
        )
    }

    fn write_classes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n{:<26}{:>8}{:>8}{:>8}",
            "class", "train", "val", "test"
        )?;
        for class in &self.classes {
            let [train, val, test] = class.counts;
            writeln!(f, "  {:<24}{train:>8}{val:>8}{test:>8}", class.name)?;
        }
        Ok(())
    }
}
