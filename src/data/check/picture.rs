//! A report as a chart: the classes on the left, the areas of the masks on the right.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use thiserror::Error;

use super::report::Report;
use crate::data::referring::Split;

/// The chart was not drawn.
#[derive(Debug, Error)]
#[error("the chart was not drawn ({0}): all numbers are in the report")]
pub struct PictureError(String);

/// Colours of train, val and test, which colour-blind readers can distinguish too (Okabe and Ito, 2008).
const COLOURS: [RGBColor; 3] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
];

const WIDTH: u32 = 1100;

/// Height of a class's bar with its gap, in pixels.
const ROW: u32 = 22;

/// Maximum number of classes to draw; if there are more, the largest ones are drawn.
const MAX_CLASSES: usize = 40;

/// Draws the chart as SVG.
///
/// # Errors
/// Fails if the drawing library fails.
pub fn draw(report: &Report) -> Result<String, PictureError> {
    draw_all(report).map_err(|error| PictureError(error.to_string()))
}

fn draw_all(report: &Report) -> Result<String, Box<dyn std::error::Error>> {
    let mut classes: Vec<_> = report.classes.iter().collect();
    classes.sort_by_key(|class| (std::cmp::Reverse(class.total()), &class.name));
    let shown = classes.len().min(MAX_CLASSES);
    let title = if shown < classes.len() {
        format!(
            "{}: the {shown} largest classes of {}",
            report.layout,
            classes.len()
        )
    } else {
        format!("{}: records per class", report.layout)
    };
    let rows: Vec<_> = classes[..shown]
        .iter()
        .map(|class| (class.name.clone(), class.counts))
        .collect();
    let bins: Vec<_> = report
        .areas
        .iter()
        .map(|bin| (percent(bin.up_to), bin.counts))
        .collect();
    let height = (ROW * shown as u32 + 90).max(420);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        area.fill(&WHITE)?;
        let (left, right) = area.split_horizontally(WIDTH / 2);
        class_panel(&left, &title, &rows)?;
        area_panel(&right, "masks by area, up to % of the image", &bins)?;
        legend(&area, report.splits)?;
        area.present()?;
    }
    Ok(svg)
}

fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent < 1.0 {
        format!("{percent:.2}")
    } else {
        format!("{percent:.0}")
    }
}

/// Horizontal bars, one per class, with train, val and test end to end.
fn class_panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    title: &str,
    rows: &[(String, [usize; 3])],
) -> Result<(), Box<dyn std::error::Error>> {
    let count = rows.len();
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .margin_bottom(34)
        .x_label_area_size(24)
        .y_label_area_size(170)
        .build_cartesian_2d(0.0..largest(rows), 0.0..count.max(1) as f64)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(0)
        .x_labels(5)
        .x_label_formatter(&|value| format!("{value:.0}"))
        .light_line_style(WHITE)
        .bold_line_style(BLACK.mix(0.12))
        .draw()?;
    for (row, (name, counts)) in rows.iter().enumerate() {
        let middle = (count - row) as f64 - 0.5;
        let mut start = 0.0;
        for (&count, colour) in counts.iter().zip(COLOURS) {
            let end = start + count as f64;
            let bar = [(start, middle - 0.36), (end, middle + 0.36)];
            chart.draw_series([Rectangle::new(bar, colour.filled())])?;
            start = end;
        }
        // Longer names would extend beyond the chart.
        let name: String = match name.char_indices().nth(26) {
            Some((end, _)) => format!("{}…", &name[..end]),
            None => name.clone(),
        };
        let (x, y) = chart.backend_coord(&(0.0, middle));
        let (left, top) = area.get_base_pixel();
        let style = ("sans-serif", 12).into_font().color(&BLACK);
        let style = style.pos(Pos::new(HPos::Right, VPos::Center));
        area.draw_text(&name, &style, (x - left - 8, y - top))?;
    }
    Ok(())
}

/// Vertical bars, one per range of areas.
fn area_panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    title: &str,
    bins: &[(String, [usize; 3])],
) -> Result<(), Box<dyn std::error::Error>> {
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .margin_bottom(34)
        .x_label_area_size(24)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..bins.len().max(1) as f64, 0.0..largest(bins))?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(0)
        .y_labels(6)
        .y_label_formatter(&|value| format!("{value:.0}"))
        .light_line_style(WHITE)
        .bold_line_style(BLACK.mix(0.12))
        .draw()?;
    for (column, (name, counts)) in bins.iter().enumerate() {
        let left = column as f64;
        let mut start = 0.0;
        for (&count, colour) in counts.iter().zip(COLOURS) {
            let end = start + count as f64;
            let bar = [(left + 0.1, start), (left + 0.9, end)];
            chart.draw_series([Rectangle::new(bar, colour.filled())])?;
            start = end;
        }
        // The number is placed under the bar's right end, because it is the upper bound of the range.
        let (x, y) = chart.backend_coord(&(left + 1.0, 0.0));
        let (base_x, base_y) = area.get_base_pixel();
        let style = ("sans-serif", 12).into_font().color(&BLACK);
        let style = style.pos(Pos::new(HPos::Center, VPos::Top));
        area.draw_text(name, &style, (x - base_x, y - base_y + 8))?;
    }
    Ok(())
}

fn legend(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    splits: [usize; 3],
) -> Result<(), Box<dyn std::error::Error>> {
    let bottom = area.dim_in_pixel().1 as i32 - 24;
    let style = ("sans-serif", 14).into_font().color(&BLACK);
    for (place, (split, count)) in Split::ALL.into_iter().zip(splits).enumerate() {
        let left = 24 + 150 * place as i32;
        let square = [(left, bottom), (left + 12, bottom + 12)];
        area.draw(&Rectangle::new(square, COLOURS[place].filled()))?;
        area.draw_text(
            &format!("{split}: {count}"),
            &style,
            (left + 18, bottom - 2),
        )?;
    }
    Ok(())
}

/// The end of an axis: a little more than the longest bar.
fn largest(rows: &[(String, [usize; 3])]) -> f64 {
    let largest = rows
        .iter()
        .map(|(_, counts)| counts.iter().sum::<usize>())
        .max();
    1.05 * largest.unwrap_or(0).max(1) as f64
}
