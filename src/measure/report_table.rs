//! A report as tables: for the terminal, for Markdown, for LaTeX.

use std::fmt::{self, Write};

use super::figures::Figures;
use super::interval::Interval;
use super::metrics::THRESHOLDS;
use super::report::Report;

/// Returns the columns in the order of published tables.
fn columns(figures: &Figures) -> Vec<(String, f64, Interval)> {
    let (summary, intervals) = (&figures.summary, &figures.intervals);
    let precision = THRESHOLDS
        .into_iter()
        .zip(summary.precision)
        .zip(intervals.precision);
    let mut columns: Vec<_> = precision
        .map(|((threshold, share), interval)| (format!("Pr@{threshold:.1}"), share, interval))
        .collect();
    columns.push(("oIoU".to_owned(), summary.oiou, intervals.oiou));
    columns.push(("mIoU".to_owned(), summary.miou, intervals.miou));
    columns
}

/// Formats a fraction in percent, as in papers.
fn percent(share: f64) -> String {
    format!("{:.2}", 100.0 * share)
}

fn range(interval: Interval) -> String {
    format!(
        "{:.2} to {:.2}",
        100.0 * interval.low,
        100.0 * interval.high
    )
}

/// A table for the terminal: the figures with their intervals, then one line per group.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = &self.about;
        let phrases = self.figures.summary.samples;
        let plural = if phrases == 1 { "" } else { "s" };
        writeln!(
            f,
            "{} on {}, {phrases} phrase{plural}",
            about.method, about.data
        )?;
        writeln!(f, "{}", self.description)?;
        writeln!(f)?;
        for (name, share, interval) in columns(&self.figures) {
            writeln!(
                f,
                "{name:<8}{:>7}   95 % {}",
                percent(share),
                range(interval)
            )?;
        }
        let absent = self.absent;
        if absent.phrases > 0 {
            writeln!(
                f,
                "of {} phrases for absent objects, {} % got a mask; {:.0} pixels on average",
                absent.phrases,
                percent(absent.false_masks),
                absent.false_pixels
            )?;
        }
        for (heading, groups) in self.sections() {
            let widest = groups.iter().map(|group| group.name.chars().count());
            let width = widest.max().unwrap_or(0).max(heading.len());
            write!(f, "\n{heading:<width$}{:>9}", "phrases")?;
            for (name, ..) in columns(&self.figures) {
                write!(f, "{name:>8}")?;
            }
            writeln!(f, "   mIoU, 95 %")?;
            for group in groups {
                write!(
                    f,
                    "{:<width$}{:>9}",
                    group.name, group.figures.summary.samples
                )?;
                for (_, share, _) in columns(&group.figures) {
                    write!(f, "{:>8}", percent(share))?;
                }
                writeln!(f, "   {}", range(group.figures.intervals.miou))?;
            }
        }
        Ok(())
    }
}

impl Report {
    /// Returns a row of a booktabs table, with comments above it that name the columns and what was measured.
    /// For example (first comments omitted):
    ///
    /// ```text
    /// % Method & Pr@0.5 & Pr@0.6 & Pr@0.7 & Pr@0.8 & Pr@0.9 & oIoU & mIoU \\
    /// S4ECA & 74.26 & 67.25 & 55.93 & 42.55 & 24.53 & 77.79 & 64.20 \\
    /// ```
    pub fn latex_row(&self) -> String {
        let columns = columns(&self.figures);
        let names: Vec<&str> = columns.iter().map(|(name, ..)| name.as_str()).collect();
        let figures: Vec<String> = columns
            .iter()
            .map(|(_, share, _)| percent(*share))
            .collect();
        let intervals: Vec<String> = columns
            .iter()
            .map(|(.., interval)| range(*interval))
            .collect();
        // A line break would end the comment.
        let about = one_line(&format!("{}, {}", self.about.data, self.description));
        format!(
            "% {about}\n% 95 % intervals: {}\n% Method & {} \\\\\n{} & {} \\\\\n",
            intervals.join(", "),
            names.join(" & "),
            latex(&self.about.method),
            figures.join(" & "),
        )
    }

    /// Returns Markdown tables in percent, one per grouping that the scores have; the first also has a row
    /// for all phrases. mIoU and oIoU have their intervals.
    pub fn markdown(&self) -> String {
        let about = &self.about;
        let mut text = format!(
            "{} on {}: {}. In percent, 95 % intervals of {} resamples in brackets.\n",
            markdown(&about.method),
            markdown(&about.data),
            markdown(&self.description),
            self.resamples
        );
        let all = [("all phrases".to_owned(), &self.figures)];
        let mut first = Some(all);
        for (heading, groups) in self.sections().collect::<Vec<_>>().into_iter().rev() {
            let rows = first.take().into_iter().flatten();
            let groups = groups
                .iter()
                .map(|group| (group.name.clone(), &group.figures));
            table(&mut text, heading, &rows.chain(groups).collect::<Vec<_>>());
        }
        if let Some(rows) = first {
            table(&mut text, "phrases", &rows);
        }
        let absent = self.absent;
        if absent.phrases > 0 {
            text += &format!(
                "\nOf {} phrases for absent objects, {} % got a mask.\n",
                absent.phrases,
                percent(absent.false_masks)
            );
        }
        text
    }
}

fn table(text: &mut String, heading: &str, rows: &[(String, &Figures)]) {
    let names = columns(&Figures::default())
        .into_iter()
        .map(|(name, ..)| name);
    let header: Vec<String> = [heading.to_owned(), "phrases".to_owned()]
        .into_iter()
        .chain(names)
        .collect();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n| {} |", header.join(" | "));
    let _ = writeln!(text, "| --- |{}", " ---: |".repeat(header.len() - 1));
    for (name, figures) in rows {
        let mut cells = vec![markdown(name), figures.summary.samples.to_string()];
        for (column, share, interval) in columns(figures) {
            let cell = percent(share);
            cells.push(match column.as_str() {
                "oIoU" | "mIoU" => format!("{cell} ({})", range(interval)),
                _ => cell,
            });
        }
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Escapes text for LaTeX.
fn latex(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => safe.extend(['\\', c]),
            '\\' => safe.push_str("\\textbackslash{}"),
            '~' => safe.push_str("\\textasciitilde{}"),
            '^' => safe.push_str("\\textasciicircum{}"),
            c => safe.push(c),
        }
    }
    safe
}

/// Escapes text for a cell of a Markdown table.
fn markdown(text: &str) -> String {
    one_line(text)
        .replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{About, Protocol, SampleScore};
    use crate::vision::Mask;

    fn report(categories: &[Option<&str>]) -> Report {
        let (half, full) = (Mask::new(2, 1, vec![true, false]), Mask::full(2, 1));
        let scores: Vec<SampleScore> = categories
            .iter()
            .map(|category| {
                let phrase = "The white ship on the left";
                SampleScore::new(Protocol::Rmsin, "id", phrase, *category, (&half, &full))
            })
            .collect();
        let about = About {
            protocol: Protocol::Rmsin,
            input_side: 480,
            method: "S4ECA_a & b".to_owned(),
            data: "made\nup".to_owned(),
            own_size: false,
            made_by: "a test".to_owned(),
        };
        Report::new(about, &scores)
    }

    #[test]
    fn the_latex_row_has_the_columns_of_published_tables() {
        let row = report(&[Some("ship")]).latex_row();
        let lines: Vec<&str> = row.lines().collect();
        assert!(
            lines[0].starts_with("% made up, rmsin: masks at 480 x 480 px"),
            "{row}"
        );
        assert_eq!(
            lines[2],
            "% Method & Pr@0.5 & Pr@0.6 & Pr@0.7 & Pr@0.8 & Pr@0.9 & oIoU & mIoU \\\\"
        );
        assert_eq!(
            lines[3],
            "S4ECA\\_a \\& b & 100.00 & 0.00 & 0.00 & 0.00 & 0.00 & 50.00 & 50.00 \\\\"
        );
        assert_eq!(lines.len(), 4);
    }

    #[test]
    fn tables_have_a_line_for_each_group() {
        let report = report(&[Some("ship"), Some("a|b"), None]);
        let names = |groups: &[crate::measure::Group]| -> Vec<String> {
            groups.iter().map(|group| group.name.clone()).collect()
        };
        assert_eq!(names(&report.per_category), ["a|b", "ship"]);
        assert_eq!(names(&report.per_kind), ["position", "colour"]);
        let text = report.to_string();
        assert!(
            text.contains("mIoU      50.00   95 % 50.00 to 50.00"),
            "{text}"
        );
        assert!(text.contains("3 phrases"), "{text}");
        let markdown = report.markdown();
        let cells = "| a\\|b | 1 | 100.00 | 0.00 | 0.00 | 0.00 | 0.00 | 50.00 (50.00 to 50.00) |";
        assert!(markdown.contains(cells), "{markdown}");
        assert!(markdown.contains("| all phrases | 3 |"), "{markdown}");
        for line in markdown.lines().filter(|line| line.starts_with('|')) {
            assert_eq!(line.replace("\\|", "").matches('|').count(), 10, "{line}");
        }
    }

    #[test]
    fn no_phrases_are_a_report_too_and_json_keeps_everything() {
        let empty = report(&[]);
        assert!(empty.to_string().contains("0 phrases"));
        assert!(empty.markdown().contains("| all phrases | 0 |"));
        let full = report(&[Some("ship"), None]);
        let json = full.json().expect("text and numbers");
        assert_eq!(
            serde_json::from_str::<Report>(&json).expect("its own form"),
            full
        );
        let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(value["protocol"], "rmsin");
        assert_eq!(value["figures"]["oiou"], 0.5);
        assert_eq!(value["figures"]["intervals"]["miou"]["low"], 0.5);
    }
}
