//! Pictures of predictions: each image beside its true and its predicted mask, with a page to view them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::files::{FileError, write_atomic, write_png_rgb};
use crate::measure::{Metrics, escaped};
use crate::segment::overlay;
use crate::vision::{Mask, RgbImage, resize_bilinear, resize_mask};

/// Longest side of one of the three pictures in a strip, in pixels.
const SIDE: usize = 320;

/// Width of the gaps in a strip, in pixels.
const GAP: usize = 6;

/// Colour of the true mask.
const TRUTH: [u8; 3] = [0, 230, 120];

/// Colour of the predicted mask: a magenta that roofs, fields and water do not have.
const PREDICTION: [u8; 3] = [255, 0, 170];

/// Opacity of the masks.
const OPACITY: f32 = 0.4;

/// Returns a strip: the image, the image with the true mask and the image with the predicted mask, from left
/// to right. Images with a side over 320 pixels are reduced. All three inputs must have the same size.
pub fn strip(image: &RgbImage, truth: &Mask, predicted: &Mask) -> RgbImage {
    let (width, height) = fitted(image.width(), image.height());
    let small = resized(image, width, height);
    let truth = overlay(&small, &resize_mask(truth, width, height), TRUTH, OPACITY);
    let predicted = overlay(
        &small,
        &resize_mask(predicted, width, height),
        PREDICTION,
        OPACITY,
    );
    let mut strip = RgbImage::filled(3 * width + 2 * GAP, height, [255; 3]);
    for (index, part) in [&small, &truth, &predicted].into_iter().enumerate() {
        paste(&mut strip, part, index * (width + GAP), 0);
    }
    strip
}

/// Stacks the strips vertically with white gaps between them. Returns None if there are no strips.
pub fn contact_sheet(strips: &[RgbImage]) -> Option<RgbImage> {
    let width = strips.iter().map(RgbImage::width).max()?;
    let height = strips
        .iter()
        .map(|strip| strip.height() + GAP)
        .sum::<usize>()
        - GAP;
    let mut sheet = RgbImage::filled(width, height, [255; 3]);
    let mut top = 0;
    for strip in strips {
        paste(&mut sheet, strip, 0, top);
        top += strip.height() + GAP;
    }
    Some(sheet)
}

/// A folder of predictions: `000.png` and so on, `sheet.png` with all of them, `predictions.json`, and
/// `index.html` to look at them with their phrases.
#[derive(Debug)]
pub struct Gallery {
    folder: PathBuf,
    entries: Vec<Entry>,
    strips: Vec<RgbImage>,
}

#[derive(Debug, Serialize)]
struct Entry {
    file: String,
    phrase: String,
    iou: f64,
}

impl Gallery {
    /// Creates an empty gallery in `folder`, and the folder if it does not exist.
    ///
    /// # Errors
    /// Fails if the folder cannot be created.
    pub fn create(folder: &Path) -> Result<Self, FileError> {
        fs::create_dir_all(folder).map_err(|error| FileError::from_io(folder, error))?;
        Ok(Self {
            folder: folder.to_path_buf(),
            entries: Vec::new(),
            strips: Vec::new(),
        })
    }

    /// Adds a prediction. The image and the masks must have the same size.
    ///
    /// # Errors
    /// Fails if a picture cannot be written.
    pub fn add(
        &mut self,
        image: &RgbImage,
        truth: &Mask,
        predicted: &Mask,
        phrase: &str,
    ) -> Result<(), FileError> {
        let file = format!("{:03}.png", self.entries.len());
        let strip = strip(image, truth, predicted);
        write_png_rgb(&self.folder.join(&file), &strip)?;
        let iou = Metrics::default().add_masks(predicted, truth);
        self.entries.push(Entry {
            file,
            phrase: phrase.to_owned(),
            iou,
        });
        self.strips.push(strip);
        Ok(())
    }

    /// Writes the sheet, the list and the page.
    ///
    /// # Errors
    /// Fails if a file cannot be written.
    pub fn finish(self) -> Result<(), FileError> {
        if let Some(sheet) = contact_sheet(&self.strips) {
            write_png_rgb(&self.folder.join("sheet.png"), &sheet)?;
        }
        let list = self.folder.join("predictions.json");
        write_atomic(&list, |file| {
            Ok(serde_json::to_writer_pretty(file, &self.entries)?)
        })?;
        let page = page(&self.entries);
        write_atomic(&self.folder.join("index.html"), |file| {
            file.write_all(page.as_bytes())
        })
    }
}

fn page(entries: &[Entry]) -> String {
    let figures = entries.iter().map(|entry| {
        let phrase = escaped(&entry.phrase);
        format!(
            "<figure><figcaption>{phrase} <b>IoU {:.1} %</b></figcaption>\
             <img src=\"{}\" alt=\"{phrase}\" loading=\"lazy\"></figure>\n",
            100.0 * entry.iou,
            entry.file
        )
    });
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Predictions</title>\n\
         <style>body {{ font: 16px sans-serif; margin: 2em; }} figure {{ margin: 0 0 2em; }}\n\
         figcaption {{ margin-bottom: .4em; }} img {{ max-width: 100%; }}</style>\n\
         <h1>Predictions</h1>\n<p>From left to right: the image, the true mask (green), the predicted mask \
         (magenta).</p>\n{}</html>\n",
        figures.collect::<String>()
    )
}

/// Returns the size scaled down so that no side exceeds [`SIDE`], with the same aspect ratio.
fn fitted(width: usize, height: usize) -> (usize, usize) {
    let longest = width.max(height).max(SIDE);
    let scaled = |side: usize| (side * SIDE / longest).max(1);
    (scaled(width), scaled(height))
}

fn resized(image: &RgbImage, width: usize, height: usize) -> RgbImage {
    let mut small = RgbImage::filled(width, height, [0; 3]);
    let values = resize_bilinear(image, width, height);
    for (byte, value) in small.pixels_mut().iter_mut().zip(values) {
        *byte = value.round() as u8;
    }
    small
}

fn paste(canvas: &mut RgbImage, part: &RgbImage, left: usize, top: usize) {
    let (stride, length) = (canvas.width() * 3, part.width() * 3);
    let rows = canvas.pixels_mut().chunks_exact_mut(stride).skip(top);
    for (row, line) in rows.zip(part.pixels().chunks_exact(length)) {
        row[left * 3..left * 3 + length].copy_from_slice(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half(width: usize, height: usize, right: bool) -> Mask {
        let bits = (0..width * height)
            .map(|i| (i % width >= width / 2) == right)
            .collect();
        Mask::new(width, height, bits)
    }

    #[test]
    fn a_strip_shows_image_truth_and_prediction() {
        let image = RgbImage::filled(640, 320, [90, 90, 90]);
        let strip = strip(&image, &half(640, 320, false), &half(640, 320, true));
        assert_eq!((strip.width(), strip.height()), (3 * 320 + 2 * GAP, 160));
        let tinted =
            |colour: [u8; 3]| colour.map(|c| (90.0 * 0.6 + f32::from(c) * 0.4).round() as u8);
        let (first, second, third) = (0, 320 + GAP, 2 * (320 + GAP));
        for (x, colour) in [
            (first + 80, [90; 3]),
            (first + 240, [90; 3]),
            (first + 320, [255; 3]),
            (second + 80, tinted(TRUTH)),
            (second + 240, [90; 3]),
            (third + 80, [90; 3]),
            (third + 240, tinted(PREDICTION)),
        ] {
            assert_eq!(strip.pixel(x, 80), colour, "column {x}");
        }
    }

    #[test]
    fn extreme_proportions_are_drawn() {
        assert_eq!(fitted(1, 1), (1, 1));
        assert_eq!(fitted(20_000, 2), (320, 1));
        assert_eq!(fitted(200, 100), (200, 100), "never larger");
        let dot = strip(
            &RgbImage::filled(1, 1, [5; 3]),
            &Mask::full(1, 1),
            &Mask::empty(1, 1),
        );
        assert_eq!((dot.width(), dot.height()), (3 + 2 * GAP, 1));
    }

    #[test]
    fn a_sheet_holds_strips_of_any_width() {
        assert_eq!(contact_sheet(&[]), None);
        let strips = [
            RgbImage::filled(4, 2, [1; 3]),
            RgbImage::filled(6, 3, [2; 3]),
        ];
        let sheet = contact_sheet(&strips).expect("two strips");
        assert_eq!((sheet.width(), sheet.height()), (6, 5 + GAP));
        assert_eq!(sheet.pixel(5, 0), [255; 3]);
        assert_eq!(sheet.pixel(3, 1), [1; 3]);
        assert_eq!(sheet.pixel(5, 4 + GAP), [2; 3]);
    }

    #[test]
    fn a_gallery_has_a_page_a_list_and_the_pictures() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("pictures").join("step");
        let mut gallery = Gallery::create(&folder).expect("a new folder");
        let image = RgbImage::filled(8, 8, [50; 3]);
        let (left, right) = (half(8, 8, false), half(8, 8, true));
        gallery
            .add(
                &image,
                &left,
                &Mask::full(8, 8),
                "the <left> \"half\" & all",
            )
            .expect("a strip");
        gallery
            .add(&image, &left, &right, "nothing right")
            .expect("a strip");
        gallery.finish().expect("the page");

        let page = fs::read_to_string(folder.join("index.html")).expect("the page");
        assert!(
            page.contains("the &lt;left&gt; &quot;half&quot; &amp; all <b>IoU 50.0 %</b>"),
            "{page}"
        );
        assert!(page.contains("src=\"001.png\""), "{page}");
        let list = fs::read(folder.join("predictions.json")).expect("the list");
        let list: serde_json::Value = serde_json::from_slice(&list).expect("JSON");
        assert_eq!(list[1]["phrase"], "nothing right");
        assert_eq!(
            (list[0]["iou"].as_f64(), list[1]["iou"].as_f64()),
            (Some(0.5), Some(0.0))
        );
        for name in ["000.png", "001.png", "sheet.png"] {
            assert!(folder.join(name).is_file(), "{name}");
        }
        Gallery::create(&folder)
            .expect("an old folder")
            .finish()
            .expect("an empty gallery");
    }
}
