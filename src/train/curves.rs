//! Draws the curves of a training run: loss above, IoU on the validation sets below.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;
use serde_json::Value;
use thiserror::Error;

use crate::files::{FileError, write_atomic};

const SIZE: (u32, u32) = (960, 720);

/// Maximum number of points per curve, about one per pixel column of the plot.
const MAX_POINTS: usize = 800;

/// Colours that colour-blind readers can distinguish too (Okabe and Ito, 2008).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

/// Why the curves could not be drawn.
#[derive(Debug, Error)]
pub enum CurvesError {
    /// The metrics could not be read, or the picture could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The drawing failed.
    #[error("the curves could not be drawn ({0}): metrics.jsonl has all the numbers")]
    Drawing(String),
}

/// One curve: (step, value) points.
#[derive(Debug, Clone, Default, PartialEq)]
struct Curve {
    name: String,
    points: Vec<(f64, f64)>,
}

/// Draws `curves.svg` into a run's folder from its `metrics.jsonl`: "loss" and "val_loss", and in percent
/// every metric named "val_...miou" or "val_...oiou". The one named `headline` comes first.
///
/// # Errors
/// Fails if the metrics cannot be read or the picture cannot be written. Broken lines are skipped.
pub fn draw_curves(folder: &Path, headline: &str) -> Result<(), CurvesError> {
    let path = folder.join("metrics.jsonl");
    let text = fs::read(&path).map_err(|error| FileError::from_io(&path, error))?;
    let svg = draw(&String::from_utf8_lossy(&text), headline)
        .map_err(|error| CurvesError::Drawing(error.to_string()))?;
    write_atomic(&folder.join("curves.svg"), |file| {
        file.write_all(svg.as_bytes())
    })?;
    Ok(())
}

fn draw(metrics: &str, headline: &str) -> Result<String, Box<dyn std::error::Error>> {
    let (losses, ious) = curves(metrics, headline);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let (top, bottom) = area.split_vertically(SIZE.1 / 2);
        panel(&top, "loss", "", &losses, None)?;
        panel(&bottom, "IoU on validation", "%", &ious, Some((0.0, 100.0)))?;
        area.present()?;
    }
    Ok(svg)
}

/// Returns the curves of the losses, and those of the IoUs in percent.
fn curves(metrics: &str, headline: &str) -> (Vec<Curve>, Vec<Curve>) {
    let mut found: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for line in metrics.lines() {
        let Ok(Value::Object(record)) = serde_json::from_str(line) else {
            continue;
        };
        let Some(step) = record.get("step").and_then(Value::as_f64) else {
            continue;
        };
        for (name, value) in &record {
            if let Some(value) = value.as_f64().filter(|value| value.is_finite()) {
                found.entry(name.clone()).or_default().push((step, value));
            }
        }
    }
    let (mut losses, mut ious) = (Vec::new(), Vec::new());
    for (name, mut points) in found {
        if name == "loss" || name == "val_loss" {
            losses.push(Curve { name, points });
        } else if name.starts_with("val_") && (name.ends_with("miou") || name.ends_with("oiou")) {
            points.iter_mut().for_each(|point| point.1 *= 100.0);
            ious.push(Curve { name, points });
        }
    }
    ious.sort_by_key(|curve| curve.name != headline);
    (losses, ious)
}

fn panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    title: &str,
    unit: &str,
    curves: &[Curve],
    range: Option<(f64, f64)>,
) -> Result<(), Box<dyn std::error::Error>> {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let last = points().map(|point| point.0).fold(0.0, f64::max);
    if curves.is_empty() {
        let text = format!("{title}: nothing measured yet");
        let style = ("sans-serif", 18).into_font().color(&BLACK.mix(0.5));
        area.draw_text(&text, &style, (60, 60))?;
        return Ok(());
    }
    let (low, high) = range.unwrap_or_else(|| {
        // One early spike must not flatten the rest: the axis ends at the 99th percentile.
        let mut values: Vec<f64> = points().map(|point| point.1).collect();
        values.sort_by(f64::total_cmp);
        let high = values.get(values.len() * 99 / 100).copied().unwrap_or(1.0);
        (
            values.first().copied().unwrap_or(0.0).min(0.0),
            if high > 0.0 { high * 1.05 } else { 1.0 },
        )
    });
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..last.max(1.0), low..high)?;
    chart
        .configure_mesh()
        .x_desc("step")
        .y_desc(unit)
        .x_label_formatter(&|step| format!("{step:.0}"))
        .light_line_style(WHITE)
        .bold_line_style(BLACK.mix(0.12))
        .draw()?;
    for (curve, colour) in curves.iter().zip(COLOURS.into_iter().cycle()) {
        let points = thin(&curve.points);
        let points = points
            .iter()
            .map(|&(step, value)| (step, value.clamp(low, high)));
        let width = if std::ptr::eq(curve, &curves[0]) {
            3
        } else {
            2
        };
        let style = colour.stroke_width(width);
        // A dot is visible even if there is only one point.
        let dots = curve.points.len() <= 40;
        if dots {
            let dots = points
                .clone()
                .map(|point| Circle::new(point, 3, colour.filled()));
            chart.draw_series(dots)?;
        }
        let name = curve.name.strip_prefix("val_").unwrap_or(&curve.name);
        let last = curve.points.last().map_or(0.0, |point| point.1);
        let decimals = if unit.is_empty() { 4 } else { 1 };
        chart
            .draw_series(LineSeries::new(points, style))?
            .label(format!("{name}: {last:.decimals$}{unit}"))
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], style));
    }
    chart
        .configure_series_labels()
        .position(if range.is_some() {
            SeriesLabelPosition::UpperLeft
        } else {
            SeriesLabelPosition::UpperRight
        })
        .background_style(WHITE.mix(0.85))
        .border_style(BLACK.mix(0.2))
        .label_font(("sans-serif", 14))
        .draw()?;
    Ok(())
}

/// Reduces the curve to at most [`MAX_POINTS`] points, each the mean of a run of neighbours.
fn thin(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let run = points.len().div_ceil(MAX_POINTS).max(1);
    let mean = |run: &[(f64, f64)]| {
        let (steps, values) = run
            .iter()
            .fold((0.0, 0.0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
        (steps / run.len() as f64, values / run.len() as f64)
    };
    points.chunks(run).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const METRICS: &str = "{\"step\":1,\"loss\":0.9,\"seconds\":3}\n\
        {\"step\":2,\"loss\":0.7,\"val_farm_oiou\":0.5,\"val_town_miou\":0.25,\"val_town_pr@0.5\":1}\n\
        {\"step\":3,\"loss\":null}\n\
        {\"step\":4,\"lo";

    #[test]
    fn losses_and_ious_are_found_and_the_rest_is_left() {
        let (losses, ious) = curves(METRICS, "val_town_miou");
        let loss = Curve {
            name: "loss".to_owned(),
            points: vec![(1.0, 0.9), (2.0, 0.7)],
        };
        assert_eq!(losses, [loss]);
        let names: Vec<_> = ious.iter().map(|curve| curve.name.as_str()).collect();
        assert_eq!(
            names,
            ["val_town_miou", "val_farm_oiou"],
            "the headline first"
        );
        assert_eq!(ious[0].points, [(2.0, 25.0)]);
    }

    #[test]
    fn the_picture_has_a_line_and_a_name_for_each_curve() {
        let svg = draw(METRICS, "val_town_miou").expect("a picture");
        for text in [
            "loss: 0.7000",
            "town_miou: 25.0%",
            "farm_oiou: 50.0%",
            "<polyline",
            "</svg>",
        ] {
            assert!(svg.contains(text), "{text} in {svg}");
        }
        let svg = draw("", "val_miou").expect("a picture of nothing");
        assert_eq!(svg.matches("nothing measured yet").count(), 2);
    }

    #[test]
    fn a_long_run_is_thinned_by_means() {
        let points: Vec<_> = (0..8000)
            .map(|step| (f64::from(step), f64::from(step % 10)))
            .collect();
        let thinned = thin(&points);
        assert_eq!(thinned.len(), MAX_POINTS);
        assert!(thinned.iter().all(|point| point.1 == 4.5));
        assert_eq!(thinned[0].0, 4.5);
    }

    #[test]
    fn the_file_is_written_beside_the_metrics() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(
            draw_curves(folder.path(), "val_miou").is_err(),
            "no metrics"
        );
        fs::write(folder.path().join("metrics.jsonl"), METRICS).expect("metrics");
        draw_curves(folder.path(), "val_miou").expect("curves");
        assert!(folder.path().join("curves.svg").is_file());
    }
}
