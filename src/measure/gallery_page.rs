//! The page of a gallery: one file without external links, readable without scripts.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::metrics::THRESHOLDS;
use super::phrase_kinds::PhraseKinds;
use super::report::Report;
use super::sample_score::SampleScore;

/// Colour of the true mask.
pub const TRUTH: [u8; 3] = [0, 230, 120];

/// Colour of the predicted mask: a magenta that roofs, fields and water do not have.
pub const PREDICTION: [u8; 3] = [255, 0, 170];

/// A picture of the page.
#[derive(Debug)]
pub(super) struct Picture {
    /// Its path relative to the page.
    pub file: String,
    /// Width of one of its three parts in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// What it shows.
    pub score: SampleScore,
}

/// Returns the page with these `pictures`, in this order; `all` is the number of predictions.
pub(super) fn page(report: &Report, pictures: &[Picture], all: usize) -> String {
    let categories: BTreeSet<&str> = pictures
        .iter()
        .filter_map(|picture| picture.score.category.as_deref())
        .collect();
    let kinds = PhraseKinds::NAMES.into_iter().filter(|kind| {
        pictures
            .iter()
            .any(|picture| picture.score.kinds.names().any(|name| name == *kind))
    });
    let cards: String = pictures.iter().map(card).collect();
    let shown = match pictures.len() {
        shown if shown == all => format!("All {all} predictions."),
        shown => format!("The {shown} worst of {all} predictions."),
    };
    let about = &report.about;
    TEMPLATE
        .replace("{truth}", &hex(TRUTH))
        .replace("{prediction}", &hex(PREDICTION))
        .replace("{shown}", &shown)
        .replace("{figures}", &figures(report))
        .replace("{categories}", &options(categories))
        .replace("{kinds}", &options(kinds))
        .replace(
            "{title}",
            &escaped(&format!("{} on {}", about.method, about.data)),
        )
        .replace("{description}", &escaped(&report.description))
        .replace("{made_by}", &escaped(&about.made_by))
        // Last, because phrases may contain any text, such as a placeholder.
        .replace("{cards}", &cards)
}

fn card(picture: &Picture) -> String {
    let score = &picture.score;
    let phrase = escaped(&score.phrase);
    let kinds: Vec<&str> = score.kinds.names().collect();
    let category = score.category.as_deref().map(escaped);
    let iou = score.iou.map_or("no IoU".to_owned(), |iou| {
        format!("IoU {:.1} %", 100.0 * iou)
    });
    let parts: String = ["image", "truth", "prediction"]
        .into_iter()
        .map(|part| {
            format!(
                "<figure class=\"{part}\"><img src=\"{file}\" alt=\"{part}\" loading=\"lazy\" \
                 style=\"aspect-ratio:{}/{}\"><figcaption>{part}</figcaption></figure>",
                picture.width,
                picture.height,
                file = picture.file
            )
        })
        .collect();
    format!(
        "<article data-iou=\"{}\" data-truth=\"{}\" data-category=\"{}\" data-kinds=\"{}\">\n\
         <h2>{phrase}</h2>\n<p><b>{iou}</b> {}{} · {} px true, {} px predicted, {} px both · \
         <code>{}</code></p>\n\
         <div class=\"parts\">{parts}</div>\n</article>\n",
        score.iou.unwrap_or(1.0),
        score.truth,
        category.as_deref().unwrap_or_default(),
        kinds.join(","),
        category
            .as_deref()
            .map(|category| format!("· {category} · "))
            .unwrap_or("· ".to_owned()),
        kinds.join(", "),
        score.truth,
        score.predicted,
        score.intersection,
        escaped(&score.id),
    )
}

fn figures(report: &Report) -> String {
    let (summary, intervals) = (&report.figures.summary, &report.figures.intervals);
    let mut all = vec![
        ("oIoU".to_owned(), summary.oiou, intervals.oiou),
        ("mIoU".to_owned(), summary.miou, intervals.miou),
    ];
    let precision = THRESHOLDS
        .into_iter()
        .zip(summary.precision)
        .zip(intervals.precision);
    all.extend(
        precision
            .map(|((threshold, share), interval)| (format!("Pr@{threshold:.1}"), share, interval)),
    );
    let mut text = String::new();
    for (name, share, interval) in all {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "<div><dt>{name}</dt><dd>{:.1} <small>{:.1} to {:.1}</small></dd></div>",
            100.0 * share,
            100.0 * interval.low,
            100.0 * interval.high
        );
    }
    text
}

fn options<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let option = |name: &str| format!("<option>{}</option>", escaped(name));
    names.into_iter().map(option).collect()
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Escapes text for HTML.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}

/// The page. Each third of a picture is a separate image element, cropped by CSS; the browser loads the file
/// once.
const TEMPLATE: &str = include_str!("gallery_page.html");
